"""Duties themselves: made, changed, cancelled, carried along with their event."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from hub import clock
from hub.enums import AssignmentStatus, LanguageLevel, MessageKind, Skill
from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.models import Duty, Message, User
from hub.queries.availability import helpers_of
from hub.queries.duties import desk_duties, short_of_people, unsure_duties
from hub.services import assignments as work
from hub.services.duties import DutyData, DutyWords, cancel_duty, create_duties, update_duty
from hub.services.event_data import data_of as event_data_of
from hub.services.events import cancel_event, update_event
from hub.services.people import ProfileData, save_profile
from hub.services.privacy import erase_user
from hub.transaction import unit_of_work
from tests.factories import local, make_venue
from tests.service_factories import make_activity, make_assignment, make_assistant, make_duty
from tests.tables import changed, dump

S = AssignmentStatus
START = local("2026-11-26 14:00")
TEXTS = {"en": DutyWords("Tea stall", "Pour tea."), "zh": DutyWords("茶摊", "")}


def data_of(duty: Duty) -> DutyData:
    """The duty as its form would hold it."""
    return DutyData(
        venue_id=duty.venue_id,
        activity_id=duty.activity_id,
        starts_at=duty.starts_at,
        ends_at=duty.ends_at,
        people_needed=duty.people_needed,
        texts={c: DutyWords(t.title, t.details) for c, t in duty.texts.items()},
        languages={row.language: row.level for row in duty.languages},
        skills=frozenset(row.skill for row in duty.skills),
        event_id=duty.event_id,
    )


@pytest.fixture
def data(venue) -> DutyData:
    return DutyData(
        venue_id=venue.id,
        activity_id=make_activity().id,
        starts_at=START,
        ends_at=START + timedelta(hours=2),
        people_needed=2,
        texts=dict(TEXTS),
        languages={"ar": LanguageLevel.B2},
        skills=frozenset({Skill.COOKING}),
    )


@pytest.fixture
def bob(community) -> User:
    return make_assistant("bob", community)


def refused(exception, words: str, action, *arguments, **named) -> None:
    before = dump()
    with pytest.raises(exception) as caught, unit_of_work():
        action(*arguments, **named)
    assert words in str(caught.value.message)
    assert changed(before, dump()) == {}


def mails(kind: MessageKind) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == kind)))


def test_duty_is_made_with_all_that_it_needs(data, alice, community):
    with unit_of_work():
        (duty,) = create_duties(data, by=alice)
    assert (duty.title, duty.text("zh").title, duty.batch) == ("Tea stall", "茶摊", "")
    assert (duty.community_id, duty.people_missing) == (community.id, 2)
    assert [(row.language, row.level) for row in duty.languages] == [("ar", LanguageLevel.B2)]
    assert [row.skill for row in duty.skills] == [Skill.COOKING]


def test_standing_need_makes_one_duty_a_week_in_one_batch(data, alice):
    with unit_of_work():
        made = create_duties(data, by=alice, times=3)
    assert [d.starts_at - START for d in made] == [timedelta(weeks=w) for w in range(3)]
    assert len({d.batch for d in made}) == 1 and made[0].batch
    assert all(d.languages and d.skills and d.texts for d in made)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends_at": START}, "ends_at"),
        ({"ends_at": START + timedelta(hours=12)}, "ends_at"),
        ({"starts_at": START - timedelta(9), "ends_at": START - timedelta(8.9)}, "ends_at"),
        ({"people_needed": 0}, "people_needed"),
        ({"venue_id": 999}, "venue_id"),
        ({"activity_id": 999}, "activity_id"),
        ({"texts": {"en": DutyWords(" ")}}, "texts"),
        ({"languages": {"xx": LanguageLevel.A1}}, "languages"),
    ],
)
def test_what_cannot_be_a_duty_is_refused(data, alice, change, field):
    with pytest.raises(InvalidInput) as caught, unit_of_work():
        create_duties(replace(data, **change), by=alice)
    assert caught.value.field == field


def test_rule_20_duties_are_made_in_ones_own_community(data, sam, alice, event):
    refused(InvalidInput, "venue", create_duties, data, by=sam)
    data.event_id = event.id
    refused(NotAllowed, "", create_duties, data, by=sam)
    with unit_of_work():
        (duty,) = create_duties(data, by=alice)
    refused(NotAllowed, "", update_duty, duty.id, data, by=sam)
    refused(NotAllowed, "", cancel_duty, duty.id, "x", by=sam)


def test_fewer_places_than_people_are_refused_and_more_go_to_the_queue(venue, alice, bob):
    duty = make_duty(venue, alice, starts_at=START)
    make_assignment(duty, bob)
    carol = make_assistant("carol")
    with unit_of_work():
        waiting = work.take_duty(duty.id, by=carol)
    data = data_of(duty)
    refused(InvalidInput, "", update_duty, duty.id, replace(data, people_needed=0), by=alice)
    with unit_of_work():
        update_duty(duty.id, replace(data, people_needed=2), by=alice)
    assert (waiting.status, duty.people_taken) == (S.CONFIRMED, 2)
    refused(
        InvalidInput, "2 people", update_duty, duty.id, replace(data, people_needed=1), by=alice
    )


def test_a_new_time_is_told_and_another_title_is_not(venue, alice, bob):
    duty = make_duty(venue, alice, starts_at=START)
    make_assignment(duty, bob)
    with unit_of_work():
        update_duty(duty.id, replace(data_of(duty), texts=dict(TEXTS)), by=alice)
    assert mails(MessageKind.DUTY_CHANGED) == []
    with unit_of_work():
        data = data_of(duty)
        data.starts_at, data.ends_at = START + timedelta(hours=1), START + timedelta(hours=4)
        update_duty(duty.id, data, by=alice)
    (mail,) = mails(MessageKind.DUTY_CHANGED)
    assert (mail.user_id, mail.subject_id) == (bob.id, duty.id)
    assert mail.facts["old_starts_at"] == START.isoformat()


def test_cancelling_tells_everybody(venue, alice, bob):
    duty = make_duty(venue, alice, starts_at=START)
    others = [make_assistant() for _ in range(2)]
    rows = [
        make_assignment(duty, who, status)
        for who, status in zip([bob, *others], (S.CONFIRMED, S.OFFERED, S.REQUESTED), strict=True)
    ]
    refused(InvalidInput, "Say why", cancel_duty, duty.id, " ", by=alice)
    with unit_of_work():
        cancel_duty(duty.id, "Heavy rain.", by=alice)
    assert [row.status for row in rows] == [S.CANCELLED, S.WITHDRAWN, S.WITHDRAWN]
    told = mails(MessageKind.DUTY_CANCELLED)
    assert {m.user_id for m in told} == {bob.id, *(o.id for o in others)}
    assert {m.facts["reason"] for m in told} == {"Heavy rain."}
    refused(WrongState, "cancelled", cancel_duty, duty.id, "Again.", by=alice)
    refused(WrongState, "cancelled", update_duty, duty.id, data_of(duty), by=alice)
    refused(WrongState, "cancelled", work.take_duty, duty.id, by=bob)


def test_who_has_checked_in_stays_when_the_duty_is_cancelled(venue, alice, bob):
    duty = make_duty(venue, alice, starts_at=START)
    row = make_assignment(duty, bob, S.CHECKED_IN)
    with clock.fixed_at(START), unit_of_work():
        cancel_duty(duty.id, "The power is out.", by=alice)
    assert row.status is S.CHECKED_IN


# --- with the event -------------------------------------------------------------------------------


@pytest.fixture
def stalls(event, venue, alice, bob) -> list[Duty]:
    """Two stalls of tomorrow's event; bob is on both, one after the other."""
    start = event.starts_at
    made = [
        make_duty(venue, alice, starts_at=at, hours=1, event_id=event.id)
        for at in (start, start + timedelta(hours=1))
    ]
    for duty in made:
        make_assignment(duty, bob)
    return made


