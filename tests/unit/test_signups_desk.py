"""Adding, releasing and replacing people at the desk (rules 3, 4, 20)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import EventStatus, MessageKind, SignUpStatus
from hub.exceptions import AlreadySignedUp, EventFull, InvalidInput, NotAllowed, SignUpNotOpen
from hub.exceptions import WrongState as Wrong
from hub.extensions import db
from hub.models import Message, SignUp
from hub.queries.signups import queue_position
from hub.services.signups import add_sign_up, change_party_size, release_sign_up, replace_person
from hub.transaction import unit_of_work
from tests.factories import make_event, make_person, make_sign_up
from tests.people import BOB, CAROL

CONFIRMED, WAITLISTED, CANCELLED = (
    SignUpStatus.CONFIRMED,
    SignUpStatus.WAITLISTED,
    SignUpStatus.CANCELLED,
)


def release(booked: SignUp, reason: str, by) -> None:
    with unit_of_work():
        release_sign_up(booked.id, reason, by=by)


def replace(booked: SignUp, person, party_size: int, by) -> SignUp:
    with unit_of_work():
        return replace_person(booked.id, person, party_size, "They swapped.", by=by)


# --- adding ---------------------------------------------------------------------------------


def test_desk_adds_a_person_who_gave_no_consent_on_a_page(event, alice):
    booked = make_sign_up(event, BOB, 2, by=alice)
    assert (booked.status, booked.privacy_version, event.seats_taken) == (CONFIRMED, "", 2)


def test_desk_adds_outside_the_window_until_the_event_is_over(venue, alice, now):
    event = make_event(sign_up_opens_at=now + timedelta(hours=2))
    with pytest.raises(SignUpNotOpen):
        make_sign_up(event)
    make_sign_up(event, by=alice)
    with clock.fixed_at(event.starts_at + timedelta(minutes=5)), unit_of_work():
        add_sign_up(event.id, make_person(), 1, by=alice)
    with clock.fixed_at(event.ends_at), pytest.raises(SignUpNotOpen), unit_of_work():
        add_sign_up(event.id, make_person(), 1, by=alice)
    assert event.seats_taken == 2


@pytest.mark.parametrize("status", [EventStatus.DRAFT, EventStatus.CANCELLED])
def test_desk_adds_nobody_to_drafts_and_cancelled_events(venue, alice, status):
    with pytest.raises(SignUpNotOpen):
        make_sign_up(make_event(status=status), by=alice)


def test_rule_03_person_added_at_the_desk_waits_behind_the_queue(venue, alice):
    event = make_event(capacity=1)
    make_sign_up(event)
    first = make_sign_up(event)
    added = make_sign_up(event, by=alice)
    assert (added.status, queue_position(first), queue_position(added)) == (WAITLISTED, 1, 2)


def test_desk_can_not_overfill_an_event_without_waiting_list(venue, alice):
    event = make_event(capacity=3, has_waiting_list=False)
    make_sign_up(event, party_size=2)
    with pytest.raises(EventFull):
        make_sign_up(event, party_size=2, by=alice)
    make_sign_up(event, by=alice)
    with pytest.raises(SignUpNotOpen, match="SignUpNotOpen") as refused:
        make_sign_up(event, by=alice)
    assert "All places are taken" in str(refused.value.message)


def test_rule_02_desk_is_told_who_is_signed_up_already(event, alice):
    make_sign_up(event, BOB)
    with pytest.raises(AlreadySignedUp) as refused:
        make_sign_up(event, contact="BOB@EXAMPLE.com", by=alice)
    assert refused.value.field == "contact"


def test_desk_is_held_to_the_party_limit(event, alice):
    with pytest.raises(InvalidInput):
        make_sign_up(event, party_size=5, by=alice)


# --- releasing ------------------------------------------------------------------------------


def test_rule_04_released_party_is_told_why_and_the_queue_moves(venue, alice):
    event = make_event(capacity=2)
    booked, waiting = make_sign_up(event, BOB, 2), make_sign_up(event, CAROL, 2)
    release(booked, "  The room is smaller.  ", alice)
    assert (booked.status, booked.release_reason) == (CANCELLED, "The room is smaller.")
    assert waiting.status is CONFIRMED
    about = select(Message.kind).where(Message.sign_up_id == booked.id)
    told = db.session.scalars(about.order_by(Message.id)).all()
    assert told == [MessageKind.CONFIRMED, MessageKind.RELEASED]


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_rule_04_release_without_a_reason_is_refused(event, alice, reason):
    booked = make_sign_up(event)
    with pytest.raises(InvalidInput) as refused:
        release(booked, reason, alice)
    assert (refused.value.field, booked.status) == ("reason", CONFIRMED)


def test_waiting_party_can_be_released(venue, alice):
    event = make_event(capacity=1)
    make_sign_up(event)
    waiting = make_sign_up(event)
    release(waiting, "The list is closed.", alice)
    assert (waiting.status, event.parties_waiting) == (CANCELLED, 0)


def test_party_can_be_released_once(event, alice):
    booked = make_sign_up(event)
    release(booked, "No room.", alice)
    with pytest.raises(Wrong):
        release(booked, "No room.", alice)


def test_desk_resizes_a_party(event, alice):
    booked = make_sign_up(event, party_size=3)
    with unit_of_work():
        change_party_size(booked.id, 1, by=alice)
    assert event.seats_taken == 1


# --- replacing ------------------------------------------------------------------------------


def test_replaced_party_hands_its_seats_over_on_a_full_event(venue, alice):
    event = make_event(capacity=2)
    old = make_sign_up(event, BOB, 2)
    waiting = make_sign_up(event)
    new = replace(old, CAROL, 2, alice)
    assert (old.status, new.status, waiting.status) == (CANCELLED, CONFIRMED, WAITLISTED)
    assert (new.name, new.party_size, event.seats_taken) == (CAROL.name, 2, 2)
    assert old.release_reason == "They swapped."


def test_rule_03_seats_that_the_new_party_does_not_need_go_to_the_queue(venue, alice):
    event = make_event(capacity=3)
    old = make_sign_up(event, party_size=3)
    large, small = make_sign_up(event, party_size=3), make_sign_up(event, party_size=2)
    replace(old, CAROL, 1, alice)
    assert (large.status, small.status, event.seats_taken) == (WAITLISTED, CONFIRMED, 3)


@pytest.mark.parametrize("party_size", [0, 3])
def test_new_party_can_not_be_larger_than_the_old_one(event, alice, party_size):
    old = make_sign_up(event, party_size=2)
    with pytest.raises(InvalidInput):
        replace(old, CAROL, party_size, alice)
    assert (old.status, event.seats_taken) == (CONFIRMED, 2)


def test_waiting_party_can_not_be_replaced(venue, alice):
    event = make_event(capacity=1)
    make_sign_up(event)
    waiting = make_sign_up(event)
    with pytest.raises(Wrong):
        replace(waiting, CAROL, 1, alice)


def test_rule_02_new_person_who_is_signed_up_already_is_refused(event, alice):
    old = make_sign_up(event, BOB)
    make_sign_up(event, CAROL)
    with pytest.raises(AlreadySignedUp):
        replace(old, CAROL, 1, alice)
    assert old.status is CONFIRMED


def test_contact_stays_and_the_name_is_corrected(event, alice):
    old = make_sign_up(event, BOB, 2)
    new = replace(old, make_person("Robert Kamau", "bob@example.com"), 2, alice)
    assert (old.status, new.status, new.name) == (CANCELLED, CONFIRMED, "Robert Kamau")


# --- rule 20 --------------------------------------------------------------------------------

STEPS = {
    "add": lambda booked, by: add_sign_up(booked.event_id, make_person(), 1, by=by),
    "resize": lambda booked, by: change_party_size(booked.id, 2, by=by),
    "release": lambda booked, by: release_sign_up(booked.id, "Because.", by=by),
    "replace": lambda booked, by: replace_person(booked.id, make_person(), 1, "Swap", by=by),
}


@pytest.mark.parametrize("step", STEPS)
def test_rule_20_staff_of_another_community_change_no_sign_up(event, sam, step):
    booked = make_sign_up(event)
    with pytest.raises(NotAllowed), unit_of_work():
        STEPS[step](booked, sam)
    assert (booked.status, booked.party_size, event.seats_taken) == (CONFIRMED, 1, 1)


@pytest.mark.parametrize("who", ["alice", "sue", "ada"])
@pytest.mark.parametrize("step", STEPS)
def test_rule_20_staff_who_manage_the_event_may(event, request, who, step):
    by = request.getfixturevalue(who)
    booked = make_sign_up(event)
    with unit_of_work():
        STEPS[step](booked, by)
