"""Capacity edits (rules 1, 3, 4)."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from hub.enums import MessageKind, SignUpStatus
from hub.exceptions import CapacityBelowSeatsTaken, InvalidInput, WrongState
from hub.extensions import db
from hub.models import Message
from hub.queries.invariants import violations
from hub.services.event_data import data_of
from hub.services.events import update_event
from hub.services.signups import cancel_sign_up
from hub.transaction import unit_of_work
from tests.factories import make_event, make_sign_up

CONFIRMED, WAITLISTED, CANCELLED = (
    SignUpStatus.CONFIRMED,
    SignUpStatus.WAITLISTED,
    SignUpStatus.CANCELLED,
)


def set_capacity(event, capacity, by, **options):
    with unit_of_work():
        update_event(event.id, replace(data_of(event), capacity=capacity), by=by, **options)


def test_rule_03_more_capacity_promotes_the_queue(venue, alice):
    event = make_event(capacity=2)
    make_sign_up(event, party_size=2)
    waiting = [make_sign_up(event, party_size=n) for n in (2, 1, 2)]
    set_capacity(event, 4, alice)
    assert [s.status for s in waiting] == [CONFIRMED, WAITLISTED, WAITLISTED]
    set_capacity(event, 6, alice)
    assert [s.status for s in waiting] == [CONFIRMED, CONFIRMED, WAITLISTED]
    assert (event.seats_taken, event.parties_waiting) == (5, 1)


def test_rule_04_capacity_sinks_to_the_seats_taken_and_no_further(event, alice):
    make_sign_up(event, party_size=4)
    set_capacity(event, 4, alice)
    with pytest.raises(CapacityBelowSeatsTaken) as refused:
        set_capacity(event, 3, alice)
    assert refused.value.field == "capacity"
    assert "4 places are taken" in str(refused.value.message)
    assert event.capacity == 4


def test_rule_04_chosen_parties_are_released_and_told_why(event, alice):
    first, second = make_sign_up(event, party_size=4), make_sign_up(event, party_size=4)
    set_capacity(event, 4, alice, release=[second.id], release_reason="A smaller room.")
    assert (first.status, second.status) == (CONFIRMED, CANCELLED)
    assert (event.capacity, event.seats_taken, second.release_reason) == (4, 4, "A smaller room.")
    told = db.session.scalars(select(Message).where(Message.kind == MessageKind.RELEASED)).all()
    assert [m.sign_up_id for m in told] == [second.id]


def test_rule_04_release_needs_a_reason(event, alice):
    booked = make_sign_up(event, party_size=4)
    with pytest.raises(InvalidInput):
        set_capacity(event, 2, alice, release=[booked.id], release_reason=" ")
    assert (booked.status, event.capacity) == (CONFIRMED, 10)


def test_rule_04_too_few_released_changes_nothing(event, alice):
    first, second = make_sign_up(event, party_size=4), make_sign_up(event, party_size=4)
    with pytest.raises(CapacityBelowSeatsTaken):
        set_capacity(event, 3, alice, release=[first.id], release_reason="A smaller room.")
    assert (first.status, second.status, event.capacity) == (CONFIRMED, CONFIRMED, 10)
    assert db.session.scalars(select(Message.kind)).all() == [MessageKind.CONFIRMED] * 2


def test_rule_03_seats_released_beyond_need_go_to_the_queue(venue, alice):
    event = make_event(capacity=4)
    large = make_sign_up(event, party_size=4)
    waiting = make_sign_up(event, party_size=2)
    set_capacity(event, 3, alice, release=[large.id], release_reason="A smaller room.")
    assert (large.status, waiting.status, event.seats_taken) == (CANCELLED, CONFIRMED, 2)


def test_choice_is_not_needed_any_more_when_seats_became_free_meanwhile(event, alice):
    first, second = make_sign_up(event, party_size=4), make_sign_up(event, party_size=4)
    with unit_of_work():
        cancel_sign_up(second.id)
    set_capacity(event, 4, alice, release=[first.id], release_reason="A smaller room.")
    assert first.status is CONFIRMED


def test_rule_20_sign_up_of_another_event_is_not_released_on_the_side(event, alice):
    make_sign_up(event, party_size=4)
    stranger = make_sign_up(make_event(), party_size=4)
    with pytest.raises(WrongState):
        set_capacity(event, 3, alice, release=[stranger.id], release_reason="Room.")
    assert stranger.status is CONFIRMED


@pytest.mark.parametrize("chosen", ["waiting", "cancelled", "unknown", "twice"])
def test_only_parties_that_hold_seats_can_be_released_for_capacity(venue, alice, chosen):
    event = make_event(capacity=4)
    holder, other = make_sign_up(event, party_size=3), make_sign_up(event)
    waiting = make_sign_up(event)
    ids = {
        "waiting": [waiting.id],
        "cancelled": [other.id],
        "unknown": [999_999],
        "twice": [other.id, other.id],
    }[chosen]
    if chosen == "cancelled":
        with unit_of_work():
            cancel_sign_up(waiting.id)
        with unit_of_work():
            cancel_sign_up(other.id)
    with pytest.raises(WrongState):
        set_capacity(event, 2, alice, release=ids, release_reason="Room.")
    assert (event.capacity, holder.status) == (4, CONFIRMED)
    assert list(violations()) == []
