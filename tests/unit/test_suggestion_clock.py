"""What the worker does about suggestions by the clock: each thing once, to whom it concerns."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import (
    MessageKind,
    StaffRole,
    SuggestionIdentity,
    SuggestionStatus,
    Verdict,
)
from hub.extensions import db
from hub.models import Message, Suggestion, User
from hub.services.suggestion_clock import ask_if_done, escalate_overdue
from hub.transaction import unit_of_work
from hub.web.worker import run_suggestion_clock
from tests.factories import make_user
from tests.voice_factories import make_suggestion

S = SuggestionStatus
LATE = date(2026, 11, 20)
FOUR_WEEKS_AGO = date(2026, 10, 26)


def told(kind: MessageKind = MessageKind.SUGGESTION_OVERDUE) -> list[tuple[int | None, int | None]]:
    """Who was told of which suggestion."""
    db.session.rollback()
    query = select(Message.user_id, Message.subject_id).where(Message.kind == kind)
    return sorted((row[0], row[1]) for row in db.session.execute(query))


def escalate() -> int:
    with unit_of_work():
        return escalate_overdue()


def ask() -> int:
    with unit_of_work():
        return ask_if_done()


def test_rule_15_overdue_is_told_once_to_the_subdistrict_and_its_owner(
    db_session, community, alice, sam, sue, ada, police
):
    row = make_suggestion(status=S.IN_PROGRESS, owner=alice, community=community, due_on=LATE)
    make_suggestion(status=S.IN_PROGRESS, owner=alice, community=community)
    number = escalate()
    people = [user_id for user_id, _row in told()]
    assert {alice.id, sue.id, ada.id} <= set(people)
    assert not {sam.id, police.id} & set(people)
    assert len(people) == len(set(people)) == number
    assert {subject for _user, subject in told()} == {row.id}
    assert escalate() == 0
    with unit_of_work():
        db.session.get_one(Suggestion, row.id).due_on = date(2026, 11, 22)
    assert escalate() == number, "a new due day that passes is told again"


def test_rule_15_what_nobody_acknowledged_is_told_too(db_session, sue):
    make_suggestion(received_on=date(2026, 11, 18))
    late = make_suggestion(received_on=date(2026, 11, 17))
    assert escalate() == 1
    assert told() == [(sue.id, late.id)]


@pytest.mark.parametrize(
    ("status", "fields"),
    [
        (S.IN_PROGRESS, {"due_on": LATE, "paused_on": date(2026, 11, 19)}),
        (S.RESPONDED, {"due_on": LATE}),
        (S.NOT_ADOPTED, {"due_on": LATE}),
        (S.TRIAGED, {"due_on": date(2026, 11, 23)}),
    ],
)
def test_what_is_paused_answered_or_due_today_is_no_trouble(db_session, sue, status, fields):
    make_suggestion(status=status, owner=sue, **fields)
    assert escalate() == 0


def test_people_without_a_desk_any_more_are_not_told(db_session, sue):
    gone, police = make_user("gone"), make_user("pan", role=StaffRole.POLICE)
    row = make_suggestion(status=S.TRIAGED, owner=gone, due_on=LATE)
    with unit_of_work():
        db.session.get_one(User, gone.id).active = False
    escalate()
    assert told() == [(sue.id, row.id)]
    assert police.id not in {user_id for user_id, _row in told()}


def test_four_weeks_after_its_submitter_is_asked_once(db_session, sue):
    row = make_suggestion(status=S.DONE, owner=sue, concluded_on=FOUR_WEEKS_AGO)
    make_suggestion(status=S.DONE, owner=sue, concluded_on=FOUR_WEEKS_AGO + timedelta(days=1))
    assert ask() == 1
    assert ask() == 0
    message = db.session.scalars(select(Message)).one()
    assert (message.kind, message.suggestion_id) == (MessageKind.SUGGESTION_STILL_DONE, row.id)
    assert db.session.get_one(Suggestion, row.id).asked_on == clock.today()


def test_who_has_only_the_code_is_asked_on_the_page(db_session, sue):
    row = make_suggestion(
        status=S.DONE, owner=sue, concluded_on=FOUR_WEEKS_AGO, identity=SuggestionIdentity.CODE
    )
    assert ask() == 1
    assert db.session.scalars(select(Message)).all() == []
    assert db.session.get_one(Suggestion, row.id).asked_on == clock.today()


def test_nobody_is_asked_who_cannot_answer_or_has(db_session, sue):
    make_suggestion(
        status=S.DONE, owner=sue, concluded_on=FOUR_WEEKS_AGO, identity=SuggestionIdentity.ANONYMOUS
    )
    make_suggestion(status=S.DONE, owner=sue, concluded_on=FOUR_WEEKS_AGO, verdict=Verdict.SOLVED)
    make_suggestion(status=S.NOT_ADOPTED, owner=sue, concluded_on=FOUR_WEEKS_AGO)
    make_suggestion(status=S.DONE, owner=sue, concluded_on=FOUR_WEEKS_AGO, erased_on=clock.today())
    assert ask() == 0


def test_the_worker_does_both(db_session, sue):
    make_suggestion(status=S.TRIAGED, owner=sue, due_on=LATE)
    make_suggestion(status=S.DONE, owner=sue, concluded_on=FOUR_WEEKS_AGO)
    run_suggestion_clock()
    run_suggestion_clock()
    kinds = sorted(message.kind for message in db.session.scalars(select(Message)))
    assert kinds == [MessageKind.SUGGESTION_OVERDUE, MessageKind.SUGGESTION_STILL_DONE]


def test_rule_23_by_night_it_waits_for_the_morning(db_session, sue, now):
    make_suggestion(status=S.TRIAGED, owner=sue, due_on=LATE)
    with clock.fixed_at(now + timedelta(hours=11)):
        escalate()
    message = db.session.scalars(select(Message)).one()
    assert clock.to_local(message.due_at).strftime("%d %H:%M") == "24 08:00"
