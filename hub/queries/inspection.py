"""Reads for an inspection: service records with all that Decree 67 asks, terms, decisions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased, selectinload

from hub import clock
from hub.extensions import db
from hub.models import (
    Application,
    Appointment,
    AuditEntry,
    Certificate,
    CertificateRecord,
    ServiceRecord,
    User,
)
from hub.queries.certificates import within

BATCH = 500

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """Days, both included, and a community; None for all of them."""

    since: date
    until: date
    community_id: int | None = None

    @property
    def records(self) -> ColumnElement[bool]:
        return and_(within(self.since, self.until), self._here(ServiceRecord.community_id))

    @property
    def appointments(self) -> ColumnElement[bool]:
        """Whose term shares a day with the period."""
        return and_(
            Appointment.starts_on <= self.until,
            Appointment.ends_on >= self.since,
            or_(Appointment.ended_on.is_(None), Appointment.ended_on >= self.since),
            self._here(Appointment.community_id),
        )

    @property
    def applications(self) -> ColumnElement[bool]:
        """Sent in the period, or leading to one of the appointments."""
        first = clock.day_start(self.since)
        last = clock.day_start(self.until + timedelta(days=1))
        led = select(Appointment.application_id).where(self.appointments)
        sent = and_(Application.submitted_at >= first, Application.submitted_at < last)
        return or_(
            and_(sent, self._here(Application.community_id)),
            Application.id.in_(led.where(Appointment.application_id.is_not(None))),
        )

    def _here(self, column: Any) -> ColumnElement[bool]:
        return column == self.community_id if self.community_id is not None else column == column


def count_records(scope: Scope) -> int:
    """How many records the pack has."""
    return db.session.scalar(select(func.count(ServiceRecord.id)).where(scope.records)) or 0


def record_rows(scope: Scope) -> Iterator[Row]:
    """Every record in every state, by its number, with who did what to it."""
    person, charge, entered, decided = (aliased(User) for _ in range(4))
    later = aliased(ServiceRecord)
    corrected_by = select(func.min(later.id)).where(later.corrects_id == ServiceRecord.id)
    query: Any = (
        select(
            ServiceRecord,
            *(user.name for user in (person, charge, entered, decided)),
            corrected_by.scalar_subquery(),
        )
        .join(person, person.id == ServiceRecord.user_id)
        .outerjoin(charge, charge.id == ServiceRecord.in_charge_id)
        .join(entered, entered.id == ServiceRecord.entered_by_id)
        .outerjoin(decided, decided.id == ServiceRecord.decided_by_id)
        .where(scope.records)
        .order_by(ServiceRecord.id)
        .options(selectinload(ServiceRecord.event))
    )
    for row in _stream(query):
        yield _record(*row)


def appointments_in(scope: Scope) -> Iterator[tuple[Appointment, str, str]]:
    """Every appointment by its number, with its person's name and that of who offered it."""
    person, offered = aliased(User), aliased(User)
    query: Any = (
        select(Appointment, person.name, offered.name)
        .join(person, person.id == Appointment.user_id)
        .outerjoin(offered, offered.id == Appointment.offered_by_id)
        .where(scope.appointments)
        .order_by(Appointment.id)
    )
    for appointment, name, offerer in _stream(query):
        yield appointment, name, offerer or ""


def appointment_rows(scope: Scope) -> Iterator[Row]:
    today = clock.today()
    for appointment, name, offerer in appointments_in(scope):
        yield {
            "id": appointment.id,
            "number": appointment.number,
            "person": name,
            "person_id": appointment.user_id,
            "programme": appointment.programme,
            "community": appointment.community.name if appointment.community else "",
            "starts_on": appointment.starts_on,
            "ends_on": appointment.ends_on,
            "status": appointment.state(today),
            "ended_on": appointment.ended_on,
            "reason": appointment.end_reason,
            "offered_by": offerer,
            "accepted_at": appointment.accepted_at,
            "renews": appointment.renews_id,
            "application": appointment.application_id,
        }


def decision_rows(scope: Scope) -> Iterator[Row]:
    """What the audit trail says of those records, appointments, applications and certificates."""
    records = select(ServiceRecord.id).where(scope.records)
    counted = select(CertificateRecord.certificate_id)
    wanted = {
        "service_record": records,
        "appointment": select(Appointment.id).where(scope.appointments),
        "application": select(Application.id).where(scope.applications),
        "certificate": select(Certificate.id).where(
            Certificate.id.in_(counted.where(CertificateRecord.record_id.in_(records)))
        ),
    }
    query: Any = (
        select(AuditEntry, User.name)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(
            or_(
                *(
                    and_(AuditEntry.subject == subject, AuditEntry.subject_id.in_(ids))
                    for subject, ids in wanted.items()
                )
            )
        )
        .order_by(AuditEntry.id)
    )
    for entry, name in _stream(query):
        yield {
            "id": entry.id,
            "at": entry.at,
            "who": name or "",
            "account": entry.actor_id,
            "subject": entry.subject,
            "subject_id": entry.subject_id,
            "action": entry.action,
            "before": entry.before,
            "after": entry.after,
            "reason": entry.reason,
        }


def _record(
    record: ServiceRecord,
    person: str,
    charge: str | None,
    entered: str,
    decided: str | None,
    newer: int | None,
) -> Row:
    start, end = clock.to_local(record.starts_at), clock.to_local(record.ends_at)
    return {
        "id": record.id,
        "version": _version(record),
        "corrects": record.corrects_id,
        "corrected_by": newer,
        "person": person,
        "person_id": record.user_id,
        "activity": record.activity.name,
        "event": record.event.title if record.event is not None else "",
        "date": start.date(),
        "from": start.strftime("%H:%M"),
        "to": end.strftime("%H:%M"),
        "minutes": record.minutes,
        "place": record.place,
        "content": record.content,
        "community": record.community.name,
        "organising_unit": record.organising_unit,
        "person_in_charge": charge or "",
        "people_served": record.people_served,
        "provenance": record.provenance,
        "status": record.status,
        "entered_by": entered,
        "submitted_at": record.submitted_at,
        "decided_by": decided or "",
        "decided_at": record.decided_at,
        "reason": record.reason,
    }


def _version(record: ServiceRecord) -> int:
    """1, or one more than that of the record which this one corrects."""
    version, older = 1, record.corrects
    while older is not None:
        version, older = version + 1, older.corrects
    return version


def _stream(query: Any) -> Iterator[Any]:
    """The rows in batches: never all of them in memory."""
    yield from db.session.execute(query.execution_options(yield_per=BATCH))
