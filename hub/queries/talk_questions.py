"""Reads of the questions that were asked at talks."""

from dataclasses import dataclass

from sqlalchemy import func, select

from hub.extensions import db
from hub.models import Event, TalkQuestion, Topic, User
from hub.queries.talk_reports import talks_here

PAGE_SIZE = 50
NO_TOPIC = 0  # in addresses and filters: a question about no topic of ours


@dataclass(frozen=True, slots=True)
class AskedAt:
    """A question with the talk at which it was asked and who settled it."""

    question: TalkQuestion
    event: Event
    settled_by: str


def open_questions_by_topic() -> dict[int, int]:
    """How many questions about each topic nobody has settled."""
    query = (
        select(TalkQuestion.topic_id, func.count())
        .where(TalkQuestion.settled_at.is_(None))
        .group_by(TalkQuestion.topic_id)
    )
    return {topic: n for topic, n in db.session.execute(query) if topic is not None}


def questions_asked(
    user: User, *, topic_id: int | None = None, settled: bool = False, page: int = 1
) -> list[AskedAt]:
    """Questions from the talks of the person's desk, by topic, the newest first; one more than a
    page at most. ``topic_id``: None for all, ``NO_TOPIC`` for those about none of ours."""
    query = (
        select(TalkQuestion, Event, User.name)
        .join(Event, Event.id == TalkQuestion.event_id)
        .outerjoin(Topic, Topic.id == TalkQuestion.topic_id)
        .outerjoin(User, User.id == TalkQuestion.settled_by_id)
        .where(talks_here(user))
        .where(
            TalkQuestion.settled_at.is_not(None) if settled else TalkQuestion.settled_at.is_(None)
        )
        .order_by(Topic.id.is_(None), Topic.position, Topic.id, TalkQuestion.id.desc())
    )
    if topic_id == NO_TOPIC:
        query = query.where(TalkQuestion.topic_id.is_(None))
    elif topic_id is not None:
        query = query.where(TalkQuestion.topic_id == topic_id)
    rows = db.session.execute(query.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE + 1))
    return [AskedAt(question, event, name or "") for question, event, name in rows]


def topics_of_questions() -> list[Topic]:
    """Every topic, for the filter and the headings."""
    return list(db.session.scalars(select(Topic).order_by(Topic.position, Topic.id)))
