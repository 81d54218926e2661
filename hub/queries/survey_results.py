"""What people said after events, in figures that tell of nobody (rule 17).

Only answers that are shown count, and they become so in lots: each event has none or five at
least. So any choice of whole events does. By language it does not: within each event, languages
with fewer than five answers are put together, and an event is told by language only once its
answers do not change any more. Everything here is a sum of such parts, none of fewer than five,
and so is every difference between two of them. docs/decisions/0017.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import selectinload

from hub import clock
from hub.enums import EventKind, EventStatus, SignUpStatus, SurveyQuestion
from hub.extensions import db
from hub.models import Event, Series, SignUp, SurveyAnswer, SurveyCommentText, User
from hub.policies.surveys import LOT, SURVEY_OPEN
from hub.queries.events import managed_by

Key = TypeVar("Key", bound=Hashable)

CELLS = [(question, value) for question in SurveyQuestion for value in question.choices]
OTHERS = ""  # the languages of an event that are not told apart


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each answer was tapped, in the order of ``CELLS``."""

    counts: tuple[int, ...] = (0,) * len(CELLS)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(tuple(a + b for a, b in zip(self.counts, other.counts, strict=True)))

    @property
    def answers(self) -> int:
        return sum(self.of(SurveyQuestion.ENJOYED).values())

    def of(self, question: SurveyQuestion) -> dict[int, int]:
        """How often each of its answers was tapped, by value, the best one first."""
        cells = zip(CELLS, self.counts, strict=True)
        return {value: count for (asked, value), count in cells if asked is question}

    def share(self, question: SurveyQuestion, *values: int) -> int:
        """Whole per cent, rounded, of those who tapped one of ``values``."""
        tapped = self.of(question)
        return round(sum(tapped[value] for value in values) * 100 / max(self.answers, 1))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which answers: of events that began on these days, both included, and so on."""

    since: date
    until: date
    kind: EventKind | None = None
    series_id: int | None = None
    community_id: int | None = None
    language: str | None = None  # OTHERS: those that are not told apart


@dataclass(frozen=True, slots=True)
class Part:
    """The answers of one event in one language: five at least."""

    event_id: int
    starts_at: datetime
    kind: EventKind
    series_id: int | None
    community_id: int
    language: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Results:
    """Sums of parts; the newest event and month first."""

    parts: list[Part]

    @property
    def total(self) -> Tally:
        return sum((part.tally for part in self.parts), Tally())

    def by(self, key: Callable[[Part], Key]) -> dict[Key, Tally]:
        """The sums of parts that have the same ``key``, in the order of the parts."""
        sums: dict[Key, Tally] = {}
        for part in self.parts:
            sums[key(part)] = sums.get(key(part), Tally()) + part.tally
        return sums


def results_for(user: User, wanted: Wanted) -> Results:
    """What was answered about events that ``user`` manages (rule 20)."""
    where = [managed_by(user), *_narrowed(wanted)]
    found = _parts(where)
    if wanted.language is not None:
        found = [part for part in found if part.language == wanted.language]
    return Results(found)


def results_of(event: Event) -> Results:
    """The same of one event."""
    return Results(_parts([Event.id == event.id]))


def safe_parts(by_language: Mapping[str, Tally]) -> dict[str, Tally]:
    """Languages with fewer than five answers put together as ``OTHERS``; if those are too few
    still, with the smallest of the others, so that they cannot be computed from the sum."""
    told = {code: tally for code, tally in by_language.items() if tally.answers >= LOT}
    small = [tally for code, tally in by_language.items() if code not in told]
    rest = sum(small, Tally())
    while told and 0 < rest.answers < LOT:
        rest += told.pop(min(told, key=lambda code: (told[code].answers, code)))
    return {**told, OTHERS: rest} if rest.answers >= LOT else told


def comments_of(event: Event) -> list[SurveyAnswer]:
    """What people wrote, in no order but that of random ids; once it is shown."""
    query = select(SurveyAnswer).where(
        SurveyAnswer.event_id == event.id, SurveyAnswer.shown.is_(True), SurveyAnswer.comment != ""
    )
    names = selectinload(SurveyAnswer.translations).joinedload(SurveyCommentText.by)
    return list(db.session.scalars(query.options(names).order_by(SurveyAnswer.id)))


def people_checked_in(event_id: int) -> int:
    """How many could answer: everybody of the parties that came."""
    query = select(func.sum(SignUp.party_size)).where(
        SignUp.event_id == event_id, SignUp.status == SignUpStatus.ATTENDED
    )
    return db.session.scalar(query) or 0


def events_by_id(ids: Iterable[int]) -> dict[int, Event]:
    query = select(Event).where(Event.id.in_(list(ids)))
    return {event.id: event for event in db.session.scalars(query)}


def asked_series(user: User) -> list[Series]:
    """The series with a session that has results ``user`` may see."""
    shown = exists().where(SurveyAnswer.event_id == Event.id, SurveyAnswer.shown.is_(True))
    query = (
        select(Series)
        .where(Series.id.in_(select(Event.series_id).where(managed_by(user), shown)))
        .order_by(Series.id.desc())
    )
    return list(db.session.scalars(query))


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [
        Event.status == EventStatus.PUBLISHED,
        Event.starts_at >= clock.day_start(wanted.since),
        Event.starts_at < clock.day_start(wanted.until + timedelta(days=1)),
    ]
    if wanted.kind is not None:
        where.append(Event.kind == wanted.kind)
    if wanted.series_id is not None:
        where.append(Event.series_id == wanted.series_id)
    if wanted.community_id is not None:
        where.append(Event.community_id == wanted.community_id)
    return where


def _parts(where: list[ColumnElement[bool]]) -> list[Part]:
    columns = [
        func.sum(case((SurveyAnswer.__table__.c[question.value] == value, 1), else_=0))
        for question, value in CELLS
    ]
    facts = (Event.id, Event.starts_at, Event.kind, Event.series_id, Event.community_id)
    names = ("event_id", "starts_at", "kind", "series_id", "community_id")
    query = (
        select(*facts, SurveyAnswer.language, *columns)
        .join(SurveyAnswer, SurveyAnswer.event_id == Event.id)
        .where(SurveyAnswer.shown.is_(True), *where)
        .group_by(*facts, SurveyAnswer.language)
        .order_by(Event.starts_at.desc(), Event.id.desc(), SurveyAnswer.language)
    )
    events: dict[int, dict[str, Any]] = {}
    said: dict[int, dict[str, Tally]] = {}
    for row in db.session.execute(query):
        events[row[0]] = dict(zip(names, row[:5], strict=True))
        tally = Tally(tuple(int(count) for count in row[6:]))
        said.setdefault(row[0], {})[row[5]] = tally
    moving = _moving(where)
    return [
        Part(**events[event_id], language=language, tally=tally)
        for event_id, by_language in said.items()
        for language, tally in _told(by_language, moving=event_id in moving).items()
    ]


def _told(by_language: Mapping[str, Tally], *, moving: bool) -> Mapping[str, Tally]:
    return {OTHERS: sum(by_language.values(), Tally())} if moving else safe_parts(by_language)


def _moving(where: list[ColumnElement[bool]]) -> set[int]:
    """Events whose results may still change: looked at twice, what came between would show."""
    mine = SurveyAnswer.event_id == Event.id
    query = select(Event.id).where(
        *where,
        exists().where(mine, SurveyAnswer.shown.is_(True)),
        or_(
            Event.ends_at > clock.now() - SURVEY_OPEN,
            exists().where(mine, SurveyAnswer.shown.is_(False)),
        ),
    )
    return set(db.session.scalars(query))
