"""What is past its date, as the forms promised (rule 18). Reads only: a purge takes it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, exists, func, or_, select

from hub import clock
from hub.enums import MessageKind, MessageState, TalkRequestStatus
from hub.extensions import db
from hub.models import (
    AuditEntry,
    Backer,
    Event,
    Invitation,
    LogIn,
    Message,
    SignUp,
    Suggestion,
    SurveyAnswer,
    SurveySpent,
    TalkRequest,
    User,
)
from hub.policies import WORDS_KEPT
from hub.policies.surveys import COMMENTS_KEPT, SPENT_KEPT, SURVEY_OPEN
from hub.queries.settings import site_settings

LOG_INS_KEPT = timedelta(days=90)
UNCONFIRMED_KEPT = timedelta(days=30)
BACKERS_KEPT = timedelta(days=7)


def past_their_date() -> dict[str, Select[Any]]:
    """The ids of what a purge takes, by kind: sign-ups of events that ended ``retention_days``
    ago, answered requests for talks and concluded suggestions as old, what messages of 90 days
    said, log-ins of 90 days, addresses on expired invitations, accounts that nobody confirmed,
    addresses of a week behind suggestions, who has answered surveys that closed 30 days ago, and
    what was written in those of two years ago."""
    moment = clock.now()
    ended = moment - timedelta(days=site_settings().retention_days)
    return {  # messages first: those about old sign-ups would go unsaid with them
        "messages": select(Message.id).where(
            Message.created_at < moment - WORDS_KEPT, says_something()
        ),
        "sign_ups": select(SignUp.id)
        .join(Event, Event.id == SignUp.event_id)
        .where(Event.ends_at < ended, SignUp.erased_at.is_(None)),
        "log_ins": select(LogIn.id).where(LogIn.seen_at < moment - LOG_INS_KEPT),
        "invitations": select(Invitation.id).where(
            Invitation.expires_at < moment, Invitation.email != ""
        ),
        "accounts": unconfirmed_accounts(),
        "talk_requests": select(TalkRequest.id).where(
            TalkRequest.created_at < ended,
            TalkRequest.status != TalkRequestStatus.RECEIVED,
            TalkRequest.erased_at.is_(None),
        ),
        **_of_surveys(),
        **_of_suggestions(ended),
    }


def _of_surveys() -> dict[str, Select[Any]]:
    moment = clock.now()
    closed = moment - SURVEY_OPEN - SPENT_KEPT
    return {
        "survey_marks": select(SurveySpent.digest)
        .join(Event, Event.id == SurveySpent.event_id)
        .where(Event.ends_at < closed),
        "survey_comments": select(SurveyAnswer.id)
        .join(Event, Event.id == SurveyAnswer.event_id)
        .where(Event.ends_at < moment - COMMENTS_KEPT, SurveyAnswer.comment != ""),
    }


def _of_suggestions(ended: datetime) -> dict[str, Select[Any]]:
    return {
        "suggestions": select(Suggestion.id).where(
            Suggestion.concluded_on < clock.to_local(ended).date(),
            Suggestion.user_id.is_(None),
            or_(Suggestion.contact != "", Suggestion.name != ""),
        ),
        "backers": select(Backer.id).where(
            Backer.made_on < clock.today() - BACKERS_KEPT,
            or_(
                Backer.confirmed_on.is_(None),
                (Backer.email != "") & Backer.follows.is_(False),
            ),
        ),
    }


def says_something() -> ColumnElement[bool]:
    """Whether a message is more than a line of the log: words, an address, or not sent yet."""
    return or_(
        Message.kind == MessageKind.ACCOUNT,
        Message.state.in_([MessageState.QUEUED, MessageState.SENDING]),
        cast(Message.facts, String).not_in(["{}", "null"]),
        *(
            column != ""
            for column in (Message.address, Message.subject, Message.body, Message.last_error)
        ),
    )


def unconfirmed_accounts() -> Select[int]:
    """Accounts of 30 days whose address was never confirmed, and to which nothing else is tied:
    no role, no appointment, no row of any other table. That they were made, the trail says."""
    query = select(User.id).where(
        User.confirmed_at.is_(None),
        User.erased_at.is_(None),
        User.created_at < clock.now() - UNCONFIRMED_KEPT,
    )
    for table in db.metadata.sorted_tables:
        if table is AuditEntry.__table__:
            continue
        for key in table.foreign_keys:
            if key.column is User.__table__.c.id:
                query = query.where(~exists().where(key.parent == User.id))
    return query


def first_ids(query: Select[Any], limit: int) -> list[Any]:
    """At most ``limit`` ids of ``query``."""
    return list(db.session.scalars(query.limit(limit)))


def how_many(query: Select[Any]) -> int:
    """How many ids ``query`` has."""
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
