"""What a lecturer may speak about: a topic, in a language, from one day to another."""

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.enums import QualificationState
from hub.extensions import Model
from hub.models.account import User
from hub.models.topic import Topic
from hub.models.types import UtcDateTime

DAY = timedelta(days=1)


class QualificationSuspension(Model):
    """Days on which a qualification does not hold; ``ends_on``, the last of them, may be open."""

    __tablename__ = "qualification_suspensions"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    qualification_id: Mapped[int] = mapped_column(
        ForeignKey("qualifications.id", ondelete="CASCADE"), index=True
    )
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(500))

    def holds(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


class Qualification(Model):
    """A person passed the assessment of ``examiner`` for a topic in a language.

    Both ends of the validity are included; ``revoked_on`` is the first day on which it does not
    hold any more. Whether somebody is qualified is asked for a date (rule 8).
    """

    __tablename__ = "qualifications"
    __table_args__ = (
        CheckConstraint("valid_until >= valid_from", name="validity"),
        Index("ix_qualifications_topic_id_user_id", "topic_id", "user_id"),
        Index(
            "uq_qualifications_live",
            *("user_id", "topic_id", "language", "valid_from"),
            unique=True,
            sqlite_where=text("revoked_on IS NULL"),
            postgresql_where=text("revoked_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    language: Mapped[str] = mapped_column(String(8))
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    revoked_on: Mapped[date | None]
    revoke_reason: Mapped[str] = mapped_column(String(500), default="", server_default=text("''"))
    examiner: Mapped[str] = mapped_column(String(120))
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessments.id"))
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    topic: Mapped[Topic] = relationship(lazy="joined", innerjoin=True)
    user: Mapped[User] = relationship(foreign_keys=[user_id], innerjoin=True)
    suspensions: Mapped[list[QualificationSuspension]] = relationship(
        cascade="all, delete-orphan",
        lazy="selectin",
        order_by="QualificationSuspension.starts_on",
    )

    def is_valid(self, on: date) -> bool:
        """Whether it holds on that day (rule 8)."""
        if self.revoked_on is not None and on >= self.revoked_on:
            return False
        if not self.valid_from <= on <= self.valid_until:
            return False
        return not any(suspension.holds(on) for suspension in self.suspensions)

    def state(self, on: date) -> QualificationState:
        """How it stands on that day: what ended it goes before what only interrupts it."""
        if self.revoked_on is not None and on >= self.revoked_on:
            return QualificationState.REVOKED
        if on > self.valid_until:
            return QualificationState.EXPIRED
        if on < self.valid_from:
            return QualificationState.TO_COME
        return QualificationState.VALID if self.is_valid(on) else QualificationState.SUSPENDED

    @property
    def last_day(self) -> date:
        """The last day of it; the day before the first one if it was revoked before it began."""
        if self.revoked_on is None:
            return self.valid_until
        return max(self.valid_from - DAY, min(self.valid_until, self.revoked_on - DAY))
