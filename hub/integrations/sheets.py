"""Tables for spreadsheet programs: CSV with a byte order mark, formulas made harmless (rule 22)."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

BOM = "\ufeff"  # without it, Excel reads UTF-8 as something else
MIMETYPE = "text/csv"
# What makes a cell a formula, in ASCII and in the full width of East Asian keyboards.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")


def neutral(value: object) -> object:
    """A cell that no spreadsheet takes for a formula. Numbers stay numbers, nothing is empty.

    Blanks before a formula do not save anybody: some programs cut them off first.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.lstrip(" \u00a0\u3000\ufeff").startswith(FORMULA_STARTS) else value


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180), the first with the byte order mark."""
    yield BOM + _line(head)
    for row in rows:
        yield _line(row)


def to_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A whole CSV file."""
    return "".join(csv_lines(head, rows)).encode()


def _line(cells: Sequence[object]) -> str:
    out = StringIO()
    csv.writer(out).writerow([neutral(cell) for cell in cells])
    return out.getvalue()
