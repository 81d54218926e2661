"""Training of lecturers: who teaches what, who was asked to come, who learnt and who passed.

A training is an event of that kind; people enrol by signing up for it (hub/models/signup.py), and
the door's check-in is their attendance.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.enums import AssessmentResult
from hub.extensions import Model
from hub.models.account import User
from hub.models.event import Event
from hub.models.topic import Topic
from hub.models.types import UtcDateTime, choice


class TrainingTopic(Model):
    """A topic that a training teaches."""

    __tablename__ = "training_topics"

    event_id: Mapped[int] = mapped_column(
        ForeignKey("trainings.event_id", ondelete="CASCADE"), primary_key=True
    )
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True)


class Training(Model):
    """What an event of kind training is for lecturers: the unit that runs it, and its topics."""

    __tablename__ = "trainings"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    unit: Mapped[str] = mapped_column(String(120))

    event: Mapped[Event] = relationship(lazy="joined", innerjoin=True)
    topics: Mapped[list[Topic]] = relationship(
        secondary="training_topics", order_by=(Topic.position, Topic.id), lazy="selectin"
    )


class TrainingInvitation(Model):
    """Somebody was asked to come to a training. Who comes signs up; who cannot says so."""

    __tablename__ = "training_invitations"
    __table_args__ = (
        Index("uq_training_invitations_event_id_user_id", "event_id", "user_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("trainings.event_id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    training: Mapped[Training] = relationship(innerjoin=True)
    user: Mapped[User] = relationship(foreign_keys=[user_id], innerjoin=True)


class StudyRecord(Model):
    """Minutes that somebody learnt at a training. They never count as service (Decree 67 art. 8);
    they stay when the sign-up behind them is purged."""

    __tablename__ = "study_records"
    __table_args__ = (
        CheckConstraint("minutes > 0 AND minutes <= 1440", name="minutes"),
        Index("uq_study_records_event_id_user_id", "event_id", "user_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    studied_on: Mapped[date]
    minutes: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    event: Mapped[Event] = relationship(innerjoin=True)


class Assessment(Model):
    """An examiner's word on one person, topic and language. The newest one counts; each stays."""

    __tablename__ = "assessments"
    __table_args__ = (Index("ix_assessments_user_id_topic_id", "user_id", "topic_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("trainings.event_id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    language: Mapped[str] = mapped_column(String(8))
    result: Mapped[AssessmentResult] = mapped_column(choice(AssessmentResult, "result"))
    examined_on: Mapped[date]
    examiner: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(500), default="")
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    topic: Mapped[Topic] = relationship(lazy="joined", innerjoin=True)
    training: Mapped[Training] = relationship(innerjoin=True)
    user: Mapped[User] = relationship(foreign_keys=[user_id], innerjoin=True)
