"""Reminders: the day before and two hours before, of what people signed up for or took on.

A worker asks once a minute. Who signed up, moved up or was told of a new time after the moment of
reminding knows it already and is not reminded; nor is anybody twice when the start moves a little.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hub import clock
from hub.enums import (
    AssignmentStatus,
    ContactKind,
    EventStatus,
    MessageChoice,
    MessageKind,
    MessageState,
    SignUpStatus,
    Visibility,
)
from hub.extensions import db
from hub.integrations import sms
from hub.models import Assignment, Duty, Event, Message, SignUp, SwitchedOff, User
from hub.policies import is_quiet, remind_at
from hub.queries.still_true import reminder_key
from hub.services.duty_places import tell
from hub.services.messages import queue_message

K = MessageKind
BATCH = 200


@dataclass(frozen=True, slots=True)
class Reminder:
    """``lead``: how long before the start. ``until``: nearer than this it is left out, because
    another one follows. ``again``: a start that moved by less than this needs no second one."""

    lead: timedelta
    until: timedelta
    again: timedelta
    sign_up: MessageKind
    duty: MessageKind


DAY_BEFORE = Reminder(
    lead=timedelta(hours=24),
    until=timedelta(hours=3),
    again=timedelta(hours=12),
    sign_up=K.REMINDER_DAY,
    duty=K.DUTY_REMINDER_DAY,
)
HOURS_BEFORE = Reminder(
    lead=timedelta(hours=2),
    until=timedelta(0),
    again=timedelta(hours=1),
    sign_up=K.REMINDER_HOURS,
    duty=K.DUTY_REMINDER_HOURS,
)
# What tells people of the start as well as a reminder does.
TELLS_OF_SIGN_UP = (K.EVENT_CHANGED,)
TELLS_OF_DUTY = (K.DUTY_CHANGED, K.DUTY_CONFIRMED, K.DUTY_SWAPPED)


@dataclass(frozen=True, slots=True)
class Due:
    """An event, or else a duty, of whose start people are to be reminded now."""

    reminder: Reminder
    starts_at: datetime
    event_id: int = 0
    duty_id: int = 0

    @property
    def since(self) -> datetime:
        """Whoever took part, or was told, after this moment knows it already."""
        return self.starts_at - self.reminder.lead


def due_starts() -> list[Due]:
    """All that begins soon enough, the next one first; nothing by night, whatever was missed."""
    if is_quiet(clock.now()):
        return []
    found = [due for reminder in (DAY_BEFORE, HOURS_BEFORE) for due in _due_for(reminder)]
    return sorted(found, key=lambda due: due.starts_at)


def queue_batch(due: Due, *, after: int = 0) -> tuple[int, int | None]:
    """Queue reminders to ``BATCH`` people at most, beyond the sign-up or assignment ``after``.

    Returns how many they were, and the last one's id, None when nobody is left.
    """
    found = _sign_ups(due, after) if due.event_id else _assignments(due, after)
    for row in found:
        if isinstance(row, SignUp):
            once = reminder_key(due.reminder.sign_up, row.id, due.starts_at)
            queue_message(due.reminder.sign_up, row, once=once)
        else:
            once = reminder_key(due.reminder.duty, row.id, due.starts_at)
            tell(due.reminder.duty, row.duty, row.user, once=once)
    db.session.flush()
    return len(found), found[-1].id if len(found) == BATCH else None


def _due_for(reminder: Reminder) -> list[Due]:
    moment = clock.now()
    first, last = moment + reminder.until, moment + reminder.lead
    events = select(Event.id, Event.starts_at).where(
        Event.visibility.in_(list(Visibility)),  # all of them: the index begins with it
        Event.status == EventStatus.PUBLISHED,
        Event.starts_at > first,
        Event.starts_at <= last,
    )
    duties = select(Duty.id, Duty.starts_at).where(
        Duty.starts_at > first, Duty.starts_at <= last, Duty.cancelled_at.is_(None)
    )
    found = [Due(reminder, row[1], event_id=row[0]) for row in db.session.execute(events)]
    found += [Due(reminder, row[1], duty_id=row[0]) for row in db.session.execute(duties)]
    leaving = ((due, remind_at(due.starts_at, reminder.lead)) for due in found)
    return [due for due, leaves in leaving if leaves is not None and leaves <= moment]


def _sign_ups(due: Due, after: int) -> list[SignUp]:
    query = select(SignUp).where(
        SignUp.event_id == due.event_id,
        SignUp.status == SignUpStatus.CONFIRMED,
        SignUp.id > after,
        SignUp.contact_kind.in_(_reached()),
        SignUp.erased_at.is_(None),
        SignUp.reminders_off.is_(False),
        func.coalesce(SignUp.promoted_at, SignUp.created_at) <= due.since,
        _wants(SignUp.user_id),
        ~exists().where(
            Message.sign_up_id == SignUp.id,
            _told(due, due.reminder.sign_up, TELLS_OF_SIGN_UP),
        ),
    )
    return list(db.session.scalars(query.order_by(SignUp.id).limit(BATCH)).unique())


def _assignments(due: Due, after: int) -> list[Assignment]:
    query = (
        select(Assignment)
        .join(User, User.id == Assignment.user_id)
        .where(
            Assignment.duty_id == due.duty_id,
            Assignment.status == AssignmentStatus.CONFIRMED,
            Assignment.id > after,
            User.erased_at.is_(None),
            func.coalesce(Assignment.accepted_at, Assignment.created_at) <= due.since,
            _wants(Assignment.user_id),
            ~exists().where(
                Message.user_id == Assignment.user_id,
                Message.subject_id == due.duty_id,
                _told(due, due.reminder.duty, TELLS_OF_DUTY),
            ),
        )
    )
    return list(db.session.scalars(query.order_by(Assignment.id).limit(BATCH)).unique())


def _reached() -> list[ContactKind]:
    """Who gave only a phone number is told by SMS, where there is a gateway."""
    return list(ContactKind) if sms.gateway() is not None else [ContactKind.EMAIL]


def _wants(
    user_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> ColumnElement[bool]:
    return ~exists().where(
        SwitchedOff.user_id == user_id, SwitchedOff.choice == MessageChoice.REMINDERS
    )


def _told(due: Due, kind: MessageKind, others: tuple[MessageKind, ...]) -> ColumnElement[bool]:
    """Reminded of this start or of one shortly before it, or told of it after ``due.since``."""
    return or_(
        and_(Message.kind == kind, Message.created_at > due.since - due.reminder.again),
        and_(
            Message.kind.in_(others),
            Message.created_at > due.since,
            Message.state != MessageState.DROPPED,
        ),
    )
