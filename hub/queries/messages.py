"""Reads of the outbox."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, func, select

from hub import clock
from hub.enums import ContactKind, MessageState, SignUpStatus
from hub.extensions import db
from hub.models import Event, Message, SignUp, User
from hub.policies import is_admin
from hub.queries.events import managed_by

LATE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Outbox:
    """``failed``: given up after all attempts. ``late``: due for a quarter of an hour, not sent."""

    failed: int
    late: int


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
    late = (Message.state == MessageState.QUEUED) & (Message.due_at < clock.now() - LATE_AFTER)
    query = select(
        func.coalesce(func.sum(case((failed, 1), else_=0)), 0),
        func.coalesce(func.sum(case((late, 1), else_=0)), 0),
    ).where(Message.state.in_([MessageState.FAILED, MessageState.QUEUED]))
    if not is_admin(user):  # who also sees how the mails of accounts are getting on
        query = (
            query.join(SignUp, SignUp.id == Message.sign_up_id)
            .join(Event, Event.id == SignUp.event_id)
            .where(managed_by(user))
        )
    failed_count, late_count = db.session.execute(query).one()
    return Outbox(failed_count, late_count)


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
