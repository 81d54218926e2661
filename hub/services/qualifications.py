"""Qualifications: granted, suspended, resumed, revoked, reminded of (rules 5, 6, 8)."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import LazyString
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub import clock
from hub.enums import AssessmentResult, MessageKind
from hub.exceptions import InvalidInput, NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.i18n import SPOKEN, _l, in_language, language_name
from hub.models import Qualification, QualificationSuspension, Topic, User
from hub.policies import (
    LONGEST_VALIDITY,
    USUAL_VALIDITY,
    can_examine,
    can_manage_training,
    first_free_day,
    missing_for,
    why_not_decide_on,
    why_not_resume_qualification,
    why_not_revoke_qualification,
    why_not_suspend_qualification,
)
from hub.queries.qualifications import ending_soon, learner_of, learners_of
from hub.queries.settings import reader_language
from hub.queries.trainings import assessments_at, students_of, training_of
from hub.services import audit
from hub.services.messages import queue_note
from hub.services.people import lock_user

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Grant:
    """What is granted to whom. Both days are included."""

    user_id: int
    topic_id: int
    language: str
    valid_from: date
    valid_until: date


def grant(wanted: Grant, *, by: User) -> Qualification:
    """Grant it if every condition holds on its first day (rule 8); the person is told.

    Raises NotAllowed, OwnCase (rule 5), InvalidInput, or WrongState that says what is missing.
    """
    topic = db.session.get(Topic, wanted.topic_id)
    user = _person(wanted.user_id, by)
    if topic is None or wanted.language not in SPOKEN:
        raise NotAllowed
    _check_days(wanted)
    learner = learner_of(user, topic.id, wanted.language)
    missing = missing_for(topic, learner, wanted.valid_from, wanted.valid_until)
    passed = learner.assessment
    if missing or passed is None:
        words = " · ".join(str(condition.words) for condition in missing)
        raise WrongState(_l("Still missing: %(conditions)s.", conditions=words))
    row = Qualification(
        user_id=user.id,
        topic_id=topic.id,
        language=wanted.language,
        valid_from=wanted.valid_from,
        valid_until=wanted.valid_until,
        examiner=passed.examiner,
        assessment_id=passed.id,
        granted_by_id=by.id,
        created_at=clock.now(),
    )
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:  # behind the lock
        raise WrongState from error
    _record("grant", row, by)
    _tell(MessageKind.QUALIFICATION_GRANTED, row)
    return row


def grant_all(event_id: int, *, by: User) -> int:
    """Grant, for the usual validity, everything that was passed at the training and of which no
    condition is missing; how many. Raises NotAllowed."""
    training = training_of(event_id)
    if training is None or not can_manage_training(by, training.event) or not can_examine(by):
        raise NotAllowed
    topics = {topic.id: topic for topic in training.topics}
    passed = {
        (row.user_id, row.topic_id, row.language)
        for row in assessments_at(event_id)
        if row.result is AssessmentResult.PASSED and row.topic_id in topics
    }
    people = [user for _study, user in students_of(event_id) if user.id != by.id]
    learners = learners_of(people, {case[1:] for case in passed})
    granted = 0
    for case in sorted(passed & set(learners)):
        learner = learners[case]
        first = first_free_day(learner.held, clock.today())
        if first > clock.today() or missing_for(topics[case[1]], learner, first):
            continue
        grant(Grant(*case, first, first + USUAL_VALIDITY), by=by)
        granted += 1
    return granted


def suspend_qualification(
    qualification_id: int, starts_on: date, ends_on: date | None, reason: str, *, by: User
) -> QualificationSuspension:
    """It does not hold from ``starts_on`` to ``ends_on`` (None: until it is resumed).

    Raises NotAllowed, OwnCase (rule 5), InvalidInput or WrongState.
    """
    row = _locked(qualification_id, by)
    _refuse(why_not_suspend_qualification(row, clock.today()))
    reason = audit.needed_reason(reason)
    _check_suspension(row, starts_on, ends_on)
    suspension = QualificationSuspension(starts_on=starts_on, ends_on=ends_on, reason=reason)
    row.suspensions.append(suspension)
    db.session.flush()
    last = ends_on.isoformat() if ends_on else None
    days: dict[str, object] = {"first_day": starts_on.isoformat(), "last_day": last}
    audit.record("suspend", "qualification", row.id, by=by, after=days, reason=reason)
    facts = {"from_day": starts_on.isoformat(), "to_day": last or "", "reason": reason}
    _tell(MessageKind.QUALIFICATION_SUSPENDED, row, **facts)
    return suspension


def resume_qualification(qualification_id: int, *, by: User) -> Qualification:
    """It holds again from today; a suspension that was only planned is dropped.

    Raises NotAllowed, OwnCase (rule 5) or WrongState.
    """
    row, today = _locked(qualification_id, by), clock.today()
    _refuse(why_not_resume_qualification(row, today))
    for suspension in list(row.suspensions):
        if suspension.starts_on >= today:
            row.suspensions.remove(suspension)
        elif suspension.holds(today):
            suspension.ends_on = today - DAY
    db.session.flush()
    audit.record("resume", "qualification", row.id, by=by)
    _tell(MessageKind.QUALIFICATION_RESUMED, row)
    return row


def revoke_qualification(
    qualification_id: int, revoked_on: date, reason: str, *, by: User
) -> Qualification:
    """It does not hold any more from ``revoked_on`` on. Raises NotAllowed, OwnCase (rule 5),
    InvalidInput or WrongState."""
    row = _locked(qualification_id, by)
    _refuse(why_not_revoke_qualification(row, clock.today()))
    reason = audit.needed_reason(reason)
    if not clock.today() <= revoked_on <= row.valid_until:
        raise InvalidInput(
            _l("Choose a day from today to the end of the qualification."), field="revoked_on"
        )
    row.revoked_on, row.revoke_reason = revoked_on, reason
    db.session.flush()
    after: dict[str, object] = {"revoked_on": revoked_on.isoformat()}
    audit.record("revoke", "qualification", row.id, by=by, after=after, reason=reason)
    day = revoked_on.isoformat()
    _tell(MessageKind.QUALIFICATION_REVOKED, row, from_day=day, reason=reason)
    return row


def remind_of_expiring_qualifications() -> int:
    """Write to everybody whose qualification ends within 60 days and is not followed by another,
    once; how many."""
    ending = ending_soon()
    for row in ending:
        row.reminded_at = clock.now()
        _tell(MessageKind.QUALIFICATION_ENDING, row)
    db.session.flush()
    return len(ending)


def _person(user_id: int, by: User) -> User:
    """The person, locked: qualifications of one person wait in line."""
    user = db.session.get(User, user_id)
    if user is None or not can_examine(by):
        raise NotAllowed
    lock_user(user)
    if user.erased_at is not None:
        raise NotAllowed
    if reason := why_not_decide_on(by, user):
        raise OwnCase(reason)
    return user


def _locked(qualification_id: int, by: User) -> Qualification:
    query = select(Qualification.user_id).where(Qualification.id == qualification_id)
    _person(db.session.scalars(query).one(), by)
    return db.session.get_one(Qualification, qualification_id, populate_existing=True)


def _check_days(wanted: Grant) -> None:
    if wanted.valid_until < max(wanted.valid_from, clock.today()):
        raise InvalidInput(
            _l("The last day lies in the past, or before the first one."), field="valid_until"
        )
    if wanted.valid_until - wanted.valid_from > LONGEST_VALIDITY:
        raise InvalidInput(_l("At most two years."), field="valid_until")


def _check_suspension(row: Qualification, starts_on: date, ends_on: date | None) -> None:
    if not clock.today() <= starts_on <= row.last_day:
        raise InvalidInput(
            _l("Choose a day from today to the end of the qualification."), field="starts_on"
        )
    if ends_on is not None and ends_on < starts_on:
        raise InvalidInput(_l("The last day lies before the first one."), field="ends_on")
    last = ends_on or date.max
    if any(
        known.starts_on <= last and starts_on <= (known.ends_on or date.max)
        for known in row.suspensions
    ):
        raise WrongState(_l("This qualification is suspended in these days already."))


def _record(action: str, row: Qualification, by: User) -> None:
    after: dict[str, object] = {
        "user_id": row.user_id, "topic": row.topic.slug, "language": row.language,
        "first_day": row.valid_from.isoformat(), "last_day": row.valid_until.isoformat(),
    }  # fmt: skip
    audit.record(action, "qualification", row.id, by=by, after=after)


def _tell(kind: MessageKind, row: Qualification, **more: str) -> None:
    user = db.session.get_one(User, row.user_id)
    language = reader_language(user.language)
    with in_language(language):
        facts = {
            "topic": row.topic.text(language).name,
            "language": language_name(row.language, language),
            "valid_from": row.valid_from.isoformat(),
            "valid_until": row.last_day.isoformat(),
        }
    queue_note(kind, user, row.id, **facts, **more)


def _refuse(reason: LazyString | None) -> None:
    if reason is not None:
        raise WrongState(reason)
