"""Events and the series they belong to. An event is one session: it happens once, at one place."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from hub.enums import EventKind, EventStatus, Visibility
from hub.extensions import Model
from hub.models.community import Community, Venue
from hub.models.translated import LanguageRow, Translated
from hub.models.types import UtcDateTime, choice, new_uid

MAX_CAPACITY = 100_000
MAX_PARTY = 20


class SeriesText(LanguageRow, Model):
    __tablename__ = "series_texts"

    series_id: Mapped[int] = mapped_column(
        ForeignKey("series.id", ondelete="CASCADE"), primary_key=True
    )
    title: Mapped[str] = mapped_column(String(200))


class Series(Translated[SeriesText], Model):
    """Sessions that belong together: a talk given nine times, a weekly desk.

    ``rule`` is the RFC 5545 recurrence rule that made the sessions. It is kept to be shown; each
    session is edited by itself, since readers mistake moved sessions of one rule.
    """

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    rule: Mapped[str] = mapped_column(String(250), default="")
    community: Mapped[Community] = relationship(lazy="joined")
    texts: Mapped[dict[str, SeriesText]] = relationship(
        collection_class=attribute_keyed_dict("language"),
        cascade="all, delete-orphan",
        lazy="selectin",
    )
    events: Mapped[list["Event"]] = relationship(
        back_populates="series", order_by="Event.starts_at"
    )


class EventText(LanguageRow, Model):
    """What an event says about itself in one language. ``description`` is Markdown.

    ``search_key`` is title and summary folded for search (width and case).
    """

    __tablename__ = "event_texts"

    event_id: Mapped[int] = mapped_column(
        ForeignKey("events.id", ondelete="CASCADE"), primary_key=True
    )
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    cancellation_reason: Mapped[str] = mapped_column(String(500), default="")
    search_key: Mapped[str] = mapped_column(Text)


class EventLanguage(Model):
    """A language that is spoken at an event."""

    __tablename__ = "event_languages"

    event_id: Mapped[int] = mapped_column(
        ForeignKey("events.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(8), primary_key=True)


class Event(Translated[EventText], Model):
    """One session. Times are moments in UTC.

    ``seats_taken`` and ``parties_waiting`` are kept by the database's triggers on ``sign_ups``
    and never written here; the CHECK on them is the last line of rule 1. ``uid`` and ``sequence``
    are those of RFC 5545 §3.8.4.7 and §3.8.7.4; ``changed_at`` is its LAST-MODIFIED and moves
    only when something that readers see has changed.
    """

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint("capacity >= 0", name="capacity"),
        CheckConstraint("seats_taken >= 0 AND seats_taken <= capacity", name="seats"),
        CheckConstraint("parties_waiting >= 0", name="waiting"),
        CheckConstraint("party_limit BETWEEN 1 AND 20", name="party_limit"),
        CheckConstraint("ends_at > starts_at", name="times"),
        CheckConstraint("sequence >= 0", name="sequence"),
        Index("ix_events_public", "visibility", "status", "starts_at", "id"),
        Index("ix_events_community_starts_at", "community_id", "starts_at", "id"),
        Index("ix_events_ends_at", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(120), unique=True, default=new_uid)
    sequence: Mapped[int] = mapped_column(default=0)
    kind: Mapped[EventKind] = mapped_column(choice(EventKind, "kind"))
    status: Mapped[EventStatus] = mapped_column(
        choice(EventStatus, "status"), default=EventStatus.DRAFT
    )
    visibility: Mapped[Visibility] = mapped_column(
        choice(Visibility, "visibility"), default=Visibility.PUBLIC
    )
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    venue_id: Mapped[int] = mapped_column(ForeignKey("venues.id"), index=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sign_up_opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sign_up_closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    capacity: Mapped[int]
    party_limit: Mapped[int] = mapped_column(default=4)
    has_waiting_list: Mapped[bool] = mapped_column(default=True)
    seats_taken: Mapped[int] = mapped_column(server_default="0")
    parties_waiting: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    community: Mapped[Community] = relationship(lazy="joined", innerjoin=True)
    venue: Mapped[Venue] = relationship(lazy="joined", innerjoin=True)
    series: Mapped[Series | None] = relationship(back_populates="events")
    texts: Mapped[dict[str, EventText]] = relationship(
        collection_class=attribute_keyed_dict("language"),
        cascade="all, delete-orphan",
        lazy="selectin",
    )
    spoken: Mapped[list[EventLanguage]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="EventLanguage.language"
    )

    @property
    def title(self) -> str:
        return self.text().title

    @property
    def seats_left(self) -> int:
        return self.capacity - self.seats_taken

    @property
    def languages(self) -> list[str]:
        """Codes of the languages spoken, Chinese and English first."""
        return sorted(
            (row.language for row in self.spoken), key=lambda c: (c != "zh", c != "en", c)
        )

    @languages.setter
    def languages(self, codes: list[str]) -> None:
        present = {row.language: row for row in self.spoken}
        self.spoken = [present.get(c) or EventLanguage(language=c) for c in dict.fromkeys(codes)]

    def has_started(self, now: datetime) -> bool:
        return now >= self.starts_at

    def has_ended(self, now: datetime) -> bool:
        return now >= self.ends_at
