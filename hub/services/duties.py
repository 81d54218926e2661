"""Duties: made, changed, cancelled (rules 6, 9)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select

from hub import clock
from hub.enums import (
    BUSY,
    AssignmentStatus,
    EventStatus,
    LanguageLevel,
    MessageKind,
    Programme,
    Skill,
)
from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.i18n import SPOKEN, _l
from hub.models import (
    Activity,
    Assignment,
    Duty,
    DutyLanguage,
    DutySkill,
    DutyText,
    Event,
    User,
    Venue,
)
from hub.policies import Step, can_manage_community, can_manage_duty, why_not_change_duty
from hub.services import audit
from hub.services.duty_places import (
    flush_or_refuse,
    lock_duty,
    move_to,
    promote_requested,
    tell,
)

MOST_PEOPLE = 200
MOST_TIMES = 30
S = AssignmentStatus


@dataclass(frozen=True, slots=True)
class DutyWords:
    """What a duty says in one language."""

    title: str
    details: str = ""


@dataclass(slots=True)
class DutyData:
    """All that the form of a duty holds. Times are aware."""

    venue_id: int
    activity_id: int
    starts_at: datetime
    ends_at: datetime
    people_needed: int
    texts: dict[str, DutyWords]
    languages: dict[str, LanguageLevel] = field(default_factory=dict)
    skills: frozenset[Skill] = frozenset()
    event_id: int | None = None


def create_duties(data: DutyData, *, by: User, times: int = 1) -> list[Duty]:
    """A duty of an event or by itself; with ``times`` the same one every week, in one batch.

    Its community is that of the event, else that of the venue. Raises NotAllowed or InvalidInput.
    """
    if not 1 <= times <= MOST_TIMES:
        raise InvalidInput(_l("Enter a number between 1 and 30."), field="times")
    community_id = _check(data, by=by)
    batch = str(uuid4()) if times > 1 else ""
    made = []
    for week in range(times):
        duty = Duty(
            programme=Programme.ASSISTANT,
            community_id=community_id,
            event_id=data.event_id,
            batch=batch,
            created_by_id=by.id,
            created_at=clock.now(),
        )
        _write(duty, data, timedelta(weeks=week))
        db.session.add(duty)
        db.session.flush()
        db.session.refresh(duty)
        audit.record("create", "duty", duty.id, by=by, after=facts_of(duty))
        made.append(duty)
    return made


def update_duty(duty_id: int, data: DutyData, *, by: User) -> Duty:
    """Change a duty. A new time or place is told to everybody on it.

    Refused where it would give somebody two duties at one time (rule 9), or fewer places than
    people. More places go to the queue. Raises NotAllowed, WrongState or InvalidInput.
    """
    duty = lock_duty(duty_id)
    _check_open(duty, by)
    data.event_id = duty.event_id
    community_id = _check(data, by=by)
    if data.people_needed < duty.people_taken:
        words = _l("%(taken)s people are on it. Take somebody off first.", taken=duty.people_taken)
        raise InvalidInput(words, field="people_needed")
    old, before = (duty.starts_at, duty.ends_at, duty.venue_id), facts_of(duty)
    for person in who_overlaps(duty, data.starts_at, data.ends_at):
        words = _l(
            "%(name)s has another duty at that time. Take them off first, or choose another time.",
            name=person.name,
        )
        raise WrongState(words)
    _write(duty, data, timedelta(0))
    duty.community_id, duty.changed_at = community_id, clock.now()
    flush_or_refuse()
    db.session.refresh(duty)
    after = facts_of(duty)
    audit.record("update", "duty", duty.id, by=by, before=before, after=after)
    if old != (duty.starts_at, duty.ends_at, duty.venue_id):
        tell_changed(duty, *old[:2])
    promote_requested(duty)
    return duty


def cancel_duty(duty_id: int, reason: str, *, by: User) -> Duty:
    """Cancel a duty; everybody on it, asked or waiting is told why. Who has checked in stays.

    Raises NotAllowed, WrongState, or InvalidInput without a reason.
    """
    duty = lock_duty(duty_id)
    _check_open(duty, by)
    why = audit.needed_reason(reason, _l("Say why: everybody on the duty is told."))
    end_duty(duty, why, lambda user: why, by=by)
    return duty


def who_overlaps(
    duty: Duty, start: datetime, end: datetime, moving_with: int | None = None
) -> list[User]:
    """Who is on ``duty`` and would have another duty between ``start`` and ``end``.

    Duties of the event that is ``moving_with`` it go the same way and do not count.
    """
    mine = select(Assignment.user_id).where(
        Assignment.duty_id == duty.id, Assignment.status.in_(BUSY)
    )
    query = (
        select(User)
        .join(Assignment, Assignment.user_id == User.id)
        .join(Duty, Duty.id == Assignment.duty_id)
        .where(User.id.in_(mine), Assignment.status.in_(BUSY), Duty.id != duty.id)
        .where(Duty.starts_at < end, Duty.ends_at > start)
    )
    if moving_with is not None:
        query = query.where(Duty.event_id.is_distinct_from(moving_with))
    return list(db.session.scalars(query.distinct().order_by(User.id)))


def end_duty(duty: Duty, reason: str, said_to: Callable[[User], str], *, by: User) -> None:
    """Cancel a locked ``duty``; ``said_to`` gives the reason as its reader is told it."""
    duty.cancelled_at, duty.cancel_reason = clock.now(), reason
    db.session.flush()
    audit.record("cancel", "duty", duty.id, by=by, reason=reason)
    ends = {S.OFFERED: S.WITHDRAWN, S.REQUESTED: S.WITHDRAWN, S.CONFIRMED: S.CANCELLED}
    for assignment in _on(duty, *ends):
        move_to(assignment, ends[assignment.status], Step.TAKE_OFF, by=by, reason=reason)
        user = assignment.user
        tell(MessageKind.DUTY_CANCELLED, duty, user, reason=said_to(user))


def _on(duty: Duty, *statuses: AssignmentStatus) -> list[Assignment]:
    query = select(Assignment).where(Assignment.duty_id == duty.id, Assignment.status.in_(statuses))
    return list(db.session.scalars(query.order_by(Assignment.id)))


def tell_changed(duty: Duty, old_start: datetime, old_end: datetime) -> None:
    facts = {"old_starts_at": old_start.isoformat(), "old_ends_at": old_end.isoformat()}
    for assignment in _on(duty, S.OFFERED, S.REQUESTED, S.CONFIRMED, S.CHECKED_IN):
        assignment.sequence += 1
        tell(MessageKind.DUTY_CHANGED, duty, assignment.user, **facts)


def _check_open(duty: Duty, by: User) -> None:
    if not can_manage_duty(by, duty):
        raise NotAllowed
    reason = why_not_change_duty(duty, clock.now())
    if reason is not None:
        raise WrongState(reason)


def _check(data: DutyData, *, by: User) -> int:
    """The community that the duty is of. Raises NotAllowed or InvalidInput."""
    venue = db.session.get(Venue, data.venue_id)
    event = db.session.get(Event, data.event_id) if data.event_id is not None else None
    if data.event_id is not None:
        if event is None or not can_manage_community(by, event.community_id):
            raise NotAllowed
        if event.status is EventStatus.CANCELLED:
            raise WrongState(_l("The event is cancelled."))
    at_event = event is not None and event.venue_id == data.venue_id
    if venue is None or not (at_event or can_manage_community(by, venue.community_id)):
        raise InvalidInput(_l("Choose one of the listed venues."), field="venue_id")
    activity = db.session.get(Activity, data.activity_id)
    if activity is None or not activity.counts:
        raise InvalidInput(_l("Choose one from the list."), field="activity_id")
    _check_shape(data)
    return event.community_id if event is not None else venue.community_id


def _check_shape(data: DutyData) -> None:
    if not any(words.title.strip() for words in data.texts.values()):
        raise InvalidInput(_l("Give the duty a title in at least one language."), field="texts")
    if data.ends_at <= data.starts_at:
        raise InvalidInput(_l("The end must be after the start."), field="ends_at")
    if clock.to_local(data.starts_at).date() != clock.to_local(data.ends_at).date():
        raise InvalidInput(_l("A duty begins and ends on one day."), field="ends_at")
    if data.ends_at <= clock.now():
        raise InvalidInput(_l("This time is over."), field="ends_at")
    if not 1 <= data.people_needed <= MOST_PEOPLE:
        raise InvalidInput(_l("Between 1 and 200 people."), field="people_needed")
    if not set(data.languages) <= set(SPOKEN):
        raise InvalidInput(_l("Choose only from the list."), field="languages")


def _write(duty: Duty, data: DutyData, later: timedelta) -> None:
    duty.venue_id, duty.activity_id = data.venue_id, data.activity_id
    duty.starts_at, duty.ends_at = data.starts_at + later, data.ends_at + later
    duty.people_needed = data.people_needed
    present = {row.language: row for row in duty.languages}
    duty.languages = [present.get(c) or DutyLanguage(language=c) for c in sorted(data.languages)]
    for row in duty.languages:
        row.level = data.languages[row.language]
    skills = {row.skill: row for row in duty.skills}
    duty.skills = [skills.get(s) or DutySkill(skill=s) for s in sorted(data.skills)]
    for code, words in data.texts.items():
        if not words.title.strip():
            duty.texts.pop(code, None)
            continue
        text = duty.texts.get(code)
        if text is None:
            text = duty.texts[code] = DutyText(language=code)
        text.title, text.details = words.title.strip(), words.details.strip()


def facts_of(duty: Duty) -> dict[str, object]:
    """What the audit trail compares: plain values."""
    return {
        "venue_id": duty.venue_id,
        "starts_at": duty.starts_at.isoformat(),
        "ends_at": duty.ends_at.isoformat(),
        "people_needed": duty.people_needed,
        "titles": {code: row.title for code, row in sorted(duty.texts.items())},
    }
