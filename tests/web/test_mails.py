"""Mails: every kind in every language from real rows, and the worker against a real server."""

import re
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from bs4 import BeautifulSoup
from flask import g
from sqlalchemy import select, update

from hub import clock
from hub.enums import MessageKind, MessageState
from hub.extensions import db
from hub.i18n import LANGUAGES
from hub.integrations.mail import ServerAway
from hub.integrations.signing import ticket_token
from hub.models import Event, EventText, Message, SignUp, User
from hub.services.event_data import data_of
from hub.services.events import cancel_event, update_event
from hub.services.messages import queue_account_mail, queue_message
from hub.services.outbox import MAX_ATTEMPTS, claim_message
from hub.services.privacy import erase_sign_up
from hub.services.signups import cancel_sign_up, change_party_size, release_sign_up, sign_up
from hub.transaction import unit_of_work
from hub.web.mail_html import LINK_STYLE
from hub.web.mail_html import html_of as make_html
from hub.web.mails import NOTE_PAGES, NothingToSay, write_mail
from hub.web.suggestion_mails import ABOUT_SUGGESTIONS
from hub.web.worker import send_due_messages
from tests.factories import make_event, make_person, make_sign_up, make_user
from tests.mails import html_of, text_of
from tests.people import BOB, CAROL, DMITRI
from tests.tables import dump

# Mails about accounts have no sign-up: they are written when they are queued (see below).
ABOUT_SIGN_UPS = [
    kind
    for kind in MessageKind
    if kind is not MessageKind.ACCOUNT
    and kind is not MessageKind.EVENT_SURVEY  # tests/web/test_surveys.py
    and kind not in NOTE_PAGES
    and not kind.value.startswith("talk_request")  # tests/web/test_talks.py
    and kind not in ABOUT_SUGGESTIONS  # tests/web/test_suggestion_mails.py
]
REASON = {"en": "The hall is closed.", "zh": "场地关闭。"}


def bring_about(kind: MessageKind, event: Event, booked: SignUp, language: str) -> None:
    """Do what makes a message of ``kind`` to ``booked``, who waits behind a full house."""
    staff = make_user(f"staff-{kind}-{language}")
    if kind is MessageKind.LINK_AGAIN:
        who = make_person(contact=booked.contact, language=language)
        with unit_of_work():
            assert sign_up(event.id, who, 1) is None
        return
    with unit_of_work():
        if kind in (MessageKind.CONFIRMED, MessageKind.PROMOTED):
            data = data_of(db.session.get_one(Event, event.id))
            data.capacity += 10
            update_event(event.id, data, by=staff)
        elif kind is MessageKind.PARTY_CHANGED:
            change_party_size(booked.id, 3)
        elif kind is MessageKind.WITHDRAWN:
            cancel_sign_up(booked.id)
        elif kind is MessageKind.RELEASED:
            release_sign_up(booked.id, REASON[language], by=staff)
        elif kind is MessageKind.EVENT_CHANGED:
            data = data_of(db.session.get_one(Event, event.id))
            data.starts_at += timedelta(days=1, hours=1)
            data.ends_at += timedelta(days=1, hours=1)
            update_event(event.id, data, by=staff)
        elif kind is MessageKind.EVENT_CANCELLED:
            cancel_event(event.id, REASON, by=staff)
        else:  # reminders (tests/unit/test_reminders.py)
            queue_message(kind, booked)


def mail_of(app, kind: MessageKind, booked: SignUp) -> EmailMessage:
    query = select(Message).where(Message.kind == kind, Message.sign_up_id == booked.id)
    message = db.session.scalars(query).one()
    with app.test_request_context():
        return write_mail(db.session.get_one(Message, message.id))


@pytest.fixture(params=["en", "zh"])
def language(request, app) -> str:
    assert request.param in app.config["LANGUAGE_CODES"]
    return request.param


def a_mail(app, venue, kind: MessageKind, language: str) -> tuple[EmailMessage, SignUp]:
    """The mail of ``kind`` to somebody who reads ``language``."""
    event = make_event(venue=venue, capacity=4)
    person = make_person("Mina & Söhne", language=language)
    if kind is MessageKind.CONFIRMED:
        booked = make_sign_up(event, person, 2)
    else:
        make_sign_up(event, party_size=4)
        booked = make_sign_up(event, person, 2)
        if kind is not MessageKind.WAITLISTED:
            bring_about(kind, event, booked, language)
    return mail_of(app, kind, booked), booked


