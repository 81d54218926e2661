"""Many assistants want the same duty, and one assistant two duties at one time, all at once."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import func, select

from hub.enums import AssignmentStatus
from hub.extensions import db
from hub.models import Assignment, Duty
from hub.queries.invariants import violations
from tests.factories import local, make_user, make_venue
from tests.races.load import PROCESSES, Action, Job, run
from tests.races.test_bookings import pool, site
from tests.service_factories import make_assistant, make_duty

__all__ = ["pool", "site"]

START = local("2026-11-26 14:00")
Race = Callable[[Duty, list[Action]], Counter[str]]


@pytest.fixture
def race(site: str, pool, now: datetime) -> Race:
    def start(duty: Duty, actions: list[Action]) -> Counter[str]:
        duty_id = duty.id
        db.session.rollback()
        jobs = [Job(site, now, duty_id, actions[i::PROCESSES]) for i in range(PROCESSES)]
        ends = Counter(end for ends in pool.map(run, jobs, chunksize=1) for end in ends)
        assert not [end for end in ends if end.startswith("error")], ends
        return ends

    return start


def test_one_place_is_given_to_one_person(race):
    duty = make_duty(make_venue(), make_user("boss"), starts_at=START)
    people = [make_assistant() for _ in range(32)]
    ends = race(duty, [("take_duty", {"by": person.id}) for person in people])
    assert ends == {"confirmed": 1, "requested": 31}
    assert duty.people_taken == 1
    assert list(violations()) == []


def test_places_given_back_go_to_the_queue_and_never_to_two(race):
    duty = make_duty(make_venue(), make_user("boss"), starts_at=START, people=4)
    people = [make_assistant() for _ in range(24)]
    takes: list[Action] = [("take_duty", {"by": person.id}) for person in people]
    gives: list[Action] = [("release_duty", {"by": person.id}) for person in people[:12]]
    race(duty, [action for pair in zip(takes, gives + takes[12:], strict=True) for action in pair])
    assert duty.people_taken == 4
    assert list(violations()) == []


def test_rule_09_one_person_never_has_two_duties_at_one_time(race):
    venue, boss = make_venue(), make_user("boss")
    duty = make_duty(venue, boss, starts_at=START, people=40)
    second = make_duty(venue, boss, starts_at=START, people=40)
    people = [make_assistant() for _ in range(16)]
    actions: list[Action] = [
        ("take_either", {"by": person.id, "second": other})
        for person in people
        for other in (0, second.id)
    ]
    ends = race(duty, actions)
    assert ends == {"confirmed": 16, "refused: WrongState": 16}
    held = select(func.count()).where(Assignment.status == AssignmentStatus.CONFIRMED)
    assert db.session.scalar(held) == 16
    assert list(violations()) == []
