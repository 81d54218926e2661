"""The outbox: a message is a row written with the change it tells of, and sent after (rule 23)."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.enums import MessageChoice, MessageKind, MessageState
from hub.extensions import Model
from hub.models.account import User
from hub.models.signup import SignUp
from hub.models.suggestion import Backer, Suggestion
from hub.models.talk import TalkRequest
from hub.models.types import UtcDateTime, choice, new_uid


class Message(Model):
    """One mail to one person. Its text is written when it is sent, from the rows as they are then.

    It goes to the contact of ``sign_up`` or of ``talk_request``, to whoever made ``suggestion`` or
    stands behind one (``backer``), or to the account of ``user`` about the thing with
    ``subject_id``. ``facts`` holds what those rows no longer say, such as the old time of a moved
    event. Mails about an account itself come with ``address``, ``subject`` and ``body``, and the
    body, which may hold a one-time link, is wiped once it is sent.

    ``once`` names what may be said only once, such as a reminder of one day: the database refuses
    a second one. ``message_id`` is that of the mail (RFC 5322 §3.6.4), the same at every attempt.
    """

    __tablename__ = "messages"
    __table_args__ = (Index("ix_messages_state_due_at", "state", "due_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[MessageKind] = mapped_column(choice(MessageKind, "kind", length=40))
    state: Mapped[MessageState] = mapped_column(
        choice(MessageState, "state"), default=MessageState.QUEUED
    )
    sign_up_id: Mapped[int | None] = mapped_column(ForeignKey("sign_ups.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    subject_id: Mapped[int | None]
    talk_request_id: Mapped[int | None] = mapped_column(ForeignKey("talk_requests.id"), index=True)
    suggestion_id: Mapped[int | None] = mapped_column(ForeignKey("suggestions.id"), index=True)
    backer_id: Mapped[int | None] = mapped_column(
        ForeignKey("suggestion_backers.id", ondelete="CASCADE"), index=True
    )
    address: Mapped[str] = mapped_column(String(254), server_default=text("''"))
    subject: Mapped[str] = mapped_column(String(250), server_default=text("''"))
    body: Mapped[str] = mapped_column(Text, server_default=text("''"))
    facts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    message_id: Mapped[str] = mapped_column(String(120), unique=True, default=new_uid)
    once: Mapped[str | None] = mapped_column(String(80), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(250), default="")

    sign_up: Mapped[SignUp | None] = relationship(lazy="joined")
    user: Mapped[User | None] = relationship()
    talk_request: Mapped[TalkRequest | None] = relationship()
    suggestion: Mapped[Suggestion | None] = relationship()
    backer: Mapped[Backer | None] = relationship()


class SwitchedOff(Model):
    """A kind of message that the person of an account does not want."""

    __tablename__ = "switched_off"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    choice: Mapped[MessageChoice] = mapped_column(choice(MessageChoice, "choice"), primary_key=True)


class Heartbeat(Model):
    """When a process that should always run was last seen at work."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
