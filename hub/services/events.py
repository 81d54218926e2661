"""Events: make, edit, copy, publish, cancel. Every change that readers see raises ``sequence``."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from hub import clock
from hub.enums import EventStatus, MessageKind, SignUpStatus
from hub.exceptions import (
    CapacityBelowSeatsTaken,
    EditConflict,
    InvalidInput,
    NotAllowed,
    WrongState,
)
from hub.extensions import db
from hub.i18n import _l
from hub.integrations.contacts import fold
from hub.models import Event, EventText, SignUp, User, Venue
from hub.models.event import MAX_CAPACITY, MAX_PARTY
from hub.policies import (
    can_manage_event,
    can_manage_kind,
    why_not_cancel,
    why_not_edit,
    why_not_publish,
)
from hub.services import audit
from hub.services.event_data import SEQUENCE_FACTS, EventData, data_of, facts_of
from hub.services.event_duties import cancel_duties_of, move_duties_of, retitle_duties_of
from hub.services.messages import queue_message
from hub.services.seats import lock_event, promote_waiting, release_for_capacity

MAX_DURATION = timedelta(days=31)


def create_event(data: EventData, *, by: User) -> Event:
    """A new draft. Raises NotAllowed or InvalidInput."""
    check_event(data, by=by)
    moment = clock.now()
    event = Event(created_at=moment, changed_at=moment)
    _write(event, data)
    db.session.add(event)
    db.session.flush()
    db.session.refresh(event)
    audit.record("create", "event", event.id, by=by, after={"status": event.status})
    return event


def update_event(
    event_id: int,
    data: EventData,
    *,
    by: User,
    seen: datetime | None = None,
    release: Iterable[int] = (),
    release_reason: str = "",
) -> Event:
    """Change an event. ``seen`` is the ``changed_at`` on which the form was built.

    Capacity below the seats taken needs ``release``, the sign-ups to give up, with a reason that
    they are told (rule 4); more capacity promotes the queue. People who are signed up are told of
    a new time or place. Raises NotAllowed, WrongState, EditConflict, InvalidInput or
    CapacityBelowSeatsTaken.
    """
    event = lock_event(event_id)
    _check_manages(event, by)
    reason = why_not_edit(event, clock.now())
    if reason is not None:
        raise WrongState(reason)
    if seen is not None and seen != event.changed_at:
        raise EditConflict
    check_event(data, by=by)
    _make_room(event, data.capacity, list(release), release_reason, by=by)
    old, before = data_of(event), facts_of(event)
    old_times = (event.starts_at, event.ends_at, event.venue_id)
    _write(event, data)
    db.session.flush()
    if data_of(event) == old:
        return event  # saved as it was: nobody's calendar has to look again
    after = facts_of(event)
    changed = {k for k in after if after[k] != before[k]}
    event.changed_at = _later_than(event.changed_at)
    if changed & SEQUENCE_FACTS and event.status is not EventStatus.DRAFT:
        event.sequence += 1
    if old_times != (event.starts_at, event.ends_at, event.venue_id):
        _tell_all(event, MessageKind.EVENT_CHANGED, old_start=old_times[0], old_end=old_times[1])
        move_duties_of(event, event.starts_at - old_times[0], old_times[2], by=by)
    if "titles" in changed:
        retitle_duties_of(event)
    audit.record(
        "update",
        "event",
        event.id,
        by=by,
        before={k: before[k] for k in sorted(changed)},
        after={k: after[k] for k in sorted(changed)},
    )
    promote_waiting(event)
    return event


def copy_event(event_id: int, *, by: User) -> Event:
    """A draft with the same words, on the first same weekday and time that is still to come."""
    event = db.session.get_one(Event, event_id)
    _check_manages(event, by)
    shift = timedelta(weeks=1)
    while event.starts_at + shift <= clock.now():
        shift += timedelta(weeks=1)
    data = data_of(event)
    data.starts_at, data.ends_at = event.starts_at + shift, event.ends_at + shift
    data.sign_up_opens_at = None
    closes = event.sign_up_closes_at
    data.sign_up_closes_at = closes + shift if closes is not None else None
    return create_event(data, by=by)


def publish_event(event_id: int, *, by: User) -> Event:
    """Draft → published. Raises NotAllowed or WrongState."""
    event = lock_event(event_id)
    _check_manages(event, by)
    reason = why_not_publish(event, clock.now())
    if reason is not None:
        raise WrongState(reason)
    _set_status(event, EventStatus.PUBLISHED, reason="", by=by)
    return event


def cancel_event(event_id: int, reasons: dict[str, str], *, by: User) -> Event:
    """Published → cancelled, with the reason by language; everybody who is signed up is told it.

    The event stays readable, and its calendar entry goes out as CANCELLED. Raises NotAllowed,
    WrongState, or InvalidInput without a reason.
    """
    event = lock_event(event_id)
    _check_manages(event, by)
    reason = why_not_cancel(event, clock.now())
    if reason is not None:
        raise WrongState(reason)
    given = {code: text.strip() for code, text in reasons.items() if text.strip()}
    if not given:
        raise InvalidInput(_l("Say why: everybody who is signed up is told."), field="reason")
    for code, row in event.texts.items():
        row.cancellation_reason = given.get(code) or next(iter(given.values()))
    _set_status(event, EventStatus.CANCELLED, reason=next(iter(given.values())), by=by)
    _tell_all(event, MessageKind.EVENT_CANCELLED)
    cancel_duties_of(event, by=by)
    return event


def _check_manages(event: Event, by: User) -> None:
    if not can_manage_event(by, event):
        raise NotAllowed


def check_event(data: EventData, *, by: User) -> None:
    if not can_manage_kind(by, data.community_id, data.kind):
        raise NotAllowed(field="community_id")
    venue = db.session.get(Venue, data.venue_id)
    if venue is None or not can_manage_kind(by, venue.community_id, data.kind):
        raise InvalidInput(_l("Choose one of the listed venues."), field="venue_id")
    if not any(words.title.strip() for words in data.texts.values()):
        raise InvalidInput(_l("Give the event a title in at least one language."), field="texts")
    if data.ends_at <= data.starts_at:
        raise InvalidInput(_l("The end must be after the start."), field="ends_at")
    if data.ends_at - data.starts_at > MAX_DURATION:
        raise InvalidInput(_l("An event lasts at most 31 days."), field="ends_at")
    if not 1 <= data.capacity <= MAX_CAPACITY:
        raise InvalidInput(_l("Between 1 and 100,000 places."), field="capacity")
    if not 1 <= data.party_limit <= MAX_PARTY:
        raise InvalidInput(_l("Between 1 and 20 people under one name."), field="party_limit")
    opens, closes = data.sign_up_opens_at, data.sign_up_closes_at
    if closes is not None and closes > data.ends_at:
        raise InvalidInput(
            _l("Sign-up must close before the event ends."), field="sign_up_closes_at"
        )
    if opens is not None and opens >= (closes or data.starts_at):
        raise InvalidInput(_l("Sign-up must open before it closes."), field="sign_up_opens_at")


def _write(event: Event, data: EventData) -> None:
    event.kind = data.kind
    event.community_id = data.community_id
    event.venue_id = data.venue_id
    event.starts_at = data.starts_at
    event.ends_at = data.ends_at
    event.capacity = data.capacity
    event.party_limit = data.party_limit
    event.has_waiting_list = data.has_waiting_list
    event.visibility = data.visibility
    event.sign_up_opens_at = data.sign_up_opens_at
    event.sign_up_closes_at = data.sign_up_closes_at
    event.languages = data.languages
    for code, words in data.texts.items():
        if not words.title.strip():
            event.texts.pop(code, None)
            continue
        row = event.texts.setdefault(code, EventText(language=code))
        row.title, row.summary = words.title.strip(), words.summary.strip()
        row.description = words.description.strip()
        row.search_key = fold(f"{row.title}\n{row.summary}")


def _make_room(event: Event, capacity: int, chosen: list[int], reason: str, *, by: User) -> None:
    if chosen and capacity < event.seats_taken:
        release_for_capacity(event, chosen, reason, by=by)
    if capacity < event.seats_taken:
        raise CapacityBelowSeatsTaken(
            _l(
                "%(taken)s places are taken. Choose below who is released, or keep the capacity.",
                taken=event.seats_taken,
            ),
            field="capacity",
        )


def _set_status(event: Event, status: EventStatus, *, reason: str, by: User) -> None:
    before = event.status
    event.status = status
    event.sequence += 1
    event.changed_at = _later_than(event.changed_at)
    db.session.flush()
    audit.record(
        status.value, "event", event.id, by=by,
        before={"status": before}, after={"status": status}, reason=reason,
    )  # fmt: skip


def _later_than(moment: datetime) -> datetime:
    """Now, or a tick after ``moment`` if the clock has not moved on: LAST-MODIFIED only grows."""
    return max(clock.now(), moment + timedelta(microseconds=1))


def _tell_all(
    event: Event,
    kind: MessageKind,
    *,
    old_start: datetime | None = None,
    old_end: datetime | None = None,
) -> None:
    facts = {}
    if old_start is not None and old_end is not None:
        facts = {"old_start": old_start.isoformat(), "old_end": old_end.isoformat()}
    for sign_up in db.session.scalars(
        select(SignUp)
        .where(
            SignUp.event_id == event.id,
            SignUp.status.in_([SignUpStatus.CONFIRMED, SignUpStatus.WAITLISTED]),
        )
        .order_by(SignUp.id)
    ):
        queue_message(kind, sign_up, **facts)
