"""Terms once accepted: suspended, resumed, ended, reminded of. Offers are in offers.py."""

from datetime import date, timedelta

from flask_babel import LazyString
from sqlalchemy import select
from sqlalchemy.orm import lazyload

from hub import clock
from hub.enums import EndKind, MessageKind
from hub.exceptions import InvalidInput, NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.i18n import _l, in_language
from hub.models import Appointment, Community, Suspension, User
from hub.policies import (
    can_manage_appointment,
    why_not_decide_on,
    why_not_resign,
    why_not_resume,
    why_not_revoke,
    why_not_suspend,
)
from hub.queries.appointments import terms_ending_soon
from hub.queries.settings import reader_language
from hub.services import audit
from hub.services.feeds import end_lost_feeds
from hub.services.messages import queue_note
from hub.services.people import lock_user

DAY = timedelta(days=1)


def resign(appointment_id: int, last_day: date, *, by: User) -> Appointment:
    """Leave one's own term after ``last_day``; one that has not begun never begins.

    Raises NotAllowed, InvalidInput or WrongState.
    """
    appointment, _user = own_term(appointment_id, by)
    today = clock.today()
    refuse(why_not_resign(appointment, today))
    if today < appointment.starts_on:
        last_day = today - DAY
    elif not today <= last_day <= appointment.ends_on:
        raise InvalidInput(_l("Choose a day from today to the end of the term."), field="last_day")
    _end(appointment, EndKind.RESIGNED, last_day, "", by=by)
    return appointment


def revoke(appointment_id: int, reason: str, *, by: User) -> Appointment:
    """End a term at once, against the will of its person, who is told why.

    Raises NotAllowed, OwnCase (rule 5), InvalidInput or WrongState.
    """
    appointment, user = managed_term(appointment_id, by)
    refuse(why_not_revoke(appointment, clock.today()))
    reason = audit.needed_reason(reason)
    _end(appointment, EndKind.REVOKED, clock.today() - DAY, reason, by=by)
    end_lost_feeds(user)
    facts = term_facts(user, appointment) | {"reason": reason}
    queue_note(MessageKind.TERM_REVOKED, user, appointment.id, **facts)
    return appointment


def suspend(
    appointment_id: int, starts_on: date, ends_on: date | None, reason: str, *, by: User
) -> Suspension:
    """The term does not hold from ``starts_on`` to ``ends_on`` (None: until it is resumed).

    Raises NotAllowed, OwnCase (rule 5), InvalidInput or WrongState.
    """
    appointment, user = managed_term(appointment_id, by)
    refuse(why_not_suspend(appointment, clock.today()))
    reason = audit.needed_reason(reason)
    _check_suspension(appointment, starts_on, ends_on)
    suspension = Suspension(
        appointment_id=appointment.id, starts_on=starts_on, ends_on=ends_on, reason=reason
    )
    appointment.suspensions.append(suspension)
    db.session.flush()
    after: dict[str, object] = {
        "first_day": starts_on.isoformat(),
        "last_day": ends_on.isoformat() if ends_on else None,
    }
    audit.record("suspend", "appointment", appointment.id, by=by, after=after, reason=reason)
    days = {"from_day": starts_on.isoformat(), "to_day": ends_on.isoformat() if ends_on else ""}
    facts = term_facts(user, appointment) | days | {"reason": reason}
    queue_note(MessageKind.TERM_SUSPENDED, user, appointment.id, **facts)
    return suspension


def resume(appointment_id: int, *, by: User) -> Appointment:
    """The term holds again from today; a suspension that was only planned is dropped.

    Raises NotAllowed, OwnCase (rule 5) or WrongState.
    """
    appointment, user = managed_term(appointment_id, by)
    today = clock.today()
    refuse(why_not_resume(appointment, today))
    for suspension in list(appointment.suspensions):
        if suspension.starts_on >= today:
            appointment.suspensions.remove(suspension)
        elif suspension.holds(today):
            suspension.ends_on = today - DAY
    db.session.flush()
    audit.record("resume", "appointment", appointment.id, by=by)
    queue_note(MessageKind.TERM_RESUMED, user, appointment.id, **term_facts(user, appointment))
    return appointment


