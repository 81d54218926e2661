"""How far law talks reach: planned, held, reported, reached against the target.

A talk counts once everywhere: at its one school, and under all its languages taken together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import joinedload, lazyload, selectinload

from hub import clock
from hub.enums import EventKind, EventStatus, Reach
from hub.extensions import db
from hub.models import Event, Series, Talk, TalkPlan, User
from hub.policies import own_community_ids, sees_all_communities
from hub.queries.talk_reports import named_at, reached_between, reached_by, talks_here

Languages = tuple[str, ...]
Key = TypeVar("Key", str, Languages)


@dataclass(frozen=True, slots=True)
class TalkFigure:
    """One talk that is not cancelled. ``people``: how many it reached, None until reported."""

    event_id: int
    title: str
    starts_at: datetime
    community: str
    school: str
    languages: Languages
    expected: int
    draft: bool
    held: bool
    reach: Reach | None = None
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """Talks and people. Drafts are planned too, and told apart; ``unreported`` were held."""

    planned: int = 0
    expected: int = 0
    drafts: int = 0
    expected_of_drafts: int = 0
    held: int = 0
    reported: int = 0
    reached: int = 0

    @property
    def unreported(self) -> int:
        return self.held - self.reported


@dataclass(frozen=True, slots=True)
class Line:
    """The sums of one school or of the same languages; ``target`` where there is one."""

    school: str = ""
    languages: Languages = ()
    sums: Sums = Sums()
    target: int | None = None

    @property
    def per_cent(self) -> int | None:
        return per_cent(self.sums.reached, self.target)


@dataclass(frozen=True, slots=True)
class Coverage:
    """All figures of a series or a season, the talks in the order of their dates."""

    talks: list[TalkFigure] = field(default_factory=list)
    total: Sums = Sums()
    target: int | None = None
    by_school: list[Line] = field(default_factory=list)
    by_language: list[Line] = field(default_factory=list)
    cancelled: int = 0

    @property
    def per_cent(self) -> int | None:
        return per_cent(self.total.reached, self.target)

    @property
    def unreported(self) -> list[TalkFigure]:
        return [talk for talk in self.talks if talk.held and talk.people is None]


@dataclass(frozen=True, slots=True)
class Season:
    """Days, both included."""

    since: date
    until: date


def per_cent(reached: int, target: int | None) -> int | None:
    """Whole per cent, rounded down: 1,499 of 1,500 are not all. None without a target."""
    return reached * 100 // target if target else None


def sum_up(talks: Sequence[TalkFigure]) -> Sums:
    drafts = [talk for talk in talks if talk.draft]
    return Sums(
        planned=len(talks),
        expected=sum(talk.expected for talk in talks),
        drafts=len(drafts),
        expected_of_drafts=sum(talk.expected for talk in drafts),
        held=sum(talk.held for talk in talks),
        reported=sum(talk.people is not None for talk in talks),
        reached=sum(talk.people or 0 for talk in talks),
    )


def cover(
    talks: Sequence[TalkFigure],
    target: int | None = None,
    school_targets: Mapping[str, int] | None = None,
    cancelled: int = 0,
) -> Coverage:
    """The figures of ``talks``. A school with a target and no talk has a line too."""
    talks = sorted(talks, key=lambda talk: (talk.starts_at, talk.event_id))
    schools = _grouped(talks, lambda talk: _folded(talk.school))
    targets = {_folded(name): (name, people) for name, people in (school_targets or {}).items()}
    by_school = []
    for key in sorted({*schools, *targets}):
        here = schools.get(key, [])
        name, people = targets.get(key, (here[0].school.strip() if here else "", None))
        by_school.append(Line(school=name, sums=sum_up(here), target=people))
    spoken = _grouped(talks, lambda talk: talk.languages)
    by_language = [Line(languages=key, sums=sum_up(spoken[key])) for key in sorted(spoken)]
    return Coverage(talks, sum_up(talks), target, by_school, by_language, cancelled)


def half_year(day: date) -> Season:
    """The half of the year in which ``day`` lies."""
    if day.month <= 6:
        return Season(date(day.year, 1, 1), date(day.year, 6, 30))
    return Season(date(day.year, 7, 1), date(day.year, 12, 31))


def half_year_before(day: date) -> Season:
    return half_year(half_year(day).since - timedelta(days=1))


def plans_for(user: User) -> list[TalkPlan]:
    """The series that the person may look at: of their communities, or with a talk there."""
    query = select(TalkPlan).join(TalkPlan.series).options(selectinload(TalkPlan.targets))
    if not sees_all_communities(user):
        here = own_community_ids(user)
        talk = exists().where(Event.series_id == Series.id, Event.community_id.in_(here))
        query = query.where(or_(Series.community_id.in_(here), talk))
    return list(db.session.scalars(query.order_by(TalkPlan.first_day.desc(), Series.id.desc())))


def coverage_of_plan(plan: TalkPlan, user: User) -> Coverage:
    """Of a series, as far as its talks are of the person's desk (rule 20)."""
    talks, cancelled = _talks(user, Event.series_id == plan.series_id)
    targets = {row.school: row.people for row in plan.targets}
    return cover(talks, plan.target, targets, cancelled)


