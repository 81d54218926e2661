"""Working days of China (rule 13)."""

from datetime import date

import pytest

from hub import clock
from hub.integrations.workdays import add_working_days, is_known, is_working_day
from hub.queries.records import due_of


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-11-23", True),  # a Monday
        ("2026-11-22", False),  # a Sunday
        ("2026-10-01", False),  # National Day, a Thursday
        ("2026-10-10", True),  # a Saturday that is worked for it
        ("2031-10-01", True),  # a Wednesday of a year that nobody knows yet
        ("2031-10-04", False),
    ],
)
def test_rule_13_working_days_are_those_of_the_official_calendar(day, works):
    assert is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2026-11-09", "2026-11-23"),  # two weeks without a holiday
        ("2026-11-14", "2026-11-27"),  # a Saturday
        ("2026-09-25", "2026-10-15"),  # over the National Day, with a worked Saturday
        ("2026-12-24", "2027-01-07"),  # into a year that is not known: Monday to Friday
    ],
)
def test_rule_13_record_is_due_ten_working_days_after(day, due):
    assert add_working_days(date.fromisoformat(day), 10) == date.fromisoformat(due)


def test_rule_13_clock_says_how_many_days_are_left(now):
    today = clock.today()
    assert due_of(date(2026, 11, 9)).left == 0 and not due_of(date(2026, 11, 9)).overdue
    assert due_of(today).left == 10
    assert due_of(date(2026, 11, 7)).overdue  # a Saturday: due on Friday the 20th
    assert due_of(date(2026, 11, 7)).day == date(2026, 11, 20)


def test_rule_13_year_without_a_calendar_is_said():
    assert is_known(date(2026, 12, 31)) and not is_known(date(2031, 1, 1))
    assert due_of(date(2026, 11, 2)).known
    assert not due_of(date(2026, 12, 24)).known