def test_every_language_of_the_interface_is_tried_here(app):
    assert app.config["LANGUAGE_CODES"] == ["en", "zh"]


@pytest.mark.parametrize("kind", ABOUT_SIGN_UPS)
def test_rule_24_every_mail_is_written_in_the_language_of_its_reader(
    client, app, venue, kind, language
):
    mail, booked = a_mail(app, venue, kind, language)
    title = {"en": "Dumplings for all", "zh": "一起包饺子"}[language]
    subject, body = str(mail["Subject"]), text_of(mail)
    assert title in subject
    assert "\n" not in subject
    assert mail["To"] == booked.contact
    assert "Mina & Söhne" in body
    assert {"en": "Neighbours' Hall, 12 Xixi Road", "zh": "邻里中心"}[language] in body
    own = re.sub(r"Mina & Söhne|http\S+|Linqiao", "", f"{subject} {body}").replace(title, "")
    if language == "zh":
        assert not re.findall(r"[A-Za-z]{3,}", own)
    else:
        assert own.isascii() or not re.findall(r"[\u4e00-\u9fff]", own.replace("邻桥", ""))
    link = re.findall(r"http://hub\.test(/\S+)", body)[0]
    assert link.startswith(f"/{language}/tickets/")
    assert booked.number in client.get_page(link).text


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (MessageKind.CONFIRMED, "we keep 2 places for you"),
        (MessageKind.WAITLISTED, "You are number 1 on the waiting list"),
        (MessageKind.PROMOTED, "2 are yours"),
        (MessageKind.LINK_AGAIN, "tried to sign up with this address again"),
        (MessageKind.PARTY_CHANGED, "your sign-up is now for 3 people"),
        (MessageKind.WITHDRAWN, "your sign-up is cancelled"),
        (MessageKind.RELEASED, "The hall is closed."),
        (MessageKind.EVENT_CHANGED, "It was planned for Tue 24 Nov, 14:00–16:00."),
        (MessageKind.EVENT_CHANGED, "When: Wed 25 Nov, 15:00–17:00"),
        (MessageKind.EVENT_CANCELLED, "The hall is closed."),
    ],
)
def test_mail_says_what_happened(app, venue, kind, words):
    mail, _booked = a_mail(app, venue, kind, "en")
    assert words in " ".join(text_of(mail).split())


@pytest.mark.parametrize("kind", [MessageKind.RELEASED, MessageKind.EVENT_CANCELLED])
def test_rule_04_mail_gives_the_reason_in_the_language_of_its_reader(app, venue, kind, language):
    mail, _booked = a_mail(app, venue, kind, language)
    assert REASON[language] in text_of(mail)


