"""The calendar parts of mails, read back: invitations that move and vanish by themselves, and news
of events for residents (RFC 5546, RFC 6047)."""

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from icalendar import Event
from sqlalchemy import select, update

from hub import clock
from hub.enums import AssignmentStatus, EventStatus, MessageChoice, MessageKind
from hub.extensions import db
from hub.models import (
    Assignment,
    DutyText,
    EventText,
    Message,
    SignUp,
    SwitchedOff,
    User,
    VenueText,
)
from hub.models import Event as HubEvent
from hub.services import assignments as work
from hub.services.duties import cancel_duty, update_duty
from hub.services.event_data import data_of as event_form
from hub.services.events import cancel_event, update_event
from hub.services.signups import cancel_sign_up, release_sign_up
from hub.transaction import unit_of_work
from hub.web.mails import write_mail
from tests.factories import local, make_event, make_person, make_sign_up, make_user
from tests.mails import calendar_bytes, entry_of, html_of, method_of, text_of
from tests.people import BOB
from tests.service_factories import make_assignment, make_assistant, make_duty
from tests.talk_factories import make_lecturer, make_talk, make_topic
from tests.unit.test_duties import data_of

K = MessageKind
START = local("2026-11-26 14:00")
REASONS = {"en": "Heavy rain.", "zh": "大雨。"}


@pytest.fixture
def mail_to(app, db_session) -> Callable[..., EmailMessage]:
    """The newest mail of a kind to an account or a guest, as it arrives."""

    def read(kind: MessageKind, who: User | SignUp) -> EmailMessage:
        whose = Message.user_id if isinstance(who, User) else Message.sign_up_id
        query = select(Message).where(Message.kind == kind, whose == who.id)
        message = db.session.scalars(query.order_by(Message.id.desc())).first()
        assert message is not None, kind
        with app.test_request_context():
            sent = write_mail(message).as_bytes()
        db.session.rollback()
        return message_from_bytes(sent, policy=policy.default)

    return read


@pytest.fixture
def later(now):
    """Let a quarter of an hour go by."""
    passed = [0]

    def step():
        passed[0] += 15
        return clock.fixed_at(now + timedelta(minutes=passed[0]))

    return step


@pytest.fixture
def bob(community) -> User:
    return make_assistant("bob", community)


@pytest.fixture
def duty(venue, alice):
    return make_duty(venue, alice, starts_at=START, title="Tea stall", people=2)


def moved(duty):
    data = data_of(duty)
    data.starts_at, data.ends_at = START + timedelta(hours=1), START + timedelta(hours=3)
    return data


def check_thread(mails: list[EmailMessage], address: str) -> list[Event]:
    """What calendars need to know each entry of an invitation again; returns the entries."""
    entries = []
    for mail in mails:
        calendar, event = entry_of(mail)
        assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
        assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
        assert str(event["ORGANIZER"]) == "mailto:linqiao@linqiao.example"
        assert not isinstance(event["ATTENDEE"], list)
        assert str(event["ATTENDEE"]) == f"mailto:{address}"
        assert event["CLASS"] == "PRIVATE"
        assert (calendar["METHOD"] == "CANCEL") == (event["STATUS"] == "CANCELLED")
        entries.append(event)
    assert len({str(event["UID"]) for event in entries}) == 1
    numbers = [int(event["SEQUENCE"]) for event in entries]
    assert numbers == sorted(set(numbers)), "each is newer than the one before"
    stamps = [event["DTSTAMP"].dt for event in entries]
    assert stamps == sorted(stamps)
    return entries


def methods(mails: list[EmailMessage]) -> list[str | None]:
    return [method_of(mail) for mail in mails]


