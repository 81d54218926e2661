"""Reads of events: lists for people, the desk and calendars."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select, true, tuple_

from hub import clock
from hub.enums import EventKind, EventStatus, StaffRole, Visibility
from hub.extensions import db
from hub.integrations.contacts import fold
from hub.models import Community, Event, EventLanguage, EventText, User
from hub.policies import POLICE_KINDS

PAGE_SIZE = 20
CALENDAR_PAST = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What a list is narrowed to. ``community`` is a slug, ``language`` a spoken language."""

    q: str = ""
    kind: EventKind | None = None
    community: str = ""
    language: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list ordered by start: the last row seen. In addresses ``<µs>-<id>``."""

    starts_at: datetime
    event_id: int

    def __str__(self) -> str:
        microseconds = (self.starts_at - EPOCH) // timedelta(microseconds=1)
        return f"{microseconds:x}-{self.event_id:x}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        try:
            microseconds, event_id = (int(part, 16) for part in text.split("-", 1))
            if not 0 < event_id < 2**31:
                return None
            return cls(EPOCH + timedelta(microseconds=microseconds), event_id)
        except (ValueError, OverflowError):
            return None


EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, and the cursor of the next one if there is more."""

    events: list[Event]
    next: Cursor | None


def upcoming_events(
    wanted: EventFilter, *, after: Cursor | None = None, limit: int = PAGE_SIZE
) -> Page:
    """Public events that are not over, soonest first. By keyset: every page costs the same."""
    query = _narrowed(_public(), wanted).where(Event.ends_at > clock.now())
    return _page(query, after, limit)


def events_of_month(wanted: EventFilter, first_day: date) -> list[Event]:
    """Public events that start in the month of ``first_day``, past ones included."""
    next_month = (first_day.replace(day=1) + timedelta(days=32)).replace(day=1)
    query = _narrowed(_public(), wanted).where(
        Event.starts_at >= clock.day_start(first_day.replace(day=1)),
        Event.starts_at < clock.day_start(next_month),
    )
    return list(db.session.scalars(query.order_by(Event.starts_at, Event.id)))


def calendar_query(wanted: EventFilter) -> Select[Event]:
    """Public events for a feed: all to come, and those of the last 30 days, cancelled included."""
    return _narrowed(_public(), wanted).where(Event.ends_at > clock.now() - CALENDAR_PAST)


def managed_by(user: User) -> ColumnElement[bool]:
    """Whether ``user`` manages an event: what ``policies.can_manage_event`` says, in SQL."""
    if any(
        m.role is StaffRole.ADMIN or (m.role is StaffRole.STAFF and m.community_id is None)
        for m in user.roles
    ):
        return true()
    here = [m.community_id for m in user.roles if m.role is StaffRole.STAFF]
    police = any(m.role is StaffRole.POLICE for m in user.roles)
    return or_(Event.community_id.in_(here), Event.kind.in_(POLICE_KINDS if police else ()))


def desk_events(
    user: User, *, view: str, q: str = "", after: Cursor | None = None, limit: int = PAGE_SIZE
) -> Page:
    """The events that ``user`` manages. ``view``: upcoming (with cancelled), drafts or past."""
    query = select(Event).where(managed_by(user))
    if q:
        query = query.where(_text_matches(q))
    moment = clock.now()
    if view == "drafts":
        query = query.where(Event.status == EventStatus.DRAFT)
    elif view == "past":
        query = query.where(Event.ends_at <= moment, Event.status != EventStatus.DRAFT)
        return _page(query, after, limit, newest_first=True)
    else:
        query = query.where(Event.ends_at > moment, Event.status != EventStatus.DRAFT)
    return _page(query, after, limit)


def events_on_day(user: User, day: date) -> list[Event]:
    """Published events of ``day`` that ``user`` manages."""
    query = select(Event).where(
        managed_by(user),
        Event.status == EventStatus.PUBLISHED,
        Event.starts_at < clock.day_start(day + timedelta(days=1)),
        Event.ends_at > clock.day_start(day),
    )
    return list(db.session.scalars(query.order_by(Event.starts_at, Event.id)))


def sessions_of(event: Event) -> list[Event]:
    """The other public sessions of the event's series that are still to come."""
    if event.series_id is None:
        return []
    query = _public().where(
        Event.series_id == event.series_id, Event.id != event.id, Event.ends_at > clock.now()
    )
    return list(db.session.scalars(query.order_by(Event.starts_at, Event.id)))


def _public() -> Select[Event]:
    return select(Event).where(
        Event.visibility == Visibility.PUBLIC,
        Event.status.in_([EventStatus.PUBLISHED, EventStatus.CANCELLED]),
    )


def _narrowed(query: Select[Event], wanted: EventFilter) -> Select[Event]:
    if wanted.q:
        query = query.where(_text_matches(wanted.q))
    if wanted.kind is not None:
        query = query.where(Event.kind == wanted.kind)
    if wanted.community:
        community = select(Community.id).where(Community.slug == wanted.community)
        query = query.where(Event.community_id == community.scalar_subquery())
    if wanted.language:
        spoken = select(EventLanguage.event_id).where(EventLanguage.language == wanted.language)
        query = query.where(Event.id.in_(spoken))
    if wanted.day is not None:
        query = query.where(
            Event.starts_at < clock.day_start(wanted.day + timedelta(days=1)),
            Event.ends_at > clock.day_start(wanted.day),
        )
    return query


def _text_matches(q: str):  # type: ignore[no-untyped-def]  # SQLAlchemy's own inference is best
    """Events with every word of ``q`` in title or summary of one of their languages."""
    words = [EventText.search_key.contains(word, autoescape=True) for word in fold(q).split()[:8]]
    return Event.id.in_(select(EventText.event_id).where(*words))


def _page(
    query: Select[Event], after: Cursor | None, limit: int, *, newest_first: bool = False
) -> Page:
    place = tuple_(Event.starts_at, Event.id)
    if newest_first:
        query = query.order_by(Event.starts_at.desc(), Event.id.desc())
        if after is not None:
            query = query.where(place < (after.starts_at, after.event_id))
    else:
        query = query.order_by(Event.starts_at, Event.id)
        if after is not None:
            query = query.where(place > (after.starts_at, after.event_id))
    rows = list(db.session.scalars(query.limit(limit + 1)))
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(rows[:limit], Cursor(last.starts_at, last.id) if last is not None else None)
