"""Surveys after an event. An answer says nothing about who gave it (rule 17).

That somebody has answered and what was answered are two tables without a column in common but
the event. docs/decisions/0017 says how the two stay apart.
"""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from hub.extensions import Model
from hub.models.account import User
from hub.models.event import Event
from hub.models.translated import LanguageRow


class SurveySpent(Model):
    """That one checked-in attendee has answered. ``digest`` is made of the place on the sign-up
    with the site's key (hub/integrations/signing.py): the table alone tells nobody who."""

    __tablename__ = "survey_spent"
    __table_args__ = {"sqlite_with_rowid": False}

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)


class SurveyCommentText(LanguageRow, Model):
    """A comment in another language, written by a person of the staff."""

    __tablename__ = "survey_comment_texts"

    answer_id: Mapped[str] = mapped_column(
        ForeignKey("survey_answers.id", ondelete="CASCADE"), primary_key=True
    )
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    by: Mapped[User] = relationship()


class SurveyAnswer(Model):
    """One answer: three taps and perhaps a comment. No person, no time, no order: ``id`` is
    random and the rows lie by it. ``shown``: it is in the results, which grow by five at least.
    """

    __tablename__ = "survey_answers"
    __table_args__ = (
        Index("ix_survey_answers_event_id_shown", "event_id", "shown"),
        CheckConstraint("enjoyed BETWEEN 1 AND 5", name="enjoyed"),
        CheckConstraint("understood BETWEEN 1 AND 3", name="understood"),
        CheckConstraint("again BETWEEN 1 AND 3", name="again"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    language: Mapped[str] = mapped_column(String(8))
    enjoyed: Mapped[int]
    understood: Mapped[int]
    again: Mapped[int]
    comment: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    shown: Mapped[bool] = mapped_column(default=False)

    event: Mapped[Event] = relationship()
    translations: Mapped[dict[str, SurveyCommentText]] = relationship(
        collection_class=attribute_keyed_dict("language"), cascade="all, delete-orphan"
    )
