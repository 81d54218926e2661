"""SMS through a gateway: off by default; switched on, people with only a phone are told too."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from sqlalchemy import select

from hub import clock
from hub.config import ConfigError, load_settings
from hub.enums import MessageKind, MessageState
from hub.extensions import db
from hub.models import Event, EventText, Message, SignUp
from hub.services.event_data import data_of
from hub.services.events import cancel_event, update_event
from hub.services.messages import queue_message
from hub.services.signups import cancel_sign_up, release_sign_up, sign_up
from hub.transaction import unit_of_work
from hub.web.texts import write_text
from hub.web.worker import send_due_messages
from tests.factories import make_event, make_sign_up
from tests.people import DMITRI, EVE

K = MessageKind


class Gateway(ThreadingHTTPServer):
    """Takes texts as docs/operations.md says; ``answer`` is its status, ``heard`` what it got."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = 202
        self.heard: list[tuple[dict[str, str], str]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard.append((body, self.headers["Authorization"]))
        self.send_response(self.server.answer)
        if self.server.answer == 302:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def gateway(app, db_session, loopback) -> Iterator[Gateway]:
    """SMS are on."""
    server = Gateway()
    Thread(target=server.serve_forever, daemon=True).start()
    before = {name: app.config[name] for name in ("SMS_URL", "SMS_TOKEN")}
    app.config.update(SMS_URL=f"http://127.0.0.1:{server.server_port}/send", SMS_TOKEN="t0ken")
    yield server
    app.config.update(before)
    server.shutdown()
    server.server_close()


@pytest.fixture
def send(app) -> Callable[[], tuple[int, int]]:
    def run() -> tuple[int, int]:
        db.session.rollback()
        with app.test_request_context():
            return send_due_messages()

    return run


def queued() -> list[MessageKind]:
    db.session.rollback()
    return list(db.session.scalars(select(Message.kind).order_by(Message.id)))


def test_without_a_gateway_nothing_is_queued_for_a_phone(event):
    make_sign_up(event, DMITRI)
    assert queued() == []


def test_rule_23_a_sign_up_by_phone_gets_one_text_with_its_ticket(gateway, send, client, event):
    booked = make_sign_up(event, DMITRI)
    assert send() == (1, 0)
    assert send() == (0, 0)
    message = db.session.scalars(select(Message)).one()
    ((body, authorization),) = gateway.heard
    assert message.state is MessageState.SENT
    assert authorization == "Bearer t0ken"
    assert body["to"] == booked.contact == DMITRI.contact.value
    assert body["id"] == message.message_id
    words, _blank, link = body["text"].rpartition(" ")
    assert words.startswith("Dumplings for all: your place is kept.") and "14:00" in words
    assert "Your place is confirmed" in client.get_page(link.removeprefix("http://hub.test")).text


def test_each_step_of_a_sign_up_is_told_in_its_own_words(gateway, app, venue, alice):
    event = make_event(venue=venue, capacity=2)
    first = make_sign_up(event, party_size=2)
    booked = make_sign_up(event, DMITRI, 2)
    with unit_of_work():
        assert sign_up(event.id, DMITRI, 1) is None  # the link, once more
    with unit_of_work():
        cancel_sign_up(first.id)
    with unit_of_work():
        data = data_of(db.session.get_one(Event, event.id))
        data.starts_at += timedelta(hours=1)
        data.ends_at += timedelta(hours=1)
        update_event(event.id, data, by=alice)
    with unit_of_work():
        again = db.session.get_one(SignUp, booked.id)
        queue_message(K.REMINDER_DAY, again)
    rows = db.session.scalars(
        select(Message).where(Message.sign_up_id == booked.id).order_by(Message.id)
    ).all()
    with app.test_request_context():
        texts = {message.kind: write_text(message) for message in rows}
    assert "a place is yours now" in texts[K.PROMOTED]
    assert "your ticket" in texts[K.LINK_AGAIN]
    assert texts[K.EVENT_CHANGED].startswith("Changed: ") and "15:00" in texts[K.EVENT_CHANGED]
    assert texts[K.REMINDER_DAY].startswith("Reminder: ")
    assert K.WAITLISTED in texts
    with unit_of_work():
        release_sign_up(booked.id, "Too many.", by=alice)
    assert queued()[-1] is K.RELEASED


def test_a_cancelled_event_is_told_by_text_and_the_desk_knows(gateway, app, event, alice):
    make_sign_up(event, DMITRI)
    page = EVE(app).log_in(alice).get_page(f"/en/desk/events/{event.id}/cancel")
    assert "1 party gets an SMS." in page.text and "ring them" not in page.text
    with unit_of_work():
        cancel_event(event.id, {"en": "Rain.", "zh": "雨。"}, by=alice)
    assert K.EVENT_CANCELLED in queued()


def test_rule_24_a_text_is_short_and_in_the_language_of_its_reader(gateway, app, venue):
    event = make_event(venue=venue)
    booked = make_sign_up(event, contact="13912345678", language="zh")
    with unit_of_work():
        text = db.session.get_one(EventText, (event.id, "zh"))
        text.title = "很长的标题" * 20
    message = db.session.scalars(select(Message)).one()
    with app.test_request_context():
        written = write_text(message)
    assert len(written) <= 200 and "\n" not in written
    assert written.startswith("很长的标题") and "…" in written and "/zh/tickets/" in written
    assert booked.name not in written


def test_a_gateway_that_refuses_or_leads_elsewhere_is_tried_again(gateway, send, event, now):
    make_sign_up(event, DMITRI)
    for minutes, answer in ((0, 500), (5, 302), (20, 401)):
        gateway.answer = answer
        with clock.fixed_at(now + timedelta(minutes=minutes)):
            assert send() == (0, 1)
    assert len(gateway.heard) == 3  # no redirect was followed
    message = db.session.scalars(select(Message)).one()
    assert (message.state, message.attempts) == (MessageState.QUEUED, 3)
    assert message.last_error == "SmsRefused: status 401"
    gateway.answer = 200
    with clock.fixed_at(now + timedelta(hours=1)):
        assert send() == (1, 0)
    assert len({body["id"] for body, _token in gateway.heard}) == 1


def test_a_gateway_that_is_gone_loses_nothing(gateway, send, app, event):
    make_sign_up(event, DMITRI)
    app.config.update(SMS_URL="http://127.0.0.1:1/send")
    assert send() == (0, 1)
    message = db.session.scalars(select(Message)).one()
    assert message.state is MessageState.QUEUED and message.last_error == "SmsAway: URLError"


def test_the_pages_promise_only_what_is_done(gateway, client, event):
    booked = make_sign_up(event, DMITRI)
    page = client.get_page(f"/en/events/{event.id}/sign-up")
    again = client.submit(
        page, status=200, name="Dmitri", contact=booked.contact, party_size="1", agreed=True
    )
    assert "by SMS" in again.text


def test_settings_of_the_gateway_are_checked(tmp_path):
    for wrong in ({"HUB_SMS_URL": "ftp://x"}, {"HUB_SMS_URL": "https://x"},
                  {"HUB_SMS_URL": "https://x", "HUB_SMS_TOKEN": "a\nb"}):  # fmt: skip
        with pytest.raises(ConfigError):
            load_settings(tmp_path, wrong)
    good = load_settings(tmp_path, {"HUB_SMS_URL": "https://x", "HUB_SMS_TOKEN": "abc"})
    assert (good["SMS_URL"], good["SMS_TOKEN"]) == ("https://x", "abc")
    assert load_settings(tmp_path, {})["SMS_URL"] == ""
