"""Seats: the lock on an event, who loses them, and the queue that gets them (rules 1, 3, 4)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from hub import clock
from hub.enums import MessageKind, SignUpPhase, SignUpStatus
from hub.exceptions import NotAllowed, WrongState
from hub.extensions import db
from hub.i18n import _l
from hub.models import Event, SignUp, User
from hub.policies import can_manage_event, sign_up_phase, why_not_change_sign_up
from hub.services import audit
from hub.services.messages import queue_message

# What the triggers change behind the session's back. Read again alone: the whole event with its
# texts, venue and community would cost eight queries more for each sign-up.
COUNTS = ("seats_taken", "parties_waiting")


def lock_event(event_id: int) -> Event:
    """The event, as it is now, with its seats held for this transaction.

    On PostgreSQL the row is locked; on SQLite the unit of work already is the only writer.
    """
    db.session.flush()
    return db.session.execute(
        select(Event)
        .where(Event.id == event_id)
        .options(lazyload("*"))  # the row alone: its texts and places can wait until asked for
        .with_for_update(of=Event)
        .execution_options(populate_existing=True)
    ).scalar_one()


def lock_sign_up(sign_up_id: int) -> tuple[SignUp, Event]:
    """The sign-up and its event, locked in that order of importance: the event's row first."""
    event_id = db.session.scalar(select(SignUp.event_id).where(SignUp.id == sign_up_id))
    if event_id is None:
        raise WrongState
    event = lock_event(event_id)
    sign_up = db.session.get_one(SignUp, sign_up_id, populate_existing=True)
    return sign_up, event


def promote_waiting(event: Event) -> list[SignUp]:
    """Give free seats of a locked ``event`` to its queue: first come, first served.

    A party that does not fit keeps its place while a later one that fits goes ahead (rule 3).
    Nobody is promoted once the event is cancelled, or has begun and takes no more sign-ups.
    """
    db.session.flush()
    db.session.refresh(event, COUNTS)
    moment = clock.now()
    if not _promotes(event, moment):
        return []
    left = event.seats_left
    promoted: list[SignUp] = []
    while left > 0:
        # Parties that could not be served before are too large still: seats only shrink here.
        after = promoted[-1].id if promoted else 0
        sign_up = db.session.scalars(
            select(SignUp)
            .where(
                SignUp.event_id == event.id,
                SignUp.status == SignUpStatus.WAITLISTED,
                SignUp.party_size <= left,
                SignUp.id > after,
            )
            .order_by(SignUp.id)
            .limit(1)
        ).first()
        if sign_up is None:
            break
        sign_up.status = SignUpStatus.CONFIRMED
        sign_up.promoted_at = moment
        left -= sign_up.party_size
        promoted.append(sign_up)
        audit.record(
            "promote",
            "sign_up",
            sign_up.id,
            by=None,
            before={"status": SignUpStatus.WAITLISTED},
            after={"status": SignUpStatus.CONFIRMED},
        )
        queue_message(MessageKind.PROMOTED, sign_up)
    db.session.flush()
    db.session.refresh(event, COUNTS)
    return promoted


def release_for_capacity(event: Event, sign_up_ids: list[int], reason: str, *, by: User) -> None:
    """Release the chosen parties of a locked ``event`` whose capacity is about to sink (rule 4)."""
    for sign_up_id in sign_up_ids:
        sign_up, _event = lock_sign_up(sign_up_id)
        if sign_up.event_id != event.id or sign_up.status is not SignUpStatus.CONFIRMED:
            raise WrongState
        release_party(sign_up, reason, by=by)
    db.session.flush()
    db.session.refresh(event, COUNTS)


def check_changeable(sign_up: SignUp, by: User | None) -> None:
    if by is not None and not can_manage_event(by, sign_up.event):
        raise NotAllowed
    reason = why_not_change_sign_up(sign_up, clock.now())
    if reason is not None:
        raise WrongState(reason)


def release_party(sign_up: SignUp, reason: str, *, by: User) -> None:
    reason = audit.needed_reason(reason, _l("Say why: the person is told."))
    sign_up.release_reason = reason
    end_sign_up(sign_up, action="release", reason=reason, by=by)
    queue_message(MessageKind.RELEASED, sign_up)


def end_sign_up(sign_up: SignUp, *, action: str, reason: str, by: User | None) -> None:
    before = sign_up.status
    sign_up.status = SignUpStatus.CANCELLED
    sign_up.cancelled_at = clock.now()
    db.session.flush()
    audit.record(
        action,
        "sign_up",
        sign_up.id,
        by=by,
        before={"status": before},
        after={"status": SignUpStatus.CANCELLED},
        reason=reason,
    )


def _promotes(event: Event, moment: datetime) -> bool:
    phase = sign_up_phase(event, moment)
    closed_to_all = (SignUpPhase.DRAFT, SignUpPhase.CANCELLED, SignUpPhase.ENDED)
    if phase in closed_to_all:
        return False
    # As long as newcomers may still come, the queue is served before them (rule 3).
    return not event.has_started(moment) or phase is not SignUpPhase.CLOSED
