"""Reads of people: the desk's search, one person's page, who is active on a date."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import selectinload

from hub import clock
from hub.enums import ConsentPurpose, Programme
from hub.extensions import db
from hub.integrations.contacts import fold
from hub.models import (
    Appointment,
    AuditEntry,
    Consent,
    DoorHelper,
    Event,
    Membership,
    PaperSeen,
    PersonLanguage,
    Profile,
    Qualification,
    SignUp,
    Suspension,
    Topic,
    User,
)
from hub.policies import (
    DOOR_CLOSES_AFTER,
    is_police,
    own_community_ids,
    sees_all_people,
)
from hub.queries.availability import holds_on
from hub.queries.events import managed_by

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What the list of people is narrowed to."""

    q: str = ""
    language: str = ""
    country: str = ""
    community_id: int | None = None
    programme: Programme | None = None
    active_on: date | None = None
    qualified_for: str = ""


def people(wanted: PeopleFilter, *, by: User, after: int = 0, limit: int = PAGE_SIZE) -> list[User]:
    """People whom ``by`` may see, in the order in which they came; ``limit + 1`` rows at most."""
    query = _visible_to(by).where(User.erased_at.is_(None), User.id > after)
    if wanted.q:
        query = query.where(is_called(wanted.q))
    if wanted.language:
        spoken = select(PersonLanguage.user_id).where(PersonLanguage.language == wanted.language)
        query = query.where(User.id.in_(spoken))
    if wanted.country:
        query = query.where(
            User.id.in_(select(Profile.user_id).where(Profile.country == wanted.country))
        )
    if wanted.community_id is not None:
        query = query.where(User.id.in_(_of_communities({wanted.community_id})))
    if wanted.programme is not None or wanted.active_on is not None:
        query = query.where(User.id.in_(_appointed(wanted.programme, wanted.active_on)))
    if wanted.qualified_for:
        on = wanted.active_on or clock.today()
        query = query.where(User.id.in_(_qualified(wanted.qualified_for, on)))
    # Without these, a row of the list would cost a query more.
    query = query.options(selectinload(User.profile).selectinload(Profile.languages))
    return list(db.session.scalars(query.order_by(User.id).limit(limit + 1)))


def countries_of(by: User) -> list[str]:
    """The codes of the countries that people whom ``by`` may see come from."""
    seen = _visible_to(by).where(User.erased_at.is_(None)).with_only_columns(User.id)
    query = select(Profile.country).where(Profile.country != "", Profile.user_id.in_(seen))
    return list(db.session.scalars(query.distinct()))


def visible_person(user_id: int, *, by: User) -> User | None:
    """The person, if ``by`` may see them (rule 20)."""
    return db.session.scalars(
        _visible_to(by).where(User.id == user_id, User.erased_at.is_(None))
    ).first()


def profile_of(user: User) -> Profile | None:
    return db.session.get(Profile, user.id)


def papers_of(user: User) -> list[PaperSeen]:
    """Papers that the desk has seen, newest first."""
    return list(
        db.session.scalars(
            select(PaperSeen).where(PaperSeen.user_id == user.id).order_by(PaperSeen.id.desc())
        )
    )


def sign_ups_of_person(user: User, *, by: User, limit: int = 50) -> list[SignUp]:
    """The person's sign-ups for events that ``by`` manages, newest first (rule 20)."""
    return list(
        db.session.scalars(
            select(SignUp)
            .join(Event, Event.id == SignUp.event_id)
            .where(SignUp.user_id == user.id, managed_by(by))
            .order_by(SignUp.id.desc())
            .limit(limit)
        )
    )


