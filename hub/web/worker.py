"""The worker: queues what is due by the clock, sends what waits, reads what comes back.

Any number of them may run beside the site; docs/operations.md says how. What fails in one part
stops no other, and the log names the fault and its place but no person.
"""

import logging
import signal
import time
import traceback
from collections.abc import Callable
from types import FrameType

from flask import Flask, current_app
from sqlalchemy.exc import IntegrityError

from hub.extensions import db
from hub.integrations import mail, sms
from hub.models import Message
from hub.queries.still_true import still_true
from hub.services import outbox
from hub.services.digests import queue_digests
from hub.services.reminders import due_starts, queue_batch
from hub.services.suggestion_clock import ask_if_done, escalate_overdue
from hub.services.survey_mails import events_to_ask, queue_surveys
from hub.services.surveys import events_with_a_rest, show_rest
from hub.transaction import unit_of_work
from hub.web.inbox import read_mailbox
from hub.web.mails import NothingToSay, write_mail
from hub.web.texts import deliver_text, goes_by_text

log = logging.getLogger(__name__)

# Nobody was there to take it: that is not the message's fault.
AWAY = (mail.ServerAway, sms.SmsAway)
POLL_SECONDS = 2
BEAT_SECONDS = 20
QUEUE_SECONDS = 60
SURVEY_SECONDS = 3600
AWAY_SECONDS = 60
MAILBOX_SECONDS = 300


class Worker:
    """One process that looks after the outbox until ``stop``. ``say`` tells whoever started it."""

    def __init__(self, app: Flask, say: Callable[[str], object] = log.info) -> None:
        self.app = app
        self.say = say
        self.stopped = False
        self._next: dict[str, float] = {}

    def stop(self, *_signal: int | FrameType | None) -> None:
        """Go after the mail in hand."""
        self.stopped = True

    def run(self, *, once: bool = False) -> None:
        """Go round until told to stop by SIGTERM or SIGINT; ``once``: one round."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        if not self.app.config["SMTP_URL"]:
            self.say("HUB_SMTP_URL is not set: mails wait in the outbox.")
        while not self.stopped:
            with self.app.test_request_context(base_url=self.app.config["BASE_URL"]):
                self.round()
                db.session.remove()
            if once:
                return
            time.sleep(POLL_SECONDS)

    def round(self) -> None:
        """Everything whose time has come, each part by itself."""
        self.beat()
        if self._is_time("queue", QUEUE_SECONDS):
            self._try("reminders", queue_reminders)
            self._try("digests", _queue_digests)
            self._try("suggestions", run_suggestion_clock)
            self._try("surveys", _queue_surveys)
        if self._is_time("surveys", SURVEY_SECONDS):
            self._try("rests", _show_rests)
        if self.app.config["SMTP_URL"] and self._is_time("mails", 0):
            self._try("mails", self._send)
        if self.app.config["MAILBOX_URL"] and self._is_time("mailbox", MAILBOX_SECONDS):
            self._try("mailbox", lambda: read_mailbox(self.app.config["MAILBOX_URL"]))

    def beat(self) -> None:
        if self._is_time("beat", BEAT_SECONDS):
            self._try("heartbeat", _beat)

    def _send(self) -> None:
        try:
            sent, failed = send_due_messages(self._goes_on)
        except mail.ServerAway as error:
            self._next["mails"] = time.monotonic() + AWAY_SECONDS
            self.say(f"The mail server does not answer ({error}): mails wait.")
            return
        if sent or failed:
            self.say(f"{sent} sent, {failed} not taken")

    def _goes_on(self) -> bool:
        self.beat()
        return not self.stopped

    def _is_time(self, name: str, seconds: float) -> bool:
        """Whether the part is due; it then is again after so many seconds."""
        moment = time.monotonic()
        if moment < self._next.get(name, moment):
            return False
        self._next[name] = moment + seconds
        return True

    def _try(self, name: str, act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:
            log.warning("worker, %s: %s", name, fault(error))
            db.session.rollback()


def fault(error: Exception) -> str:
    """What went wrong and where, without its words: they may name people."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {place.filename}:{place.lineno}"


