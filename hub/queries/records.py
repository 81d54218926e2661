"""Reads of service records: one's own, the desk's queue, hours, when they are due (rule 13)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, false, func, select, true
from sqlalchemy.orm import selectinload

from hub import clock
from hub.enums import EventStatus, Provenance, RecordStatus, StaffRole
from hub.extensions import db
from hub.integrations.workdays import add_working_days, is_known, working_days_between
from hub.models import Activity, Event, EvidenceFile, ServiceRecord, User
from hub.policies import sees_all_people

PAGE_SIZE = 50
DUE_DAYS = 10  # Decree 67 art. 11
RECENT = timedelta(days=60)
MOST_EVENTS = 60
DECIDED = (RecordStatus.APPROVED, RecordStatus.REJECTED, RecordStatus.VOIDED)
VIEWS = {
    "waiting": (RecordStatus.SUBMITTED,),
    "returned": (RecordStatus.RETURNED,),
    "decided": (*DECIDED, RecordStatus.SUPERSEDED),
}


@dataclass(frozen=True, slots=True)
class Due:
    """By when a record of some day is to be decided. ``left`` counts working days from today;
    it is negative once the day is over. ``known``: the official calendar of the year is."""

    day: date
    left: int
    known: bool

    @property
    def overdue(self) -> bool:
        return self.left < 0


@dataclass(slots=True)
class Hours:
    """Minutes of one person. Only approved records are in ``total``, ``by_provenance`` and
    ``months`` (first day of the month → provenance → minutes)."""

    total: int = 0
    by_provenance: dict[Provenance, int] = field(default_factory=lambda: defaultdict(int))
    months: dict[date, dict[Provenance, int]] = field(default_factory=dict)
    waiting: tuple[int, int] = (0, 0)
    returned: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many records wait for a desk, how many of them too long, and when the next is due."""

    number: int
    overdue: int
    nearest: Due | None


def due_of(day: date) -> Due:
    """Ten working days after the activity (rule 13)."""
    due, today = add_working_days(day, DUE_DAYS), clock.today()
    left = working_days_between(today, due) if today <= due else -1
    return Due(due, left, is_known(day) and is_known(due))


def day_of(record: ServiceRecord) -> date:
    return clock.to_local(record.starts_at).date()


def due_of_record(record: ServiceRecord) -> Due:
    return due_of(day_of(record))


def records_of(user_id: int) -> list[ServiceRecord]:
    """All records of the person, the newest service first."""
    query = select(ServiceRecord).where(ServiceRecord.user_id == user_id)
    return list(
        db.session.scalars(query.order_by(ServiceRecord.starts_at.desc(), ServiceRecord.id.desc()))
    )


def last_record_of(user_id: int) -> ServiceRecord | None:
    """What the person logged last: to be repeated."""
    query = select(ServiceRecord).where(ServiceRecord.user_id == user_id)
    return db.session.scalars(query.order_by(ServiceRecord.id.desc()).limit(1)).first()


def queue(by: User, view: str = "waiting", page: int = 1) -> list[ServiceRecord]:
    """Records of the communities in which ``by`` works, ``PAGE_SIZE + 1`` at most: those that
    wait with the oldest due first, decided ones with the newest first."""
    query = (
        select(ServiceRecord)
        .where(managed_records(by), ServiceRecord.status.in_(VIEWS[view]))
        .options(selectinload(ServiceRecord.user))
    )
    order: tuple[Any, ...] = (ServiceRecord.starts_at, ServiceRecord.id)
    if view == "decided":
        order = (ServiceRecord.decided_at.desc(), ServiceRecord.id.desc())
    query = query.order_by(*order).limit(PAGE_SIZE + 1).offset((page - 1) * PAGE_SIZE)
    return list(db.session.scalars(query))


def waiting_for(by: User) -> Waiting:
    """What waits at the desk of ``by``."""
    here = (managed_records(by), ServiceRecord.status == RecordStatus.SUBMITTED)
    late = ServiceRecord.starts_at < clock.day_start(_first_day_in_time())
    count = select(func.count()).select_from(ServiceRecord)
    oldest = db.session.scalar(select(func.min(ServiceRecord.starts_at)).where(*here))
    return Waiting(
        number=db.session.scalar(count.where(*here)) or 0,
        overdue=db.session.scalar(count.where(*here, late)) or 0,
        nearest=due_of(clock.to_local(oldest).date()) if oldest is not None else None,
    )


