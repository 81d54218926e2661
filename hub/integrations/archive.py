"""Zip files: a person's data (``data.json``, each table as CSV), and packs of many files."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import IO, Protocol
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from hub.integrations.sheets import to_csv

MIMETYPE = "application/zip"


class Table(Protocol):
    """A table with a name, the names of its columns, and rows of plain values."""

    @property
    def name(self) -> str: ...
    @property
    def header(self) -> tuple[str, ...]: ...
    @property
    def rows(self) -> list[tuple[object, ...]]: ...


def pack(
    tables: Iterable[Table], written_at: datetime, others: Mapping[str, bytes] | None = None
) -> bytes:
    """The zip file, with the files of ``others`` by name.

    ``written_at`` (local, aware) stands in it as the time of each file.
    """
    tables = list(tables)
    told = {
        table.name: [dict(zip(table.header, row, strict=True)) for row in table.rows]
        for table in tables
    }
    whole = {"written_at": written_at.isoformat(timespec="seconds"), **told}
    files = {"data.json": json.dumps(whole, ensure_ascii=False, indent=2).encode()}
    for table in tables:
        files[f"{table.name}.csv"] = to_csv(table.header, [_cells(row) for row in table.rows])
    files |= others or {}
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(ZipInfo(name, written_at.timetuple()[:6]), content, ZIP_DEFLATED)
    return packed.getvalue()


def _cells(row: tuple[object, ...]) -> list[object]:
    return [" ".join(map(str, cell)) if isinstance(cell, list) else cell for cell in row]


@contextmanager
def open_pack(file: IO[bytes], written_at: datetime) -> Iterator[Callable[[str], IO[bytes]]]:
    """A zip file that is written into ``file`` one entry after the other.

    What is given opens the next entry by its name, to be closed before another is opened.
    """
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:

        def entry(name: str) -> IO[bytes]:
            info = ZipInfo(name, written_at.timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            return archive.open(info, "w", force_zip64=True)

        yield entry
