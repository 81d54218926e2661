"""Reads of private calendars and of what stands in them."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased, joinedload, lazyload, subqueryload

from hub import clock
from hub.enums import (
    AssignmentStatus,
    EventKind,
    EventStatus,
    Programme,
    RecordStatus,
    SignUpStatus,
)
from hub.extensions import db
from hub.models import (
    Appointment,
    Assignment,
    CalendarFeed,
    Community,
    Duty,
    Event,
    Qualification,
    ServiceRecord,
    SignUp,
    Topic,
    User,
    Venue,
)
from hub.queries.appointments import managed_terms
from hub.queries.events import CALENDAR_PAST, managed_by
from hub.queries.qualifications import visible_qualifications
from hub.queries.records import managed_records

S = AssignmentStatus
ON_DUTY = (S.OFFERED, S.CONFIRMED, S.CHECKED_IN, S.COMPLETED, S.NO_SHOW)


def own_feeds(user: User) -> list[CalendarFeed]:
    """The person's live private calendars, in the order of making."""
    query = select(CalendarFeed).where(
        CalendarFeed.user_id == user.id, CalendarFeed.revoked_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(CalendarFeed.id)))


def feed_with(token_hash: str) -> CalendarFeed | None:
    """The live calendar with that hash and its person, with all that decides whether they may
    have it, in one question."""
    person = joinedload(CalendarFeed.user)
    query = select(CalendarFeed).where(
        CalendarFeed.token_hash == token_hash, CalendarFeed.revoked_at.is_(None)
    )
    query = query.options(
        person.joinedload(User.roles).lazyload("*"),
        person.joinedload(User.appointments).lazyload("*"),
    )
    return db.session.scalars(query).unique().one_or_none()


# --- what stands in them --------------------------------------------------------------------------


def since() -> datetime:
    """What ended before is not shown any more."""
    return clock.now() - CALENDAR_PAST


def shown_sign_ups(user_id: int, *, trainings: bool) -> ColumnElement[bool]:
    """The account's sign-ups: live ones, and those that staff released; what the person cancelled
    is gone. For joins of ``SignUp`` and ``Event``."""
    shown = [
        SignUp.user_id == user_id,
        Event.ends_at > since(),
        Event.status != EventStatus.DRAFT,
        or_(SignUp.status != SignUpStatus.CANCELLED, SignUp.release_reason != ""),
    ]
    if trainings:
        shown.append(Event.kind == EventKind.TRAINING)
    return and_(*shown)


def sign_ups_in_feed(user_id: int, *, trainings: bool = False) -> list[SignUp]:
    query = (
        select(SignUp)
        .join(SignUp.event)
        .where(shown_sign_ups(user_id, trainings=trainings))
        .order_by(Event.starts_at, SignUp.id)
        .options(joinedload(SignUp.event, innerjoin=True).options(*EVENT_TEXTS))
    )
    return list(db.session.scalars(query).unique())


def shown_assignments(user_id: int, programme: Programme) -> ColumnElement[bool]:
    """Offers and duties of the person; those that staff or the duty's end took away stay for a
    while, what the person gave back is gone. For joins of ``Assignment`` and ``Duty``."""
    taken_away = and_(
        Assignment.status == S.WITHDRAWN,
        Assignment.offered_by_id.is_not(None),
        Assignment.ended_at >= Duty.cancelled_at,
    )
    return and_(
        Assignment.user_id == user_id,
        Duty.programme == programme,
        Duty.ends_at > since(),
        or_(Assignment.status.in_([*ON_DUTY, S.CANCELLED]), taken_away),
    )


def assignments_in_feed(user_id: int, programme: Programme) -> list[Assignment]:
    """In the order of time. One that was taken away is not shown beside a newer one."""
    duty = joinedload(Assignment.duty, innerjoin=True)
    query = (
        select(Assignment)
        .join(Assignment.duty)
        .where(shown_assignments(user_id, programme))
        .order_by(Duty.starts_at, Assignment.id)
        .options(duty.options(*DUTY_TEXTS))
    )
    found = list(db.session.scalars(query).unique())
    live = {a.duty_id for a in found if a.status in ON_DUTY}
    return [a for a in found if a.status in ON_DUTY or a.duty_id not in live]


