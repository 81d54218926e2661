"""The mail with the three questions: once, to who was there, not to who has answered (rule 23)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import MessageChoice, MessageKind, SignUpStatus
from hub.extensions import db
from hub.models import Message, SurveyAnswer, SurveyCommentText, SurveySpent, SwitchedOff
from hub.queries.retention import first_ids, past_their_date
from hub.queries.still_true import still_true
from hub.services.privacy import erase_sign_up
from hub.services.purge import purge_rows
from hub.services.survey_comments import translate_comment
from hub.transaction import unit_of_work
from hub.web import worker
from tests.factories import local, make_event, make_sign_up, make_user
from tests.voice_factories import answer, hear, make_attended

HOUR = timedelta(hours=1)


@pytest.fixture
def past(venue):
    """It ended this morning at nine; the tests begin at noon."""
    return make_event(venue=venue, capacity=40, starts_at=local("2026-11-23 07:00"))


def look(moment=None):
    """What the worker queues then."""
    before = set(db.session.scalars(select(Message.id)))
    db.session.rollback()
    with clock.fixed_at(moment or clock.now()):
        worker._queue_surveys()
    query = select(Message).where(Message.kind == MessageKind.EVENT_SURVEY)
    return [m for m in db.session.scalars(query.order_by(Message.id)) if m.id not in before]


def test_rule_23_each_party_that_came_is_asked_once(past):
    here, absent = make_attended(past, 2), make_sign_up(past)
    assert [m.sign_up_id for m in look()] == [here.id]
    assert look() == [] and absent.status is SignUpStatus.CONFIRMED


def test_from_two_hours_after_the_end_for_three_days(past):
    make_attended(past)
    assert look(past.ends_at + HOUR) == []
    assert look(past.ends_at + 72 * HOUR) == []
    (message,) = look(past.ends_at + 71 * HOUR)
    assert message.once == f"event_survey:{message.sign_up_id}"


def test_by_night_it_waits_for_the_morning(venue):
    late = make_event(venue=venue, starts_at=local("2026-11-22 18:00"))
    make_attended(late)
    (message,) = look(local("2026-11-22 22:30"))
    assert message.due_at == local("2026-11-23 08:00")


def test_who_switched_it_off_or_has_only_a_phone_is_not_asked(past, now):
    carol = make_user("carol", role=None)
    with unit_of_work():
        carol.confirmed_at = now
        db.session.add(SwitchedOff(user_id=carol.id, choice=MessageChoice.SURVEYS))
    off = make_attended(past)
    with unit_of_work():
        off.reminders_off = True
    mine = make_attended(past)
    with unit_of_work():
        mine.user_id = carol.id
    make_attended(past, contact="13812345678")
    assert look() == []


def test_rule_23_who_has_answered_gets_no_mail(past):
    pair, alone, gone = make_attended(past, 2), make_attended(past), make_attended(past)
    messages = look()
    answer(pair)
    answer(alone)
    with unit_of_work():
        gone.status = SignUpStatus.NO_SHOW
    assert [still_true(m) for m in messages] == [True, False, False]


def test_rule_18_deleted_person_keeps_nothing_and_the_figures_stay(past):
    alone = make_attended(past)
    answer(alone)
    with unit_of_work():
        erase_sign_up(alone.id)
    assert len(db.session.scalars(select(SurveyAnswer)).all()) == 1
    assert look() == []


def purge(kind, moment):
    with clock.fixed_at(moment), unit_of_work():
        return purge_rows(kind, first_ids(past_their_date()[kind], 100) or [""])


def test_rule_18_who_has_answered_is_forgotten_30_days_after_the_close(past):
    hear(past, 5)
    day = timedelta(days=1)
    assert purge("survey_marks", past.ends_at + 44 * day) == 0
    assert purge("survey_marks", past.ends_at + 45 * day) == 5
    assert db.session.scalars(select(SurveySpent)).all() == []


def test_rule_18_comments_go_after_two_years_and_taps_stay(past, alice):
    hear(past, 5, comment="Bon.", language="fr")
    row = db.session.scalars(select(SurveyAnswer)).first()
    with unit_of_work():
        translate_comment(row.id, {"en": "Good."}, by=alice)
    day = timedelta(days=1)
    assert purge("survey_comments", past.ends_at + 730 * day) == 0
    assert purge("survey_comments", past.ends_at + 731 * day) == 5
    db.session.rollback()
    assert set(db.session.scalars(select(SurveyAnswer.comment))) == {""}
    assert db.session.scalars(select(SurveyCommentText)).all() == []
    assert len(db.session.scalars(select(SurveyAnswer)).all()) == 5
