"""People on duties: offered, asked for, confirmed, given back, handed on (rules 5, 7 to 9)."""

from sqlalchemy import select

from hub import clock
from hub.enums import AssignmentStatus, MessageKind
from hub.exceptions import InvalidInput, WrongState
from hub.extensions import db
from hub.i18n import _l
from hub.models import Assignment, Duty, User
from hub.policies import Step, is_late
from hub.queries.duties import live_assignment
from hub.services import audit
from hub.services.duty_places import (
    check_free_for,
    check_own,
    check_staff,
    check_step,
    end_by_staff,
    insert,
    lock_assignment,
    lock_duty,
    lock_person,
    move_to,
    note_step,
    obstacles_for,
    promote_requested,
    tell,
    tell_planner,
)

S = AssignmentStatus


def take_duty(duty_id: int, *, by: User) -> Assignment:
    """Somebody takes a duty by their own hand (rule 7): a place if there is one, else the queue.

    Whoever was offered it accepts the offer. Raises WrongState with the first obstacle.
    """
    duty = lock_duty(duty_id)
    person = lock_person(by.id)
    present = live_assignment(duty.id, person.id)
    if present is not None and present.status is S.OFFERED:
        return accept_offer(present.id, by=by)
    if present is not None:
        raise WrongState(_l("You are on this duty already, or wait for it."))
    check_free_for(duty, person)
    status = S.CONFIRMED if duty.people_missing > 0 else S.REQUESTED
    made = insert(duty, person, status, action="take", by=by)
    if status is S.CONFIRMED:
        tell(MessageKind.DUTY_ACCEPTED, duty, person)
    return made


def offer_duty(duty_id: int, user_id: int, *, by: User, override_reason: str = "") -> Assignment:
    """Staff offer a duty to somebody, who is told and may accept (rule 7).

    What the person lacks is passed only with a reason, which the roster shows (rule 8); never an
    overlap (rule 9). Raises NotAllowed, OwnCase (rule 5), WrongState or InvalidInput.
    """
    duty = lock_duty(duty_id)
    person = lock_person(user_id)
    check_staff(duty, person, by)
    if live_assignment(duty.id, person.id) is not None:
        raise WrongState(_l("This person is on the duty already, or is asked or waits for it."))
    obstacles = obstacles_for(duty, person)
    firm = [o for o in obstacles if o.firm]
    if firm:
        raise WrongState(firm[0].words)
    if obstacles and not override_reason.strip():
        raise InvalidInput(_l("Say why you offer it all the same."), field="reason")
    reason = override_reason.strip() if obstacles else ""
    made = insert(duty, person, S.OFFERED, action="offer", by=by, override_reason=reason)
    tell(MessageKind.DUTY_OFFERED, duty, person)
    return made


def accept_offer(assignment_id: int, *, by: User) -> Assignment:
    """The person accepts; all is checked anew. Raises NotAllowed or WrongState."""
    assignment, duty, person = lock_assignment(assignment_id)
    check_own(assignment, by)
    check_step(assignment, Step.ACCEPT)
    check_free_for(duty, person, overridden=bool(assignment.override_reason))
    if duty.people_missing < 1:
        raise WrongState(_l("All places are taken meanwhile. The offer stands: look again later."))
    assignment.accepted_at = clock.now()
    move_to(assignment, S.CONFIRMED, Step.ACCEPT, by=by)
    tell(MessageKind.DUTY_ACCEPTED, duty, person)
    return assignment


def decline_offer(assignment_id: int, reason: str = "", *, by: User) -> Assignment:
    """The person says no, and why if they like. Raises NotAllowed or WrongState.

    A mail takes the offer out of their calendar again.
    """
    assignment, duty, person = lock_assignment(assignment_id)
    check_own(assignment, by)
    check_step(assignment, Step.DECLINE)
    move_to(assignment, S.DECLINED, Step.DECLINE, by=by, reason=reason)
    tell(MessageKind.DUTY_RELEASED, duty, person, offer="yes")
    return assignment


def withdraw_request(assignment_id: int, *, by: User) -> Assignment:
    """The person leaves the waiting list."""
    assignment, _duty, _person = lock_assignment(assignment_id)
    check_own(assignment, by)
    check_step(assignment, Step.WITHDRAW_REQUEST)
    move_to(assignment, S.WITHDRAWN, Step.WITHDRAW_REQUEST, by=by)
    return assignment


def withdraw_offer(assignment_id: int, *, by: User) -> Assignment:
    """Staff take an offer back before it is answered."""
    assignment, duty, person = lock_assignment(assignment_id)
    check_staff(duty, person, by)
    check_step(assignment, Step.WITHDRAW_OFFER)
    move_to(assignment, S.WITHDRAWN, Step.WITHDRAW_OFFER, by=by)
    tell(MessageKind.DUTY_CANCELLED, duty, person, offer="yes")
    return assignment


