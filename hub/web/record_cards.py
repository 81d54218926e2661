"""Service records made ready for pages: lines, facts, the clock in words, hours as a picture."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import url_for

from hub.enums import SEALED, Provenance, RecordStatus
from hub.extensions import db
from hub.i18n import _, current_language, language_name, ngettext
from hub.models import ServiceRecord, User
from hub.queries.records import Due, Hours, due_of_record
from hub.web.filters import day, duration, period
from hub.web.month_chart import MonthChart, month_chart

MOST_MONTHS = 12


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record in a list."""

    id: int
    url: str
    activity: str
    when: str
    length: str
    community: str
    person: str
    provenance: str
    status: str
    status_words: str
    due_words: str
    overdue: bool
    content: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What the page of one record says about it. ``pictures``: address and name of each."""

    place: str
    language: str
    people_served: int | None
    event: str
    organising_unit: str
    in_charge: str
    entered_by: str
    sent_at: datetime | None
    pictures: list[tuple[str, str]]


def record_row(record: ServiceRecord, *, desk: bool = False, why_not: Any = None) -> RecordRow:
    """``desk``: it leads to the desk's page and says whose it is."""
    due = due_of_record(record) if record.status is RecordStatus.SUBMITTED else None
    endpoint = "desk_records.show" if desk else "records.show"
    return RecordRow(
        id=record.id,
        url=url_for(endpoint, record_id=record.id),
        activity=record.activity.name,
        when=period(record.starts_at, record.ends_at),
        length=duration(record.minutes),
        community=record.community.name,
        person=person_name(record) if desk else "",
        provenance=str(record.provenance.label),
        status=record.status.value,
        status_words=str(record.status.label),
        due_words=due_words(due) if due else "",
        overdue=bool(due and due.overdue),
        content=record.content,
        why_not=str(why_not or ""),
    )


def person_name(record: ServiceRecord) -> str:
    return record.user.name or _("a deleted account")


def due_words(due: Due) -> str:
    """``Due in 3 working days``, ``Overdue since Sat 21 Nov``."""
    if due.overdue:
        return _("Overdue since %(day)s", day=day(due.day + timedelta(days=1)))
    if due.left == 0:
        return _("Due today")
    return ngettext("Due in %(num)d working day", "Due in %(num)d working days", due.left)


def calendar_unknown(records: list[ServiceRecord]) -> bool:
    """Whether some due day is counted without the official calendar of its year."""
    waiting = (r for r in records if r.status is RecordStatus.SUBMITTED)
    return any(not due_of_record(record).known for record in waiting)


def record_facts(record: ServiceRecord) -> RecordFacts:
    own = record.entered_by_id == record.user_id
    approver = record.in_charge if record.status in SEALED else None
    return RecordFacts(
        place=record.place,
        language=language_name(record.language, current_language()) if record.language else "",
        people_served=record.people_served,
        event=record.event.title if record.event is not None else "",
        organising_unit=record.organising_unit,
        in_charge=approver.name if approver is not None else "",
        entered_by="" if own else db.session.get_one(User, record.entered_by_id).name,
        sent_at=record.submitted_at,
        pictures=[
            (url_for("records.picture", record_id=record.id, picture_id=p.id), p.shown_name)
            for p in record.evidence
        ],
    )


def provenance_rows(hours: Hours) -> list[tuple[str, str]]:
    """How the approved minutes are known, with their sums."""
    return [
        (str(p.label), duration(hours.by_provenance[p]))
        for p in Provenance
        if hours.by_provenance[p]
    ]


def hours_picture(hours: Hours) -> MonthChart | None:
    """Columns of the last twelve months with service; the table has all months."""
    used = [p for p in Provenance if hours.by_provenance[p]]
    kinds = [(list(Provenance).index(p) + 1, str(p.label)) for p in used]
    months = [(month, [row[p] for p in used]) for month, row in hours.months.items()]
    return month_chart(months, kinds, _top, duration, most=MOST_MONTHS)


def _top(minutes: int) -> int:
    """The end of the scale: whole hours that can be halved."""
    hours = -(-minutes // 60)
    for nice in (2, 4, 6, 8, 10, 16, 20, 30, 40, 60, 80, 100, 150, 200):
        if hours <= nice:
            return nice * 60
    return (hours + hours % 2) * 60
