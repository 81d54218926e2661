"""What a calendar's bytes depend on, in one narrow question: the same marks, the same bytes.

A mark is a row of plain values: part, tag, id, moment of the last change, four numbers. Each thing
stands for itself and not in a sum or a maximum: transactions commit out of order, so that a newest
moment may stay what it was while something older has just appeared.
"""

from typing import Any
from typing import cast as cast_to

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from hub.enums import DeadlineKind, Programme, SignUpStatus
from hub.extensions import db
from hub.models import (
    Appointment,
    Assignment,
    Community,
    CommunityText,
    Duty,
    Event,
    Qualification,
    ServiceRecord,
    Setting,
    SignUp,
    Suggestion,
    Topic,
    User,
)
from hub.queries.events import EventFilter, calendar_query
from hub.queries.feeds import (
    ending_qualifications,
    ending_terms,
    events_of_desk,
    shown_assignments,
    shown_sign_ups,
    since,
    waiting_records,
)
from hub.queries.suggestions import running_suggestions

Mark = tuple[str, str, int, object, int, int, int, int]
Part = Select[Any]


def read_marks(parts: list[Part]) -> list[Mark]:
    return [cast_to(Mark, tuple(row)) for row in db.session.execute(union_all(*parts))]


def marks_of_site(community: str) -> list[Part]:
    """The settings (name of the site, languages), and the community that a filter names."""
    parts = [_part("s", Setting.key, literal(0), Setting.changed_at)]
    if community:
        parts.append(_part("c", Community.slug, Community.id).where(Community.slug == community))
    return parts


def marks_of_public(wanted: EventFilter) -> list[Part]:
    return [_part("e", Event.uid, Event.id, Event.changed_at, among=calendar_query(wanted))]


def marks_of_sign_ups(user: User, *, trainings: bool) -> list[Part]:
    """With the place in the queue."""
    other = aliased(SignUp)
    before = (
        select(func.count())
        .where(
            other.event_id == SignUp.event_id,
            other.status == SignUpStatus.WAITLISTED,
            other.id <= SignUp.id,
            SignUp.status == SignUpStatus.WAITLISTED,
        )
        .correlate(SignUp)
        .scalar_subquery()
    )
    tag = Event.uid.concat(type_coerce(SignUp.status, String))
    part = _part("u", tag, SignUp.id, Event.changed_at, before, SignUp.party_size)
    return [part.join(Event, Event.id == SignUp.event_id).where(
        shown_sign_ups(user.id, trainings=trainings)
    )]  # fmt: skip


def marks_of_duties(user: User, programme: Programme) -> list[Part]:
    shown = shown_assignments(user.id, programme)
    tag = Assignment.uid.concat(type_coerce(Assignment.status, String))
    changed = func.coalesce(Assignment.changed_at, Assignment.created_at)
    on_duty = _part("a", tag, Assignment.id, changed, Assignment.sequence)
    changed = func.coalesce(Duty.changed_at, Duty.created_at)
    duties = _part("d", Assignment.uid, Duty.id, changed)
    joined = Duty.id == Assignment.duty_id
    return [
        on_duty.join(Duty, joined).where(shown),
        duties.join(Assignment, joined).where(shown),
    ]


def marks_of_desk(user: User, community: str) -> list[Part]:
    """Events with seats taken, parties waiting, lecturers and assistants missing."""
    missing = _missing_people()
    part = _part(
        *("e", Event.uid, Event.id, Event.changed_at, Event.seats_taken, Event.parties_waiting),
        *(func.coalesce(missing.c.lecturers, 0), func.coalesce(missing.c.assistants, 0)),
    )
    part = part.outerjoin(missing, missing.c.event_id == Event.id)
    names = _part(
        "n", CommunityText.language.concat(CommunityText.name), CommunityText.community_id
    )
    return [part.where(events_of_desk(user, community)), names]


def marks_of_deadlines(kinds: frozenset[DeadlineKind], user: User, community: str) -> list[Part]:
    parts = []
    if DeadlineKind.RECORDS in kinds:
        sent = func.coalesce(ServiceRecord.submitted_at, ServiceRecord.created_at)
        day = cast(ServiceRecord.starts_at, String)
        part = _part("r", day, ServiceRecord.id, sent)
        parts.append(part.where(waiting_records(user, community)))
    if DeadlineKind.TERMS in kinds:
        day = cast(Appointment.ends_on, String)
        part = _part("t", day, Appointment.id, Appointment.created_at)
        parts.append(part.where(ending_terms(user, community)))
    if DeadlineKind.QUALIFICATIONS in kinds:
        tag = cast(Qualification.valid_until, String).concat(Qualification.language)
        part = _part("q", tag, Qualification.id, Topic.changed_at, Topic.version)
        part = part.join(Topic, Topic.id == Qualification.topic_id)
        parts.append(part.where(ending_qualifications(user, community)))
    if DeadlineKind.SUGGESTIONS in kinds:
        days = (Suggestion.acknowledged_on, Suggestion.due_on, Suggestion.paused_on)
        tag = cast(Suggestion.counted_on, String)
        for column in (*days, Suggestion.status, Suggestion.category):
            tag = tag + "," + func.coalesce(cast(column, String), "")
        parts.append(_part("g", tag, Suggestion.id).where(running_suggestions(user, community)))
    return parts


def _missing_people() -> Any:
    missing = Duty.people_needed - Duty.people_taken

    def of(programme: Programme) -> ColumnElement[int]:
        return func.sum(case((Duty.programme == programme, missing), else_=0))

    return (
        select(
            Duty.event_id,
            of(Programme.LECTURER).label("lecturers"),
            of(Programme.ASSISTANT).label("assistants"),
        )
        .where(Duty.event_id.is_not(None), Duty.cancelled_at.is_(None), Duty.ends_at > since())
        .group_by(Duty.event_id)
        .subquery()
    )


def _part(
    name: str, tag: Any, number: Any, changed: Any = None, *numbers: Any, among: Part | None = None
) -> Part:
    """One part of the question. Moments and states are read as they are stored: it is quicker."""
    moment = cast(null(), DateTime(timezone=True)) if changed is None else changed
    columns = (
        literal(name),
        type_coerce(tag, String),
        number,
        type_coerce(moment, String),
        *numbers,
        *(literal(0) for _ in range(4 - len(numbers))),
    )
    return select(*columns) if among is None else among.with_only_columns(*columns)
