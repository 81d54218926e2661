"""Requests for a talk: a school or a neighbourhood asks, without an account; staff answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import lazyload

from hub import clock
from hub.enums import ContactKind, EventKind, EventStatus, MessageKind, TalkRequestStatus
from hub.enums import RequestKind as Right
from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.i18n import SPOKEN, _l
from hub.integrations.contacts import Contact
from hub.integrations.signing import new_code
from hub.models import Community, Event, Message, TalkRequest, Topic, User
from hub.policies import can_manage_event, can_see_talk_request, why_not_decide_talk_request
from hub.services import audit
from hub.services.messages import queue_request_mail
from hub.services.privacy import note_request
from hub.services.signups import PRIVACY_VERSION

ONCE_IN = timedelta(minutes=10)
MOST_PEOPLE = 100_000


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody who asks for a talk typed. ``languages`` are those of the listeners,
    ``language`` the one in which they are written to."""

    organisation: str
    name: str
    contact: Contact
    people: int
    language: str
    wished_on: date | None = None
    topics: Sequence[int] = ()
    languages: Sequence[str] = ()
    community_id: int | None = None
    wishes: str = ""


def ask_for_talk(asking: Asking) -> TalkRequest:
    """Keep the request and confirm it by mail. The very same request within ten minutes is the
    first one: a button was pressed twice. Raises InvalidInput.

    Whoever knows only organisation and contact must not get at the first one's private link.
    """
    _one_at_a_time()
    _check(asking)
    if (earlier := _made_just_now(asking)) is not None:
        return earlier
    request = TalkRequest(
        code=new_code(),
        status=TalkRequestStatus.RECEIVED,
        organisation=asking.organisation.strip(),
        name=asking.name.strip(),
        contact_kind=asking.contact.kind,
        contact=asking.contact.value,
        community_id=asking.community_id,
        people=asking.people,
        wished_on=asking.wished_on,
        wishes=asking.wishes.strip(),
        languages=",".join(dict.fromkeys(asking.languages)),
        language=asking.language,
        privacy_version=PRIVACY_VERSION,
        created_at=clock.now(),
    )
    used = select(Topic).where(Topic.id.in_(asking.topics), Topic.active.is_(True))
    request.topics = list(db.session.scalars(used))
    db.session.add(request)
    db.session.flush()
    audit.record("ask", "talk_request", request.id, by=None, after={"people": asking.people})
    queue_request_mail(MessageKind.TALK_REQUEST_RECEIVED, request)
    return request


def plan_request(request_id: int, event_id: int, *, by: User) -> TalkRequest:
    """Answer with a talk that is to come; who asked is told when and where.

    Raises NotAllowed, WrongState or InvalidInput.
    """
    request = _open_request(request_id, by)
    event = db.session.get(Event, event_id)
    if event is None or not can_manage_event(by, event):
        raise NotAllowed
    if event.kind is not EventKind.LAW_TALK:
        raise InvalidInput(_l("Only a law talk can answer it."), field="event_id")
    if event.status is EventStatus.CANCELLED or event.has_ended(clock.now()):
        raise InvalidInput(_l("This talk is cancelled or over."), field="event_id")
    request.event_id = event.id
    _decide(request, TalkRequestStatus.PLANNED, by=by)
    audit.record("plan", "talk_request", request.id, by=by, after={"event_id": event.id})
    queue_request_mail(MessageKind.TALK_REQUEST_PLANNED, request)
    db.session.flush()
    return request


def decline_request(request_id: int, reason: str, *, by: User) -> TalkRequest:
    """No talk comes of it; who asked is told why. Raises NotAllowed, WrongState or InvalidInput."""
    request = _open_request(request_id, by)
    request.reason = audit.needed_reason(reason)
    _decide(request, TalkRequestStatus.DECLINED, by=by)
    audit.record("decline", "talk_request", request.id, by=by, reason=request.reason)
    queue_request_mail(MessageKind.TALK_REQUEST_DECLINED, request)
    db.session.flush()
    return request


def withdraw_request(request_id: int) -> TalkRequest:
    """Who asked takes it back. Raises WrongState."""
    request = _locked(request_id)
    if reason := why_not_decide_talk_request(request):
        raise WrongState(reason)
    _decide(request, TalkRequestStatus.WITHDRAWN, by=None)
    audit.record("withdraw", "talk_request", request.id, by=None)
    db.session.flush()
    return request


