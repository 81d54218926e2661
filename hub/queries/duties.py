"""Reads of duties, of who is on them, and of who could be."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload, lazyload, selectinload

from hub import clock
from hub.enums import BUSY, LIVE_ASSIGNMENT, AssignmentStatus, Programme, StaffRole
from hub.extensions import db
from hub.models import (
    Activity,
    Appointment,
    Assignment,
    Duty,
    Event,
    Topic,
    User,
    Venue,
)
from hub.policies import lacking, term_holds
from hub.queries.availability import qualifications_by_person

AHEAD = timedelta(days=60)  # how far assistants look
MOST = 100
PAGE_SIZE = 30


def candidates_for(duty: Duty) -> list[User]:
    """People with a term of the duty's programme, in its community or in the subdistrict, that
    begins before and has not ended before the duty's day and today."""
    day = min(clock.to_local(duty.starts_at).date(), clock.today())
    later = max(clock.to_local(duty.starts_at).date(), clock.today())
    here = or_(Appointment.community_id.is_(None), Appointment.community_id == duty.community_id)
    terms = select(Appointment.user_id).where(
        Appointment.programme == duty.programme,
        Appointment.accepted_at.is_not(None),
        here,
        Appointment.starts_on <= later,
        Appointment.ends_on >= day,
        or_(Appointment.ended_on.is_(None), Appointment.ended_on >= day),
    )
    query = select(User).where(User.id.in_(terms), User.active, User.erased_at.is_(None))
    return list(db.session.scalars(query.order_by(User.id)))


# --- for the person -------------------------------------------------------------------------------


def duties_ahead(programmes: Iterable[Programme]) -> list[Duty]:
    """The duties of the programmes in the next 60 days that are not over, soonest first."""
    moment = clock.now()
    query = select(Duty).where(
        Duty.programme.in_(list(programmes)),
        Duty.ends_at > moment,
        Duty.starts_at < moment + AHEAD,
        Duty.cancelled_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(Duty.starts_at, Duty.id).limit(MOST)))


def live_assignments(user: User) -> list[Assignment]:
    """What the person is offered, waits for or is on, and is not over, soonest first.

    A duty that is over stays while its check-out is missing, for a day.
    """
    moment = clock.now()
    query = (
        select(Assignment)
        .join(Assignment.duty)
        .where(Assignment.user_id == user.id, Assignment.status.in_(LIVE_ASSIGNMENT))
        .where(or_(Duty.ends_at > moment, _checked_in_until(moment)))
    )
    query = query.order_by(Duty.starts_at, Assignment.id)
    return list(db.session.scalars(query.options(*_IN_A_LINE)))


def _checked_in_until(moment: datetime) -> ColumnElement[bool]:
    return (Assignment.status == AssignmentStatus.CHECKED_IN) & (
        Duty.ends_at > moment - timedelta(days=1)
    )


def past_assignments(user: User, limit: int = 10) -> list[Assignment]:
    """The person's duties that are over, newest first."""
    query = (
        select(Assignment)
        .join(Assignment.duty)
        .where(Assignment.user_id == user.id, Duty.ends_at <= clock.now())
        .where(Assignment.status.in_([*BUSY, AssignmentStatus.NO_SHOW]))
    )
    query = query.order_by(Duty.starts_at.desc()).limit(limit)
    return list(db.session.scalars(query.options(*_IN_A_LINE)))


# What a line says of a duty: title, time, place and activity. The rest waits until asked for.
_IN_A_LINE = (
    joinedload(Assignment.duty).options(
        lazyload(Duty.languages),
        lazyload(Duty.skills),
        lazyload(Duty.community),
        joinedload(Duty.venue).lazyload(Venue.community),
    ),
)


def live_assignment(duty_id: int, user_id: int) -> Assignment | None:
    """The person's live assignment to the duty: there is at most one."""
    return db.session.scalars(
        select(Assignment).where(
            Assignment.duty_id == duty_id,
            Assignment.user_id == user_id,
            Assignment.status.in_(LIVE_ASSIGNMENT),
        )
    ).first()


def last_assignment(duty_id: int, user_id: int) -> Assignment | None:
    """The live one, else the newest: what the person had to do with the duty."""
    query = select(Assignment).where(Assignment.duty_id == duty_id, Assignment.user_id == user_id)
    newest = db.session.scalars(query.order_by(Assignment.id.desc()).limit(1)).first()
    return live_assignment(duty_id, user_id) or newest


