"""Lecturers in whose way nothing stands for a talk, in SQL, and what ranks them (rules 8, 9)."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, not_, or_, select

from hub import clock
from hub.enums import BUSY, LIVE_ASSIGNMENT, AssignmentStatus, Programme
from hub.extensions import db
from hub.i18n import _, current_language, language_name, ngettext
from hub.models import (
    Absence,
    Appointment,
    Assignment,
    Duty,
    Profile,
    Qualification,
    QualificationSuspension,
    Suspension,
    User,
)

SEASON = timedelta(days=180)  # before and after the talk: what counts for a fair load
COUNTED = (*BUSY, AssignmentStatus.OFFERED)
NO = (AssignmentStatus.DECLINED, AssignmentStatus.RELEASED, AssignmentStatus.CANCELLED)
LONG_AGO = datetime.min.replace(tzinfo=clock.LOCAL)


@dataclass(slots=True)
class Candidate:
    """What ranks somebody: the moments of their talks, those to come and offered included."""

    user_id: int
    weekdays: int = 0
    counted: list[datetime] = field(default_factory=list)
    given: list[datetime] = field(default_factory=list)
    said_no: bool = False

    def load(self, duty: Duty) -> int:
        later = bisect_left(self.counted, duty.starts_at + SEASON)
        return later - bisect_left(self.counted, duty.starts_at - SEASON)

    def rank(self, duty: Duty, more: int = 0) -> tuple[bool, int, bool, datetime, int]:
        free = bool(self.weekdays >> clock.to_local(duty.starts_at).weekday() & 1)
        place = bisect_left(self.given, duty.starts_at)
        last = self.given[place - 1] if place else LONG_AGO
        return self.said_no, self.load(duty) + more, not free, last, self.user_id


def candidates_of(duties: Sequence[Duty], by: User) -> dict[int, list[Candidate]]:
    """By duty, everybody in whose way nothing stands, with what ranks them."""
    able = {
        duty.id: list(
            db.session.scalars(
                _qualified(duty).where(
                    User.id != by.id,
                    _has_term(duty),
                    not_(_is_busy(duty)),
                    not_(_is_away(_day(duty))),
                    not_(_on_it(duty)),
                )
            )
        )
        for duty in duties
        if duty.cancelled_at is None and duty.ends_at > clock.now()
    }
    known = _known({user_id for ids in able.values() for user_id in ids}, duties)
    said_no = _said_no([duty.id for duty in duties])
    found: dict[int, list[Candidate]] = {}
    for duty in duties:
        found[duty.id] = []
        for user_id in able.get(duty.id, ()):
            one, no = known[user_id], (duty.id, user_id) in said_no
            found[duty.id].append(Candidate(user_id, one.weekdays, one.counted, one.given, no))
    return found


def _day(duty: Duty) -> date:
    return clock.to_local(duty.starts_at).date()


def _qualified(duty: Duty) -> Select[int]:
    """Ids of open accounts that hold every topic of the duty in each of its languages (rule 8)."""
    day = _day(duty)
    needed = [_holds(t.id, n.language, day) for t in duty.topics for n in duty.languages]
    return select(User.id).where(User.active, User.erased_at.is_(None), *needed).order_by(User.id)


def _holds(topic_id: int, language: str, day: date) -> ColumnElement[bool]:
    paused = exists().where(
        QualificationSuspension.qualification_id == Qualification.id,
        QualificationSuspension.starts_on <= day,
        or_(QualificationSuspension.ends_on.is_(None), QualificationSuspension.ends_on >= day),
    )
    return User.id.in_(
        select(Qualification.user_id).where(
            Qualification.topic_id == topic_id,
            Qualification.language == language,
            Qualification.valid_from <= day,
            Qualification.valid_until >= day,
            or_(Qualification.revoked_on.is_(None), Qualification.revoked_on > day),
            not_(paused),
        )
    )


def _has_term(duty: Duty) -> ColumnElement[bool]:
    day = _day(duty)
    paused = exists().where(
        Suspension.appointment_id == Appointment.id,
        Suspension.starts_on <= day,
        or_(Suspension.ends_on.is_(None), Suspension.ends_on >= day),
    )
    return User.id.in_(
        select(Appointment.user_id).where(
            Appointment.programme == duty.programme,
            or_(Appointment.community_id.is_(None), Appointment.community_id == duty.community_id),
            Appointment.accepted_at.is_not(None),
            Appointment.starts_on <= day,
            Appointment.ends_on >= day,
            or_(Appointment.ended_on.is_(None), Appointment.ended_on >= day),
            not_(paused),
        )
    )


def _is_busy(duty: Duty) -> ColumnElement[bool]:
    return User.id.in_(
        select(Assignment.user_id)
        .join(Duty, Duty.id == Assignment.duty_id)
        .where(
            Assignment.status.in_(BUSY),
            Duty.id != duty.id,
            Duty.starts_at < duty.ends_at,
            Duty.ends_at > duty.starts_at,
        )
    )


def _is_away(day: date) -> ColumnElement[bool]:
    away = and_(Absence.starts_on <= day, Absence.ends_on >= day)
    return User.id.in_(select(Absence.user_id).where(away))


def _on_it(duty: Duty) -> ColumnElement[bool]:
    live = and_(Assignment.duty_id == duty.id, Assignment.status.in_(LIVE_ASSIGNMENT))
    return User.id.in_(select(Assignment.user_id).where(live))


# --- what ranks them ------------------------------------------------------------------------------


def _known(ids: Collection[int], duties: Iterable[Duty]) -> dict[int, Candidate]:
    """Weekdays and talks of each, from a season before the first of the duties on."""
    found = {user_id: Candidate(user_id) for user_id in ids}
    if not found:
        return found
    start = min(d.starts_at for d in duties) - SEASON
    end = max(d.starts_at for d in duties) + SEASON
    days = select(Profile.user_id, Profile.weekdays).where(Profile.user_id.in_(found))
    for user_id, weekdays in db.session.execute(days):
        found[user_id].weekdays = weekdays
    counted = (
        select(Assignment.user_id, Assignment.status, Duty.starts_at)
        .join(Duty, Duty.id == Assignment.duty_id)
        .where(
            Duty.programme == Programme.LECTURER,
            Duty.starts_at >= start,
            Duty.starts_at < end,
            Assignment.user_id.in_(found),
            Assignment.status.in_(COUNTED),
        )
        .order_by(Duty.starts_at)
    )
    for user_id, status, moment in db.session.execute(counted):
        found[user_id].counted.append(moment)
        if status in BUSY:
            found[user_id].given.append(moment)
    return found


def _said_no(duty_ids: Sequence[int]) -> set[tuple[int, int]]:
    query = select(Assignment.duty_id, Assignment.user_id).where(
        Assignment.duty_id.in_(duty_ids), Assignment.status.in_(NO)
    )
    return {(row[0], row[1]) for row in db.session.execute(query)}


# --- why there is nobody --------------------------------------------------------------------------


def why_nobody(duty: Duty, by: User) -> str:
    """Why there is no proposal: what is missing, or how many are qualified and not free."""
    qualified = set(db.session.scalars(_qualified(duty)))
    if not qualified:
        return _nobody_qualified(duty)
    left, parts = set(qualified), []
    for condition, words in _hindrances(duty):
        hit = set(db.session.scalars(select(User.id).where(User.id.in_(left), condition)))
        left -= hit
        if hit:
            parts.append(words(len(hit)))
    if by.id in left:
        parts.append(_("one is you"))
    number = len(qualified)
    start = ngettext("%(num)d person is qualified", "%(num)d people are qualified", number)
    return _("%(start)s: %(parts)s.", start=start, parts=", ".join(parts)) if parts else start


def _hindrances(duty: Duty) -> list[tuple[ColumnElement[bool], Callable[[int], str]]]:
    return [
        (
            not_(_has_term(duty)),
            lambda n: ngettext("%(num)d without a term", "%(num)d without a term", n),
        ),
        (
            _on_it(duty),
            lambda n: ngettext("%(num)d on it or asked", "%(num)d on it or asked", n),
        ),
        (
            _is_busy(duty),
            lambda n: ngettext("%(num)d busy at that time", "%(num)d busy at that time", n),
        ),
        (_is_away(_day(duty)), lambda n: ngettext("%(num)d away", "%(num)d away", n)),
    ]


def _nobody_qualified(duty: Duty) -> str:
    """The first topic and language for which there is nobody, else that nobody has them all."""
    for topic in duty.topics:
        for need in duty.languages:
            holder = select(User.id).where(_holds(topic.id, need.language, _day(duty)))
            if db.session.scalar(holder.limit(1)) is None:
                return _(
                    "Nobody is qualified for %(topic)s in %(language)s on that day.",
                    topic=topic.name,
                    language=language_name(need.language, current_language()),
                )
    return _("Nobody is qualified for all of its topics and languages on that day.")
