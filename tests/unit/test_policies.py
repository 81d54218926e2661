"""Who may do what, and what an event offers now."""

from datetime import timedelta

import pytest

from hub.enums import EventStatus, SignUpPhase, SignUpStatus, StaffRole
from hub.models import Event, Membership, SignUp, User
from hub.policies import (
    can_manage_community,
    can_manage_event,
    can_see_event,
    is_admin,
    is_staff,
    sees_all_communities,
    sign_up_phase,
    why_not_add,
    why_not_cancel,
    why_not_change_sign_up,
    why_not_edit,
    why_not_publish,
    why_not_sign_up,
)
from tests.conftest import NOON

HOUR = timedelta(hours=1)


def user(*roles: tuple[StaffRole, int | None]) -> User:
    return User(roles=[Membership(role=role, community_id=place) for role, place in roles])


STAFF_1 = user((StaffRole.STAFF, 1))
STAFF_1_2 = user((StaffRole.STAFF, 1), (StaffRole.STAFF, 2))
SUBDISTRICT = user((StaffRole.STAFF, None))
ADMIN = user((StaffRole.ADMIN, None))
NOBODY = user()


def event(**changes: object) -> Event:
    """Not stored: begins in two hours, lasts two, has three of ten places left."""
    facts = {
        "status": EventStatus.PUBLISHED,
        "community_id": 1,
        "starts_at": NOON + 2 * HOUR,
        "ends_at": NOON + 4 * HOUR,
        "sign_up_opens_at": None,
        "sign_up_closes_at": None,
        "capacity": 10,
        "seats_taken": 7,
        "has_waiting_list": True,
    }
    return Event(**(facts | changes))


@pytest.mark.parametrize(
    ("who", "staff", "admin", "all_", "one", "two"),
    [
        (None, False, False, False, False, False),
        (NOBODY, False, False, False, False, False),
        (STAFF_1, True, False, False, True, False),
        (STAFF_1_2, True, False, False, True, True),
        (SUBDISTRICT, True, False, True, True, True),
        (ADMIN, True, True, True, True, True),
    ],
)
def test_rule_20_who_may_work_where(who, staff, admin, all_, one, two):
    assert is_staff(who) is staff
    assert is_admin(who) is admin
    assert sees_all_communities(who) is all_
    assert can_manage_community(who, 1) is one
    assert can_manage_community(who, 2) is two
    assert can_manage_event(who, event()) is one


@pytest.mark.parametrize("status", list(EventStatus))
def test_rule_20_drafts_are_for_those_who_manage_them(status):
    shown = status is not EventStatus.DRAFT
    for stranger in (None, NOBODY, user((StaffRole.STAFF, 2))):
        assert can_see_event(stranger, event(status=status)) is shown
    for manager in (STAFF_1, SUBDISTRICT, ADMIN):
        assert can_see_event(manager, event(status=status))


@pytest.mark.parametrize(
    ("phase", "changes"),
    [
        (SignUpPhase.OPEN, {}),
        (SignUpPhase.OPEN, {"seats_taken": 9}),
        (SignUpPhase.WAITING, {"seats_taken": 10}),
        (SignUpPhase.FULL, {"seats_taken": 10, "has_waiting_list": False}),
        (SignUpPhase.NOT_YET, {"sign_up_opens_at": NOON + HOUR}),
        (SignUpPhase.OPEN, {"sign_up_opens_at": NOON}),
        (SignUpPhase.CLOSED, {"sign_up_closes_at": NOON}),
        (SignUpPhase.OPEN, {"sign_up_closes_at": NOON + HOUR}),
        (SignUpPhase.CLOSED, {"starts_at": NOON}),
        (SignUpPhase.OPEN, {"starts_at": NOON, "sign_up_closes_at": NOON + HOUR}),
        (SignUpPhase.ENDED, {"starts_at": NOON - HOUR, "ends_at": NOON}),
        (SignUpPhase.CANCELLED, {"status": EventStatus.CANCELLED}),
        (SignUpPhase.DRAFT, {"status": EventStatus.DRAFT}),
        (SignUpPhase.CANCELLED, {"status": EventStatus.CANCELLED, "ends_at": NOON - HOUR}),
    ],
)
def test_phase_says_what_an_event_offers(phase, changes):
    assert sign_up_phase(event(**changes), NOON) is phase
    refused = why_not_sign_up(event(**changes), NOON) is not None
    assert refused is (phase not in (SignUpPhase.OPEN, SignUpPhase.WAITING))
    by_desk = why_not_add(event(**changes), NOON) is not None
    window = (SignUpPhase.NOT_YET, SignUpPhase.CLOSED)
    assert by_desk is (refused and phase not in window)


def test_sign_ups_can_be_changed_until_the_door_or_the_end():
    def reason(status=SignUpStatus.CONFIRMED, **changes):
        return why_not_change_sign_up(SignUp(status=status, event=event(**changes)), NOON)

    assert reason() is None
    assert reason(SignUpStatus.WAITLISTED) is None
    assert reason(starts_at=NOON - HOUR) is None
    for status in (SignUpStatus.CANCELLED, SignUpStatus.ATTENDED, SignUpStatus.NO_SHOW):
        assert reason(status) is not None
    assert reason(status=SignUpStatus.CONFIRMED, ends_at=NOON) is not None
    cancelled = SignUp(status=SignUpStatus.CONFIRMED, event=event(status=EventStatus.CANCELLED))
    assert why_not_change_sign_up(cancelled, NOON) is not None


@pytest.mark.parametrize(
    ("status", "over", "publish", "edit", "cancel"),
    [
        (EventStatus.DRAFT, False, True, True, False),
        (EventStatus.DRAFT, True, False, True, False),
        (EventStatus.PUBLISHED, False, False, True, True),
        (EventStatus.PUBLISHED, True, False, False, False),
        (EventStatus.CANCELLED, False, False, False, False),
        (EventStatus.CANCELLED, True, False, False, False),
    ],
)
def test_event_goes_only_where_the_state_machine_lets_it(status, over, publish, edit, cancel):
    found = event(status=status, ends_at=NOON if over else NOON + 4 * HOUR)
    assert (why_not_publish(found, NOON) is None) is publish
    assert (why_not_edit(found, NOON) is None) is edit
    assert (why_not_cancel(found, NOON) is None) is cancel


def test_refusals_are_whole_sentences(app):
    with app.test_request_context("/en/"):
        for changes in ({"seats_taken": 10, "has_waiting_list": False}, {"ends_at": NOON}):
            reason = str(why_not_sign_up(event(**changes), NOON))
            assert reason[0].isupper()
            assert reason.endswith(".")