def test_mail_is_one_of_a_machine_to_one_person(app, venue):
    mail, _booked = a_mail(app, venue, MessageKind.CONFIRMED, "en")
    assert mail["From"] == app.config["MAIL_FROM"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<[^<>@\s]+@linqiao\.example>", mail["Message-ID"])
    assert mail["Date"].datetime == clock.now()
    assert mail["Content-Language"] == "en"
    assert not mail["Bcc"]
    assert not mail["Cc"]


UNSUBSCRIBE = {"List-Unsubscribe", "List-Unsubscribe-Post"}
NASTY = [
    "Fun\r\nBcc: all@example.com", "Fun\nX: y\n\nbody", "Fun\u2028Bcc: x@example.com",
    "Fun\x85X: y", "%(name)s %s {{ 7*7 }} {% raw %}", "<b>Fun</b> & \"more\"", "饺子 🥟 " * 20,
    "=?utf-8?q?x?=",
    "\u202eevil", "x" * 200,
]  # fmt: skip


@pytest.mark.parametrize("kind", ABOUT_SIGN_UPS)
def test_no_name_or_title_becomes_a_header(app, venue, kind):
    _mail, booked = a_mail(app, venue, kind, "en")
    for nasty in NASTY:
        with unit_of_work():  # past every form and service: as the database might hold it
            db.session.execute(update(EventText).values(title=nasty, cancellation_reason=nasty))
            db.session.execute(update(SignUp).values(name=nasty[:80], release_reason=nasty))
        sent = mail_of(app, kind, booked).as_bytes()
        mail = message_from_bytes(sent, policy=policy.default)
        assert set(mail.keys()) - UNSUBSCRIBE == {
            "From", "To", "Subject", "Message-ID", "Date", "Auto-Submitted", "Content-Type",
            "Content-Language", "In-Reply-To", "References", "MIME-Version",
            }  # fmt: skip
        assert len(str(mail["Subject"]).splitlines()) == 1
        if nasty.isprintable():
            assert f"Hello {nasty[:80]}," in text_of(mail)


def test_mail_about_an_account_is_sent_as_it_was_written(app, db_session):
    """It was rendered in the language of its reader when it was queued; no subject is a header."""
    for nasty in NASTY:
        with unit_of_work():
            queue_account_mail("mina@example.com", nasty, f"Hello {nasty}")
        message = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
        with app.test_request_context():
            sent = write_mail(message).as_bytes()
        mail = message_from_bytes(sent, policy=policy.default)
        assert mail["To"] == "mina@example.com"
        assert not mail["Bcc"]
        assert not mail["X"]
        assert len(str(mail["Subject"]).splitlines()) == 1
        if nasty.isprintable():
            assert f"Hello {nasty}" in text_of(mail)


NOW = clock.from_local(datetime(2026, 11, 26, 14, 0))  # noqa: DTZ001 - a wall clock
FACTS = {
    **dict.fromkeys(("starts_at", "old_starts_at"), NOW.isoformat()),
    **dict.fromkeys(("ends_at", "old_ends_at"), (NOW + timedelta(hours=2)).isoformat()),
    **dict.fromkeys(("title", "place", "reason", "programme", "community", "note"), "饺子"),
    **dict.fromkeys(("topic", "language", "result", "activity", "why", "when", "asks"), "饺子"),
    **dict.fromkeys(("starts_on", "ends_on", "day", "valid_from", "valid_until"), "2026-11-30"),
    **dict.fromkeys(("from_day", "to_day", "since", "until"), "2026-11-30"),
    "minutes": "150",
    "records": "3",
}


OTHERWISE = [
    (MessageKind.DUTY_CANCELLED, {"only_you": "yes"}),
    (MessageKind.DUTY_CANCELLED, {"offer": "yes", "reason": ""}),
    (MessageKind.DUTY_RELEASED, {"offer": "yes"}),
]


ABOUT_OTHERS = [(kind, {}) for kind in NOTE_PAGES if kind not in ABOUT_SUGGESTIONS]


@pytest.mark.parametrize(("kind", "more"), [*ABOUT_OTHERS, *OTHERWISE])
def test_rule_24_every_note_is_written_in_every_language(app, db_session, kind, more):
    user = make_user("mina", role=None)
    message = Message(kind=kind, user=user, subject_id=7, facts=FACTS | more)
    for language in app.config["LANGUAGE_CODES"]:
        with app.test_request_context():
            mail = write_mail(message, language=language)
        words = f"{mail['Subject']} {text_of(mail)}"
        own = re.sub(r"Mina|http\S+|Linqiao|\d\d:\d\d|邻桥|饺子", "", words)
        assert not re.search(r"[A-Za-z]{3,}" if language == "zh" else r"[\u4e00-\u9fff]", own), own
        assert not re.search(r"%\(|\{\{|\n{3}|: *\n *: ", words)
        assert f"http://hub.test/{language}/" in words
        page = html_of(mail)
        assert f'lang="{LANGUAGES[language].tag}" dir="ltr"' in page
        assert mail["Content-Language"] == LANGUAGES[language].tag


@pytest.mark.parametrize("kind", ABOUT_SIGN_UPS)
def test_rule_20_preview_opens_nothing_and_writes_nothing(client, app, venue, kind):
    mail, booked = a_mail(app, venue, kind, "en")
    message = Message(kind=kind, sign_up=booked, facts=MOVED)
    before = dump()
    with app.test_request_context("/en/desk/messages"):
        g.lang = "en"
        shown = write_mail(message, language="zh", preview=True)
        assert g.lang == "en", "the page goes on in the language of whoever looks"
    assert dump() == before
    assert "一起包饺子" in shown["Subject"]
    assert not shown["List-Unsubscribe"]
    token = ticket_token(booked.code)
    assert token in text_of(mail)
    for part in shown.walk():
        if not part.is_multipart():
            content = part.get_payload(decode=True).decode()
            assert token not in content and booked.code not in content
    assert "http://hub.test/zh/tickets/preview" in text_of(shown)
    assert client.get("/zh/tickets/preview").status_code == 404


MOVED = {"old_start": NOW.isoformat(), "old_end": (NOW + timedelta(hours=1)).isoformat()}


def test_rule_20_preview_of_an_account_mail_holds_no_link(app, db_session):
    body = "Hello,\n\nopen this link: http://hub.test/en/account/reset/secret.token\n"
    message = Message(kind=MessageKind.ACCOUNT, address="m@example.com", subject="x", body=body)
    with app.test_request_context():
        shown = write_mail(message, preview=True).as_string()
    assert "secret" not in shown


def test_rule_18_nobody_is_written_to_whose_data_is_deleted(app, event):
    booked, user = make_sign_up(event, BOB), make_user("mina", role=None)
    with unit_of_work():
        erase_sign_up(booked.id)
        db.session.get_one(User, user.id).erased_at = clock.now()
    gone = [
        Message(kind=MessageKind.CONFIRMED, sign_up=booked),
        Message(kind=MessageKind.DUTY_OFFERED, user=user, subject_id=1, facts=FACTS),
        Message(kind=MessageKind.CONFIRMED),
        Message(kind=MessageKind.ACCOUNT, subject="x", body="y", address=""),
    ]
    for message in gone:
        with app.test_request_context(), pytest.raises(NothingToSay):
            write_mail(message)


def test_all_mails_about_one_thing_are_one_thread(app, event):
    first, second = make_sign_up(event, BOB), make_sign_up(event, CAROL)
    with unit_of_work():
        cancel_sign_up(first.id)
    mails = [
        mail_of(app, MessageKind.CONFIRMED, first),
        mail_of(app, MessageKind.WITHDRAWN, first),
        mail_of(app, MessageKind.CONFIRMED, second),
    ]
    assert {mail["References"] for mail in mails} == {f"<{event.uid}>"}
    assert {mail["In-Reply-To"] for mail in mails} == {f"<{event.uid}>"}
    assert len({mail["Message-ID"] for mail in mails}) == 3


# --- the HTML of a mail -------------------------------------------------------------------


def page_of(app, subject: str, body: str) -> BeautifulSoup:
    with app.test_request_context("/en/"):
        return BeautifulSoup(make_html(subject, body), "html.parser")


def test_html_is_made_of_the_text(app, db_session):
    page = page_of(
        app,
        "Your place",
        "Hello Bob,\n\nthey say:\n\nBring: a cup.\nAnd tea.\n\n"
        "  When: Tue 24 Nov, 14:00\n  Where: Hall\n\n"
        "Open your ticket: http://hub.test/en/tickets/a.b-c\n\n"
        "I can’t come: http://hub.test/en/x\n\n--\n"
        "From us.\nNo more of this: http://hub.test/en/off\n",
    )
    assert page.h1.get_text() == "Your place"
    assert [p.get_text() for p in page.select("p.ink")] == ["Hello Bob,", "they say:"]
    (quote,) = page.select(".quote")
    assert quote.get_text("|") == "Bring: a cup.|And tea."
    facts = [cell.get_text("|", strip=True) for cell in page.select(".sunk td")]
    assert facts == ["When|Tue 24 Nov, 14:00", "Where|Hall"]
    assert [(a["class"], a.get_text(), a["href"]) for a in page.select("a")] == [
        (["first"], "Open your ticket", "http://hub.test/en/tickets/a.b-c"),
        (["second"], "I can’t come", "http://hub.test/en/x"),
        (["link"], "No more of this", "http://hub.test/en/off"),
    ]
    assert not page.select("img, script, link, iframe, form, [src]")


def test_lines_with_a_dash_are_a_list(app, db_session):
    body = "Hello,\n\nit waits:\n\nToday\n- 14:00 Tea\n- One more: http://hub.test/en/x\n\n- Last\n"
    page = page_of(app, "Your desk", body)
    assert [p.get_text() for p in page.select("p.ink")] == ["Hello,", "it waits:"]
    assert page.select_one(".quote").get_text() == "Today"
    assert [li.get_text() for li in page.select("li")] == ["14:00 Tea", "One more", "Last"]


def test_long_words_before_a_link_stand_above_the_button(app, db_session):
    words = "one step is left. Open this link to confirm your e-mail address"
    page = page_of(app, "Welcome", f"Hello,\n\n{words}: http://hub.test/en/confirm/a\n")
    assert page.select("p.ink")[1].get_text() == f"{words}:"
    assert page.select_one("a.first").get_text() == "Open the link"


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>", "<b>bold</b> & \"more\" 'x'", "<a href='http://evil.test'>x</a>",
        "</h1></td></table>", "{{ 7*7 }}{% raw %}", "http://evil.test/login", "Log in: http://evil.test/",
        "Log in: http://hub.test.evil.test/", "javascript:alert(1)", "x: javascript:alert(1)",
        'http://hub.test/"onclick="x()', "http://hub.test/<script>",
    ],
)  # fmt: skip
def test_nothing_that_people_wrote_is_html_or_leads_elsewhere(app, db_session, words):
    page = page_of(app, words, f"Hello {words},\n\n{words}\n\n{words}:\n\n{words}\n\n--\n{words}\n")
    assert page.h1.get_text() == words
    assert page.get_text().count(words) >= 6
    assert not page.select("script, b, [onclick], img")
    for link in page.select("a"):
        assert link["href"].startswith("http://hub.test/")