def test_duty_is_offered_accepted_moved_and_cancelled_in_one_thread(
    mail_to, later, bob, alice, duty
):
    mails = []
    with later(), unit_of_work():
        offered = work.offer_duty(duty.id, bob.id, by=alice)
    mails.append(mail_to(K.DUTY_OFFERED, bob))
    with later(), unit_of_work():
        work.accept_offer(offered.id, by=bob)
    mails.append(mail_to(K.DUTY_ACCEPTED, bob))
    with later(), unit_of_work():
        update_duty(duty.id, moved(duty), by=alice)
    mails.append(mail_to(K.DUTY_CHANGED, bob))
    with later(), unit_of_work():
        cancel_duty(duty.id, "Heavy rain.", by=alice)
    mails.append(mail_to(K.DUTY_CANCELLED, bob))

    entries = check_thread(mails, bob.email)
    assert methods(mails) == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert [str(e["STATUS"]) for e in entries] == [
        "TENTATIVE", "CONFIRMED", "CONFIRMED", "CANCELLED",
    ]  # fmt: skip
    answers = [e["ATTENDEE"].params["PARTSTAT"] for e in entries]
    assert answers == ["NEEDS-ACTION", "ACCEPTED", "ACCEPTED", "ACCEPTED"]
    assert [e["ATTENDEE"].params.get("RSVP") for e in entries] == ["TRUE", None, None, None]
    starts = [e["DTSTART"].dt.astimezone(START.tzinfo) for e in entries]
    assert starts == [START, START, START + timedelta(hours=1), START + timedelta(hours=1)]
    assert [str(e["SUMMARY"]) for e in entries] == [
        "Offer: Tea stall", "Tea stall", "Tea stall", "Cancelled: Tea stall",
    ]  # fmt: skip
    assert "planned for Thu 26 Nov, 14:00–16:00" in text_of(mails[2])
    assert "When: Thu 26 Nov, 15:00–17:00" in text_of(mails[2])
    threads = {mail["References"] for mail in mails}
    assert len(threads) == 1
    assert not threads & {mail["Message-ID"] for mail in mails}
    assert len({mail["Message-ID"] for mail in mails}) == 4


def test_talk_goes_the_same_way_when_its_event_moves_and_is_cancelled(
    mail_to, later, venue, alice, sue
):
    topics = [make_topic()]
    carol = make_lecturer("Carol", topics)
    talk = make_talk(venue, topics, alice, starts_at=START)
    (duty,) = db.session.scalars(select(db.metadata.tables["duties"].c.id)).all()
    with later(), unit_of_work():
        work.offer_duty(duty, carol.id, by=sue)
    mails = [mail_to(K.DUTY_OFFERED, carol)]
    data = event_form(db.session.get_one(HubEvent, talk.event_id))
    data.starts_at += timedelta(days=1)
    data.ends_at += timedelta(days=1)
    with later(), unit_of_work():
        update_event(talk.event_id, data, by=sue)
    mails.append(mail_to(K.DUTY_CHANGED, carol))
    sent_all()
    with later(), unit_of_work():
        cancel_event(talk.event_id, REASONS, by=sue)
    mails.append(mail_to(K.DUTY_CANCELLED, carol))
    entries = check_thread(mails, carol.email)
    assert methods(mails) == ["REQUEST", "REQUEST", "CANCEL"]
    assert [str(e["STATUS"]) for e in entries] == ["TENTATIVE", "TENTATIVE", "CANCELLED"]
    starts = [e["DTSTART"].dt.astimezone(START.tzinfo) for e in entries]
    assert starts == [START, START + timedelta(days=1), START + timedelta(days=1)]
    assert "Heavy rain." in text_of(mails[2])


def sent_all() -> None:
    """As if the worker had sent what waits."""
    with unit_of_work():
        db.session.execute(update(Message).values(state="sent"))


def test_rule_23_offer_that_is_taken_back_before_it_left_is_no_mail(bob, alice, duty):
    with unit_of_work():
        offered = work.offer_duty(duty.id, bob.id, by=alice)
    with unit_of_work():
        work.withdraw_offer(offered.id, by=alice)
    assert [row.state for row in db.session.scalars(select(Message))] == ["dropped"]


