"""Signing up, resizing and cancelling, as visitors do it (rules 1 to 3)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import EventStatus, MessageKind, SignUpStatus
from hub.exceptions import EventFull, InvalidInput, SignUpNotOpen, WrongState
from hub.extensions import db
from hub.models import Event, Message, SignUp
from hub.queries.signups import queue_position
from hub.services.signups import cancel_sign_up, change_party_size, sign_up
from hub.transaction import unit_of_work
from tests.factories import local, make_event, make_person, make_sign_up
from tests.people import BOB, CAROL, DMITRI

CONFIRMED, WAITLISTED, CANCELLED = (
    SignUpStatus.CONFIRMED,
    SignUpStatus.WAITLISTED,
    SignUpStatus.CANCELLED,
)


def again(event: Event, contact: str, party_size: int = 1) -> SignUp | None:
    with unit_of_work():
        return sign_up(event.id, make_person(contact=contact), party_size)


def resize(booked: SignUp, party_size: int) -> None:
    with unit_of_work():
        change_party_size(booked.id, party_size)


def cancel(booked: SignUp) -> None:
    with unit_of_work():
        cancel_sign_up(booked.id)


def kinds(booked: SignUp) -> list[MessageKind]:
    rows = select(Message.kind).where(Message.sign_up_id == booked.id).order_by(Message.id)
    return list(db.session.scalars(rows))


# --- signing up -----------------------------------------------------------------------------


def test_sign_up_keeps_what_the_person_gave(event, now):
    booked = make_sign_up(event, CAROL, 3)
    assert (booked.status, booked.name, booked.contact, booked.party_size, booked.language) == (
        CONFIRMED,
        "卡罗尔",
        "carol@example.com",
        3,
        "zh",
    )
    assert (booked.created_at, booked.promoted_at, booked.cancelled_at) == (now, None, None)
    assert booked.privacy_version
    assert event.seats_taken == 3


def test_sign_up_to_the_last_seat_is_confirmed_and_the_next_waits(event):
    full = [make_sign_up(event, party_size=4), make_sign_up(event, party_size=4)]
    last = make_sign_up(event, party_size=2)
    late = make_sign_up(event)
    assert [s.status for s in [*full, last, late]] == [CONFIRMED] * 3 + [WAITLISTED]
    assert (event.seats_taken, event.parties_waiting, event.seats_left) == (10, 1, 0)


def test_party_that_does_not_fit_waits_although_seats_are_left(event):
    make_sign_up(event, party_size=4)
    make_sign_up(event, party_size=4)
    assert make_sign_up(event, party_size=3).status is WAITLISTED
    assert event.seats_left == 2


def test_rule_03_newcomer_who_fits_goes_ahead_of_a_party_that_is_too_large(event):
    make_sign_up(event, party_size=4)
    make_sign_up(event, party_size=4)
    large = make_sign_up(event, party_size=3)
    small = make_sign_up(event, party_size=2)
    assert (large.status, small.status) == (WAITLISTED, CONFIRMED)
    assert queue_position(large) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("bob@example.com", "bob@example.com"),
        ("bob@example.com", "BOB@Example.COM"),
        ("bob@example.com", "ｂｏｂ＠ｅｘａｍｐｌｅ．ｃｏｍ"),
        ("13812345678", "138 1234 5678"),
        ("13812345678", "+86 138-1234-5678"),
        ("13812345678", "0086 13812345678"),
        ("13812345678", "１３８１２３４５６７８"),
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_rule_02_second_sign_up_of_one_contact_gives_none(event, first, second):
    booked = make_sign_up(event, contact=first)
    assert again(event, second, 2) is None
    assert db.session.scalars(select(SignUp)).all() == [booked]
    assert (booked.party_size, event.seats_taken) == (1, 1)


def test_rule_02_waiting_party_counts_as_signed_up(venue):
    event = make_event(capacity=1)
    make_sign_up(event)
    make_sign_up(event, BOB)
    assert again(event, "bob@example.com") is None
    assert event.parties_waiting == 1


def test_rule_02_link_is_sent_again_once_in_ten_minutes(event, now):
    booked = make_sign_up(event, BOB)
    for _ in range(3):
        assert again(event, "bob@example.com") is None
    assert kinds(booked) == [MessageKind.CONFIRMED, MessageKind.LINK_AGAIN]
    with clock.fixed_at(now + timedelta(minutes=11)):
        again(event, "bob@example.com")
    assert kinds(booked).count(MessageKind.LINK_AGAIN) == 2


def test_rule_02_answer_is_the_same_when_the_event_is_full_or_closed(venue, now):
    event = make_event(capacity=1, has_waiting_list=False)
    make_sign_up(event, BOB)
    assert again(event, "bob@example.com") is None
    with clock.fixed_at(event.starts_at):
        assert again(event, "bob@example.com") is None


def test_rule_02_contact_may_sign_up_for_two_events(event, venue):
    make_sign_up(event, BOB)
    make_sign_up(make_event(), BOB)


def test_rule_02_contact_may_sign_up_again_after_cancelling(event):
    first = make_sign_up(event, BOB)
    cancel(first)
    second = make_sign_up(event, BOB)
    assert second.id != first.id
    assert (first.status, second.status) == (CANCELLED, CONFIRMED)


def test_two_people_with_one_name_are_two(event):
    make_sign_up(event, name="Li Wei")
    make_sign_up(event, name="Li Wei")
    assert event.seats_taken == 2


@pytest.mark.parametrize("party_size", [0, -1, 5, 21])
def test_party_outside_the_limit_is_refused(event, party_size):
    with pytest.raises(InvalidInput) as refused:
        make_sign_up(event, party_size=party_size)
    assert refused.value.field == "party_size"
    assert "1 and 4" in str(refused.value.message)
    assert event.seats_taken == 0


def test_party_larger_than_the_whole_event_is_refused(venue):
    event = make_event(capacity=2)
    with pytest.raises(InvalidInput, match="InvalidInput"):
        make_sign_up(event, party_size=3)


def test_full_event_without_waiting_list_refuses(venue):
    event = make_event(capacity=1, has_waiting_list=False)
    make_sign_up(event)
    with pytest.raises(EventFull) as refused:
        make_sign_up(event)
    assert refused.value.status == 409


def test_party_that_does_not_fit_without_waiting_list_is_refused(venue):
    event = make_event(capacity=3, has_waiting_list=False)
    make_sign_up(event, party_size=2)
    with pytest.raises(EventFull) as refused:
        make_sign_up(event, party_size=2)
    assert refused.value.field == "party_size"
    assert event.seats_taken == 2


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23 17:59", False),
        ("2026-11-23 18:00", True),
        ("2026-11-24 11:59", True),
        ("2026-11-24 12:00", False),
        ("2026-11-24 15:00", False),
        ("2026-11-24 17:00", False),
    ],
)
def test_sign_up_window_begins_and_ends_to_the_minute(venue, moment, is_open):
    event = make_event(
        sign_up_opens_at=local("2026-11-23 18:00"), sign_up_closes_at=local("2026-11-24 12:00")
    )
    with clock.fixed_at(local(moment)):
        if is_open:
            assert again(event, "bob@example.com") is not None
        else:
            with pytest.raises(SignUpNotOpen):
                again(event, "bob@example.com")


@pytest.mark.parametrize("status", [EventStatus.DRAFT, EventStatus.CANCELLED])
def test_draft_and_cancelled_events_take_nobody(venue, status):
    with pytest.raises(SignUpNotOpen):
        make_sign_up(make_event(status=status))


def test_sign_up_closes_with_the_start_if_nothing_else_is_said(event):
    with clock.fixed_at(event.starts_at), pytest.raises(SignUpNotOpen):
        again(event, "bob@example.com")


def test_past_event_takes_nobody(event):
    with clock.fixed_at(event.ends_at), pytest.raises(SignUpNotOpen):
        again(event, "bob@example.com")


# --- making a party larger or smaller -------------------------------------------------------


def test_confirmed_party_grows_into_free_seats(event):
    booked = make_sign_up(event, party_size=2)
    resize(booked, 4)
    assert (booked.party_size, booked.status, event.seats_taken) == (4, CONFIRMED, 4)


def test_confirmed_party_that_cannot_grow_keeps_what_it_had(venue):
    event = make_event(capacity=5)
    booked = make_sign_up(event, party_size=2)
    make_sign_up(event, party_size=2)
    with pytest.raises(EventFull) as refused:
        resize(booked, 4)
    assert refused.value.field == "party_size"
    assert (booked.party_size, booked.status, event.seats_taken) == (2, CONFIRMED, 4)
    resize(booked, 3)
    assert event.seats_taken == 5


def test_rule_03_seats_of_a_smaller_party_go_to_the_queue_at_once(venue):
    event = make_event(capacity=4)
    booked = make_sign_up(event, party_size=4)
    waiting = [make_sign_up(event, party_size=n) for n in (3, 1, 1)]
    resize(booked, 2)
    assert [s.status for s in waiting] == [WAITLISTED, CONFIRMED, CONFIRMED]
    assert (event.seats_taken, event.parties_waiting) == (4, 1)


def test_rule_03_waiting_party_that_grows_keeps_its_place(venue):
    event = make_event(capacity=1)
    booked = make_sign_up(event)
    first, second = make_sign_up(event), make_sign_up(event)
    with unit_of_work():
        db.session.get_one(Event, event.id).capacity = 2
        # one seat more than there are, so that a party of two is allowed at all
    assert booked.status is CONFIRMED
    resize(first, 2)
    assert (first.status, first.party_size, queue_position(first)) == (WAITLISTED, 2, 1)
    assert second.status is CONFIRMED  # fits the seat that the larger party cannot use


def test_waiting_party_that_shrinks_to_fit_is_confirmed(venue):
    event = make_event(capacity=4)
    make_sign_up(event, party_size=3)
    waiting = make_sign_up(event, party_size=2)
    assert waiting.status is WAITLISTED
    resize(waiting, 1)
    assert (waiting.status, event.seats_taken, event.parties_waiting) == (CONFIRMED, 4, 0)


def test_resize_to_the_same_size_changes_nothing(event):
    booked = make_sign_up(event, BOB, 2)
    resize(booked, 2)
    assert kinds(booked) == [MessageKind.CONFIRMED]


@pytest.mark.parametrize("party_size", [0, 5])
def test_resize_outside_the_limit_is_refused(event, party_size):
    booked = make_sign_up(event, party_size=2)
    with pytest.raises(InvalidInput):
        resize(booked, party_size)
    assert booked.party_size == 2


# --- cancelling and promotion ---------------------------------------------------------------


def test_cancel_frees_the_seats(event, now):
    booked = make_sign_up(event, party_size=3)
    cancel(booked)
    assert (booked.status, booked.cancelled_at, event.seats_taken) == (CANCELLED, now, 0)


def test_cancel_of_a_waiting_party_moves_the_queue_up(venue):
    event = make_event(capacity=1)
    make_sign_up(event)
    first, second = make_sign_up(event), make_sign_up(event)
    assert [queue_position(s) for s in (first, second)] == [1, 2]
    cancel(first)
    assert (queue_position(first), queue_position(second), event.parties_waiting) == (None, 1, 1)


def test_rule_03_freed_seats_go_to_the_first_that_fit(venue, now):
    event = make_event(capacity=5)
    booked = make_sign_up(event, party_size=3)
    make_sign_up(event, party_size=2)
    waiting = [make_sign_up(event, party_size=n) for n in (4, 2, 2, 1)]
    cancel(booked)
    assert [s.status for s in waiting] == [WAITLISTED, CONFIRMED, WAITLISTED, CONFIRMED]
    assert [s.promoted_at for s in waiting] == [None, now, None, now]
    assert [queue_position(s) for s in waiting] == [1, None, 2, None]
    assert (event.seats_taken, event.parties_waiting) == (5, 2)


def test_rule_03_newcomer_never_takes_a_freed_seat_before_the_queue(venue):
    event = make_event(capacity=2)
    booked = make_sign_up(event, party_size=2)
    waiting = make_sign_up(event, party_size=2)
    cancel(booked)
    assert waiting.status is CONFIRMED
    assert make_sign_up(event, party_size=1).status is WAITLISTED


def test_queue_is_served_after_sign_up_has_closed(venue, now):
    event = make_event(capacity=1, sign_up_closes_at=now + timedelta(hours=1))
    booked, waiting = make_sign_up(event), make_sign_up(event)
    with clock.fixed_at(now + timedelta(hours=2)):
        cancel(booked)
    assert waiting.status is CONFIRMED


def test_nobody_is_promoted_once_the_event_has_begun(venue):
    event = make_event(capacity=1)
    booked, waiting = make_sign_up(event), make_sign_up(event)
    with clock.fixed_at(event.starts_at):
        cancel(booked)
    assert (booked.status, waiting.status) == (CANCELLED, WAITLISTED)


def test_rule_03_queue_comes_first_as_long_as_sign_up_is_open_after_the_start(venue):
    start = local("2026-11-24 14:00")
    event = make_event(capacity=1, starts_at=start, sign_up_closes_at=start + timedelta(hours=1))
    booked, waiting = make_sign_up(event), make_sign_up(event)
    with clock.fixed_at(start + timedelta(minutes=30)):
        cancel(booked)
        newcomer = again(event, "bob@example.com")
    assert newcomer is not None
    assert (waiting.status, newcomer.status) == (CONFIRMED, WAITLISTED)


@pytest.mark.parametrize("step", [cancel, lambda booked: resize(booked, 2)])
def test_cancelled_sign_up_can_not_be_changed(event, step):
    booked = make_sign_up(event)
    cancel(booked)
    with pytest.raises(WrongState):
        step(booked)


@pytest.mark.parametrize("step", [cancel, lambda booked: resize(booked, 2)])
def test_sign_up_for_an_event_that_is_over_can_not_be_changed(event, step):
    booked = make_sign_up(event)
    with clock.fixed_at(event.ends_at), pytest.raises(WrongState):
        step(booked)
    assert booked.status is CONFIRMED


@pytest.mark.parametrize("status", ["attended", "no_show"])
@pytest.mark.parametrize("step", [cancel, lambda booked: resize(booked, 2)])
def test_sign_up_that_the_door_closed_can_not_be_changed(event, status, step):
    booked = make_sign_up(event)
    with unit_of_work():
        db.session.get_one(SignUp, booked.id).status = SignUpStatus(status)
    assert event.seats_taken == 1
    with pytest.raises(WrongState):
        step(booked)


def test_phone_and_mail_sign_ups_share_one_event(event):
    make_sign_up(event, BOB)
    make_sign_up(event, DMITRI)
    assert event.seats_taken == 2
