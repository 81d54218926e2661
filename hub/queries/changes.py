""" "You said, we did": what changed because somebody said so, month by month. Reads only.

Everything here is public: suggestions that staff have shown to all, and counts of all of them.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, extract, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from hub.enums import SuggestionStatus
from hub.extensions import db
from hub.models import Backer, Suggestion

S = SuggestionStatus
NEWEST_MONTHS = 3  # that the first page shows
Day = InstrumentedAttribute[date] | InstrumentedAttribute[date | None]
Query = Select[Suggestion, int]


@dataclass(frozen=True, slots=True)
class Change:
    """A public suggestion that came to an end, and how many people said "me too"."""

    suggestion: Suggestion
    me_too: int

    @property
    def is_done(self) -> bool:
        return self.suggestion.status is S.DONE


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """How many suggestions came, were answered for the first time, and were done in a month:
    all of them, also those that are not public."""

    received: int
    answered: int
    done: int


@dataclass(frozen=True, slots=True)
class MonthOfChanges:
    """A month in which public suggestions came to an end, and how many of them are done."""

    first: date
    done: int
    not_adopted: int


def month_after(first: date) -> date:
    """The first day of the month after that of ``first``."""
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1)


def months_of_changes() -> list[MonthOfChanges]:
    """All months in which something public came to an end, the newest first."""
    year, month = (extract(part, Suggestion.concluded_on) for part in ("year", "month"))
    done = func.sum(case((Suggestion.status == S.DONE, 1), else_=0))
    query = (
        select(year, month, done, func.count())
        .where(_told())
        .group_by(year, month)
        .order_by(year.desc(), month.desc())
    )
    return [
        MonthOfChanges(date(int(row[0]), int(row[1]), 1), int(row[2]), row[3] - int(row[2]))
        for row in db.session.execute(query)
    ]


def changes_between(first: date, until: date) -> list[Change]:
    """What came to an end from ``first`` on and before ``until``: what is done first, then the
    newest; each with its texts and its response."""
    query = _changes(and_(Suggestion.concluded_on >= first, Suggestion.concluded_on < until))
    return _read(query.options(selectinload(Suggestion.responses)))


def newest_changes(limit: int) -> list[Change]:
    """The newest ones that are done."""
    return _read(_changes(Suggestion.status == S.DONE).limit(limit))


def month_figures(first: date) -> MonthFigures:
    """Of the month of ``first``, in one query."""
    until = month_after(first)

    def within(column: Day) -> ColumnElement[bool]:
        return and_(column >= first, column < until)

    received, answered = within(Suggestion.received_on), within(Suggestion.answered_on)
    done = and_(Suggestion.status == S.DONE, within(Suggestion.concluded_on))
    columns = [
        func.coalesce(func.sum(case((c, 1), else_=0)), 0) for c in (received, answered, done)
    ]
    query = select(*columns).where(or_(received, answered, done))
    return MonthFigures(*(int(number) for number in db.session.execute(query).one()))


def _told() -> ColumnElement[bool]:
    """What is told here; the index on ``public`` begins with the same."""
    return and_(Suggestion.public.is_(True), Suggestion.status.in_((S.DONE, S.NOT_ADOPTED)))


def _changes(which: ColumnElement[bool]) -> Query:
    me_too = (
        select(func.count())
        .select_from(Backer)
        .where(
            Backer.suggestion_id == Suggestion.id,
            Backer.me_too.is_(True),
            Backer.confirmed_on.is_not(None),
        )
        .correlate(Suggestion)
        .scalar_subquery()
    )
    return (
        select(Suggestion, me_too)
        .where(_told(), which)
        .order_by(Suggestion.status, Suggestion.concluded_on.desc(), Suggestion.id)
    )


def _read(query: Query) -> list[Change]:
    return [Change(row[0], row[1]) for row in db.session.execute(query).unique()]
