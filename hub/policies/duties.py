"""Who can take a duty and why not (rules 8, 9), and which step is possible from which state."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import LazyString

from hub import clock
from hub.enums import AssignmentStatus, EventKind, LanguageLevel, Programme, Skill
from hub.i18n import _l, current_language, language_name
from hub.models import Absence, Appointment, Assignment, Duty, Qualification, Topic, User
from hub.policies.events import can_manage_kind
from hub.policies.people import can_manage_community

CHECK_IN_OPENS = timedelta(minutes=30)  # before the start
CHECK_OUT_CLOSES = timedelta(hours=2)  # after the end, and never after midnight
LATE = timedelta(hours=48)  # a release later than this before the start needs a reason

LEVELS = list(LanguageLevel)  # from the first words to the mother tongue


class ObstacleKind(StrEnum):
    CLOSED = "closed"
    TERM = "term"
    COMMUNITY = "community"
    LANGUAGE = "language"
    SKILL = "skill"
    QUALIFICATION = "qualification"
    AWAY = "away"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason, in words, why somebody cannot take a duty."""

    kind: ObstacleKind
    words: LazyString

    @property
    def firm(self) -> bool:
        """Whether no reason of the staff passes it: a closed duty, and rule 9."""
        return self.kind in (ObstacleKind.CLOSED, ObstacleKind.OVERLAP)


@dataclass(frozen=True, slots=True)
class Helper:
    """What of a person counts for duties. ``busy``: duties on which they are confirmed, at least
    those around the time in question; ``weekdays`` is the bit mask of their profile;
    ``qualifications`` are all of a lecturer's, ``absences`` those around the time."""

    user: User
    languages: dict[str, LanguageLevel]
    skills: frozenset[Skill]
    weekdays: int
    busy: Sequence[Duty]
    this_month: int = 0
    qualifications: Sequence[Qualification] = ()
    absences: Sequence[Absence] = ()

    def is_free_on(self, moment: datetime) -> bool:
        """Whether the person said that they are often free on that day of the week."""
        return bool(self.weekdays >> clock.to_local(moment).weekday() & 1)


def has_term(user: User | None) -> bool:
    """Whether the person ever accepted an appointment: their service has pages."""
    return user is not None and any(a.accepted_at is not None for a in user.appointments)


def why_not_take(duty: Duty, helper: Helper, now: datetime) -> list[Obstacle]:
    """All that stands between the person and the duty. That it is full is none: there is a queue.

    Asked on every path: taking, accepting an offer, promotion, swap, and an offer of the staff.
    """
    found = [*_closed(duty, now), *_term(duty, helper)]
    found += _qualified(duty, helper.qualifications)
    found += _away(duty, helper.absences)
    for need in duty.languages if duty.programme is Programme.ASSISTANT else ():
        level = helper.languages.get(need.language)
        if level is None or LEVELS.index(level) < LEVELS.index(need.level):
            words = _l(
                "Needs %(language)s at %(level)s or better.",
                language=language_name(need.language, current_language()),
                level=level_words(need.level),
            )
            found.append(Obstacle(ObstacleKind.LANGUAGE, words))
    for row in duty.skills:
        if row.skill not in helper.skills:
            words = _l("Needs: %(skill)s.", skill=row.skill.label)
            found.append(Obstacle(ObstacleKind.SKILL, words))
    for other in helper.busy:
        if other.id != duty.id and overlap(duty, other):
            words = _l(
                "Overlaps with “%(title)s”, %(start)s–%(end)s.",
                title=other.title,
                start=clock.to_local(other.starts_at).strftime("%H:%M"),
                end=clock.to_local(other.ends_at).strftime("%H:%M"),
            )
            found.append(Obstacle(ObstacleKind.OVERLAP, words))
    return found


def overlap(one: Duty, other: Duty) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def level_words(level: LanguageLevel) -> LazyString | str:
    return _l("mother tongue") if level is LanguageLevel.NATIVE else level.value


def _closed(duty: Duty, now: datetime) -> list[Obstacle]:
    if duty.cancelled_at is not None:
        return [Obstacle(ObstacleKind.CLOSED, _l("This duty is cancelled."))]
    if duty.ends_at <= now:
        return [Obstacle(ObstacleKind.CLOSED, _l("This duty is over."))]
    return []


def term_holds(duty: Duty, terms: Iterable[Appointment]) -> bool:
    """Whether one of a person's terms holds on the duty's day, in its programme and place:
    its community or the whole subdistrict (rule 8)."""
    return any(a.community_id in (None, duty.community_id) for a in _active_terms(duty, terms))


def lacking(duty: Duty, qualifications: Iterable[Qualification]) -> list[tuple[Topic, str]]:
    """The topics and languages of a lecturers' duty for which none of the qualifications holds
    on its day (rule 8)."""
    if duty.programme is not Programme.LECTURER:
        return []
    day = clock.to_local(duty.starts_at).date()
    held = {(q.topic_id, q.language) for q in qualifications if q.is_valid(day)}
    needed = [(topic, need.language) for topic in duty.topics for need in duty.languages]
    return [(topic, code) for topic, code in needed if (topic.id, code) not in held]


def _qualified(duty: Duty, qualifications: Iterable[Qualification]) -> list[Obstacle]:
    return [
        Obstacle(
            ObstacleKind.QUALIFICATION,
            _l(
                "Not qualified for “%(topic)s” in %(language)s on that day.",
                topic=topic.name,
                language=language_name(code, current_language()),
            ),
        )
        for topic, code in lacking(duty, qualifications)
    ]


def _away(duty: Duty, absences: Iterable[Absence]) -> list[Obstacle]:
    day = clock.to_local(duty.starts_at).date()
    if any(a.starts_on <= day <= a.ends_on for a in absences):
        return [Obstacle(ObstacleKind.AWAY, _l("Said to be away on that day."))]
    return []


