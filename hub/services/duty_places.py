"""Places on duties: the lock, who may have one, the queue that gets those that become free.

The lock on the duty's row comes first, then that on the person's; what is read after them holds.
Behind them stand the database's triggers (rule 9, and one person too many).
"""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import lazyload

from hub import clock
from hub.enums import AssignmentStatus, MessageKind, Programme
from hub.exceptions import NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.models import Assignment, Duty, User
from hub.policies import (
    Obstacle,
    Step,
    can_manage_duty,
    why_not_decide_on,
    why_not_step,
    why_not_take,
)
from hub.queries.availability import helper_of
from hub.services import audit
from hub.services.messages import queue_note, said_of
from hub.services.people import lock_user

S = AssignmentStatus


def lock_duty(duty_id: int) -> Duty:
    """The duty, as it is now, with its places held for this transaction."""
    db.session.flush()
    return db.session.execute(
        select(Duty)
        .where(Duty.id == duty_id)
        .options(lazyload("*"))
        .with_for_update(of=Duty)
        .execution_options(populate_existing=True)
    ).scalar_one()


def lock_person(user_id: int) -> User:
    """The account, as it is now: two duties of one person are decided one after the other."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotAllowed
    lock_user(user, key_share=True)
    if user.erased_at is not None:
        raise NotAllowed
    return user


def lock_assignment(assignment_id: int) -> tuple[Assignment, Duty, User]:
    """The assignment with its duty and person, locked in that order: the duty's row first."""
    row = db.session.execute(
        select(Assignment.duty_id, Assignment.user_id).where(Assignment.id == assignment_id)
    ).first()
    if row is None:
        raise NotAllowed
    duty, person = lock_duty(row[0]), lock_person(row[1])
    assignment = db.session.get_one(Assignment, assignment_id, populate_existing=True)
    return assignment, duty, person


def obstacles_for(duty: Duty, person: User) -> list[Obstacle]:
    db.session.flush()
    return why_not_take(duty, helper_of(person, duty), clock.now())


def check_free_for(duty: Duty, person: User, *, overridden: bool = False) -> None:
    """Raises WrongState with the first obstacle; what staff passed with a reason is none."""
    for obstacle in obstacles_for(duty, person):
        if obstacle.firm or not overridden:
            raise WrongState(obstacle.words)


def check_step(assignment: Assignment, step: Step) -> None:
    reason = why_not_step(assignment, step, clock.now())
    if reason is not None:
        raise WrongState(reason)


def check_own(assignment: Assignment, by: User) -> None:
    if assignment.user_id != by.id:
        raise NotAllowed


def check_staff(duty: Duty, person: User, by: User) -> None:
    if not can_manage_duty(by, duty):
        raise NotAllowed
    if reason := why_not_decide_on(by, person):
        raise OwnCase(reason)


def end_by_staff(assignment: Assignment, reason: str, *, by: User) -> None:
    """Confirmed → cancelled, and the person is told. The rows are locked."""
    move_to(assignment, S.CANCELLED, Step.TAKE_OFF, by=by, reason=reason)
    user = db.session.get_one(User, assignment.user_id)
    tell(MessageKind.DUTY_CANCELLED, assignment.duty, user, reason=reason, only_you="yes")


def promote_requested(duty: Duty) -> list[Assignment]:
    """Give free places of a locked ``duty`` to its queue: first come, first served.

    Whoever cannot take it now is passed over and keeps their place. Nobody is put on a duty that
    has begun without a tap of their own.
    """
    refresh_count(duty)
    moment = clock.now()
    if duty.cancelled_at is not None or duty.starts_at <= moment:
        return []
    waiting = select(Assignment).where(
        Assignment.duty_id == duty.id, Assignment.status == S.REQUESTED
    )
    promoted = []
    for assignment in db.session.scalars(waiting.order_by(Assignment.id)).all():
        if duty.people_missing < 1:
            break
        person = lock_person(assignment.user_id)
        if obstacles_for(duty, person):
            continue
        move_to(assignment, S.CONFIRMED, None, by=None)
        tell(MessageKind.DUTY_CONFIRMED, duty, person)
        promoted.append(assignment)
    return promoted


def refresh_count(duty: Duty) -> None:
    """Read what the trigger counted."""
    db.session.flush()
    db.session.refresh(duty, ["people_taken"])


def flush_or_refuse() -> None:
    """Raises WrongState where a trigger refuses: the last line of rules 9 and of the places."""
    try:
        db.session.flush()
    except IntegrityError as error:
        raise WrongState from error


def move_to(
    assignment: Assignment,
    status: AssignmentStatus,
    step: Step | None,
    *,
    by: User | None,
    reason: str = "",
) -> None:
    """Write the new state and the audit entry; no ``step`` is a promotion from the queue."""
    before = assignment.status
    assignment.status = status
    assignment.sequence += 1
    assignment.swap_asked_at = None
    if not status.is_live:
        assignment.ended_at = clock.now()
        assignment.end_reason = reason.strip()
    flush_or_refuse()
    refresh_count(assignment.duty)
    audit.record(
        "promote" if step is None else step.name.lower(),
        "assignment",
        assignment.id,
        by=by,
        before={"status": before},
        after={"status": status, "duty_id": assignment.duty_id},
        reason=reason.strip(),
    )


def insert(
    duty: Duty,
    person: User,
    status: AssignmentStatus,
    *,
    action: str,
    by: User,
    override_reason: str = "",
) -> Assignment:
    """A new assignment. Raises WrongState where the database refuses it."""
    moment = clock.now()
    offered = status is S.OFFERED
    assignment = Assignment(
        duty=duty,
        user_id=person.id,
        status=status,
        offered_by_id=by.id if offered else None,
        created_at=moment,
        accepted_at=None if offered else moment,
        override_reason=override_reason,
    )
    db.session.add(assignment)
    flush_or_refuse()
    refresh_count(duty)
    after: dict[str, object] = {"status": status, "duty_id": duty.id, "user_id": person.id}
    audit.record(action, "assignment", assignment.id, by=by, after=after, reason=override_reason)
    return assignment


def tell(kind: MessageKind, duty: Duty, user: User, **facts: str) -> None:
    """Queue a mail about the duty, its words in the language of the person."""
    queue_note(kind, user, duty.id, **said_of(duty, user), **facts)


def tell_planner(duty: Duty, *, by: User) -> None:
    """A place of a talk became free and nobody moved up: whoever planned it looks for another.

    Nothing is said of who gave it back; nobody is told of what they did themselves.
    """
    refresh_count(duty)
    lacks = duty.people_missing > 0 and duty.cancelled_at is None
    if duty.programme is not Programme.LECTURER or not lacks or duty.event_id is None:
        return
    planner = db.session.get_one(User, duty.created_by_id)
    if planner.id == by.id:
        return
    facts = said_of(duty, planner)
    queue_note(MessageKind.TALK_LACKS_LECTURER, planner, duty.event_id, why="free", **facts)


def note_step(assignment: Assignment, step: Step, *, by: User) -> None:
    """A step that leaves the state as it is, in the audit trail."""
    db.session.flush()
    after: dict[str, object] = {"duty_id": assignment.duty_id}
    audit.record(step.name.lower(), "assignment", assignment.id, by=by, after=after)
