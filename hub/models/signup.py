"""Sign-ups: a party's place at an event, or in the queue for one."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.enums import ContactKind, SignUpStatus
from hub.extensions import Model
from hub.models.event import Event
from hub.models.types import UtcDateTime, choice


class SignUp(Model):
    """A party of ``party_size`` people under one name and one contact.

    The queue is served in the order of ``id``: rows are inserted under the event's lock, so that
    ids follow arrival. ``code`` is the number on the ticket; the private link is the code with a
    signature (hub/integrations/signing.py), so nothing at rest opens a ticket. The partial unique
    index is the last line of rule 2; ``contact_key`` is the contact with case and width folded.
    ``user_id`` is the account whose confirmed address the contact is. An erased row keeps its
    party for the totals and nothing of the person.
    """

    __tablename__ = "sign_ups"
    __table_args__ = (
        Index(
            "uq_sign_ups_live_contact",
            "event_id",
            "contact_key",
            unique=True,
            sqlite_where=text("status <> 'cancelled'"),
            postgresql_where=text("status <> 'cancelled'"),
        ),
        Index("ix_sign_ups_event_id_status", "event_id", "status", "id"),
        CheckConstraint("party_size BETWEEN 1 AND 20", name="party_size"),
        {"sqlite_autoincrement": True},  # ids are never used again: they are the queue's order
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    code: Mapped[str] = mapped_column(String(12), unique=True)
    status: Mapped[SignUpStatus] = mapped_column(choice(SignUpStatus, "status"))
    name: Mapped[str] = mapped_column(String(80))
    contact_kind: Mapped[ContactKind] = mapped_column(choice(ContactKind, "contact_kind"))
    contact: Mapped[str] = mapped_column(String(254))
    contact_key: Mapped[str] = mapped_column(String(254), index=True)
    party_size: Mapped[int]
    language: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    promoted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    release_reason: Mapped[str] = mapped_column(String(500), default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    privacy_version: Mapped[str] = mapped_column(String(20), default="")
    reminders_off: Mapped[bool] = mapped_column(default=False, server_default=false())

    event: Mapped[Event] = relationship(lazy="joined", innerjoin=True)

    @property
    def number(self) -> str:
        """The ticket's number as people read it out: ``K7MX-2QPD``."""
        return f"{self.code[:4]}-{self.code[4:]}"
