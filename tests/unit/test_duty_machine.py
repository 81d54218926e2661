"""Every state of an assignment meets every step, at every time that matters."""

from datetime import timedelta

import pytest
from sqlalchemy import delete

from hub import clock
from hub.enums import AssignmentStatus
from hub.exceptions import WrongState
from hub.extensions import db
from hub.models import Assignment, ServiceRecord
from hub.policies import Step
from hub.services import assignments, attendance
from hub.transaction import unit_of_work
from tests.factories import local
from tests.service_factories import make_assignment, make_assistant, make_duty
from tests.tables import changed, dump

S = AssignmentStatus
START = local("2026-11-25 14:00")
BEFORE, SOON = START - timedelta(days=1), START - timedelta(minutes=20)
DURING, AFTER = START + timedelta(hours=1), START + timedelta(hours=3)
LONG_AFTER = START + timedelta(days=2)
WHEN = {
    "before": BEFORE,
    "soon": SOON,
    "during": DURING,
    "after": AFTER,
    "long after": LONG_AFTER,
}

ALWAYS = frozenset(WHEN)
# Written from the state machine of the domain: what leads where, and when.
TABLE: dict[tuple[AssignmentStatus, Step], tuple[AssignmentStatus, frozenset[str]]] = {
    (S.OFFERED, Step.ACCEPT): (S.CONFIRMED, frozenset({"before", "soon", "during"})),
    (S.OFFERED, Step.DECLINE): (S.DECLINED, ALWAYS),
    (S.OFFERED, Step.WITHDRAW_OFFER): (S.WITHDRAWN, ALWAYS),
    (S.REQUESTED, Step.WITHDRAW_REQUEST): (S.WITHDRAWN, ALWAYS),
    (S.CONFIRMED, Step.RELEASE): (S.RELEASED, frozenset({"before", "soon"})),
    (S.CONFIRMED, Step.TAKE_OFF): (S.CANCELLED, frozenset({"before", "soon", "during"})),
    (S.CONFIRMED, Step.ASK_SWAP): (S.CONFIRMED, frozenset({"before", "soon"})),
    (S.CONFIRMED, Step.CHECK_IN): (S.CHECKED_IN, frozenset({"soon", "during"})),
    (S.CONFIRMED, Step.NO_SHOW): (S.NO_SHOW, frozenset({"during", "after", "long after"})),
    (S.CHECKED_IN, Step.CHECK_OUT): (
        S.COMPLETED,
        frozenset({"before", "soon", "during", "after"}),
    ),
    (S.CHECKED_IN, Step.CONFIRM_END): (S.COMPLETED, frozenset({"after", "long after"})),
    (S.CONFIRMED, Step.COMPLETE_BY_REPORT): (S.COMPLETED, frozenset({"after", "long after"})),
    (S.CHECKED_IN, Step.COMPLETE_BY_REPORT): (S.COMPLETED, frozenset({"after", "long after"})),
}
# Nobody asked to be relieved, so these two are refused in every state.
NEVER = (Step.KEEP, Step.TAKE_OVER)


def do(step: Step, assignment: Assignment, person, staff, other) -> None:
    own = {
        Step.ACCEPT: assignments.accept_offer,
        Step.DECLINE: assignments.decline_offer,
        Step.WITHDRAW_REQUEST: assignments.withdraw_request,
        Step.ASK_SWAP: assignments.ask_swap,
        Step.KEEP: assignments.keep_duty,
        Step.CHECK_IN: attendance.check_in,
        Step.CHECK_OUT: attendance.check_out,
    }
    by_staff = {
        Step.WITHDRAW_OFFER: assignments.withdraw_offer,
        Step.NO_SHOW: attendance.mark_no_show,
        Step.COMPLETE_BY_REPORT: attendance.complete_by_report,
    }
    if step in own:
        own[step](assignment.id, by=person)
    elif step in by_staff:
        by_staff[step](assignment.id, by=staff)
    elif step is Step.RELEASE:
        assignments.release_duty(assignment.id, "An examination.", by=person)
    elif step is Step.TAKE_OFF:
        assignments.take_off(assignment.id, "The stall is smaller.", by=staff)
    elif step is Step.TAKE_OVER:
        assignments.take_over(assignment.duty_id, by=other)
    elif step is Step.CONFIRM_END:
        attendance.confirm_end(assignment.id, DURING + timedelta(minutes=50), by=staff)


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("status", AssignmentStatus)
def test_every_state_meets_every_step(venue, alice, community, status, step):
    person, other = make_assistant("bob", community), make_assistant("carol", community)
    leads_to, times = TABLE.get((status, step), (status, frozenset()))
    assert (step in NEVER) <= (not times)
    for when, moment in WHEN.items():
        with clock.fixed_at(BEFORE - timedelta(days=3)):
            duty = make_duty(venue, alice, starts_at=START)
            assignment = make_assignment(duty, person, status)
            if status is S.CHECKED_IN:
                with unit_of_work():
                    assignment.checked_in_at = SOON
        before = dump()
        with clock.fixed_at(moment):
            if when in times:
                with unit_of_work():
                    do(step, assignment, person, alice, other)
                assert db.session.get_one(Assignment, assignment.id).status is leads_to, when
            else:
                with pytest.raises(WrongState), unit_of_work():
                    do(step, assignment, person, alice, other)
                assert changed(before, dump()) == {}, when
        with unit_of_work():  # the next duty is at the same time
            db.session.execute(delete(ServiceRecord))
            db.session.execute(delete(Assignment))
