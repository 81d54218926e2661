"""Recurrence rules of RFC 5545, counted on the clocks of Hangzhou."""

import pytest

from hub.clock import to_local
from hub.exceptions import InvalidInput
from hub.integrations.recurrence import expand
from tests.factories import local

FIRST = local("2026-11-24 14:00")  # a Tuesday


def starts(rule: str, first=FIRST) -> list[str]:
    return [f"{to_local(start):%Y-%m-%d %H:%M}" for start in expand(rule, first)]


def test_weekly_rule_counts_the_first_session():
    assert starts("FREQ=WEEKLY;COUNT=3") == [
        "2026-11-24 14:00",
        "2026-12-01 14:00",
        "2026-12-08 14:00",
    ]


@pytest.mark.parametrize(
    "rule", ["RRULE:FREQ=DAILY;COUNT=2", " freq=daily;count=2 ", "COUNT=2;FREQ=DAILY"]
)
def test_rule_is_read_in_every_common_spelling(rule):
    assert starts(rule) == ["2026-11-24 14:00", "2026-11-25 14:00"]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=2", ["11-24", "12-08"]),
        ("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=3", ["11-24", "11-26", "12-01"]),
        ("FREQ=MONTHLY;BYDAY=-1TU;COUNT=2", ["11-24", "12-29"]),
        ("FREQ=MONTHLY;BYMONTHDAY=24;COUNT=2", ["11-24", "12-24"]),
    ],
)
def test_rule_gives_the_days_it_says(rule, days):
    assert [start[5:10] for start in starts(rule)] == days


def test_first_session_is_there_even_if_the_rule_would_not_give_it():
    assert starts("FREQ=WEEKLY;BYDAY=TH;COUNT=1") == ["2026-11-24 14:00", "2026-11-26 14:00"]


def test_rule_21_early_morning_keeps_its_day_in_hangzhou():
    """02:00 on Wednesday there is still Tuesday in UTC."""
    first = local("2026-11-25 02:00")
    assert starts("FREQ=WEEKLY;BYDAY=WE;COUNT=2", first) == ["2026-11-25 02:00", "2026-12-02 02:00"]


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20261126T140000", "2026-11-26 14:00"),
        ("20261126T135959", "2026-11-25 14:00"),
        ("20261126T060000Z", "2026-11-26 14:00"),  # UTC, as RFC 5545 §3.3.10 wants it
        ("20261126T055959Z", "2026-11-25 14:00"),
        ("20261126", "2026-11-26 14:00"),  # a day means all of it
    ],
)
def test_until_holds_to_the_second_in_the_time_it_names(until, last):
    assert starts(f"FREQ=DAILY;UNTIL={until}")[-1] == last


def test_sixty_sessions_are_made_and_one_more_is_refused():
    assert len(starts("FREQ=DAILY;COUNT=60")) == 60
    with pytest.raises(InvalidInput):
        starts("FREQ=DAILY;COUNT=61")


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "every Tuesday",
        "FREQ=WEEKLY",  # no end
        "COUNT=3",
        "FREQ=FORTNIGHTLY;COUNT=3",
        "FREQ=HOURLY;COUNT=3",
        "FREQ=MINUTELY;COUNT=3",
        "FREQ=SECONDLY;COUNT=3",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=-1",
        "FREQ=WEEKLY;COUNT=many",
        "FREQ=WEEKLY;COUNT=2;COUNT=3",
        "FREQ=WEEKLY;COUNT=2;UNTIL=20261231",
        "FREQ=WEEKLY;UNTIL=tomorrow",
        "FREQ=WEEKLY;UNTIL=20261331",
        "FREQ=WEEKLY;BYDAY=XX;COUNT=2",
        "FREQ=WEEKLY;BYMOON=FULL;COUNT=2",
        "FREQ=DAILY;INTERVAL=0;COUNT=3",
        "FREQ=DAILY;INTERVAL=-1;COUNT=3",
        "FREQ=DAILY;BYHOUR=1,2;COUNT=5",  # one session a day, at the hour of the first
        "DTSTART:20200101T000000\nRRULE:FREQ=DAILY;COUNT=3",
        "FREQ=DAILY;COUNT=3\nEXDATE:20261124T140000",
        "FREQ=DAILY;COUNT=3;",
        "FREQ=DAILY;COUNT=1000000000000000000000",
    ],
)
def test_rule_that_can_not_be_used_is_refused_with_words(rule):
    with pytest.raises(InvalidInput) as refused:
        starts(rule)
    assert refused.value.field == "rule"


def test_rule_that_never_comes_true_ends_soon():
    with pytest.raises(InvalidInput):
        expand("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=9;BYHOUR=1", FIRST)
    assert len(expand("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", FIRST)) == 1