def places_in_queues(user: User) -> dict[int, int]:
    """By duty for which the person waits: 1 for whoever asked first."""
    mine, before = aliased(Assignment), aliased(Assignment)
    waits = AssignmentStatus.REQUESTED
    query = (
        select(mine.duty_id, func.count())
        .join(before, (before.duty_id == mine.duty_id) & (before.id <= mine.id))
        .where(mine.user_id == user.id, mine.status == waits, before.status == waits)
        .group_by(mine.duty_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def duties_to_take_over(duty_ids: Iterable[int], user: User) -> set[int]:
    """Those of the duties on which somebody else asks to be relieved."""
    query = select(Assignment.duty_id).where(
        Assignment.duty_id.in_(list(duty_ids)),
        Assignment.status == AssignmentStatus.CONFIRMED,
        Assignment.swap_asked_at.is_not(None),
        Assignment.user_id != user.id,
    )
    return set(db.session.scalars(query))


# --- for the desk ---------------------------------------------------------------------------------


def duties_managed_by(user: User) -> ColumnElement[bool]:
    """What ``policies.can_manage_community`` says of a duty's community, in SQL."""
    if any(
        m.role is StaffRole.ADMIN or (m.role is StaffRole.STAFF and m.community_id is None)
        for m in user.roles
    ):
        return true()
    here = [m.community_id for m in user.roles if m.role is StaffRole.STAFF]
    return Duty.community_id.in_(here)


def desk_duties(
    user: User,
    *,
    view: str = "upcoming",
    community_id: int | None = None,
    event_id: int | None = None,
    page: int = 1,
) -> list[Duty]:
    """The duties that ``user`` manages, ``PAGE_SIZE + 1`` at most. ``view``: upcoming or past."""
    query = select(Duty).where(duties_managed_by(user))
    if community_id is not None:
        query = query.where(Duty.community_id == community_id)
    if event_id is not None:
        query = query.where(Duty.event_id == event_id)
    query = _in_view(query, view).offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE + 1)
    return list(db.session.scalars(query))


def _in_view(query: Select[Duty], view: str) -> Select[Duty]:
    if view == "past":
        query = query.where(Duty.ends_at <= clock.now())
        return query.order_by(Duty.starts_at.desc(), Duty.id.desc())
    return query.where(Duty.ends_at > clock.now()).order_by(Duty.starts_at, Duty.id)


def events_with_duties(user: User) -> list[Event]:
    """Events that have duties which ``user`` manages, the latest first: for the filter."""
    ids = select(Duty.event_id).where(duties_managed_by(user), Duty.event_id.is_not(None))
    query = select(Event).where(Event.id.in_(ids)).order_by(Event.starts_at.desc(), Event.id)
    titles = lazyload("*"), selectinload(Event.texts)
    return list(db.session.scalars(query.options(*titles).limit(50)))


def duties_of_event(event_id: int) -> list[Duty]:
    query = select(Duty).where(Duty.event_id == event_id)
    return list(db.session.scalars(query.order_by(Duty.starts_at, Duty.id)))


def short_of_people(user: User, days: int = 7) -> list[Duty]:
    """Assistants' duties of the next days that ``user`` manages and that still miss people,
    soonest first, ten at most. Talks that lack a lecturer are looked at further ahead."""
    query = select(Duty).where(*_short_of_people(user, days))
    return list(db.session.scalars(query.order_by(Duty.starts_at, Duty.id).limit(10)))


def count_short_of_people(user: User, days: int = 7) -> int:
    """How many ``short_of_people`` would be, all of them."""
    query = select(func.count()).select_from(Duty).where(*_short_of_people(user, days))
    return db.session.scalar(query) or 0


def _short_of_people(user: User, days: int) -> list[ColumnElement[bool]]:
    moment = clock.now()
    return [
        duties_managed_by(user),
        Duty.cancelled_at.is_(None),
        Duty.starts_at > moment,
        Duty.starts_at < moment + timedelta(days=days),
        Duty.programme == Programme.ASSISTANT,
        Duty.people_taken < Duty.people_needed,
    ]


def assignments_of(duty_id: int) -> list[Assignment]:
    """Everybody who had to do with the duty, with their accounts, in the order of asking."""
    query = select(Assignment).where(Assignment.duty_id == duty_id).order_by(Assignment.id)
    loaded = joinedload(Assignment.user), lazyload(Assignment.duty)
    return list(db.session.scalars(query.options(*loaded)))


def unsure_duties(duties: Sequence[Duty]) -> set[int]:
    """Those of the duties with somebody on whose term or qualification does not hold on that day
    (rule 8)."""
    by_id = {duty.id: duty for duty in duties}
    if not by_id:
        return set()
    query = select(Assignment.duty_id, Assignment.user_id).where(
        Assignment.duty_id.in_(by_id), Assignment.status == AssignmentStatus.CONFIRMED
    )
    on_them = [(row[0], row[1]) for row in db.session.execute(query)]
    held = select(Appointment).where(Appointment.user_id.in_({who for _duty, who in on_them}))
    terms: dict[int, list[Appointment]] = {}
    for term in db.session.scalars(held.options(lazyload(Appointment.community))):
        terms.setdefault(term.user_id, []).append(term)
    for_lecturers = [d.id for d in duties if d.programme is Programme.LECTURER]
    load_topics(for_lecturers)
    speakers = [who for duty_id, who in on_them if duty_id in for_lecturers]
    qualified = qualifications_by_person(speakers) if speakers else {}
    return {
        d
        for d, who in on_them
        if not term_holds(by_id[d], terms.get(who, [])) or lacking(by_id[d], qualified.get(who, []))
    }


def load_topics(duty_ids: Sequence[int]) -> None:
    """Read the topics of these lecturers' duties at once, not one duty after the other."""
    if duty_ids:
        query = select(Duty).where(Duty.id.in_(duty_ids))
        topics = selectinload(Duty.topics).selectinload(Topic.texts)
        db.session.scalars(query.options(lazyload("*"), topics)).all()


def usable_activities() -> list[Activity]:
    """What a duty can be: activities in use that count as service."""
    query = select(Activity).where(Activity.active, Activity.counts)
    return list(db.session.scalars(query.order_by(Activity.position, Activity.id)))


def newest_assignment(
    duty_id: int, user_id: int, statuses: Sequence[AssignmentStatus]
) -> Assignment | None:
    """The newest assignment of the person to the duty that is in one of ``statuses``."""
    query = select(Assignment).where(
        Assignment.duty_id == duty_id,
        Assignment.user_id == user_id,
        Assignment.status.in_(statuses),
    )
    return db.session.scalars(query.order_by(Assignment.id.desc()).limit(1)).first()