def test_rule_23_offer_that_is_accepted_before_it_left_is_one_mail(bob, alice, duty):
    with unit_of_work():
        offered = work.offer_duty(duty.id, bob.id, by=alice)
    with unit_of_work():
        work.accept_offer(offered.id, by=bob)
    rows = db.session.scalars(select(Message).order_by(Message.id)).all()
    assert [(row.kind, row.state) for row in rows] == [
        (K.DUTY_OFFERED, "dropped"), (K.DUTY_ACCEPTED, "queued"),
    ]  # fmt: skip


@pytest.mark.parametrize("way", ["release", "take_off", "swap", "decline", "take_back"])
def test_whoever_leaves_a_duty_has_its_entry_taken_back(
    mail_to, later, community, bob, alice, duty, way
):
    carol = make_assistant("carol", community)
    with later(), unit_of_work():
        offered = work.offer_duty(duty.id, bob.id, by=alice)
    mails = [mail_to(K.DUTY_OFFERED, bob)]
    sent_all()
    if way not in ("decline", "take_back"):
        with later(), unit_of_work():
            work.accept_offer(offered.id, by=bob)
        mails.append(mail_to(K.DUTY_ACCEPTED, bob))
    with later(), unit_of_work():
        if way == "release":
            work.release_duty(offered.id, "", by=bob)
        elif way == "take_off":
            work.take_off(offered.id, "Too many.", by=alice)
        elif way == "swap":
            work.ask_swap(offered.id, by=bob)
            work.take_over(duty.id, by=carol)
        elif way == "decline":
            work.decline_offer(offered.id, by=bob)
        else:
            work.withdraw_offer(offered.id, by=alice)
    kinds = {"release": K.DUTY_RELEASED, "decline": K.DUTY_RELEASED, "swap": K.DUTY_SWAPPED}
    mails.append(mail_to(kinds.get(way, K.DUTY_CANCELLED), bob))
    check_thread(mails, bob.email)
    assert method_of(mails[-1]) == "CANCEL"
    if way == "swap":
        _calendar, hers = entry_of(mail_to(K.DUTY_ACCEPTED, carol))
        assert hers["UID"] != entry_of(mails[-1])[1]["UID"]
        assert hers["STATUS"] == "CONFIRMED"


def test_duty_taken_again_is_a_new_entry(mail_to, later, bob, duty):
    with later(), unit_of_work():
        first = work.take_duty(duty.id, by=bob)
    old = entry_of(mail_to(K.DUTY_ACCEPTED, bob))[1]
    with later(), unit_of_work():
        work.release_duty(first.id, "", by=bob)
    with later(), unit_of_work():
        work.take_duty(duty.id, by=bob)
    new = entry_of(mail_to(K.DUTY_ACCEPTED, bob))[1]
    gone = entry_of(mail_to(K.DUTY_RELEASED, bob))[1]
    assert (gone["UID"], new["STATUS"]) == (old["UID"], "CONFIRMED")
    assert new["UID"] != old["UID"]


def test_who_only_waits_gets_no_invitation(mail_to, bob, alice, venue):
    duty = make_duty(venue, alice, starts_at=START)
    make_assignment(duty, make_assistant("dora", venue.community))
    waiting = make_assignment(duty, bob, AssignmentStatus.REQUESTED)
    with unit_of_work():
        update_duty(duty.id, moved(duty), by=alice)
    assert calendar_bytes(mail_to(K.DUTY_CHANGED, bob)) is None
    sent_all()
    with unit_of_work():
        cancel_duty(duty.id, "Heavy rain.", by=alice)
    assert db.session.get_one(Assignment, waiting.id).status is AssignmentStatus.WITHDRAWN
    assert calendar_bytes(mail_to(K.DUTY_CANCELLED, bob)) is None


