"""The mail with the three questions: from two hours after an event, for three days (rule 23).

Who has answered meanwhile gets none: hub/queries/still_true.py asks when its turn has come.
"""

from sqlalchemy import exists, select

from hub import clock
from hub.enums import ContactKind, EventStatus, MessageChoice, MessageKind, SignUpStatus
from hub.extensions import db
from hub.models import Event, Message, SignUp, SwitchedOff
from hub.policies.surveys import SURVEY_MAIL_AFTER, SURVEY_MAIL_UNTIL
from hub.services.messages import queue_message

BATCH = 200


def events_to_ask() -> list[int]:
    """The events that ended between three days and two hours ago."""
    moment = clock.now()
    query = select(Event.id).where(
        Event.status == EventStatus.PUBLISHED,
        Event.ends_at <= moment - SURVEY_MAIL_AFTER,
        Event.ends_at > moment - SURVEY_MAIL_UNTIL,
    )
    return list(db.session.scalars(query.order_by(Event.ends_at, Event.id)))


def queue_surveys(event_id: int, *, after: int = 0) -> int | None:
    """Queue the mail to ``BATCH`` checked-in people at most, beyond the sign-up ``after``.

    Returns the id of the last one, None when nobody is left.
    """
    query = select(SignUp).where(
        SignUp.event_id == event_id,
        SignUp.status == SignUpStatus.ATTENDED,
        SignUp.id > after,
        SignUp.contact_kind == ContactKind.EMAIL,
        SignUp.erased_at.is_(None),
        SignUp.reminders_off.is_(False),
        ~exists().where(
            SwitchedOff.user_id == SignUp.user_id, SwitchedOff.choice == MessageChoice.SURVEYS
        ),
        ~exists().where(Message.sign_up_id == SignUp.id, Message.kind == MessageKind.EVENT_SURVEY),
    )
    found = list(db.session.scalars(query.order_by(SignUp.id).limit(BATCH)).unique())
    for sign_up in found:
        queue_message(MessageKind.EVENT_SURVEY, sign_up, once=f"event_survey:{sign_up.id}")
    db.session.flush()
    return found[-1].id if len(found) == BATCH else None
