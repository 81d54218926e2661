"""What is past its date goes, as the forms promised (rule 18). The command commits each batch."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, Executable, case, delete, select, update
from sqlalchemy.orm import lazyload

from hub.enums import MessageKind, MessageState
from hub.extensions import db
from hub.models import (
    Invitation,
    LogIn,
    Message,
    SurveyAnswer,
    SurveyCommentText,
    SurveySpent,
    User,
)
from hub.queries.retention import unconfirmed_accounts
from hub.services import audit
from hub.services.privacy import empty_account, erase_rows
from hub.services.suggestion_erasure import forget_backers, forget_contacts
from hub.services.talk_requests import erase_request_rows


def purge_rows(kind: str, ids: Sequence[Any]) -> int:
    """Erase or delete rows of ``kind`` (hub/queries/retention.py, ``past_their_date``)."""
    return _PURGES[kind](ids)


def note_purge(done: dict[str, int]) -> None:
    """Put on record how many rows of each kind a purge changed; nothing if there were none."""
    if any(done.values()):
        audit.record("purge", "site", 0, by=None, after=dict(done))


def _empty_messages(ids: Sequence[int]) -> int:
    """That there was one stays in the log, as long as its person's data do; what it said goes.
    Mails about accounts are nobody's but their address: they go wholly. What never left never
    will."""
    old = Message.id.in_(ids)
    gone = _count(delete(Message).where(old, Message.kind == MessageKind.ACCOUNT))
    waiting = Message.state.in_([MessageState.QUEUED, MessageState.SENDING])
    state = case((waiting, MessageState.DROPPED.value), else_=Message.state)
    words = {"facts": {}, "address": "", "subject": "", "body": "", "last_error": ""}
    return gone + _count(update(Message).where(old).values(state=state, **words))


def _delete_log_ins(ids: Sequence[int]) -> int:
    return _count(delete(LogIn).where(LogIn.id.in_(ids)))


def _forget_invited(ids: Sequence[int]) -> int:
    return _count(update(Invitation).where(Invitation.id.in_(ids)).values(email=""))


def _empty_accounts(ids: Sequence[int]) -> int:
    """Those that somebody confirmed, or tied something to, while the purge ran stay."""
    accounts = select(User).where(User.id.in_(ids)).options(lazyload("*")).order_by(User.id)
    db.session.scalars(accounts.with_for_update(of=User)).all()
    still = list(db.session.scalars(unconfirmed_accounts().where(User.id.in_(ids))))
    for user_id in still:
        empty_account(db.session.get_one(User, user_id))
    return len(still)


def _forget_answered(digests: Sequence[str]) -> int:
    return _count(delete(SurveySpent).where(SurveySpent.digest.in_(digests)))


def _empty_comments(ids: Sequence[str]) -> int:
    """The taps stay in the figures."""
    _count(delete(SurveyCommentText).where(SurveyCommentText.answer_id.in_(ids)))
    return _count(update(SurveyAnswer).where(SurveyAnswer.id.in_(ids)).values(comment=""))


def _count(statement: Executable) -> int:
    unsynced = statement.execution_options(synchronize_session=False)
    return cast("CursorResult[Any]", db.session.execute(unsynced)).rowcount


_PURGES: dict[str, Callable[[Sequence[Any]], int]] = {
    "sign_ups": erase_rows,
    "messages": _empty_messages,
    "log_ins": _delete_log_ins,
    "invitations": _forget_invited,
    "accounts": _empty_accounts,
    "talk_requests": erase_request_rows,
    "suggestions": forget_contacts,
    "backers": forget_backers,
    "survey_marks": _forget_answered,
    "survey_comments": _empty_comments,
}
