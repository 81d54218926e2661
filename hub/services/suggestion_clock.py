"""What the clock does about suggestions: escalates what is overdue, and asks after four weeks
whether what was said to be done is done (rule 15). A worker calls both once a minute; neither says
anything twice (``Message.once``), however many workers there are.
"""

from datetime import date

from sqlalchemy import Select, and_, exists, or_, select

from hub import clock
from hub.enums import MessageKind, StaffRole, SuggestionIdentity, SuggestionStatus
from hub.extensions import db
from hub.models import Membership, Message, Suggestion, User
from hub.policies.suggestions import ASKED_AFTER, RUNNING_CLOCK, due_day, is_overdue
from hub.services.messages import queue_note, queue_suggestion_mail

K = MessageKind
S = SuggestionStatus
BATCH = 200


def escalate_overdue() -> int:
    """Tell the staff of the subdistrict, and its owner, of each suggestion whose next step is
    overdue: once a person and due day. Returns how many messages were queued."""
    today = clock.today()
    found = [row for row in db.session.scalars(_could_be_overdue(today)) if is_overdue(row, today)]
    if not found:
        return 0
    everybody = _subdistrict_staff()
    wanted: dict[str, tuple[User, Suggestion]] = {}
    for row in found:
        owner = [row.owner] if row.owner is not None and row.owner.active else []
        for user in (*everybody, *owner):
            wanted[f"{K.SUGGESTION_OVERDUE}:{row.id}:{due_day(row):%Y%m%d}:{user.id}"] = (user, row)
    told = _told(list(wanted))
    for once, (user, row) in wanted.items():
        if once not in told:
            queue_note(K.SUGGESTION_OVERDUE, user, row.id, once=once)
    db.session.flush()
    return len(wanted.keys() - told)


def ask_if_done() -> int:
    """Ask those whose suggestion was concluded as done four weeks ago, ``BATCH`` at most, and note
    it: whoever has only the claim code is asked on their page. Returns how many were asked."""
    today = clock.today()
    query = (
        select(Suggestion)
        .where(
            Suggestion.status == S.DONE,
            Suggestion.concluded_on <= today - ASKED_AFTER,
            Suggestion.asked_on.is_(None),
            Suggestion.verdict.is_(None),
            Suggestion.erased_on.is_(None),
            Suggestion.identity != SuggestionIdentity.ANONYMOUS,
        )
        .order_by(Suggestion.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=Suggestion)
    )
    found = list(db.session.scalars(query))
    for row in found:
        row.asked_on = today
        once = f"{K.SUGGESTION_STILL_DONE}:{row.id}:{row.concluded_on:%Y%m%d}"
        queue_suggestion_mail(K.SUGGESTION_STILL_DONE, row, once=once)
    db.session.flush()
    return len(found)


def _could_be_overdue(today: date) -> Select[Suggestion]:
    """A little more than what ``is_overdue`` says, through an index."""
    return (
        select(Suggestion)
        .where(
            or_(
                and_(
                    Suggestion.status.in_(RUNNING_CLOCK),
                    Suggestion.due_on < today,
                    Suggestion.paused_on.is_(None),
                ),
                and_(
                    Suggestion.status.in_((S.RECEIVED, S.REOPENED)), Suggestion.counted_on < today
                ),
                and_(Suggestion.status == S.ACKNOWLEDGED, Suggestion.acknowledged_on < today),
            )
        )
        .order_by(Suggestion.id)
    )


def _subdistrict_staff() -> list[User]:
    """Active people who look after all communities, the police not among them."""
    everywhere = exists().where(
        Membership.user_id == User.id,
        Membership.community_id.is_(None),
        Membership.role != StaffRole.POLICE,
    )
    query = select(User).where(everywhere, User.active.is_(True), User.erased_at.is_(None))
    return list(db.session.scalars(query.order_by(User.id)))


def _told(keys: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(keys), BATCH):
        part = keys[start : start + BATCH]
        query = select(Message.once).where(Message.once.in_(part))
        found |= {once for once in db.session.scalars(query) if once is not None}
    return found
