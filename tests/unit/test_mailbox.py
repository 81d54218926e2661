"""What comes back by mail: refusals (RFC 3464) and answers from calendars (RFC 5546)."""

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from email.message import EmailMessage
from mailbox import Maildir
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.enums import AssignmentStatus, MessageKind, MessageState
from hub.extensions import db
from hub.integrations.ical_replies import Reply, read_reply
from hub.integrations.mailbox import Bounce, parse_mail, read_bounce, read_new
from hub.models import Assignment, Message
from hub.services.assignments import offer_duty
from hub.services.outbox import claim_message, mark_sent
from hub.transaction import unit_of_work
from hub.web.inbox import read_mailbox, take_in
from tests.factories import make_sign_up, make_user
from tests.service_factories import make_assignment, make_assistant, make_duty

S = AssignmentStatus


def report(message_id: str, *, action="failed", status="5.1.1", whole=False, more="") -> bytes:
    """A report as Postfix writes it, with the headers of our mail or the whole of it."""
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    text = f"""\
From: MAILER-DAEMON@mx.example.com (Mail Delivery System)
To: linqiao@linqiao.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
Arrival-Date: Mon, 23 Nov 2026 12:00:00 +0800

Final-Recipient: rfc822; bob@example.com
Original-Recipient: rfc822;bob@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user here

--cut
Content-Type: {kind}

From: linqiao@linqiao.example
To: bob@example.com
Subject: Your place
Message-ID: <{message_id}>
{more}

--cut--
"""
    return text.replace("\n", "\r\n").encode()


def answer(uid: str, partstat: str, *, sender="ben@example.com", attendee="", sequence=0) -> bytes:
    """A reply as Outlook and Google send it: the same object as a part and as a file."""
    attendee = attendee or sender
    calendar = "\r\n".join(
        [
            "BEGIN:VCALENDAR", "PRODID:-//Google Inc//Google Calendar//EN", "VERSION:2.0",
            "METHOD:REPLY", "BEGIN:VEVENT", "DTSTART:20261124T040000Z", "DTEND:20261124T060000Z",
            "DTSTAMP:20261123T050000Z", "ORGANIZER:mailto:linqiao@linqiao.example", f"UID:{uid}",
            f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN=Ben:",
            f" mailto:{attendee}", f"SEQUENCE:{sequence}", "STATUS:CONFIRMED",
            "SUMMARY:Translation desk", "END:VEVENT", "END:VCALENDAR", "",
        ]
    )  # fmt: skip
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Ben <{sender}>", "linqiao@linqiao.example"
    mail["Subject"] = f"{partstat}: Translation desk"
    mail.set_content("Ben has answered this invitation.")
    mail.add_alternative(calendar, subtype="calendar", params={"method": "REPLY"})
    mail.add_attachment(calendar.encode(), "application", "ics", filename="invite.ics")
    return mail.as_bytes()


# --- refusals ------------------------------------------------------------------------------


@pytest.mark.parametrize("whole", [False, True])
def test_refusal_names_our_mail_and_the_reason(whole):
    found = read_bounce(parse_mail(report("7@hub.test", whole=whole)))
    assert found == Bounce("7@hub.test", "5.1.1 550 5.1.1 no such user here")


@pytest.mark.parametrize(
    "raw",
    [
        report("7@hub.test", action="delayed", status="4.4.1"),
        report("7@hub.test", action="failed", status="4.2.2"),
        report("7@hub.test", action="delivered", status="2.0.0"),
        report("").replace(b"Message-ID: <>", b"X: y"),
        b"Subject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n\r\nnothing",
        b"",
        bytes(range(256)) * 20,
    ],
)
def test_what_is_no_refusal_for_good_is_ignored(raw):
    assert read_bounce(parse_mail(raw)) is None
    take_in(raw)


@pytest.fixture
def sent(event) -> Message:
    """A mail that has left."""
    make_sign_up(event)
    with unit_of_work():
        message = claim_message()
        mark_sent(message)
    return db.session.get_one(Message, message.id)


