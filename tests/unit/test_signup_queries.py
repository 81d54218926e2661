"""Reads of sign-ups: the ticket, the queue, the desk's list."""

import pytest

from hub.enums import SignUpStatus
from hub.queries.signups import queue_position, sign_up_of_code, sign_ups_of
from hub.services.signups import cancel_sign_up
from hub.transaction import unit_of_work
from tests.factories import make_event, make_sign_up
from tests.people import BOB, DMITRI


def test_ticket_is_found_by_its_code(event):
    booked = make_sign_up(event)
    assert sign_up_of_code(booked.code) == booked
    assert sign_up_of_code("NOSUCH22") is None
    assert booked.number == f"{booked.code[:4]}-{booked.code[4:]}"


def test_rule_03_position_counts_those_who_came_before_at_this_event(venue):
    event, other = make_event(capacity=1), make_event(capacity=1)
    make_sign_up(other)
    make_sign_up(other)
    booked = make_sign_up(event)
    waiting = [make_sign_up(event) for _ in range(3)]
    assert [queue_position(s) for s in [booked, *waiting]] == [None, 1, 2, 3]
    with unit_of_work():
        cancel_sign_up(waiting[1].id)
    assert [queue_position(s) for s in waiting] == [1, None, 2]


@pytest.mark.parametrize(
    ("q", "hit"),
    [
        ("bob", True),
        ("BOB KAM", True),
        ("ｂｏｂ", True),
        ("bob@EXAMPLE", True),
        ("  kamau ", True),
        ("", True),
        ("dmitri", False),
        ("%", False),
    ],
)
def test_desk_finds_people_by_name_and_contact(event, q, hit):
    booked = make_sign_up(event, BOB)
    make_sign_up(make_event(), DMITRI)
    assert sign_ups_of(event.id, q=q) == ([booked] if hit else [])


@pytest.mark.parametrize("spelling", ["{0}-{1}", "{0}{1}", "{0}", "{1}"])
def test_desk_finds_a_ticket_by_its_number(event, spelling):
    booked, other = make_sign_up(event), make_sign_up(event)
    found = sign_ups_of(event.id, q=spelling.format(booked.code[:4], booked.code[4:]).lower())
    assert booked in found
    assert other not in found


def test_desk_finds_a_phone_number_as_it_is_read_out(event):
    booked = make_sign_up(event, DMITRI)
    assert sign_ups_of(event.id, q="13812345678") == [booked]
    assert sign_ups_of(event.id, q="138 1234 5678") == [booked]


def test_desk_lists_by_status_in_order_of_arrival(venue):
    event = make_event(capacity=2)
    first, second, third = (make_sign_up(event) for _ in range(3))
    assert sign_ups_of(event.id) == [first, second, third]
    assert sign_ups_of(event.id, status=SignUpStatus.WAITLISTED) == [third]
    assert sign_ups_of(event.id, status=SignUpStatus.CANCELLED) == []
