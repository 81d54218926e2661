"""Suggestions: what somebody would like to be better, and what becomes of it (rules 15, 16).

Dates only, and random ids: of a suggestion that was made without a name nothing says when exactly
it came or between which two others (docs/decisions/0018).
"""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from hub.enums import (
    REFERRED_CATEGORIES,
    ContactKind,
    Moderation,
    SuggestionCategory,
    SuggestionEntryKind,
    SuggestionIdentity,
    SuggestionOutcome,
    SuggestionStatus,
    Verdict,
)
from hub.extensions import Model
from hub.i18n import current_language, fallback_chain
from hub.models.account import User
from hub.models.community import Community
from hub.models.translated import LanguageRow, Translated
from hub.models.types import UtcDateTime, choice

NEVER_PUBLIC = ", ".join(f"'{category.value}'" for category in REFERRED_CATEGORIES)
EMPTY = text("''")


def suggestion_number(suggestion_id: int) -> str:
    """The id as people read it out: ``412-607-935``."""
    digits = f"{suggestion_id:09d}"
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"


class SuggestionText(LanguageRow, Model):
    """What staff wrote of a suggestion in one language: its title, what it says, what changed.

    In the submitter's language it may be the original or an edited form of it, in any other one
    it is a translation by a person (``by``). Public once the suggestion is.
    """

    __tablename__ = "suggestion_texts"

    suggestion_id: Mapped[int] = mapped_column(
        ForeignKey("suggestions.id", ondelete="CASCADE"), primary_key=True
    )
    title: Mapped[str] = mapped_column(String(120))
    said: Mapped[str] = mapped_column(Text, default="")
    did: Mapped[str] = mapped_column(Text, default="", server_default=EMPTY)
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class Suggestion(Translated[SuggestionText], Model):
    """One suggestion. ``id`` is random; ``original`` never changes, it can only be erased.

    Who made it: ``user_id``, or ``contact``, or nobody but the holder of the claim code, of which
    ``claim_hash`` is kept, or nobody at all (``identity``). ``code`` makes the private link, as
    with a ticket; an anonymous one has none. ``collected_by`` wrote it down for somebody, whom
    ``name`` says (rule 16). ``language`` is the one it was made in and is answered in.

    ``due_on`` is when its owner has to answer; the clock stands since ``paused_on`` while the
    submitter is asked for something. ``counted_on`` is when the present round of the clock began:
    the day it came, or was opened again.
    """

    __tablename__ = "suggestions"
    __table_args__ = (
        # The same text twice in one day is one suggestion (a button pressed twice, spam).
        UniqueConstraint("received_on", "text_digest"),
        Index("ix_suggestions_status_due_on", "status", "due_on"),
        Index("ix_suggestions_public", "public", "status", "concluded_on"),
        CheckConstraint(
            "identity <> 'anonymous' OR (user_id IS NULL AND contact = '' AND name = ''"
            " AND code IS NULL AND claim_hash IS NULL AND collected_by_id IS NULL)",
            name="anonymous",
        ),
        CheckConstraint(
            "NOT public OR (may_publish AND moderation = 'fit'"
            f" AND category NOT IN ({NEVER_PUBLIC}))",
            name="public",
        ),
        CheckConstraint("status <> 'not_adopted' OR reason <> ''", name="not_adopted"),
        CheckConstraint(
            "status NOT IN ('responded', 'done') OR answered_on IS NOT NULL", name="answered"
        ),
        CheckConstraint(
            "status <> 'referred' OR (referred_to <> '' AND reason <> '')", name="referred"
        ),
        CheckConstraint("status <> 'duplicate' OR duplicate_of_id IS NOT NULL", name="duplicate"),
        CheckConstraint("duplicate_of_id IS NULL OR duplicate_of_id <> id", name="not_of_itself"),
        CheckConstraint(
            "status NOT IN ('triaged', 'in_progress') OR (owner_id IS NOT NULL"
            " AND due_on IS NOT NULL)",
            name="owned",
        ),
        CheckConstraint(
            f"(status IN ({', '.join(repr(s.value) for s in SuggestionStatus if s.is_final)}))"
            " = (concluded_on IS NOT NULL)",
            name="concluded",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str | None] = mapped_column(String(12), unique=True)
    claim_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    identity: Mapped[SuggestionIdentity] = mapped_column(choice(SuggestionIdentity, "identity"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    contact_kind: Mapped[ContactKind] = mapped_column(
        choice(ContactKind, "contact_kind"), default=ContactKind.EMAIL
    )
    contact: Mapped[str] = mapped_column(String(254), default="")
    collected_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    privacy_version: Mapped[str] = mapped_column(String(20), default="")
    erased_on: Mapped[date | None]

    category: Mapped[SuggestionCategory] = mapped_column(choice(SuggestionCategory, "category"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"), index=True)
    place: Mapped[str] = mapped_column(String(200), default="")
    original: Mapped[str] = mapped_column(Text)
    text_digest: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    photo_name: Mapped[str | None] = mapped_column(String(60), unique=True)
    photo_public: Mapped[bool] = mapped_column(default=False, server_default=false())

    status: Mapped[SuggestionStatus] = mapped_column(
        choice(SuggestionStatus, "status"), default=SuggestionStatus.RECEIVED
    )
    received_on: Mapped[date]
    counted_on: Mapped[date]
    acknowledged_on: Mapped[date | None]
    due_on: Mapped[date | None]
    paused_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    concluded_on: Mapped[date | None]
    asked_on: Mapped[date | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    outcome: Mapped[SuggestionOutcome | None] = mapped_column(choice(SuggestionOutcome, "outcome"))
    reason: Mapped[str] = mapped_column(String(1000), default="")
    referred_to: Mapped[str] = mapped_column(String(120), default="")
    reference: Mapped[str] = mapped_column(String(80), default="")
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("suggestions.id"), index=True)
    verdict: Mapped[Verdict | None] = mapped_column(choice(Verdict, "verdict"))

    may_publish: Mapped[bool] = mapped_column(default=False)
    public: Mapped[bool] = mapped_column(default=False)
    moderation: Mapped[Moderation] = mapped_column(
        choice(Moderation, "moderation"), default=Moderation.UNCHECKED
    )

    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    collected_by: Mapped[User | None] = relationship(foreign_keys=[collected_by_id])
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    community: Mapped[Community | None] = relationship(lazy="joined")
    duplicate_of: Mapped["Suggestion | None"] = relationship(
        remote_side=[id], back_populates="duplicates"
    )
    duplicates: Mapped[list["Suggestion"]] = relationship(
        back_populates="duplicate_of", order_by="Suggestion.id"
    )
    texts: Mapped[dict[str, SuggestionText]] = relationship(
        collection_class=attribute_keyed_dict("language"),
        cascade="all, delete-orphan",
        lazy="selectin",
    )
    entries: Mapped[list["SuggestionEntry"]] = relationship(
        cascade="all, delete-orphan", order_by="SuggestionEntry.id"
    )
    responses: Mapped[list["SuggestionResponse"]] = relationship(
        cascade="all, delete-orphan", order_by="SuggestionResponse.version"
    )

    @property
    def number(self) -> str:
        """Its number as people read it out: ``412-607-935``."""
        return suggestion_number(self.id)

    @property
    def title(self) -> str:
        """Its title in the language that is being written, or how its text begins; its number
        once its text is deleted."""
        for code in (*fallback_chain(current_language()), self.language):
            if code in self.texts and self.texts[code].title:
                return self.texts[code].title
        first = " ".join(self.original.split()) or self.number
        return first if len(first) <= 80 else f"{first[:79]}…"

    @property
    def response(self) -> "SuggestionResponse | None":
        """The official response that holds: the newest published version."""
        return next((r for r in reversed(self.responses) if r.published_at is not None), None)


class SuggestionEntry(Model):
    """A question of the office and its answer, why it was opened again, the verdict on it."""

    __tablename__ = "suggestion_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    suggestion_id: Mapped[int] = mapped_column(
        ForeignKey("suggestions.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[SuggestionEntryKind] = mapped_column(choice(SuggestionEntryKind, "kind"))
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    on: Mapped[date] = mapped_column("written_on")

    by: Mapped[User | None] = relationship()


class ResponseText(LanguageRow, Model):
    __tablename__ = "suggestion_response_texts"

    response_id: Mapped[int] = mapped_column(
        ForeignKey("suggestion_responses.id", ondelete="CASCADE"), primary_key=True
    )
    text: Mapped[str] = mapped_column(Text)


class SuggestionResponse(Translated[ResponseText], Model):
    """One version of the official response: a draft, then published and never changed again."""

    __tablename__ = "suggestion_responses"
    __table_args__ = (
        UniqueConstraint("suggestion_id", "version"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("outcome <> 'not_adopted' OR reason <> ''", name="reason"),
        CheckConstraint("(published_at IS NULL) = (published_by_id IS NULL)", name="published"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    suggestion_id: Mapped[int] = mapped_column(
        ForeignKey("suggestions.id", ondelete="CASCADE"), index=True
    )
    version: Mapped[int]
    outcome: Mapped[SuggestionOutcome] = mapped_column(choice(SuggestionOutcome, "outcome"))
    reason: Mapped[str] = mapped_column(String(1000), default="")
    written_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    texts: Mapped[dict[str, ResponseText]] = relationship(
        collection_class=attribute_keyed_dict("language"),
        cascade="all, delete-orphan",
        lazy="selectin",
    )
    written_by: Mapped[User] = relationship(foreign_keys=[written_by_id])
    published_by: Mapped[User | None] = relationship(foreign_keys=[published_by_id])


class Backer(Model):
    """Somebody who says "me too" to a public suggestion, or follows it, or both: once a person.

    With an account it counts at once; an e-mail address counts once its owner has opened the link
    that was sent there (``confirmed_on``). Who only says "me too" leaves no address behind:
    ``contact_key`` is a keyed hash of it.
    """

    __tablename__ = "suggestion_backers"
    __table_args__ = (
        UniqueConstraint("suggestion_id", "user_id"),
        UniqueConstraint("suggestion_id", "contact_key"),
        CheckConstraint("(user_id IS NULL) <> (contact_key IS NULL)", name="one_person"),
        CheckConstraint("me_too OR follows", name="wish"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    suggestion_id: Mapped[int] = mapped_column(ForeignKey("suggestions.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    contact_key: Mapped[str | None] = mapped_column(String(64))
    email: Mapped[str] = mapped_column(String(254), default="")
    language: Mapped[str] = mapped_column(String(8))
    me_too: Mapped[bool] = mapped_column(default=True)
    follows: Mapped[bool] = mapped_column(default=False)
    confirmed_on: Mapped[date | None]
    made_on: Mapped[date]

    suggestion: Mapped[Suggestion] = relationship()
    user: Mapped[User | None] = relationship()
