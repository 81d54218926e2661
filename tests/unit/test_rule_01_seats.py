"""Rule 1 and 2, last line: the database refuses what no service should ever try."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hub.extensions import db
from hub.transaction import unit_of_work
from tests.factories import make_event, make_sign_up
from tests.people import BOB

INSERT = """
    INSERT INTO sign_ups (event_id, code, status, name, contact_kind, contact, contact_key,
        party_size, language, created_at, release_reason, privacy_version)
    VALUES (:event, :code, :status, 'Raw', 'email', :contact, :contact, :size, 'en',
        '2026-11-23 04:00:00', '', '')
"""


def raw(statement: str, **values: object) -> None:
    with unit_of_work():
        db.session.execute(text(statement), values)


def insert(event, size: int, *, code="RAW", status="confirmed", contact="raw@example.com") -> None:
    raw(INSERT, event=event.id, code=code, status=status, size=size, contact=contact)


@pytest.mark.parametrize("status", ["confirmed", "attended", "no_show"])
def test_rule_01_seats_never_exceed_capacity_by_raw_insert(venue, status):
    event = make_event(capacity=3)
    make_sign_up(event, party_size=2)
    with pytest.raises(IntegrityError):
        insert(event, 2, status=status)
    assert event.seats_taken == 2
    insert(event, 1, status=status)
    assert event.seats_taken == 3


def test_rule_01_seats_never_exceed_capacity_by_raw_promotion(venue):
    event = make_event(capacity=1)
    make_sign_up(event)
    waiting = make_sign_up(event)
    with pytest.raises(IntegrityError):
        raw("UPDATE sign_ups SET status = 'confirmed' WHERE id = :id", id=waiting.id)
    assert (event.seats_taken, event.parties_waiting) == (1, 1)


def test_rule_01_seats_never_exceed_capacity_by_raw_resize(venue):
    event = make_event(capacity=3)
    booked = make_sign_up(event, party_size=2)
    with pytest.raises(IntegrityError):
        raw("UPDATE sign_ups SET party_size = 4 WHERE id = :id", id=booked.id)
    raw("UPDATE sign_ups SET party_size = 3 WHERE id = :id", id=booked.id)
    assert event.seats_taken == 3


def test_rule_01_capacity_never_sinks_below_the_seats_by_raw_update(event):
    make_sign_up(event, party_size=4)
    with pytest.raises(IntegrityError):
        raw("UPDATE events SET capacity = 3 WHERE id = :id", id=event.id)
    raw("UPDATE events SET capacity = 4 WHERE id = :id", id=event.id)
    assert event.capacity == 4


def test_rule_01_seats_follow_a_sign_up_that_moves_to_another_event(event, venue):
    other = make_event(capacity=1)
    booked = make_sign_up(event, party_size=2)
    with pytest.raises(IntegrityError):
        raw("UPDATE sign_ups SET event_id = :event WHERE id = :id", event=other.id, id=booked.id)
    raw("UPDATE events SET capacity = 2 WHERE id = :id", id=other.id)
    raw("UPDATE sign_ups SET event_id = :event WHERE id = :id", event=other.id, id=booked.id)
    assert (event.seats_taken, other.seats_taken) == (0, 2)


@pytest.mark.parametrize(
    ("status", "seats", "waiting"),
    [
        ("confirmed", 2, 0),
        ("attended", 2, 0),
        ("no_show", 2, 0),
        ("waitlisted", 0, 1),
        ("cancelled", 0, 0),
    ],
)
def test_counters_follow_every_raw_write(event, status, seats, waiting):
    insert(event, 2, status=status)
    assert (event.seats_taken, event.parties_waiting) == (seats, waiting)
    db.session.rollback()
    raw("UPDATE sign_ups SET status = 'waitlisted' WHERE code = 'RAW'")
    assert (event.seats_taken, event.parties_waiting) == (0, 1)
    db.session.rollback()
    raw("DELETE FROM sign_ups WHERE code = 'RAW'")
    assert (event.seats_taken, event.parties_waiting) == (0, 0)


@pytest.mark.parametrize("size", [0, -1, 21])
def test_party_size_is_held_by_the_database(venue, size):
    event = make_event(capacity=100)
    with pytest.raises(IntegrityError):
        insert(event, size)


def test_unknown_status_is_refused_by_the_database(event):
    with pytest.raises(IntegrityError):
        insert(event, 1, status="maybe")


@pytest.mark.parametrize("status", ["confirmed", "waitlisted", "attended", "no_show"])
def test_rule_02_second_live_sign_up_is_refused_by_the_database(event, status):
    make_sign_up(event, BOB)
    with pytest.raises(IntegrityError):
        insert(event, 1, status=status, contact="bob@example.com")
    insert(event, 1, status="cancelled", contact="bob@example.com")


def test_event_times_are_held_by_the_database(event):
    with pytest.raises(IntegrityError):
        raw("UPDATE events SET ends_at = starts_at WHERE id = :id", id=event.id)
