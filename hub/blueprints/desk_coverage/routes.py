"""How far law talks reach: a series or a season against its target, and the table to take home."""

from flask import Blueprint, Response, abort, url_for

from hub.blueprints.desk_coverage.forms import Wanted, wanted_talks
from hub.i18n import _
from hub.models import User
from hub.policies import sees_all_communities
from hub.queries.coverage import Coverage, coverage_of_plan, coverage_of_season, plans_for
from hub.services.people import note_export
from hub.web.access import staff_only, the_actor
from hub.web.changes import try_change
from hub.web.coverage_cards import (
    coverage_picture,
    figures,
    language_lines,
    school_lines,
    table_head,
    table_rows,
)
from hub.web.export import ExportForm, table_file
from hub.web.headers import keep_private
from hub.web.htmx import render

desk_coverage = Blueprint("desk_coverage", __name__)


@desk_coverage.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_coverage.get("")
@staff_only
def index() -> Response:
    user = the_actor()
    plans = plans_for(user)
    wanted = _wanted_of(plans)
    found = _coverage(wanted, user)
    return render(
        "desk/coverage/index.html",
        None,
        plans=plans,
        wanted=wanted,
        coverage=found,
        figures=figures(found),
        picture=coverage_picture(found),
        schools=school_lines(found),
        languages=language_lines(found),
        narrowed=not sees_all_communities(user),
        export_url=url_for(".export", **wanted.args),
    )


@desk_coverage.route("/export", methods=["GET", "POST"])
@staff_only
def export() -> Response:
    user, form = the_actor(), ExportForm()
    wanted = _wanted_of(plans_for(user))
    found = _coverage(wanted, user)
    noted = try_change(form, lambda: _note(wanted, found, form, by=user))
    if noted.done:
        rows = table_rows(found)
        return table_file("law-talks", _("Law talks"), table_head(), rows, as_csv=form.as_csv)
    return render(
        "desk/coverage/export.html",
        None,
        noted.status,
        form=form,
        wanted=wanted,
        rows=len(found.talks),
        here=url_for(".export", **wanted.args),
        back=url_for(".index", **wanted.args),
    )


def _wanted_of(plans: list) -> Wanted:
    wanted = wanted_talks(plans)
    if wanted is None:
        abort(404)
    return wanted


def _coverage(wanted: Wanted, user: User) -> Coverage:
    if wanted.plan is not None:
        return coverage_of_plan(wanted.plan, user)
    return coverage_of_season(wanted.season, user)


def _note(wanted: Wanted, found: Coverage, form: ExportForm, *, by: User) -> None:
    scope: dict[str, object] = {"format": "csv" if form.as_csv else "xlsx"}
    if wanted.plan is None:
        scope |= {
            "since": wanted.season.since.isoformat(),
            "until": wanted.season.until.isoformat(),
        }
    number = wanted.plan.series_id if wanted.plan is not None else 0
    note_export("coverage", number, len(found.talks), form.reason.data, by=by, **scope)
