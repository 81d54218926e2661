"""Mails on the wire: one conversation a message, with a real server on this machine."""

import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from hub.integrations.mail import CalendarPart, compose, send
from tests.mails import calendar_bytes, html_of, method_of, text_of


class Postbox:
    """Keeps what it is given; refuses people whose address begins with no-."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], EmailMessage]] = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("no-"):
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, mail))
        return "250 OK"


@pytest.fixture
def postbox(loopback):
    box = Postbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.url = f"smtp://127.0.0.1:{port}"
    yield box
    controller.stop()


def letter(**changes: Any) -> EmailMessage:
    words = {
        "to": "bob@example.com",
        "sender": "邻桥 <hub@example.org>",
        "subject": "您的名额 Your place",
        "body": "Hello Bob\n你好\n.\nfrom a dot\n",
        "message_id": "1@hub.test",
    }
    return compose(**(words | changes))


def test_mail_arrives_whole(postbox, now):
    send(letter(), postbox.url)
    ((sender, to, mail),) = postbox.mails
    assert (sender, to) == ("hub@example.org", ["bob@example.com"])
    assert mail["Subject"] == "您的名额 Your place"
    assert mail["Message-ID"] == "<1@hub.test>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == now
    assert mail.get_content().splitlines() == ["Hello Bob", "你好", ".", "from a dot"]


def test_subject_is_one_line():
    assert letter(subject=" Your\nplace \r\nBcc: x@example.com")["Subject"] == (
        "Your place Bcc: x@example.com"
    )
    assert letter(subject="a\nBcc: x@example.com")["Bcc"] is None


@pytest.mark.parametrize("field", ["to", "sender"])
def test_line_break_in_an_address_is_refused(field):
    with pytest.raises(ValueError, match=r"linefeed|carriage"):
        letter(**{field: "bob@example.com\nBcc: all@example.com"})


def test_every_part_arrives_as_it_was_made(postbox):
    ics = "BEGIN:VCALENDAR\r\nSUMMARY:饺子\r\nEND:VCALENDAR\r\n".encode()
    send(letter(html="<p>你好</p>", calendar=CalendarPart("REQUEST", ics)), postbox.url)
    ((_sender, _to, mail),) = postbox.mails
    assert text_of(mail).splitlines()[:2] == ["Hello Bob", "你好"]
    assert html_of(mail).strip() == "<p>你好</p>"
    assert calendar_bytes(mail) == ics
    assert method_of(mail) == "REQUEST"


def test_mail_that_can_be_switched_off_says_where(postbox):
    """RFC 8058: mail programs offer one tap, which is a POST to that address."""
    send(letter(unsubscribe="https://hub.test/en/mails/off/a.b-c", html="<p>x</p>"), postbox.url)
    ((_sender, _to, mail),) = postbox.mails
    assert mail["List-Unsubscribe"] == "<https://hub.test/en/mails/off/a.b-c>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter()["List-Unsubscribe"] is None


@pytest.mark.parametrize("calendar", [None, CalendarPart("PUBLISH", b"BEGIN:VCALENDAR\r\n")])
def test_mail_says_its_language_and_its_thread_at_the_top(calendar):
    mail = letter(html="<p>x</p>", language="zh-Hans", thread="7@hub.test", calendar=calendar)
    assert mail["Content-Language"] == "zh-Hans"
    assert mail["References"] == mail["In-Reply-To"] == "<7@hub.test>"


@pytest.mark.parametrize("field", ["thread", "unsubscribe", "language"])
def test_line_break_in_any_other_header_is_refused(field):
    with pytest.raises(ValueError, match=r"linefeed|carriage"):
        letter(**{field: "a@b\r\nBcc: all@example.com"})


def test_refused_recipient_is_an_error(postbox):
    with pytest.raises(OSError, match="nobody here"):
        send(letter(to="no-bob@example.com"), postbox.url)
    assert postbox.mails == []


def test_server_that_is_not_there_is_an_error(postbox):
    with pytest.raises(OSError):
        send(letter(), "smtp://127.0.0.1:1")
