"""Duties go where their event goes: moved with it, cancelled with it."""

from datetime import datetime, timedelta

from sqlalchemy import select

from hub import clock
from hub.enums import BUSY, AssignmentStatus, Programme
from hub.extensions import db
from hub.i18n import _, in_language
from hub.models import Assignment, Duty, DutyText, Event, User
from hub.queries.settings import reader_language
from hub.services import audit
from hub.services.duties import end_duty, facts_of, tell_changed, who_overlaps
from hub.services.duty_places import (
    end_by_staff,
    flush_or_refuse,
    lock_duty,
    promote_requested,
    tell_planner,
)


def cancel_duties_of(event: Event, *, by: User) -> None:
    """The event is cancelled: so are its duties that are not over, for the same reason."""

    def said_to(user: User) -> str:
        return event.text(user.language).cancellation_reason

    for duty in _coming_duties_of(event):
        end_duty(duty, event.text("zh").cancellation_reason, said_to, by=by)


def move_duties_of(event: Event, shift: timedelta, old_venue_id: int, *, by: User) -> None:
    """The event has moved: its duties move by the same shift, those at its venue with it; those of
    lecturers last as long as it does.

    Whoever would then have two duties at one time is taken off this one, and told (rule 9).
    """
    # The one that moves away first: two stalls of one person follow each other without meeting.
    later = shift > timedelta(0)
    moving = sorted(_coming_duties_of(event), key=lambda duty: duty.starts_at, reverse=later)
    for duty in moving:
        old = (duty.starts_at, duty.ends_at)
        venue_id = event.venue_id if duty.venue_id == old_venue_id else duty.venue_id
        new = (old[0] + shift, old[1] + shift)
        if duty.programme is Programme.LECTURER:
            new = (event.starts_at, event.ends_at)
        if new == old and venue_id == duty.venue_id:
            continue
        _clear_overlaps(duty, *new, event, by=by)
        before = facts_of(duty)
        duty.starts_at, duty.ends_at = new
        duty.venue_id = venue_id
        flush_or_refuse()
        db.session.refresh(duty)
        audit.record("update", "duty", duty.id, by=by, before=before, after=facts_of(duty))
        tell_changed(duty, *old)
    for duty in moving:
        promote_requested(duty)


def retitle_duties_of(event: Event) -> None:
    """The event has another title: so have the duties of its lecturers."""
    query = select(Duty).where(Duty.event_id == event.id, Duty.programme == Programme.LECTURER)
    for duty in db.session.scalars(query.order_by(Duty.id)).unique():
        for code in set(duty.texts) - set(event.texts):
            del duty.texts[code]
        for code, row in event.texts.items():
            duty.texts.setdefault(code, DutyText(language=code)).title = row.title[:120]
        duty.changed_at = clock.now()
    db.session.flush()


def _clear_overlaps(duty: Duty, start: datetime, end: datetime, event: Event, *, by: User) -> None:
    for person in who_overlaps(duty, start, end, moving_with=event.id):
        held = _held(duty, person)
        if held is not None and held.status is AssignmentStatus.CONFIRMED:
            with in_language(reader_language(person.language)):
                reason = _("The event was moved to a time at which you have another duty.")
            end_by_staff(held, reason, by=by)
            tell_planner(duty, by=by)


def _held(duty: Duty, person: User) -> Assignment | None:
    query = select(Assignment).where(
        Assignment.duty_id == duty.id,
        Assignment.user_id == person.id,
        Assignment.status.in_(BUSY),
    )
    return db.session.scalars(query).first()


def _coming_duties_of(event: Event) -> list[Duty]:
    query = select(Duty.id).where(
        Duty.event_id == event.id, Duty.cancelled_at.is_(None), Duty.ends_at > clock.now()
    )
    return [lock_duty(duty_id) for duty_id in db.session.scalars(query.order_by(Duty.id)).all()]
