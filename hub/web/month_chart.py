"""Columns by month, each stacked of parts: drawn by components/month_chart.html, which has the same
numbers in a table below."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from hub.web.filters import month_name, short_month_of

WIDTH, HEIGHT, FOOT, SIDE, EDGE = 420, 200, 24, 56, 10  # units of the picture
FEWEST, WIDEST = 6, 28  # room for so many months at least; a column is never wider
MOST_LABELS = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of a column, in units of the picture; ``kind`` says which colour and weave."""

    x: int
    y: float
    height: float
    kind: int


@dataclass(frozen=True, slots=True)
class MonthChart:
    """``labels`` are (x, words), ``grid`` is (y, words), ``kinds`` are (kind, words); ``rows`` say
    the same in words: month, parts, sum."""

    width: int
    height: int
    side: int
    column: int
    bars: list[Bar]
    labels: list[tuple[int, str]]
    grid: list[tuple[float, str]]
    kinds: list[tuple[int, str]]
    rows: list[tuple[str, list[str], str]]


def month_chart(
    months: list[tuple[date, list[int]]],
    kinds: list[tuple[int, str]],
    scale: Callable[[int], int],
    say: Callable[[int], str],
    *,
    most: int | None = None,
) -> MonthChart | None:
    """The first day of each month with its parts, one for each of ``kinds``; None if there are no
    months. ``scale`` gives the end of the scale for the largest sum, ``say`` writes a value.

    The picture shows the last ``most`` months (None: all), the table all of them.
    """
    if not months:
        return None
    shown = months[-most:] if most else months
    top, tall = scale(max(sum(parts) for _first, parts in shown)), HEIGHT - FOOT - EDGE
    step = (WIDTH - SIDE) // max(len(shown), FEWEST)
    column = min(WIDEST, max(step - 8, round(step * 0.6)))
    every = -(-len(shown) // MOST_LABELS)
    bars, labels = [], []
    for number, (first, parts) in enumerate(shown):
        x, y = SIDE + number * step + (step - column) // 2, float(HEIGHT - FOOT)
        if number % every == 0:
            labels.append((x + column // 2, short_month_of(first)))
        for (kind, _words), part in zip(kinds, parts, strict=True):
            if height := round(part / top * tall, 1):
                y = round(y - height, 1)
                bars.append(Bar(x, y, height, kind))
    grid = [
        (round(HEIGHT - FOOT - half / 2 * tall, 1), say(top * half // 2) if half else "0")
        for half in range(3)
    ]
    rows = [
        (month_name(first), [say(part) for part in parts], say(sum(parts)))
        for first, parts in months
    ]
    return MonthChart(WIDTH, HEIGHT, SIDE, column, bars, labels, grid, kinds, rows)
