"""What the database and the policies hold about suggestions, whoever writes (rules 5, 15, 16)."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hub.enums import SuggestionCategory, SuggestionIdentity, SuggestionStatus
from hub.extensions import db
from hub.policies.suggestions import acknowledge_by, due_day, is_overdue, why_not_move
from hub.transaction import unit_of_work
from tests.voice_factories import make_public, make_response, make_suggestion

S = SuggestionStatus


def test_rule_15_original_text_never_changes_but_can_be_erased(db_session):
    row = make_suggestion()
    with pytest.raises(IntegrityError, match="rule 15"), unit_of_work():
        row.original = "Something else."
    with unit_of_work():
        row.original = ""
    assert row.original == ""


def test_rule_15_published_response_never_changes(db_session, alice):
    row = make_suggestion(status=S.RESPONDED, owner=alice)
    response = row.response
    assert response is not None
    for statement in (
        "UPDATE suggestion_responses SET outcome = 'partly'",
        "UPDATE suggestion_response_texts SET text = 'other'",
        "DELETE FROM suggestion_response_texts",
        f"INSERT INTO suggestion_response_texts VALUES ({response.id}, 'x', 'ko')",
    ):
        with pytest.raises(IntegrityError, match="rule 15"), unit_of_work():
            db.session.execute(text(statement))
    draft = make_response(row, alice, published=False)
    with unit_of_work():
        draft.texts["en"].text = "In other words."
    assert draft.text("en").text == "In other words."


@pytest.mark.parametrize("status", [s for s in S if s.is_final and s is not S.DUPLICATE])
def test_rule_15_final_state_has_a_response_or_a_reason(db_session, alice, status):
    row = make_suggestion(status=status, owner=alice)
    said = "answered_on = NULL" if status is S.DONE else "reason = ''"
    with pytest.raises(IntegrityError), unit_of_work():
        db.session.execute(text(f"UPDATE suggestions SET {said} WHERE id = {row.id}"))


@pytest.mark.parametrize("category", [c for c in SuggestionCategory if c.is_referred])
def test_rule_15_complaint_is_never_public(db_session, alice, category):
    row = make_suggestion(category=category)
    with pytest.raises(IntegrityError, match="public"):
        make_public(row, alice)


def test_rule_16_anonymous_row_names_nobody(db_session, alice):
    row = make_suggestion(identity=SuggestionIdentity.ANONYMOUS)
    for said in (f"user_id = {alice.id}", "contact = 'a@b.cn'", "name = 'A'", "code = 'BCDFGHJK'"):
        with pytest.raises(IntegrityError, match="anonymous"), unit_of_work():
            db.session.execute(text(f"UPDATE suggestions SET {said} WHERE id = {row.id}"))


def test_rule_15_acknowledged_within_15_days_at_most_also_over_a_holiday():
    assert acknowledge_by(date(2026, 11, 23)) == date(2026, 11, 26)
    # National Day and Mid-Autumn: from 1 October nobody works for a week.
    assert acknowledge_by(date(2026, 9, 30)) <= date(2026, 10, 15)


def test_rule_15_overdue_is_derived_and_pauses_while_something_is_asked(db_session, alice):
    row = make_suggestion(status=S.TRIAGED, owner=alice, due_on=date(2026, 11, 20))
    today = date(2026, 11, 23)
    assert is_overdue(row, today)
    row.paused_on = date(2026, 11, 19)
    assert due_day(row) is None
    assert not is_overdue(row, today)


def test_rule_05_nobody_moves_what_they_made_or_wrote_down(db_session, alice):
    own = make_suggestion(user_id=alice.id, contact="")
    collected = make_suggestion(collected_by_id=alice.id)
    for row in (own, collected):
        assert "colleague" in str(why_not_move(alice, row, S.ACKNOWLEDGED))
    assert why_not_move(alice, make_suggestion(), S.ACKNOWLEDGED) is None
    assert why_not_move(alice, make_suggestion(), S.DONE) is not None
