"""Who can give a talk: qualified for all its topics in all its languages on its date (rule 8)."""

from datetime import timedelta

import pytest

from hub import clock
from hub.enums import AssignmentStatus
from hub.exceptions import InvalidInput, WrongState
from hub.extensions import db
from hub.models import Duty, QualificationSuspension
from hub.policies import ObstacleKind, can_manage_duty, why_not_take
from hub.queries.availability import helper_of
from hub.queries.duties import unsure_duties
from hub.services import assignments as work
from hub.transaction import unit_of_work
from tests.talk_factories import (
    make_absence,
    make_lecturer,
    make_lecturing,
    make_qualification,
    make_talk,
    make_topic,
)

DAY = timedelta(days=1)


@pytest.fixture
def topics(db_session):
    return [make_topic("traffic"), make_topic("renting")]


def duty_of(talk) -> Duty:
    return db.session.scalars(db.select(Duty).where(Duty.event_id == talk.event_id)).one()


def kinds(talk, user) -> set[ObstacleKind]:
    duty = duty_of(talk)
    return {o.kind for o in why_not_take(duty, helper_of(user, duty), clock.now())}


def test_lecturer_with_every_qualification_is_free_of_obstacles(venue, alice, topics):
    talk = make_talk(venue, topics, alice, languages=("en", "ru"))
    assert kinds(talk, make_lecturer("Carol", topics, ("en", "ru"))) == set()


def test_rule_08_each_topic_in_each_language_is_needed(venue, alice, topics):
    talk = make_talk(venue, topics, alice, languages=("en", "ru"))
    carol = make_lecturer("Carol", topics, ("en",))
    make_qualification(carol, topics[0], "ru")
    duty = duty_of(talk)
    (obstacle,) = why_not_take(duty, helper_of(carol, duty), clock.now())
    assert obstacle.kind is ObstacleKind.QUALIFICATION and not obstacle.firm
    assert "Renting" in str(obstacle.words) and "Russian" in str(obstacle.words)


@pytest.mark.parametrize(
    ("first", "last", "qualified"), [(-30, 1, True), (-30, 0, False), (1, 30, True), (2, 30, False)]
)
def test_rule_08_the_date_of_the_talk_counts(venue, alice, topics, first, last, qualified):
    talk = make_talk(venue, topics[:1], alice)  # tomorrow
    carol = make_lecturer("Carol")
    today = clock.today()
    make_qualification(
        carol, topics[0], valid_from=today + first * DAY, valid_until=today + last * DAY
    )
    assert (kinds(talk, carol) == set()) is qualified


def test_rule_08_suspension_and_revocation_flag_the_talk(venue, alice, topics):
    talk = make_talk(venue, topics[:1], alice)
    carol = make_lecturer("Carol")
    row = make_qualification(carol, topics[0])
    make_lecturing(talk, carol)
    duty = duty_of(talk)
    assert unsure_duties([duty]) == set()
    with unit_of_work():
        row.suspensions.append(
            QualificationSuspension(starts_on=clock.today(), ends_on=None, reason="?")
        )
    assert unsure_duties([duty]) == {duty.id}
    with unit_of_work():
        row.suspensions.clear()
        row.revoked_on = clock.today() + 2 * DAY  # after the talk
    assert unsure_duties([duty]) == set()
    with unit_of_work():
        row.revoked_on = clock.today() + DAY
    assert unsure_duties([duty]) == {duty.id}


def test_lecturer_who_is_away_is_told_so(venue, alice, topics):
    talk = make_talk(venue, topics[:1], alice)
    carol = make_lecturer("Carol", topics)
    make_absence(carol, clock.today() + DAY)
    assert kinds(talk, carol) == {ObstacleKind.AWAY}


def test_rule_08_staff_override_only_with_a_reason(venue, alice, topics):
    talk = make_talk(venue, topics, alice)
    carol = make_lecturer("Carol", topics[:1])
    duty_id = duty_of(talk).id
    with pytest.raises(InvalidInput), unit_of_work():
        work.offer_duty(duty_id, carol.id, by=alice)
    with unit_of_work():
        made = work.offer_duty(duty_id, carol.id, by=alice, override_reason="The officer helps.")
    assert made.override_reason == "The officer helps."
    with unit_of_work():
        assert work.accept_offer(made.id, by=carol).status is AssignmentStatus.CONFIRMED


def test_unqualified_lecturer_cannot_take_a_talk_alone(venue, alice, topics):
    duty_id, carol = duty_of(make_talk(venue, topics, alice)).id, make_lecturer("Carol", topics[:1])
    with pytest.raises(WrongState), unit_of_work():
        work.take_duty(duty_id, by=carol)


def test_declined_offer_keeps_the_reason(venue, alice, topics):
    talk = make_talk(venue, topics, alice)
    carol = make_lecturer("Carol", topics)
    with unit_of_work():
        offer = work.offer_duty(duty_of(talk).id, carol.id, by=alice)
    with unit_of_work():
        work.decline_offer(offer.id, "I have an exam.", by=carol)
    assert (offer.status, offer.end_reason) == (AssignmentStatus.DECLINED, "I have an exam.")


def test_police_unit_manages_the_duties_of_talks(venue, alice, topics, police):
    duty = duty_of(make_talk(venue, topics, alice))
    assert can_manage_duty(police, duty) and can_manage_duty(alice, duty)
