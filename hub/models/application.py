"""Applications to a programme, the questions that staff ask in them, and the conversation."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from hub.enums import ApplicationStatus, Programme, QuestionKind
from hub.extensions import Model
from hub.models.account import User
from hub.models.community import Community
from hub.models.translated import LanguageRow, Translated
from hub.models.types import UtcDateTime, choice


class QuestionText(LanguageRow, Model):
    __tablename__ = "question_texts"

    question_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    label: Mapped[str] = mapped_column(String(300))
    hint: Mapped[str] = mapped_column(String(300), default="")


class Question(Translated[QuestionText], Model):
    """What staff ask of everybody who applies. One no longer asked stays (``active``)."""

    __tablename__ = "questions"
    __table_args__ = (Index("ix_questions_programme_position", "programme", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme: Mapped[Programme] = mapped_column(choice(Programme, "programme"))
    kind: Mapped[QuestionKind] = mapped_column(choice(QuestionKind, "kind"))
    position: Mapped[int] = mapped_column(default=0)
    required: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    texts: Mapped[dict[str, QuestionText]] = relationship(
        collection_class=attribute_keyed_dict("language"),
        cascade="all, delete-orphan",
        lazy="selectin",
    )


class Application(Model):
    """Somebody wants to join a programme.

    ``answers`` is a list of {question_id, kind, label: {language: words}, answer}: the questions
    are kept as they were asked, when the application is sent. Until then ``draft`` holds what was
    typed, by question id. One application of a person and programme is open at a time.
    """

    __tablename__ = "applications"
    __table_args__ = (
        Index(
            "uq_applications_open",
            "user_id",
            "programme",
            unique=True,
            sqlite_where=text("status IN ('draft', 'submitted', 'under_review', 'info_requested')"),
            postgresql_where=text(
                "status IN ('draft', 'submitted', 'under_review', 'info_requested')"
            ),
        ),
        Index("ix_applications_status", "status", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    programme: Mapped[Programme] = mapped_column(choice(Programme, "programme"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"), index=True)
    status: Mapped[ApplicationStatus] = mapped_column(
        choice(ApplicationStatus, "status"), default=ApplicationStatus.DRAFT
    )
    language: Mapped[str] = mapped_column(String(8))
    draft: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    answers: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(String(1000), default="")

    user: Mapped[User] = relationship(foreign_keys=[user_id], innerjoin=True)
    community: Mapped[Community | None] = relationship(lazy="joined")
    messages: Mapped[list["ApplicationMessage"]] = relationship(
        cascade="all, delete-orphan", order_by="ApplicationMessage.id"
    )


class ApplicationMessage(Model):
    """A line of the conversation about an application. ``from_staff`` says which side wrote it."""

    __tablename__ = "application_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    from_staff: Mapped[bool]
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    author: Mapped[User] = relationship(lazy="joined")