def test_mail_that_came_back_is_shown_as_such_once(sent):
    for _ in range(2):
        take_in(report(sent.message_id))
    assert (sent.state, sent.last_error) == (
        MessageState.BOUNCED,
        "5.1.1 550 5.1.1 no such user here",
    )


def test_refusal_of_somebody_elses_mail_is_ignored(sent):
    take_in(report("another@host.example"))
    assert sent.state is MessageState.SENT


# --- answers from calendars ----------------------------------------------------------------


@pytest.fixture
def ben(community):
    return make_assistant("ben", community)


@pytest.fixture
def offered(venue, alice, ben) -> Assignment:
    duty = make_duty(venue, alice)
    with unit_of_work():
        made = offer_duty(duty.id, ben.id, by=alice, override_reason="He asked me.")
    return db.session.get_one(Assignment, made.id)


def test_reply_is_read():
    mail = parse_mail(answer("u@x", "ACCEPTED", sequence=3))
    part = next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
    assert read_reply(part.get_payload(decode=True)) == Reply(
        "u@x", "ben@example.com", "ACCEPTED", 3
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"METHOD:REPLY", b"METHOD:REQUEST"),
        (b"METHOD:REPLY", b"X-A:b"),
        (b"PARTSTAT=ACCEPTED", b"PARTSTAT=TENTATIVE"),
        (b"PARTSTAT=ACCEPTED", b"X-A=B"),
        (b"BEGIN:VEVENT", b"BEGIN:VTODO"),
        (b"SEQUENCE:0", b"SEQUENCE:many"),
        (b"END:VCALENDAR", b""),
        (b"SUMMARY:", b"ATTENDEE:mailto:second@example.com\r\nSUMMARY:"),
    ],
)
def test_what_is_neither_yes_nor_no_is_no_reply(old, new):
    mail = parse_mail(answer("u@x", "ACCEPTED"))
    part = next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
    whole = part.get_payload(decode=True)
    assert old in whole and read_reply(whole) is not None
    assert read_reply(whole.replace(old, new)) is None


def test_rule_07_yes_in_the_calendar_accepts_the_offer(offered, ben):
    take_in(answer(offered.uid, "ACCEPTED", sender=ben.email.upper()))
    assert (offered.status, offered.accepted_at is not None) == (S.CONFIRMED, True)
    take_in(answer(offered.uid, "ACCEPTED", sender=ben.email))
    assert offered.status is S.CONFIRMED


def test_no_in_the_calendar_declines_the_offer(offered, ben):
    take_in(answer(offered.uid, "DECLINED", sender=ben.email))
    assert (offered.status, offered.end_reason) == (S.DECLINED, "Declined in the calendar.")


def test_no_in_the_calendar_gives_a_duty_back(venue, alice, ben):
    there = make_assignment(make_duty(venue, alice), ben)
    for _ in range(2):
        take_in(answer(there.uid, "DECLINED", sender=ben.email))
    there = db.session.get_one(Assignment, there.id)
    assert (there.status, there.released_late) == (S.RELEASED, True)
    assert there.end_reason == "Declined in the calendar."


def test_address_of_the_attendee_or_of_the_sender_must_be_the_accounts(offered, ben, caplog):
    take_in(answer(offered.uid, "ACCEPTED", sender="eve@example.com"))
    assert offered.status is S.OFFERED
    assert "refused: NotAllowed" in caplog.text
    assert "eve" not in caplog.text
    take_in(answer(offered.uid, "ACCEPTED", sender="phone@example.com", attendee=ben.email))
    assert offered.status is S.CONFIRMED


def test_yes_to_an_older_version_is_none(offered, ben):
    with unit_of_work():
        offered.sequence = 2
    take_in(answer(offered.uid, "ACCEPTED", sender=ben.email, sequence=1))
    assert db.session.get_one(Assignment, offered.id).status is S.OFFERED


