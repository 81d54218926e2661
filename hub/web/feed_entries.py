"""What stands in private calendars, as entries in the language of the reader (rule 19: nobody's
name; no private link either: each entry leads to a page that asks to log in)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from flask import current_app, url_for

from hub import clock
from hub.enums import AssignmentStatus, EventStatus, Programme, SignUpStatus
from hub.i18n import _, language_name, ngettext
from hub.integrations.ical import CalendarEntry, Status
from hub.models import Appointment, Assignment, Event, Qualification, SignUp
from hub.queries.feed_marks import Mark
from hub.queries.records import due_of
from hub.queries.suggestions import DueSuggestion
from hub.web.calendar_entries import event_entry
from hub.web.i18n import current_code

S = AssignmentStatus
ENDED = (S.DECLINED, S.WITHDRAWN, S.RELEASED, S.CANCELLED)


def sign_up_entry(sign_up: SignUp, position: int | None, url: str) -> CalendarEntry:
    """One's own place at an event. That one moved up from the queue raises the sequence."""
    event, entry = sign_up.event, event_entry(sign_up.event)
    said = []
    if sign_up.party_size > 1:
        said.append(_("Places for %(number)s people.", number=sign_up.party_size))
    if sign_up.status is SignUpStatus.CANCELLED and event.status is not EventStatus.CANCELLED:
        entry = replace(entry, status="CANCELLED", summary=_cancelled(entry.summary))
        said = [_("The staff had to give your place away. They wrote to you why.")]
    elif sign_up.status is SignUpStatus.WAITLISTED and event.status is not EventStatus.CANCELLED:
        entry = replace(
            entry, status="TENTATIVE", summary=_("Waiting list: %(title)s", title=entry.summary)
        )
        said.append(_("You are number %(position)s on the waiting list.", position=position or 1))
    moments = (sign_up.created_at, sign_up.promoted_at, sign_up.cancelled_at)
    steps = sum(moment is not None for moment in moments[1:])
    return replace(
        entry,
        sequence=entry.sequence + steps,
        last_modified=max(entry.last_modified, *(m for m in moments if m is not None)),
        description=_paragraphs(*said, entry.description),
        url=url,
    )


def duty_entry(assignment: Assignment) -> CalendarEntry:
    """One's own duty or talk, with the name that the assignment has in calendars: the same in a
    subscription and in a mail."""
    duty, text, venue = assignment.duty, assignment.duty.text(), assignment.duty.venue.text()
    status: Status = "CONFIRMED"
    summary, said = text.title, []
    if assignment.status in ENDED:
        status, summary = "CANCELLED", _cancelled(text.title)
    elif assignment.status is S.OFFERED:
        status, summary = "TENTATIVE", _("Offer: %(title)s", title=text.title)
        said.append(_("You are asked to do this. Nobody expects you before you accept."))
    moments = (assignment.changed_at, duty.created_at, duty.changed_at)
    lecturer = duty.programme is Programme.LECTURER
    return CalendarEntry(
        uid=assignment.uid,
        sequence=assignment.sequence,
        status=status,
        starts_at=duty.starts_at,
        ends_at=duty.ends_at,
        created_at=assignment.created_at,
        last_modified=max(assignment.created_at, *(m for m in moments if m is not None)),
        summary=summary,
        description=_paragraphs(*said, text.details),
        url=absolute(url_for("service.duty", duty_id=duty.id)),
        place=venue.name,
        address=venue.address,
        categories=(_("Law talk") if lecturer else _("Duty"),),
        latitude=duty.venue.latitude,
        longitude=duty.venue.longitude,
        transparent=assignment.status in ENDED,
    )


