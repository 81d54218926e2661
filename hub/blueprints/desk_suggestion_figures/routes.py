"""Figures of suggestions: in time or not, how long, by category and community; and the table."""

from io import BytesIO

from flask import Blueprint, Response, abort, request, url_for

from hub import clock
from hub.blueprints.desk_suggestion_figures.forms import (
    ExportForm,
    Wanted,
    own_communities,
    wanted_figures,
)
from hub.i18n import _
from hub.integrations import sheets
from hub.integrations.workbook import write_workbook
from hub.models import Community, User
from hub.policies import sees_all_people
from hub.queries.places import all_communities
from hub.queries.suggestion_figures import SuggestionFigures, suggestion_figures
from hub.services.people import note_export
from hub.web.access import the_actor
from hub.web.changes import try_change
from hub.web.headers import keep_private
from hub.web.htmx import render
from hub.web.suggestion_figure_cards import (
    category_lines,
    community_lines,
    ends,
    figures,
    months_picture,
    table_head,
    table_rows,
)
from hub.web.voice_access import suggestions_only

desk_suggestion_figures = Blueprint("desk_suggestion_figures", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@desk_suggestion_figures.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_suggestion_figures.get("")
@suggestions_only
def index() -> Response:
    user = the_actor()
    places = own_communities(user, all_communities())
    wanted, found = _found(places, user)
    return render(
        "desk/suggestion_figures/index.html",
        None,
        wanted=wanted,
        places=places,
        narrowed=not sees_all_people(user),
        total=found.total,
        figures=figures(found.total),
        ends=ends(found.total),
        picture=months_picture(found),
        categories=category_lines(found),
        communities=community_lines(found, _by_id(places)),
        export_url=url_for(".export", **wanted.args),
    )


@desk_suggestion_figures.route("/export", methods=["GET", "POST"])
@suggestions_only
def export() -> Response:
    user, form = the_actor(), ExportForm()
    places = own_communities(user, all_communities())
    wanted, found = _found(places, user)
    as_csv = request.form.get("format") == "csv"
    noted = try_change(form, lambda: _note(wanted, found, form.reason.data, as_csv, by=user))
    if noted.done:
        return _csv(found, places) if as_csv else _workbook(found, places)
    return render(
        "desk/suggestion_figures/export.html",
        None,
        noted.status,
        form=form,
        wanted=wanted,
        rows=len(found.rows),
        here=url_for(".export", **wanted.args),
        back=url_for(".index", **wanted.args),
    )


def _found(places: list[Community], user: User) -> tuple[Wanted, SuggestionFigures]:
    wanted = wanted_figures(places)
    if wanted is None:
        abort(404)
    place_id = wanted.community.id if wanted.community is not None else None
    return wanted, suggestion_figures(wanted.season, user, community_id=place_id)


def _note(wanted: Wanted, found: SuggestionFigures, reason: str, as_csv: bool, *, by: User) -> None:
    scope: dict[str, object] = {
        "format": "csv" if as_csv else "xlsx",
        "since": wanted.season.since.isoformat(),
        "until": wanted.season.until.isoformat(),
    }
    if wanted.community is not None:
        scope["community_id"] = wanted.community.id
    note_export("suggestion", 0, len(found.rows), reason, by=by, **scope)


def _by_id(places: list[Community]) -> dict[int, Community]:
    return {place.id: place for place in places}


def _csv(found: SuggestionFigures, places: list[Community]) -> Response:
    body = sheets.to_csv(table_head(), table_rows(found, _by_id(places)))
    return _file(body, f"{sheets.MIMETYPE}; charset=utf-8", "csv")


def _workbook(found: SuggestionFigures, places: list[Community]) -> Response:
    file = BytesIO()
    now = clock.to_local(clock.now())
    write_workbook(
        file, _("Suggestions")[:31], table_head(), table_rows(found, _by_id(places)), now
    )
    return _file(file.getvalue(), XLSX, "xlsx")


def _file(body: bytes, content_type: str, ending: str) -> Response:
    response = Response(body, content_type=content_type)
    name = f"suggestions-{clock.today().isoformat()}.{ending}"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
