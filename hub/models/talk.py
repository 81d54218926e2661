"""Law talks: what they are about and for whom, what came of them, series with a target, and
schools that ask for one.

A talk is an event of that kind. Its lecturers are people on its duties of the lecturers'
programme (hub/models/duty.py): offered, accepted, given back and recorded like any other duty.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.enums import ContactKind, CountMethod, Reach, TalkRequestStatus
from hub.extensions import Model
from hub.models.community import Community
from hub.models.event import Event, Series
from hub.models.topic import Topic, TopicMaterial
from hub.models.types import UtcDateTime, choice


class TalkTopic(Model):
    __tablename__ = "talk_topics"

    event_id: Mapped[int] = mapped_column(
        ForeignKey("talks.event_id", ondelete="CASCADE"), primary_key=True
    )
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True)


class TalkMaterial(Model):
    """A material that was used at a talk, in the version that it had then."""

    __tablename__ = "talk_materials"

    event_id: Mapped[int] = mapped_column(
        ForeignKey("talks.event_id", ondelete="CASCADE"), primary_key=True
    )
    material_id: Mapped[int] = mapped_column(ForeignKey("topic_materials.id"), primary_key=True)


class Talk(Model):
    """What an event of kind law talk is about, for which school, and how many it reached.

    How many came is known either from the names at the door or from a head count, never from
    both: the two are never added. ``counted_by`` says by its role who counted.
    """

    __tablename__ = "talks"
    __table_args__ = (
        CheckConstraint("expected >= 0", name="expected"),
        CheckConstraint("headcount IS NULL OR headcount >= 0", name="headcount"),
        CheckConstraint(
            "(reach IS NULL AND reported_at IS NULL AND headcount IS NULL)"
            " OR (reach = 'named' AND reported_at IS NOT NULL AND headcount IS NULL)"
            " OR (reach = 'headcount' AND reported_at IS NOT NULL AND headcount IS NOT NULL"
            " AND counted_by <> '' AND count_method IS NOT NULL)",
            name="one_figure",
        ),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    school: Mapped[str] = mapped_column(String(120), default="", index=True)
    expected: Mapped[int] = mapped_column(default=0)
    reach: Mapped[Reach | None] = mapped_column(choice(Reach, "reach"))
    headcount: Mapped[int | None]
    counted_by: Mapped[str] = mapped_column(String(120), default="")
    count_method: Mapped[CountMethod | None] = mapped_column(choice(CountMethod, "count_method"))
    note: Mapped[str] = mapped_column(Text, default="")
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    alerted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    event: Mapped[Event] = relationship(lazy="joined", innerjoin=True)
    topics: Mapped[list[Topic]] = relationship(
        secondary="talk_topics", order_by=(Topic.position, Topic.id), lazy="selectin"
    )
    materials: Mapped[list[TopicMaterial]] = relationship(secondary="talk_materials")
    questions: Mapped[list["TalkQuestion"]] = relationship(
        cascade="all, delete-orphan", order_by="TalkQuestion.id"
    )


class TalkQuestion(Model):
    """A question that was asked at a talk: it shows staff what the topic still has to say."""

    __tablename__ = "talk_questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(
        ForeignKey("talks.event_id", ondelete="CASCADE"), index=True
    )
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"), index=True)
    question: Mapped[str] = mapped_column(String(500))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TalkTarget(Model):
    """How many of one school a series is to reach."""

    __tablename__ = "talk_targets"
    __table_args__ = (CheckConstraint("people >= 0", name="people"),)

    series_id: Mapped[int] = mapped_column(
        ForeignKey("talk_plans.series_id", ondelete="CASCADE"), primary_key=True
    )
    school: Mapped[str] = mapped_column(String(120), primary_key=True)
    people: Mapped[int]


class TalkPlan(Model):
    """What a series of talks is for: its audience and how many it is to reach, in which season."""

    __tablename__ = "talk_plans"
    __table_args__ = (
        CheckConstraint("target >= 1", name="target"),
        CheckConstraint("last_day >= first_day", name="season"),
    )

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), primary_key=True)
    audience: Mapped[str] = mapped_column(String(200), default="")
    target: Mapped[int]
    first_day: Mapped[date]
    last_day: Mapped[date]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    series: Mapped[Series] = relationship(lazy="joined", innerjoin=True)
    targets: Mapped[list[TalkTarget]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="TalkTarget.school"
    )


class TalkRequest(Model):
    """A school or a neighbourhood asks for a talk, without an account.

    ``code`` makes its private link, as with a ticket. An erased row keeps what the office counts
    and nothing of the person who asked.
    """

    __tablename__ = "talk_requests"
    __table_args__ = (
        CheckConstraint("people BETWEEN 1 AND 100000", name="people"),
        Index("ix_talk_requests_status", "status", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    status: Mapped[TalkRequestStatus] = mapped_column(choice(TalkRequestStatus, "status"))
    organisation: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(80))
    contact_kind: Mapped[ContactKind] = mapped_column(choice(ContactKind, "contact_kind"))
    contact: Mapped[str] = mapped_column(String(254))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"), index=True)
    people: Mapped[int]
    wished_on: Mapped[date | None]
    wishes: Mapped[str] = mapped_column(String(1000), default="")
    languages: Mapped[str] = mapped_column(String(80), default="")
    language: Mapped[str] = mapped_column(String(8))
    privacy_version: Mapped[str] = mapped_column(String(20))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500), default="", server_default=text("''"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    community: Mapped[Community | None] = relationship(lazy="joined")
    event: Mapped[Event | None] = relationship()
    topics: Mapped[list[Topic]] = relationship(
        secondary="talk_request_topics", order_by=(Topic.position, Topic.id), lazy="selectin"
    )


class TalkRequestTopic(Model):
    __tablename__ = "talk_request_topics"

    request_id: Mapped[int] = mapped_column(
        ForeignKey("talk_requests.id", ondelete="CASCADE"), primary_key=True
    )
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True)
