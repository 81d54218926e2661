"""Sign-ups by the hundred thousand, in the order in which people would have come."""

import heapq
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from math import gcd
from typing import Any

from hub.demo.bulk_events import BulkEvent
from hub.enums import ContactKind, EventStatus, SignUpStatus
from hub.integrations.signing import CODE_ALPHABET, CODE_LENGTH
from hub.services.signups import PRIVACY_VERSION

SIZES = (1, 1, 1, 1, 1, 1, 2, 2, 3, 4)
WITHDRAWN, CAME = 0.08, 0.8
# A step without a common divisor with 28^8 visits every code once: a million random ones would
# hold about one pair of equals (birthday problem).
CODES = len(CODE_ALPHABET) ** CODE_LENGTH
CODE_STEP = 240_862_951_843

Row = dict[str, Any]
Arrival = tuple[datetime, int, int]  # moment, event's number, person's number


def sign_up_rows(
    rng: random.Random, now: datetime, events: list[BulkEvent], users: int
) -> Iterator[Row]:
    """Rows by time over all events, as a real table grows: those of one event lie far apart."""
    start = rng.randrange(CODES)
    left = {event.id: event.capacity for event in events}
    by_id = {event.id: event for event in events}
    for number, (moment, event_id, person) in enumerate(_arrivals(rng, now, events, users)):
        row = _row(moment, by_id[event_id], person)
        row["code"] = _code((start + number * CODE_STEP) % CODES)
        row["party_size"] = size = rng.choice(SIZES)
        row["status"] = status = _status(rng, by_id[event_id], now, size <= left[event_id])
        if status.holds_seats:
            left[event_id] -= size
        if status is SignUpStatus.CANCELLED:
            row["cancelled_at"] = min(moment + timedelta(hours=rng.randrange(1, 48)), now)
        yield row


def _arrivals(
    rng: random.Random, now: datetime, events: list[BulkEvent], users: int
) -> Iterator[Arrival]:
    """A stream that holds only the events whose sign-up is open."""
    heap: list[Arrival] = []
    for event in sorted(events, key=lambda e: _opens(e, now)):
        opens = _opens(event, now)
        while heap and heap[0][0] < opens:
            yield heapq.heappop(heap)
        for person in _people(rng, event.sign_ups, users):
            seconds = (min(now, event.starts_at) - opens).total_seconds()
            moment = opens + timedelta(seconds=seconds * rng.random())
            heapq.heappush(heap, (moment, event.id, person))
    while heap:
        yield heapq.heappop(heap)


def _opens(event: BulkEvent, now: datetime) -> datetime:
    """When people could begin to sign up: events far ahead opened two days ago."""
    return min(event.published_at, now - timedelta(days=2))


def _people(rng: random.Random, wanted: int, users: int) -> Iterator[int]:
    """Different people: a walk round the circle whose step never closes early."""
    step = rng.randrange(1, users)
    while gcd(step, users) != 1:
        step += 1
    start = rng.randrange(users)
    return ((start + n * step) % users for n in range(wanted))


def _status(rng: random.Random, event: BulkEvent, now: datetime, fits: bool) -> SignUpStatus:
    """As the booking service would have it: who does not fit waits, and nobody else does."""
    if rng.random() < WITHDRAWN:
        return SignUpStatus.CANCELLED
    if not fits:
        return SignUpStatus.WAITLISTED
    if event.ends_at > now or event.status is EventStatus.CANCELLED:
        return SignUpStatus.CONFIRMED
    return SignUpStatus.ATTENDED if rng.random() < CAME else SignUpStatus.NO_SHOW


def _row(moment: datetime, event: BulkEvent, person: int) -> Row:
    by_phone = person % 10 == 3
    contact = f"+861740{person:07d}" if by_phone else f"person{person}@students.example"
    return {
        "event_id": event.id,
        "name": f"Person {person}",
        "contact_kind": ContactKind.PHONE if by_phone else ContactKind.EMAIL,
        "contact": contact,
        "contact_key": contact,
        "language": "zh" if person % 4 == 0 else "en",
        "created_at": moment,
        "cancelled_at": None,
        "release_reason": "",
        "privacy_version": PRIVACY_VERSION,
    }


def _code(number: int) -> str:
    letters = []
    for _ in range(CODE_LENGTH):
        number, rest = divmod(number, len(CODE_ALPHABET))
        letters.append(CODE_ALPHABET[rest])
    return "".join(letters)
