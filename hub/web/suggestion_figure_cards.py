"""The figures of suggestions made ready for their page: numbers, lines, a picture, the table."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import format_decimal, format_percent

from hub.enums import SuggestionStatus
from hub.i18n import _, ngettext
from hub.models import Community, Suggestion
from hub.policies.suggestions import acknowledge_by
from hub.queries.suggestion_figures import (
    Share,
    SuggestionFigures,
    Sums,
    was_acknowledged_in_time,
    was_answered_in_time,
)
from hub.web.filters import spoken_name
from hub.web.month_chart import MonthChart, month_chart

S = SuggestionStatus
BAR = 120  # the longest bar beside a number


@dataclass(frozen=True, slots=True)
class FigureLine:
    """The sums of a category or a community in words; ``bar``: how long its bar is."""

    name: str
    bar: float
    received: str
    in_time: str
    answered: str
    answered_in_time: str
    to_answer: str
    to_end: str
    open: str
    overdue: str


def figures(sums: Sums) -> list[tuple[str, str, str]]:
    """Name, number and a word more of each figure."""
    return [
        (_("Received"), _number(sums.received), ""),
        (_("Acknowledged in time"), _per_cent(sums.in_time), _of(sums.in_time)),
        (_("Acknowledged within 15 days"), _per_cent(sums.within_15), _of(sums.within_15)),
        (_("Answered in time"), _per_cent(sums.answered_in_time), _of(sums.answered_in_time)),
        (_("Days to the acknowledgement"), days(sums.to_acknowledgement), _("median")),
        (_("Days to the first answer"), days(sums.to_answer), _("median")),
        (_("Days to the end"), days(sums.to_end), _("median")),
        (_("Open now"), _number(sums.open), _overdue(sums.overdue)),
    ]


def ends(sums: Sums) -> list[tuple[str, list[tuple[str, int, float]]]]:
    """Under a heading each: names, numbers and the length of their bars."""
    reopened = [(_("Opened again"), sums.reopened)]
    groups = [
        (_("What the office decided"), [(str(o.label), n) for o, n in sums.outcomes.items()]),
        (_("How they ended"), [(str(s.label), n) for s, n in sums.ends.items()] + reopened),
        (_("What submitters say after four weeks"), _verdicts(sums)),
    ]
    return [(heading, _with_bars(lines)) for heading, lines in groups]


def category_lines(found: SuggestionFigures) -> list[FigureLine]:
    longest = max((sums.received for _c, sums in found.by_category), default=0)
    lines = [_line(str(c.label), sums, longest) for c, sums in found.by_category]
    return [*lines, _line(_("Together"), found.total, 0)]


def community_lines(
    found: SuggestionFigures, communities: Mapping[int, Community]
) -> list[FigureLine]:
    longest = max((sums.received for _c, sums in found.by_community), default=0)
    lines = [
        _line(
            _place(key, communities),
            sums,
            longest,
        )
        for key, sums in found.by_community
    ]
    return [*lines, _line(_("Together"), found.total, 0)]


def months_picture(found: SuggestionFigures) -> MonthChart | None:
    """What came each month, by what has become of it; None while nothing came."""
    if not found.rows:
        return None
    kinds = [(1, _("Done")), (2, _("Ended otherwise")), (3, _("Still open"))]
    months = [(first, _parts(sums)) for first, sums in found.by_month]
    return month_chart(months, kinds, _top, _number)


def table_head() -> list[str]:
    """The columns of the export."""
    return [
        *(_("Number"), _("Received"), _("Category"), _("Community"), _("Language")),
        *(_("How reached"), _("Written down by an assistant"), _("State"), _("Acknowledged")),
        *(_("Acknowledge by"), _("Acknowledged in time"), _("Answer due"), _("First answer")),
        *(_("Answered in time"), _("Outcome"), _("Ended"), _("Opened again")),
        _("Four weeks after"),
    ]


def table_rows(
    found: SuggestionFigures, communities: Mapping[int, Community]
) -> list[list[object]]:
    """A line for each suggestion: no words of it, and nobody's name."""
    return [_row(row, found, communities) for row in found.rows]


def _row(
    row: Suggestion, found: SuggestionFigures, communities: Mapping[int, Community]
) -> list[object]:
    return [
        row.number,
        row.received_on.isoformat(),
        str(row.category.label),
        _place(row.community_id, communities),
        spoken_name(row.language),
        str(row.identity.label),
        _yes(row.collected_by_id is not None),
        str(row.status.label),
        _day(row.acknowledged_on),
        _day(acknowledge_by(row.received_on)),
        _yes(was_acknowledged_in_time(row)) if row.acknowledged_on else "",
        _day(row.due_on),
        _day(row.answered_on),
        _yes(was_answered_in_time(row)) if row.answered_on else "",
        str(row.outcome.label) if row.outcome else "",
        _day(row.concluded_on),
        _yes(row.id in found.reopened),
        str(row.verdict.label) if row.verdict else "",
    ]


def _place(key: int | None, communities: Mapping[int, Community]) -> str:
    place = communities.get(key or 0)
    return place.name if place is not None else _("The whole subdistrict")


def days(value: float | None) -> str:
    """``3`` or ``2.5``; a dash while there is nothing to measure."""
    return str(format_decimal(value)) if value is not None else "–"


def _line(name: str, sums: Sums, longest: int) -> FigureLine:
    return FigureLine(
        name=name,
        bar=round(sums.received / longest * BAR, 1) if longest else 0,
        received=_number(sums.received),
        in_time=_per_cent(sums.in_time),
        answered=_number(sums.answered),
        answered_in_time=_per_cent(sums.answered_in_time),
        to_answer=days(sums.to_answer),
        to_end=days(sums.to_end),
        open=_number(sums.open),
        overdue=_number(sums.overdue),
    )


def _parts(sums: Sums) -> list[int]:
    done = sums.ends[S.DONE]
    return [done, sums.received - sums.open - done, sums.open]


def _verdicts(sums: Sums) -> list[tuple[str, int]]:
    return [(str(verdict.label), number) for verdict, number in sums.verdicts.items()]


def _with_bars(lines: list[tuple[str, int]]) -> list[tuple[str, int, float]]:
    longest = max((number for _name, number in lines), default=0)
    return [(name, n, round(n / longest * BAR, 1) if longest else 0) for name, n in lines]


def _top(number: int) -> int:
    """The end of the scale: even, with room above."""
    wanted, size = max(4, number), 1
    while size * 10 < wanted:
        size *= 10
    return next(size * nice for nice in (2, 4, 6, 8, 10, 20) if size * nice >= wanted)


def _number(value: int) -> str:
    return str(format_decimal(value))


def _per_cent(share: Share) -> str:
    return str(format_percent(share.per_cent / 100)) if share.per_cent is not None else "–"


def _of(share: Share) -> str:
    if not share.of:
        return ""
    return _("%(number)s of %(all)s", number=_number(share.number), all=_number(share.of))


def _overdue(number: int) -> str:
    return ngettext("%(num)d overdue", "%(num)d overdue", number) if number else _("none overdue")


def _day(value: object) -> str:
    return str(value) if value is not None else ""


def _yes(value: bool) -> str:
    return _("yes") if value else _("no")
