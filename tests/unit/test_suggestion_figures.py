"""Figures of suggestions against a count by hand, and whose they are."""

from collections import Counter
from datetime import date, timedelta
from statistics import median

import pytest

from hub.enums import (
    SuggestionCategory,
    SuggestionEntryKind,
    SuggestionOutcome,
    SuggestionStatus,
    Verdict,
)
from hub.models import SuggestionEntry
from hub.policies.suggestions import is_overdue
from hub.queries.coverage import Season
from hub.queries.suggestion_figures import Share, suggestion_figures
from hub.transaction import unit_of_work
from tests.voice_factories import make_suggestion

S, C = SuggestionStatus, SuggestionCategory
AUTUMN = Season(date(2026, 9, 1), date(2026, 11, 30))


def test_nothing_is_nothing(db_session, sue):
    found = suggestion_figures(AUTUMN, sue)
    assert found.rows == [] and found.by_category == [] and found.by_month == []
    assert found.total.received == 0
    assert found.total.to_answer is None
    assert found.total.in_time.per_cent is None


def test_rule_15_acknowledged_in_time_and_within_15_days(db_session, sue):
    came = date(2026, 11, 2)  # a Monday: three working days are Thursday the 5th
    for days in (0, 3, 4, 15, 16):
        on = came + timedelta(days=days)
        make_suggestion(status=S.ACKNOWLEDGED, received_on=came, acknowledged_on=on)
    make_suggestion(received_on=came)  # nobody has read it, and the day has passed
    make_suggestion(received_on=date(2026, 11, 20))  # there is time until Wednesday
    total = suggestion_figures(AUTUMN, sue).total
    assert total.in_time == Share(2, 6)
    assert total.within_15 == Share(4, 6)
    assert total.to_acknowledgement == 4
    assert total.in_time.per_cent == 33


def test_answers_in_time_and_medians(db_session, sue):
    came = date(2026, 10, 12)
    for days, end in ((5, 10), (10, 20), (40, None)):
        status = S.DONE if end else S.RESPONDED
        make_suggestion(
            status=status,
            owner=sue,
            received_on=came,
            due_on=date(2026, 11, 2),
            answered_on=came + timedelta(days=days),
            concluded_on=came + timedelta(days=end) if end else None,
        )
    make_suggestion(status=S.TRIAGED, owner=sue, received_on=came, due_on=date(2026, 11, 20))
    make_suggestion(status=S.TRIAGED, owner=sue, received_on=came, due_on=date(2026, 12, 20))
    total = suggestion_figures(AUTUMN, sue).total
    assert total.answered == 3
    assert total.answered_in_time == Share(2, 4), "one was late, one is late already"
    assert (total.to_answer, total.to_end) == (10, 15)
    assert (total.open, total.overdue) == (3, 1)


def test_ends_outcomes_verdicts_and_reopened(db_session, sue):
    solved = make_suggestion(status=S.DONE, owner=sue, verdict=Verdict.SOLVED)
    make_suggestion(
        status=S.DONE, owner=sue, outcome=SuggestionOutcome.PARTLY, verdict=Verdict.NOT_SOLVED
    )
    make_suggestion(status=S.NOT_ADOPTED, owner=sue)
    make_suggestion(status=S.REFERRED, owner=sue, category=C.COMPLAINT)
    with unit_of_work():
        for _time in range(2):
            solved.entries.append(
                SuggestionEntry(
                    kind=SuggestionEntryKind.REOPENED, text="Gone again.", on=date(2026, 11, 22)
                )
            )
    total = suggestion_figures(AUTUMN, sue).total
    assert total.outcomes == {
        SuggestionOutcome.ADOPTED: 1,
        SuggestionOutcome.PARTLY: 1,
        SuggestionOutcome.NOT_ADOPTED: 1,
    }
    assert total.ends == {S.DONE: 2, S.NOT_ADOPTED: 1, S.REFERRED: 1, S.DUPLICATE: 0}
    assert total.verdicts == {Verdict.SOLVED: 1, Verdict.PARTLY: 0, Verdict.NOT_SOLVED: 1}
    assert total.reopened == 1


def test_parts_add_up_to_the_whole(db_session, sue, community, other_community):
    for number in range(24):
        make_suggestion(
            status=[S.RECEIVED, S.TRIAGED, S.DONE][number % 3],
            owner=sue,
            category=[C.SIGNS, C.TRAFFIC, C.COMPLAINT, C.OTHER][number % 4],
            community=[community, other_community, None][number % 3],
            received_on=date(2026, 9, 1) + timedelta(days=3 * number),
        )
    found = suggestion_figures(AUTUMN, sue)
    assert found.total.received == 24
    for parts in (found.by_category, found.by_community, found.by_month):
        assert sum(sums.received for _key, sums in parts) == 24
        assert sum(sums.open for _key, sums in parts) == found.total.open
        assert sum(sums.overdue for _key, sums in parts) == found.total.overdue
    today = date(2026, 11, 23)
    assert found.total.overdue == sum(is_overdue(row, today) for row in found.rows)
    by_hand = Counter(row.category for row in found.rows)
    assert {c: sums.received for c, sums in found.by_category} == dict(by_hand)
    answered = [(r.answered_on - r.received_on).days for r in found.rows if r.answered_on]
    assert found.total.to_answer == median(answered)
    assert [key for key, _sums in found.by_month] == [
        date(2026, 9, 1),
        date(2026, 10, 1),
        date(2026, 11, 1),
    ]


def test_only_the_days_asked_for_count_both_ends_included(db_session, sue):
    for day in ("2026-08-31", "2026-09-01", "2026-11-30", "2026-12-01"):
        make_suggestion(received_on=date.fromisoformat(day))
    assert suggestion_figures(AUTUMN, sue).total.received == 2


def test_rule_20_staff_of_one_community_see_theirs(
    db_session, sue, alice, sam, community, other_community
):
    for place in (community, other_community, None):
        make_suggestion(community=place)
    assert suggestion_figures(AUTUMN, sue).total.received == 3
    assert suggestion_figures(AUTUMN, alice).total.received == 1
    ((place, _sums),) = suggestion_figures(AUTUMN, sam).by_community
    assert place == other_community.id
    only = suggestion_figures(AUTUMN, sue, community_id=community.id)
    assert only.total.received == 1


@pytest.mark.parametrize("share", [Share(199, 200), Share(2, 3)])
def test_shares_are_rounded_down(share):
    assert share.per_cent == share.number * 100 // share.of < 100