def events_of_desk(user: User, community: str) -> ColumnElement[bool]:
    """All that the person manages, drafts included; ``community`` is a slug or empty."""
    here = [managed_by(user), Event.ends_at > since()]
    return and_(*here, *([Event.community_id == _id_of(community)] if community else []))


def events_for_calendar(where: ColumnElement[bool] | Select[Event]) -> list[Event]:
    """Events with what a calendar shows of them, in as many questions for one as for thousands."""
    query = where if isinstance(where, Select) else select(Event).where(where)
    query = query.order_by(Event.starts_at, Event.id).options(*EVENT_TEXTS)
    return list(db.session.scalars(query).unique())


_PLACE = (lazyload(Venue.community), subqueryload(Venue.texts))
EVENT_TEXTS = (
    lazyload(Event.community),
    joinedload(Event.venue, innerjoin=True).options(*_PLACE),
    subqueryload(Event.texts),
    subqueryload(Event.spoken),
)
DUTY_TEXTS = (
    lazyload(Duty.community),
    lazyload(Duty.activity),
    lazyload(Duty.languages),
    lazyload(Duty.skills),
    joinedload(Duty.venue, innerjoin=True).options(*_PLACE),
    subqueryload(Duty.texts),
)


# --- deadlines of the desk ------------------------------------------------------------------------


def waiting_records(user: User, community: str) -> ColumnElement[bool]:
    """Records that the desk of ``user`` has to decide."""
    here = [managed_records(user), ServiceRecord.status == RecordStatus.SUBMITTED]
    return and_(*here, *([ServiceRecord.community_id == _id_of(community)] if community else []))


def ending_terms(user: User, community: str) -> ColumnElement[bool]:
    """Terms that nobody ended early and nobody renewed."""
    later = aliased(Appointment)
    renewed = exists().where(later.renews_id == Appointment.id, later.declined_at.is_(None))
    here = [
        managed_terms(user),
        Appointment.accepted_at.is_not(None),
        Appointment.declined_at.is_(None),
        Appointment.ended_on.is_(None),
        Appointment.ends_on >= _first_day(),
        ~renewed,
    ]
    return and_(*here, *([Appointment.community_id == _id_of(community)] if community else []))


def ending_qualifications(user: User, community: str) -> ColumnElement[bool]:
    """Qualifications that were not revoked."""
    here = [
        visible_qualifications(user),
        Qualification.revoked_on.is_(None),
        Qualification.valid_until >= _first_day(),
    ]
    if community:
        serving = select(Appointment.user_id).where(
            Appointment.programme == Programme.LECTURER,
            Appointment.accepted_at.is_not(None),
            or_(Appointment.community_id.is_(None), Appointment.community_id == _id_of(community)),
        )
        here.append(Qualification.user_id.in_(serving))
    return and_(*here)


def records_due(user: User, community: str) -> list[tuple[datetime, datetime]]:
    """When each record that waits was served, and when it was sent."""
    query = select(ServiceRecord.starts_at, ServiceRecord.submitted_at, ServiceRecord.created_at)
    query = query.where(waiting_records(user, community))
    return [(row[0], row[1] or row[2]) for row in db.session.execute(query)]


def terms_that_end(user: User, community: str) -> list[Appointment]:
    query = select(Appointment).where(ending_terms(user, community)).options(lazyload("*"))
    return list(db.session.scalars(query.order_by(Appointment.ends_on, Appointment.id)))


def qualifications_that_end(user: User, community: str) -> list[Qualification]:
    query = (
        select(Qualification)
        .where(ending_qualifications(user, community))
        .options(lazyload("*"), joinedload(Qualification.topic).options(subqueryload(Topic.texts)))
        .order_by(Qualification.valid_until, Qualification.id)
    )
    return list(db.session.scalars(query).unique())


def _id_of(community: str) -> ScalarSelect[int]:
    """The id of the community with that slug."""
    return select(Community.id).where(Community.slug == community).scalar_subquery()


def _first_day() -> date:
    return clock.today() - timedelta(days=CALENDAR_PAST.days)
