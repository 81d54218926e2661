"""Who is qualified, and what is missing: every condition on the first day of the validity."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import LazyString

from hub.enums import AssessmentResult, Programme, QualificationState
from hub.i18n import _l
from hub.models import Appointment, Assessment, Qualification, Topic, User
from hub.policies.people import is_active_in, own_community_ids
from hub.policies.talks import can_examine

ASSESSMENT_HOLDS = timedelta(days=365)  # a result older than this says too little
USUAL_VALIDITY = timedelta(days=364)  # a year, both ends included
LONGEST_VALIDITY = timedelta(days=2 * 366)


class ConditionKind(StrEnum):
    TERM = "term"
    TRAINING = "training"
    ASSESSMENT = "assessment"
    TOPIC = "topic"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that a qualification needs: in words, and whether it is so on the day."""

    kind: ConditionKind
    met: bool
    words: LazyString


@dataclass(frozen=True, slots=True)
class Learner:
    """What of a person counts for one topic and language. ``studied``: the days of the trainings
    at which they were and which taught the topic; ``assessment``: the newest entered, whatever
    its result; ``held``: their qualifications for it."""

    user: User
    studied: Sequence[date] = ()
    assessment: Assessment | None = None
    held: Sequence[Qualification] = ()


def conditions_for(
    topic: Topic, learner: Learner, first: date, last: date | None = None
) -> list[Condition]:
    """All that a qualification from ``first`` (to ``last``, one year if None) needs, met or not.

    The desk grants it only if all are met; the lecturer's own page lists the same (rule 8).
    """
    until = last or first + USUAL_VALIDITY
    return [
        _term(learner, first),
        _training(learner, first),
        _assessment(learner, first),
        Condition(
            ConditionKind.TOPIC,
            topic.holds(first),
            _l("The topic is in use and its texts are up to date"),
        ),
        _free(learner, first, until),
    ]


def missing_for(
    topic: Topic, learner: Learner, first: date, last: date | None = None
) -> list[Condition]:
    """The conditions that are not met."""
    return [c for c in conditions_for(topic, learner, first, last) if not c.met]


def first_free_day(held: Sequence[Qualification], on: date) -> date:
    """The first day from ``on`` on which none of the qualifications holds any more."""
    day = on
    for row in sorted(held, key=lambda q: q.valid_from):
        if row.valid_from <= day <= row.last_day:
            day = row.last_day + timedelta(days=1)
    return day


def _term(learner: Learner, on: date) -> Condition:
    met = is_active_in(learner.user, Programme.LECTURER, on)
    return Condition(ConditionKind.TERM, met, _l("The term as a lecturer holds"))


def _training(learner: Learner, on: date) -> Condition:
    met = any(day <= on for day in learner.studied)
    return Condition(ConditionKind.TRAINING, met, _l("Came to a training that taught the topic"))


def _assessment(learner: Learner, on: date) -> Condition:
    """The newest one counts, passed or not; not before the first training, at most a year old."""
    newest = learner.assessment
    met = (
        newest is not None
        and newest.result is AssessmentResult.PASSED
        and newest.examined_on <= on <= newest.examined_on + ASSESSMENT_HOLDS
        and any(day <= newest.examined_on for day in learner.studied)
    )
    return Condition(
        ConditionKind.ASSESSMENT,
        met,
        _l("Passed the latest assessment in this language, at most a year ago"),
    )


def _free(learner: Learner, first: date, last: date) -> Condition:
    met = not any(
        row.valid_from <= last and first <= row.last_day
        for row in learner.held
        if row.valid_from <= row.last_day
    )
    words = _l("No other qualification for the same holds in these days")
    return Condition(ConditionKind.FREE, met, words)


# --- who sees and decides -------------------------------------------------------------------------


def can_see_qualification(user: User | None, row: Qualification) -> bool:
    """The subdistrict and the police unit all; staff of a community those of lecturers who serve
    it or the whole subdistrict (rule 20). The list asks the same (hub/queries/qualifications.py).
    """
    if user is None:
        return False
    if can_examine(user):
        return True
    here = own_community_ids(user)
    return bool(here) and any(_serves(a, here) for a in row.user.appointments)


def _serves(term: Appointment, here: set[int]) -> bool:
    if term.programme is not Programme.LECTURER or term.accepted_at is None:
        return False
    return term.community_id is None or term.community_id in here


def why_not_suspend_qualification(row: Qualification, on: date) -> LazyString | None:
    if row.state(on) is QualificationState.SUSPENDED:
        return _l("This qualification is suspended already.")
    return why_not_revoke_qualification(row, on)


def why_not_resume_qualification(row: Qualification, on: date) -> LazyString | None:
    """The reason why there is no suspension to end, or None. One that is only planned counts."""
    if reason := _over(row, on):
        return reason
    if not any(s.ends_on is None or s.ends_on >= on for s in row.suspensions):
        return _l("This qualification is not suspended.")
    return None


def why_not_revoke_qualification(row: Qualification, on: date) -> LazyString | None:
    if row.revoked_on is not None:
        return _l("This qualification is revoked already.")
    return _over(row, on)


def _over(row: Qualification, on: date) -> LazyString | None:
    if row.state(on) in (QualificationState.EXPIRED, QualificationState.REVOKED):
        return _l("This qualification is over.")
    return None
