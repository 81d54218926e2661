"""Mails that come back: refusals of our mails, and answers to invitations. The rest is ignored,
knowingly: automatic replies, thanks, advertisements are for whoever looks into the mailbox."""

import logging

from hub.exceptions import HubError
from hub.integrations import mailbox
from hub.integrations.ical_replies import read_reply
from hub.services.outbox import mark_bounced
from hub.services.replies import answer_by_calendar
from hub.transaction import unit_of_work

log = logging.getLogger(__name__)


def read_mailbox(url: str) -> int:
    """Take in all new mails of the mailbox at ``url``; returns how many there were."""
    return mailbox.read_new(url, take_in)


def take_in(raw: bytes) -> None:
    """Do what the mail asks for. Twice is as once: its state has moved on then."""
    try:
        mail = mailbox.parse_mail(raw)
        bounce = mailbox.read_bounce(mail)
        replies = [reply for part in mailbox.calendar_parts(mail) if (reply := read_reply(part))]
        sender = mailbox.sender_of(mail)
    except Exception as error:  # nothing that strangers send may block the mailbox
        log.warning("a mail cannot be read: %s", type(error).__name__)
        return
    if bounce is not None:
        with unit_of_work():
            mark_bounced(bounce.message_id, bounce.reason)
    for reply in replies[:1]:  # the same answer often comes as a part and as a file
        try:
            with unit_of_work():
                answer_by_calendar(reply, sender)
        except HubError as error:
            log.warning("an answer from a calendar is refused: %s", type(error).__name__)