@pytest.mark.parametrize("hours", [1, -1, 26])
def test_duties_move_with_their_event(event, stalls, alice, bob, hours):
    before = [d.starts_at for d in stalls]
    data = event_data_of(event)
    data.starts_at += timedelta(hours=hours)
    data.ends_at += timedelta(hours=hours)
    other = make_venue(event.venue.community)
    data.venue_id = other.id
    with unit_of_work():
        update_event(event.id, data, by=alice)
    assert [d.starts_at - b for d, b in zip(stalls, before, strict=True)] == [
        timedelta(hours=hours)
    ] * 2
    assert [d.venue_id for d in stalls] == [other.id] * 2
    assert [m.user_id for m in mails(MessageKind.DUTY_CHANGED)] == [bob.id] * 2
    assert [d.people_taken for d in stalls] == [1, 1]


def test_rule_09_who_is_busy_at_the_new_time_is_taken_off_and_told(event, stalls, alice, bob):
    evening = event.starts_at + timedelta(hours=5)
    make_assignment(make_duty(event.venue, alice, starts_at=evening, hours=0.5), bob)
    carol = make_assistant("carol")
    with unit_of_work():
        waiting = work.take_duty(stalls[0].id, by=carol)
    data = event_data_of(event)
    data.starts_at += timedelta(hours=5)
    data.ends_at += timedelta(hours=5)
    with unit_of_work():
        update_event(event.id, data, by=alice)
    assert [d.people_taken for d in stalls] == [1, 1]  # carol moved up
    assert waiting.status is S.CONFIRMED
    (told,) = mails(MessageKind.DUTY_CANCELLED)
    assert (told.user_id, "another duty" in told.facts["reason"]) == (bob.id, True)


