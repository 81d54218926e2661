"""What the desk reads of suggestions: the list, what waits, when it is due (rules 5, 15, 20)."""

from datetime import date, timedelta

from hub.enums import SuggestionCategory, SuggestionStatus
from hub.extensions import db
from hub.models import Suggestion
from hub.policies.suggestions import can_manage_suggestion, is_own_suggestion
from hub.queries.suggestions import (
    SuggestionFilter,
    desk_suggestions,
    due_suggestions,
    managed_suggestions,
    possible_owners,
    waiting_suggestions,
    waits_for,
)
from hub.transaction import unit_of_work
from tests.voice_factories import make_public, make_suggestion

S = SuggestionStatus
TODAY = date(2026, 11, 23)


def ids(rows: list[Suggestion]) -> list[int]:
    return [row.id for row in rows]


def test_rule_20_sql_says_the_same_as_the_policy(
    community, other_community, alice, sam, sue, ada, police
):
    rows = [
        make_suggestion(community=community),
        make_suggestion(community=community, user_id=sue.id, contact=""),
        make_suggestion(community=other_community),
        make_suggestion(),
    ]
    for user in (alice, sam, sue, ada, police):
        found = set(db.session.scalars(db.select(Suggestion.id).where(managed_suggestions(user))))
        assert found == {row.id for row in rows if can_manage_suggestion(user, row)}
        waiting = set(db.session.scalars(db.select(Suggestion.id).where(waits_for(user))))
        assert waiting == {
            row.id
            for row in rows
            if can_manage_suggestion(user, row) and not is_own_suggestion(user, row)
        }


def test_list_is_overdue_first_then_by_due_day_then_concluded(community, alice):
    def made(status, **fields):
        return make_suggestion(community=community, status=status, owner=alice, **fields)

    late = made(S.TRIAGED, due_on=TODAY - timedelta(days=3))
    soon = made(S.IN_PROGRESS, due_on=TODAY + timedelta(days=1))
    new = make_suggestion(community=community)  # to acknowledge within three working days
    asked = made(S.TRIAGED, due_on=TODAY - timedelta(days=9), paused_on=TODAY)
    old = made(S.REFERRED, concluded_on=TODAY - timedelta(days=5))
    done = made(S.DONE)
    every = SuggestionFilter()
    assert ids(desk_suggestions(every, by=alice)) == ids([late, soon, new, asked])
    assert ids(desk_suggestions(SuggestionFilter(overdue=True), by=alice)) == [late.id]
    assert ids(desk_suggestions(SuggestionFilter(concluded=True), by=alice))[-2:] == [
        done.id,
        old.id,
    ]
    words = SuggestionFilter(words="put SIGNS")
    assert len(desk_suggestions(words, by=alice)) == 6
    for page in (1, 2, 3):
        found = desk_suggestions(words, by=alice, page=page, limit=2)
        assert ids(found[:2]) == ids([late, soon, new, asked, done, old])[page * 2 - 2 : page * 2]
        assert len(found) == (3 if page < 3 else 2)


def test_list_is_narrowed_by_each_filter(community, other_community, alice, sue):
    sport = SuggestionCategory.SPORT_AND_CULTURE
    here = make_suggestion(community=community, category=sport, status=S.TRIAGED, owner=alice)
    there = make_suggestion("Bicycles at the metro 100%", community=other_community, place="Gate 2")
    of_all = make_suggestion()

    def found(**wanted):
        return set(ids(desk_suggestions(SuggestionFilter(**wanted), by=sue)))

    assert found() == {here.id, there.id, of_all.id}
    assert found(category=sport) == {here.id}
    assert found(status=S.RECEIVED) == {there.id, of_all.id}
    assert found(community=other_community.id) == {there.id}
    assert found(community=0) == {of_all.id}
    assert found(owner=alice.id) == {here.id}
    assert found(mine=True) == {there.id, of_all.id}
    assert found(words="metro bicycles") == {there.id}
    assert found(words="gate metro") == {there.id}
    assert found(words="100%") == {there.id}
    assert found(words="100_") == set()
    assert found(words=here.number) == {here.id}
    make_public(of_all, alice, zh="健身指导", en="Fitness guidance")
    assert found(words="健身") == {of_all.id}
    assert set(ids(desk_suggestions(SuggestionFilter(), by=alice))) == {here.id}


def test_waiting_counts_what_one_has_to_do_and_what_is_late(community, alice, sue):
    assert waiting_suggestions(alice).number == 0
    make_suggestion(community=community, status=S.TRIAGED, owner=sue, due_on=TODAY - timedelta(2))
    make_suggestion(community=community, status=S.TRIAGED, owner=alice, due_on=date(2026, 12, 1))
    make_suggestion(community=community)
    make_suggestion(community=community, collected_by_id=alice.id)
    waiting = waiting_suggestions(alice)
    assert (waiting.number, waiting.overdue) == (2, 1)
    assert waiting.nearest == date(2026, 11, 26)


def test_rule_05_own_ones_wait_for_a_colleague(community, alice):
    make_suggestion(community=community, user_id=alice.id, contact="")
    assert waiting_suggestions(alice).number == 0


def test_police_have_none(police):
    make_suggestion()
    assert waiting_suggestions(police).number == 0


def test_calendar_shows_what_is_due_and_nothing_that_waits_for_an_answer(
    community, other_community, alice, sue
):
    due = make_suggestion(community=community, status=S.TRIAGED, owner=alice, due_on=TODAY)
    make_suggestion(community=community, status=S.TRIAGED, owner=alice, paused_on=TODAY)
    make_suggestion(community=community, status=S.RESPONDED, owner=alice)
    new = make_suggestion(community=other_community)
    found = due_suggestions(sue, "")
    assert [(d.id, d.due) for d in found] == [(due.id, TODAY), (new.id, date(2026, 11, 26))]
    assert [d.id for d in due_suggestions(sue, other_community.slug)] == [new.id]
    assert [d.id for d in due_suggestions(alice, "")] == [due.id]


def test_owners_are_staff_without_the_police(alice, sue, ada, police):
    assert {u.id for u in possible_owners()} >= {alice.id, sue.id, ada.id}
    assert police.id not in {u.id for u in possible_owners()}
    with unit_of_work():
        sue.active = False
    assert sue.id not in {u.id for u in possible_owners()}