def hours_of(user_id: int, *, seen_by: User | None = None) -> Hours:
    """The person's hours; for staff (``seen_by``) only those in their communities (rule 20)."""
    query = select(
        ServiceRecord.starts_at,
        ServiceRecord.status,
        ServiceRecord.provenance,
        ServiceRecord.minutes,
    ).where(ServiceRecord.user_id == user_id)
    if seen_by is not None:
        query = query.where(managed_records(seen_by))
    hours = Hours()
    for starts_at, status, provenance, minutes in db.session.execute(
        query.order_by(ServiceRecord.starts_at)
    ):
        if status is RecordStatus.APPROVED:
            hours.total += minutes
            hours.by_provenance[provenance] += minutes
            month = clock.to_local(starts_at).date().replace(day=1)
            row = hours.months.setdefault(month, dict.fromkeys(Provenance, 0))
            row[provenance] += minutes
        elif status is RecordStatus.SUBMITTED:
            hours.waiting = (hours.waiting[0] + 1, hours.waiting[1] + minutes)
        elif status is RecordStatus.RETURNED:
            hours.returned = (hours.returned[0] + 1, hours.returned[1] + minutes)
    return hours


def records_of_person(user_id: int, *, seen_by: User, limit: int = 100) -> list[ServiceRecord]:
    """The person's records that ``seen_by`` may see, the newest service first (rule 20)."""
    query = select(ServiceRecord).where(
        ServiceRecord.user_id == user_id,
        managed_records(seen_by),
    )
    return list(db.session.scalars(query.order_by(ServiceRecord.starts_at.desc()).limit(limit)))


def chain_of(record: ServiceRecord) -> list[ServiceRecord]:
    """All versions of the record, the first one first; corrections that came to nothing too."""
    first = record
    while first.corrects is not None:
        first = first.corrects
    chain, waiting = [], [first]
    while waiting:
        version = waiting.pop(0)
        chain.append(version)
        later = select(ServiceRecord).where(ServiceRecord.corrects_id == version.id)
        waiting += db.session.scalars(later.order_by(ServiceRecord.id)).all()
    return chain


def open_corrections(record_id: int) -> int:
    """How many corrections of the record are not decided yet."""
    query = select(func.count()).where(
        ServiceRecord.corrects_id == record_id,
        ServiceRecord.status.in_(
            (RecordStatus.DRAFT, RecordStatus.SUBMITTED, RecordStatus.RETURNED)
        ),
    )
    return db.session.scalar(query) or 0


def picture_of(record_id: int, picture_id: int) -> EvidenceFile | None:
    """The picture, if it goes with that record."""
    found = db.session.get(EvidenceFile, picture_id)
    return found if found is not None and found.record_id == record_id else None


def all_activities() -> list[Activity]:
    return list(db.session.scalars(select(Activity).order_by(Activity.position, Activity.id)))


def is_recorded(activity_id: int) -> bool:
    """Whether a record is about the activity."""
    some = select(ServiceRecord.id).where(ServiceRecord.activity_id == activity_id).limit(1)
    return db.session.scalar(some) is not None


def recent_events(community_ids: Iterable[int] | None = None) -> list[Event]:
    """Events of the last 60 days that took place, in these communities or in all, newest first."""
    now = clock.now()
    query = select(Event).where(
        Event.status == EventStatus.PUBLISHED,
        Event.starts_at < now,
        Event.starts_at > now - RECENT,
    )
    if community_ids is not None:
        query = query.where(Event.community_id.in_(list(community_ids)))
    return list(
        db.session.scalars(query.order_by(Event.starts_at.desc(), Event.id).limit(MOST_EVENTS))
    )


def _first_day_in_time() -> date:
    """The first day whose records are not overdue today."""
    day = clock.today()
    while not due_of(day - timedelta(days=1)).overdue:
        day -= timedelta(days=1)
    return day


def managed_records(by: User) -> ColumnElement[bool]:
    """What ``policies.can_manage_record`` says, in SQL."""
    if sees_all_people(by):
        where: ColumnElement[bool] = true()
    else:
        here = {m.community_id for m in by.roles if m.role is StaffRole.STAFF}
        where = ServiceRecord.community_id.in_(here) if here else false()
    return where & (ServiceRecord.status != RecordStatus.DRAFT)
