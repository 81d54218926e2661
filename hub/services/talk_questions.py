"""Questions that were asked at talks: settled when the topic answers them."""

from sqlalchemy import select

from hub import clock
from hub.exceptions import NotAllowed, WrongState
from hub.extensions import db
from hub.i18n import _l
from hub.models import Event, TalkQuestion, User
from hub.policies import can_manage_event
from hub.services import audit


def settle_question(question_id: int, *, by: User) -> TalkQuestion:
    """The topic now answers it, or it needs no answer. Raises NotAllowed or WrongState."""
    question = _managed(question_id, by)
    if question.settled_at is not None:
        raise WrongState(_l("This question is settled already."))
    question.settled_at, question.settled_by_id = clock.now(), by.id
    db.session.flush()
    audit.record("settle", "talk_question", question.id, by=by)
    return question


def reopen_question(question_id: int, *, by: User) -> TalkQuestion:
    """It is not answered after all. Raises NotAllowed or WrongState."""
    question = _managed(question_id, by)
    if question.settled_at is None:
        raise WrongState(_l("This question is open already."))
    question.settled_at, question.settled_by_id = None, None
    db.session.flush()
    audit.record("reopen", "talk_question", question.id, by=by)
    return question


def _managed(question_id: int, by: User) -> TalkQuestion:
    query = select(TalkQuestion).where(TalkQuestion.id == question_id).with_for_update()
    question = db.session.scalars(query.execution_options(populate_existing=True)).first()
    if question is None or not can_manage_event(by, db.session.get_one(Event, question.event_id)):
        raise NotAllowed
    return question
