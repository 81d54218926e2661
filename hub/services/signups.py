"""Sign-ups: the one booking service that every writer uses (rules 1 to 4)."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub import clock
from hub.enums import ContactKind, MessageKind, SignUpPhase, SignUpStatus
from hub.exceptions import (
    AlreadySignedUp,
    EventFull,
    InvalidInput,
    NotAllowed,
    SignUpNotOpen,
    WrongState,
)
from hub.extensions import db
from hub.i18n import _l
from hub.integrations.contacts import Contact
from hub.integrations.signing import new_code
from hub.models import Event, SignUp, User
from hub.policies import (
    can_manage_event,
    sign_up_phase,
    why_not_add,
    why_not_replace,
    why_not_sign_up,
)
from hub.services import audit
from hub.services.messages import queue_message, recently_queued
from hub.services.seats import (
    COUNTS,
    check_changeable,
    end_sign_up,
    lock_event,
    lock_sign_up,
    promote_waiting,
    release_party,
)

PRIVACY_VERSION = "2026-11"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed up: what they typed, read and checked."""

    name: str
    contact: Contact
    language: str


def sign_up(event_id: int, person: Person, party_size: int) -> SignUp | None:
    """Sign a visitor up by themselves: seats if the party fits, else the waiting list.

    Returns None if the contact already has a live sign-up: nothing of it is shown, its link is
    sent again (rule 2). Raises SignUpNotOpen, EventFull or InvalidInput.
    """
    event = lock_event(event_id)
    existing = _live_sign_up(event, person.contact)
    if existing is not None:
        if not recently_queued(MessageKind.LINK_AGAIN, existing):
            queue_message(MessageKind.LINK_AGAIN, existing)
        return None
    reason = why_not_sign_up(event, clock.now())
    if reason is not None:
        full = sign_up_phase(event, clock.now()) is SignUpPhase.FULL
        raise (EventFull if full else SignUpNotOpen)(reason)
    _check_party(event, party_size)
    return _book(event, person, party_size, by=None)


def send_link_again(event_id: int, contact: Contact) -> None:
    """Send the link of the contact's ticket for the event once more, if there is one: nobody is
    told whether (rule 2)."""
    existing = _live_sign_up(lock_event(event_id), contact)
    if existing is not None and not recently_queued(MessageKind.LINK_AGAIN, existing):
        queue_message(MessageKind.LINK_AGAIN, existing, asked="yes")


def add_sign_up(event_id: int, person: Person, party_size: int, *, by: User) -> SignUp:
    """Sign somebody up at the desk, inside or outside the sign-up window; the queue stays first.

    Raises NotAllowed, SignUpNotOpen, EventFull, AlreadySignedUp or InvalidInput.
    """
    event = lock_event(event_id)
    if not can_manage_event(by, event):
        raise NotAllowed
    reason = why_not_add(event, clock.now())
    if reason is not None:
        raise SignUpNotOpen(reason)
    if _live_sign_up(event, person.contact) is not None:
        raise AlreadySignedUp(field="contact")
    _check_party(event, party_size)
    return _book(event, person, party_size, by=by)


def change_party_size(sign_up_id: int, party_size: int, *, by: User | None = None) -> SignUp:
    """Make a party larger or smaller. A waiting party keeps its place in the queue.

    Seats that become free go to the queue at once. Raises EventFull when a confirmed party does
    not fit in its new size; it then keeps what it had.
    """
    sign_up, event = lock_sign_up(sign_up_id)
    check_changeable(sign_up, by)
    _check_party(event, party_size)
    old = sign_up.party_size
    if party_size == old:
        return sign_up
    if sign_up.status is SignUpStatus.CONFIRMED and party_size - old > event.seats_left:
        raise EventFull(
            _l("There are not enough free places to add people. Your places stay as they are."),
            field="party_size",
        )
    sign_up.party_size = party_size
    audit.record(
        "change_party_size",
        "sign_up",
        sign_up.id,
        by=by,
        before={"party_size": old},
        after={"party_size": party_size},
    )
    queue_message(MessageKind.PARTY_CHANGED, sign_up)
    promote_waiting(event)
    return sign_up


def cancel_sign_up(sign_up_id: int, *, tell: bool = True) -> SignUp:
    """The person cannot come. Their seats go to the queue in the same transaction (rule 3).

    ``tell`` is whether they are written a confirmation.
    """
    sign_up, event = lock_sign_up(sign_up_id)
    check_changeable(sign_up, None)
    end_sign_up(sign_up, action="cancel", reason="", by=None)
    if tell:
        queue_message(MessageKind.WITHDRAWN, sign_up)
    promote_waiting(event)
    return sign_up


