"""Reads of qualifications: the desk's list, what counts for a grant, and the talks that break."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, or_, select, true
from sqlalchemy.orm import aliased, joinedload, lazyload

from hub import clock
from hub.enums import Programme, QualificationState
from hub.extensions import db
from hub.models import (
    Appointment,
    Assessment,
    Assignment,
    Duty,
    Qualification,
    StudyRecord,
    TrainingTopic,
    User,
)
from hub.policies import Learner, can_examine, lacking, own_community_ids
from hub.queries.appointments import BREAKABLE
from hub.queries.availability import holds_on, runs_on, suspended_on
from hub.queries.people import is_called

PAGE_SIZE = 30
# One that ends within so many days is said to end soon; its person is reminded once.
SOON = timedelta(days=60)
VIEWS = ("valid", "ending", "suspended", "expired", "revoked", "to_come")


@dataclass(frozen=True, slots=True)
class QualificationFilter:
    """What the list is narrowed to. ``view`` is one of VIEWS, or empty for all."""

    q: str = ""
    topic_id: int | None = None
    language: str = ""
    view: str = ""


def desk_qualifications(
    wanted: QualificationFilter, *, by: User, after: int = 0, limit: int = PAGE_SIZE
) -> list[Qualification]:
    """Qualifications that ``by`` may see, in the order of granting; ``limit + 1`` at most."""
    query = (
        select(Qualification)
        .join(User, User.id == Qualification.user_id)
        .where(visible_qualifications(by), User.erased_at.is_(None), Qualification.id > after)
        .options(joinedload(Qualification.user))
    )
    if wanted.q:
        query = query.where(is_called(wanted.q))
    if wanted.topic_id is not None:
        query = query.where(Qualification.topic_id == wanted.topic_id)
    if wanted.language:
        query = query.where(Qualification.language == wanted.language)
    if wanted.view:
        query = query.where(_in_view(wanted.view, clock.today()))
    query = query.order_by(Qualification.id).limit(limit + 1)
    return list(db.session.scalars(query).unique())


def languages_examined() -> list[str]:
    """The codes of the languages in which somebody ever was qualified."""
    query = select(Qualification.language).distinct().order_by(Qualification.language)
    return list(db.session.scalars(query))


def visible_qualifications(by: User) -> ColumnElement[bool]:
    """What ``policies.can_see_qualification`` says, in SQL."""
    if can_examine(by):
        return true()
    here = own_community_ids(by)
    return Qualification.user_id.in_(
        select(Appointment.user_id).where(
            Appointment.programme == Programme.LECTURER,
            Appointment.accepted_at.is_not(None),
            or_(Appointment.community_id.is_(None), Appointment.community_id.in_(here)),
        )
    )


def _in_view(view: str, today: date) -> ColumnElement[bool]:
    """What ``Qualification.state`` says, in SQL."""
    revoked = Qualification.revoked_on.is_not(None) & (Qualification.revoked_on <= today)
    if view == QualificationState.REVOKED:
        return revoked
    if view == QualificationState.EXPIRED:
        return ~revoked & (Qualification.valid_until < today)
    if view == QualificationState.TO_COME:
        return ~revoked & (Qualification.valid_from > today)
    if view == QualificationState.SUSPENDED:
        return runs_on(today) & suspended_on(today)
    if view == "ending":
        return runs_on(today) & (Qualification.valid_until <= today + SOON) & ~_followed()
    return holds_on(today)


def _followed() -> ColumnElement[bool]:
    """Whether a later one of the same person, topic and language goes on."""
    later = aliased(Qualification)
    return exists().where(
        later.user_id == Qualification.user_id,
        later.topic_id == Qualification.topic_id,
        later.language == Qualification.language,
        later.valid_until > Qualification.valid_until,
        later.revoked_on.is_(None),
    )


def ending_soon() -> list[Qualification]:
    """Those whose person has to be reminded of the end: not renewed, not reminded yet."""
    query = (
        select(Qualification)
        .join(User, User.id == Qualification.user_id)
        .where(
            _in_view("ending", clock.today()),
            Qualification.reminded_at.is_(None),
            Qualification.revoked_on.is_(None),
            User.erased_at.is_(None),
        )
        .order_by(Qualification.id)
    )
    return list(db.session.scalars(query).unique())


# --- what counts for a grant ----------------------------------------------------------------------

Case = tuple[int, int, str]  # person, topic, language


def learners_of(users: Sequence[User], pairs: Iterable[tuple[int, str]]) -> dict[Case, Learner]:
    """What counts of each person for each (topic, language): four queries, however many."""
    ids, wanted = [user.id for user in users], list(pairs)
    studied: dict[tuple[int, int], list[date]] = {}
    query = (
        select(StudyRecord.user_id, TrainingTopic.topic_id, StudyRecord.studied_on)
        .join(TrainingTopic, TrainingTopic.event_id == StudyRecord.event_id)
        .where(StudyRecord.user_id.in_(ids))
    )
    for user_id, topic_id, day in db.session.execute(query):
        studied.setdefault((user_id, topic_id), []).append(day)
    newest: dict[Case, Assessment] = {}
    results = select(Assessment).where(Assessment.user_id.in_(ids)).order_by(Assessment.id)
    for result in db.session.scalars(results.options(lazyload(Assessment.topic))):
        newest[result.user_id, result.topic_id, result.language] = result
    held: dict[Case, list[Qualification]] = {}
    rows = select(Qualification).where(Qualification.user_id.in_(ids))
    for row in db.session.scalars(rows.options(lazyload(Qualification.topic))):
        held.setdefault((row.user_id, row.topic_id, row.language), []).append(row)
    return {
        (user.id, topic_id, code): Learner(
            user,
            studied.get((user.id, topic_id), []),
            newest.get((user.id, topic_id, code)),
            held.get((user.id, topic_id, code), []),
        )
        for user in users
        for topic_id, code in wanted
    }


def learner_of(user: User, topic_id: int, language: str) -> Learner:
    return learners_of([user], [(topic_id, language)])[user.id, topic_id, language]


# --- the talks that break -------------------------------------------------------------------------


def talks_broken_by(
    row: Qualification, *, since: date | None = None, until: date | None = None
) -> list[Assignment]:
    """The coming talks of the person that stand without this topic and language (rule 8), soonest
    first. With ``since``: as if this one did not hold from that day to ``until`` (for ever, if
    None)."""
    query = select(Qualification).where(Qualification.user_id == row.user_id)
    held = list(db.session.scalars(query))
    found = (
        select(Assignment)
        .join(Duty, Duty.id == Assignment.duty_id)
        .where(
            Assignment.user_id == row.user_id,
            Assignment.status.in_(BREAKABLE),
            Duty.programme == Programme.LECTURER,
            Duty.cancelled_at.is_(None),
            Duty.starts_at > clock.now(),
        )
        .order_by(Duty.starts_at, Assignment.id)
    )
    broken = []
    for assignment in db.session.scalars(found).unique():
        day = clock.to_local(assignment.duty.starts_at).date()
        off = since is not None and since <= day and (until is None or day <= until)
        rest = [q for q in held if not (off and q.id == row.id)]
        lacks = {(topic.id, code) for topic, code in lacking(assignment.duty, rest)}
        if (row.topic_id, row.language) in lacks:
            broken.append(assignment)
    return broken
