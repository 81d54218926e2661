"""The calendar parts of mails: news of events for residents, invitations to duties.

An event's part is METHOD:PUBLISH, for its reader to keep; nobody is asked. A duty's is an
invitation (REQUEST, CANCEL), whose entry moves and vanishes by itself: the person's assignment
gives it its UID and SEQUENCE. What a part says is what holds when the mail is written.
"""

from dataclasses import replace
from email.utils import parseaddr

from flask import current_app

from hub.enums import (
    AssignmentStatus,
    EventStatus,
    MessageChoice,
    MessageKind,
    SignUpStatus,
)
from hub.i18n import _
from hub.integrations import ical
from hub.integrations.ical import CalendarEntry
from hub.integrations.invitations import Attendee, Parties, Party
from hub.integrations.mail import CalendarPart
from hub.models import Assignment, Message, SignUp, User
from hub.queries.duties import newest_assignment
from hub.services.messages import is_switched_off
from hub.web.calendar_entries import calendar_info, event_entry
from hub.web.feed_entries import ENDED, duty_entry
from hub.web.site import site_name

K, S = MessageKind, AssignmentStatus
PUBLISHED = frozenset(
    {
        *(K.CONFIRMED, K.PROMOTED, K.EVENT_CHANGED, K.REMINDER_DAY, K.REMINDER_HOURS),
        *(K.EVENT_CANCELLED, K.WITHDRAWN, K.RELEASED),
    }
)
REQUESTS = frozenset({K.DUTY_OFFERED, K.DUTY_CONFIRMED, K.DUTY_ACCEPTED, K.DUTY_CHANGED})
CANCELS = frozenset({K.DUTY_CANCELLED, K.DUTY_SWAPPED, K.DUTY_RELEASED})
ACCEPTED = (S.CONFIRMED, S.CHECKED_IN, S.COMPLETED)


def calendar_part(message: Message) -> CalendarPart | None:
    """The calendar part of the mail, in the language that is being written; None for kinds that
    have none, and for people who want none."""
    if message.sign_up is not None and message.kind in PUBLISHED:
        return _published(message.sign_up)
    if message.user is not None and message.kind in REQUESTS | CANCELS:
        return _invitation(message, message.user)
    return None


def invites(message: Message) -> bool:
    """Whether its part is one to accept into a calendar, for the first time or again."""
    if message.kind not in REQUESTS or message.user is None:
        return False
    return wants_files(message.user.id) and _assignment(message, message.user) is not None


def wants_files(user_id: int) -> bool:
    return not is_switched_off(MessageChoice.CALENDAR_FILES, user_id)


# --- events ---------------------------------------------------------------------------------------


def _published(sign_up: SignUp) -> CalendarPart | None:
    """The event for whoever has a place; taken out again for whoever has none any more."""
    waits = sign_up.status is SignUpStatus.WAITLISTED
    if waits or (sign_up.user_id is not None and not wants_files(sign_up.user_id)):
        return None
    who = Parties(organizer=_organizer())
    content = ical.single(calendar_info(), sign_up_entry(sign_up), method="PUBLISH", who=who)
    return CalendarPart("PUBLISH", content)


def sign_up_entry(sign_up: SignUp) -> CalendarEntry:
    """The event as it stands in the calendar of this guest.

    Its SEQUENCE is the event's; of two with the same one calendars take the newer (RFC 5546
    §2.1.5), so its time stamp moves with the sign-up too.
    """
    event = sign_up.event
    entry = event_entry(event)
    steps = (sign_up.created_at, sign_up.promoted_at, sign_up.cancelled_at)
    newest = max(event.changed_at, *(step for step in steps if step is not None))
    entry = replace(entry, last_modified=newest)
    if sign_up.status is not SignUpStatus.CANCELLED or event.status is EventStatus.CANCELLED:
        return entry
    title = event.text().title
    summary = _("You are not coming: %(title)s", title=title)
    if sign_up.release_reason:
        summary = _("Your place was given free: %(title)s", title=title)
    return replace(entry, status="CANCELLED", summary=summary, transparent=True)


# --- duties ---------------------------------------------------------------------------------------


def _invitation(message: Message, user: User) -> CalendarPart | None:
    assignment = _assignment(message, user)
    if assignment is None or not wants_files(user.id):
        return None
    accepted = assignment.accepted_at is not None
    who = Parties(_organizer(), Attendee(user.email, user.name, accepted=accepted))
    method = "CANCEL" if message.kind in CANCELS else "REQUEST"
    entry = replace(duty_entry(assignment), private=True)
    return CalendarPart(method, ical.single(calendar_info(), entry, method=method, who=who))


def _assignment(message: Message, user: User) -> Assignment | None:
    """The one that the message is about, if its state is still (or already) what it tells of.

    Who only waited for a place has nothing in their calendar to take back.
    """
    wanted = ENDED if message.kind in CANCELS else (S.OFFERED, *ACCEPTED)
    found = newest_assignment(message.subject_id or 0, user.id, wanted)
    if found is not None and found.status is S.WITHDRAWN and found.offered_by_id is None:
        return None
    return found


def _organizer() -> Party:
    """The site: the same address for ever, or no calendar would know its own entry again."""
    _name, address = parseaddr(current_app.config["MAIL_FROM"])
    return Party(address, site_name())
