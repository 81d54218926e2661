"""Terms: every step from every state, rules 5, 7, 8, 10, letters and reminders."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub import clock
from hub.enums import (
    AppointmentState,
    AssignmentStatus,
    EndKind,
    MessageKind,
    Programme,
    StaffRole,
)
from hub.exceptions import InvalidInput, NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.models import Appointment, Message, Suspension, User
from hub.policies import can_manage_appointment, is_active_in
from hub.queries.appointments import desk_appointments, duties_broken_by, renewal_of
from hub.queries.invariants import violations
from hub.queries.privacy import data_of_user
from hub.services.appointments import remind_of_ends, resign, resume, revoke, suspend, term_facts
from hub.services.offers import (
    Term,
    accept_offer,
    decline_offer,
    make_offer,
    offer_renewal,
    offer_term,
)
from hub.services.privacy import erase_user
from hub.services.settings import change_settings
from hub.transaction import unit_of_work
from tests.factories import make_user
from tests.service_factories import make_appointment, make_assignment, make_assistant, make_duty
from tests.tables import changed, dump

A = AppointmentState
DAY = timedelta(days=1)


@pytest.fixture
def bob(db_session) -> User:
    return make_user("bob", role=None)


def term(community=None, *, first: int = 0, days: int = 365, programme=Programme.ASSISTANT) -> Term:
    start = clock.today() + first * DAY
    return Term(programme, community.id if community else None, start, start + (days - 1) * DAY)


def change(appointment: Appointment, **columns: object) -> None:
    with unit_of_work():
        row = db.session.get_one(Appointment, appointment.id)
        for name, value in columns.items():
            setattr(row, name, value)


def term_in(state: AppointmentState, user: User) -> int:
    """A term of ``user`` that stands there today."""
    today = clock.today()
    days = {"starts_on": today + 10 * DAY} if state is A.TO_COME else {}
    appointment = make_appointment(
        user, accepted=state not in (A.OFFERED, A.DECLINED), **days
    )  # fmt: skip
    number = appointment.id
    if state is A.DECLINED:
        change(appointment, declined_at=clock.now())
    elif state is A.EXPIRED:
        change(appointment, ends_on=today - DAY)
    elif state in (A.RESIGNED, A.REVOKED):
        change(appointment, ended_on=today - DAY, end_kind=EndKind(state.value))
    elif state is A.SUSPENDED:
        off = Suspension(
            appointment_id=number, starts_on=today - 5 * DAY, ends_on=None, reason="Exams"
        )
        with unit_of_work():
            db.session.add(off)
    assert db.session.get_one(Appointment, number).state(today) is state
    return number


# --- the state machine --------------------------------------------------------------------------

# (state, step): where it stands after it, today. All others are refused and change nothing.
STEPS = {
    (A.OFFERED, "accept"): A.ACTIVE,
    (A.OFFERED, "decline"): A.DECLINED,
    (A.TO_COME, "resign"): A.RESIGNED,
    (A.ACTIVE, "resign"): A.ACTIVE,  # it ends tonight
    (A.SUSPENDED, "resign"): A.SUSPENDED,
    (A.TO_COME, "revoke"): A.REVOKED,
    (A.ACTIVE, "revoke"): A.REVOKED,
    (A.SUSPENDED, "revoke"): A.REVOKED,
    (A.TO_COME, "suspend"): A.TO_COME,
    (A.ACTIVE, "suspend"): A.SUSPENDED,
    (A.SUSPENDED, "resume"): A.ACTIVE,
    (A.ACTIVE, "renew"): A.ACTIVE,
}


def take(step: str, number: int, bob: User, sue: User) -> object:
    today = clock.today()
    appointment = db.session.get_one(Appointment, number)
    first = max(today, appointment.starts_on)
    return {
        "accept": lambda: accept_offer(number, by=bob),
        "decline": lambda: decline_offer(number, by=bob),
        "resign": lambda: resign(number, today, by=bob),
        "revoke": lambda: revoke(number, "Broke the rules.", by=sue),
        "suspend": lambda: suspend(number, first, None, "Exams", by=sue),
        "resume": lambda: resume(number, by=sue),
        "renew": lambda: offer_renewal(number, appointment.ends_on + 365 * DAY, by=sue),
    }[step]()


@pytest.mark.parametrize("step", sorted({step for _state, step in STEPS}))
@pytest.mark.parametrize("state", A)
def test_every_step_from_every_state(bob, sue, state, step):
    number, wanted = term_in(state, bob), STEPS.get((state, step))
    before = dump()
    if wanted is None:
        with pytest.raises(WrongState), unit_of_work():
            take(step, number, bob, sue)
        assert changed(before, dump()) == {}
        return
    with unit_of_work():
        take(step, number, bob, sue)
    assert db.session.get_one(Appointment, number).state(clock.today()) is wanted
    assert list(violations()) == []


@pytest.mark.parametrize("step", ["resign", "renew"])
def test_term_that_ends_early_is_neither_left_again_nor_renewed(bob, sue, step):
    number = term_in(A.ACTIVE, bob)
    with unit_of_work():
        resign(number, clock.today() + 30 * DAY, by=bob)
    with pytest.raises(WrongState), unit_of_work():
        take(step, number, bob, sue)
    with unit_of_work():  # but it can be taken away
        revoke(number, "Broke the rules.", by=sue)
    assert db.session.get_one(Appointment, number).state(clock.today()) is A.REVOKED


# --- rules 5 and 7: whose hand --------------------------------------------------------------------


@pytest.mark.parametrize("step", ["accept", "decline", "resign"])
def test_rule_07_nobody_but_the_person_takes_or_leaves_a_term(bob, sue, ada, step):
    number = term_in(A.OFFERED if step != "resign" else A.ACTIVE, bob)
    before = dump()
    for other in (sue, ada, make_user(role=None)):
        with pytest.raises(NotAllowed), unit_of_work():
            take(step, number, other, other)
    before.pop("users")
    assert "appointments" not in changed(before, dump())


def test_rule_07_offer_holds_nothing_until_it_is_accepted(bob, sue, community):
    with unit_of_work():
        number = offer_term(bob, term(community), by=sue).id
    assert not is_active_in(db.session.get_one(User, bob.id), Programme.ASSISTANT, clock.today())
    with unit_of_work():
        accept_offer(number, by=bob)
    assert is_active_in(db.session.get_one(User, bob.id), Programme.ASSISTANT, clock.today())


@pytest.mark.parametrize("step", ["revoke", "suspend", "resume", "renew"])
def test_rule_05_nobody_decides_on_their_own_term(sue, step):
    number = term_in(A.SUSPENDED if step == "resume" else A.ACTIVE, sue)
    before = dump()
    with pytest.raises(OwnCase), unit_of_work():
        take(step, number, sue, sue)
    with pytest.raises(OwnCase), unit_of_work():
        make_offer(sue, term(), by=sue)
    assert changed(before, dump()) == {}


def test_rule_20_whose_terms_a_desk_manages(bob, alice, sam, sue, ada, community):
    police = make_user("pia", role=StaffRole.POLICE)
    here = make_appointment(bob, community).id
    wide = make_appointment(make_user(role=None)).id
    law = make_appointment(make_user(role=None), programme=Programme.LECTURER).id
    manages = {
        alice: [here], sam: [], sue: [here, wide, law], ada: [here, wide, law], police: [law],
        bob: [],
    }  # fmt: skip
    for user, wanted in manages.items():
        assert [a.id for a, _person in desk_appointments("active", by=user)] == wanted
        rows = db.session.scalars(select(Appointment)).unique()
        assert sorted(a.id for a in rows if can_manage_appointment(user, a)) == wanted
        for number in {here, wide, law} - set(wanted):
            with pytest.raises(NotAllowed), unit_of_work():
                revoke(number, "No.", by=user)


# --- rule 10: one term at a time ------------------------------------------------------------------


def test_rule_10_no_second_offer_in_the_same_days(bob, sue, community, other_community):
    with unit_of_work():
        offer_term(bob, term(community), by=sue)
    with pytest.raises(WrongState), unit_of_work():
        offer_term(bob, term(community, first=100), by=sue)
    with unit_of_work():
        offer_term(bob, term(other_community), by=sue)
        offer_term(bob, term(community, first=365), by=sue)


def test_rule_10_second_acceptance_is_refused(bob, community):
    first = make_appointment(bob, community)
    second = make_appointment(bob, community, accepted=False)
    with pytest.raises(WrongState), unit_of_work():
        accept_offer(second.id, by=bob)
    with unit_of_work():
        resign(first.id, clock.today(), by=bob)
    with pytest.raises(WrongState), unit_of_work():  # it still holds today
        accept_offer(second.id, by=bob)


def test_rule_10_database_is_the_last_line(bob, community):
    make_appointment(bob, community)
    second = make_appointment(bob, community, accepted=False)
    with pytest.raises(IntegrityError):
        change(second, accepted_at=clock.now())


def test_rule_10_renewal_begins_the_day_after(bob, sue, community):
    old = make_appointment(bob, community)
    with unit_of_work():
        new = offer_renewal(old.id, old.ends_on + 365 * DAY, by=sue).id
    assert db.session.get_one(Appointment, new).starts_on == old.ends_on + DAY
    assert renewal_of(old).id == new
    with pytest.raises(WrongState), unit_of_work():
        offer_renewal(old.id, old.ends_on + 365 * DAY, by=sue)
    with unit_of_work():
        accept_offer(new, by=bob)
    assert list(violations()) == []


def test_declined_renewal_can_be_offered_again(bob, sue, community):
    old = make_appointment(bob, community)
    for _time in range(2):
        with unit_of_work():
            new = offer_renewal(old.id, old.ends_on + 365 * DAY, by=sue).id
        with unit_of_work():
            decline_offer(new, by=bob)


# --- days -----------------------------------------------------------------------------------------


def test_days_that_cannot_be_are_refused(bob, sue):
    number, today = term_in(A.ACTIVE, bob), clock.today()
    end = db.session.get_one(Appointment, number).ends_on
    for wrong in (
        lambda: resign(number, today - DAY, by=bob),
        lambda: resign(number, end + DAY, by=bob),
        lambda: suspend(number, today - DAY, None, "Exams", by=sue),
        lambda: suspend(number, end + DAY, None, "Exams", by=sue),
        lambda: suspend(number, today + DAY, today, "Exams", by=sue),
        lambda: suspend(number, today, None, " ", by=sue),
        lambda: revoke(number, " ", by=sue),
        lambda: make_offer(bob, term(first=-1), by=sue),
        lambda: make_offer(bob, term(days=0), by=sue),
        lambda: offer_renewal(number, end, by=sue),
    ):
        with pytest.raises(InvalidInput), unit_of_work():
            wrong()


def test_offer_whose_term_is_over_cannot_be_accepted(bob):
    number = make_appointment(bob, accepted=False, ends_on=clock.today() - DAY).id
    with pytest.raises(WrongState), unit_of_work():
        accept_offer(number, by=bob)


def test_planned_suspension_can_be_dropped_and_none_meets_another(bob, sue):
    number, today = term_in(A.ACTIVE, bob), clock.today()
    with unit_of_work():
        suspend(number, today + 10 * DAY, today + 20 * DAY, "Exams", by=sue)
    with pytest.raises(WrongState), unit_of_work():
        suspend(number, today + 20 * DAY, None, "Exams", by=sue)
    with unit_of_work():
        suspend(number, today + 21 * DAY, None, "Exams", by=sue)
    with unit_of_work():
        resume(number, by=sue)
    assert db.session.get_one(Appointment, number).suspensions == []


def test_suspension_that_began_is_kept_up_to_yesterday(bob, sue):
    number = term_in(A.SUSPENDED, bob)
    with unit_of_work():
        resume(number, by=sue)
    kept = db.session.get_one(Appointment, number).suspensions
    assert [s.ends_on for s in kept] == [clock.today() - DAY]


# --- rule 8: what breaks --------------------------------------------------------------------------


@pytest.fixture
def helped(community, venue, sue):
    """An assistant with a duty in each of the next weeks, and one that was declined."""
    user = make_assistant("helga", community)
    for week in range(1, 4):
        make_assignment(
            make_duty(venue, sue, starts_at=clock.now() + week * 7 * DAY), user,
            [AssignmentStatus.CONFIRMED, AssignmentStatus.OFFERED, AssignmentStatus.REQUESTED][
                week - 1
            ],
        )  # fmt: skip
    make_assignment(
        make_duty(venue, sue, starts_at=clock.now() + 5 * DAY), user, AssignmentStatus.DECLINED
    )
    return user


def days_of(assignments) -> list[int]:
    today = clock.today()
    return [(clock.to_local(a.duty.starts_at).date() - today).days for a in assignments]


def test_rule_08_revocation_flags_the_duties_it_breaks(helped, sue):
    number = helped.appointments[0].id
    appointment = db.session.get_one(Appointment, number)
    assert duties_broken_by(appointment) == []
    assert days_of(duties_broken_by(appointment, since=clock.today())) == [7, 14, 21]
    with unit_of_work():
        revoke(number, "Broke the rules.", by=sue)
    assert days_of(duties_broken_by(db.session.get_one(Appointment, number))) == [7, 14, 21]


def test_rule_08_suspension_flags_only_its_days(helped, sue):
    number, today = helped.appointments[0].id, clock.today()
    appointment = db.session.get_one(Appointment, number)
    until = today + 14 * DAY
    assert days_of(duties_broken_by(appointment, since=today + 8 * DAY, until=until)) == [14]
    with unit_of_work():
        suspend(number, today + 8 * DAY, until, "Exams", by=sue)
    assert days_of(duties_broken_by(db.session.get_one(Appointment, number))) == [14]
    with unit_of_work():
        resume(number, by=sue)
    assert duties_broken_by(db.session.get_one(Appointment, number)) == []


def test_rule_08_expiry_flags_and_another_term_covers(helped, other_community):
    number = helped.appointments[0].id
    change(helped.appointments[0], ends_on=clock.today() + 10 * DAY)
    appointment = db.session.get_one(Appointment, number)
    assert days_of(duties_broken_by(appointment)) == [14, 21]
    make_appointment(helped, other_community, ends_on=clock.today() + 15 * DAY)
    assert days_of(duties_broken_by(db.session.get_one(Appointment, number))) == [21]


# --- letters --------------------------------------------------------------------------------------


def test_numbers_of_letters_have_no_gaps_in_a_year(sue, community):
    numbers = []
    for day in (date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2)):
        with clock.fixed_at(clock.day_start(day)):
            user = make_user(role=None)
            with unit_of_work():
                number = offer_term(user, term(community), by=sue).id
            with unit_of_work():
                numbers.append(accept_offer(number, by=user).number)
    assert numbers == ["LX-2026-0001", "LX-2026-0002", "LX-2027-0001", "LX-2027-0002"]


def test_number_after_9999_is_10000(bob, sue, community):
    for number in ("LX-2026-9999", "LX-2026-0100"):
        change(make_appointment(make_user(role=None)), number=number)
    offer = make_appointment(bob, accepted=False)
    with unit_of_work():
        assert accept_offer(offer.id, by=bob).number == "LX-2026-10000"
    offer = make_appointment(make_user("zoe", role=None), accepted=False)
    with unit_of_work():
        zoe = db.session.get_one(User, offer.user_id)
        assert accept_offer(offer.id, by=zoe).number == "LX-2026-10001"


def test_refused_acceptance_uses_no_number(bob, community):
    make_appointment(bob, community)
    second = make_appointment(bob, community, accepted=False)
    with pytest.raises(WrongState), unit_of_work():
        accept_offer(second.id, by=bob)
    zoe = make_user("zoe", role=None)
    offer = make_appointment(zoe, accepted=False)
    with unit_of_work():
        assert accept_offer(offer.id, by=zoe).number == "LX-2026-0001"


# --- reminders ------------------------------------------------------------------------------------


def reminded() -> list[int]:
    kind = Message.kind == MessageKind.TERM_ENDING
    return sorted(db.session.scalars(select(Message.user_id).where(kind)))


def test_rule_23_end_is_told_once_30_days_before(bob, sue, community):
    today = clock.today()
    soon = make_assistant("soon", community, ends_on=today + 30 * DAY)
    make_assistant("later", community, ends_on=today + 31 * DAY)
    make_assistant("over", community, ends_on=today - DAY)
    renewed = make_assistant("renewed", community, ends_on=today + 10 * DAY)
    with unit_of_work():
        offer_renewal(renewed.appointments[0].id, today + 300 * DAY, by=sue)
    leaving = make_assistant("leaving", community, ends_on=today + 10 * DAY)
    with unit_of_work():
        resign(leaving.appointments[0].id, today, by=leaving)
    make_appointment(bob, community, ends_on=today + 10 * DAY, accepted=False)
    with unit_of_work():
        assert remind_of_ends() == 1
    with unit_of_work():
        assert remind_of_ends() == 0
    assert reminded() == [soon.id]


def test_remind_command_says_how_many(app, community):
    make_assistant("soon", community, ends_on=clock.today() + 3 * DAY)
    result = app.test_cli_runner().invoke(args=["hub", "remind"])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("1 ")


def test_staff_find_terms_by_how_they_stand(bob, sue, community):
    today = clock.today()
    ending = make_assistant("soon", community, ends_on=today + 3 * DAY)
    over = make_assistant("over", community, ends_on=today - DAY)
    make_appointment(bob, community, accepted=False)
    found = {
        view: [person.name for _term, person in desk_appointments(view, by=sue)]
        for view in ("active", "ending", "offered", "over")
    }
    assert found == {
        "active": [ending.name], "ending": [ending.name], "offered": [bob.name],
        "over": [over.name],
    }  # fmt: skip


# --- personal data --------------------------------------------------------------------------------


def test_rule_18_terms_are_in_the_copy_and_lose_their_words(bob, sue, community):
    with unit_of_work():
        number = offer_term(bob, term(community), by=sue).id
    with unit_of_work():
        accept_offer(number, by=bob)
        suspend(number, clock.today(), None, "Ill for a week", by=sue)
    with unit_of_work():
        offered = offer_term(bob, term(programme=Programme.LECTURER), by=sue).id
    tables = {table.name: str(table.rows) for table in data_of_user(bob)}
    assert "LX-2026-0001" in tables["appointments"]
    assert "Ill for a week" in tables["suspensions"]
    with unit_of_work():
        erase_user(db.session.get_one(User, bob.id))
    without_trail = {name: rows for name, rows in dump().items() if name != "audit_entries"}
    assert "Ill for a week" not in str(without_trail)
    row = db.session.get_one(Appointment, number)
    assert (row.ended_on, row.end_kind) == (clock.today(), EndKind.RESIGNED)
    assert db.session.get_one(Appointment, offered).state(clock.today()) is A.DECLINED


def test_rule_23_facts_of_a_term_are_in_the_language_of_the_mail(community, ada):
    """Of a language that is switched off neither the mail nor a word in it is left."""
    rita = make_assistant("rita", community)
    with unit_of_work():
        rita.language = "zh"
    assert term_facts(rita, rita.appointments[0])["community"] == "和院社区"
    with unit_of_work():
        change_settings({"languages": ["en"]}, by=ada)
    assert term_facts(rita, rita.appointments[0])["community"] == "Heyuan"
