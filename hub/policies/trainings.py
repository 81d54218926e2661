"""Trainings of lecturers: who runs them, who came, who may be examined."""

from datetime import datetime

from flask_babel import LazyString

from hub import clock
from hub.enums import EventKind, EventStatus, SignUpStatus
from hub.i18n import _l
from hub.models import Event, SignUp, StudyRecord, Training, User
from hub.policies.duties import CHECK_IN_OPENS
from hub.policies.events import can_manage_event
from hub.policies.people import why_not_decide_on
from hub.policies.talks import can_examine


def can_manage_training(user: User | None, event: Event) -> bool:
    """Whether the event is a training that the person runs (rule 20)."""
    return event.kind is EventKind.TRAINING and can_manage_event(user, event)


def why_not_invite(event: Event, training: Training | None, now: datetime) -> LazyString | None:
    """The reason why nobody can be asked to come, or None."""
    if training is None:
        return _l("Say first who runs the training and what it teaches.")
    if event.status is EventStatus.DRAFT:
        return _l("This event is not published yet.")
    if event.status is EventStatus.CANCELLED:
        return _l("This event is cancelled.")
    if event.has_ended(now):
        return _l("This event is over.")
    return None


def why_not_note_who_came(event: Event, now: datetime) -> LazyString | None:
    """The reason why it cannot be noted who came, or None: from half an hour before on."""
    if event.status is EventStatus.DRAFT:
        return _l("This event is not published yet.")
    if event.status is EventStatus.CANCELLED:
        return _l("This event is cancelled.")
    if now < event.starts_at - CHECK_IN_OPENS:
        return _l("Who came can be noted from half an hour before the start on.")
    return None


def why_not_came(by: User, sign_up: SignUp, now: datetime) -> LazyString | None:
    """The reason why ``by`` cannot note that the party came, or None. Study hours are a case of
    one's own too (rule 5)."""
    if reason := why_not_note_who_came(sign_up.event, now):
        return reason
    if sign_up.status not in (SignUpStatus.CONFIRMED, SignUpStatus.NO_SHOW):
        return _l("This is not possible now. The state is: %(state)s.", state=sign_up.status.label)
    if sign_up.user_id == by.id:
        return _l("Nobody decides on their own case. Ask a colleague.")
    return None


def why_not_take_back_came(by: User, sign_up: SignUp, assessed: bool) -> LazyString | None:
    """The reason why it cannot be taken back that the party came, or None."""
    if sign_up.status is not SignUpStatus.ATTENDED:
        return _l("This is not possible now. The state is: %(state)s.", state=sign_up.status.label)
    if sign_up.user_id == by.id:
        return _l("Nobody decides on their own case. Ask a colleague.")
    if assessed:
        return _l("This person was assessed at this training already.")
    return None


def why_not_assess(
    by: User | None, person: User, study: StudyRecord | None, now: datetime
) -> LazyString | None:
    """The reason why ``by`` cannot enter a result of the person at the training of ``study``, or
    None (rule 5)."""
    if not can_examine(by):
        return _l("Only the police unit and the subdistrict examine.")
    if reason := why_not_decide_on(by, person):
        return reason
    if study is None or study.studied_on > clock.to_local(now).date():
        return _l("Only who came to the training can be assessed.")
    return None
