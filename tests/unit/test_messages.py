"""The outbox (rule 23): exactly the people concerned, once, and only what was committed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import MessageKind, MessageState
from hub.extensions import db
from hub.models import Event, Message, SignUp
from hub.services.event_data import data_of
from hub.services.events import cancel_event, update_event
from hub.services.outbox import MAX_ATTEMPTS, claim_message, mark_failed, mark_sent
from hub.services.signups import cancel_sign_up, change_party_size, release_sign_up, replace_person
from hub.transaction import unit_of_work
from tests.factories import local, make_event, make_sign_up, make_venue
from tests.people import BOB, CAROL, DMITRI


def queued() -> list[tuple[int, MessageKind]]:
    rows = select(Message.sign_up_id, Message.kind).order_by(Message.id)
    return [tuple(row) for row in db.session.execute(rows)]


@pytest.fixture
def fresh(db_session):
    """Forget what the preparation has queued."""

    def forget() -> None:
        with unit_of_work():
            for message in db.session.scalars(select(Message)):
                db.session.delete(message)

    return forget


def claim() -> Message | None:
    with unit_of_work():
        return claim_message()


# --- who is told what -----------------------------------------------------------------------


def test_rule_23_sign_up_tells_the_person(event):
    booked = make_sign_up(event, BOB)
    assert queued() == [(booked.id, MessageKind.CONFIRMED)]


def test_rule_23_waiting_party_is_told_that_it_waits(venue):
    event = make_event(capacity=1)
    booked, waiting = make_sign_up(event, BOB), make_sign_up(event, CAROL)
    assert queued() == [(booked.id, MessageKind.CONFIRMED), (waiting.id, MessageKind.WAITLISTED)]


def test_rule_23_cancelling_tells_the_person_and_who_moves_up(venue, fresh):
    event = make_event(capacity=1)
    booked, first, second = (make_sign_up(event) for _ in range(3))
    fresh()
    with unit_of_work():
        cancel_sign_up(booked.id)
    assert queued() == [(booked.id, MessageKind.WITHDRAWN), (first.id, MessageKind.PROMOTED)]
    assert second.id > first.id


def test_rule_23_other_steps_tell_exactly_the_people_concerned(venue, alice, fresh):
    event = make_event(capacity=20)
    bob, carol, _quiet = (make_sign_up(event) for _ in range(3))
    fresh()
    with unit_of_work():
        change_party_size(bob.id, 2)
    with unit_of_work():
        release_sign_up(carol.id, "Because.", by=alice)
    with unit_of_work():
        new = replace_person(bob.id, DMITRI, 1, "Swap.", by=alice)
    assert queued() == [
        (bob.id, MessageKind.PARTY_CHANGED),
        (carol.id, MessageKind.RELEASED),
        (bob.id, MessageKind.RELEASED),
    ]
    assert new.contact == DMITRI.contact.value  # who has a phone reads it on the ticket


def test_rule_23_phone_contacts_are_not_written_to(event):
    booked = make_sign_up(event, DMITRI)
    with unit_of_work():
        cancel_sign_up(booked.id)
    assert queued() == []


@pytest.mark.parametrize("change", ["time", "end", "place", "title", "capacity", "nothing"])
def test_rule_23_new_time_or_place_is_told_to_whoever_is_signed_up(
    venue, community, alice, fresh, change
):
    event = make_event(capacity=2)
    elsewhere = make_event()
    make_sign_up(elsewhere)
    booked, waiting, gone = (make_sign_up(event, party_size=2) for _ in range(3))
    with unit_of_work():
        cancel_sign_up(gone.id)
    fresh()
    data = data_of(event)
    changes = {
        "time": {"starts_at": local("2026-11-24 13:00")},
        "end": {"ends_at": local("2026-11-24 15:00")},
        "place": {"venue_id": make_venue(community).id},
        "title": {"texts": data.texts | {"en": replace(data.texts["en"], title="Noodles")}},
        "capacity": {"capacity": 3},
        "nothing": {},
    }[change]
    with unit_of_work():
        update_event(event.id, replace(data, **changes), by=alice)
    told = [(booked.id, MessageKind.EVENT_CHANGED), (waiting.id, MessageKind.EVENT_CHANGED)]
    assert queued() == (told if change in ("time", "end", "place") else [])


def test_message_of_a_moved_event_holds_the_old_time(event, alice, fresh):
    make_sign_up(event)
    fresh()
    with unit_of_work():
        update_event(
            event.id, replace(data_of(event), starts_at=local("2026-11-24 13:00")), by=alice
        )
    (message,) = db.session.scalars(select(Message))
    assert message.facts == {
        "old_start": "2026-11-24T06:00:00+00:00",
        "old_end": "2026-11-24T08:00:00+00:00",
    }


def test_rule_23_cancelled_event_tells_everybody_who_is_signed_up(venue, alice, fresh):
    event = make_event(capacity=1)
    booked, waiting, gone = (make_sign_up(event) for _ in range(3))
    with unit_of_work():
        cancel_sign_up(gone.id)
    fresh()
    with unit_of_work():
        cancel_event(event.id, {"en": "Rain."}, by=alice)
    assert queued() == [
        (booked.id, MessageKind.EVENT_CANCELLED),
        (waiting.id, MessageKind.EVENT_CANCELLED),
    ]


def test_rule_23_refused_step_leaves_no_message(event, sam, fresh):
    booked = make_sign_up(event)
    fresh()
    with pytest.raises(Exception, match="NotAllowed"), unit_of_work():
        release_sign_up(booked.id, "Because.", by=sam)
    assert queued() == []


def test_every_message_has_an_identity_of_its_own(event):
    make_sign_up(event)
    make_sign_up(event)
    ids = db.session.scalars(select(Message.message_id)).all()
    assert len(set(ids)) == 2
    assert all(i.endswith("@linqiao.example") for i in ids)


# --- claiming and sending -------------------------------------------------------------------


def test_messages_are_claimed_in_order_and_once(event, now):
    first, second = make_sign_up(event), make_sign_up(event)
    assert [claim().sign_up_id, claim().sign_up_id] == [first.id, second.id]
    assert claim() is None


def test_claimed_message_is_being_sent(event, now):
    make_sign_up(event)
    message = claim()
    assert (message.state, message.attempts) == (MessageState.SENDING, 1)
    assert message.due_at == now + timedelta(minutes=10)


def test_claim_that_was_rolled_back_is_free_again(event):
    make_sign_up(event)
    with pytest.raises(ZeroDivisionError), unit_of_work():
        claim_message()
        1 / 0  # noqa: B018
    assert claim().attempts == 1


@pytest.mark.parametrize(("minutes", "taken"), [(9, False), (10, True)])
def test_message_of_a_dead_worker_is_taken_again_under_the_same_id(event, now, minutes, taken):
    make_sign_up(event)
    first = claim()
    with clock.fixed_at(now + timedelta(minutes=minutes)):
        again = claim()
    assert (again is not None) is taken
    if taken:
        assert (again.message_id, again.attempts) == (first.message_id, 2)


def test_sent_message_is_never_taken_again(event, now):
    make_sign_up(event)
    with unit_of_work():
        mark_sent(claim_message())
    (message,) = db.session.scalars(select(Message))
    assert (message.state, message.sent_at, message.last_error) == (MessageState.SENT, now, "")
    with clock.fixed_at(now + timedelta(days=30)):
        assert claim() is None


def test_failed_message_waits_twice_as_long_each_time_and_is_given_up(event, now):
    make_sign_up(event)
    moment, waits = now, []
    for _ in range(MAX_ATTEMPTS):
        with clock.fixed_at(moment):
            with unit_of_work():
                message = claim_message()
                assert message is not None
                mark_failed(message, "x" * 500)
            (message,) = db.session.scalars(select(Message))
            waits.append((message.due_at - moment) // timedelta(minutes=1))
            moment = message.due_at
    assert waits[:-1] == [2, 4, 8, 16, 32, 64, 128]
    assert (message.state, message.attempts) == (MessageState.FAILED, 8)
    assert message.last_error == "x" * 250
    with clock.fixed_at(now + timedelta(days=30)):
        assert claim() is None


def test_message_that_kills_its_worker_each_time_is_given_up_too(event, now):
    make_sign_up(event)
    moment = now
    for _ in range(MAX_ATTEMPTS):
        with clock.fixed_at(moment):
            assert claim() is not None
        moment += timedelta(minutes=10)
    with clock.fixed_at(moment):
        assert claim() is None
    (message,) = db.session.scalars(select(Message))
    assert (message.state, message.attempts) == (MessageState.FAILED, MAX_ATTEMPTS)


def test_failed_message_does_not_hold_up_the_others(event, now):
    first, second = make_sign_up(event), make_sign_up(event)
    with unit_of_work():
        mark_failed(claim_message(), "no")
    assert claim().sign_up_id == second.id
    assert db.session.get_one(SignUp, first.id).event_id == db.session.get_one(Event, event.id).id
