"""The audit trail for administrators: look, narrow, take home."""

from collections.abc import Iterator

from flask import Response, request, url_for

from hub import clock
from hub.blueprints.desk_admin.forms import wanted_entries
from hub.blueprints.desk_admin.routes import desk_admin
from hub.exceptions import InvalidInput
from hub.i18n import _l
from hub.integrations import sheets
from hub.models import User
from hub.queries.audit import (
    PAGE_SIZE,
    AuditFilter,
    all_entries,
    count_entries,
    entries,
    names_in,
    newest_entry_id,
)
from hub.services.people import note_export
from hub.web.access import admin_only, the_actor
from hub.web.audit_sentences import action_labels, subject_labels
from hub.web.audit_words import audit_lines, csv_head, csv_row
from hub.web.changes import try_change
from hub.web.export import ExportForm
from hub.web.forms import read_id
from hub.web.headers import keep_private
from hub.web.htmx import render

MOST_ROWS = 100_000


@desk_admin.get("/audit")
@admin_only
def audit() -> Response:
    wanted, args = wanted_entries()
    before = read_id("before")
    found = entries(wanted, before=before)
    more = found[PAGE_SIZE - 1][0].id if len(found) > PAGE_SIZE else None
    page = render(
        "desk/admin/audit.html",
        "desk/admin/_audit.html",
        lines=audit_lines(found[:PAGE_SIZE]),
        show_about=True,
        wanted=wanted,
        narrowed=bool(args),
        actions=action_labels(),
        subjects=subject_labels(),
        next_url=url_for(".audit", **args, before=more) if more else None,
        first_url=url_for(".audit", **args) if before else None,
        export_url=url_for(".audit_export", **args),
    )
    return keep_private(page)


@desk_admin.route("/audit/export", methods=["GET", "POST"])
@admin_only
def audit_export() -> Response:
    user, form = the_actor(), ExportForm()
    wanted, args = wanted_entries()
    rows, newest = count_entries(wanted), newest_entry_id()  # without the entry of the export
    noted = try_change(form, lambda: _note(rows, form.reason.data, by=user))
    if noted.done:
        return _csv(wanted, newest)
    page = render(
        "desk/admin/audit_export.html",
        None,
        noted.status,
        form=form,
        wanted=wanted,
        rows=rows,
        actions=action_labels(),
        subjects=subject_labels(),
        here=request.path if not args else url_for(".audit_export", **args),
        back=url_for(".audit", **args),
    )
    return keep_private(page)


def _note(rows: int, reason: str, *, by: User) -> None:
    if rows > MOST_ROWS:
        raise InvalidInput(_l("That is too long for a spreadsheet. Choose fewer days."))
    note_export("audit", 0, rows, reason, by=by)


def _csv(wanted: AuditFilter, newest: int) -> Response:
    body = sheets.to_csv(csv_head(), _rows(wanted, newest))
    response = Response(body, content_type=f"{sheets.MIMETYPE}; charset=utf-8")
    name = f"audit-{clock.today().isoformat()}.csv"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return keep_private(response)


def _rows(wanted: AuditFilter, newest: int) -> Iterator[list[object]]:
    for batch in all_entries(wanted, up_to=newest):
        names = names_in(entry for entry, _name in batch)
        for entry, name in batch:
            yield csv_row(entry, name, names)