def desk_entry(event: Event, mark: Mark, community: str) -> CalendarEntry:
    """An event that one manages, with how full it is and who is missing."""
    _part, _tag, _id, _changed, seats, waiting, lecturers, assistants = mark
    entry, said = event_entry(event), [community]
    if event.status is EventStatus.DRAFT:
        draft = _("Draft: %(title)s", title=entry.summary)
        entry = replace(entry, status="TENTATIVE", summary=draft)
    if event.status is EventStatus.PUBLISHED:
        said.append(_("Seats taken: %(taken)s of %(all)s", taken=seats, all=event.capacity))
        if waiting:
            said.append(
                ngettext("%(num)s party is waiting.", "%(num)s parties are waiting.", waiting)
            )
    if event.status is not EventStatus.CANCELLED:
        said += _missing(lecturers, assistants)
    url = absolute(url_for("desk_events.show", event_id=event.id))
    words = _paragraphs("\n".join(filter(None, said)), entry.description)
    return replace(entry, description=words, url=url)


def _missing(lecturers: int, assistants: int) -> list[str]:
    found = []
    if lecturers:
        found.append(
            ngettext("%(num)s lecturer is missing.", "%(num)s lecturers are missing.", lecturers)
        )
    if assistants:
        found.append(
            ngettext(
                "%(num)s person for the duties is missing.",
                "%(num)s people for the duties are missing.",
                assistants,
            )
        )
    return found


def record_deadlines(records: Iterable[tuple[datetime, datetime]]) -> list[CalendarEntry]:
    """One entry for each day by which records are to be decided (rule 13)."""
    due: dict[date, list[datetime]] = defaultdict(list)
    for served, sent in records:
        due[due_of(clock.to_local(served).date()).day].append(sent)
    return [
        _deadline(
            f"records-{day.isoformat()}",
            day,
            ngettext("%(num)s record to decide", "%(num)s records to decide", len(sent)),
            url_for("desk_records.index"),
            max(sent),
        )
        for day, sent in sorted(due.items())
    ]


def term_deadline(term: Appointment, community: str) -> CalendarEntry:
    words = _("A term ends: %(programme)s", programme=term.programme.label)
    url = url_for("desk_appointments.show", appointment_id=term.id)
    changed = term.accepted_at or term.created_at
    return _deadline(f"term-{term.id}", term.ends_on, words, url, changed, community)


def qualification_deadline(row: Qualification) -> CalendarEntry:
    words = _(
        "A qualification ends: %(topic)s, %(language)s",
        topic=row.topic.text().name,
        language=language_name(row.language, current_code()),
    )
    url = url_for("desk_qualifications.show", qualification_id=row.id)
    changed = max(row.created_at, row.topic.changed_at or row.created_at)
    return _deadline(f"qualification-{row.id}", row.valid_until, words, url, changed)


def suggestion_deadline(due: DueSuggestion) -> CalendarEntry:
    """By when a suggestion is to be acknowledged, assigned or answered (rule 15)."""
    words = _(
        "Suggestion %(number)s is due: %(category)s",
        number=due.number,
        category=due.category.label,
    )
    url = url_for("desk_suggestions.show", suggestion_id=due.id)
    return _deadline(f"suggestion-{due.id}", due.due, words, url, clock.day_start(due.since))


def _deadline(
    name: str, day: date, words: str, path: str, changed: datetime, description: str = ""
) -> CalendarEntry:
    """A day on which something is due: all day, and the reader's time stays free."""
    return CalendarEntry(
        uid=f"{name}@{current_app.config['UID_DOMAIN']}",
        sequence=0,
        status="CONFIRMED",
        starts_at=clock.day_start(day),
        ends_at=clock.day_start(day + timedelta(days=1)),
        created_at=changed,
        last_modified=changed,
        summary=words,
        description=description,
        url=absolute(path),
        categories=(_("Deadline"),),
        transparent=True,
        all_day=True,
    )


def _cancelled(title: str) -> str:
    return _("Cancelled: %(title)s", title=title)


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


def absolute(path: str) -> str:
    return str(current_app.config["BASE_URL"]) + path
