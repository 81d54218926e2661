"""Reads of suggestions for the desk: the list, what waits, when something is due (rule 15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import joinedload, lazyload, load_only, selectinload

from hub import clock
from hub.enums import FINAL_SUGGESTION, StaffRole, SuggestionCategory, SuggestionStatus
from hub.extensions import db
from hub.models import (
    Backer,
    Community,
    Membership,
    ResponseTemplate,
    Suggestion,
    SuggestionEntry,
    SuggestionResponse,
    SuggestionText,
    User,
)
from hub.policies import sees_all_people
from hub.policies.suggestions import can_handle_suggestions, due_day

S = SuggestionStatus
PAGE_SIZE = 30
TO_TAKE = (S.RECEIVED, S.REOPENED, S.ACKNOWLEDGED)  # before they have an owner
OPEN = tuple(status for status in S if not status.is_final)
# What due_day() asks of a suggestion, and what a calendar says of it.
NARROW = load_only(
    *(Suggestion.status, Suggestion.counted_on, Suggestion.acknowledged_on, Suggestion.due_on),
    *(Suggestion.paused_on, Suggestion.category, Suggestion.received_on, Suggestion.community_id),
)


@dataclass(frozen=True, slots=True)
class SuggestionFilter:
    """What the list is narrowed to. ``status`` None: all that are open; ``concluded``: all that
    are not. ``community`` 0: those of the whole subdistrict."""

    mine: bool = False
    status: SuggestionStatus | None = None
    concluded: bool = False
    category: SuggestionCategory | None = None
    community: int | None = None
    owner: int | None = None
    overdue: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class WaitingSuggestions:
    """What waits at a desk: ``number`` that its person has to do something about, how many of all
    that they look after are overdue, and when the next of theirs is due."""

    number: int
    overdue: int
    nearest: date | None


@dataclass(frozen=True, slots=True)
class DueSuggestion:
    """For a calendar: which one, what about, by when, since when it stands so (rule 19)."""

    id: int
    number: str
    category: SuggestionCategory
    due: date
    since: date


def managed_suggestions(user: User) -> ColumnElement[bool]:
    """What ``policies.can_manage_suggestion`` says, in SQL."""
    if sees_all_people(user):
        return true()
    here = {m.community_id for m in user.roles if m.role is StaffRole.STAFF}
    return Suggestion.community_id.in_(here) if here else false()


def waits_for(user: User) -> ColumnElement[bool]:
    """What the person has to do something about: new ones, and those they answer while nobody is
    asked for something. What they made or wrote down themselves waits for a colleague (rule 5)."""
    theirs = and_(
        Suggestion.owner_id == user.id,
        Suggestion.status.in_((S.TRIAGED, S.IN_PROGRESS, S.RESPONDED)),
        Suggestion.paused_on.is_(None),
    )
    own = or_(Suggestion.user_id == user.id, Suggestion.collected_by_id == user.id)
    return and_(
        managed_suggestions(user),
        or_(Suggestion.status.in_(TO_TAKE), theirs),
        ~func.coalesce(own, False),
    )


def desk_suggestions(
    wanted: SuggestionFilter, *, by: User, page: int = 1, limit: int = PAGE_SIZE
) -> list[Suggestion]:
    """Those at the desk of ``by`` that fit, ``limit + 1`` rows at most: overdue ones first, then
    by the day on which the next step is due; concluded ones after them, the newest first."""
    where, start = _narrowed(wanted, by), (page - 1) * limit
    ids = _open_ids(where, wanted) if _asks_for_open(wanted) else []
    found = ids[start : start + limit + 1]
    if _asks_for_final(wanted) and len(found) <= limit:
        final = select(Suggestion.id).where(where, Suggestion.status.in_(FINAL_SUGGESTION))
        final = final.order_by(Suggestion.concluded_on.desc(), Suggestion.id)
        rest = max(0, start - len(ids))
        final = final.offset(rest).limit(limit + 1 - len(found))
        found = [*found, *db.session.scalars(final)]
    return _in_order(found)


def waiting_suggestions(user: User) -> WaitingSuggestions:
    """What waits at the desk of ``user``, for its first page, the digest and the list."""
    if not can_handle_suggestions(user):
        return WaitingSuggestions(0, 0, None)
    query = select(Suggestion, waits_for(user))
    query = query.where(managed_suggestions(user), Suggestion.status.in_(OPEN))
    number, overdue, nearest, today = 0, 0, None, clock.today()
    for row, is_theirs in db.session.execute(query.options(NARROW, lazyload("*"))):
        due = due_day(row)
        number += bool(is_theirs)
        overdue += due is not None and due < today
        if is_theirs and due is not None:
            nearest = min(due, nearest or due)
    return WaitingSuggestions(number, overdue, nearest)


def due_suggestions(user: User, community: str) -> list[DueSuggestion]:
    """What is due at the desk of ``user``, the soonest first; ``community`` is a slug or empty."""
    query = select(Suggestion).where(running_suggestions(user, community))
    rows = db.session.scalars(query.options(NARROW, lazyload("*")))
    found = [
        DueSuggestion(row.id, row.number, row.category, due, row.acknowledged_on or row.counted_on)
        for row in rows
        if (due := due_day(row)) is not None
    ]
    return sorted(found, key=lambda one: (one.due, one.id))


def running_suggestions(user: User, community: str) -> ColumnElement[bool]:
    """Those whose clock may run: all that are not answered."""
    here = [managed_suggestions(user), Suggestion.status.in_((*TO_TAKE, S.TRIAGED, S.IN_PROGRESS))]
    if community:
        slug = select(Community.id).where(Community.slug == community).scalar_subquery()
        here.append(Suggestion.community_id == slug)
    return and_(*here)


def whole_suggestion(suggestion_id: int) -> None:
    """Read into the session all that the page of one suggestion shows, in a fixed number of
    questions."""
    query = (
        select(Suggestion)
        .where(Suggestion.id == suggestion_id)
        .options(
            joinedload(Suggestion.owner).lazyload("*"),
            joinedload(Suggestion.collected_by).lazyload("*"),
            joinedload(Suggestion.user).lazyload("*"),
            joinedload(Suggestion.duplicate_of),
            selectinload(Suggestion.duplicates).joinedload(Suggestion.owner).lazyload("*"),
            selectinload(Suggestion.entries).joinedload(SuggestionEntry.by).lazyload("*"),
            selectinload(Suggestion.responses).options(
                joinedload(SuggestionResponse.written_by).lazyload("*"),
            ),
        )
    )
    db.session.scalars(query).unique().one()


def number_of_backers(suggestion_id: int) -> tuple[int, int]:
    """How many say "me too", and how many follow it."""
    confirmed = (Backer.suggestion_id == suggestion_id, Backer.confirmed_on.is_not(None))
    query = select(
        func.count().filter(Backer.me_too.is_(True)), func.count().filter(Backer.follows.is_(True))
    )
    me_too, follows = db.session.execute(query.where(*confirmed)).one()
    return me_too, follows


def possible_owners() -> list[User]:
    """Staff who answer suggestions, by name; what each may look after decides the service."""
    staff = select(Membership.user_id).where(Membership.role != StaffRole.POLICE)
    query = select(User).where(User.id.in_(staff), User.active.is_(True), User.erased_at.is_(None))
    return list(db.session.scalars(query.order_by(User.name, User.id)))


def response_templates() -> list[ResponseTemplate]:
    return list(db.session.scalars(select(ResponseTemplate).order_by(ResponseTemplate.name)))


def _asks_for_open(wanted: SuggestionFilter) -> bool:
    if wanted.status is not None:
        return not wanted.status.is_final
    return not wanted.concluded


def _asks_for_final(wanted: SuggestionFilter) -> bool:
    """Concluded ones too when somebody looks for words or a number: whatever became of it."""
    if wanted.overdue or wanted.mine:
        return False
    if wanted.status is not None:
        return wanted.status.is_final
    return wanted.concluded or bool(wanted.words)


def _narrowed(wanted: SuggestionFilter, by: User) -> ColumnElement[bool]:
    where = [managed_suggestions(by)]
    if wanted.mine:
        where.append(waits_for(by))
    if wanted.status is not None:
        where.append(Suggestion.status == wanted.status)
    if wanted.category is not None:
        where.append(Suggestion.category == wanted.category)
    if wanted.community is not None:
        where.append(Suggestion.community_id == (wanted.community or None))
    if wanted.owner is not None:
        where.append(Suggestion.owner_id == wanted.owner)
    if wanted.words:
        where.append(_says(wanted.words))
    return and_(*where)


def _says(words: str) -> ColumnElement[bool]:
    """Each word stands in the original, the place or a text; or the words are its number."""
    digits = "".join(c for c in words if c.isascii() and c.isdigit())
    is_number = len(digits) == 9 and set(words) <= set("0123456789- ")
    if is_number:
        return Suggestion.id == int(digits)
    return and_(*(_word(word) for word in words.split()[:8]))


def _word(word: str) -> ColumnElement[bool]:
    text = exists().where(
        SuggestionText.suggestion_id == Suggestion.id,
        or_(
            SuggestionText.title.icontains(word, autoescape=True),
            SuggestionText.said.icontains(word, autoescape=True),
        ),
    )
    return or_(
        Suggestion.original.icontains(word, autoescape=True),
        Suggestion.place.icontains(word, autoescape=True),
        text,
    )


def _open_ids(where: ColumnElement[bool], wanted: SuggestionFilter) -> list[int]:
    """The open ones in the order of urgency. When one is due is known to Python only (working
    days), so all that are open are read, and of each but a few columns."""
    query = select(Suggestion).where(where, Suggestion.status.in_(OPEN))
    today = clock.today()
    urgency = []
    for row in db.session.scalars(query.options(NARROW, lazyload("*"))):
        due = due_day(row)
        if not wanted.overdue or (due is not None and due < today):
            urgency.append((due or date.max, row.received_on, row.id))
    return [number for _due, _received, number in sorted(urgency)]


def _in_order(ids: Sequence[int]) -> list[Suggestion]:
    query = select(Suggestion).where(Suggestion.id.in_(ids))
    query = query.options(joinedload(Suggestion.owner).lazyload("*"))
    rows = {row.id: row for row in db.session.scalars(query).unique()}
    return [rows[number] for number in ids]
