"""The download of one's own data."""

from collections.abc import Mapping

from flask import Response

from hub import clock
from hub.integrations import archive
from hub.queries.own_tables import Table


def zip_file(tables: list[Table], files: Mapping[str, bytes] | None = None) -> Response:
    """``tables``, and ``files`` by name, as a zip file whose name says the day."""
    body = archive.pack(tables, clock.to_local(clock.now()), files or {})
    name = f"linqiao-my-data-{clock.today().isoformat()}.zip"
    disposition = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(body, mimetype=archive.MIMETYPE, headers=disposition)
