"""Reads around the report of a talk: who gave it, how many came, what can be ticked."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import joinedload

from hub import clock
from hub.enums import (
    BUSY,
    SEALED,
    AssignmentStatus,
    EventKind,
    EventStatus,
    Programme,
    Reach,
    SignUpStatus,
)
from hub.extensions import db
from hub.models import (
    Assignment,
    Duty,
    Event,
    ServiceRecord,
    SignUp,
    Talk,
    Topic,
    TopicMaterial,
    User,
)
from hub.policies import own_community_ids, sees_all_communities

ON_THE_TALK = (*BUSY, AssignmentStatus.NO_SHOW)


def talks_here(user: User) -> ColumnElement[bool]:
    """Which talks (by their event) are of the person's desk: of their communities, or all."""
    if sees_all_communities(user):
        return true()
    return Event.community_id.in_(own_community_ids(user))


def lecturers_on(event_id: int) -> list[Assignment]:
    """Who is or was to give the talk, in the order in which their duties are locked."""
    query = _on_talks(select(Assignment)).where(
        Duty.event_id == event_id, Assignment.status.in_(ON_THE_TALK)
    )
    query = query.options(joinedload(Assignment.user)).order_by(Duty.id, Assignment.id)
    return list(db.session.scalars(query))


def lecturers_by_name(event_id: int) -> list[tuple[int, AssignmentStatus, str]]:
    """The same for a page: the number of each assignment, its state, and whose it is."""
    query = _on_talks(select(Assignment.id, Assignment.status, User.name).join(Assignment.user))
    query = query.where(Duty.event_id == event_id, Assignment.status.in_(ON_THE_TALK))
    rows = db.session.execute(query.order_by(Duty.id, Assignment.id))
    return [(number, status, name) for number, status, name in rows]


def gives_talk(user: User, event_id: int) -> bool:
    """Whether the person is one of its lecturers: confirmed, there, or done."""
    query = _on_talks(select(Assignment.id)).where(
        Duty.event_id == event_id, Assignment.user_id == user.id, Assignment.status.in_(BUSY)
    )
    return db.session.scalars(query.limit(1)).first() is not None


def over_at(talk: Talk) -> datetime:
    """When the talk and the duties of its lecturers are over."""
    ends = select(func.max(Duty.ends_at)).where(
        Duty.event_id == talk.event_id,
        Duty.programme == Programme.LECTURER,
        Duty.cancelled_at.is_(None),
    )
    return max(talk.event.ends_at, db.session.scalar(ends) or talk.event.ends_at)


def named_at(event_ids: Iterable[int]) -> dict[int, int]:
    """How many people the door let in by name, by event: parties that came, with their size."""
    query = (
        select(SignUp.event_id, func.sum(SignUp.party_size))
        .where(SignUp.event_id.in_(list(event_ids)), SignUp.status == SignUpStatus.ATTENDED)
        .group_by(SignUp.event_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def reached_by(talk: Talk, named: int) -> int | None:
    """How many the talk reached: the one figure or the other, never both. None: not reported."""
    if talk.reach is None:
        return None
    return named if talk.reach is Reach.NAMED else talk.headcount


def usable_materials(talk: Talk) -> list[TopicMaterial]:
    """What of its topics' materials held on its day, and what was ticked before."""
    start = talk.event.starts_at
    day = clock.to_local(start).date()
    held = and_(
        TopicMaterial.topic_id.in_([topic.id for topic in talk.topics]),
        or_(TopicMaterial.withdrawn_at.is_(None), TopicMaterial.withdrawn_at > start),
        TopicMaterial.valid_from <= day,
        or_(TopicMaterial.valid_until.is_(None), TopicMaterial.valid_until >= day),
    )
    ticked = TopicMaterial.id.in_([material.id for material in talk.materials])
    order = (TopicMaterial.topic_id, TopicMaterial.language, TopicMaterial.id)
    return list(db.session.scalars(select(TopicMaterial).where(or_(held, ticked)).order_by(*order)))


def topics_asked_about(talk: Talk) -> list[Topic]:
    """What a question may be about: the topics of the talk first, then all others in use."""
    own = [topic.id for topic in talk.topics]
    others = select(Topic).where(Topic.active, Topic.id.not_in(own))
    return [*talk.topics, *db.session.scalars(others.order_by(Topic.position, Topic.id))]


def records_of_talk(event_id: int) -> list[ServiceRecord]:
    """The records of its lecturers, corrections included."""
    query = _on_talks(select(ServiceRecord).join(Assignment)).where(Duty.event_id == event_id)
    return list(db.session.scalars(query.order_by(ServiceRecord.id)))


def sealed_records(event_id: int) -> int:
    """How many of them were approved, now or once."""
    query = _on_talks(select(func.count(ServiceRecord.id)).join(Assignment))
    query = query.where(Duty.event_id == event_id, ServiceRecord.status.in_(SEALED))
    return db.session.scalar(query) or 0


def reports_of(user: User) -> list[Talk]:
    """The talks that the person reported."""
    query = select(Talk).where(Talk.reported_by_id == user.id).order_by(Talk.event_id)
    return list(db.session.scalars(query))


def reached_between(since: datetime, until: datetime) -> tuple[int, int]:
    """How many talks were reported that began then, and how many people they reached."""
    query = (
        select(Talk)
        .join(Talk.event)
        .where(Event.kind == EventKind.LAW_TALK, Event.status == EventStatus.PUBLISHED)
        .where(Event.starts_at >= since, Event.starts_at < until, Talk.reach.is_not(None))
    )
    talks = list(db.session.scalars(query))
    named = named_at(talk.event_id for talk in talks if talk.reach is Reach.NAMED)
    return len(talks), sum(reached_by(t, named.get(t.event_id, 0)) or 0 for t in talks)


def _on_talks(query: Select) -> Select:
    """Joined to the duties of lecturers that stand."""
    joined = query.join(Duty, Duty.id == Assignment.duty_id)
    return joined.where(Duty.programme == Programme.LECTURER, Duty.cancelled_at.is_(None))
