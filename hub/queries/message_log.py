"""The log of messages at the desk: who was sent what, and whether it arrived."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select, true

from hub.enums import MessageKind, MessageState
from hub.extensions import db
from hub.integrations.contacts import fold
from hub.models import Backer, Event, Message, SignUp, Suggestion, TalkRequest, User
from hub.policies import is_admin
from hub.queries.events import managed_by
from hub.queries.people import is_called

PAGE_SIZE = 50
MAX_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What the log is narrowed to. ``q``: a name, a contact as it was given, the number of a
    ticket, or the number of the message; ``states`` empty means all."""

    q: str = ""
    states: tuple[MessageState, ...] = ()
    kind: MessageKind | None = None


@dataclass(frozen=True, slots=True)
class Readers:
    """Name and contact of the people of accounts, of those who asked for a talk, made a suggestion
    or stand behind one, by id. ``backed``: what the last ones stand behind."""

    users: dict[int, tuple[str, str]]
    askers: dict[int, tuple[str, str]]
    submitters: dict[int, tuple[str, str]]
    backers: dict[int, tuple[str, str]]
    backed: dict[int, int]


def seen_by(user: User) -> ColumnElement[bool]:
    """What ``policies.can_see_message`` says, in SQL."""
    if is_admin(user):
        return true()
    own = select(SignUp.id).join(Event, Event.id == SignUp.event_id).where(managed_by(user))
    return Message.sign_up_id.in_(own)


def logged(
    user: User, wanted: LogFilter, *, before: int | None = None, limit: int = PAGE_SIZE
) -> list[Message]:
    """Messages that ``user`` may see, newest first; ``limit + 1`` rows at most."""
    query = select(Message).where(seen_by(user))
    if wanted.states:
        query = query.where(Message.state.in_(wanted.states))
    if wanted.kind is not None:
        query = query.where(Message.kind == wanted.kind)
    if wanted.q:
        query = query.where(_matches(wanted.q))
    if before is not None:
        query = query.where(Message.id < before)
    return list(db.session.scalars(query.order_by(Message.id.desc()).limit(limit + 1)))


def newest_message(user: User, kind: MessageKind) -> Message | None:
    """The newest one of its kind that ``user`` may see and whose person is not deleted."""
    query = select(Message).where(seen_by(user), Message.kind == kind)
    return db.session.scalars(query.order_by(Message.id.desc()).limit(1)).first()


def readers_of(messages: list[Message]) -> Readers:
    """Four queries for any number of messages."""
    users = {m.user_id for m in messages if m.user_id is not None}
    askers = {m.talk_request_id for m in messages if m.talk_request_id is not None}
    of_users = select(User.id, User.name, User.email).where(User.id.in_(users))
    of_askers = select(TalkRequest.id, TalkRequest.name, TalkRequest.contact)
    of_askers = of_askers.where(TalkRequest.id.in_(askers))
    backers = list(db.session.execute(_backers(messages)))
    return Readers(
        users={row[0]: (row[1], row[2]) for row in db.session.execute(of_users)},
        askers={row[0]: (row[1], row[2]) for row in db.session.execute(of_askers)},
        submitters={row[0]: (row[1], row[2]) for row in db.session.execute(_submitters(messages))},
        backers={row[0]: (row[1], row[2]) for row in backers},
        backed={row[0]: row[3] for row in backers},
    )


def _submitters(messages: list[Message]) -> Select[int, str, str]:
    ids = {m.suggestion_id for m in messages if m.suggestion_id is not None}
    name = func.coalesce(User.name, Suggestion.name)
    contact = func.coalesce(User.email, Suggestion.contact)
    query = select(Suggestion.id, name, contact).outerjoin(User, User.id == Suggestion.user_id)
    return query.where(Suggestion.id.in_(ids))


def _backers(messages: list[Message]) -> Select[int, str, str, int]:
    ids = {m.backer_id for m in messages if m.backer_id is not None}
    name, contact = func.coalesce(User.name, ""), func.coalesce(User.email, Backer.email)
    query = select(Backer.id, name, contact, Backer.suggestion_id)
    return query.outerjoin(User, User.id == Backer.user_id).where(Backer.id.in_(ids))


def _matches(q: str) -> ColumnElement[bool]:
    if q.isascii() and q.isdigit() and len(q) < 10:
        return Message.id == min(int(q), MAX_ID)
    of_account = select(User.id).where(is_called(q))
    booked = select(SignUp.id).where(
        or_(
            SignUp.name.contains(q, autoescape=True),
            SignUp.contact_key == fold(q),
            SignUp.code == q.replace("-", "").upper(),
        )
    )
    asked = select(TalkRequest.id).where(TalkRequest.name.contains(q, autoescape=True))
    return or_(
        Message.sign_up_id.in_(booked),
        Message.user_id.in_(of_account),
        Message.talk_request_id.in_(asked),
    )