def entries_about(user: User, limit: int = 50) -> list[tuple[AuditEntry, str | None]]:
    """What was decided about the person, newest first, each with the name of who did it.

    Who only looked is not among it: that is for the administrators' audit trail.
    """
    query = (
        select(AuditEntry, User.name)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(
            AuditEntry.subject == "user",
            AuditEntry.subject_id == user.id,
            AuditEntry.action != "view",
        )
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [(entry, name) for entry, name in db.session.execute(query)]


def has_viewed_today(subject_id: int, *, by: User, subject: str = "user") -> bool:
    """Whether it is written already that ``by`` looked at that person, or at that other thing
    with somebody's contact on it, today."""
    seen = select(AuditEntry.id).where(
        AuditEntry.subject == subject,
        AuditEntry.subject_id == subject_id,
        AuditEntry.action == "view",
        AuditEntry.actor_id == by.id,
        AuditEntry.at >= clock.day_start(clock.today()),
    )
    return db.session.scalars(seen.limit(1)).first() is not None


def helps_at_door(user: User, event: Event) -> bool:
    """Whether ``user`` is a helper at the door of ``event``."""
    key = {"event_id": event.id, "user_id": user.id}
    return db.session.get(DoorHelper, key) is not None


def doors_of(user: User) -> list[Event]:
    """The events at whose doors ``user`` helps and still may, soonest first."""
    query = (
        select(Event)
        .join(DoorHelper, DoorHelper.event_id == Event.id)
        .where(DoorHelper.user_id == user.id, Event.ends_at > clock.now() - DOOR_CLOSES_AFTER)
    )
    return list(db.session.scalars(query.order_by(Event.starts_at, Event.id)))


def helpers_of(event_id: int) -> list[User]:
    """Who helps at the door of the event, in the order in which they came."""
    query = select(User).join(DoorHelper, DoorHelper.user_id == User.id)
    query = query.where(DoorHelper.event_id == event_id)
    return list(db.session.scalars(query.order_by(DoorHelper.created_at, User.id)))


def _visible_to(by: User) -> Select[User]:
    """What ``policies.can_see_person`` says, in SQL."""
    query = select(User)
    if sees_all_people(by):
        return query
    here = User.id.in_(_of_communities(own_community_ids(by)))
    shared = [User.id.in_(shared_with_police())] if is_police(by) else []
    return query.where(or_(User.id == by.id, here, *shared))


def shared_with_police() -> Select[int]:
    """Ids of those whose newest word on it allows the police trainers to know them."""
    newest = select(func.max(Consent.id)).where(Consent.purpose == ConsentPurpose.POLICE_TRAINERS)
    return select(Consent.user_id).where(
        Consent.id.in_(newest.group_by(Consent.user_id)), Consent.given
    )


def _of_communities(ids: set[int]) -> Select[int]:
    """Ids of those who live in, work in or are appointed in one of the communities."""
    lives = select(Profile.user_id).where(Profile.community_id.in_(ids))
    works = select(Membership.user_id).where(Membership.community_id.in_(ids))
    serves = select(Appointment.user_id).where(Appointment.community_id.in_(ids))
    return select(User.id).where(or_(User.id.in_(lives), User.id.in_(works), User.id.in_(serves)))


def is_called(q: str) -> ColumnElement[bool]:
    """People whose name as written, as spoken, school or address holds every word of ``q``.

    The profile's key is folded by us. A name without a profile is only as the engine folds it,
    so it is looked for in the usual spellings.
    """
    words = q.split()[:8]
    keys = [Profile.search_key.contains(fold(word), autoescape=True) for word in words]
    names = [
        or_(*(User.name.contains(s, autoescape=True) for s in _spellings(word))) for word in words
    ]
    return or_(
        User.email.contains(fold(q), autoescape=True),
        User.id.in_(select(Profile.user_id).where(*keys)),
        and_(*names),
    )


def _spellings(word: str) -> set[str]:
    return {word, fold(word), word.lower(), word.upper(), word.capitalize()}


def _appointed(programme: Programme | None, on: date | None) -> Select[int]:
    query = select(Appointment.user_id).where(Appointment.accepted_at.is_not(None))
    if programme is not None:
        query = query.where(Appointment.programme == programme)
    if on is not None:
        query = query.where(
            Appointment.starts_on <= on,
            Appointment.ends_on >= on,
            or_(Appointment.ended_on.is_(None), Appointment.ended_on >= on),
            ~select(Suspension.id)
            .where(
                Suspension.appointment_id == Appointment.id,
                Suspension.starts_on <= on,
                or_(Suspension.ends_on.is_(None), Suspension.ends_on >= on),
            )
            .exists(),
        )
    return query


def _qualified(slug: str, on: date) -> Select[int]:
    """Ids of those who may speak about the topic on that day, in whatever language."""
    return (
        select(Qualification.user_id)
        .join(Topic, Topic.id == Qualification.topic_id)
        .where(Topic.slug == slug, holds_on(on))
    )


def qualifications_of(user: User) -> list[Qualification]:
    """What the person was found able to speak about, the newest first."""
    return list(
        db.session.scalars(
            select(Qualification)
            .where(Qualification.user_id == user.id)
            .order_by(Qualification.valid_from.desc(), Qualification.id)
        )
    )


def served_people(*, by: User, limit: int = 500) -> list[User]:
    """People whom ``by`` may see and who have been appointed, now or once, by name."""
    query = _visible_to(by).where(User.erased_at.is_(None), User.id.in_(_appointed(None, None)))
    return list(db.session.scalars(query.order_by(User.name, User.id).limit(limit)))