def test_colours_of_mails_are_those_of_the_site(app):
    tokens = Path(app.root_path, "static/css/tokens.css").read_text()
    layout = Path(app.root_path, "templates/email/layout.html").read_text()
    shades = set(re.findall(r"#[0-9a-f]{6}\b", layout + LINK_STYLE)) - {"#ffffff"}
    assert shades
    assert all(shade in tokens for shade in shades)


# --- the worker ---------------------------------------------------------------------------


class Inbox:
    """A mail server's memory; ``answers`` are given first, then it takes everything."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.answers: list[str] = []

    async def handle_DATA(self, server, session, envelope) -> str:
        if self.answers:
            return self.answers.pop(0)
        self.recipients.append(list(envelope.rcpt_tos))
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


@pytest.fixture
def inbox(app, loopback, monkeypatch) -> Iterator[Inbox]:
    """A real SMTP server on this machine."""
    memory = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(memory, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    server.start()
    monkeypatch.setitem(app.config, "SMTP_URL", f"smtp://127.0.0.1:{port}")
    yield memory
    server.stop()


@pytest.fixture
def send(app):
    """Let the worker look once, some minutes from noon."""

    def look(minutes: float = 0) -> tuple[int, int]:
        db.session.rollback()
        with app.test_request_context(), clock.fixed_at(clock.now() + timedelta(minutes=minutes)):
            done = send_due_messages()
        db.session.rollback()
        return done

    return look


def states() -> list[tuple[MessageState, int]]:
    rows = db.session.scalars(select(Message).order_by(Message.id))
    return [(row.state, row.attempts) for row in rows]


def test_rule_23_exactly_the_people_concerned_get_it_once_in_their_language(inbox, send, event):
    for person in (BOB, CAROL, DMITRI):
        make_sign_up(event, person)
    other = make_event()
    make_sign_up(other, make_person())
    assert send() == (3, 0)
    inbox.mails.clear()
    inbox.recipients.clear()
    staff = make_user()
    with unit_of_work():
        cancel_event(event.id, REASON, by=staff)
    assert send() == (2, 0)
    assert sorted(inbox.recipients) == [["bob@example.com"], ["carol@example.com"]]
    by_name = {mail["To"]: text_of(mail) for mail in inbox.mails}
    assert REASON["en"] in by_name["bob@example.com"]
    assert REASON["zh"] in by_name["carol@example.com"]
    assert send() == (0, 0)
    assert send(600) == (0, 0)
    assert len(inbox.mails) == 2


def test_rule_23_nothing_leaves_of_what_was_rolled_back(inbox, send, event):
    with pytest.raises(RuntimeError, match="late"), unit_of_work():
        sign_up(event.id, BOB, 1)
        raise RuntimeError("too late")
    assert send() == (0, 0)
    assert inbox.mails == []


def test_sent_message_is_marked_with_its_time(inbox, send, event, now):
    make_sign_up(event, BOB)
    send(3)
    message = db.session.scalars(select(Message)).one()
    assert (message.state, message.attempts) == (MessageState.SENT, 1)
    assert message.sent_at == now + timedelta(minutes=3)
    assert inbox.mails[0]["Message-ID"] == f"<{message.message_id}>"


@pytest.mark.parametrize("answer", ["451 later", "550 no such mailbox", "554 spam"])
def test_refused_mail_is_tried_again_after_longer_and_longer(inbox, send, event, answer):
    make_sign_up(event, BOB)
    inbox.answers = [answer] * 3
    assert send(0) == (0, 1)
    assert states() == [(MessageState.QUEUED, 1)]
    assert send(1.9) == (0, 0)
    assert send(2) == (0, 1)
    assert send(5.9) == (0, 0)
    assert send(6) == (0, 1)
    assert send(13.9) == (0, 0)
    assert send(14) == (1, 0)
    assert states() == [(MessageState.SENT, 4)]
    assert len(inbox.mails) == 1


def test_mail_is_given_up_after_eight_attempts(inbox, send, event):
    make_sign_up(event, BOB)
    inbox.answers = ["550 never"] * 100
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert send(24 * 60 * attempt) == (0, 1)
    assert states() == [(MessageState.FAILED, MAX_ATTEMPTS)]
    assert send(100 * 24 * 60) == (0, 0)
    message = db.session.scalars(select(Message)).one()
    assert "550" in message.last_error


def test_one_bad_mail_does_not_hold_up_the_others(inbox, send, event):
    make_sign_up(event, BOB)
    make_sign_up(event, CAROL)
    inbox.answers = ["550 no"]
    assert send() == (1, 1)
    assert [mail["To"] for mail in inbox.mails] == ["carol@example.com"]


def test_server_that_is_away_is_tried_again(app, send, event, loopback, monkeypatch):
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1:1")
    make_sign_up(event, BOB)
    make_sign_up(event, CAROL)
    for minutes in range(0, 24 * 60 * 3, 4 * 60):  # away for three days
        with pytest.raises(ServerAway):
            send(minutes)
        db.session.rollback()
    assert {state for state, _attempts in states()} == {MessageState.QUEUED}


def test_message_whose_worker_died_goes_out_under_the_same_id(inbox, send, event):
    make_sign_up(event, BOB)
    with unit_of_work():
        message = claim_message()
        name = message.message_id
    assert send(9.9) == (0, 0)
    assert send(10) == (1, 0)
    assert inbox.mails[0]["Message-ID"] == f"<{name}>"


def test_mail_says_what_holds_when_it_is_sent(inbox, send, event):
    """Two changes within minutes are one mail, and it tells of no time that is no more."""
    make_sign_up(event, BOB)
    staff = make_user()
    for hours in (1, 2):
        data = data_of(db.session.get_one(Event, event.id))
        data.starts_at += timedelta(hours=hours)
        data.ends_at += timedelta(hours=hours)
        with unit_of_work():
            update_event(event.id, data, by=staff)
    with clock.fixed_at(clock.now() + timedelta(minutes=5)):
        assert send() == (2, 0)
    for mail in inbox.mails:
        assert "When: Tue 24 Nov, 17:00–19:00" in text_of(mail)
    olds = re.findall(r"planned for (.*?)\.", "\n".join(text_of(m) for m in inbox.mails))
    assert olds == ["Tue 24 Nov, 14:00–16:00"]


def test_address_beyond_ascii_gets_its_mail(inbox, send, event):
    make_sign_up(event, contact="jürgen@example.com")
    assert send() == (1, 0)
    assert inbox.recipients == [["jürgen@example.com"]]
