"""Workbooks for Excel and its like (xlsxwriter). Texts are texts: no cell is ever a formula."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO

from xlsxwriter import Workbook

MOST_LETTERS = 32_767  # of a cell, by the format


def write_workbook(
    file: IO[bytes],
    sheet: str,
    head: Sequence[str],
    rows: Iterable[Sequence[object]],
    written_at: datetime,
) -> None:
    """Write one sheet row by row. ``written_at`` is local and aware.

    Whole numbers stay numbers, None is an empty cell, all else is written as a string (rule 22).
    """
    with Workbook(file, {"constant_memory": True}) as book:
        book.set_properties({"created": written_at.replace(tzinfo=None)})
        page = book.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        page.set_column(0, len(head) - 1, 18)
        bold = book.add_format({"bold": True})
        for column, words in enumerate(head):
            page.write_string(0, column, words, bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    page.write_number(number, column, value)
                elif value is not None:
                    page.write_string(number, column, str(value)[:MOST_LETTERS])
