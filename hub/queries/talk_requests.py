"""Reads of requests for talks: one by its code, and what the desk's list shows."""

from sqlalchemy import ColumnElement, false, func, or_, select, true

from hub import clock
from hub.enums import EventKind, EventStatus, TalkRequestStatus
from hub.extensions import db
from hub.models import Event, TalkRequest, User
from hub.policies import can_run_talks, own_community_ids, sees_all_communities
from hub.queries.events import managed_by

PAGE_SIZE = 30


def request_of_code(code: str) -> TalkRequest | None:
    return db.session.scalars(select(TalkRequest).where(TalkRequest.code == code)).first()


def handled_requests(user: User) -> ColumnElement[bool]:
    """What ``policies.can_see_talk_request`` says, in SQL."""
    if not can_run_talks(user):
        return false()
    if sees_all_communities(user):
        return true()
    here = own_community_ids(user)
    return or_(TalkRequest.community_id.is_(None), TalkRequest.community_id.in_(here))


def desk_requests(
    user: User, status: TalkRequestStatus, *, after: int | None = None, limit: int = PAGE_SIZE
) -> list[TalkRequest]:
    """Requests in that state that ``user`` handles, ``limit + 1`` rows at most: those that wait
    the longest waiting first, all others the newest first."""
    query = select(TalkRequest).where(handled_requests(user), TalkRequest.status == status)
    if status is TalkRequestStatus.RECEIVED:
        query = query.where(TalkRequest.id > (after or 0)).order_by(TalkRequest.id)
    else:
        if after is not None:
            query = query.where(TalkRequest.id < after)
        query = query.order_by(TalkRequest.id.desc())
    return list(db.session.scalars(query.limit(limit + 1)))


def count_waiting_requests(user: User) -> int:
    """How many requests for talks wait for somebody at the desk of ``user``."""
    query = select(func.count()).select_from(TalkRequest)
    waiting = TalkRequest.status == TalkRequestStatus.RECEIVED
    return db.session.scalar(query.where(handled_requests(user), waiting)) or 0


def talks_to_answer_with(user: User) -> list[Event]:
    """Law talks to come, drafts included, that ``user`` manages, soonest first."""
    query = select(Event).where(
        managed_by(user),
        Event.kind == EventKind.LAW_TALK,
        Event.status != EventStatus.CANCELLED,
        Event.ends_at > clock.now(),
    )
    return list(db.session.scalars(query.order_by(Event.starts_at, Event.id).limit(100)))
