"""The worker as a real process against a real mail server: killed, hanging, refused, alone."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from mailbox import Maildir
from pathlib import Path
from urllib.request import urlopen

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select, update

from hub import clock
from hub.enums import MessageKind, MessageState
from hub.extensions import db
from hub.integrations import mail
from hub.models import Event, Heartbeat, Message, SignUp
from hub.services.signups import cancel_sign_up
from hub.transaction import unit_of_work
from hub.web.worker import Worker
from tests import databases
from tests.factories import make_event, make_sign_up

ROOT = Path(__file__).resolve().parents[2]
WORKER = [sys.executable, "-m", "flask", "--app", "hub", "hub", "worker"]
WAIT = 90.0


class Server:
    """Takes mails; holds the one to ``hold`` in its hands; refuses as ``refusals`` says."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.hold = ""
        self.held = threading.Event()
        self.refusals: dict[str, str] = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.hold in envelope.rcpt_tos:
            self.held.set()
            await asyncio.sleep(600)  # until the worker is gone
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def server(loopback) -> Iterator[Server]:
    memory = Server()
    controller = Controller(memory, hostname="127.0.0.1", port=free_port())
    controller.start()
    memory.url = f"smtp://127.0.0.1:{controller.port}"
    yield memory
    controller.stop()


@pytest.fixture
def real_time(db_session) -> Iterator[None]:
    """A worker of its own process believes its own clock; so does the test."""
    with clock.fixed_at(datetime.now(UTC)):
        yield


