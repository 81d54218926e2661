"""Duties that need somebody, and the people who take them on."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from hub import clock
from hub.enums import AssignmentStatus, LanguageLevel, Programme, Skill
from hub.extensions import Model
from hub.models.account import User
from hub.models.community import Community, Venue
from hub.models.event import Event
from hub.models.record import Activity
from hub.models.topic import Topic
from hub.models.translated import LanguageRow, Translated
from hub.models.types import UtcDateTime, choice, new_uid


class DutyText(LanguageRow, Model):
    __tablename__ = "duty_texts"

    duty_id: Mapped[int] = mapped_column(
        ForeignKey("duties.id", ondelete="CASCADE"), primary_key=True
    )
    title: Mapped[str] = mapped_column(String(120))
    details: Mapped[str] = mapped_column(Text, default="")


class DutyLanguage(Model):
    """A language that the duty needs, spoken at least at ``level``."""

    __tablename__ = "duty_languages"

    duty_id: Mapped[int] = mapped_column(
        ForeignKey("duties.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    level: Mapped[LanguageLevel] = mapped_column(choice(LanguageLevel, "level"))


class DutySkill(Model):
    __tablename__ = "duty_skills"

    duty_id: Mapped[int] = mapped_column(
        ForeignKey("duties.id", ondelete="CASCADE"), primary_key=True
    )
    skill: Mapped[Skill] = mapped_column(choice(Skill, "skill"), primary_key=True)


class Duty(Translated[DutyText], Model):
    """Work that needs ``people_needed`` people at one time: a stall of an event, or by itself.

    ``people_taken`` is kept by triggers on ``assignments`` and never written here; its CHECK
    refuses one person too many, whoever writes. ``batch`` joins the days of a standing need
    (every Tuesday); each day is a duty of its own. ``changed_at`` moves when something changes that
    the calendars of its people show; None as long as it is as it was made.

    A lecturers' duty belongs to a talk: its languages are those in which the lecturer speaks, and
    a qualification proves them, for each of its ``topics``.
    """

    __tablename__ = "duties"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="times"),
        CheckConstraint("people_needed >= 1", name="needed"),
        CheckConstraint("people_taken >= 0 AND people_taken <= people_needed", name="taken"),
        Index("ix_duties_community_id_starts_at", "community_id", "starts_at"),
        Index("ix_duties_starts_at", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme: Mapped[Programme] = mapped_column(choice(Programme, "programme"))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venues.id"), index=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    batch: Mapped[str] = mapped_column(String(36), default="", index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    people_needed: Mapped[int]
    people_taken: Mapped[int] = mapped_column(server_default="0")
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_reason: Mapped[str] = mapped_column(String(500), default="")
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, onupdate=clock.now)

    community: Mapped[Community] = relationship(lazy="joined", innerjoin=True)
    venue: Mapped[Venue] = relationship(lazy="joined", innerjoin=True)
    event: Mapped[Event | None] = relationship()
    activity: Mapped[Activity] = relationship(lazy="joined", innerjoin=True)
    texts: Mapped[dict[str, DutyText]] = relationship(
        collection_class=attribute_keyed_dict("language"),
        cascade="all, delete-orphan",
        lazy="selectin",
    )
    languages: Mapped[list[DutyLanguage]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="DutyLanguage.language"
    )
    skills: Mapped[list[DutySkill]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="DutySkill.skill"
    )
    # What its talk is about; only lecturers' duties have any.
    topics: Mapped[list[Topic]] = relationship(
        secondary="talk_topics",
        primaryjoin="Duty.event_id == TalkTopic.event_id",
        secondaryjoin="TalkTopic.topic_id == Topic.id",
        order_by=(Topic.position, Topic.id),
        viewonly=True,
    )

    @property
    def title(self) -> str:
        return self.text().title

    @property
    def people_missing(self) -> int:
        return self.people_needed - self.people_taken


class Assignment(Model):
    """A person on a duty: offered by staff or asked for, and only confirmed by their own hand
    (``accepted_at``, rule 7). A trigger refuses two overlapping ones of a person (rule 9).

    ``override_reason`` is why staff put somebody on it whom the rules would not (rule 8).
    ``swap_asked_at`` is set while the person looks for somebody to take it over. ``uid`` and
    ``sequence`` are those of its calendar entry (RFC 5545 §3.8.4.7, §3.8.7.4): the person's own,
    so that an answer from their calendar program names them.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index(
            "uq_assignments_live",
            "duty_id",
            "user_id",
            unique=True,
            sqlite_where=text("status NOT IN ('declined', 'withdrawn', 'released', 'cancelled')"),
            postgresql_where=text(
                "status NOT IN ('declined', 'withdrawn', 'released', 'cancelled')"
            ),
        ),
        Index("ix_assignments_user_id_status", "user_id", "status"),
        Index("uq_assignments_uid", "uid", unique=True),
        {"sqlite_autoincrement": True},  # the waiting list is in the order of ids
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    status: Mapped[AssignmentStatus] = mapped_column(choice(AssignmentStatus, "status"))
    offered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str] = mapped_column(String(500), default="")
    released_late: Mapped[bool] = mapped_column(default=False)
    override_reason: Mapped[str] = mapped_column(String(500), default="")
    swap_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    swapped_from_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"))
    uid: Mapped[str] = mapped_column(String(120), default=new_uid, server_default=text("''"))
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, onupdate=clock.now)

    duty: Mapped[Duty] = relationship(lazy="joined", innerjoin=True)
    user: Mapped[User] = relationship(foreign_keys=[user_id], innerjoin=True)