def queue_reminders() -> int:
    """Queue the reminders whose time has come; returns how many people were looked at.

    Two workers may see the same ones: the database takes each once (``Message.once``), and the
    slower worker finds them there in its next round.
    """
    seen = 0
    for due in due_starts():
        last: int | None = 0
        while last is not None:
            try:
                with unit_of_work():
                    number, last = queue_batch(due, after=last)
                    seen += number
            except IntegrityError:
                break
    return seen


def _queue_surveys() -> None:
    """Queue the questions about what is over; two workers at once are as one, as above."""
    for event_id in events_to_ask():
        last: int | None = 0
        while last is not None:
            try:
                with unit_of_work():
                    last = queue_surveys(event_id, after=last)
            except IntegrityError:
                break


def _show_rests() -> None:
    for event_id in events_with_a_rest():
        with unit_of_work():
            show_rest(event_id)


def _queue_digests() -> None:
    try:
        with unit_of_work():
            queue_digests()
    except IntegrityError:  # another worker was at it
        log.debug("the digests are queued already")


def run_suggestion_clock() -> None:
    """Escalate what is overdue; ask after four weeks whether what is done is done."""
    for act in (escalate_overdue, ask_if_done):
        try:
            with unit_of_work():
                act()
        except IntegrityError:  # another worker was at it
            log.debug("the suggestions are looked after already")


def _beat() -> None:
    try:
        with unit_of_work():
            outbox.beat()
    except IntegrityError:  # another worker beat for the first time ever at this moment
        log.debug("two workers began at once")


def send_due_messages(goes_on: Callable[[], bool] = lambda: True) -> tuple[int, int]:
    """Send all that is due; returns how many were sent, and how many were not taken.

    Each message is claimed and committed before the conversation with the server and marked
    after it, so that two workers never send the same one. ``goes_on`` is asked between two.
    Raises mail.ServerAway when there is nobody to talk to.
    """
    sent = failed = 0
    while goes_on():
        with unit_of_work():
            message = outbox.claim_message()
            claim = (message.id, message.attempts) if message is not None else None
        if claim is None:
            break
        error = _send(claim[0])
        with unit_of_work():
            marked = _mark(*claim, error)
        if isinstance(error, mail.ServerAway):
            raise error
        sent += marked and error is None
        failed += marked and error is not None and not isinstance(error, Untrue)
    return sent, failed


class Untrue(Exception):
    """What the message tells of is not so any more."""


def _send(message_id: int) -> Exception | None:
    """None, or why it did not leave."""
    try:
        message = db.session.get(Message, message_id)
        if message is None:
            return None
        if not still_true(message):
            return Untrue()
        if goes_by_text(message):
            deliver_text(message)
            return None
        written = write_mail(message)
        db.session.rollback()  # no transaction stays open while the server thinks
        mail.send(written, current_app.config["SMTP_URL"])
    except NothingToSay:
        return Untrue()
    except Exception as error:  # one bad message must not stop all others
        log.warning("message %s not sent: %s", message_id, fault(error))
        return error
    return None


def _mark(message_id: int, attempt: int, error: Exception | None) -> bool:
    """Note what came of that attempt; False if it is nobody's business any more."""
    message = db.session.get(Message, message_id)
    if message is None:  # its person was deleted meanwhile (rule 18)
        return False
    if error is None:
        outbox.mark_sent(message)
    elif message.attempts != attempt:  # we took so long that another worker has it in hand
        return False
    elif isinstance(error, Untrue):
        outbox.mark_dropped(message)
    elif isinstance(error, mail.AddressRefused):
        outbox.mark_bounced(message.message_id, str(error))
    else:
        words = f"{type(error).__name__}: {error}"
        outbox.mark_failed(message, words, give_up=not isinstance(error, AWAY))
    return True