def test_message_whose_assignment_is_gone_is_a_mail_without_invitation(app, bob):
    message = Message(
        kind=K.DUTY_ACCEPTED, user=bob, subject_id=999,
        facts={"title": "x", "place": "y", "starts_at": START.isoformat(),
               "ends_at": (START + timedelta(hours=1)).isoformat()},
    )  # fmt: skip
    with app.test_request_context():
        mail = write_mail(message)
    assert calendar_bytes(mail) is None
    assert mail["To"] == bob.email


# --- events ---------------------------------------------------------------------------------------


def check_published(mail: EmailMessage, event: HubEvent) -> Event:
    calendar, entry = entry_of(mail)
    assert calendar["METHOD"] == "PUBLISH"
    assert "ATTENDEE" not in entry
    assert str(entry["ORGANIZER"]) == "mailto:linqiao@linqiao.example"
    assert str(entry["UID"]) == event.uid
    assert len(calendar.walk("VTIMEZONE")) == 1
    return entry


def test_guest_gets_the_event_moved_and_cancelled(mail_to, later, event, alice):
    booked = make_sign_up(event, BOB)
    entries = [check_published(mail_to(K.CONFIRMED, booked), event)]
    data = event_form(db.session.get_one(HubEvent, event.id))
    data.starts_at += timedelta(hours=2)
    data.ends_at += timedelta(hours=2)
    with later(), unit_of_work():
        update_event(event.id, data, by=alice)
    entries.append(check_published(mail_to(K.EVENT_CHANGED, booked), event))
    with later(), unit_of_work():
        cancel_event(event.id, REASONS, by=alice)
    entries.append(check_published(mail_to(K.EVENT_CANCELLED, booked), event))
    assert [str(e["STATUS"]) for e in entries] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    numbers = [int(e["SEQUENCE"]) for e in entries]
    assert numbers == sorted(set(numbers))
    assert entries[1]["DTSTART"].dt - entries[0]["DTSTART"].dt == timedelta(hours=2)
    assert str(entries[2]["SUMMARY"]).startswith("Cancelled: ")


def test_leaving_takes_the_event_out_and_coming_again_puts_it_back(mail_to, later, event, alice):
    with later():
        first = make_sign_up(event, BOB)
    entries = [check_published(mail_to(K.CONFIRMED, first), event)]
    with later(), unit_of_work():
        cancel_sign_up(first.id)
    entries.append(check_published(mail_to(K.WITHDRAWN, first), event))
    with later():
        second = make_sign_up(event, BOB)
    entries.append(check_published(mail_to(K.CONFIRMED, second), event))
    with later(), unit_of_work():
        release_sign_up(second.id, "Families only.", by=alice)
    entries.append(check_published(mail_to(K.RELEASED, second), event))
    assert [str(e["STATUS"]) for e in entries] == [
        "CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED",
    ]  # fmt: skip
    stamps = [e["DTSTAMP"].dt for e in entries]
    assert stamps == sorted(set(stamps)), "of two with one SEQUENCE the newer stamp wins"
    assert str(entries[1]["SUMMARY"]) == "You are not coming: Dumplings for all"
    assert db.session.get_one(HubEvent, event.id).status is EventStatus.PUBLISHED


def test_waiting_guest_gets_no_entry_until_a_place_is_free(mail_to, venue, alice):
    event = make_event(venue=venue, capacity=4)
    make_sign_up(event, party_size=4)
    waiting = make_sign_up(event, BOB)
    mail = mail_to(K.WAITLISTED, waiting)
    assert calendar_bytes(mail) is None
    assert mail.get_content_type() == "multipart/alternative"
    assert "You are number 1 on the waiting list" in text_of(mail)
    data = event_form(db.session.get_one(HubEvent, event.id))
    data.capacity += 1
    with unit_of_work():
        update_event(event.id, data, by=alice)
    entry = check_published(mail_to(K.PROMOTED, waiting), event)
    assert entry["STATUS"] == "CONFIRMED"


