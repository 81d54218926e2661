"""Rules 1 to 4 as a state machine: whatever people and staff do, in whatever order.

The model is written from docs (domain.md, rules 1 to 4), not from the code: a list of parties in
order of arrival. Each step is done to it and to the real services on a real database.
"""

from dataclasses import dataclass

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from hub.exceptions import HubError
from hub.extensions import db
from hub.models import Event, User
from hub.queries.invariants import violations
from hub.queries.signups import queue_position, sign_ups_of
from hub.services.event_data import data_of
from hub.services.events import update_event
from hub.services.signups import (
    cancel_sign_up,
    change_party_size,
    release_sign_up,
    replace_person,
    sign_up,
)
from hub.transaction import unit_of_work
from tests.factories import make_event, make_person, make_user

LIMIT = 4
PEOPLE = st.integers(1, 12)
SIZES = st.integers(1, LIMIT)
PICKS = st.integers(0, 99)


@dataclass
class Party:
    id: int
    person: int
    size: int
    holds: bool  # seats; else it waits


class Bookings:
    """An event as the rules describe it."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.parties: list[Party] = []  # live ones, in order of arrival

    @property
    def taken(self) -> int:
        return sum(p.size for p in self.parties if p.holds)

    @property
    def left(self) -> int:
        return self.capacity - self.taken

    @property
    def queue(self) -> list[Party]:
        return [p for p in self.parties if not p.holds]

    def has(self, person: int) -> bool:
        return any(p.person == person for p in self.parties)

    def promote(self) -> None:
        for party in self.queue:
            if party.size <= self.left:
                party.holds = True


class BookingMachine(RuleBasedStateMachine):
    @initialize(capacity=st.integers(4, 9))
    def open_event(self, capacity: int) -> None:
        self.staff = db.session.scalars(select(User)).first() or make_user()
        self.event_id = make_event(capacity=capacity, party_limit=LIMIT).id
        self.model = Bookings(capacity)

    def _pick(self, pick: int, *, holders: bool = False) -> Party:
        parties = [p for p in self.model.parties if p.holds or not holders]
        return parties[pick % len(parties)]

    @rule(person=PEOPLE, size=SIZES)
    def sign_somebody_up(self, person: int, size: int) -> None:
        with unit_of_work():
            booked = sign_up(self.event_id, _person(person), size)
        assert (booked is None) == self.model.has(person)
        if booked is not None:
            self.model.parties.append(Party(booked.id, person, size, holds=size <= self.model.left))

    @precondition(lambda self: self.model.parties)
    @rule(pick=PICKS)
    def cancel_somebody(self, pick: int) -> None:
        party = self._pick(pick)
        with unit_of_work():
            cancel_sign_up(party.id)
        self.model.parties.remove(party)
        self.model.promote()

    @precondition(lambda self: self.model.parties)
    @rule(pick=PICKS)
    def release_somebody(self, pick: int) -> None:
        party = self._pick(pick)
        with unit_of_work():
            release_sign_up(party.id, "The room is smaller.", by=self.staff)
        self.model.parties.remove(party)
        self.model.promote()

    @precondition(lambda self: self.model.parties)
    @rule(pick=PICKS, size=SIZES)
    def resize_somebody(self, pick: int, size: int) -> None:
        party = self._pick(pick)
        refused = size > self.model.capacity or (
            party.holds and size - party.size > self.model.left
        )
        with _expect(refused), unit_of_work():
            change_party_size(party.id, size)
        if not refused:
            party.size = size
            self.model.promote()

    @precondition(lambda self: any(p.holds for p in self.model.parties))
    @rule(pick=PICKS, person=PEOPLE, size=SIZES)
    def hand_seats_over(self, pick: int, person: int, size: int) -> None:
        party = self._pick(pick, holders=True)
        refused = size > party.size or (person != party.person and self.model.has(person))
        with _expect(refused), unit_of_work():
            new = replace_person(party.id, _person(person), size, "Swap.", by=self.staff)
        if not refused:
            self.model.parties.remove(party)
            self.model.parties.append(Party(new.id, person, size, holds=True))
            self.model.promote()

    @rule(capacity=st.integers(4, 16), pick=PICKS, chosen=st.integers(0, 3))
    def edit_capacity(self, capacity: int, pick: int, chosen: int) -> None:
        holders = [p for p in self.model.parties if p.holds]
        shift = pick % len(holders) if holders else 0
        release = (holders[shift:] + holders[:shift])[:chosen]
        sinks = capacity < self.model.taken
        freed = sum(p.size for p in release) if sinks else 0
        refused = capacity < self.model.taken - freed
        with _expect(refused), unit_of_work():
            data = data_of(db.session.get_one(Event, self.event_id))
            data.capacity = capacity
            update_event(
                self.event_id,
                data,
                by=self.staff,
                release=[p.id for p in release],
                release_reason="A smaller room.",
            )
        if not refused:
            for party in release if sinks else ():
                self.model.parties.remove(party)
            self.model.capacity = capacity
            self.model.promote()

    @invariant()
    def rules_01_to_03_hold(self) -> None:
        if not hasattr(self, "model"):
            return
        event = db.session.get_one(Event, self.event_id)
        rows = [r for r in sign_ups_of(self.event_id) if r.status.is_live]
        seats = sum(r.party_size for r in rows if r.status.holds_seats)
        assert event.seats_taken == seats == self.model.taken
        assert seats <= event.capacity == self.model.capacity
        assert len({r.contact_key for r in rows}) == len(rows)
        # The same parties hold seats and wait, in the order of arrival, as in the model …
        assert [(r.id, r.party_size, r.status.holds_seats) for r in rows] == [
            (p.id, p.size, p.holds) for p in self.model.parties
        ]
        # … nobody waits for seats that are free, and the last one knows how many are before.
        queue = [r for r in rows if not r.status.holds_seats]
        assert event.parties_waiting == len(queue)
        assert all(r.party_size > event.seats_left for r in queue)
        if queue:
            assert queue_position(queue[-1]) == len(queue)

    def teardown(self) -> None:
        db.session.rollback()
        assert list(violations()) == []


class _expect:  # noqa: N801 - reads as a word
    """The block is refused exactly if ``refused``."""

    def __init__(self, refused: bool) -> None:
        self.refused = refused

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> bool:
        if kind is not None and not issubclass(kind, HubError):
            return False
        assert (kind is not None) == self.refused, f"refused: {error!r}"
        return True


def _person(number: int):
    return make_person(f"Guest {number}", f"guest{number}@example.com")


def test_rules_01_to_04_hold_after_every_step(db_session):
    run_state_machine_as_test(
        BookingMachine,
        settings=settings(
            max_examples=30,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