def test_rule_09_yes_that_a_rule_refuses_changes_nothing(offered, ben, venue, alice):
    make_assignment(make_duty(venue, alice), ben)  # at the same time
    take_in(answer(offered.uid, "ACCEPTED", sender=ben.email))
    assert offered.status is S.OFFERED


def test_answer_about_nothing_of_ours_is_ignored(offered, ben):
    take_in(answer("unknown@elsewhere.example", "ACCEPTED", sender=ben.email))
    assert offered.status is S.OFFERED


# --- the mailbox ----------------------------------------------------------------------------


Deliver = Callable[[bytes], object]


@pytest.fixture
def folder(tmp_path) -> tuple[str, Deliver]:
    box = Maildir(tmp_path / "in", create=True)
    return f"maildir://{tmp_path}/in", box.add


@pytest.fixture
def imap(loopback, tmp_path) -> Iterator[tuple[str, Deliver]]:
    """pymap, a whole IMAP server, on this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(Path(sys.executable).with_name("pymap")), "--host", "127.0.0.1", "--port", str(port),
        "--no-tls", "dict", "--demo-data", "--demo-user", "hub", "--demo-password", "p@ss word",
    ]  # fmt: skip
    server = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        with _connected(port) as connection:
            connection.login("hub", "p@ss word")
            connection.select("INBOX")
            connection.store("1:*", "+FLAGS", r"(\Seen)")
            yield (
                f"imap://hub:p%40ss%20word@127.0.0.1:{port}/INBOX",
                lambda raw: connection.append("INBOX", None, None, raw),
            )
    finally:
        server.kill()
        server.wait()


def _connected(port: int) -> imaplib.IMAP4:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with suppress(OSError):
            return imaplib.IMAP4("127.0.0.1", port)
        time.sleep(0.1)
    raise TimeoutError


@pytest.mark.parametrize("kind", ["folder", "imap"])
def test_each_mail_of_the_mailbox_is_read_once(kind, request, loopback, sent, offered, ben):
    url, deliver = request.getfixturevalue(kind)
    for raw in (
        report(sent.message_id),
        b"Subject: hello\r\n\r\nThank you!\r\n",
        answer(offered.uid, "ACCEPTED", sender=ben.email),
    ):
        deliver(raw)
    assert read_mailbox(url) == 3
    assert sent.state is MessageState.BOUNCED
    assert offered.status is S.CONFIRMED
    assert read_mailbox(url) == 0
    deliver(b"Subject: again\r\n\r\nThank you!\r\n")
    assert read_mailbox(url) == 1


@pytest.mark.parametrize("kind", ["folder", "imap"])
def test_mail_that_was_in_hand_at_a_crash_is_read_again(kind, request, loopback, sent):
    url, deliver = request.getfixturevalue(kind)
    deliver(report(sent.message_id))

    def crash(raw: bytes) -> None:
        take_in(raw)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_new(url, crash)
    assert read_mailbox(url) == 1
    assert sent.state is MessageState.BOUNCED
    assert read_mailbox(url) == 0


def test_mailbox_that_cannot_be_opened_is_an_error(imap, loopback):
    url, _deliver = imap
    with pytest.raises(imaplib.IMAP4.error):
        read_new(url.replace("p%40ss", "wrong"), take_in)
    with pytest.raises(imaplib.IMAP4.error):
        read_new(url.replace("INBOX", "Nowhere"), take_in)
    with pytest.raises(OSError):
        read_new("imap://hub:x@127.0.0.1:1/INBOX", take_in)


def test_nobody_is_told_twice_of_an_answer(offered, ben):
    take_in(answer(offered.uid, "DECLINED", sender=ben.email))
    kinds = set(db.session.scalars(select(Message.kind)))
    assert kinds <= {MessageKind.DUTY_OFFERED, MessageKind.DUTY_RELEASED}
    assert make_user().email != ben.email
