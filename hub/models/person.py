"""What a person tells about themselves so that the right duties find them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.enums import LanguageLevel, Skill
from hub.extensions import Model
from hub.models.account import User
from hub.models.types import UtcDateTime, choice

WEEKDAYS = 0b1111111


class Profile(Model):
    """The person behind an account. ``weekdays`` is a bit mask of free days, Monday is bit 0.

    No passport number, no photo of a paper: what was shown at the desk is a ``PaperSeen``.
    """

    __tablename__ = "profiles"
    __table_args__ = (
        CheckConstraint("weekdays BETWEEN 0 AND 127", name="weekdays"),
        Index("ix_profiles_search_key", "search_key"),
    )

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    spoken_name: Mapped[str] = mapped_column(String(120), default="")
    school: Mapped[str] = mapped_column(String(120), default="")
    country: Mapped[str] = mapped_column(String(2), default="", index=True)
    phone: Mapped[str] = mapped_column(String(20), default="")
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"), index=True)
    weekdays: Mapped[int] = mapped_column(default=0)
    search_key: Mapped[str] = mapped_column(String(400), default="")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(back_populates="profile", innerjoin=True)
    languages: Mapped[list["PersonLanguage"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="PersonLanguage.language"
    )
    skills: Mapped[list["PersonSkill"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="PersonSkill.skill"
    )


class PersonLanguage(Model):
    """How well a person speaks and writes a language."""

    __tablename__ = "person_languages"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("profiles.user_id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(8), primary_key=True, index=True)
    oral: Mapped[LanguageLevel | None] = mapped_column(choice(LanguageLevel, "oral"))
    written: Mapped[LanguageLevel | None] = mapped_column(choice(LanguageLevel, "written"))


class PersonSkill(Model):
    """Something a person can do that duties may need."""

    __tablename__ = "person_skills"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("profiles.user_id", ondelete="CASCADE"), primary_key=True
    )
    skill: Mapped[Skill] = mapped_column(choice(Skill, "skill"), primary_key=True)


class PaperSeen(Model):
    """ "Paper seen by X on D": the desk saw a paper; no number and no copy of it is kept."""

    __tablename__ = "papers_seen"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    paper: Mapped[str] = mapped_column(String(20))
    valid_until: Mapped[date | None]
    seen_on: Mapped[date]
    seen_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    seen_by: Mapped[User] = relationship(foreign_keys=[seen_by_id], lazy="joined")


class Absence(Model):
    """Days on which somebody said that they cannot serve; both ends are included. Why is theirs."""

    __tablename__ = "absences"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="days"),
        Index("ix_absences_user_id_starts_on", "user_id", "starts_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
