"""Staff take a place away, move an event or call it off: everybody concerned reads why."""

import re

import pytest
from sqlalchemy import select

from hub.enums import MessageKind
from hub.extensions import db
from hub.integrations.signing import ticket_token
from hub.models import Event, Message, SignUp
from hub.queries.invariants import violations
from hub.web.mails import write_mail
from tests.factories import make_event, make_sign_up
from tests.mails import text_of
from tests.people import BOB, CAROL, DMITRI, EVE

FORM = "main form[method=post]"


@pytest.fixture
def mails(app):
    """The mails of one kind as (recipient, text), in the order in which they wait."""

    def read(kind: MessageKind) -> list[tuple[str, str]]:
        numbers = list(
            db.session.scalars(select(Message.id).where(Message.kind == kind).order_by(Message.id))
        )
        with app.test_request_context():
            written = [write_mail(db.session.get_one(Message, number)) for number in numbers]
        return [(mail["To"], f"{mail['Subject']}\n{text_of(mail)}") for mail in written]

    return read


def ticket_url(sign_up: SignUp, language: str) -> str:
    return f"/{language}/tickets/{ticket_token(sign_up.code)}"


def test_released_guest_reads_why_and_the_next_one_moves_up(app, client, venue, alice, mails):
    event = make_event(venue=venue, capacity=2)
    bob, carol = make_sign_up(event, BOB, 2), make_sign_up(event, CAROL, 1)
    staff = EVE(app).log_in(alice)
    sign_ups = staff.get_page(f"/en/desk/events/{event.id}/sign-ups")
    assert "Bob Kamau" in sign_ups.text
    page = staff.get_page(f"/en/desk/events/{event.id}/sign-ups/{bob.id}/release")
    refused = staff.submit(page, FORM, status=422, reason="  ")
    assert client.get_page(ticket_url(bob, "en")).one("h1").get_text() == "Your place is confirmed"
    back = staff.follow(staff.submit(refused, FORM, reason="Only families this time."))
    assert "Bob Kamau is released and is told why." in back.text

    page = client.get_page(ticket_url(bob, "en"))
    assert page.one("h1").get_text() == "You are not signed up any more"
    assert "Only families this time." in page.text
    ((to, words),) = mails(MessageKind.RELEASED)
    assert to == "bob@example.com"
    assert "Only families this time." in words
    assert client.get_page(ticket_url(carol, "zh")).one("html")["lang"] == "zh-Hans"
    ((to, words),) = mails(MessageKind.PROMOTED)
    assert to == "carol@example.com"
    assert "一起包饺子" in words
    assert list(violations()) == []


def test_rule_04_smaller_hall_releases_whom_staff_choose(app, client, venue, alice, mails):
    event = make_event(venue=venue, capacity=4)
    bob, carol = make_sign_up(event, BOB, 2), make_sign_up(event, CAROL, 2)
    staff = EVE(app).log_in(alice)
    page = staff.get_page(f"/en/desk/events/{event.id}/capacity")
    refused = staff.submit(page, FORM, status=409, capacity=2)
    assert db.session.get_one(Event, event.id).capacity == 4
    staff.submit(refused, FORM, capacity=2, release=[carol.id], reason="The hall is smaller.")
    stored = db.session.get_one(Event, event.id)
    assert (stored.capacity, stored.seats_taken) == (2, 2)
    assert client.get_page(ticket_url(bob, "en")).one("h1").get_text() == "Your place is confirmed"
    assert "The hall is smaller." in client.get_page(ticket_url(carol, "zh")).text
    ((to, words),) = mails(MessageKind.RELEASED)
    assert to == "carol@example.com"
    assert "The hall is smaller." in words
    assert list(violations()) == []


def test_rule_23_called_off_event_tells_everybody_in_their_language(
    app, client, event, alice, mails
):
    parties = {"en": make_sign_up(event, BOB), "zh": make_sign_up(event, CAROL)}
    phone = make_sign_up(event, DMITRI)
    gone = make_sign_up(event, contact="gone@example.com")
    leaving = client.get_page(ticket_url(gone, "en") + "/cancel")
    client.submit(leaving, FORM)
    staff = EVE(app).log_in(alice)
    page = staff.get_page(f"/en/desk/events/{event.id}/cancel")
    reasons = {"text_en-reason": "A typhoon comes.", "text_zh-reason": "台风来了。"}
    staff.follow(staff.submit(page, FORM, **reasons))

    words = {"en": "A typhoon comes.", "zh": "台风来了。"}
    for language, booked in parties.items():
        assert words[language] in client.get_page(ticket_url(booked, language)).text
        assert words[language] in client.get_page(f"/{language}/events/{event.id}").text
        assert words[language] in client.get(f"/calendar/public.ics?text={language}").text
    assert words["en"] in client.get_page(ticket_url(phone, "en")).text
    sent = dict(mails(MessageKind.EVENT_CANCELLED))
    assert set(sent) == {"bob@example.com", "carol@example.com"}
    assert words["en"] in sent["bob@example.com"]
    assert words["zh"] in sent["carol@example.com"]
    link = re.search(r"http://hub\.test(/zh/tickets/\S+)", sent["carol@example.com"])[1]
    assert words["zh"] in client.get_page(link).text
    form = client.get_page(f"/en/events/{event.id}/sign-up")
    assert "This event is cancelled." in form.text
    assert list(violations()) == []


def test_moved_event_tells_the_old_and_the_new_time(app, client, event, alice, mails):
    booked = make_sign_up(event, BOB)
    staff = EVE(app).log_in(alice)
    page = staff.get_page(f"/en/desk/events/{event.id}/edit")
    times = {"starts_at": "2026-11-25T18:00", "ends_at": "2026-11-25T20:00"}
    staff.follow(staff.submit(page, FORM, **times))
    assert "Wed 25 Nov, 18:00–20:00" in client.get_page(ticket_url(booked, "en")).text
    ((to, words),) = mails(MessageKind.EVENT_CHANGED)
    assert to == "bob@example.com"
    assert "Tue 24 Nov, 14:00–16:00" in words
    assert "Wed 25 Nov, 18:00–20:00" in words
