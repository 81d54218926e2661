"""A table that staff take home: why they need it, and the file itself (rule 22)."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from flask import Response, request

from hub import clock
from hub.i18n import _l
from hub.integrations import sheets
from hub.integrations.workbook import write_workbook
from hub.web.forms import HubForm
from hub.web.reason_field import reason_field

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_SHEET = 31  # characters of a sheet's name that Excel takes


class ExportForm(HubForm):
    """Why a table is taken home, and by which button: as XLSX, or as CSV."""

    reason = reason_field(
        _l("What do you need it for?"), _l("It stands in the audit trail, with your name.")
    )

    @property
    def as_csv(self) -> bool:
        return request.form.get("format") == "csv"


def table_file(
    name: str, sheet: str, head: Sequence[str], rows: Iterable[Sequence[object]], *, as_csv: bool
) -> Response:
    """The table as a download, ``<name>-<today>.csv`` or ``.xlsx`` with one sheet."""
    if as_csv:
        body, kind = sheets.to_csv(head, rows), f"{sheets.MIMETYPE}; charset=utf-8"
    else:
        file = BytesIO()
        write_workbook(file, sheet[:LONGEST_SHEET], head, rows, clock.to_local(clock.now()))
        body, kind = file.getvalue(), XLSX
    response = Response(body, content_type=kind)
    called = f"{name}-{clock.today().isoformat()}.{'csv' if as_csv else 'xlsx'}"
    response.headers["Content-Disposition"] = f"attachment; filename={called}"
    return response
