"""Reads of sign-ups: the ticket, the queue, the desk's list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from hub import clock
from hub.enums import SignUpStatus
from hub.extensions import db
from hub.integrations.contacts import fold
from hub.models import AuditEntry, Event, SignUp, Venue

MOST_OF_ACCOUNT = 100


def sign_up_of_code(code: str) -> SignUp | None:
    """The sign-up whose ticket carries ``code``."""
    return db.session.scalars(select(SignUp).where(SignUp.code == code)).first()


def queue_position(sign_up: SignUp) -> int | None:
    """The party's place in the queue, from 1, or None if it does not wait."""
    if sign_up.status is not SignUpStatus.WAITLISTED:
        return None
    before = db.session.scalar(
        select(func.count())
        .select_from(SignUp)
        .where(
            SignUp.event_id == sign_up.event_id,
            SignUp.status == SignUpStatus.WAITLISTED,
            SignUp.id <= sign_up.id,
        )
    )
    return before or 1


@dataclass(frozen=True, slots=True)
class Move:
    """The latest change of time or place since somebody signed up: what it was before."""

    at: datetime
    old_start: datetime | None
    old_end: datetime | None
    old_venue: Venue | None


def last_move(sign_up: SignUp) -> Move | None:
    """What the mail about a changed event says, for those who get none; from the audit trail."""
    event = sign_up.event
    query = select(AuditEntry).where(
        AuditEntry.subject == "event",
        AuditEntry.subject_id == event.id,
        AuditEntry.action == "update",
        AuditEntry.at > sign_up.created_at,
    )
    for entry in db.session.scalars(query.order_by(AuditEntry.id.desc())):
        old = entry.before
        start = _moment(old.get("starts_at")) or event.starts_at
        end = _moment(old.get("ends_at")) or event.ends_at
        timed = "starts_at" in old or "ends_at" in old
        if timed or "venue_id" in old:
            venue = db.session.get(Venue, old["venue_id"]) if "venue_id" in old else None
            return Move(entry.at, start if timed else None, end if timed else None, venue)
    return None


def _moment(written: object) -> datetime | None:
    return datetime.fromisoformat(written) if isinstance(written, str) else None


def coming_sign_ups(user_id: int) -> list[SignUp]:
    """The account's sign-ups of events that are not over, the next one first."""
    return _of_account(user_id, Event.ends_at > clock.now(), Event.starts_at, SignUp.id)


def past_sign_ups(user_id: int) -> list[SignUp]:
    """The account's latest sign-ups of events that are over."""
    newest = (Event.starts_at.desc(), SignUp.id.desc())
    return _of_account(user_id, Event.ends_at <= clock.now(), *newest)


def _of_account(user_id: int, which: ColumnElement[bool], *order: Any) -> list[SignUp]:
    query = (
        select(SignUp)
        .join(SignUp.event)
        .where(SignUp.user_id == user_id, which)
        .order_by(*order)
        .limit(MOST_OF_ACCOUNT)
    )
    return list(db.session.scalars(query))


def queue_positions(user_id: int) -> dict[int, int]:
    """The account's places in queues, from 1, by sign-up."""
    other = aliased(SignUp)
    before = (
        select(func.count())
        .where(
            other.event_id == SignUp.event_id,
            other.status == SignUpStatus.WAITLISTED,
            other.id <= SignUp.id,
        )
        .correlate(SignUp)
        .scalar_subquery()
    )
    query = select(SignUp.id, before).where(
        SignUp.user_id == user_id, SignUp.status == SignUpStatus.WAITLISTED
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def door_list(event_id: int, *, q: str = "") -> list[SignUp]:
    """Who may come in or waits, by name. ``q`` looks in names and ticket numbers only: a helper
    at the door must not find people by their contact."""
    query = select(SignUp).where(
        SignUp.event_id == event_id,
        SignUp.status != SignUpStatus.CANCELLED,
        SignUp.erased_at.is_(None),
    )
    needle = fold(q.strip())
    digits = "".join(c for c in needle if c not in " -")
    rows = [
        row
        for row in db.session.scalars(query)
        if not needle or needle in fold(row.name) or (digits and digits in fold(row.code))
    ]
    return sorted(rows, key=lambda row: (not row.status.holds_seats, fold(row.name), row.id))


def sign_ups_of(event_id: int, *, status: SignUpStatus | None = None, q: str = "") -> list[SignUp]:
    """The sign-ups of an event in order of arrival; ``q`` looks in names, contacts and numbers.

    Numbers are found however they are read out: blanks and hyphens do not matter in them.
    """
    query = select(SignUp).where(SignUp.event_id == event_id).order_by(SignUp.id)
    if status is not None:
        query = query.where(SignUp.status == status)
    rows = list(db.session.scalars(query))
    needle = fold(q.strip())
    if not needle:
        return rows
    digits = "".join(c for c in needle if c not in " -")
    return [
        row
        for row in rows
        if needle in fold(row.name)
        or (row.erased_at is None and needle in row.contact_key)
        or (digits and (digits in fold(row.contact) or digits in fold(row.code)))
    ]
