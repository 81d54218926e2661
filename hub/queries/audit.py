"""Reads of the audit trail."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import Select, func, select

from hub import clock
from hub.extensions import db
from hub.models import AuditEntry, Community, Event, User, Venue
from hub.queries.people import is_called

PAGE_SIZE = 50
BATCH = 500
MAX_ID = 2**31 - 1
Query = TypeVar("Query", bound=Select)
Row = TypeVar("Row", Event, Community, Venue, User)


def trail_of(subject: str, subject_id: int) -> list[tuple[AuditEntry, str | None]]:
    """What was decided about one thing, oldest first, each with the name of who did it."""
    query = (
        select(AuditEntry, User.name)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.subject == subject, AuditEntry.subject_id == subject_id)
        .order_by(AuditEntry.id)
    )
    return [(entry, name) for entry, name in db.session.execute(query)]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What the trail is narrowed to. ``who`` is part of a name or address, or an account's id."""

    who: str = ""
    action: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None


def entries(
    wanted: AuditFilter, *, before: int | None = None, limit: int = PAGE_SIZE
) -> list[tuple[AuditEntry, str | None]]:
    """The trail, newest first, each with the name of who did it; ``limit + 1`` rows at most."""
    query = _narrowed(
        select(AuditEntry, User.name).outerjoin(User, User.id == AuditEntry.actor_id), wanted
    )
    if before is not None:
        query = query.where(AuditEntry.id < before)
    query = query.order_by(AuditEntry.id.desc()).limit(limit + 1)
    return [(entry, name) for entry, name in db.session.execute(query)]


def count_entries(wanted: AuditFilter) -> int:
    """How many entries the filter leaves."""
    return db.session.scalar(_narrowed(select(func.count(AuditEntry.id)), wanted)) or 0


def _narrowed(query: Query, wanted: AuditFilter) -> Query:
    if wanted.who.isascii() and wanted.who.isdigit():
        query = query.where(AuditEntry.actor_id == min(int(wanted.who), MAX_ID))
    elif wanted.who:
        named = select(User.id).where(is_called(wanted.who))
        query = query.where(AuditEntry.actor_id.in_(named))
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.subject:
        query = query.where(AuditEntry.subject == wanted.subject)
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= clock.day_start(wanted.since))
    if wanted.until is not None:
        query = query.where(AuditEntry.at < clock.day_start(wanted.until + timedelta(days=1)))
    return query


def newest_entry_id() -> int:
    return db.session.scalar(select(func.max(AuditEntry.id))) or 0


def all_entries(
    wanted: AuditFilter, *, up_to: int
) -> Iterator[list[tuple[AuditEntry, str | None]]]:
    """The trail up to that id in batches, newest first: never more than one batch in memory."""
    before = up_to + 1
    while batch := entries(wanted, before=before, limit=BATCH - 1):
        yield batch
        if len(batch) < BATCH:
            return
        before = batch[-1][0].id


@dataclass(frozen=True, slots=True)
class Names:
    """What the things are called that entries of the trail name by id."""

    events: dict[int, str]
    communities: dict[int, str]
    venues: dict[int, str]
    people: dict[int, str]


def names_in(trail: Iterable[AuditEntry]) -> Names:
    """The names of all that ``trail`` speaks of: a fixed number of queries for any length."""
    ids: dict[str, set[int]] = {"event": set(), "community": set(), "venue": set(), "user": set()}
    for entry in trail:
        if entry.subject in ids:
            ids[entry.subject].add(entry.subject_id)
        for facts in (entry.before, entry.after):
            for name in ids:
                value = facts.get(f"{name}_id")
                if isinstance(value, int):
                    ids[name].add(value)
    return Names(
        events={e.id: e.title for e in _rows(Event, ids["event"])},
        communities={c.id: c.name for c in _rows(Community, ids["community"])},
        venues={v.id: v.name for v in _rows(Venue, ids["venue"])},
        people={u.id: u.name for u in _rows(User, ids["user"])},
    )


def _rows(model: type[Row], ids: set[int]) -> list[Row]:
    if not ids:
        return []
    return list(db.session.scalars(select(model).where(model.id.in_(ids))))
