"""The outbox: messages are queued with the change they tell of (rule 23).

Whoever switched a kind off does not get it; what says the same of one thing within minutes is one
mail; what is not true any more is dropped before it leaves. hub/services/outbox.py sends.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, select

from hub import clock
from hub.enums import ContactKind, MessageChoice, MessageKind, MessageState
from hub.extensions import db
from hub.integrations import sms
from hub.models import (
    Backer,
    Duty,
    Event,
    Message,
    SignUp,
    Suggestion,
    SwitchedOff,
    TalkRequest,
    User,
)
from hub.policies import leaves_at
from hub.queries.settings import reader_language

RECENTLY = timedelta(minutes=10)

K = MessageKind
_SIGN_UP_NEWS = (K.EVENT_CHANGED, K.REMINDER_DAY, K.REMINDER_HOURS)
_DUTY_NEWS = (K.DUTY_OFFERED, K.DUTY_CHANGED, K.DUTY_REMINDER_DAY, K.DUTY_REMINDER_HOURS)
# What a message makes untrue that still waits to leave to the same reader about the same thing.
REPLACES = {
    K.EVENT_CANCELLED: _SIGN_UP_NEWS,
    K.WITHDRAWN: _SIGN_UP_NEWS,
    K.RELEASED: _SIGN_UP_NEWS,
    K.DUTY_ACCEPTED: (K.DUTY_OFFERED,),
    K.DUTY_CANCELLED: _DUTY_NEWS,
    K.DUTY_RELEASED: _DUTY_NEWS,
}
ADDED_UP = {"records", "minutes"}
# What the one-click link of a sign-up without an account switches off, all of it at once.
OFF_BY_TICKET = (MessageChoice.REMINDERS, MessageChoice.SURVEYS)


def queue_message(
    kind: MessageKind, sign_up: SignUp, once: str | None = None, **facts: str
) -> None:
    """Queue one message to the person of ``sign_up``.

    Who gave only a phone number gets an SMS if there is a gateway; if not, their ticket page says
    all of it. Somebody whose data is deleted gets none. Nothing leaves unless the transaction
    commits.
    """
    by_text = kind.by_text and sms.gateway() is not None
    if sign_up.erased_at is not None or not (sign_up.contact_kind is ContactKind.EMAIL or by_text):
        return
    if kind.choice in OFF_BY_TICKET and sign_up.reminders_off:
        return
    if sign_up.user_id is not None and not is_wanted(kind, sign_up.user_id):
        return
    message = Message(kind=kind, sign_up_id=sign_up.id, facts=facts, once=once)
    over = sign_up.event.has_ended(clock.now())  # then nothing is urgent any more
    _queue(message, about=None if over else sign_up.event.starts_at)


def queue_note(
    kind: MessageKind, user: User, subject_id: int, once: str | None = None, **facts: str
) -> None:
    """Queue one message to the person of an account about the thing with ``subject_id``.

    Where its link leads is decided by the kind (hub/web/mails.py); ``facts`` are words and dates
    for its template, in the person's language where they are words. Erased people get nothing.
    """
    if user.erased_at is not None or not is_wanted(kind, user.id):
        return
    message = Message(kind=kind, user_id=user.id, subject_id=subject_id, facts=facts, once=once)
    start = facts.get("starts_at")
    _queue(message, about=datetime.fromisoformat(start) if start else None)


def queue_request_mail(kind: MessageKind, request: TalkRequest) -> None:
    """Queue one message to whoever asked for a talk, if they gave an address and are not erased:
    their page says all of it."""
    if request.contact_kind is not ContactKind.EMAIL or request.erased_at is not None:
        return
    _queue(Message(kind=kind, talk_request_id=request.id))


def queue_suggestion_mail(
    kind: MessageKind, suggestion: Suggestion, once: str | None = None, **facts: str
) -> None:
    """Queue one message to whoever made the suggestion, if they have an account or gave an
    address: its page says all of it to those who have only the code."""
    if suggestion.erased_on is not None:
        return
    by_mail = suggestion.contact and suggestion.contact_kind is ContactKind.EMAIL
    if suggestion.user_id is None and not by_mail:
        return
    _queue(Message(kind=kind, suggestion_id=suggestion.id, facts=facts, once=once))


def queue_backer_mail(
    kind: MessageKind, backer: Backer, once: str | None = None, **facts: str
) -> None:
    """Queue one message to somebody who stands behind a suggestion and can be reached."""
    if backer.user_id is not None or backer.email:
        _queue(Message(kind=kind, backer_id=backer.id, facts=facts, once=once))


def queue_account_mail(address: str, subject: str, body: str) -> None:
    """Queue a mail about an account, ready written in its reader’s language."""
    _queue(Message(kind=K.ACCOUNT, address=address, subject=subject[:250], body=body))


def is_wanted(kind: MessageKind, user_id: int) -> bool:
    """Whether the person has not switched this kind off; what people must get is always wanted."""
    return kind.choice is None or not is_switched_off(kind.choice, user_id)


def is_switched_off(choice: MessageChoice, user_id: int) -> bool:
    return db.session.get(SwitchedOff, (user_id, choice)) is not None


def said_of(thing: Event | Duty, user: User) -> dict[str, str]:
    """What a mail to ``user`` says of an event or a duty, in their language."""
    language = reader_language(user.language)
    return {
        "title": thing.text(language).title,
        "place": thing.venue.text(language).name,
        "starts_at": thing.starts_at.isoformat(),
        "ends_at": thing.ends_at.isoformat(),
    }


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
    query = select(
        exists().where(
            Message.sign_up_id == sign_up.id,
            Message.kind == kind,
            Message.created_at > clock.now() - RECENTLY,
        )
    )
    return bool(db.session.scalar(query))


def _queue(message: Message, about: datetime | None = None) -> None:
    """Put it into the outbox, into a mail of its kind that waits, or nowhere, if it takes back
    what its reader was never told."""
    message.created_at = clock.now()
    message.due_at = leaves_at(message.kind, message.created_at, about)
    if message.kind.settles:
        for earlier in _waiting(message, (message.kind,)):
            earlier.facts = _merged(earlier.facts, message.facts or {})
            return
    dropped = _waiting(message, REPLACES.get(message.kind, ()))
    for other in dropped:
        other.state = MessageState.DROPPED
    untold = any(other.kind is K.DUTY_OFFERED for other in dropped)
    if untold and message.kind is not K.DUTY_ACCEPTED:
        return
    db.session.add(message)


def _waiting(message: Message, kinds: tuple[MessageKind, ...]) -> list[Message]:
    """Messages of ``kinds`` to the same reader about the same thing that did not leave yet. One
    that a worker has in hand at this moment is not among them."""
    if not kinds:
        return []
    same: list[ColumnElement[bool]] = [Message.sign_up_id == message.sign_up_id]
    if message.sign_up_id is None:
        same = [Message.user_id == message.user_id]
        if message.kind is not K.RECORDS_APPROVED:  # all of a person's are one mail
            same.append(Message.subject_id == message.subject_id)
    query = (
        select(Message)
        .where(Message.kind.in_(kinds), Message.state == MessageState.QUEUED, *same)
        .order_by(Message.id)
        .with_for_update(skip_locked=True, of=Message)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def _merged(earlier: dict[str, str], later: dict[str, str]) -> dict[str, str]:
    """The newest facts, counts added up; but how it was is how it was before the first change."""
    both = earlier | later
    both |= {key: value for key, value in earlier.items() if key.startswith("old_")}
    for key in ADDED_UP & earlier.keys() & later.keys():
        both[key] = str(int(earlier[key]) + int(later[key]))
    return both