def remind_of_ends() -> int:
    """Write to everybody whose term ends within 30 days and is not renewed, once; how many."""
    ending = terms_ending_soon()
    for appointment, user in ending:
        appointment.reminded_at = clock.now()
        facts = term_facts(user, appointment)
        queue_note(MessageKind.TERM_ENDING, user, appointment.id, **facts)
    db.session.flush()
    return len(ending)


def end_terms_of(user: User) -> None:
    """End what runs, is to come or is offered to a person who is deleted; the terms stay as numbers
    of the programme, without a word about the person (rule 18)."""
    today = clock.today()
    for appointment in user.appointments:
        if appointment.accepted_at is None:
            appointment.declined_at = appointment.declined_at or clock.day_start(today)
        elif appointment.last_day >= today:
            _end(appointment, EndKind.RESIGNED, today, "", by=user)
        appointment.end_reason = ""
        for suspension in appointment.suspensions:
            suspension.reason = ""


def term_facts(user: User, appointment: Appointment) -> dict[str, str]:
    """What a mail about the term says of it, in the person's language; days as 2026-12-05."""
    with in_language(reader_language(user.language)):
        return {
            "programme": str(appointment.programme.label),
            "community": _community_name(appointment.community_id),
            "starts_on": appointment.starts_on.isoformat(),
            "ends_on": appointment.last_day.isoformat(),
        }


def _community_name(community_id: int | None) -> str:
    return db.session.get_one(Community, community_id).name if community_id else ""


def lock_term(appointment_id: int) -> tuple[Appointment, User]:
    """The term, read anew under a lock of its person's row: terms of one person wait in line."""
    user_id = db.session.scalars(
        select(Appointment.user_id).where(Appointment.id == appointment_id)
    ).one()
    user = db.session.get_one(User, user_id)
    lock_user(user)
    appointment = db.session.execute(
        select(Appointment)
        .where(Appointment.id == appointment_id)
        .options(lazyload(Appointment.community))
        .execution_options(populate_existing=True)
    ).scalar_one()
    return appointment, user


def own_term(appointment_id: int, by: User) -> tuple[Appointment, User]:
    appointment, user = lock_term(appointment_id)
    if user.id != by.id:
        raise NotAllowed
    return appointment, user


def managed_term(appointment_id: int, by: User) -> tuple[Appointment, User]:
    appointment, user = lock_term(appointment_id)
    if not can_manage_appointment(by, appointment):
        raise NotAllowed
    if reason := why_not_decide_on(by, user):
        raise OwnCase(reason)
    return appointment, user


def _end(appointment: Appointment, kind: EndKind, last_day: date, reason: str, *, by: User) -> None:
    appointment.ended_on, appointment.end_kind = last_day, kind
    appointment.end_reason = reason
    db.session.flush()
    after: dict[str, object] = {"ended_on": last_day.isoformat()}
    audit.record(kind.value, "appointment", appointment.id, by=by, after=after, reason=reason)


def _check_suspension(appointment: Appointment, starts_on: date, ends_on: date | None) -> None:
    if not clock.today() <= starts_on <= appointment.last_day:
        raise InvalidInput(_l("Choose a day from today to the end of the term."), field="starts_on")
    if ends_on is not None and ends_on < starts_on:
        raise InvalidInput(_l("The last day lies before the first one."), field="ends_on")
    last = ends_on or date.max
    if any(
        known.starts_on <= last and starts_on <= (known.ends_on or date.max)
        for known in appointment.suspensions
    ):
        raise WrongState(_l("This term is suspended in these days already."))


def refuse(reason: LazyString | None) -> None:
    if reason is not None:
        raise WrongState(reason)
