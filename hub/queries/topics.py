"""Reads of topics and their materials, and of what the public page of the talks shows."""

from collections.abc import Sequence

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import lazyload, selectinload

from hub import clock
from hub.enums import ConsentPurpose, EventKind, EventStatus, Programme, Visibility
from hub.extensions import db
from hub.models import Appointment, Consent, Event, TalkTopic, Topic, TopicMaterial, User


def all_topics() -> list[Topic]:
    """All of them, those in use first, in their order."""
    order = (Topic.active.desc(), Topic.position, Topic.id)
    return list(db.session.scalars(select(Topic).order_by(*order)))


def topics_in_use(kept: Sequence[Topic] = ()) -> list[Topic]:
    """What talks can be about now, and what one that is ``kept`` is about, in their order."""
    query = select(Topic).where(or_(Topic.active, Topic.id.in_([t.id for t in kept])))
    return list(db.session.scalars(query.order_by(Topic.position, Topic.id)))


def topic_called(slug: str) -> Topic | None:
    """The topic in use with that short name, with its materials."""
    query = select(Topic).where(Topic.slug == slug, Topic.active.is_(True))
    return db.session.scalars(query.options(selectinload(Topic.materials))).first()


def material_counts() -> dict[int, int]:
    """How many materials that are not withdrawn each topic has."""
    query = (
        select(TopicMaterial.topic_id, func.count())
        .where(TopicMaterial.withdrawn_at.is_(None))
        .group_by(TopicMaterial.topic_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def next_talks(topic_id: int | None = None, limit: int = 6) -> list[Event]:
    """Public law talks that are not over, soonest first; of one topic, if it is named."""
    query = select(Event).where(
        Event.kind == EventKind.LAW_TALK,
        Event.status == EventStatus.PUBLISHED,
        Event.visibility == Visibility.PUBLIC,
        Event.ends_at > clock.now(),
    )
    if topic_id is not None:
        on_it = select(TalkTopic.event_id).where(TalkTopic.topic_id == topic_id)
        query = query.where(Event.id.in_(on_it))
    return list(db.session.scalars(query.order_by(Event.starts_at, Event.id).limit(limit)))


def published_lecturers() -> list[str]:
    """First names of the lecturers whose term holds today and who allow, now, that their name
    stands on public pages (rule 19)."""
    today = clock.today()
    terms = select(Appointment).where(
        Appointment.programme == Programme.LECTURER,
        Appointment.accepted_at.is_not(None),
        Appointment.starts_on <= today,
        Appointment.ends_on >= today,
    )
    serving = {
        term.user_id
        for term in db.session.scalars(terms.options(lazyload(Appointment.community)))
        if term.is_active(today)
    }
    purpose = Consent.purpose == ConsentPurpose.PUBLICATION
    newest = (
        select(func.max(Consent.id))
        .where(Consent.user_id == User.id, purpose)
        .correlate(User)
        .scalar_subquery()
    )
    allowed = exists().where(Consent.id == newest, Consent.given.is_(True))
    names = select(User.name).where(User.id.in_(serving), User.active.is_(True), allowed)
    return [name.split()[0] for name in db.session.scalars(names.order_by(User.id)) if name.split()]