def correct_request(request_id: int, name: str) -> TalkRequest:
    """Correct the name, through the private link. Raises InvalidInput or WrongState."""
    request = _locked(request_id)
    if request.erased_at is not None:
        raise WrongState(_l("This data has been deleted already."))
    if not name.strip():
        raise InvalidInput(_l("Enter your name."), field="name")
    request.name = name.strip()
    note_request(Right.CORRECT, "talk_request", request_id)
    audit.record("correct", "talk_request", request_id, by=None)
    db.session.flush()
    return request


def erase_request(request_id: int) -> None:
    """Erase the person from a request, at their wish; one that waits is taken back, because
    nobody could be answered any more. Raises WrongState."""
    request = _locked(request_id)
    if request.erased_at is not None:
        raise WrongState(_l("This data has been deleted already."))
    if request.status is TalkRequestStatus.RECEIVED:
        withdraw_request(request_id)
    erase_request_rows([request_id])
    note_request(Right.DELETE, "talk_request", request_id)
    audit.record("erase", "talk_request", request_id, by=None)
    db.session.flush()


def erase_request_rows(ids: Sequence[int]) -> int:
    """Empty requests of whoever asked, and the outbox of mails to them; how many there were.
    What the office counts stays: how many people, when, for which topics and community."""
    db.session.flush()
    erased = update(TalkRequest).where(TalkRequest.id.in_(ids), TalkRequest.erased_at.is_(None))
    result = db.session.execute(
        erased.where(TalkRequest.status != TalkRequestStatus.RECEIVED)
        .values(
            organisation="",
            name="",
            contact_kind=ContactKind.EMAIL,
            contact="",
            wishes="",
            reason="",
            erased_at=clock.day_start(clock.today()),
        )
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        delete(Message)
        .where(Message.talk_request_id.in_(ids))
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()
    return cast("CursorResult[Any]", result).rowcount


def _check(asking: Asking) -> None:
    if not asking.organisation.strip():
        raise InvalidInput(_l("Say who asks: a school, a company, a house."), field="organisation")
    if not asking.name.strip():
        raise InvalidInput(_l("Enter your name."), field="name")
    if not 1 <= asking.people <= MOST_PEOPLE:
        raise InvalidInput(_l("Between 1 and 100,000 people."), field="people")
    if asking.wished_on is not None and asking.wished_on < clock.today():
        raise InvalidInput(_l("This day has passed. Choose a later one."), field="wished_on")
    if not set(asking.languages) <= set(SPOKEN):
        raise InvalidInput(_l("Choose only from the list."), field="languages")
    community = asking.community_id
    if community is not None and db.session.get(Community, community) is None:
        raise InvalidInput(_l("Choose one from the list."), field="community_id")


def _made_just_now(asking: Asking) -> TalkRequest | None:
    recent = select(TalkRequest).where(
        TalkRequest.created_at > clock.now() - ONCE_IN,
        TalkRequest.status == TalkRequestStatus.RECEIVED,
        TalkRequest.erased_at.is_(None),
    )
    for request in db.session.scalars(recent.order_by(TalkRequest.id.desc())):
        if _typed(request) == (
            asking.organisation.strip(),
            asking.name.strip(),
            asking.contact.value,
            asking.people,
            asking.wished_on,
            asking.wishes.strip(),
            ",".join(dict.fromkeys(asking.languages)),
            asking.community_id,
        ):
            return request
    return None


def _typed(request: TalkRequest) -> tuple[object, ...]:
    return (
        request.organisation,
        request.name,
        request.contact,
        request.people,
        request.wished_on,
        request.wishes,
        request.languages,
        request.community_id,
    )


def _one_at_a_time() -> None:
    """Two sends of one form come one after the other. SQLite has but one writer."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext("talk_requests"))))


def _locked(request_id: int) -> TalkRequest:
    return db.session.execute(
        select(TalkRequest)
        .where(TalkRequest.id == request_id)
        .options(lazyload("*"))
        .with_for_update(of=TalkRequest)
        .execution_options(populate_existing=True)
    ).scalar_one()


def _open_request(request_id: int, by: User) -> TalkRequest:
    """The request, locked, if ``by`` may decide about it. Raises NotAllowed or WrongState."""
    request = _locked(request_id)
    if not can_see_talk_request(by, request):
        raise NotAllowed
    if reason := why_not_decide_talk_request(request):
        raise WrongState(reason)
    return request


def _decide(request: TalkRequest, status: TalkRequestStatus, *, by: User | None) -> None:
    request.status = status
    request.decided_at, request.decided_by_id = clock.now(), by.id if by is not None else None
