"""People on duties: rules 5, 7, 8, 9, the waiting list, swaps, coming and leaving."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from hub import clock
from hub.enums import AssignmentStatus, EndKind, LanguageLevel, MessageKind, Provenance, Skill
from hub.enums import RecordStatus as R
from hub.exceptions import InvalidInput, NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.models import (
    Appointment,
    Assignment,
    AuditEntry,
    Duty,
    DutySkill,
    Message,
    ServiceRecord,
    Suspension,
    User,
)
from hub.queries.invariants import violations
from hub.services import assignments as work
from hub.services import attendance
from hub.services.duties import update_duty
from hub.services.people import ProfileData, save_profile
from hub.transaction import unit_of_work
from tests.factories import local, make_community, make_user
from tests.service_factories import (
    make_activity,
    make_appointment,
    make_assignment,
    make_assistant,
    make_duty,
)
from tests.tables import changed, dump
from tests.unit.test_duties import data_of

S = AssignmentStatus
START = local("2026-11-26 14:00")  # more than two days ahead


@pytest.fixture
def duty(venue, alice) -> Duty:
    """One place, on Thursday from 14:00 to 16:00."""
    return make_duty(venue, alice, starts_at=START)


@pytest.fixture
def bob(community) -> User:
    return make_assistant("bob", community)


@pytest.fixture
def carol(community) -> User:
    return make_assistant("carol", community)


def done(action, *arguments, **named):
    with unit_of_work():
        return action(*arguments, **named)


def refused(exception, words: str, action, *arguments, **named) -> None:
    """The action is refused with these words and changes nothing."""
    before = dump()
    with pytest.raises(exception) as caught, unit_of_work():
        action(*arguments, **named)
    assert words in str(caught.value.message)
    assert changed(before, dump()) == {}


def speaks(user: User, **levels: LanguageLevel) -> None:
    with unit_of_work():
        data = ProfileData(user.name, languages={c: (level, None) for c, level in levels.items()})
        save_profile(user, data, by=user)


def mails(kind: MessageKind) -> list[int]:
    return list(db.session.scalars(select(Message.user_id).where(Message.kind == kind)))


# --- taking and offering --------------------------------------------------------------------------


def test_rule_07_taking_a_free_duty_is_ones_own_acceptance(duty, bob):
    taken = done(work.take_duty, duty.id, by=bob)
    assert (taken.status, taken.accepted_at) == (S.CONFIRMED, clock.now())
    assert duty.people_taken == 1
    assert list(violations()) == []


def test_rule_07_an_offer_confirms_nobody_until_its_person_accepts(duty, alice, bob, carol):
    offered = done(work.offer_duty, duty.id, bob.id, by=alice)
    assert (offered.status, offered.accepted_at, duty.people_taken) == (S.OFFERED, None, 0)
    assert mails(MessageKind.DUTY_OFFERED) == [bob.id]
    for other in (alice, carol):
        refused(NotAllowed, "", work.accept_offer, offered.id, by=other)
    done(work.accept_offer, offered.id, by=bob)
    assert (offered.status, duty.people_taken) == (S.CONFIRMED, 1)


def test_rule_07_taking_what_was_offered_accepts_the_offer(duty, alice, bob):
    offered = done(work.offer_duty, duty.id, bob.id, by=alice)
    assert done(work.take_duty, duty.id, by=bob).id == offered.id
    assert offered.status is S.CONFIRMED


def test_the_same_duty_is_taken_once(duty, bob):
    done(work.take_duty, duty.id, by=bob)
    refused(WrongState, "already", work.take_duty, duty.id, by=bob)


def test_an_offer_of_a_duty_that_is_full_meanwhile_stands(duty, alice, bob, carol):
    offered = done(work.offer_duty, duty.id, bob.id, by=alice)
    done(work.take_duty, duty.id, by=carol)
    refused(WrongState, "All places are taken", work.accept_offer, offered.id, by=bob)
    assert offered.status is S.OFFERED


def test_rule_05_nobody_offers_marks_or_checks_in_themselves_as_staff(venue, community, alice):
    make_appointment(alice, community)
    duty = make_duty(venue, alice, starts_at=START)
    refused(OwnCase, "own case", work.offer_duty, duty.id, alice.id, by=alice)
    mine = done(work.take_duty, duty.id, by=alice)
    refused(OwnCase, "own case", work.take_off, mine.id, "Because.", by=alice)
    with clock.fixed_at(START):
        refused(OwnCase, "own case", attendance.mark_no_show, mine.id, by=alice)
        done(attendance.check_in, mine.id, by=alice)
    with clock.fixed_at(START + timedelta(hours=3)):
        end = START + timedelta(hours=1)
        refused(OwnCase, "own case", attendance.confirm_end, mine.id, end, by=alice)


def test_rule_20_staff_of_another_community_offer_nothing(duty, sam, bob):
    refused(NotAllowed, "", work.offer_duty, duty.id, bob.id, by=sam)


# --- rule 8 ---------------------------------------------------------------------------------------


def term_of(user: User) -> Appointment:
    return db.session.scalars(select(Appointment).where(Appointment.user_id == user.id)).one()


def end_term(user: User) -> None:
    with unit_of_work():
        term = term_of(user)
        term.ended_on, term.end_kind = date(2026, 11, 24), EndKind.REVOKED


def suspend(user: User) -> None:
    with unit_of_work():
        term = term_of(user)
        term.suspensions.append(Suspension(starts_on=date(2026, 11, 25), reason="Away"))


def let_expire(user: User) -> None:
    with unit_of_work():
        term_of(user).ends_on = date(2026, 11, 25)


@pytest.mark.parametrize("how", [end_term, suspend, let_expire])
def test_rule_08_the_term_must_hold_on_the_day_of_the_duty(duty, alice, bob, carol, how):
    offered = done(work.offer_duty, duty.id, bob.id, by=alice)
    how(bob)
    words = "The term does not hold on that day."
    refused(WrongState, words, work.accept_offer, offered.id, by=bob)
    refused(WrongState, words, work.take_duty, duty.id, by=bob)
    done(work.withdraw_offer, offered.id, by=alice)
    refused(InvalidInput, "all the same", work.offer_duty, duty.id, bob.id, by=alice)


def test_rule_08_staff_offer_all_the_same_with_a_reason_that_is_kept(duty, alice, bob):
    let_expire(bob)
    offered = done(
        work.offer_duty, duty.id, bob.id, by=alice, override_reason="Renewal is being signed."
    )
    assert offered.override_reason == "Renewal is being signed."
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "offer")).one()
    assert (entry.actor_id, entry.reason) == (alice.id, "Renewal is being signed.")
    done(work.accept_offer, offered.id, by=bob)
    assert offered.status is S.CONFIRMED


def test_rule_08_an_offer_without_obstacles_keeps_no_reason(duty, alice, bob):
    offered = done(work.offer_duty, duty.id, bob.id, by=alice, override_reason="Just so.")
    assert offered.override_reason == ""


def test_rule_08_a_term_in_another_community_is_none_here(duty, other_community):
    dana = make_assistant("dana", make_community("far", en="Far Village"))
    refused(WrongState, "Far Village", work.take_duty, duty.id, by=dana)
    everywhere = make_assistant("ema")
    assert done(work.take_duty, duty.id, by=everywhere).status is S.CONFIRMED


@pytest.mark.parametrize(
    ("level", "fits"),
    [
        (None, False),
        (LanguageLevel.A2, False),
        (LanguageLevel.B1, True),
        (LanguageLevel.C2, True),
        (LanguageLevel.NATIVE, True),
    ],
)
def test_rule_08_the_language_is_spoken_well_enough(venue, alice, bob, level, fits):
    duty = make_duty(venue, alice, starts_at=START, languages={"ar": LanguageLevel.B1})
    if level is not None:
        speaks(bob, ar=level)
    if fits:
        assert done(work.take_duty, duty.id, by=bob).status is S.CONFIRMED
    else:
        refused(WrongState, "Needs Arabic at B1", work.take_duty, duty.id, by=bob)


def test_rule_08_the_skill_is_there(duty, bob):
    with unit_of_work():
        db.session.add(DutySkill(duty_id=duty.id, skill=Skill.PHOTO))
    refused(WrongState, "Needs: Taking photos.", work.take_duty, duty.id, by=bob)
    with unit_of_work():
        save_profile(bob, ProfileData("Bob", skills=frozenset({Skill.PHOTO})), by=bob)
    assert done(work.take_duty, duty.id, by=bob).status is S.CONFIRMED


# --- rule 9 ---------------------------------------------------------------------------------------


@pytest.fixture
def busy(venue, alice, bob) -> Duty:
    """Bob is on this one from 15:00 on, the same day."""
    other = make_duty(venue, alice, starts_at=START + timedelta(hours=1), title="Tea stall")
    make_assignment(other, bob)
    return other


def test_rule_09_no_path_gives_two_duties_at_one_time(duty, busy, venue, alice, bob, carol):
    words = "Overlaps with “Tea stall”, 15:00–17:00."
    refused(WrongState, words, work.take_duty, duty.id, by=bob)
    refused(
        WrongState, words, work.offer_duty, duty.id, bob.id, by=alice, override_reason="We need him"
    )
    offered = make_assignment(duty, bob, S.OFFERED)
    with unit_of_work():
        offered.override_reason = "We need him"
    refused(WrongState, words, work.accept_offer, offered.id, by=bob)
    done(work.decline_offer, offered.id, by=bob)
    asking = done(work.take_duty, duty.id, by=carol)
    done(work.ask_swap, asking.id, by=carol)
    refused(WrongState, words, work.take_over, duty.id, by=bob)


def test_rule_09_promotion_passes_over_who_is_busy(duty, venue, alice, bob, carol, community):
    dana = make_assistant("dana", community)
    held = done(work.take_duty, duty.id, by=carol)
    first = done(work.take_duty, duty.id, by=bob)
    second = done(work.take_duty, duty.id, by=dana)
    done(work.take_duty, make_duty(venue, alice, starts_at=START).id, by=bob)
    done(work.release_duty, held.id, "", by=carol)
    assert (first.status, second.status) == (S.REQUESTED, S.CONFIRMED)


def test_rule_09_a_changed_time_is_checked_too(duty, busy, alice, bob, venue):
    morning = make_duty(venue, alice, starts_at=START - timedelta(hours=5))
    done(work.take_duty, morning.id, by=bob)
    data = data_of(morning)
    data.starts_at, data.ends_at = START + timedelta(hours=2), START + timedelta(hours=3)
    refused(WrongState, "Bob has another duty", update_duty, morning.id, data, by=alice)


def test_rule_09_the_database_itself_refuses_it(duty, busy, bob):
    refused_sql = [
        "INSERT INTO assignments (duty_id, user_id, status, created_at, end_reason, "
        "released_late, override_reason) VALUES "
        f"({duty.id}, {bob.id}, 'confirmed', '2026-11-23 04:00:00', '', FALSE, '')",
        f"UPDATE assignments SET status = 'confirmed' WHERE duty_id = {duty.id}",
    ]
    make_assignment(duty, bob, S.OFFERED)
    for statement in reversed(refused_sql):
        before = dump()
        with pytest.raises(IntegrityError), unit_of_work():
            db.session.execute(text(statement))
        assert changed(before, dump()) == {}
    with unit_of_work():
        db.session.execute(
            text("UPDATE assignments SET status = 'declined' WHERE status='offered'")
        )
    with pytest.raises(IntegrityError, match="rule 9"), unit_of_work():
        db.session.execute(text(refused_sql[0]))


def test_one_person_too_many_is_refused_by_the_database(duty, bob, carol):
    make_assignment(duty, bob)
    with pytest.raises(IntegrityError):
        make_assignment(duty, carol)


# --- the waiting list -----------------------------------------------------------------------------


def test_queue_is_first_come_first_served(duty, alice, bob, carol, community):
    dana = make_assistant("dana", community)
    held = done(work.take_duty, duty.id, by=bob)
    waiting = [done(work.take_duty, duty.id, by=who) for who in (carol, dana)]
    assert [w.status for w in waiting] == [S.REQUESTED] * 2
    done(work.take_off, held.id, "The stall moved.", by=alice)
    assert [w.status for w in waiting] == [S.CONFIRMED, S.REQUESTED]
    assert mails(MessageKind.DUTY_CONFIRMED) == [carol.id]
    assert mails(MessageKind.DUTY_CANCELLED) == [bob.id]
    assert list(violations()) == []


def test_who_is_not_eligible_any_more_is_passed_over_and_keeps_the_place(
    duty, bob, carol, community
):
    dana = make_assistant("dana", community)
    held = done(work.take_duty, duty.id, by=bob)
    first, second = (done(work.take_duty, duty.id, by=who) for who in (carol, dana))
    let_expire(carol)
    done(work.release_duty, held.id, "", by=bob)
    assert (first.status, second.status) == (S.REQUESTED, S.CONFIRMED)
    with unit_of_work():
        term_of(carol).ends_on = date(2027, 11, 25)
    done(work.release_duty, second.id, "", by=dana)
    assert first.status is S.CONFIRMED


def test_withdrawn_request_leaves_the_queue(duty, bob, carol):
    done(work.take_duty, duty.id, by=bob)
    waiting = done(work.take_duty, duty.id, by=carol)
    refused(NotAllowed, "", work.withdraw_request, waiting.id, by=bob)
    done(work.withdraw_request, waiting.id, by=carol)
    assert waiting.status is S.WITHDRAWN


# --- giving back ----------------------------------------------------------------------------------


def test_release_early_needs_no_reason_and_late_does(duty, bob):
    held = done(work.take_duty, duty.id, by=bob)
    done(work.release_duty, held.id, "", by=bob)
    assert (held.status, held.released_late, duty.people_taken) == (S.RELEASED, False, 0)
    again = done(work.take_duty, duty.id, by=bob)
    with clock.fixed_at(START - timedelta(hours=47)):
        refused(InvalidInput, "less than 48 hours", work.release_duty, again.id, " ", by=bob)
        done(work.release_duty, again.id, "I am ill.", by=bob)
    assert (again.released_late, again.end_reason) == (True, "I am ill.")


def test_rule_20_nobody_gives_back_what_is_anothers(duty, alice, bob, carol):
    held = done(work.take_duty, duty.id, by=bob)
    for other in (carol, alice):
        refused(NotAllowed, "", work.release_duty, held.id, "x", by=other)
        refused(NotAllowed, "", work.ask_swap, held.id, by=other)
    refused(NotAllowed, "", work.release_duty, 999, "x", by=bob)


def test_taking_off_needs_a_reason(duty, alice, bob):
    held = done(work.take_duty, duty.id, by=bob)
    refused(InvalidInput, "Say why", work.take_off, held.id, " ", by=alice)


# --- swap -----------------------------------------------------------------------------------------


def test_swap_hands_the_place_on_in_one_step(duty, bob, carol, community):
    dana = make_assistant("dana", community)
    old = done(work.take_duty, duty.id, by=bob)
    waiting = done(work.take_duty, duty.id, by=dana)
    refused(WrongState, "Nobody looks", work.take_over, duty.id, by=carol)
    done(work.ask_swap, old.id, by=bob)
    assert (old.status, duty.people_taken) == (S.CONFIRMED, 1)
    new = done(work.take_over, duty.id, by=carol)
    assert (old.status, new.status, new.swapped_from_id) == (S.RELEASED, S.CONFIRMED, old.id)
    assert (duty.people_taken, waiting.status) == (1, S.REQUESTED)
    assert mails(MessageKind.DUTY_SWAPPED) == [bob.id]
    refused(WrongState, "Nobody looks", work.take_over, duty.id, by=dana)
    assert list(violations()) == []


def test_swap_to_somebody_who_waits_uses_their_place_in_the_queue(duty, bob, carol):
    old = done(work.take_duty, duty.id, by=bob)
    waiting = done(work.take_duty, duty.id, by=carol)
    done(work.ask_swap, old.id, by=bob)
    assert done(work.take_over, duty.id, by=carol).id == waiting.id
    assert (waiting.status, waiting.swapped_from_id) == (S.CONFIRMED, old.id)


def test_swap_can_be_taken_back_and_nobody_takes_over_from_themselves(duty, bob, carol):
    held = done(work.take_duty, duty.id, by=bob)
    done(work.ask_swap, held.id, by=bob)
    refused(WrongState, "Nobody looks", work.take_over, duty.id, by=bob)
    done(work.keep_duty, held.id, by=bob)
    refused(WrongState, "Nobody looks", work.take_over, duty.id, by=carol)


def test_rule_08_swap_checks_everything_again(duty, bob, carol):
    held = done(work.take_duty, duty.id, by=bob)
    done(work.ask_swap, held.id, by=bob)
    let_expire(carol)
    refused(WrongState, "The term does not hold", work.take_over, duty.id, by=carol)
    assert held.status is S.CONFIRMED


# --- coming and leaving ---------------------------------------------------------------------------


def records() -> list[ServiceRecord]:
    return list(db.session.scalars(select(ServiceRecord)))


@pytest.mark.parametrize("who", ["bob", "alice"])
def test_rule_11_check_in_and_out_make_a_measured_record(duty, bob, alice, who):
    held = done(work.take_duty, duty.id, by=bob)
    actor = {"bob": bob, "alice": alice}[who]
    with clock.fixed_at(START - timedelta(minutes=10)):
        done(attendance.check_in, held.id, by=actor)
    with clock.fixed_at(START + timedelta(minutes=95)):
        done(attendance.check_out, held.id, by=actor)
    (record,) = records()
    assert (record.minutes, record.provenance, record.status) == (
        105, Provenance.MEASURED, R.SUBMITTED,
    )  # fmt: skip
    assert (record.user_id, record.assignment_id) == (bob.id, held.id)
    assert held.status is S.COMPLETED


def test_rule_11_a_missing_check_out_is_confirmed_by_staff(duty, bob, alice):
    held = done(work.take_duty, duty.id, by=bob)
    with clock.fixed_at(START):
        done(attendance.check_in, held.id, by=bob)
    with clock.fixed_at(START + timedelta(days=1)):
        refused(WrongState, "too late to check out", attendance.check_out, held.id, by=bob)
        for end, words in (
            (START, "after the check-in"),
            (START + timedelta(days=2), "future"),
            (START + timedelta(hours=12), "on the day"),
        ):
            refused(InvalidInput, words, attendance.confirm_end, held.id, end, by=alice)
        done(attendance.confirm_end, held.id, START + timedelta(hours=2), by=alice)
    (record,) = records()
    assert (record.minutes, record.provenance) == (120, Provenance.ROSTERED)
    assert record.entered_by_id == alice.id


def test_rule_11_what_does_not_count_makes_no_record(venue, alice, bob):
    training = make_activity("training", counts=False)
    held = make_assignment(make_duty(venue, alice, starts_at=START, activity=training), bob)
    with clock.fixed_at(START):
        done(attendance.check_in, held.id, by=bob)
    with clock.fixed_at(START + timedelta(hours=1)):
        done(attendance.check_out, held.id, by=bob)
    assert records() == []


def test_rule_20_nobody_checks_in_another(duty, bob, carol, sam):
    held = done(work.take_duty, duty.id, by=bob)
    with clock.fixed_at(START):
        for other in (carol, sam):
            refused(NotAllowed, "", attendance.check_in, held.id, by=other)


def test_rule_06_each_step_stands_in_the_audit_trail(duty, alice, bob, carol):
    held = done(work.take_duty, duty.id, by=bob)
    done(work.ask_swap, held.id, by=bob)
    done(work.take_over, duty.id, by=carol)
    query = select(AuditEntry.action, AuditEntry.actor_id).where(AuditEntry.subject == "assignment")
    assert [tuple(row) for row in db.session.execute(query.order_by(AuditEntry.id))] == [
        ("take", bob.id), ("ask_swap", bob.id), ("take_over", carol.id), ("take_over", carol.id),
    ]  # fmt: skip


# --- leaving the site -----------------------------------------------------------------------------


def test_rule_18_who_leaves_gives_back_what_is_to_come(duty, venue, alice, bob, carol):
    held = done(work.take_duty, duty.id, by=bob)
    waiting = done(work.take_duty, duty.id, by=carol)
    offer = done(work.offer_duty, make_duty(venue, alice).id, bob.id, by=alice)
    with unit_of_work():
        work.release_duties_of(db.session.get_one(User, bob.id))
    assert [a.status for a in (held, waiting, offer)] == [S.RELEASED, S.CONFIRMED, S.WITHDRAWN]
    everything = db.session.scalars(select(Assignment)).all()
    assert len(everything) == 3


def test_nobody_erased_or_unknown_is_offered_anything(duty, alice, bob):
    stranger = make_user("stranger", role=None)
    refused(InvalidInput, "all the same", work.offer_duty, duty.id, stranger.id, by=alice)
    with unit_of_work():
        bob.erased_at = clock.now()
    refused(NotAllowed, "", work.offer_duty, duty.id, bob.id, by=alice)
    refused(NotAllowed, "", work.offer_duty, duty.id, 999, by=alice)
