"""When a message leaves: quiet hours, and what may not wait for the morning."""

from datetime import datetime, time, timedelta

from flask_babel import LazyString

from hub import clock
from hub.enums import EventStatus, MessageChoice, MessageKind, MessageState, SignUpStatus
from hub.i18n import _l
from hub.models import Message, SignUp, User
from hub.policies.duties import has_term
from hub.policies.events import can_manage_event
from hub.policies.people import is_admin, is_staff

QUIET_FROM, QUIET_UNTIL = time(21), time(8)
# What begins this soon cannot wait: the mail leaves by night.
URGENT_BEFORE = timedelta(hours=14)
# A reminder that waited for the morning and comes later than this before the start is left out.
LEAST_NOTICE = timedelta(minutes=30)


def leaves_at(kind: MessageKind, moment: datetime, about: datetime | None = None) -> datetime:
    """When a message of ``kind`` that is queued at ``moment`` leaves.

    It waits for more of its kind, then until 08:00 if that is between 21:00 and 08:00 in Shanghai,
    unless it answers what its reader just did, or ``about``, the moment at which the thing begins
    that it tells of, is near.
    """
    ready = moment + kind.settles
    if kind.answers or not is_quiet(ready):
        return ready
    if about is not None and about - moment < URGENT_BEFORE:
        return ready
    return end_of_quiet(ready)


def is_quiet(moment: datetime) -> bool:
    local = clock.to_local(moment).time()
    return local >= QUIET_FROM or local < QUIET_UNTIL


def end_of_quiet(moment: datetime) -> datetime:
    """The next 08:00 in Shanghai."""
    local = clock.to_local(moment)
    day = local.date() + timedelta(days=1 if local.time() >= QUIET_UNTIL else 0)
    return clock.day_start(day) + timedelta(hours=QUIET_UNTIL.hour)


def remind_at(starts_at: datetime, lead: timedelta) -> datetime | None:
    """When people are reminded of what begins at ``starts_at``, ``lead`` before it: in the quiet
    hours not before 08:00. None: that would be too late to be of use."""
    moment = starts_at - lead
    if not is_quiet(moment):
        return moment
    morning = end_of_quiet(moment)
    return morning if morning <= starts_at - LEAST_NOTICE else None


def choices_of(user: User) -> list[MessageChoice]:
    """What the person may choose about: nobody is asked about mails they can never get."""
    offered = [MessageChoice.REMINDERS, MessageChoice.SURVEYS]
    if has_term(user):
        offered += [MessageChoice.OFFERS, MessageChoice.GOOD_NEWS]
    if is_staff(user):
        offered.append(MessageChoice.DIGEST)
    return [*offered, MessageChoice.CALENDAR_FILES]


# So long what a message said is kept; after it only that there was one (rule 18).
WORDS_KEPT = timedelta(days=90)


def can_see_message(user: User | None, message: Message) -> bool:
    """Administrators see that any message went out; staff those about events they manage. The log
    asks the same (hub/queries/message_log.py)."""
    if user is None or is_admin(user):
        return user is not None
    return message.sign_up is not None and can_manage_event(user, message.sign_up.event)


def why_not_send_again(message: Message, now: datetime) -> LazyString | None:
    """The reason why a message that did not arrive cannot be queued again, or None."""
    if message.state not in (MessageState.FAILED, MessageState.BOUNCED):
        return _l("Only what failed or came back can be sent again.")
    if message.kind is MessageKind.ACCOUNT and not message.body:
        return _l("Its link could be used once only. The person can ask for a new one.")
    if message.created_at < now - WORDS_KEPT:
        return _l("It is too old to be sent again.")
    return _why_untrue(message.kind, message.sign_up, now) if message.sign_up is not None else None


def _why_untrue(kind: MessageKind, sign_up: SignUp, now: datetime) -> LazyString | None:
    """The reason why what the message said of the sign-up does not hold any more, or None."""
    event = sign_up.event
    if event.has_ended(now):
        return _l("The event is over.")
    if event.status is EventStatus.CANCELLED and kind is not MessageKind.EVENT_CANCELLED:
        return _l("The event is cancelled.")
    said_goodbye = kind in (MessageKind.WITHDRAWN, MessageKind.RELEASED)
    if (sign_up.status is SignUpStatus.CANCELLED) is not said_goodbye:
        return _l("The sign-up has changed since then: this is not true any more.")
    return None
