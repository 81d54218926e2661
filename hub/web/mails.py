"""Messages of the outbox as mails, in the recipient's language, and the worker that sends them."""

import logging
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from flask import current_app, g, render_template, url_for

from hub.enums import MessageKind
from hub.extensions import db
from hub.i18n import in_language
from hub.integrations import mail
from hub.integrations.signing import talk_request_token, ticket_token
from hub.models import Message, TalkRequest, User
from hub.queries.settings import reader_language
from hub.queries.signups import queue_position
from hub.services.messages import claim_message, mark_failed, mark_sent
from hub.transaction import unit_of_work

log = logging.getLogger(__name__)


def write_mail(message: Message) -> EmailMessage:
    """The mail of ``message``; the first line of its template is the subject."""
    sign_up = message.sign_up
    if message.user is not None:
        return _write_note(message, message.user)
    if message.talk_request is not None:
        return _write_to_asker(message, message.talk_request)
    if sign_up is None:
        return _mail(message, message.address, message.subject, message.body)
    language = reader_language(sign_up.language)
    facts = {name: datetime.fromisoformat(value) for name, value in message.facts.items()}
    with in_language(language):
        g.lang = language
        path = url_for("signups.show", lang=language, token=ticket_token(sign_up.code))
        text = render_template(
            f"email/{message.kind.value}.txt",
            sign_up=sign_up,
            event=sign_up.event,
            text=sign_up.event.text(language),
            position=queue_position(sign_up),
            ticket_url=current_app.config["BASE_URL"] + path,
            facts=facts,
        )
    subject, _blank, body = text.partition("\n")
    return _mail(message, sign_up.contact, subject, body.lstrip("\n"))


# Where the link of a message to an account leads: endpoint, and the name of the id in it.
NOTE_PAGES: dict[MessageKind, tuple[str, str]] = {
    MessageKind.APPLICATION_RECEIVED: ("join.application", "application_id"),
    MessageKind.APPLICATION_QUESTION: ("join.application", "application_id"),
    MessageKind.APPLICATION_APPROVED: ("join.application", "application_id"),
    MessageKind.APPLICATION_DECLINED: ("join.application", "application_id"),
    MessageKind.TERM_OFFERED: ("join.appointment", "appointment_id"),
    MessageKind.TERM_SUSPENDED: ("join.appointment", "appointment_id"),
    MessageKind.TERM_RESUMED: ("join.appointment", "appointment_id"),
    MessageKind.TERM_REVOKED: ("join.appointment", "appointment_id"),
    MessageKind.TERM_ENDING: ("join.appointment", "appointment_id"),
    MessageKind.DUTY_OFFERED: ("service.duty", "duty_id"),
    MessageKind.DUTY_CONFIRMED: ("service.duty", "duty_id"),
    MessageKind.DUTY_CHANGED: ("service.duty", "duty_id"),
    MessageKind.DUTY_CANCELLED: ("service.duty", "duty_id"),
    MessageKind.DUTY_SWAPPED: ("service.duty", "duty_id"),
    MessageKind.RECORD_RETURNED: ("records.show", "record_id"),
    MessageKind.RECORD_REJECTED: ("records.show", "record_id"),
    MessageKind.RECORD_VOIDED: ("records.show", "record_id"),
    MessageKind.CERTIFICATE_ISSUED: ("certificates.show", "certificate_id"),
    MessageKind.CERTIFICATE_REVOKED: ("certificates.show", "certificate_id"),
    MessageKind.TRAINING_INVITED: ("lecturing.training", "event_id"),
    MessageKind.ASSESSMENT_ENTERED: ("lecturing.training", "event_id"),
    MessageKind.QUALIFICATION_GRANTED: ("lecturing.qualification", "qualification_id"),
    MessageKind.QUALIFICATION_SUSPENDED: ("lecturing.qualification", "qualification_id"),
    MessageKind.QUALIFICATION_RESUMED: ("lecturing.qualification", "qualification_id"),
    MessageKind.QUALIFICATION_REVOKED: ("lecturing.qualification", "qualification_id"),
    MessageKind.QUALIFICATION_ENDING: ("lecturing.qualification", "qualification_id"),
    MessageKind.TALK_LACKS_LECTURER: ("desk_talks.show", "event_id"),
}


def _write_note(message: Message, user: User) -> EmailMessage:
    language = reader_language(user.language)
    endpoint, argument = NOTE_PAGES[message.kind]
    values: dict[str, Any] = {argument: message.subject_id}
    with in_language(language):
        g.lang = language
        text = render_template(
            f"email/{message.kind.value}.txt",
            user=user,
            facts=message.facts,
            url=current_app.config["BASE_URL"] + url_for(endpoint, lang=language, **values),
        )
    subject, _blank, body = text.partition("\n")
    return _mail(message, user.email, subject, body.lstrip("\n"))


def _write_to_asker(message: Message, asked: TalkRequest) -> EmailMessage:
    """To whoever asked for a talk, without an account."""
    language = reader_language(asked.language)
    with in_language(language):
        g.lang = language
        path = url_for("talk_requests.show", lang=language, token=talk_request_token(asked.code))
        text = render_template(
            f"email/{message.kind.value}.txt",
            asked=asked,
            event=asked.event,
            url=current_app.config["BASE_URL"] + path,
        )
    subject, _blank, body = text.partition("\n")
    return _mail(message, asked.contact, subject, body.lstrip("\n"))


def _mail(message: Message, to: str, subject: str, body: str) -> EmailMessage:
    return mail.compose(
        to=to,
        sender=current_app.config["MAIL_FROM"],
        subject=subject,
        body=body,
        message_id=message.message_id,
    )


def send_due_messages() -> tuple[int, int]:
    """Send all that is due; returns how many were sent and how many failed for now.

    Each message is claimed and committed before the conversation with the server and marked
    after it, so that two workers never send the same one.
    """
    sent = failed = 0
    while True:
        with unit_of_work():
            message = claim_message()
            message_id = message.id if message is not None else None
        if message_id is None:
            return sent, failed
        error = _send(message_id)
        with unit_of_work():
            message = db.session.get(Message, message_id)
            if message is None:  # its person was deleted meanwhile (rule 18)
                continue
            if error is None:
                mark_sent(message)
                sent += 1
            else:
                mark_failed(message, error)
                failed += 1


def _send(message_id: int) -> str | None:
    """None, or in words why the server did not take it."""
    try:
        message = db.session.get(Message, message_id)
        if message is None:
            return None
        written = write_mail(message)
        db.session.rollback()  # no transaction stays open while the server thinks
        mail.send(written, current_app.config["SMTP_URL"])
    except Exception as error:  # one bad message must not stop all others
        log.warning("message %s not sent: %s", message_id, type(error).__name__)
        return f"{type(error).__name__}: {error}"
    return None
