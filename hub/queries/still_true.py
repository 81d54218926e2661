"""Whether what a message says is still so when its turn comes to leave."""

from datetime import datetime

from sqlalchemy import select

from hub import clock
from hub.enums import (
    AssignmentStatus,
    EventStatus,
    MessageKind,
    SignUpStatus,
    SuggestionStatus,
)
from hub.extensions import db
from hub.models import Assignment, Backer, Duty, Event, Message, SignUp, Suggestion, User
from hub.policies import is_staff
from hub.policies.suggestions import can_manage_suggestion, is_overdue
from hub.policies.surveys import why_not_answer
from hub.queries.digest import digest_hours, digest_of
from hub.queries.surveys import places_left

K = MessageKind
REMINDERS = (K.REMINDER_DAY, K.REMINDER_HOURS, K.DUTY_REMINDER_DAY, K.DUTY_REMINDER_HOURS)
# They say how something ended, and that stays true.
ENDS = (K.WITHDRAWN, K.RELEASED, K.EVENT_CANCELLED)
ON_DUTY = (AssignmentStatus.CONFIRMED, AssignmentStatus.CHECKED_IN)
# In which state of their place a message about a duty says the truth to its reader.
DUTY_STATES: dict[MessageKind, tuple[AssignmentStatus, ...]] = {
    K.DUTY_OFFERED: (AssignmentStatus.OFFERED,),
    K.DUTY_CONFIRMED: ON_DUTY,
    K.DUTY_ACCEPTED: ON_DUTY,
    K.DUTY_CHANGED: (AssignmentStatus.OFFERED, AssignmentStatus.REQUESTED, *ON_DUTY),
    K.DUTY_REMINDER_DAY: (AssignmentStatus.CONFIRMED,),
    K.DUTY_REMINDER_HOURS: (AssignmentStatus.CONFIRMED,),
}
SUGGESTION_NOTES = (K.SUGGESTION_OWNED, K.SUGGESTION_BACK, K.SUGGESTION_OVERDUE)
# In which state of a suggestion a message about it says the truth to whoever made it.
S = SuggestionStatus
SUGGESTION_STATES: dict[MessageKind, tuple[SuggestionStatus, ...]] = {
    K.SUGGESTION_ANSWERED: (S.RESPONDED, S.DONE, S.NOT_ADOPTED),
    K.SUGGESTION_DONE: (S.DONE,),
    K.SUGGESTION_STILL_DONE: (S.DONE,),
    K.SUGGESTION_REFERRED: (S.REFERRED,),
    K.SUGGESTION_JOINED: (S.DUPLICATE,),
}


def still_true(message: Message) -> bool:
    """False: nobody should get it any more."""
    if message.sign_up is not None:
        return _of_sign_up(message, message.sign_up)
    if message.suggestion is not None:
        return _of_suggestion(message.kind, message.suggestion)
    if message.backer is not None:
        return _of_backer(message.kind, message.backer)
    if message.user is None:
        return True
    if message.kind in SUGGESTION_NOTES:
        return _of_note(message, message.user)
    if message.kind is K.DIGEST:
        return _of_digest(message, message.user)
    if message.kind in DUTY_STATES:
        return _of_duty(message)
    return True


def reminder_key(kind: MessageKind, subject_id: int, starts_at: datetime) -> str:
    """What a reminder of that start may be said once by (``Message.once``), such as
    ``reminder_day:sign_up:12:20261124T0600``."""
    what = "sign_up" if kind in (K.REMINDER_DAY, K.REMINDER_HOURS) else "assignment"
    return f"{kind.value}:{what}:{subject_id}:{_written(starts_at)}"


def _written(starts_at: datetime) -> str:
    return f"{starts_at:%Y%m%dT%H%M}"


def _of_sign_up(message: Message, sign_up: SignUp) -> bool:
    kind, event = message.kind, sign_up.event
    if kind in ENDS:
        return True
    if sign_up.status is SignUpStatus.CANCELLED or event.status is EventStatus.CANCELLED:
        return False
    if kind is K.EVENT_CHANGED:
        return not event.has_ended(clock.now())
    if kind is K.EVENT_SURVEY:
        left = len(places_left(sign_up))
        return why_not_answer(sign_up, left, clock.now()) is None and not sign_up.reminders_off
    if kind is K.WAITLISTED:
        return sign_up.status is SignUpStatus.WAITLISTED
    if kind in REMINDERS:
        stands = sign_up.status is SignUpStatus.CONFIRMED and not sign_up.reminders_off
        return stands and event.status is EventStatus.PUBLISHED and _is_ahead(message, event)
    return True


def _of_duty(message: Message) -> bool:
    duty = db.session.get(Duty, message.subject_id)
    if duty is None or duty.cancelled_at is not None:
        return False
    if message.kind is K.DUTY_OFFERED and duty.starts_at <= clock.now():
        return False
    if message.kind in REMINDERS and not _is_ahead(message, duty):
        return False
    status = select(Assignment.status).where(
        Assignment.duty_id == duty.id, Assignment.user_id == message.user_id
    )
    last = db.session.scalar(status.order_by(Assignment.id.desc()).limit(1))
    return last in DUTY_STATES[message.kind]


def _is_ahead(message: Message, thing: Event | Duty) -> bool:
    """Whether it has not begun, and begins when the reminder says."""
    same = message.once is None or message.once.endswith(f":{_written(thing.starts_at)}")
    return same and thing.starts_at > clock.now()


def _of_digest(message: Message, user: User) -> bool:
    """Only on the morning for which it was queued, and if something waits."""
    hours = digest_hours(clock.now())
    ours = hours is not None and message.created_at >= hours[0] and is_staff(user)
    return ours and not digest_of(user).is_empty


def _of_suggestion(kind: MessageKind, row: Suggestion) -> bool:
    if row.erased_on is not None:
        return False
    if kind is K.SUGGESTION_QUESTION:
        return row.paused_on is not None
    if kind is K.SUGGESTION_STILL_DONE and row.verdict is not None:
        return False
    return row.status in SUGGESTION_STATES.get(kind, tuple(S))


def _of_backer(kind: MessageKind, backer: Backer) -> bool:
    """To confirm only what is not confirmed; news only of what all can see, to whoever follows."""
    if not backer.suggestion.public:
        return False
    if kind is K.SUGGESTION_CONFIRM:
        return backer.confirmed_on is None
    return backer.follows and backer.confirmed_on is not None


def _of_note(message: Message, user: User) -> bool:
    """To staff who may still see it: to its owner, and of what is overdue while it is."""
    row = db.session.get(Suggestion, message.subject_id)
    if row is None or not can_manage_suggestion(user, row):
        return False
    if message.kind is K.SUGGESTION_OVERDUE:
        return is_overdue(row, clock.today())
    return row.owner_id == user.id
