"""Sixteen processes want the same seats at the same time (rules 1 to 3), on both engines.

The last test is the negative control: the same load without the lock overbooks, so the others
would see it if the lock were lost.
"""

import multiprocessing
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from multiprocessing.pool import Pool

import pytest
from sqlalchemy import select, text

from hub.enums import SignUpStatus
from hub.extensions import db
from hub.models import Event, SignUp
from hub.queries.invariants import violations
from hub.queries.signups import sign_ups_of
from tests import databases
from tests.factories import make_event, make_sign_up, make_user
from tests.races.load import PROCESSES, Action, Job, remember_barrier, run

Race = Callable[[list[Action]], Counter[str]]

CONFIRMED, WAITLISTED = SignUpStatus.CONFIRMED, SignUpStatus.WAITLISTED


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """Processes that know nothing of each other, as the workers of a server."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(PROCESSES)
    with context.Pool(PROCESSES, remember_barrier, (barrier,)) as processes:
        yield processes


@pytest.fixture(params=databases.ENGINES)
def site(request: pytest.FixtureRequest, worker: str) -> Iterator[str]:
    """A throw-away database on each engine, and an application context on it."""
    name = f"race_{worker}_{abs(hash(request.node.name))}"
    url = databases.new_database(request.param, name)
    app = databases.make_app(url)
    with app.app_context():
        yield url
        db.session.remove()
        db.engine.dispose()
    databases.drop_database(url)


@pytest.fixture
def event(site: str) -> Event:
    """Forty places."""
    return make_event(capacity=40)


@pytest.fixture
def race(site: str, event: Event, pool, now: datetime) -> Race:
    """Deal the actions out to the processes, start them at once, count how they ended."""

    def start(actions: list[Action]) -> Counter[str]:
        event_id = event.id
        db.session.rollback()
        jobs = [Job(site, now, event_id, actions[i::PROCESSES]) for i in range(PROCESSES)]
        ends = Counter(end for ends in pool.map(run, jobs, chunksize=1) for end in ends)
        assert not [end for end in ends if end.startswith("error")], ends
        assert ends.total() == len(actions)
        return ends

    return start


def test_rule_01_two_hundred_sign_ups_for_forty_places(event, race):
    ends = race([("sign_up", {"guest": n, "size": 1}) for n in range(200)])
    assert ends == {"confirmed": 40, "waitlisted": 160}
    assert (event.seats_taken, event.parties_waiting) == (40, 160)
    # Ids follow arrival: the first forty have the seats, everybody after them waits.
    assert [s.status for s in sign_ups_of(event.id)] == [CONFIRMED] * 40 + [WAITLISTED] * 160
    assert list(violations()) == []


def test_rule_01_and_03_parties_of_all_sizes(event, race):
    sizes = random.Random(2026)
    race([("sign_up", {"guest": n, "size": sizes.randint(1, 4)}) for n in range(200)])
    left = 40
    for booked in sign_ups_of(event.id):  # in order of arrival, one after the other
        assert (booked.status is CONFIRMED) == (booked.party_size <= left)
        left -= booked.party_size if booked.status is CONFIRMED else 0
    assert (left, event.seats_taken) == (0, 40)
    assert list(violations()) == []


def test_rules_01_and_03_cancelling_signing_up_and_editing_at_once(event, race):
    boss = make_user("boss")
    before = [make_sign_up(event, party_size=n % 4 + 1) for n in range(24)]
    actions: list[Action] = [("cancel", {"sign_up_id": s.id}) for s in before]
    actions += [("sign_up", {"guest": 1000 + n, "size": n % 4 + 1}) for n in range(60)]
    actions += [("edit_capacity", {"by": boss.id, "to": to}) for to in (30, 55, 40, 61, 20, 48) * 2]
    random.Random(2026).shuffle(actions)
    ends = race(actions)
    assert ends["cancelled"] == len(before)
    assert ends["confirmed"] + ends["waitlisted"] == 60, ends
    assert set(ends) <= {
        *("cancelled", "confirmed", "waitlisted", "edited"),
        *("refused: CapacityBelowSeatsTaken",),
    }
    assert event.seats_taken <= event.capacity
    assert list(violations()) == []


def test_rule_02_double_click_gives_one_sign_up(event, race):
    ends = race([("sign_up", {"guest": n // PROCESSES, "size": 2}) for n in range(PROCESSES * 6)])
    assert ends == {"confirmed": 6, "again": PROCESSES * 6 - 6}
    assert event.seats_taken == 12
    assert len(db.session.scalars(select(SignUp)).all()) == 6
    assert list(violations()) == []


def test_negative_control_without_the_lock_the_event_is_overbooked(event, race):
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ALTER TABLE events DROP CONSTRAINT ck_events_seats"))
        db.session.commit()
    ends = race([("sign_up_without_lock", {"guest": n, "size": 1}) for n in range(200)])
    assert ends["confirmed"] > 40
    assert event.seats_taken == ends["confirmed"]
    assert "rule 1: more seats taken than the capacity" in {v.rule for v in violations()}