def test_parts_stand_in_the_order_that_mail_programs_expect(mail_to, event):
    mail = mail_to(K.CONFIRMED, make_sign_up(event, BOB))
    assert mail.get_content_type() == "multipart/mixed"
    alternative, file = mail.iter_parts()
    assert alternative.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in alternative.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    part = list(alternative.iter_parts())[-1]
    assert part["Content-Transfer-Encoding"] == "base64"
    assert part.get_content_charset() == "utf-8"
    assert file.get_content_type() == "application/ics"
    assert file.get_filename().isascii()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_entry_is_in_the_language_of_its_reader(mail_to, event, language):
    person = make_person(language=language)
    entry = check_published(mail_to(K.CONFIRMED, make_sign_up(event, person)), event)
    title = {"en": "Dumplings for all", "zh": "一起包饺子"}[language]
    assert entry["SUMMARY"] == title
    assert f"/{language}/events/{event.id}" in str(entry["URL"])
    assert "tickets" not in str(entry), "no private link leaves with a calendar (rule 19)"


def test_who_wants_no_calendar_files_gets_none(mail_to, event, bob, duty):
    guest = make_user("mina", role=None)
    booked = make_sign_up(event, BOB)
    with unit_of_work():
        db.session.execute(update(SignUp).values(user_id=guest.id))
        for user in (guest, bob):
            db.session.add(SwitchedOff(user_id=user.id, choice=MessageChoice.CALENDAR_FILES))
    assert calendar_bytes(mail_to(K.CONFIRMED, booked)) is None
    with unit_of_work():
        work.take_duty(duty.id, by=bob)
    assert calendar_bytes(mail_to(K.DUTY_ACCEPTED, bob)) is None


# --- bad input ------------------------------------------------------------------------------------

NASTY = [
    "Fun\r\nATTENDEE:mailto:all@example.com", "Fun\nMETHOD:REPLY\n\nBEGIN:VEVENT", "a, b; c\\n: d",
    "Fun\u2028UID:x", "Fun\x85X:y\x07", '"quoted" ^n ^^ <b>&amp;</b>',
    "👩\u200d👩\u200d👧 饺子 🥟 " * 8, "x" * 300, "", "\u202eevil", "=?utf-8?q?x?=",
    "%(title)s {{ 7*7 }}",
]  # fmt: skip


@pytest.mark.parametrize("nasty", NASTY)
def test_names_and_titles_stay_inside_their_property(mail_to, event, bob, alice, duty, nasty):
    booked = make_sign_up(event, BOB)
    with unit_of_work():
        work.offer_duty(duty.id, bob.id, by=alice)
    with unit_of_work():  # past every form and service: as the database might hold it
        longest = EventText.title.type.length
        words = {"title": nasty[:longest], "description": nasty}
        db.session.execute(update(EventText).values(words))
        db.session.execute(update(DutyText).values(title=nasty[:120], details=nasty))
        db.session.execute(update(VenueText).values(name=nasty[:120]))
        db.session.execute(update(SignUp).values(name=nasty[:80]))
        db.session.execute(update(User).where(User.id == bob.id).values(name=nasty[:80]))
    for kind, who in ((K.CONFIRMED, booked), (K.DUTY_OFFERED, bob)):
        mail = mail_to(kind, who)
        calendar, entry = entry_of(mail)
        assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE", "VEVENT"]
        assert str(entry.get("ATTENDEE", "")) == ("mailto:" + who.email if who is bob else "")
        assert len(calendar_bytes(mail).split(b"\r\nUID:")) == 2
        assert "X" not in entry and "X" not in mail
        assert set(mail.get_all("To")) == {who.email if who is bob else "bob@example.com"}
        assert len(str(entry.get("SUMMARY", ""))) <= 255
        for line in calendar_bytes(mail).split(b"\r\n"):
            assert len(line) <= 75
        page = html_of(mail)
        assert "<b>&amp;</b>" not in page
