"""What is past its date, as the forms promised (rule 18). Reads only: a purge takes it."""

from datetime import timedelta

from sqlalchemy import ColumnElement, Select, String, cast, exists, func, or_, select

from hub import clock
from hub.enums import MessageKind, MessageState, TalkRequestStatus
from hub.extensions import db
from hub.models import AuditEntry, Event, Invitation, LogIn, Message, SignUp, TalkRequest, User
from hub.policies import WORDS_KEPT
from hub.queries.settings import site_settings

LOG_INS_KEPT = timedelta(days=90)
UNCONFIRMED_KEPT = timedelta(days=30)


def past_their_date() -> dict[str, Select[int]]:
    """The ids of what a purge takes, by kind: sign-ups of events that ended ``retention_days``
    ago, answered requests for talks as old, what messages of 90 days said, log-ins of 90 days,
    addresses on expired invitations, and accounts that nobody confirmed."""
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


def first_ids(query: Select[int], limit: int) -> list[int]:
    """At most ``limit`` ids of ``query``."""
    return list(db.session.scalars(query.limit(limit)))


def how_many(query: Select[int]) -> int:
    """How many ids ``query`` has."""
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
