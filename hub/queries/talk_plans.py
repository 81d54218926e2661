"""Reads of law talks for whoever plans them: what is to come, what lacks somebody, series."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select
from sqlalchemy.orm import lazyload, selectinload

from hub import clock
from hub.enums import AssignmentStatus, EventKind, EventStatus, Programme
from hub.extensions import db
from hub.models import Assignment, Duty, Event, Series, Talk, TalkPlan, Topic, TopicMaterial, User
from hub.policies import can_manage_talks_in
from hub.queries.events import managed_by

PAGE_SIZE = 30
RED_DAYS = 14  # a published talk that begins so soon and lacks a lecturer is shown in red
MAIL_DAYS = 7  # and so soon whoever planned it gets a mail

_LINE = selectinload(Talk.topics).selectinload(Topic.texts)


def lacks_lecturer() -> ColumnElement[bool]:
    """An event without a lecturers' place, or with one that nobody has."""
    places = and_(
        Duty.event_id == Event.id,
        Duty.programme == Programme.LECTURER,
        Duty.cancelled_at.is_(None),
    )
    free = exists().where(places, Duty.people_taken < Duty.people_needed)
    return or_(free, not_(exists().where(places)))


def desk_talks(user: User, *, page: int = 1) -> list[Event]:
    """The law talks that ``user`` manages and that are not over, soonest first, drafts included;
    ``PAGE_SIZE + 1`` at most."""
    query = select(Event).where(
        managed_by(user), Event.kind == EventKind.LAW_TALK, Event.ends_at > clock.now()
    )
    query = query.order_by(Event.starts_at, Event.id)
    return list(
        db.session.scalars(query.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE + 1)).unique()
    )


def unreported_talks(user: User, limit: int = 20) -> list[Event]:
    """Published talks that are over and of which nobody said how many came, oldest first."""
    query = select(Event).join(Talk, Talk.event_id == Event.id)
    query = query.where(
        managed_by(user),
        Event.status == EventStatus.PUBLISHED,
        Event.ends_at <= clock.now(),
        Talk.reported_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(Event.starts_at, Event.id).limit(limit)).unique())


def talks_that_lack(user: User, days: int = RED_DAYS) -> list[Event]:
    """Published talks of the next days that ``user`` manages and that lack a lecturer."""
    query = select(Event).where(managed_by(user), *_near(days))
    return list(db.session.scalars(query.order_by(Event.starts_at, Event.id).limit(10)).unique())


def count_talks_that_lack(user: User, days: int = RED_DAYS) -> int:
    """How many ``talks_that_lack`` would be, all of them."""
    query = select(func.count()).select_from(Event).where(managed_by(user), *_near(days))
    return db.session.scalar(query) or 0


def talks_to_alert() -> list[Talk]:
    """Published talks of the next seven days that lack a lecturer, of which nobody was told."""
    query = select(Talk).join(Event, Event.id == Talk.event_id)
    query = query.where(Talk.alerted_at.is_(None), *_near(MAIL_DAYS))
    return list(db.session.scalars(query.order_by(Event.starts_at, Event.id)).unique())


def _near(days: int) -> list[ColumnElement[bool]]:
    moment = clock.now()
    return [
        Event.kind == EventKind.LAW_TALK,
        Event.status == EventStatus.PUBLISHED,
        Event.starts_at > moment,
        Event.starts_at <= moment + timedelta(days=days),
        lacks_lecturer(),
    ]


def talks_of(event_ids: Sequence[int]) -> dict[int, Talk]:
    """What is known of these events as talks, with their topics."""
    query = select(Talk).where(Talk.event_id.in_(event_ids)).options(lazyload(Talk.event), _LINE)
    return {talk.event_id: talk for talk in db.session.scalars(query)}


def open_lecturer_duties(event_ids: Sequence[int]) -> dict[int, list[Duty]]:
    """The lecturers' places of each of these events, without those that are cancelled."""
    query = select(Duty).where(
        Duty.event_id.in_(event_ids),
        Duty.programme == Programme.LECTURER,
        Duty.cancelled_at.is_(None),
    )
    loaded = (
        lazyload("*"),  # their event says where and when
        selectinload(Duty.topics).selectinload(Topic.texts),
        selectinload(Duty.languages),
        selectinload(Duty.skills),
    )
    found: dict[int, list[Duty]] = {event_id: [] for event_id in event_ids}
    for duty in db.session.scalars(query.order_by(Duty.id).options(*loaded)).unique():
        if duty.event_id is not None:
            found[duty.event_id].append(duty)
    return found


def offers_open(duty_ids: Sequence[int]) -> dict[int, int]:
    """How many offers of each duty are not answered yet."""
    query = select(Assignment.duty_id, func.count()).where(
        Assignment.duty_id.in_(duty_ids), Assignment.status == AssignmentStatus.OFFERED
    )
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Assignment.duty_id))}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the planning of a series is: sessions that are not cancelled, and their people."""

    sessions: int = 0
    people: int = 0
    lacking: int = 0


def managed_plans(user: User, limit: int = 50) -> list[TalkPlan]:
    """Series of talks that ``user`` may plan, the newest season first."""
    query = select(TalkPlan).join(Series, Series.id == TalkPlan.series_id)
    query = query.order_by(TalkPlan.last_day.desc(), TalkPlan.series_id.desc())
    plans = db.session.scalars(query.limit(limit * 4)).unique()
    return [p for p in plans if can_manage_talks_in(user, p.series.community_id)][:limit]


def progress_of(series_ids: Sequence[int]) -> dict[int, Progress]:
    """By series, in one question."""
    live = Event.status != EventStatus.CANCELLED
    to_come = and_(Event.ends_at > clock.now(), lacks_lecturer())
    query = (
        select(
            Event.series_id,
            func.count(Event.id),
            func.coalesce(func.sum(Talk.expected), 0),
            func.count(Event.id).filter(to_come),
        )
        .outerjoin(Talk, Talk.event_id == Event.id)
        .where(Event.series_id.in_(series_ids), live)
        .group_by(Event.series_id)
    )
    found: dict[int, Progress] = {}
    for series_id, sessions, people, lacking in db.session.execute(query):
        if series_id is not None:
            found[series_id] = Progress(sessions, people, lacking)
    return found


def links_of(topics: Sequence[Topic], languages: Sequence[str], on: date) -> list[TopicMaterial]:
    """Materials of the topics in these languages that are a link and hold on that day."""
    query = select(TopicMaterial).where(
        TopicMaterial.topic_id.in_([t.id for t in topics]),
        TopicMaterial.language.in_(list(languages)),
        TopicMaterial.url != "",
    )
    found = db.session.scalars(query.order_by(TopicMaterial.title, TopicMaterial.id))
    return [material for material in found if material.holds(on)]
