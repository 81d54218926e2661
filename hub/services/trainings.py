"""Trainings of lecturers: what they teach, who is asked, who enrols and who came (rules 5, 20)."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from sqlalchemy import delete, select

from hub import clock
from hub.enums import MessageKind, SignUpStatus
from hub.exceptions import AlreadySignedUp, EventFull, InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.i18n import _l
from hub.integrations.contacts import parse_contact
from hub.models import (
    Assessment,
    Event,
    SignUp,
    StudyRecord,
    Topic,
    Training,
    TrainingInvitation,
    User,
)
from hub.policies import (
    can_manage_training,
    can_see_event,
    why_not_came,
    why_not_invite,
    why_not_note_who_came,
    why_not_take_back_came,
)
from hub.queries.settings import reader_language
from hub.queries.trainings import invitable_people, invitation_to, own_sign_up, study_of
from hub.services import audit
from hub.services.messages import queue_note, said_of
from hub.services.seats import lock_event, lock_sign_up
from hub.services.signups import Person, add_sign_up, sign_up

DAY_MINUTES = 1440


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What the form of a training says."""

    unit: str
    topic_ids: frozenset[int]


def save_training(event_id: int, data: TrainingData, *, by: User) -> Training:
    """Say who runs the training and what it teaches. Raises NotAllowed, InvalidInput, or
    WrongState for a topic that goes although somebody was assessed in it there."""
    event = _managed(event_id, by)
    if not data.unit.strip():
        raise InvalidInput(_l("Say who runs the training."), field="unit")
    found = select(Topic).where(Topic.id.in_(data.topic_ids)).order_by(Topic.position, Topic.id)
    topics = list(db.session.scalars(found))
    known = db.session.get(Training, event_id)
    taught = {topic.id for topic in known.topics} if known is not None else set()
    if not topics or any(not t.active and t.id not in taught for t in topics):
        raise InvalidInput(_l("Choose at least one topic."), field="topics")
    assessed = select(Assessment.topic_id).where(Assessment.event_id == event_id).distinct()
    if set(db.session.scalars(assessed)) - {topic.id for topic in topics}:
        raise WrongState(_l("A topic in which somebody was assessed here has to stay."))
    training = known or Training(event_id=event.id, unit="")
    training.unit, training.topics = data.unit.strip(), topics
    db.session.add(training)
    db.session.flush()
    after: dict[str, object] = {"topics": [topic.slug for topic in topics]}
    audit.record("create" if known is None else "update", "training", event_id, by=by, after=after)
    return training


def invite_people(event_id: int, user_ids: Sequence[int], *, by: User) -> int:
    """Ask people to come; how many are newly asked. Who declined before is asked again; who is
    asked or enrolled already is passed over. Raises NotAllowed, InvalidInput or WrongState."""
    event = _managed(event_id, by)
    training = db.session.get(Training, event_id)
    _refuse(why_not_invite(event, training, clock.now()))
    people = {person.id: person for person in invitable_people(by)}
    if not user_ids or not set(user_ids) <= set(people):
        raise InvalidInput(_l("Choose at least one person from the list."), field="people")
    asked = 0
    for user_id in sorted(set(user_ids)):
        known = invitation_to(event_id, user_id)
        if own_sign_up(event_id, user_id) or (known is not None and known.declined_at is None):
            continue
        row = known or TrainingInvitation(event_id=event_id, user_id=user_id, invited_by_id=by.id)
        row.invited_by_id, row.created_at, row.declined_at = by.id, clock.now(), None
        db.session.add(row)
        asked += 1
        person = people[user_id]
        queue_note(MessageKind.TRAINING_INVITED, person, event_id, **said_of(event, person))
    db.session.flush()
    if asked:
        audit.record("invite", "training", event_id, by=by, after={"rows": asked})
    return asked


def accept_invitation(event_id: int, *, by: User) -> SignUp:
    """Enrol with the account's own name and confirmed address, asked to or not.

    Through the booking service, so that seats and queue hold (rules 1 to 3). Raises NotAllowed,
    AlreadySignedUp, EventFull, SignUpNotOpen, InvalidInput or WrongState.
    """
    event = _taught(event_id)
    if not can_see_event(by, event):
        raise NotAllowed
    if own_sign_up(event_id, by.id) is not None:
        raise AlreadySignedUp
    if sign_up(event_id, _person(by), 1) is None:
        raise AlreadySignedUp
    if (known := invitation_to(event_id, by.id)) is not None:
        known.declined_at = None
    db.session.flush()
    booked = own_sign_up(event_id, by.id)
    if booked is None:
        raise WrongState
    return booked


