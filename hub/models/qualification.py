"""What a lecturer may speak about: a topic, in a language, from one day to another."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from hub.extensions import Model
from hub.models.translated import LanguageRow, Translated
from hub.models.types import UtcDateTime


class TopicText(LanguageRow, Model):
    __tablename__ = "topic_texts"

    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(120))


class Topic(Translated[TopicText], Model):
    """A subject of law talks, such as traffic or renting."""

    __tablename__ = "topics"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    texts: Mapped[dict[str, TopicText]] = relationship(
        collection_class=attribute_keyed_dict("language"),
        cascade="all, delete-orphan",
        lazy="selectin",
    )

    @property
    def name(self) -> str:
        return self.text().name


class Qualification(Model):
    """A person passed the assessment of ``examiner`` for a topic in a language.

    Both ends of the validity are included; ``revoked_on`` is the first day on which it does not
    hold any more. Whether somebody is qualified is asked for a date (rule 8).
    """

    __tablename__ = "qualifications"
    __table_args__ = (
        CheckConstraint("valid_until >= valid_from", name="validity"),
        Index("ix_qualifications_topic_id_user_id", "topic_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    language: Mapped[str] = mapped_column(String(8))
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    revoked_on: Mapped[date | None]
    examiner: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    topic: Mapped[Topic] = relationship(lazy="joined", innerjoin=True)

    def is_valid(self, on: date) -> bool:
        """Whether it holds on that day."""
        if self.revoked_on is not None and on >= self.revoked_on:
            return False
        return self.valid_from <= on <= self.valid_until