def release_sign_up(sign_up_id: int, reason: str, *, by: User) -> SignUp:
    """Staff give a party's place free; the person is told why (rule 4).

    Raises NotAllowed, WrongState, or InvalidInput without a reason.
    """
    sign_up, event = lock_sign_up(sign_up_id)
    check_changeable(sign_up, by)
    release_party(sign_up, reason, by=by)
    promote_waiting(event)
    return sign_up


def replace_person(
    sign_up_id: int, person: Person, party_size: int, reason: str, *, by: User
) -> SignUp:
    """Hand a confirmed party's seats to somebody else, also on a full event.

    The seats never become free in between, so nobody in the queue is passed over; what the new
    party does not need goes to the queue. Raises NotAllowed, WrongState, AlreadySignedUp or
    InvalidInput.
    """
    old, event = lock_sign_up(sign_up_id)
    check_changeable(old, by)
    reason_not = why_not_replace(old, clock.now())
    if reason_not is not None:
        raise WrongState(reason_not)
    if not 1 <= party_size <= old.party_size:
        raise InvalidInput(
            _l("The new party cannot be larger than the one it replaces."), field="party_size"
        )
    existing = _live_sign_up(event, person.contact)
    if existing is not None and existing.id != old.id:
        raise AlreadySignedUp(field="contact")
    release_party(old, reason, by=by)
    new = _insert(event, person, party_size, SignUpStatus.CONFIRMED, by=by)
    promote_waiting(event)
    return new


def _book(event: Event, person: Person, party_size: int, *, by: User | None) -> SignUp:
    """Seats if the party fits, else the queue, else EventFull.

    Whoever waits is too large for the seats that are left (promotion sees to it), so a newcomer
    who fits passes nobody who could have been served.
    """
    if party_size <= event.seats_left:
        return _insert(event, person, party_size, SignUpStatus.CONFIRMED, by=by)
    if not event.has_waiting_list:
        raise EventFull(field="party_size")
    return _insert(event, person, party_size, SignUpStatus.WAITLISTED, by=by)


def _insert(
    event: Event, person: Person, party_size: int, status: SignUpStatus, *, by: User | None
) -> SignUp:
    sign_up = SignUp(
        event=event,
        code=_free_code(),
        status=status,
        name=person.name,
        contact_kind=person.contact.kind,
        contact=person.contact.value,
        contact_key=person.contact.key,
        party_size=party_size,
        language=person.language,
        created_at=clock.now(),
        privacy_version=PRIVACY_VERSION if by is None else "",
        user_id=_account_of(person.contact),
    )
    db.session.add(sign_up)
    try:
        db.session.flush()
    except IntegrityError as error:  # the last lines of rules 1 and 2, behind the lock
        raise WrongState from error
    db.session.refresh(event, COUNTS)
    audit.record(
        "sign_up",
        "sign_up",
        sign_up.id,
        by=by,
        after={"status": status, "party_size": party_size, "event_id": event.id},
    )
    confirmed = status is SignUpStatus.CONFIRMED
    queue_message(MessageKind.CONFIRMED if confirmed else MessageKind.WAITLISTED, sign_up)
    return sign_up


def _free_code() -> str:
    """A ticket code that no sign-up has: among a million, about one in 400,000 is taken."""
    while True:
        code = new_code()
        if db.session.scalar(select(SignUp.id).where(SignUp.code == code)) is None:
            return code


def _live_sign_up(event: Event, contact: Contact) -> SignUp | None:
    return db.session.scalars(
        select(SignUp).where(
            SignUp.event_id == event.id,
            SignUp.contact_key == contact.key,
            SignUp.status != SignUpStatus.CANCELLED,
        )
    ).first()


def _account_of(contact: Contact) -> int | None:
    """The account whose confirmed address the contact is, so that the sign-up stands in it."""
    if contact.kind is not ContactKind.EMAIL:
        return None
    return db.session.scalars(
        select(User.id)
        .where(User.email == contact.key, User.confirmed_at.is_not(None))
        .with_for_update(read=True, key_share=True)  # an account that is just being deleted is none
    ).first()


def _check_party(event: Event, party_size: int) -> None:
    limit = min(event.party_limit, event.capacity)
    if not 1 <= party_size <= limit:
        raise InvalidInput(
            _l("Between 1 and %(limit)s people can come under one name.", limit=limit),
            field="party_size",
        )
