"""The outbox: messages are queued with the change they tell of; a worker claims them (rule 23)."""

from datetime import timedelta
from uuid import uuid4

from flask import current_app
from sqlalchemy import delete, select, update

from hub import clock
from hub.enums import ContactKind, MessageKind, MessageState
from hub.extensions import db
from hub.models import Message, SignUp, TalkRequest, User

MAX_ATTEMPTS = 8
STALE_AFTER = timedelta(minutes=10)


def queue_message(kind: MessageKind, sign_up: SignUp, **facts: str) -> None:
    """Queue one message to the person of ``sign_up``.

    Who gave only a phone number gets none: their ticket page says all of it; nor does somebody
    whose data is deleted. Nothing leaves unless the transaction commits.
    """
    if sign_up.contact_kind is not ContactKind.EMAIL or sign_up.erased_at is not None:
        return
    moment = clock.now()
    db.session.add(
        Message(
            kind=kind,
            sign_up_id=sign_up.id,
            facts=facts,
            message_id=f"{uuid4()}@{current_app.config['UID_DOMAIN']}",
            created_at=moment,
            due_at=moment,
        )
    )


def queue_note(kind: MessageKind, user: User, subject_id: int, **facts: str) -> None:
    """Queue one message to the person of an account about the thing with ``subject_id``.

    Where its link leads is decided by the kind (hub/web/mails.py); ``facts`` are words and dates
    for its template, in the person's language where they are words. Erased people get nothing.
    """
    if user.erased_at is not None:
        return
    moment = clock.now()
    db.session.add(
        Message(
            kind=kind,
            user_id=user.id,
            subject_id=subject_id,
            facts=facts,
            message_id=f"{uuid4()}@{current_app.config['UID_DOMAIN']}",
            created_at=moment,
            due_at=moment,
        )
    )


def queue_request_mail(kind: MessageKind, request: TalkRequest) -> None:
    """Queue one message to whoever asked for a talk, if they gave an address and are not erased:
    their page says all of it."""
    if request.contact_kind is not ContactKind.EMAIL or request.erased_at is not None:
        return
    moment = clock.now()
    db.session.add(
        Message(
            kind=kind,
            talk_request_id=request.id,
            message_id=f"{uuid4()}@{current_app.config['UID_DOMAIN']}",
            created_at=moment,
            due_at=moment,
        )
    )


def queue_account_mail(address: str, subject: str, body: str) -> None:
    """Queue a mail about an account, ready written in its reader’s language."""
    moment = clock.now()
    db.session.add(
        Message(
            kind=MessageKind.ACCOUNT,
            address=address,
            subject=subject[:250],
            body=body,
            message_id=f"{uuid4()}@{current_app.config['UID_DOMAIN']}",
            created_at=moment,
            due_at=moment,
        )
    )


def forget_mails_to(address: str) -> None:
    """Delete the mails about an account that wait for ``address`` or are kept: it is not theirs
    any more."""
    db.session.execute(
        delete(Message)
        .where(Message.address == address)
        .execution_options(synchronize_session=False)
    )


def recently_queued(kind: MessageKind, sign_up: SignUp) -> bool:
    """Whether such a message was queued in the last ten minutes: nobody's inbox can be flooded."""
    return bool(
        db.session.scalar(
            select(
                select(Message.id)
                .where(
                    Message.sign_up_id == sign_up.id,
                    Message.kind == kind,
                    Message.created_at > clock.now() - STALE_AFTER,
                )
                .exists()
            )
        )
    )


def claim_message() -> Message | None:
    """Take the next message that is due for this worker alone, or None. Commit before sending.

    One whose worker died is taken again after ten minutes, under the same Message-ID; one that
    took eight workers with it is given up.
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


def mark_failed(message: Message, error: str) -> None:
    """Try again later, each time after twice as long; give up after eight attempts."""
    message.last_error = error[:250]
    if message.attempts >= MAX_ATTEMPTS:
        message.state = MessageState.FAILED
    else:
        message.state = MessageState.QUEUED
        message.due_at = clock.now() + timedelta(minutes=2**message.attempts)