def test_duties_are_cancelled_with_their_event(event, stalls, alice, bob):
    with unit_of_work():
        bob.language = "zh"
    with unit_of_work():
        cancel_event(event.id, {"en": "Heavy rain.", "zh": "大雨。"}, by=alice)
    assert all(d.cancelled_at for d in stalls)
    assert {m.facts["reason"] for m in mails(MessageKind.DUTY_CANCELLED)} == {"大雨。"}


def test_rule_09_the_database_refuses_a_moved_duty(venue, alice, bob):
    one = make_duty(venue, alice, starts_at=START)
    two = make_duty(venue, alice, starts_at=START + timedelta(hours=3))
    for duty in (one, two):
        make_assignment(duty, bob)
    with pytest.raises(IntegrityError, match="rule 9"), unit_of_work():
        db.session.execute(
            text("UPDATE duties SET starts_at = (SELECT starts_at FROM duties WHERE id = :one) "
                 "WHERE id = :two"),
            {"one": one.id, "two": two.id},
        )  # fmt: skip


# --- reads ----------------------------------------------------------------------------------------


def test_rule_20_the_desk_sees_its_own_duties(venue, alice, sam, sue, other_community):
    here = make_duty(venue, alice, starts_at=START)
    there = make_duty(make_venue(other_community), sam, starts_at=START)
    assert desk_duties(alice) == [here]
    assert desk_duties(sam) == [there]
    assert desk_duties(sue) == [here, there]
    assert desk_duties(sue, community_id=other_community.id) == [there]
    assert desk_duties(sue, view="past") == []


def test_short_of_people_looks_a_week_ahead(venue, alice, bob):
    full = make_duty(venue, alice, starts_at=START)
    make_assignment(full, bob)
    near = make_duty(venue, alice, starts_at=START, people=2)
    make_duty(venue, alice, starts_at=START + timedelta(days=8))
    assert short_of_people(alice) == [near]


def test_rule_08_a_term_that_ended_flags_the_duty(venue, alice, bob):
    duty = make_duty(venue, alice, starts_at=START)
    make_assignment(duty, bob)
    assert unsure_duties([duty]) == set()
    with unit_of_work():
        bob.appointments[0].ended_on = clock.today()
    db.session.expire_all()
    assert unsure_duties([duty]) == {duty.id}


def test_helpers_know_what_counts(venue, alice, bob):
    with unit_of_work():
        data = ProfileData(
            "Bob",
            weekdays=frozenset({3}),
            languages={"ar": (LanguageLevel.B2, None), "fr": (None, LanguageLevel.C1)},
            skills=frozenset({Skill.PHOTO}),
        )
        save_profile(bob, data, by=bob)
    duty = make_duty(venue, alice, starts_at=START)
    make_assignment(duty, bob)
    stranger = make_assistant()
    helper, other = helpers_of([bob, stranger], START, START + timedelta(hours=1))
    assert (helper.languages, helper.skills) == ({"ar": LanguageLevel.B2}, {Skill.PHOTO})
    assert (helper.busy, helper.this_month) == ([duty], 1)
    assert helper.is_free_on(START) and not helper.is_free_on(START + timedelta(days=1))
    assert (other.languages, other.busy, other.this_month) == ({}, [], 0)


def test_rule_18_deleting_the_account_gives_the_duty_back(venue, alice, bob):
    duty = make_duty(venue, alice, starts_at=START)
    row = make_assignment(duty, bob)
    with unit_of_work():
        erase_user(db.session.get_one(User, bob.id))
    assert (row.status, duty.people_taken) == (S.RELEASED, 0)


def test_community_of_an_event_s_duty_is_that_of_the_event(event, data, alice):
    data.event_id = event.id
    with unit_of_work():
        (duty,) = create_duties(data, by=alice)
    assert (duty.event_id, duty.community_id) == (event.id, event.community_id)
