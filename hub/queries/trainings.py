"""Reads of trainings: the desk's list, who is asked, enrolled and came, and one's own study."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import joinedload, lazyload, selectinload

from hub import clock
from hub.enums import EventKind, EventStatus, Programme, SignUpStatus, Visibility
from hub.extensions import db
from hub.models import (
    Application,
    Appointment,
    Assessment,
    Event,
    Profile,
    SignUp,
    StudyRecord,
    Training,
    TrainingInvitation,
    User,
)
from hub.policies import WAITING, is_police, lectures, own_community_ids, sees_all_people
from hub.queries.events import managed_by
from hub.queries.people import shared_with_police

MOST = 200
VIEWS = ("upcoming", "past")
PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class TrainingLine:
    """A training with how many were asked and how many came."""

    event: Event
    training: Training | None
    invited: int
    came: int


def desk_trainings(user: User, view: str, page: int = 1) -> list[TrainingLine]:
    """The trainings that ``user`` runs: upcoming (drafts too) soonest first, or past newest first;
    one more than a page holds."""
    moment = clock.now()
    query = select(Event).where(managed_by(user), Event.kind == EventKind.TRAINING)
    if view == "past":
        query = query.where(Event.ends_at <= moment).order_by(Event.starts_at.desc(), Event.id)
    else:
        query = query.where(Event.ends_at > moment).order_by(Event.starts_at, Event.id)
    query = query.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE + 1)
    events = list(db.session.scalars(query).unique())
    ids = [event.id for event in events]
    trainings = {t.event_id: t for t in db.session.scalars(_trainings(ids)).unique()}
    invited, came = _numbers(TrainingInvitation, ids), _numbers(StudyRecord, ids)
    return [
        TrainingLine(e, trainings.get(e.id), invited.get(e.id, 0), came.get(e.id, 0))
        for e in events
    ]


def _trainings(ids: Sequence[int]) -> Select[Training]:
    return select(Training).where(Training.event_id.in_(ids))


def _numbers(table: type[TrainingInvitation | StudyRecord], ids: Sequence[int]) -> dict[int, int]:
    query = select(table.event_id, func.count()).where(table.event_id.in_(ids))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(table.event_id))}


def training_of(event_id: int) -> Training | None:
    return db.session.get(Training, event_id)


def invitations_of(event_id: int) -> list[TrainingInvitation]:
    """Who was asked to come, in the order in which they were."""
    query = select(TrainingInvitation).where(TrainingInvitation.event_id == event_id)
    query = query.options(joinedload(TrainingInvitation.user))
    return list(db.session.scalars(query.order_by(TrainingInvitation.id)))


def invitation_to(event_id: int, user_id: int) -> TrainingInvitation | None:
    query = select(TrainingInvitation).where(
        TrainingInvitation.event_id == event_id, TrainingInvitation.user_id == user_id
    )
    return db.session.scalars(query).first()


def live_sign_ups(event_id: int) -> list[SignUp]:
    """Everybody who is or was expected, in the order of arrival."""
    query = select(SignUp).where(
        SignUp.event_id == event_id, SignUp.status != SignUpStatus.CANCELLED
    )
    return list(db.session.scalars(query.order_by(SignUp.id)).unique())


def own_sign_up(event_id: int, user_id: int) -> SignUp | None:
    """The account's live sign-up, its own or not typed by itself."""
    query = select(SignUp).where(
        SignUp.event_id == event_id,
        SignUp.user_id == user_id,
        SignUp.status != SignUpStatus.CANCELLED,
    )
    return db.session.scalars(query.order_by(SignUp.id)).first()


def students_of(event_id: int) -> list[tuple[StudyRecord, User]]:
    """Who came, with an account that is not deleted, by name."""
    query = (
        select(StudyRecord, User)
        .join(User, User.id == StudyRecord.user_id)
        .where(StudyRecord.event_id == event_id, User.erased_at.is_(None))
        .options(selectinload(User.profile))
    )
    rows = db.session.execute(query.order_by(User.name, User.id)).unique()
    return [(row[0], row[1]) for row in rows]


def study_of(event_id: int, user_id: int) -> StudyRecord | None:
    query = select(StudyRecord).where(
        StudyRecord.event_id == event_id, StudyRecord.user_id == user_id
    )
    return db.session.scalars(query).first()


def assessments_at(event_id: int) -> list[Assessment]:
    """All results entered at the training, oldest first."""
    query = select(Assessment).where(Assessment.event_id == event_id).order_by(Assessment.id)
    return list(db.session.scalars(query).unique())


# --- who can be asked -----------------------------------------------------------------------------


def invitable_people(by: User, limit: int = MOST) -> list[User]:
    """Lecturers in a term, and people who applied to be one, whom ``by`` may ask, by name.

    The subdistrict: all. The police unit: lecturers, and who allows the police trainers to know
    them (rule 18). Staff of a community: who serves, or would like to serve, there or anywhere.
    """
    query = select(User).where(
        User.active,
        User.erased_at.is_(None),
        User.confirmed_at.is_not(None),
        or_(
            and_(User.id.in_(_lecturers()), _lecturer_of_desk(by)),
            and_(User.id.in_(_applicants()), _applicant_of_desk(by)),
        ),
    )
    query = query.options(selectinload(User.profile).selectinload(Profile.languages))
    return list(db.session.scalars(query.order_by(User.name, User.id).limit(limit)))