def release_duty(assignment_id: int, reason: str, *, by: User) -> Assignment:
    """The person gives the duty back; late (less than 48 hours before), they say why.

    The place goes to the queue in the same transaction. Raises NotAllowed, WrongState or
    InvalidInput.
    """
    assignment, duty, person = lock_assignment(assignment_id)
    check_own(assignment, by)
    check_step(assignment, Step.RELEASE)
    late = is_late(duty, clock.now())
    if late:
        audit.needed_reason(reason, _l("Say why: the duty begins in less than 48 hours."))
    assignment.released_late = late
    move_to(assignment, S.RELEASED, Step.RELEASE, by=by, reason=reason)
    tell(MessageKind.DUTY_RELEASED, duty, person)
    if not promote_requested(duty):
        tell_planner(duty, by=by)
    return assignment


def take_off(assignment_id: int, reason: str, *, by: User) -> Assignment:
    """Staff take somebody off a duty and say why; the place goes to the queue."""
    assignment, duty, person = lock_assignment(assignment_id)
    check_staff(duty, person, by)
    check_step(assignment, Step.TAKE_OFF)
    reason = audit.needed_reason(reason, _l("Say why: the person is told."))
    end_by_staff(assignment, reason, by=by)
    if not promote_requested(duty):
        tell_planner(duty, by=by)
    return assignment


def release_duties_of(user: User) -> None:
    """Somebody leaves the site: what is to come is given back, what is open is withdrawn.

    All duties are locked first, in the order of their ids, and the queues move up.
    """
    to_come = select(Assignment).join(Duty, Duty.id == Assignment.duty_id)
    to_come = to_come.where(Assignment.user_id == user.id, Duty.ends_at > clock.now())
    open_ones = to_come.where(Assignment.status.in_([S.OFFERED, S.REQUESTED, S.CONFIRMED]))
    found = db.session.scalars(open_ones.order_by(Duty.id)).all()
    duties = {a.duty_id: lock_duty(a.duty_id) for a in found}
    for assignment in found:
        db.session.refresh(assignment, ["status"])
        if assignment.status is S.CONFIRMED:
            assignment.released_late = is_late(duties[assignment.duty_id], clock.now())
            move_to(assignment, S.RELEASED, Step.RELEASE, by=user)
            if not promote_requested(duties[assignment.duty_id]):
                tell_planner(duties[assignment.duty_id], by=user)
        elif assignment.status in (S.OFFERED, S.REQUESTED):
            move_to(assignment, S.WITHDRAWN, Step.WITHDRAW_REQUEST, by=user)


# --- swap -----------------------------------------------------------------------------------------


def ask_swap(assignment_id: int, *, by: User) -> Assignment:
    """The person looks for somebody to take over, and stays responsible until then."""
    assignment, _duty, _person = lock_assignment(assignment_id)
    check_own(assignment, by)
    check_step(assignment, Step.ASK_SWAP)
    assignment.swap_asked_at = clock.now()
    note_step(assignment, Step.ASK_SWAP, by=by)
    return assignment


def keep_duty(assignment_id: int, *, by: User) -> Assignment:
    """The person takes the question back."""
    assignment, _duty, _person = lock_assignment(assignment_id)
    check_own(assignment, by)
    check_step(assignment, Step.KEEP)
    assignment.swap_asked_at = None
    note_step(assignment, Step.KEEP, by=by)
    return assignment


def take_over(duty_id: int, *, by: User) -> Assignment:
    """Somebody takes the place of whoever asked first: all is checked anew, in one transaction.

    The place never becomes free in between. Raises WrongState.
    """
    duty = lock_duty(duty_id)
    person = lock_person(by.id)
    old = _first_who_asked(duty, person)
    if old is None:
        raise WrongState(_l("Nobody looks for somebody to take over any more."))
    check_step(old, Step.TAKE_OVER)
    present = live_assignment(duty.id, person.id)
    if present is not None and present.status not in (S.OFFERED, S.REQUESTED):
        raise WrongState(_l("You are on this duty already, or wait for it."))
    check_free_for(duty, person, overridden=bool(present and present.override_reason))
    holder = lock_person(old.user_id)
    move_to(old, S.RELEASED, Step.TAKE_OVER, by=by)
    tell(MessageKind.DUTY_SWAPPED, duty, holder)
    if present is None:
        made = insert(duty, person, S.CONFIRMED, action="take_over", by=by)
    else:
        made, present.accepted_at = present, clock.now()
        move_to(present, S.CONFIRMED, Step.TAKE_OVER, by=by)
    made.swapped_from_id = old.id
    db.session.flush()
    tell(MessageKind.DUTY_ACCEPTED, duty, person)
    return made


def _first_who_asked(duty: Duty, person: User) -> Assignment | None:
    query = select(Assignment).where(
        Assignment.duty_id == duty.id,
        Assignment.status == S.CONFIRMED,
        Assignment.swap_asked_at.is_not(None),
        Assignment.user_id != person.id,
    )
    return db.session.scalars(query.order_by(Assignment.swap_asked_at, Assignment.id)).first()
