"""Offers of terms: made by staff, accepted or declined by their person alone (rules 5, 7, 10)."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from hub import clock
from hub.enums import MessageKind, Programme
from hub.exceptions import InvalidInput, NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.i18n import _l
from hub.models import Appointment, Community, User
from hub.policies import (
    can_appoint,
    why_not_accept,
    why_not_decide_on,
    why_not_decline,
    why_not_renew,
)
from hub.queries.appointments import renewal_of, terms_meeting
from hub.services import audit
from hub.services.appointments import managed_term, own_term, refuse, term_facts
from hub.services.messages import queue_note
from hub.services.people import lock_user

DAY = timedelta(days=1)
TRIES = 5


@dataclass(frozen=True, slots=True)
class Term:
    """What is offered. Both days are included; without a community it holds in all of them."""

    programme: Programme
    community_id: int | None
    starts_on: date
    ends_on: date


def make_offer(
    user: User,
    term: Term,
    *,
    by: User,
    application_id: int | None = None,
    renews_id: int | None = None,
) -> Appointment:
    """Offer a term. It holds nothing until its person accepts it (rule 7).

    Raises NotAllowed, OwnCase (rule 5), InvalidInput, or WrongState where it would meet another
    term or offer of the same person, programme and community (rule 10).
    """
    if not can_appoint(by, term.programme, term.community_id):
        raise NotAllowed
    if reason := why_not_decide_on(by, user):
        raise OwnCase(reason)
    _check_days(term)
    lock_user(user)
    if user.erased_at is not None:
        raise WrongState(_l("This account is deleted."))
    if terms_meeting(user.id, term.programme, term.community_id, term.starts_on, term.ends_on):
        raise WrongState(_l("This person has a term or an offer in these days already."))
    offer = Appointment(
        user_id=user.id,
        programme=term.programme,
        community_id=term.community_id,
        application_id=application_id,
        renews_id=renews_id,
        starts_on=term.starts_on,
        ends_on=term.ends_on,
        offered_by_id=by.id,
        created_at=clock.now(),
    )
    db.session.add(offer)
    db.session.flush()
    db.session.refresh(user, ["appointments"])
    after: dict[str, object] = {
        "programme": term.programme,
        "community_id": term.community_id,
        "first_day": term.starts_on.isoformat(),
        "last_day": term.ends_on.isoformat(),
    }
    audit.record("offer", "appointment", offer.id, by=by, after=after)
    return offer


def offer_term(user: User, term: Term, *, by: User) -> Appointment:
    """Offer a term without an application. Raises as ``make_offer``."""
    offer = make_offer(user, term, by=by)
    queue_note(MessageKind.TERM_OFFERED, user, offer.id, **term_facts(user, offer))
    return offer


def offer_renewal(appointment_id: int, ends_on: date, *, by: User) -> Appointment:
    """Offer the term that begins the day after this one ends. Raises as ``make_offer``."""
    appointment, user = managed_term(appointment_id, by)
    refuse(why_not_renew(appointment, clock.today()))
    if renewal_of(appointment) is not None:
        raise WrongState(_l("The renewal of this term is offered already."))
    starts_on = appointment.last_day + DAY
    term = Term(appointment.programme, appointment.community_id, starts_on, ends_on)
    offer = make_offer(user, term, by=by, renews_id=appointment.id)
    queue_note(MessageKind.TERM_OFFERED, user, offer.id, **term_facts(user, offer))
    return offer


def accept_offer(appointment_id: int, *, by: User) -> Appointment:
    """Accept one's own offer: the term holds, and its letter gets a number.

    Raises NotAllowed or WrongState.
    """
    appointment, _user = own_term(appointment_id, by)
    refuse(why_not_accept(appointment, clock.today()))
    others = terms_meeting(
        by.id,
        appointment.programme,
        appointment.community_id,
        appointment.starts_on,
        appointment.ends_on,
    )
    refusal = WrongState(_l("You have another term in these days already."))
    if any(other.accepted_at is not None for other in others):
        raise refusal
    appointment.accepted_at = clock.now()
    try:
        db.session.flush()
    except IntegrityError as error:  # the trigger, behind the lock (rule 10)
        raise refusal from error
    _give_number(appointment)
    after: dict[str, object] = {"number": appointment.number}
    audit.record("accept", "appointment", appointment.id, by=by, after=after)
    return appointment


def decline_offer(appointment_id: int, *, by: User) -> Appointment:
    """Say no to one's own offer. Raises NotAllowed or WrongState."""
    appointment, _user = own_term(appointment_id, by)
    refuse(why_not_decline(appointment, clock.today()))
    appointment.declined_at = clock.now()
    db.session.flush()
    audit.record("decline", "appointment", appointment.id, by=by)
    return appointment


def _check_days(term: Term) -> None:
    if term.community_id is not None and db.session.get(Community, term.community_id) is None:
        raise InvalidInput(_l("Choose one from the list."), field="community_id")
    if term.starts_on < clock.today():
        raise InvalidInput(_l("A term begins today or later."), field="starts_on")
    if term.ends_on < term.starts_on:
        raise InvalidInput(_l("The last day lies before the first one."), field="ends_on")


def _give_number(appointment: Appointment) -> None:
    """The next number of the year, without gaps: who loses the race takes the one after."""
    year = clock.today().year
    for _try in range(TRIES):
        newest = db.session.scalar(
            select(Appointment.number)
            .where(Appointment.number.like(f"LX-{year}-%"))
            .order_by(func.length(Appointment.number).desc(), Appointment.number.desc())
            .limit(1)
        )
        last = int(newest.rpartition("-")[2]) if newest else 0
        try:
            with db.session.begin_nested():
                appointment.number = f"LX-{year}-{last + 1:04}"
            return
        except IntegrityError:
            db.session.refresh(appointment)
    raise WrongState