def _lecturers() -> Select[int]:
    """Those whose term as a lecturer runs, or was offered and waits for their word."""
    today = clock.today()
    return select(Appointment.user_id).where(
        Appointment.programme == Programme.LECTURER,
        Appointment.declined_at.is_(None),
        Appointment.ends_on >= today,
        or_(Appointment.ended_on.is_(None), Appointment.ended_on >= today),
    )


def _applicants() -> Select[int]:
    return select(Application.user_id).where(
        Application.programme == Programme.LECTURER, Application.status.in_(WAITING)
    )


def _lecturer_of_desk(by: User) -> ColumnElement[bool]:
    if sees_all_people(by) or is_police(by):
        return true()
    here = own_community_ids(by)
    place = or_(Appointment.community_id.is_(None), Appointment.community_id.in_(here))
    return User.id.in_(_lecturers().where(place))


def _applicant_of_desk(by: User) -> ColumnElement[bool]:
    if sees_all_people(by):
        return true()
    here = own_community_ids(by)
    place = or_(Application.community_id.is_(None), Application.community_id.in_(here))
    at_home = User.id.in_(_applicants().where(place))
    if not is_police(by):
        return at_home
    shared = User.id.in_(shared_with_police())
    return or_(shared, at_home) if here else shared


# --- one's own ------------------------------------------------------------------------------------


def learns(user: User | None) -> bool:
    """Whether the person has pages of a lecturer: a term accepted once, an open application, or
    something is written about their training."""
    if user is None:
        return False
    if lectures(user):
        return True
    waiting = _applicants().where(Application.user_id == user.id)
    asked = select(TrainingInvitation.id).where(TrainingInvitation.user_id == user.id)
    studied = select(StudyRecord.id).where(StudyRecord.user_id == user.id)
    exists = [q.exists() for q in (waiting, asked, studied)]
    return bool(db.session.scalar(select(or_(*exists))))


@dataclass(frozen=True, slots=True)
class OwnTraining:
    """A training as one person has to do with it."""

    training: Training
    invitation: TrainingInvitation | None
    sign_up: SignUp | None


def trainings_ahead(user: User) -> list[OwnTraining]:
    """Trainings that are not over: the person is asked or enrolled, or it is open to everybody."""
    asked = _invitations_by_event(user)
    booked = _sign_ups_by_event(user)
    query = (
        select(Training)
        .join(Event, Event.id == Training.event_id)
        .where(
            Event.ends_at > clock.now(),
            Event.status == EventStatus.PUBLISHED,
            or_(
                Event.visibility == Visibility.PUBLIC,
                Event.id.in_(list(asked)),
                Event.id.in_(list(booked)),
            ),
        )
        .options(joinedload(Training.event).options(*_TITLE))
        .order_by(Event.starts_at, Event.id)
        .limit(MOST)
    )
    return [
        OwnTraining(row, asked.get(row.event_id), booked.get(row.event_id))
        for row in db.session.scalars(query).unique()
    ]


def _invitations_by_event(user: User) -> dict[int, TrainingInvitation]:
    query = select(TrainingInvitation).where(TrainingInvitation.user_id == user.id)
    return {row.event_id: row for row in db.session.scalars(query)}


def _sign_ups_by_event(user: User) -> dict[int, SignUp]:
    query = (
        select(SignUp)
        .join(Event, Event.id == SignUp.event_id)
        .where(
            SignUp.user_id == user.id,
            SignUp.status != SignUpStatus.CANCELLED,
            Event.kind == EventKind.TRAINING,
            Event.ends_at > clock.now(),
        )
    )
    query = query.options(lazyload(SignUp.event)).order_by(SignUp.id.desc())
    return {row.event_id: row for row in db.session.scalars(query)}  # the first, as own_sign_up


# Of an event only its title is shown: the rest waits until asked for.
_TITLE = (lazyload("*"), selectinload(Event.texts))


def studies_of(user: User) -> list[StudyRecord]:
    """What the person learnt where, newest first. Their minutes are no service (rule 11)."""
    query = select(StudyRecord).where(StudyRecord.user_id == user.id)
    query = query.options(joinedload(StudyRecord.event).options(*_TITLE))
    return list(db.session.scalars(query.order_by(StudyRecord.studied_on.desc(), StudyRecord.id)))


def study_minutes(user: User) -> int:
    query = select(func.coalesce(func.sum(StudyRecord.minutes), 0))
    return int(db.session.scalar(query.where(StudyRecord.user_id == user.id)) or 0)


def assessments_of(user: User) -> list[Assessment]:
    """The person's results, newest first; the history stays."""
    query = select(Assessment).where(Assessment.user_id == user.id)
    return list(db.session.scalars(query.order_by(Assessment.id.desc())).unique())