def decline_invitation(event_id: int, *, by: User) -> TrainingInvitation:
    """The person cannot come. Raises NotAllowed if they were not asked, or WrongState."""
    event = _taught(event_id)
    known = invitation_to(event_id, by.id)
    if known is None:
        raise NotAllowed
    if event.has_ended(clock.now()):
        raise WrongState(_l("This event is over."))
    if own_sign_up(event_id, by.id) is not None:
        raise WrongState(_l("You are signed up. Give your place back on your ticket."))
    if known.declined_at is None:
        known.declined_at = clock.now()
        audit.record("decline", "training", event_id, by=by)
    return known


# --- who came -------------------------------------------------------------------------------------


def note_came(sign_up_id: int, *, by: User) -> SignUp:
    """The party came to the training; whose account it is has learnt (rule 11: no service).

    Raises NotAllowed, or WrongState (also on one's own case, rule 5).
    """
    booked, event = lock_sign_up(sign_up_id)
    if not can_manage_training(by, event):
        raise NotAllowed
    _refuse(why_not_came(by, booked, clock.now()))
    before, booked.status = booked.status, SignUpStatus.ATTENDED
    if booked.user_id is not None and study_of(event.id, booked.user_id) is None:
        minutes = int((event.ends_at - event.starts_at).total_seconds()) // 60
        row = StudyRecord(event_id=event.id, user_id=booked.user_id, created_at=clock.now())
        row.studied_on = clock.to_local(event.starts_at).date()
        row.minutes = max(1, min(minutes, DAY_MINUTES))
        db.session.add(row)
    db.session.flush()
    _note(booked, before, "came", by)
    return booked


def take_back_came(sign_up_id: int, *, by: User) -> SignUp:
    """It was noted by mistake. Raises NotAllowed or WrongState, such as after an assessment."""
    booked, event = lock_sign_up(sign_up_id)
    if not can_manage_training(by, event):
        raise NotAllowed
    assessed = select(Assessment.id).where(
        Assessment.event_id == event.id, Assessment.user_id == booked.user_id
    )
    has_result = db.session.scalars(assessed.limit(1)).first() is not None
    _refuse(why_not_take_back_came(by, booked, has_result))
    booked.status = SignUpStatus.CONFIRMED
    mine = StudyRecord.user_id == booked.user_id
    db.session.execute(delete(StudyRecord).where(StudyRecord.event_id == event.id, mine))
    db.session.flush()
    _note(booked, SignUpStatus.ATTENDED, "take_back_came", by)
    return booked


def note_walk_in(event_id: int, user_id: int, *, by: User) -> SignUp:
    """Somebody with an account came without a sign-up: booked first, so that seats hold (rule 1).

    Raises NotAllowed, InvalidInput, WrongState, EventFull, SignUpNotOpen or AlreadySignedUp.
    """
    event = _managed(event_id, by)
    _refuse(why_not_note_who_came(event, clock.now()))
    person = next((p for p in invitable_people(by) if p.id == user_id), None)
    if person is None or person.id == by.id:
        raise InvalidInput(_l("Choose one from the list."), field="person")
    if own_sign_up(event_id, user_id) is not None:
        raise AlreadySignedUp(field="person")
    booked = add_sign_up(event_id, _person(person), 1, by=by)
    if booked.status is SignUpStatus.WAITLISTED:
        raise EventFull(field="person")
    return note_came(booked.id, by=by)


def _note(booked: SignUp, before: SignUpStatus, action: str, by: User) -> None:
    change: dict[str, object] = {"status": before}
    after: dict[str, object] = {"status": booked.status}
    audit.record(action, "sign_up", booked.id, by=by, before=change, after=after)


def _managed(event_id: int, by: User) -> Event:
    event = lock_event(event_id)
    if not can_manage_training(by, event):
        raise NotAllowed
    return event


def _taught(event_id: int) -> Event:
    """The locked event of a training that says what it teaches."""
    if db.session.get(Training, event_id) is None:
        raise NotAllowed
    return lock_event(event_id)


def _person(user: User) -> Person:
    """Who is signed up: the account, if its address is confirmed."""
    if user.confirmed_at is None:
        raise WrongState(_l("The e-mail address of this account is not confirmed yet."))
    return Person(user.name[:80], parse_contact(user.email), reader_language(user.language))


def _refuse(reason: LazyString | None) -> None:
    if reason is not None:
        raise WrongState(reason)
