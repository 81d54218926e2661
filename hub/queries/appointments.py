"""Reads of terms: the desk's lists, what follows from a term, and the duties that it breaks."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from hub import clock
from hub.enums import AssignmentStatus, Programme
from hub.extensions import db
from hub.models import Application, Appointment, Assignment, Duty, User
from hub.policies import is_police, own_community_ids, sees_all_people

PAGE_SIZE = 30
# A term that ends within so many days is said to end soon; its person is reminded once.
SOON = timedelta(days=30)
BREAKABLE = (AssignmentStatus.OFFERED, AssignmentStatus.REQUESTED, AssignmentStatus.CONFIRMED)
VIEWS = ("active", "ending", "offered", "over")

Row = tuple[Appointment, User]


def desk_appointments(view: str, *, by: User, after: int = 0, limit: int = PAGE_SIZE) -> list[Row]:
    """Terms of the desk of ``by`` with their people; ``limit + 1`` rows at most.

    ``view``: active (with those to come and suspended), ending (soon, not renewed), offered, over.
    """
    query = (
        select(Appointment, User)
        .join(User, User.id == Appointment.user_id)
        .where(managed_terms(by), _in_view(view), User.erased_at.is_(None), Appointment.id > after)
        .options(joinedload(Appointment.community))
        .order_by(Appointment.id)
        .limit(limit + 1)
    )
    return [(row[0], row[1]) for row in db.session.execute(query).unique()]


def terms_ending_soon() -> list[Row]:
    """Terms whose person has to be reminded of their end: not renewed, not reminded yet."""
    query = (
        select(Appointment, User)
        .join(User, User.id == Appointment.user_id)
        .where(_in_view("ending"), Appointment.reminded_at.is_(None), User.erased_at.is_(None))
        .order_by(Appointment.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(query).unique()]


def renewal_of(appointment: Appointment) -> Appointment | None:
    """The term that follows this one, offered or accepted."""
    return db.session.scalars(
        select(Appointment).where(
            Appointment.renews_id == appointment.id, Appointment.declined_at.is_(None)
        )
    ).first()


def offer_of(application: Application) -> Appointment | None:
    """The term that the approval of the application offered."""
    return db.session.scalars(
        select(Appointment).where(Appointment.application_id == application.id)
    ).first()


def terms_meeting(
    user_id: int, programme: Programme, community_id: int | None, first: date, last: date
) -> list[Appointment]:
    """Terms of the person, programme and community that share a day with first–last, offers
    included (rule 10)."""
    same_place = (
        Appointment.community_id.is_(None)
        if community_id is None
        else Appointment.community_id == community_id
    )
    query = _not_declined().where(
        Appointment.user_id == user_id,
        Appointment.programme == programme,
        same_place,
        Appointment.starts_on <= last,
    )
    return [a for a in db.session.scalars(query).unique() if a.starts_on <= a.last_day >= first]


def duties_broken_by(
    appointment: Appointment, *, since: date | None = None, until: date | None = None
) -> list[Assignment]:
    """The coming duties that stand without a term (rule 8), soonest first.

    Live assignments of the person in the programme on days on which no term of theirs in it holds.
    With ``since``: as if this term did not hold from that day to ``until`` (its end, if None).
    """
    terms = list(
        db.session.scalars(
            _not_declined().where(
                Appointment.user_id == appointment.user_id,
                Appointment.programme == appointment.programme,
            )
        ).unique()
    )

    def is_covered(day: date) -> bool:
        off = since is not None and since <= day and (until is None or day <= until)
        return any(t.is_active(day) and not (off and t.id == appointment.id) for t in terms)

    query = (
        select(Assignment)
        .join(Duty, Duty.id == Assignment.duty_id)
        .where(
            Assignment.user_id == appointment.user_id,
            Assignment.status.in_(BREAKABLE),
            Duty.programme == appointment.programme,
            Duty.starts_at > clock.now(),
        )
        .order_by(Duty.starts_at, Assignment.id)
    )
    coming = db.session.scalars(query).unique()
    return [a for a in coming if not is_covered(clock.to_local(a.duty.starts_at).date())]


def managed_terms(user: User) -> ColumnElement[bool]:
    """What ``policies.can_manage_appointment`` says, in SQL."""
    if sees_all_people(user):
        return true()
    here = Appointment.community_id.in_(own_community_ids(user))
    return or_(here, Appointment.programme == Programme.LECTURER if is_police(user) else false())


def _not_declined() -> Select[Appointment]:
    return select(Appointment).where(Appointment.declined_at.is_(None))


def _in_view(view: str) -> ColumnElement[bool]:
    today = clock.today()
    accepted = and_(Appointment.accepted_at.is_not(None), Appointment.declined_at.is_(None))
    early = and_(Appointment.ended_on.is_not(None), Appointment.ended_on < today)
    if view == "offered":
        return and_(Appointment.accepted_at.is_(None), Appointment.declined_at.is_(None))
    if view == "over":
        return or_(
            Appointment.declined_at.is_not(None),
            and_(accepted, or_(early, Appointment.ends_on < today)),
        )
    running = and_(accepted, ~early, Appointment.ends_on >= today)
    if view != "ending":
        return running
    later = aliased(Appointment)
    renewed = exists().where(later.renews_id == Appointment.id, later.declined_at.is_(None))
    return and_(
        running,
        Appointment.ended_on.is_(None),
        Appointment.ends_on <= today + SOON,
        ~renewed,
    )
