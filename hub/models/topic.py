"""Topics of law talks: what a newcomer must know, and the materials that teach it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text, true
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from hub.extensions import Model
from hub.models.account import User
from hub.models.translated import LanguageRow, Translated
from hub.models.types import UtcDateTime


class TopicText(LanguageRow, Model):
    """What a topic says in one language. ``essentials`` is Markdown: what a newcomer must know."""

    __tablename__ = "topic_texts"

    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))
    essentials: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))


class Topic(Translated[TopicText], Model):
    """A subject of law talks, such as traffic or renting.

    ``version`` rises whenever a text changes; it was last read through by the police or the
    office on ``checked_on`` and holds until ``valid_until``, if that is set. One that is taken
    out of use (``active``) stays for what was done with it.
    """

    __tablename__ = "topics"
    __table_args__ = (CheckConstraint("version >= 1", name="version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    checked_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    texts: Mapped[dict[str, TopicText]] = relationship(
        collection_class=attribute_keyed_dict("language"),
        cascade="all, delete-orphan",
        lazy="selectin",
    )
    materials: Mapped[list["TopicMaterial"]] = relationship(
        cascade="all, delete-orphan", order_by="TopicMaterial.language, TopicMaterial.id"
    )

    @property
    def name(self) -> str:
        return self.text().name

    def holds(self, on: date) -> bool:
        """Whether its texts still hold on that day."""
        return self.active and (self.valid_until is None or on <= self.valid_until)


class TopicMaterial(Model):
    """Slides, a leaflet or an address in one language: a file or a link, never both.

    A new version is a new row that ``replaces`` the old one, which is withdrawn and kept: a talk
    says which one it used. It holds from ``valid_from`` to ``valid_until``, both included.
    """

    __tablename__ = "topic_materials"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("(url = '') <> (stored_name IS NULL)", name="file_or_link"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="validity"),
        Index("ix_topic_materials_topic_id_language", "topic_id", "language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(200))
    public: Mapped[bool] = mapped_column(default=False)
    url: Mapped[str] = mapped_column(String(500), default="")
    stored_name: Mapped[str | None] = mapped_column(String(60), unique=True)
    shown_name: Mapped[str] = mapped_column(String(120), default="")
    media_type: Mapped[str] = mapped_column(String(100), default="")
    size: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("topic_materials.id"))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    created_by: Mapped[User] = relationship(foreign_keys=[created_by_id])

    def holds(self, on: date) -> bool:
        """Whether it can be used on that day."""
        if self.withdrawn_at is not None or on < self.valid_from:
            return False
        return self.valid_until is None or on <= self.valid_until
