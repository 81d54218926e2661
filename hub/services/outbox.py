"""How messages leave: a worker claims one, commits, sends it, and marks what came of it.

Several workers share the queue. One that dies leaves its message in hand; it is taken up again
after ten minutes under the same Message-ID, which mailboxes know it by.
"""

from datetime import timedelta

from sqlalchemy import select, update

from hub import clock
from hub.enums import MessageState
from hub.exceptions import NotAllowed, WrongState
from hub.extensions import db
from hub.models import Heartbeat, Message, User
from hub.models.types import new_uid
from hub.policies import can_see_message, leaves_at, why_not_send_again
from hub.services import audit

MAX_ATTEMPTS = 8
STALE_AFTER = timedelta(minutes=10)
WORKER = "worker"


def claim_message() -> Message | None:
    """Take the next message that is due for this worker alone, or None. Commit before sending.

    One that took eight workers with it is given up.
    """
    moment = clock.now()
    db.session.execute(
        update(Message)
        .where(
            Message.state == MessageState.SENDING,
            Message.due_at <= moment,
            Message.attempts >= MAX_ATTEMPTS,
        )
        .values(state=MessageState.FAILED, last_error="the worker stopped each time")
    )
    due = (
        select(Message.id)
        .where(
            Message.state.in_([MessageState.QUEUED, MessageState.SENDING]), Message.due_at <= moment
        )
        .order_by(Message.due_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Message)
    )
    message_id = db.session.scalar(due)
    if message_id is None:
        return None
    db.session.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(
            state=MessageState.SENDING,
            attempts=Message.attempts + 1,
            due_at=moment + STALE_AFTER,
        )
    )
    return db.session.get(Message, message_id, populate_existing=True)


def mark_sent(message: Message) -> None:
    message.state = MessageState.SENT
    message.sent_at = clock.now()
    message.last_error = ""
    message.body = ""


def mark_failed(message: Message, error: str, *, give_up: bool = True) -> None:
    """Try again later, each time after twice as long; give up after eight attempts.

    Not ``give_up``: the fault is not the message's, such as a server that is away for days.
    """
    message.last_error = error[:250]
    if not give_up:
        message.attempts = min(message.attempts, MAX_ATTEMPTS - 1)
    if message.attempts >= MAX_ATTEMPTS:
        message.state = MessageState.FAILED
    else:
        message.state = MessageState.QUEUED
        message.due_at = clock.now() + timedelta(minutes=2**message.attempts)


def mark_dropped(message: Message) -> None:
    """It is not true any more: nobody gets it."""
    message.state = MessageState.DROPPED
    message.body = ""


def mark_bounced(message_id: str, reason: str) -> Message | None:
    """The reader's mail server sent the mail with this Message-ID back. None if it is not ours."""
    message = db.session.scalars(select(Message).where(Message.message_id == message_id)).first()
    if message is None or message.state not in (MessageState.SENT, MessageState.SENDING):
        return None
    message.state = MessageState.BOUNCED
    message.last_error = reason[:250]
    return message


def beat(name: str = WORKER) -> None:
    """Say that the process ``name`` is at work."""
    row = db.session.get(Heartbeat, name)
    if row is None:
        db.session.add(Heartbeat(name=name, seen_at=clock.now()))
    else:
        row.seen_at = clock.now()


def queue_again(message_id: int, *, by: User) -> Message:
    """Somebody mended what was wrong: a message that did not arrive is tried anew.

    One that came back is a new mail: mailboxes would take it for the one they know. Raises
    NotAllowed or WrongState.
    """
    message = db.session.execute(
        select(Message)
        .where(Message.id == message_id)
        .with_for_update(of=Message)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if message is None or not can_see_message(by, message):
        raise NotAllowed
    reason = why_not_send_again(message, clock.now())
    if reason is not None:
        raise WrongState(reason)
    before = message.state
    if before is MessageState.BOUNCED:
        message.message_id = new_uid()
    message.state, message.attempts, message.last_error = MessageState.QUEUED, 0, ""
    starts_at = message.sign_up.event.starts_at if message.sign_up is not None else None
    message.due_at = leaves_at(message.kind, clock.now(), starts_at)
    message.sent_at = None
    db.session.flush()
    audit.record("send_again", "message", message.id, by=by, before={"state": before})
    return message
