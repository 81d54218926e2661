"""What the processes of a race do. Each has an application of its own, as the servers have."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import text

from hub import clock
from hub.exceptions import HubError
from hub.extensions import db
from hub.integrations.contacts import parse_contact
from hub.models import Event, User
from hub.queries.duties import live_assignment
from hub.services import assignments, signups
from hub.services.event_data import data_of
from hub.services.events import update_event
from hub.transaction import unit_of_work
from hub.web.worker import queue_reminders, send_due_messages
from tests.databases import make_app

PROCESSES = 16

Action = tuple[str, dict[str, Any]]

_start: Any = None


@dataclass(slots=True)
class Job:
    """What one process does, one action after the other."""

    url: str
    moment: datetime
    event_id: int
    actions: list[Action] = field(default_factory=list)
    smtp_url: str = ""


def remember_barrier(barrier: Any) -> None:
    global _start
    _start = barrier


def run(job: Job) -> list[str]:
    """Wait for the others, then do the job; tells how each action ended."""
    app = make_app(job.url, SMTP_URL=job.smtp_url)
    with app.app_context(), clock.fixed_at(job.moment):
        try:
            db.session.connection()  # connected before the start
            db.session.rollback()
            _start.wait(timeout=50)
            return [_try(ACTIONS[name], job.event_id, facts) for name, facts in job.actions]
        finally:
            db.session.remove()
            db.engine.dispose()


def _try(action: Callable[..., str], event_id: int, facts: dict[str, Any]) -> str:
    began = time.monotonic()
    try:
        return action(event_id, **facts)
    except HubError as error:
        return f"refused: {type(error).__name__}"
    except Exception as error:  # reported to the test, which fails
        db.session.rollback()
        return f"error after {time.monotonic() - began:.1f} s: {error!r}"


def sign_up(event_id: int, guest: int, size: int) -> str:
    person = signups.Person(f"Guest {guest}", parse_contact(f"racer{guest}@example.com"), "en")
    with unit_of_work():
        booked = signups.sign_up(event_id, person, size)
        return "again" if booked is None else booked.status.value


def cancel(event_id: int, sign_up_id: int) -> str:
    with unit_of_work():
        return signups.cancel_sign_up(sign_up_id).status.value


def edit_capacity(event_id: int, by: int, to: int) -> str:
    with unit_of_work():
        event = db.session.get_one(Event, event_id)
        data = data_of(event)
        data.capacity = to
        update_event(event_id, data, by=db.session.get_one(User, by))
    return "edited"


def sign_up_without_lock(event_id: int, guest: int, size: int) -> str:
    """How not to do it: count in one transaction, insert in the next."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("PRAGMA ignore_check_constraints = ON"))
    taken = db.session.scalar(
        text("SELECT COALESCE(SUM(party_size), 0) FROM sign_ups WHERE event_id = :event"),
        {"event": event_id},
    )
    capacity = db.session.get_one(Event, event_id).capacity
    db.session.rollback()
    if taken + size > capacity:
        return "full"
    time.sleep(0.002)  # a page is rendered, a form is read
    with unit_of_work():
        if db.engine.dialect.name == "sqlite":
            db.session.execute(text("PRAGMA ignore_check_constraints = ON"))
        db.session.execute(
            text(
                "INSERT INTO sign_ups (event_id, code, status, name, contact_kind, contact, "
                "contact_key, party_size, language, created_at, release_reason, privacy_version) "
                "VALUES (:event, :key, 'confirmed', 'x', 'email', :key, :key, :size, 'en', "
                "'2026-11-23 04:00:00', '', '')"
            ),
            {"event": event_id, "key": f"C{guest}", "size": size},
        )
    return "confirmed"


def take_duty(duty_id: int, by: int) -> str:
    with unit_of_work():
        return assignments.take_duty(duty_id, by=db.session.get_one(User, by)).status.value


def take_either(duty_id: int, by: int, second: int) -> str:
    """Take one of two duties at the same time: a person can only have one (rule 9)."""
    return take_duty(second or duty_id, by)


def release_duty(duty_id: int, by: int) -> str:
    with unit_of_work():
        mine = live_assignment(duty_id, by)
        if mine is None:
            return "nothing"
        person = db.session.get_one(User, by)
        return assignments.release_duty(mine.id, "An examination.", by=person).status.value


def send_all(event_id: int) -> str:
    """What a worker does with the whole queue; the mails go to HUB_SMTP_URL of the job."""
    with current_app.test_request_context():
        return "{} sent, {} not".format(*send_due_messages())


def remind_all(event_id: int) -> str:
    queue_reminders()
    return "reminded"


ACTIONS: dict[str, Callable[..., str]] = {
    "send_all": send_all,
    "remind_all": remind_all,
    "sign_up": sign_up,
    "cancel": cancel,
    "edit_capacity": edit_capacity,
    "take_duty": take_duty,
    "take_either": take_either,
    "release_duty": release_duty,
    "sign_up_without_lock": sign_up_without_lock,
}
