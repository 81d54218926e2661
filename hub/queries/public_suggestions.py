"""Suggestions as their submitters and everybody see them. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import LazyString
from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import joinedload

from hub.enums import SuggestionCategory, SuggestionStatus
from hub.extensions import db
from hub.i18n import _l
from hub.models import Backer, Suggestion, SuggestionText, User

PAGE_SIZE = 20
MOST_OF_ACCOUNT = 100
S = SuggestionStatus


class PublicState(StrEnum):
    """How far a suggestion is, in the three words of the public list."""

    OPEN = "open"
    ANSWERED = "answered"
    DONE = "done"

    @property
    def label(self) -> LazyString:
        return {
            PublicState.OPEN: _l("Being worked on"),
            PublicState.ANSWERED: _l("Answered"),
            PublicState.DONE: _l("Done"),
        }[self]


ANSWERED = (S.RESPONDED, S.NOT_ADOPTED, S.REFERRED, S.DUPLICATE)


class SuggestionOrder(StrEnum):
    NEWEST = "newest"
    BACKED = "backed"

    @property
    def label(self) -> LazyString:
        return {
            SuggestionOrder.NEWEST: _l("Newest first"),
            SuggestionOrder.BACKED: _l("Most “me too” first"),
        }[self]


@dataclass(frozen=True, slots=True)
class PublicFilter:
    """What the list is narrowed to."""

    q: str = ""
    category: SuggestionCategory | None = None
    community_id: int | None = None
    state: PublicState | None = None
    order: SuggestionOrder = SuggestionOrder.NEWEST


@dataclass(frozen=True, slots=True)
class Listed:
    """A suggestion in a list, and how many people say "me too"."""

    suggestion: Suggestion
    me_too: int


def public_state(status: SuggestionStatus) -> PublicState:
    if status is S.DONE:
        return PublicState.DONE
    return PublicState.ANSWERED if status in ANSWERED else PublicState.OPEN


def public_suggestions(wanted: PublicFilter, page: int = 1) -> tuple[list[Listed], bool]:
    """Public suggestions that fit, those of ``page`` (from 1), and whether more follow."""
    backed = (
        select(func.count())
        .select_from(Backer)
        .where(Backer.suggestion_id == Suggestion.id, *_counts())
        .scalar_subquery()
    )
    first = [backed.desc()] if wanted.order is SuggestionOrder.BACKED else []
    query = (
        select(Suggestion, backed)
        .where(Suggestion.public.is_(True), *_conditions(wanted))
        .order_by(*first, Suggestion.received_on.desc(), Suggestion.id.desc())
        .limit(PAGE_SIZE + 1)
        .offset(PAGE_SIZE * (page - 1))
    )
    rows = [Listed(row[0], row[1]) for row in db.session.execute(query).unique()]
    return rows[:PAGE_SIZE], len(rows) > PAGE_SIZE


def me_too_count(suggestion_id: int) -> int:
    """How many people say "me too" and have confirmed it."""
    query = select(func.count()).select_from(Backer)
    query = query.where(Backer.suggestion_id == suggestion_id, *_counts())
    return db.session.scalar(query) or 0


def backing_of(user: User, suggestion_id: int) -> Backer | None:
    """Whether and how the person of an account stands behind it."""
    query = select(Backer).where(Backer.suggestion_id == suggestion_id, Backer.user_id == user.id)
    return db.session.scalar(query)


def suggestion_of_claim(claim_hash: str) -> Suggestion | None:
    """The suggestion whose claim code has that hash."""
    return db.session.scalar(select(Suggestion).where(Suggestion.claim_hash == claim_hash))


def suggestion_of_code(code: str | None) -> Suggestion | None:
    """The suggestion whose private link is made of ``code``, unless its person is deleted."""
    if code is None:
        return None
    query = select(Suggestion).where(Suggestion.code == code, Suggestion.erased_on.is_(None))
    return db.session.scalar(query)


def suggestions_of(user: User) -> list[Suggestion]:
    """What the person of the account suggested, the newest first."""
    return _newest(Suggestion.user_id == user.id)


def collected_by(user: User) -> list[Suggestion]:
    """What ``user`` wrote down for others, the newest first."""
    return _newest(Suggestion.collected_by_id == user.id)


def backed_by(user: User) -> list[Backer]:
    """What the person of the account says "me too" to, or follows."""
    query = select(Backer).where(Backer.user_id == user.id).order_by(Backer.id.desc())
    with_suggestion = query.options(joinedload(Backer.suggestion))
    return list(db.session.scalars(with_suggestion.limit(MOST_OF_ACCOUNT)))


def _newest(condition: ColumnElement[bool]) -> list[Suggestion]:
    query: Select[Suggestion] = select(Suggestion).where(condition)
    query = query.order_by(Suggestion.received_on.desc(), Suggestion.id.desc())
    return list(db.session.scalars(query.limit(MOST_OF_ACCOUNT)).unique())


def _counts() -> Sequence[ColumnElement[bool]]:
    return (Backer.me_too.is_(True), Backer.confirmed_on.is_not(None))


def _conditions(wanted: PublicFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.q:
        words = (SuggestionText.title, SuggestionText.said, SuggestionText.did)
        fits = or_(*(column.icontains(wanted.q, autoescape=True) for column in words))
        found.append(exists().where(SuggestionText.suggestion_id == Suggestion.id, fits))
    if wanted.category is not None:
        found.append(Suggestion.category == wanted.category)
    if wanted.community_id is not None:
        found.append(Suggestion.community_id == wanted.community_id)
    if wanted.state is PublicState.DONE:
        found.append(Suggestion.status == S.DONE)
    elif wanted.state is PublicState.ANSWERED:
        found.append(Suggestion.status.in_(ANSWERED))
    elif wanted.state is PublicState.OPEN:
        found.append(Suggestion.status.not_in([S.DONE, *ANSWERED]))
    return found
