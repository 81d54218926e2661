"""Messages as SMS, for people who gave nothing but a phone number: a line, and their ticket."""

from flask import current_app, g, url_for

from hub.enums import ContactKind, MessageKind
from hub.extensions import db
from hub.i18n import _, in_language
from hub.integrations import sms
from hub.integrations.signing import ticket_token
from hub.models import Message, SignUp
from hub.queries.settings import reader_language
from hub.queries.signups import queue_position
from hub.web.filters import moment

K = MessageKind


def goes_by_text(message: Message) -> bool:
    """Whether the reader of ``message`` has a phone number and no address."""
    return message.sign_up is not None and message.sign_up.contact_kind is ContactKind.PHONE


def write_text(message: Message) -> str:
    """One line of at most 200 characters in the reader's language, the ticket's link last; a long
    title is shortened. ``message`` is about a sign-up."""
    sign_up = message.sign_up
    if sign_up is None:
        raise ValueError("only sign-ups are told by SMS")
    language = reader_language(sign_up.language)
    with in_language(language):
        g.lang = language
        path = url_for("signups.show", lang=language, token=ticket_token(sign_up.code))
        link = current_app.config["BASE_URL"] + path
        title = " ".join(sign_up.event.text(language).title.split())
        room = sms.MAX_CHARACTERS - len(link) - 1
        words = _words(message.kind, sign_up, title)
        if len(words) > room:
            fits = max(0, len(title) - (len(words) - room) - 1)
            words = _words(message.kind, sign_up, f"{title[:fits]}…")
    return f"{words[:room]} {link}"


def deliver_text(message: Message) -> None:
    """Hand ``message`` to the SMS gateway. Raises sms.SmsTrouble."""
    gateway, sign_up = sms.gateway(), message.sign_up
    if gateway is None or sign_up is None:
        raise sms.SmsOff
    text, number, message_id = write_text(message), sign_up.contact, message.message_id
    db.session.rollback()  # no transaction stays open while the gateway thinks
    sms.send(number, text, message_id, gateway)


def _words(kind: MessageKind, sign_up: SignUp, title: str) -> str:
    when = moment(sign_up.event.starts_at)
    if kind is K.WAITLISTED:
        number = queue_position(sign_up) or 1
        return _(
            "%(title)s: you are number %(number)s on the waiting list.", title=title, number=number
        )
    return {
        K.CONFIRMED: _("%(title)s: your place is kept. %(when)s", title=title, when=when),
        K.PROMOTED: _("%(title)s: a place is yours now. %(when)s", title=title, when=when),
        K.EVENT_CHANGED: _("Changed: %(title)s. Now: %(when)s", title=title, when=when),
        K.EVENT_CANCELLED: _("Cancelled: %(title)s, %(when)s", title=title, when=when),
        K.RELEASED: _("%(title)s: your place was given free. Why:", title=title),
        K.REMINDER_DAY: _("Reminder: %(title)s, %(when)s", title=title, when=when),
        K.REMINDER_HOURS: _("Reminder: %(title)s, %(when)s", title=title, when=when),
    }.get(kind, _("%(title)s: your ticket", title=title))
