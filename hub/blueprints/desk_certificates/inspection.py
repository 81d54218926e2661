"""The inspection pack: all about the service of a period, for whoever inspects it (rule 22)."""

from typing import Any

from flask import Response, abort

from hub import clock
from hub.blueprints.desk_certificates.forms import InspectionForm, this_year
from hub.blueprints.desk_certificates.routes import desk_certificates
from hub.exceptions import InvalidInput
from hub.i18n import _l
from hub.integrations.archive import MIMETYPE
from hub.models import User
from hub.policies import manages_communities
from hub.queries.inspection import Scope, count_records
from hub.services.people import note_export
from hub.web.access import staff_only, the_actor
from hub.web.changes import try_change
from hub.web.htmx import render
from hub.web.inspection import write_pack

MOST_RECORDS = 100_000


@desk_certificates.route("/inspection", methods=["GET", "POST"])
@staff_only
def inspection() -> Response:
    user = the_actor()
    if not manages_communities(user):
        abort(404)
    since, until = this_year()
    form: Any = InspectionForm(since=since, until=until)
    form.offer(user)
    noted = try_change(form, lambda: _note(form, by=user))
    if noted.done:
        return _sent(_scope(form))
    return render("desk/certificates/inspection.html", None, noted.status, form=form)


def _scope(form: Any) -> Scope:
    return Scope(form.since.data, form.until.data, form.community_id.data or None)


def _note(form: Any, *, by: User) -> None:
    rows = count_records(_scope(form))
    if rows > MOST_RECORDS:
        raise InvalidInput(_l("That is too much for one pack. Choose fewer days."), field="since")
    scope = {
        "since": form.since.data.isoformat(),
        "until": form.until.data.isoformat(),
        "community_id": form.community_id.data or None,
    }
    note_export("inspection", 0, rows, form.reason.data, by=by, **scope)


def _sent(scope: Scope) -> Response:
    file = write_pack(scope)
    response = Response(iter(lambda: file.read(64 * 1024), b""), mimetype=MIMETYPE)
    response.call_on_close(file.close)
    name = f"linqiao-inspection-{clock.today().isoformat()}.zip"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
