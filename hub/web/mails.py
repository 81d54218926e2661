"""Messages of the outbox as mails, in the recipient's language. hub/web/worker.py sends them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from flask import current_app, g, render_template, url_for
from sqlalchemy import select

from hub.enums import MessageKind
from hub.extensions import db
from hub.i18n import LANGUAGES, in_language
from hub.integrations import mail
from hub.integrations.signing import survey_token, talk_request_token, ticket_token
from hub.models import Message, User
from hub.policies.surveys import survey_closes
from hub.queries.digest import digest_of
from hub.queries.settings import reader_language
from hub.queries.signups import queue_position
from hub.web.mail_calendar import calendar_part, invites
from hub.web.mail_html import html_of
from hub.web.mail_links import cannot_come_url, unsubscribe_url
from hub.web.suggestion_mails import (
    TO_STAFF,
    note_values,
    suggestion_of,
    suggestion_reader,
    suggestion_values,
)

LINK = re.compile(r"https?://\S+")
GAPS = re.compile(r"\n{3,}")
# Links that open something by themselves: whoever looks at a mail of others must not get them.
PRIVATE_LINKS = (
    *("ticket_url", "request_url", "suggestion_url", "backing_url", "survey_url"),
    *("cannot_come_url", "unsubscribe_url"),
)

# Where the link of a message to an account leads: endpoint, and the name of the id in it, if any.
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
    MessageKind.DUTY_REMINDER_DAY: ("service.duty", "duty_id"),
    MessageKind.DUTY_REMINDER_HOURS: ("service.duty", "duty_id"),
    MessageKind.DUTY_ACCEPTED: ("service.duty", "duty_id"),
    MessageKind.DUTY_RELEASED: ("service.duty", "duty_id"),
    MessageKind.RECORDS_APPROVED: ("records.index", ""),
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
    MessageKind.DIGEST: ("desk.today", ""),
    **dict.fromkeys(TO_STAFF, ("desk_suggestions.show", "suggestion_id")),
}


class NothingToSay(LookupError):
    """Who or what the message is about is gone: there is no mail to write, now or later."""


def write_mail(
    message: Message, language: str | None = None, preview: bool = False
) -> EmailMessage:
    """The mail of ``message``, in its reader’s language, or in ``language`` for staff to look at.

    The first line of its template is the subject, the rest its text; the HTML is made of that.
    For a ``preview`` links that open something without a log-in lead nowhere. Words that were
    noted with a message when it was queued stay in the language they had then. Writes nothing.

    Raises NothingToSay.
    """
    address, wanted = _reader(message)
    code = language or reader_language(wanted)
    with _writing_in(code):
        subject, body = _words(message, code, preview)
        return mail.compose(
            to=address,
            sender=current_app.config["MAIL_FROM"],
            subject=subject,
            body=body,
            html=html_of(subject, body),
            message_id=message.message_id or f"preview@{current_app.config['UID_DOMAIN']}",
            language=LANGUAGES[code].tag,
            thread=_thread(message),
            unsubscribe="" if preview else unsubscribe_url(message) or "",
            calendar=calendar_part(message),
        )


def _reader(message: Message) -> tuple[str, str]:
    """The address and the language of whom it goes to."""
    if (reached := suggestion_reader(message)) is not None:
        if not reached[0]:
            raise NothingToSay
        return reached
    for person, address in (
        (message.user, message.user and message.user.email),
        (message.talk_request, message.talk_request and message.talk_request.contact),
        (message.sign_up, message.sign_up and message.sign_up.contact),
    ):
        if person is not None:
            if person.erased_at is not None or not address:
                raise NothingToSay
            return address, person.language
    if not message.address:
        raise NothingToSay
    known = select(User.language).where(User.email == message.address)
    return message.address, db.session.scalar(known) or ""


@contextmanager
def _writing_in(code: str) -> Iterator[None]:
    """Texts, dates and addresses of pages are those of ``code`` inside the block."""
    before = g.get("lang")
    g.lang = code
    try:
        with in_language(code):
            yield
    finally:
        g.lang = before


def _words(message: Message, code: str, preview: bool) -> tuple[str, str]:
    """Subject and text. Account mails were written when they were queued."""
    nowhere = absolute_url("signups.show", token="preview")  # noqa: S106
    if message.kind is MessageKind.ACCOUNT:
        body = LINK.sub(nowhere, message.body) if preview else message.body
        return message.subject, body
    values = _values(message, code) | _links(message)
    if preview:
        values |= {name: nowhere for name in PRIVATE_LINKS if values.get(name)}
    text = render_template(f"email/{message.kind.value}.txt", **values)
    subject, _blank, body = text.partition("\n")
    return subject, GAPS.sub("\n\n", body.strip("\n")) + "\n"


def _values(message: Message, code: str) -> dict[str, Any]:
    """What the template of its kind speaks of."""
    facts = message.facts or {}
    if (user := message.user) is not None:
        endpoint, argument = NOTE_PAGES[message.kind]
        values = {argument: message.subject_id} if argument else {}
        digest = digest_of(user) if message.kind is MessageKind.DIGEST else None
        url = absolute_url(endpoint, **values)
        noted = {"user": user, "facts": facts, "url": url, "digest": digest}
        return noted | (note_values(message) if message.kind in TO_STAFF else {})
    if suggestion_of(message) is not None:
        return suggestion_values(message, code, absolute_url)
    if (asked := message.talk_request) is not None:
        if message.kind is MessageKind.TALK_REQUEST_PLANNED and asked.event is None:
            raise NothingToSay
        url = absolute_url("talk_requests.show", token=talk_request_token(asked.code))
        return {"asked": asked, "event": asked.event, "request_url": url}
    sign_up = message.sign_up
    if sign_up is None:
        raise NothingToSay
    return {
        "sign_up": sign_up,
        "event": sign_up.event,
        "text": sign_up.event.text(code),
        "position": queue_position(sign_up),
        "ticket_url": absolute_url("signups.show", token=ticket_token(sign_up.code)),
        "survey_url": absolute_url("surveys.answer", token=survey_token(sign_up.code)),
        "closes_at": survey_closes(sign_up.event),
        "facts": facts,
    }


def _links(message: Message) -> dict[str, Any]:
    """What the foot of a mail offers."""
    return {
        "kind": message.kind,
        "cannot_come_url": cannot_come_url(message),
        "unsubscribe_url": unsubscribe_url(message),
        "choices_url": absolute_url("me.messages") if message.user is not None else None,
        "invites": invites(message),
    }


def _thread(message: Message) -> str:
    """The id that all mails to somebody about one thing refer to."""
    if message.sign_up is not None:
        return message.sign_up.event.uid
    domain: str = current_app.config["UID_DOMAIN"]
    if message.talk_request is not None:
        return f"talk-request-{message.talk_request.id}@{domain}"
    if (suggestion := suggestion_of(message)) is not None:
        return f"suggestion-{suggestion.id}@{domain}"
    _endpoint, argument = NOTE_PAGES.get(message.kind, ("", ""))
    if not argument:
        return ""
    return f"{argument.removesuffix('_id')}-{message.subject_id}@{domain}"


def absolute_url(endpoint: str, **values: Any) -> str:
    """The address of a page as it stands in a mail, in the language that is being written."""
    base: str = current_app.config["BASE_URL"]
    return base + url_for(endpoint, lang=g.lang, **values)
