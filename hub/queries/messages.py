"""Reads of the outbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, exists, func, select

from hub import clock
from hub.enums import ContactKind, MessageState, SignUpStatus
from hub.extensions import db
from hub.models import Event, Heartbeat, Message, SignUp, User
from hub.policies import WORDS_KEPT, is_admin
from hub.queries.events import managed_by

LATE_AFTER = timedelta(minutes=15)
ASLEEP_AFTER = timedelta(minutes=5)
LATE_TRIES = 3  # 14 minutes of them


@dataclass(frozen=True, slots=True)
class Outbox:
    """``failed``: given up after all attempts. ``late``: due for a quarter of an hour, not sent.
    ``bounced``: refused by the mail server of whom they were for."""

    failed: int
    late: int
    bounced: int = 0


@dataclass(frozen=True, slots=True)
class MailHealth:
    """Of all mails together. ``late``: one is due for a quarter of an hour. ``asleep``: some are
    due, and no worker was seen for five minutes; ``seen_at``: when one was, None if never."""

    late: bool
    asleep: bool
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Audience:
    """People who are signed up: how many get a mail, and how many gave only a phone number."""

    by_mail: int
    by_phone: int

    @property
    def all(self) -> int:
        return self.by_mail + self.by_phone


def outbox_of(user: User) -> Outbox:
    """How the messages about the events that ``user`` manages are getting on."""
    failed = Message.state == MessageState.FAILED
    bounced = Message.state == MessageState.BOUNCED
    query = select(
        *(
            func.coalesce(func.sum(case((which, 1), else_=0)), 0)
            for which in (failed, _late(), bounced)
        )
    ).where(Message.state.in_([MessageState.FAILED, MessageState.QUEUED, MessageState.BOUNCED]))
    query = query.where(Message.created_at > clock.now() - WORDS_KEPT)  # older: past mending
    if not is_admin(user):  # who also sees how the mails of accounts are getting on
        query = (
            query.join(SignUp, SignUp.id == Message.sign_up_id)
            .join(Event, Event.id == SignUp.event_id)
            .where(managed_by(user))
        )
    return Outbox(*db.session.execute(query).one())


def _late() -> ColumnElement[bool]:
    """Due for long, or tried for as long."""
    overdue = Message.due_at < clock.now() - LATE_AFTER
    return (Message.state == MessageState.QUEUED) & (overdue | (Message.attempts >= LATE_TRIES))


def mail_health() -> MailHealth:
    """Whether mails leave, and when a worker was last seen (any of them)."""
    moment = clock.now()
    waits = Message.state.in_([MessageState.QUEUED, MessageState.SENDING]) & (
        Message.due_at <= moment
    )
    seen = select(func.max(Heartbeat.seen_at)).scalar_subquery()
    query = select(exists().where(waits), exists().where(_late()), seen)
    due, late, seen_at = db.session.execute(query).one()
    return MailHealth(
        late=bool(late),
        asleep=bool(due) and (seen_at is None or seen_at < moment - ASLEEP_AFTER),
        seen_at=seen_at,
    )


def audience_of(event_id: int) -> Audience:
    """Who is told when the event changes: confirmed and waiting parties."""
    query = (
        select(SignUp.contact_kind, func.count())
        .where(
            SignUp.event_id == event_id,
            SignUp.status.in_([SignUpStatus.CONFIRMED, SignUpStatus.WAITLISTED]),
            SignUp.erased_at.is_(None),
        )
        .group_by(SignUp.contact_kind)
    )
    counts = {row[0]: row[1] for row in db.session.execute(query)}
    return Audience(counts.get(ContactKind.EMAIL, 0), counts.get(ContactKind.PHONE, 0))
