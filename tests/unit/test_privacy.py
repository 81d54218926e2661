"""Rule 18: people's rights over their data. Deletion leaves every total, and nothing of theirs."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text

from hub import clock
from hub.enums import (
    ConsentPurpose,
    EventStatus,
    LanguageLevel,
    MessageKind,
    Programme,
    RequestKind,
    SignUpStatus,
    StaffRole,
)
from hub.exceptions import InvalidInput, WrongState
from hub.extensions import db
from hub.models import (
    Appointment,
    AuditEntry,
    DataRequest,
    DoorHelper,
    Event,
    Invitation,
    LogIn,
    Message,
    SignUp,
    User,
)
from hub.policies import is_active_in
from hub.queries.invariants import violations
from hub.queries.messages import audience_of
from hub.queries.privacy import data_of_sign_up, data_of_user
from hub.services.accounts import create_user, invite, join_sign_ups
from hub.services.consents import set_consents
from hub.services.events import cancel_event
from hub.services.log_ins import begin_log_in
from hub.services.messages import queue_account_mail
from hub.services.outbox import claim_message
from hub.services.people import ProfileData, give_role, note_paper_seen
from hub.services.privacy import correct_profile, correct_sign_up, erase_sign_up, erase_user
from hub.services.signups import release_sign_up
from hub.transaction import unit_of_work
from hub.web.worker import send_due_messages
from tests.factories import PASSWORD, local, make_event, make_sign_up, make_user
from tests.people import BOB, DMITRI
from tests.tables import dump

MARKS = ("Bob Kamau", "bob@example.com", "Zhejiang", "+8613812345678", "Firefox", "Bobby")


@pytest.fixture
def bob(community, sue) -> User:
    """A resident who has told and used all that there is."""
    with unit_of_work():
        user = create_user(email=BOB.contact.value, name=BOB.name, password=PASSWORD, language="zh")
    with unit_of_work():
        correct_profile(
            user,
            ProfileData(
                "Bob Kamau", "Bobby", "Zhejiang University", "KE", "+8613812345678", community.id,
                frozenset({0, 6}),
                {"sw": (LanguageLevel.NATIVE, None), "en": (None, LanguageLevel.C1)},
            ),
            by=user,
        )  # fmt: skip
        set_consents(user, {ConsentPurpose.PHOTO}, "zh")
        begin_log_in(user, "Firefox, Android")
        queue_account_mail(user.email, "Welcome, Bob Kamau", "A link")
        invite(StaffRole.STAFF, by=make_admin(), email=user.email)
        db.session.add(
            Appointment(
                user_id=user.id,
                programme=Programme.ASSISTANT,
                community_id=community.id,
                starts_on=date(2026, 9, 1),
                ends_on=date(2027, 8, 31),
                accepted_at=clock.now(),
                created_at=clock.now(),
            )
        )
        note_paper_seen(user, "student_card", None, by=sue)
    return user


def make_admin() -> User:
    return create_user(
        email="root@example.com", name="Root", password=PASSWORD, language="en",
        role=StaffRole.ADMIN,
    )  # fmt: skip


def erase(thing: SignUp | User) -> None:
    with unit_of_work():
        erase_user(thing) if isinstance(thing, User) else erase_sign_up(thing.id)


def totals() -> list[tuple[object, ...]]:
    """What the figures are made of: per event, per state, parties and people."""
    db.session.rollback()
    events = db.session.execute(
        select(Event.id, Event.capacity, Event.seats_taken, Event.parties_waiting).order_by(
            Event.id
        )
    ).all()
    parties = db.session.execute(
        select(
            SignUp.event_id,
            SignUp.status,
            SignUp.language,
            func.count(),
            func.sum(SignUp.party_size),
        )
        .group_by(SignUp.event_id, SignUp.status, SignUp.language)
        .order_by(SignUp.event_id, SignUp.status, SignUp.language)
    ).all()
    accounts = db.session.execute(select(func.count(), func.min(User.created_at))).all()
    return [tuple(row) for row in [*events, *parties, *accounts]]


def traces(*marks: str) -> set[str]:
    """The tables in which one of ``marks`` still stands."""
    return {
        table
        for table, rows in dump().items()
        for mark in marks
        if mark.lower() in repr(rows).lower()
    }


def past(venue, **overrides) -> Event:
    return make_event(venue=venue, starts_at=local("2026-11-01 14:00"), **overrides)


# --- one sign-up ----------------------------------------------------------------------------


def test_rule_18_deleting_a_past_sign_up_changes_no_total(venue):
    event = past(venue)
    booked = make_sign_up(event, BOB, 3)
    make_sign_up(event)
    before = totals()
    erase(booked)
    assert totals() == before
    assert traces("Bob Kamau", "bob@example.com") == set()
    assert list(violations()) == []


def test_rule_18_deleting_a_coming_sign_up_frees_its_places_for_the_queue(event, venue):
    event = make_event(venue=venue, capacity=2)
    booked = make_sign_up(event, BOB, 2)
    waiting = make_sign_up(event, party_size=2)
    erase(booked)
    gone, next_one = (db.session.get_one(SignUp, s.id) for s in (booked, waiting))
    assert (gone.status, gone.party_size) == (SignUpStatus.CANCELLED, 2)
    assert next_one.status is SignUpStatus.CONFIRMED
    assert db.session.get_one(Event, event.id).seats_taken == 2
    mails = db.session.execute(select(Message.kind, Message.sign_up_id)).all()
    assert (MessageKind.PROMOTED, waiting.id) in [tuple(m) for m in mails]
    assert booked.id not in [m[1] for m in mails]
    assert list(violations()) == []


def test_rule_18_waiting_party_is_deleted_out_of_the_queue(venue):
    event = make_event(venue=venue, capacity=1)
    make_sign_up(event)
    first, second = make_sign_up(event, BOB), make_sign_up(event)
    erase(first)
    assert db.session.get_one(Event, event.id).parties_waiting == 1
    assert db.session.get_one(SignUp, second.id).status is SignUpStatus.WAITLISTED
    assert list(violations()) == []


def test_rule_18_whoever_is_there_stays_in_the_figures(venue):
    event = make_event(venue=venue, capacity=2, sign_up_closes_at=local("2026-11-24 15:30"))
    here, waits = make_sign_up(event, BOB, 2), make_sign_up(event, DMITRI)
    with clock.fixed_at(event.starts_at + timedelta(minutes=5)):
        erase(here)
        erase(waits)
        assert list(violations()) == []
    assert db.session.get_one(SignUp, here.id).status is SignUpStatus.CONFIRMED
    assert db.session.get_one(SignUp, waits.id).status is SignUpStatus.CANCELLED
    assert db.session.get_one(Event, event.id).seats_taken == 2


def test_rule_18_sign_up_of_a_cancelled_event_is_deleted_as_it_is(venue, sue):
    event = make_event(venue=venue)
    booked = make_sign_up(event, BOB)
    with unit_of_work():
        cancel_event(event.id, {"en": "Rain."}, by=sue)
    before = totals()
    erase(booked)
    assert totals() == before
    assert traces("bob@example.com") == set()


def test_rule_18_reason_of_a_release_goes_with_the_person(event, sue):
    booked = make_sign_up(event, BOB)
    with unit_of_work():
        release_sign_up(booked.id, "You wrote that you are ill.", by=sue)
    erase(booked)
    assert db.session.get_one(SignUp, booked.id).release_reason == ""


def test_deleted_sign_up_cannot_be_deleted_again(event):
    booked = make_sign_up(event, BOB)
    erase(booked)
    with pytest.raises(WrongState):
        erase(booked)
    assert db.session.scalar(select(func.count()).select_from(DataRequest)) == 1


def test_rule_02_contact_is_free_again_after_deletion(event):
    erase(make_sign_up(event, BOB))
    again = make_sign_up(event, BOB)
    assert again.status is SignUpStatus.CONFIRMED


def test_rule_23_nobody_writes_to_deleted_people(venue, sue):
    event = make_event(venue=venue, starts_at=local("2026-11-23 11:00"))
    booked = make_sign_up(event, BOB)
    erase(booked)
    assert audience_of(event.id).all == 0
    with unit_of_work():
        release_sign_up(booked.id, "Did not come.", by=sue)
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0


def test_rule_23_mail_whose_person_is_deleted_while_it_is_sent_harms_no_other(
    event, app, monkeypatch
):
    booked = make_sign_up(event, BOB)
    sent = []

    def server(mail, url):
        if not sent:
            erase(booked)
        sent.append(mail["To"])

    monkeypatch.setattr("hub.integrations.mail.send", server)
    make_sign_up(event, name="Next", contact="next@example.com")
    with app.test_request_context(base_url="http://hub.test"):
        assert send_due_messages() == (1, 0)
    assert sent == ["bob@example.com", "next@example.com"]


def test_message_deleted_between_claim_and_sending_is_not_sent(event, app, monkeypatch):
    booked = make_sign_up(event, BOB)
    sent = []
    monkeypatch.setattr("hub.integrations.mail.send", lambda mail, url: sent.append(mail))
    with unit_of_work():
        claimed = claim_message()
        message_id = claimed.id
    erase(booked)
    from hub.web.worker import _send

    with app.test_request_context(base_url="http://hub.test"):
        assert _send(message_id) is None
    assert sent == []


def test_name_is_corrected_and_the_request_is_on_record(event, now):
    booked = make_sign_up(event, BOB)
    with unit_of_work():
        correct_sign_up(booked.id, " Robert Kamau ")
    assert db.session.get_one(SignUp, booked.id).name == "Robert Kamau"
    request = db.session.scalars(select(DataRequest)).one()
    assert (request.kind, request.subject, request.subject_id, request.fulfilled_at) == (
        RequestKind.CORRECT, "sign_up", booked.id, now,
    )  # fmt: skip
    assert "Kamau" not in repr(db.session.execute(AuditEntry.__table__.select()).all())


def test_refused_correction_changes_nothing(event):
    booked = make_sign_up(event, BOB)
    before = dump()
    with pytest.raises(InvalidInput), unit_of_work():
        correct_sign_up(booked.id, "  ")
    assert dump() == before
    erase(booked)
    with pytest.raises(WrongState), unit_of_work():
        correct_sign_up(booked.id, "Bob")


# --- an account -----------------------------------------------------------------------------


def test_rule_18_nothing_is_left_of_a_deleted_account(bob, venue, event):
    make_sign_up(past(venue), BOB, 2)
    make_sign_up(event, BOB)
    helped = make_event(venue=venue)
    with unit_of_work():
        db.session.add(DoorHelper(event_id=helped.id, user_id=bob.id, created_at=clock.now()))
    key = bob.fs_uniquifier
    assert traces(*MARKS)
    erase(bob)
    assert traces(*MARKS) == set()
    row = db.session.get_one(User, bob.id)
    assert (row.active, row.name, row.password) == (False, "", "")
    assert row.fs_uniquifier != key
    assert list(violations()) == []


def test_rule_18_deleting_an_account_changes_no_total_of_the_past(bob, venue):
    for party in (1, 2, 3):
        make_sign_up(past(venue), BOB, party)
    before = totals()
    erase(bob)
    assert totals() == before


def test_rule_18_rows_deleted_together_are_not_told_by_their_time(bob, venue, now):
    booked = make_sign_up(past(venue), BOB)
    erase(bob)
    erased = db.session.get_one(SignUp, booked.id).erased_at
    assert erased == clock.day_start(clock.today()) == local("2026-11-23 00:00")
    assert [r.subject for r in db.session.scalars(select(DataRequest))] == ["user"]


def test_rule_18_coming_places_of_a_deleted_account_go_to_the_queue(bob, venue):
    events = [make_event(venue=venue, capacity=1) for _number in range(3)]
    mine = [make_sign_up(e, BOB) for e in events]
    others = [make_sign_up(e) for e in events]
    assert {s.user_id for s in mine} == {bob.id}
    erase(bob)
    assert {db.session.get_one(SignUp, s.id).status for s in mine} == {SignUpStatus.CANCELLED}
    assert {db.session.get_one(SignUp, s.id).status for s in others} == {SignUpStatus.CONFIRMED}


def test_rule_08_deleted_person_is_not_appointed_any_more(bob, now):
    assert is_active_in(bob, Programme.ASSISTANT, clock.today())
    erase(bob)
    row = db.session.scalars(select(Appointment)).one()
    assert row.ended_on == clock.today()
    assert not is_active_in(bob, Programme.ASSISTANT, clock.today() + timedelta(days=1))


def test_open_invitation_to_a_deleted_address_opens_nothing(bob):
    erase(bob)
    kept = db.session.scalars(select(Invitation).where(Invitation.revoked_at.is_not(None))).one()
    assert kept.email == ""


def test_account_cannot_be_deleted_twice(bob):
    erase(bob)
    with pytest.raises(WrongState):
        erase(bob)


def test_last_administrator_stays(ada):
    before = dump()
    with pytest.raises(WrongState) as refused:
        erase(ada)
    assert "last administrator" in str(refused.value.message)
    assert dump() == before
    grace = make_user("grace", role=StaffRole.ADMIN)
    erase(grace)
    assert db.session.get_one(User, ada.id).erased_at is None


def test_address_is_free_again_after_deletion(bob):
    erase(bob)
    with unit_of_work():
        again = create_user(email="bob@example.com", name="Bob", password=PASSWORD, language="en")
    assert again.id != bob.id


def test_rule_18_audit_trail_holds_no_personal_data(bob, venue, ada):
    with unit_of_work():
        give_role(bob, StaffRole.STAFF, None, by=ada)
    booked = make_sign_up(make_event(venue=venue), BOB)
    with unit_of_work():
        correct_sign_up(booked.id, "Robert Kamau")
    erase(bob)
    kept = repr(db.session.execute(AuditEntry.__table__.select()).all())
    assert not [mark for mark in (*MARKS, "Robert") if mark in kept]


# --- what is held ---------------------------------------------------------------------------


def held(tables, name):
    (table,) = [t for t in tables if t.name == name]
    return [dict(zip(table.header, row, strict=True)) for row in table.rows]


def test_rule_18_everything_that_is_held_is_told(bob, event, sue):
    booked = make_sign_up(event, BOB, 2)
    tables = data_of_user(bob)
    assert held(tables, "account")[0]["email"] == "bob@example.com"
    profile = held(tables, "profile")[0]
    assert (profile["school"], profile["weekdays"], profile["community"]) == (
        "Zhejiang University", [1, 7], "Heyuan",
    )  # fmt: skip
    assert [row["language"] for row in held(tables, "languages")] == ["en", "sw"]
    assert held(tables, "sign_ups")[0]["number"] == booked.number
    assert held(tables, "sign_ups")[0]["starts_at"] == "2026-11-24T14:00:00+08:00"
    assert held(tables, "papers_seen")[0]["seen_by"] == sue.name
    assert held(tables, "consents")[0]["purpose"] == "photo"
    assert held(tables, "log_ins")[0]["device"] == "Firefox, Android"
    assert len(held(tables, "messages")) == 2
    assert bob.password not in repr(tables)


def test_rule_20_nothing_of_others_is_told(bob, event):
    mine, other = (
        make_sign_up(event, BOB),
        make_sign_up(event, name="Carla", contact="c@example.com"),
    )
    eve = make_user("eve", role=None)
    told = repr(data_of_user(eve)) + repr(data_of_sign_up(other))
    assert not [mark for mark in (*MARKS, mine.number) if mark in told]
    assert "Carla" not in repr(data_of_user(bob)) + repr(data_of_sign_up(mine))


# --- sign-ups join an account ---------------------------------------------------------------


def test_sign_ups_join_the_account_once_its_address_is_confirmed(venue, now):
    address, phone = "bob@example.com", "+8613812345678"
    mine = make_sign_up(make_event(venue=venue), contact="ＢＯＢ@Example.com")
    erased = make_sign_up(make_event(venue=venue), contact=address)
    erase(erased)
    by_phone = make_sign_up(make_event(venue=venue), contact=phone)
    other = make_sign_up(make_event(venue=venue), contact="bobby@example.com")
    with unit_of_work():
        user = create_user(
            email="Bob@example.com", name="Bob", password=PASSWORD, language="en", confirmed=False
        )
        join_sign_ups(user)
    ids = lambda: {s.id: s.user_id for s in db.session.scalars(select(SignUp))}  # noqa: E731
    assert set(ids().values()) == {None}
    with unit_of_work():
        user.confirmed_at = now
        join_sign_ups(user)
    assert ids() == {mine.id: user.id, erased.id: None, by_phone.id: None, other.id: None}


def test_sign_up_of_another_account_is_not_taken(event, now):
    booked = make_sign_up(event, BOB)
    first = make_user("first", role=None)
    with unit_of_work():
        db.session.execute(text(f"UPDATE sign_ups SET user_id = {first.id}"))
    with unit_of_work():
        create_user(email="bob@example.com", name="Bob", password=PASSWORD, language="en")
    assert db.session.get_one(SignUp, booked.id).user_id == first.id


def test_later_sign_ups_stand_in_the_account_from_the_start(bob, event):
    assert make_sign_up(event, contact="BOB@example.com").user_id == bob.id
    assert make_sign_up(event, contact="+8613812345679").user_id is None


def test_log_ins_end_with_the_account(bob):
    erase(bob)
    assert db.session.scalar(select(func.count()).select_from(LogIn)) == 0


def test_cancelled_event_status_is_untouched(venue, sue):
    event = make_event(venue=venue)
    booked = make_sign_up(event, BOB)
    with unit_of_work():
        cancel_event(event.id, {"en": "Rain."}, by=sue)
    erase(booked)
    row = db.session.get_one(SignUp, booked.id)
    assert (row.status, row.event.status) == (SignUpStatus.CONFIRMED, EventStatus.CANCELLED)
