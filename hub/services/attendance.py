"""Coming to a duty and leaving it: what makes measured records (rules 5, 11)."""

from datetime import datetime

from hub import clock
from hub.enums import AssignmentStatus, Provenance
from hub.exceptions import InvalidInput
from hub.i18n import _l
from hub.models import Assignment, Duty, ServiceRecord, User
from hub.policies import Step
from hub.services.duty_places import check_staff, check_step, lock_assignment, move_to
from hub.services.records import record_measured

S = AssignmentStatus


def check_in(assignment_id: int, *, by: User) -> Assignment:
    """The person checks in by themselves, or staff check them in. Raises NotAllowed or
    WrongState."""
    assignment, duty, person = lock_assignment(assignment_id)
    _check_self_or_staff(duty, person, by)
    check_step(assignment, Step.CHECK_IN)
    assignment.checked_in_at = clock.now()
    move_to(assignment, S.CHECKED_IN, Step.CHECK_IN, by=by)
    return assignment


def check_out(assignment_id: int, *, by: User) -> Assignment:
    """The same at the end; the measured record is made. Raises NotAllowed or WrongState."""
    assignment, duty, person = lock_assignment(assignment_id)
    _check_self_or_staff(duty, person, by)
    check_step(assignment, Step.CHECK_OUT)
    assignment.checked_out_at = clock.now()
    move_to(assignment, S.COMPLETED, Step.CHECK_OUT, by=by)
    record_measured(assignment)
    return assignment


def confirm_end(assignment_id: int, ended_at: datetime, *, by: User) -> Assignment:
    """Staff enter when somebody left who did not check out: the record comes from the roster.

    Raises NotAllowed, OwnCase (rule 5), WrongState or InvalidInput.
    """
    assignment, duty, person = lock_assignment(assignment_id)
    check_staff(duty, person, by)
    check_step(assignment, Step.CONFIRM_END)
    came = assignment.checked_in_at or duty.starts_at
    if ended_at <= came:
        raise InvalidInput(_l("The end must be after the check-in."), field="ended_at")
    if ended_at > clock.now():
        raise InvalidInput(_l("The end cannot be in the future."), field="ended_at")
    if clock.to_local(ended_at).date() != clock.to_local(came).date():
        raise InvalidInput(_l("The end must be on the day of the check-in."), field="ended_at")
    assignment.checked_out_at = ended_at
    move_to(assignment, S.COMPLETED, Step.CONFIRM_END, by=by)
    record_measured(assignment, provenance=Provenance.ROSTERED, by=by)
    return assignment


def complete_by_report(assignment_id: int, *, by: User) -> tuple[Assignment, ServiceRecord | None]:
    """The report of a talk says that somebody was there who did not check out: the record has
    the times of the roster, or begins when they checked in late (rule 11).

    Who may report is asked before (hub/services/talk_reports.py). Raises WrongState.
    """
    assignment, duty, _person = lock_assignment(assignment_id)
    check_step(assignment, Step.COMPLETE_BY_REPORT)
    move_to(assignment, S.COMPLETED, Step.COMPLETE_BY_REPORT, by=by)
    start = max(duty.starts_at, assignment.checked_in_at or duty.starts_at)
    times = start, duty.ends_at
    return assignment, record_measured(
        assignment, provenance=Provenance.ROSTERED, by=by, times=times
    )


def mark_no_show(assignment_id: int, *, by: User) -> Assignment:
    """Staff note that somebody did not come. Raises NotAllowed, OwnCase (rule 5) or WrongState."""
    assignment, duty, person = lock_assignment(assignment_id)
    check_staff(duty, person, by)
    check_step(assignment, Step.NO_SHOW)
    move_to(assignment, S.NO_SHOW, Step.NO_SHOW, by=by)
    return assignment


def _check_self_or_staff(duty: Duty, person: User, by: User) -> None:
    if by.id != person.id:
        check_staff(duty, person, by)