def coverage_of_season(season: Season, user: User) -> Coverage:
    """Of all talks in these days. The target is that of the series that begin in them, so that
    each counts in one half-year only."""
    days = (
        Event.starts_at >= clock.day_start(season.since),
        Event.starts_at < clock.day_start(season.until + timedelta(days=1)),
    )
    talks, cancelled = _talks(user, and_(*days))
    plans = [p for p in plans_for(user) if season.since <= p.first_day <= season.until]
    targets: dict[str, int] = {}
    for plan in plans:
        for row in plan.targets:
            targets[row.school] = targets.get(row.school, 0) + row.people
    return cover(talks, sum(p.target for p in plans) or None, targets, cancelled)


def reached_this_year() -> tuple[int, int]:
    """How many law talks of this year are reported, and how many people they reached: what the
    public page may say."""
    year = clock.today().year
    return reached_between(clock.day_start(date(year, 1, 1)), clock.day_start(date(year + 1, 1, 1)))


def _talks(user: User, which: ColumnElement[bool]) -> tuple[list[TalkFigure], int]:
    """The talks that are not cancelled, and how many are."""
    query = (
        select(Talk)
        .join(Talk.event)
        .where(Event.kind == EventKind.LAW_TALK, talks_here(user), which)
        .options(joinedload(Talk.event).lazyload(Event.venue), lazyload(Talk.topics))
    )
    rows = list(db.session.scalars(query))
    named = named_at(talk.event_id for talk in rows if talk.reach is Reach.NAMED)
    standing = [talk for talk in rows if talk.event.status is not EventStatus.CANCELLED]
    figures = [_figure(talk, named.get(talk.event_id, 0)) for talk in standing]
    return figures, len(rows) - len(standing)


def _figure(talk: Talk, named: int) -> TalkFigure:
    event, draft = talk.event, talk.event.status is EventStatus.DRAFT
    return TalkFigure(
        event_id=event.id,
        title=event.title,
        starts_at=event.starts_at,
        community=event.community.name,
        school=talk.school,
        languages=tuple(event.languages),
        expected=talk.expected,
        draft=draft,
        held=not draft and event.has_ended(clock.now()),
        reach=talk.reach,
        people=reached_by(talk, named),
    )


def _grouped(
    talks: Sequence[TalkFigure], key: Callable[[TalkFigure], Key]
) -> dict[Key, list[TalkFigure]]:
    found: dict[Key, list[TalkFigure]] = {}
    for talk in talks:
        found.setdefault(key(talk), []).append(talk)
    return found


def _folded(school: str) -> str:
    """The same school however it was typed."""
    return " ".join(school.split()).casefold()