def can_manage_duty(user: User | None, duty: Duty) -> bool:
    """Staff of its community; a talk's duty also who runs law talks there: the police unit. The
    list of duties asks the first only (hub/queries/duties.py)."""
    if duty.programme is Programme.LECTURER:
        return can_manage_kind(user, duty.community_id, EventKind.LAW_TALK)
    return can_manage_community(user, duty.community_id)


def _active_terms(duty: Duty, terms: Iterable[Appointment]) -> list[Appointment]:
    day = clock.to_local(duty.starts_at).date()
    return [a for a in terms if a.programme is duty.programme and a.is_active(day)]


def _term(duty: Duty, helper: Helper) -> list[Obstacle]:
    if not helper.user.active:
        return [Obstacle(ObstacleKind.CLOSED, _l("The account is closed."))]
    if term_holds(duty, helper.user.appointments):
        return []
    active = _active_terms(duty, helper.user.appointments)
    elsewhere = [a.community.name for a in active if a.community is not None]
    if elsewhere:
        words = _l(
            "In another community: the appointment is for %(names)s.", names=", ".join(elsewhere)
        )
        return [Obstacle(ObstacleKind.COMMUNITY, words)]
    return [Obstacle(ObstacleKind.TERM, _l("The term does not hold on that day."))]


# --- steps ---------------------------------------------------------------------------------------


class Step(StrEnum):
    """What can be done with an assignment."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW_OFFER = "withdraw-offer"
    WITHDRAW_REQUEST = "withdraw"
    RELEASE = "release"
    TAKE_OFF = "take-off"
    ASK_SWAP = "ask-swap"
    KEEP = "keep"
    TAKE_OVER = "take-over"
    CHECK_IN = "check-in"
    CHECK_OUT = "check-out"
    CONFIRM_END = "confirm-end"
    COMPLETE_BY_REPORT = "complete-by-report"
    NO_SHOW = "no-show"


S = AssignmentStatus
FROM: dict[Step, tuple[AssignmentStatus, ...]] = {
    Step.ACCEPT: (S.OFFERED,),
    Step.DECLINE: (S.OFFERED,),
    Step.WITHDRAW_OFFER: (S.OFFERED,),
    Step.WITHDRAW_REQUEST: (S.REQUESTED,),
    Step.RELEASE: (S.CONFIRMED,),
    Step.TAKE_OFF: (S.CONFIRMED,),
    Step.ASK_SWAP: (S.CONFIRMED,),
    Step.KEEP: (S.CONFIRMED,),
    Step.TAKE_OVER: (S.CONFIRMED,),
    Step.CHECK_IN: (S.CONFIRMED,),
    Step.NO_SHOW: (S.CONFIRMED,),
    Step.CHECK_OUT: (S.CHECKED_IN,),
    Step.CONFIRM_END: (S.CHECKED_IN,),
    Step.COMPLETE_BY_REPORT: (S.CONFIRMED, S.CHECKED_IN),
}


def why_not_step(assignment: Assignment, step: Step, now: datetime) -> LazyString | None:
    """The reason why ``step`` is not possible now, or None. Who may do it is asked elsewhere."""
    if assignment.status not in FROM[step]:
        label = assignment.status.label
        return _l("This is not possible now. The state is: %(state)s.", state=label)
    duty, asked = assignment.duty, assignment.swap_asked_at is not None
    if step in (Step.RELEASE, Step.ASK_SWAP, Step.TAKE_OVER) and now >= duty.starts_at:
        return _l("The duty has begun. Talk to the staff.")
    if step is Step.TAKE_OFF and now >= duty.ends_at:
        return _l("This duty is over.")
    if step is Step.ASK_SWAP and asked:
        return _l("You have asked already.")
    if step in (Step.KEEP, Step.TAKE_OVER) and not asked:
        return _l("Nobody looks for somebody to take over any more.")
    if step is Step.CHECK_IN and now < check_in_opens(duty):
        return _l("Check-in opens 30 minutes before the start.")
    if step is Step.CHECK_IN and now >= duty.ends_at:
        return _l("The duty is over: it is too late to check in.")
    if step is Step.CHECK_OUT and now > check_out_closes(duty):
        return _l("It is too late to check out. Staff enter when it ended.")
    if step is Step.CONFIRM_END and now < duty.ends_at:
        return _l("The duty is still on: check the person out.")
    if step is Step.COMPLETE_BY_REPORT and now < duty.ends_at:
        return _l("The duty is still on.")
    if step is Step.NO_SHOW and now < duty.starts_at:
        return _l("The duty has not begun yet.")
    return None


def check_in_opens(duty: Duty) -> datetime:
    """Half an hour before the start, but not on the day before: a record is of one day."""
    day = clock.to_local(duty.starts_at).date()
    return max(duty.starts_at - CHECK_IN_OPENS, clock.day_start(day))


def check_out_closes(duty: Duty) -> datetime:
    """Two hours after the end, or when the day ends: a record is of one day."""
    day = clock.to_local(duty.starts_at).date()
    midnight = clock.day_start(day + timedelta(days=1)) - timedelta(minutes=1)
    return max(duty.ends_at, min(duty.ends_at + CHECK_OUT_CLOSES, midnight))


def is_late(duty: Duty, now: datetime) -> bool:
    """Whether giving the duty back now is late: less than 48 hours before it begins."""
    return duty.starts_at - now < LATE


def why_not_change_duty(duty: Duty, now: datetime) -> LazyString | None:
    """The reason why staff cannot change or cancel the duty any more, or None."""
    closed = _closed(duty, now)
    return closed[0].words if closed else None
