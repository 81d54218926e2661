"""Figures of suggestions: how many came, how quickly they went on, and how they ended (rule 15).

Counted by the day on which they came. Everything is worked out of one narrow row each; staff of
one community see theirs (rule 20).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import lazyload, load_only

from hub import clock
from hub.enums import (
    SuggestionCategory,
    SuggestionEntryKind,
    SuggestionOutcome,
    SuggestionStatus,
    Verdict,
)
from hub.extensions import db
from hub.models import Suggestion, SuggestionEntry, User
from hub.policies.suggestions import (
    ACKNOWLEDGE_AT_MOST,
    RUNNING_CLOCK,
    acknowledge_by,
    due_day,
    is_overdue,
)
from hub.queries.coverage import Season
from hub.queries.suggestions import managed_suggestions

S = SuggestionStatus
Key = TypeVar("Key", SuggestionCategory, int, date)
NARROW = load_only(
    *(Suggestion.id, Suggestion.identity, Suggestion.collected_by_id, Suggestion.category),
    *(Suggestion.community_id, Suggestion.language, Suggestion.status, Suggestion.received_on),
    *(Suggestion.counted_on, Suggestion.acknowledged_on, Suggestion.due_on, Suggestion.paused_on),
    *(Suggestion.answered_on, Suggestion.concluded_on, Suggestion.outcome, Suggestion.verdict),
)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of those of which it can be said already."""

    number: int = 0
    of: int = 0

    @property
    def per_cent(self) -> int | None:
        """Rounded down: 199 of 200 are not all. None while nothing can be said."""
        return self.number * 100 // self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Sums:
    """Of some suggestions. ``in_time``: acknowledged within three working days, ``within_15``:
    within 15 days, ``answered_in_time``: by the day on which their owner had to. The medians are
    days since they came, None while there is nothing to measure."""

    received: int = 0
    in_time: Share = Share()
    within_15: Share = Share()
    answered: int = 0
    answered_in_time: Share = Share()
    to_acknowledgement: float | None = None
    to_answer: float | None = None
    to_end: float | None = None
    open: int = 0
    overdue: int = 0
    reopened: int = 0
    outcomes: dict[SuggestionOutcome, int] = field(default_factory=dict)
    ends: dict[SuggestionStatus, int] = field(default_factory=dict)
    verdicts: dict[Verdict, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SuggestionFigures:
    """``rows`` in the order in which they came; ``reopened`` holds the ids of those that were
    opened again. ``by_community``: None stands for the whole subdistrict."""

    rows: list[Suggestion]
    reopened: frozenset[int]
    total: Sums
    by_category: list[tuple[SuggestionCategory, Sums]]
    by_community: list[tuple[int | None, Sums]]
    by_month: list[tuple[date, Sums]]


def suggestion_figures(
    season: Season, user: User, *, community_id: int | None = None
) -> SuggestionFigures:
    """Of what came in these days at the desk of ``user``, perhaps of one community only. Two
    queries."""
    here = (
        managed_suggestions(user),
        Suggestion.received_on >= season.since,
        Suggestion.received_on <= season.until,
        *((Suggestion.community_id == community_id,) if community_id is not None else ()),
    )
    query = select(Suggestion).where(*here).options(NARROW, lazyload("*"))
    rows = list(db.session.scalars(query.order_by(Suggestion.received_on, Suggestion.id)))
    again = select(SuggestionEntry.suggestion_id).where(
        SuggestionEntry.kind == SuggestionEntryKind.REOPENED,
        SuggestionEntry.suggestion_id.in_(select(Suggestion.id).where(*here)),
    )
    return work_out(rows, frozenset(db.session.scalars(again)), clock.today())


def work_out(rows: list[Suggestion], reopened: frozenset[int], today: date) -> SuggestionFigures:
    """The figures of ``rows`` on that day."""

    def sums(some: Sequence[Suggestion]) -> Sums:
        return _sums(some, reopened, today)

    categories = {category: number for number, category in enumerate(SuggestionCategory)}
    by_category = _grouped(rows, lambda row: row.category)
    by_month = _grouped(rows, lambda row: row.received_on.replace(day=1))
    by_place = _grouped(rows, lambda row: row.community_id or 0)
    return SuggestionFigures(
        rows=rows,
        reopened=reopened,
        total=sums(rows),
        by_category=[
            (c, sums(by_category[c])) for c in sorted(by_category, key=categories.__getitem__)
        ],
        by_community=[(place or None, sums(by_place[place])) for place in sorted(by_place)],
        by_month=[(first, sums(by_month[first])) for first in sorted(by_month)],
    )


def was_acknowledged_in_time(row: Suggestion) -> bool:
    return row.acknowledged_on is not None and row.acknowledged_on <= acknowledge_by(
        row.received_on
    )


def was_answered_in_time(row: Suggestion) -> bool:
    return row.answered_on is not None and row.due_on is not None and row.answered_on <= row.due_on


def _sums(rows: Sequence[Suggestion], reopened: frozenset[int], today: date) -> Sums:
    answered = [row for row in rows if row.answered_on is not None]
    late = [row for row in rows if _is_late_with_answer(row, today)]
    return Sums(
        received=len(rows),
        in_time=_acknowledged(rows, was_acknowledged_in_time, acknowledge_by, today),
        within_15=_acknowledged(rows, _within_15, lambda day: day + ACKNOWLEDGE_AT_MOST, today),
        answered=len(answered),
        answered_in_time=Share(
            sum(was_answered_in_time(row) for row in answered), len(answered) + len(late)
        ),
        to_acknowledgement=_median_days(rows, lambda row: row.acknowledged_on),
        to_answer=_median_days(rows, lambda row: row.answered_on),
        to_end=_median_days(rows, lambda row: row.concluded_on),
        open=sum(not row.status.is_final for row in rows),
        overdue=sum(is_overdue(row, today) for row in rows),
        reopened=sum(row.id in reopened for row in rows),
        outcomes=_counted(SuggestionOutcome, (row.outcome for row in rows)),
        ends={s: sum(row.status is s for row in rows) for s in S if s.is_final},
        verdicts=_counted(Verdict, (row.verdict for row in rows)),
    )


def _within_15(row: Suggestion) -> bool:
    done = row.acknowledged_on
    return done is not None and done <= row.received_on + ACKNOWLEDGE_AT_MOST


def _acknowledged(
    rows: Sequence[Suggestion],
    in_time: Callable[[Suggestion], bool],
    last_day: Callable[[date], date],
    today: date,
) -> Share:
    """Of those that are acknowledged or should be by now."""
    known = [r for r in rows if r.acknowledged_on is not None or last_day(r.received_on) < today]
    return Share(sum(in_time(row) for row in known), len(known))


def _is_late_with_answer(row: Suggestion, today: date) -> bool:
    """Nothing answered yet, and the day has passed."""
    due = due_day(row) if row.status in RUNNING_CLOCK and row.answered_on is None else None
    return due is not None and due < today


def _median_days(
    rows: Sequence[Suggestion], end: Callable[[Suggestion], date | None]
) -> float | None:
    days = [(day - row.received_on).days for row in rows if (day := end(row)) is not None]
    return float(median(days)) if days else None


Choice = TypeVar("Choice", SuggestionOutcome, Verdict)


def _counted(choices: Iterable[Choice], said: Iterable[Choice | None]) -> dict[Choice, int]:
    known = list(said)
    return {choice: sum(one is choice for one in known) for choice in choices}


def _grouped(
    rows: Sequence[Suggestion], key: Callable[[Suggestion], Key]
) -> dict[Key, list[Suggestion]]:
    found: dict[Key, list[Suggestion]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found
