"""What people said after events made ready for its pages: bars, tables, the table to take home."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import format_decimal, format_percent

from hub import clock
from hub.enums import SurveyQuestion
from hub.i18n import LANGUAGES, _, current_language, language_name, ngettext
from hub.models import Community, Event
from hub.queries.survey_results import CELLS, OTHERS, Results, Tally

Q = SurveyQuestion
GOOD = (5, 4)
# Three answers in the colours of five: yes as the best, no as the worst.
COLOURS = {3: {3: 5, 2: 3, 1: 1}, 5: {value: value for value in range(1, 6)}}


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a bar of 100 units."""

    x: float
    width: float
    colour: int


@dataclass(frozen=True, slots=True)
class TapsLine:
    """One bar with its name, and the same in ``cells`` of a table; ``url`` if it leads on."""

    name: str
    words: str
    segments: list[Segment]
    cells: list[str]
    url: str | None = None


def figures(tally: Tally) -> list[tuple[str, str]]:
    """Name and number of what is said first."""
    return [
        (_("Answers"), number(tally.answers)),
        (_("Very good or good"), per_cent(tally.share(Q.ENJOYED, *GOOD))),
        (_("Could follow"), per_cent(tally.share(Q.UNDERSTOOD, 3))),
        (_("Would come again"), per_cent(tally.share(Q.AGAIN, 3))),
    ]


def question_lines(tally: Tally) -> list[TapsLine]:
    """A bar for each question."""
    lines = []
    for question in Q:
        tapped = tally.of(question)
        cells = [
            f"{question.choices[value]}: {number(count)} ({per_cent(tally.share(question, value))})"
            for value, count in tapped.items()
        ]
        best = next(iter(question.choices))
        words = _(
            "%(answer)s: %(share)s",
            answer=str(question.choices[best]),
            share=per_cent(tally.share(question, best)),
        )
        lines.append(TapsLine(str(question.label), words, _segments(tapped), cells))
    return lines


def taps_line(name: str, tally: Tally, url: str | None = None) -> TapsLine:
    """How a group of people liked it."""
    tapped = tally.of(Q.ENJOYED)
    cells = [number(tally.answers), *(number(count) for count in tapped.values())]
    cells += [per_cent(tally.share(Q.UNDERSTOOD, 3)), per_cent(tally.share(Q.AGAIN, 3))]
    words = ngettext(
        "%(num)d answer, %(share)s very good or good",
        "%(num)d answers, %(share)s very good or good",
        tally.answers,
        share=per_cent(tally.share(Q.ENJOYED, *GOOD)),
    )
    return TapsLine(name, words, _segments(tapped), cells, url)


def taps_head() -> list[str]:
    """The columns of ``taps_line``, without the name."""
    liked = [str(words) for words in Q.ENJOYED.choices.values()]
    return [_("Answers"), *liked, _("Could follow"), _("Would come again")]


def colour_key() -> list[tuple[int, str]]:
    return [(value, str(words)) for value, words in Q.ENJOYED.choices.items()]


def language_lines(found: Results) -> list[TapsLine]:
    """The most spoken first; what is put together last."""
    sums = found.by(lambda part: part.language)
    ranked = sorted(sums, key=lambda code: (code == OTHERS, -sums[code].answers, code))
    return lines_of((told_language(code), sums[code]) for code in ranked)


def told_language(code: str) -> str:
    """Its name; several that are too few each have one together."""
    if code == OTHERS:
        return _("Several languages together")
    return language_name(code, current_language())


def text_tag(code: str) -> str:
    """The tag of what is written in a language of people, for its ``lang`` attribute."""
    return LANGUAGES[code].tag if code in LANGUAGES else code


def table_head() -> list[str]:
    """The columns of the export."""
    answers = [f"{question.label} {question.choices[value]}" for question, value in CELLS]
    facts = [_("Number"), _("Date"), _("Event"), _("Kind"), _("Series"), _("Community")]
    return [*facts, _("Answers"), *answers]


def table_rows(
    found: Results, events: dict[int, Event], series: dict[int, str], places: Sequence[Community]
) -> list[list[object]]:
    """A line for each event, the newest first."""
    names = {community.id: community.name for community in places}
    rows: list[list[object]] = []
    for event_id, tally in found.by(lambda part: part.event_id).items():
        event = events[event_id]
        facts = [
            event_id,
            clock.to_local(event.starts_at).strftime("%Y-%m-%d %H:%M"),
            event.title,
            str(event.kind.label),
            series.get(event.series_id or 0, ""),
            names.get(event.community_id, ""),
        ]
        rows.append([*facts, tally.answers, *tally.counts])
    return rows


def number(value: int) -> str:
    return str(format_decimal(value))


def per_cent(share: int) -> str:
    return str(format_percent(share / 100))


def _segments(tapped: dict[int, int]) -> list[Segment]:
    together = max(sum(tapped.values()), 1)
    colours, x, found = COLOURS[len(tapped)], 0.0, []
    for value, count in tapped.items():
        width = round(count * 100 / together, 2)
        if count:
            found.append(Segment(round(x, 2), width, colours[value]))
        x += width
    return found


def lines_of(sums: Iterable[tuple[str, Tally]]) -> list[TapsLine]:
    return [taps_line(name, tally) for name, tally in sums]