@pytest.fixture
def site(real_time, database_url, tmp_path) -> dict[str, str]:
    """The settings of the processes."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HUB_DATABASE_URL": database_url,
        "HUB_SECRET_KEY": databases.SECRET_KEY,
        "HUB_BASE_URL": databases.BASE_URL,
        "HUB_SMTP_URL": f"maildir://{tmp_path}/out",
    }


@contextmanager
def running(command: list[str], settings: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A process with its output as text; killed with all that it began, whatever happens: what
    outlives it would hold the pipe open for ever."""
    process = subprocess.Popen(
        command, env=settings, cwd=ROOT, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def wait_for(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + WAIT
    while not what():
        assert time.monotonic() < deadline, "it did not happen"
        db.session.rollback()
        time.sleep(0.1)


def states() -> Counter[MessageState]:
    db.session.rollback()
    return Counter(db.session.scalars(select(Message.state)))


def make_due(*, minutes: int = 1) -> None:
    with unit_of_work():
        past = clock.now() - timedelta(minutes=minutes)
        db.session.execute(update(Message).values(due_at=past))


def queue(number: int) -> Event:
    event = make_event(capacity=100)
    for _ in range(number):
        make_sign_up(event)
    make_due()
    return event


def run_once(settings: dict[str, str]) -> str:
    done = subprocess.run(
        [*WORKER, "--once"], env=settings, cwd=ROOT, text=True, timeout=WAIT, check=True,
        capture_output=True,
    )  # fmt: skip
    return done.stdout + done.stderr


def test_rule_23_killed_worker_neither_loses_nor_doubles(site, server):
    """Killed while the server holds a mail and has not taken it; a second worker takes over."""
    event = queue(12)
    people = [s.contact for s in db.session.scalars(select(SignUp).order_by(SignUp.id))]
    server.hold = people[5]
    site["HUB_SMTP_URL"] = server.url
    with running(WORKER, site) as first:
        assert server.held.wait(WAIT)
        first.send_signal(signal.SIGKILL)
        first.wait(WAIT)
    server.hold = ""
    assert states() == {
        MessageState.SENT: 5,
        MessageState.SENDING: 1,
        MessageState.QUEUED: 6,
    }
    run_once(site)
    assert states() == {MessageState.SENT: 11, MessageState.SENDING: 1}  # it may still be at it
    make_due()  # ten minutes pass
    run_once(site)
    assert states() == {MessageState.SENT: 12}
    run_once(site)
    taken = Counter(mail["Message-ID"] for mail in server.mails)
    known = {f"<{m}>" for m in db.session.scalars(select(Message.message_id))}
    assert set(taken) == known and set(taken.values()) == {1}
    assert sorted(mail["To"] for mail in server.mails) == sorted(people)
    assert event.seats_taken == 12


def test_worker_stops_after_the_mail_in_hand(site, server):
    queue(3)
    site["HUB_SMTP_URL"] = server.url
    with running(WORKER, site) as worker:
        wait_for(lambda: states()[MessageState.SENT] == 3)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(WAIT) == 0
    assert db.session.get_one(Heartbeat, "worker").seen_at >= clock.now()


def test_address_that_is_refused_for_good_has_bounced_others_wait(site, server):
    event = make_event()
    for name in ("gone", "full", "policy", "well"):
        make_sign_up(event, contact=f"{name}@example.com")
    make_due()
    server.refusals = {
        "gone@example.com": "550 5.1.1 no such user",
        "full@example.com": "452 4.2.2 mailbox full",
        "policy@example.com": "550 5.7.1 not from you",
    }
    site["HUB_SMTP_URL"] = server.url
    run_once(site)
    found = {m.sign_up.contact.split("@")[0]: m for m in db.session.scalars(select(Message))}
    assert {name: message.state for name, message in found.items()} == {
        "gone": MessageState.BOUNCED,
        "full": MessageState.QUEUED,
        "policy": MessageState.QUEUED,
        "well": MessageState.SENT,
    }
    assert found["gone"].last_error == "550 5.1.1 no such user"
    assert "452" in found["full"].last_error


@pytest.fixture
def silent_port(loopback) -> Iterator[int]:
    """A server that lets one in and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        yield deaf.getsockname()[1]


def test_server_that_hangs_loses_nothing(site, silent_port, monkeypatch, app):
    """In this process, with little patience: waiting twenty seconds would teach no more."""
    queue(3)
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.5)
    monkeypatch.setitem(app.config, "SMTP_URL", f"smtp://127.0.0.1:{silent_port}")
    said: list[str] = []
    worker = Worker(app, said.append)
    with app.test_request_context():
        worker.round()
        worker.round()  # the server is left alone for a minute
    (words,) = said
    assert "does not answer" in words and "timed out" in words
    assert states() == {MessageState.QUEUED: 3}
    monkeypatch.setitem(app.config, "SMTP_URL", site["HUB_SMTP_URL"])
    make_due()
    with app.test_request_context():
        Worker(app, said.append).round()
    assert states() == {MessageState.SENT: 3}


def test_fault_in_one_part_stops_no_other(site, app, monkeypatch, caplog):
    """The mailbox cannot be opened, one mail cannot be written: the rest goes its way."""
    event = queue(2)
    make_sign_up(event)
    with unit_of_work():
        broken = db.session.scalars(select(Message).order_by(Message.id)).first()
        broken.kind = MessageKind.EVENT_CHANGED
        broken.facts = {"old_start": "bob@example.com is no time", "old_end": ""}
    make_due()
    monkeypatch.setitem(app.config, "SMTP_URL", site["HUB_SMTP_URL"])
    monkeypatch.setitem(app.config, "MAILBOX_URL", "imap://bob%40example.com:x@127.0.0.1:1/INBOX")
    said: list[str] = []
    with app.test_request_context():
        Worker(app, said.append).round()
    assert said == ["2 sent, 1 not taken"]
    assert states() == {MessageState.SENT: 2, MessageState.QUEUED: 1}
    assert "ValueError at" in caplog.text and "worker, mailbox: " in caplog.text
    assert "bob" not in caplog.text


def test_without_a_server_mails_wait_and_the_worker_says_so_once(site):
    queue(2)
    site["HUB_SMTP_URL"] = ""
    said = run_once(site)
    assert said.count("HUB_SMTP_URL is not set") == 1
    assert states() == {MessageState.QUEUED: 2}
    assert db.session.scalars(select(Heartbeat.seen_at)).one() >= clock.now()


def test_rule_23_what_is_not_true_any_more_does_not_leave(site, tmp_path):
    event = make_event()
    booked = make_sign_up(event)
    with unit_of_work():
        cancel_sign_up(booked.id)
    make_due()
    run_once(site)
    assert states() == {MessageState.DROPPED: 1, MessageState.SENT: 1}
    (left,) = Maildir(tmp_path / "out")
    assert "confirmed" not in left["Subject"].lower()


def test_one_command_serves_and_sends_and_both_end_together(site, tmp_path, loopback):
    port = free_port()
    queue(2)
    command = [*WORKER[:-1], "serve", "--port", str(port), "--workers", "1"]
    with running(command, site) as parent:
        wait_for(lambda: states()[MessageState.SENT] == 2)
        wait_for(lambda: _answers(port))
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            ready = json.load(answer)
        assert ready == {"database": "ok", "mail": "ok"}
        children = _children(parent.pid)
        assert len(children) == 2
        helper = next(pid for pid in children if b"worker" in _command(pid).split(b"\0"))
        os.kill(helper, signal.SIGKILL)  # it is started again
        wait_for(lambda: len(_children(parent.pid) - {helper}) == 2)
        last = _children(parent.pid)
        parent.send_signal(signal.SIGTERM)
        assert parent.wait(WAIT) == 0
    assert [pid for pid in last if Path(f"/proc/{pid}").exists()] == []
    assert len(Maildir(tmp_path / "out")) == 2


def test_site_can_be_served_without_a_worker(site, loopback):
    port = free_port()
    command = [*WORKER[:-1], "serve", "--port", str(port), "--workers", "1", "--no-worker"]
    with running(command, site) as parent:
        wait_for(lambda: _answers(port))
        assert len(_children(parent.pid)) == 1
        parent.send_signal(signal.SIGINT)
        assert parent.wait(WAIT) == 0


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status == 200
    except OSError:  # not there yet, or too busy to answer in time
        return False


def _children(pid: int) -> set[int]:
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()
