"""Lines of the log of messages: what, to whom, about what, and how far it came."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from hub import clock
from hub.enums import MessageKind, MessageState
from hub.i18n import _
from hub.models import Message
from hub.models.suggestion import suggestion_number
from hub.policies import why_not_send_again
from hub.queries.message_log import Readers, readers_of
from hub.web.message_words import kind_words, trouble_words
from hub.web.suggestion_mails import TO_STAFF

TROUBLE = (MessageState.FAILED, MessageState.BOUNCED)
# The colour of each state (components/state_badge.html).
BADGES = {
    MessageState.QUEUED: "waiting",
    MessageState.SENDING: "waiting",
    MessageState.SENT: "confirmed",
    MessageState.FAILED: "cancelled",
    MessageState.BOUNCED: "cancelled",
    MessageState.DROPPED: "withdrawn",
}


@dataclass(frozen=True, slots=True)
class LogLine:
    """``contact`` is masked; ``about`` is the thing, ``url`` its page at the desk if it has one."""

    id: int
    what: str
    name: str
    contact: str
    about: str
    url: str
    badge: str
    state: str
    queued: datetime
    sent: datetime | None
    attempts: int
    trouble: str
    why_not_again: str
    failed: bool


def log_lines(messages: list[Message]) -> list[LogLine]:
    readers, words, now = readers_of(messages), kind_words(), clock.now()
    lines = []
    for message in messages:
        name, contact = _reader(message, readers)
        about, url = _thing(message, readers)
        failed = message.state in TROUBLE
        lines.append(
            LogLine(
                id=message.id,
                what=words[message.kind],
                name=name,
                contact=masked(contact),
                about=about,
                url=url,
                badge=BADGES[message.state],
                state=str(message.state.label),
                queued=message.created_at,
                sent=message.sent_at,
                attempts=message.attempts,
                trouble=trouble_words(message.last_error) if failed or message.last_error else "",
                why_not_again=str(why_not_send_again(message, now) or "") if failed else "",
                failed=failed,
            )
        )
    return lines


def masked(contact: str) -> str:
    """Enough to recognise an address or a number by, and not enough to use it."""
    name, at, domain = contact.rpartition("@")
    if at:
        return f"{name[:1]}•••@{domain}"
    return f"•••{contact[-3:]}" if contact else ""


def _reader(message: Message, readers: Readers) -> tuple[str, str]:
    if message.sign_up is not None:
        return message.sign_up.name, message.sign_up.contact
    if message.user_id is not None:
        return readers.users.get(message.user_id, ("", ""))
    if message.talk_request_id is not None:
        return readers.askers.get(message.talk_request_id, ("", ""))
    if message.suggestion_id is not None:
        return readers.submitters.get(message.suggestion_id, ("", ""))
    if message.backer_id is not None:
        return readers.backers.get(message.backer_id, ("", ""))
    return "", message.address


def _thing(message: Message, readers: Readers) -> tuple[str, str]:
    """Words and address of what it is about. Of an account no more is said."""
    if message.sign_up is not None:
        event = message.sign_up.event
        return event.text().title, url_for("desk_signups.index", event_id=event.id)
    if message.talk_request_id is not None:
        number = message.talk_request_id
        return _("Request %(number)s", number=number), url_for(
            "desk_talk_requests.show", request_id=number
        )
    suggestion_id = message.suggestion_id or readers.backed.get(message.backer_id or 0)
    if suggestion_id is not None:
        return _suggestion(suggestion_id)
    if message.kind is MessageKind.ACCOUNT:
        return _("About an account"), ""
    return _of_account(message)


def _suggestion(suggestion_id: int) -> tuple[str, str]:
    number = suggestion_number(suggestion_id)
    said = _("%(thing)s %(number)s", thing=_("Suggestion"), number=number)
    return said, url_for("desk_suggestions.show", suggestion_id=suggestion_id)


def _of_account(message: Message) -> tuple[str, str]:
    number = message.subject_id or 0
    if number and message.kind in TO_STAFF:
        return _suggestion(number)
    for beginning, label, endpoint, argument in (
        ("application_", _("Application"), "desk_applications.show", "application_id"),
        ("term_", _("Appointment"), "desk_appointments.show", "appointment_id"),
        ("duty_", _("Duty"), "desk_duties.show", "duty_id"),
        ("record_", _("Service record"), "desk_records.show", "record_id"),
        ("certificate_", _("Certificate"), "desk_certificates.show", "certificate_id"),
        ("training_", _("Training"), "desk_trainings.show", "event_id"),
        ("assessment_", _("Training"), "desk_trainings.show", "event_id"),
        ("qualification_", _("Qualification"), "desk_qualifications.show", "qualification_id"),
        ("talk_lacks", _("Law talk"), "desk_talks.show", "event_id"),
    ):
        if number and message.kind.value.startswith(beginning):
            values: dict[str, Any] = {argument: number}
            said = _("%(thing)s %(number)s", thing=label, number=number)
            return said, url_for(endpoint, **values)
    return "", ""
