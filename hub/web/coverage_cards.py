"""The coverage of law talks made ready for its page: figures, lines, a picture, the table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from babel.lists import format_list
from flask_babel import format_decimal, format_percent, get_locale

from hub import clock
from hub.enums import Reach
from hub.i18n import _, current_language, language_name, ngettext
from hub.queries.coverage import Coverage, Line, Sums, TalkFigure
from hub.web.filters import day

WIDTH, HEIGHT, FOOT, SIDE, EDGE = 420, 240, 24, 50, 8  # units of the picture
FEWEST_SLOTS, WIDEST = 6, 34
CLOSE = 16  # lines nearer than this have their words on both sides


@dataclass(frozen=True, slots=True)
class Step:
    """One talk in the picture: ``before`` is what all earlier talks reached, ``added`` its own."""

    x: float
    y: float
    added: float
    before: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across the picture with its words, which stand at ``text_y``."""

    y: float
    text_y: float
    words: str


@dataclass(frozen=True, slots=True)
class CoveragePicture:
    """People reached, talk after talk, against the target; ``rows`` are the same in a table."""

    width: int
    height: int
    column: float
    steps: list[Step]
    target: Mark | None
    planned: Mark | None
    labels: list[tuple[float, str]]
    grid: list[tuple[float, str]]
    rows: list[tuple[str, str, str, str, str, str, str, str]]


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One school, or the same languages, all in words."""

    name: str
    talks: str
    expected: str
    held: str
    reported: str
    reached: str
    target: str
    per_cent: str


def figures(found: Coverage) -> list[tuple[str, str, str]]:
    """Name, number and a word more of each figure."""
    sums = found.total
    share = _per_cent(found.per_cent)
    return [
        (_("Planned"), _talks(sums.planned), _people(sums.expected)),
        (_("Held"), _talks(sums.held), ""),
        (_("Reported"), _talks(sums.reported), ""),
        (_("Reached"), _people(sums.reached), share),
        (_("Target"), _people(found.target) if found.target else "–", ""),
    ]


def school_lines(found: Coverage) -> list[CoverageLine]:
    lines = [_line(row.school or _("No school named"), row) for row in found.by_school]
    return [*lines, _all(found)]


def language_lines(found: Coverage) -> list[CoverageLine]:
    """A talk in two languages stands in a line of its own, so that nothing counts twice."""
    lines = [
        _line(spoken(row.languages) or _("No language named"), row) for row in found.by_language
    ]
    return [*lines, _all(found)]


def spoken(languages: Sequence[str]) -> str:
    """``English and Russian``."""
    names = [language_name(code, current_language()) for code in languages]
    return format_list(names, locale=get_locale()) if names else ""


def coverage_picture(found: Coverage) -> CoveragePicture | None:
    """None while no talk is planned."""
    if not found.talks:
        return None
    top = _top(max(found.target or 0, found.total.expected, found.total.reached, 10))
    tall = HEIGHT - FOOT - EDGE
    slot = (WIDTH - SIDE - EDGE) / max(len(found.talks), FEWEST_SLOTS)
    column = round(min(WIDEST, slot * 0.8), 1)

    def height(people: int) -> float:
        return round(people / top * tall, 1)

    steps, labels, together = [], [], 0
    every = -(-len(found.talks) // 12)
    for number, talk in enumerate(found.talks):
        x = round(SIDE + number * slot + (slot - column) / 2, 1)
        if number % every == 0:
            labels.append((round(x + column / 2, 1), _number(number + 1)))
        if talk.people is not None:
            before, together = together, together + talk.people
            y = round(HEIGHT - FOOT - height(together), 1)
            added = round(height(together) - height(before), 1)
            steps.append(Step(x, y, added, height(before)))
    base = HEIGHT - FOOT
    grid = [(base - height(top * part // 2), _number(top * part // 2)) for part in range(3)]
    target, planned = _marks(found, lambda people: round(base - height(people), 1))
    return CoveragePicture(
        WIDTH, HEIGHT, column, steps, target, planned, labels, grid, _talk_rows(found)
    )


def table_head() -> list[str]:
    """The columns of the export."""
    return [
        *(_("Number"), _("Date"), _("Talk"), _("Community"), _("School"), _("Languages")),
        *(_("Expected"), _("State"), _("Names checked in"), _("Head count"), _("Reached")),
    ]


def table_rows(found: Coverage) -> list[list[object]]:
    """A line for each talk. Names and heads stand in columns of their own: they never add up."""
    return [
        [
            talk.event_id,
            clock.to_local(talk.starts_at).strftime("%Y-%m-%d %H:%M"),
            talk.title,
            talk.community,
            talk.school,
            spoken(talk.languages),
            talk.expected,
            _state(talk),
            talk.people if talk.reach is Reach.NAMED else None,
            talk.people if talk.reach is Reach.HEADCOUNT else None,
            talk.people,
        ]
        for talk in found.talks
    ]


def _talk_rows(found: Coverage) -> list[tuple[str, str, str, str, str, str, str, str]]:
    rows, together = [], 0
    for number, talk in enumerate(found.talks, start=1):
        together += talk.people or 0
        told = talk.people is not None
        rows.append(
            (
                _number(number),
                day(talk.starts_at),
                talk.title,
                talk.school,
                spoken(talk.languages),
                _number(talk.expected),
                _number(talk.people or 0) if told else _state(talk),
                _number(together) if told else "",
            )
        )
    return rows


def _state(talk: TalkFigure) -> str:
    if talk.people is not None:
        return _("Reported")
    if talk.draft:
        return _("Not published yet")
    return _("Not reported yet") if talk.held else _("To come")


def _marks(found: Coverage, level: Callable[[int], float]) -> tuple[Mark | None, Mark | None]:
    """The target, and what is planned: with their words on both sides where they are close."""
    expected = found.total.expected
    y = level(expected)
    words = _("Planned: %(number)s", number=_number(expected))
    if not found.target:
        return None, Mark(y, _clear(y - 5), words) if expected else None
    goal = level(found.target)
    said = _("Target: %(number)s", number=_number(found.target))
    if not expected:
        return Mark(goal, _clear(goal - 5), said), None
    close = abs(goal - y) < CLOSE  # then the upper line's words stand over it, the lower's under it
    return (
        Mark(goal, goal + 16 if close and goal > y else _clear(goal - 5), said),
        Mark(y, y + 16 if close and y >= goal else _clear(y - 5), words),
    )


def _clear(y: float) -> float:
    """Words that stay in the picture."""
    return round(max(y, 12), 1)


def _line(name: str, row: Line) -> CoverageLine:
    return _in_words(name, row.sums, row.target, row.per_cent)


def _all(found: Coverage) -> CoverageLine:
    return _in_words(_("Together"), found.total, found.target, found.per_cent)


def _in_words(name: str, sums: Sums, target: int | None, share: int | None) -> CoverageLine:
    return CoverageLine(
        name=name,
        talks=_number(sums.planned),
        expected=_number(sums.expected),
        held=_number(sums.held),
        reported=_number(sums.reported),
        reached=_number(sums.reached),
        target=_number(target) if target is not None else "–",
        per_cent=_per_cent(share) or "–",
    )


def _number(value: int) -> str:
    return str(format_decimal(value))


def _per_cent(share: int | None) -> str:
    return str(format_percent(share / 100)) if share is not None else ""


def _talks(number: int) -> str:
    return ngettext("%(number)s talk", "%(number)s talks", number, number=_number(number))


def _people(number: int) -> str:
    return ngettext("%(number)s person", "%(number)s people", number, number=_number(number))


def _top(people: int) -> int:
    """The end of the scale: a round number that can be halved, with room for words above."""
    wanted, size = people * 1.08, 10
    while size * 10 < wanted:
        size *= 10
    return next(size * nice for nice in (1, 2, 3, 4, 5, 6, 8, 10) if size * nice >= wanted)
