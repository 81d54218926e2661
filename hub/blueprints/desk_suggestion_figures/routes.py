"""Figures of suggestions: in time or not, how long, by category and community; and the table."""

from flask import Blueprint, Response, abort, url_for

from hub.blueprints.desk_suggestion_figures.forms import (
    Wanted,
    own_communities,
    wanted_figures,
)
from hub.i18n import _
from hub.models import Community, User
from hub.policies import sees_all_people
from hub.queries.places import all_communities
from hub.queries.suggestion_figures import SuggestionFigures, suggestion_figures
from hub.services.people import note_export
from hub.web.access import the_actor
from hub.web.changes import try_change
from hub.web.export import ExportForm, table_file
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
    noted = try_change(form, lambda: _note(wanted, found, form, by=user))
    if noted.done:
        rows = table_rows(found, _by_id(places))
        return table_file("suggestions", _("Suggestions"), table_head(), rows, as_csv=form.as_csv)
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


def _note(wanted: Wanted, found: SuggestionFigures, form: ExportForm, *, by: User) -> None:
    scope: dict[str, object] = {
        "format": "csv" if form.as_csv else "xlsx",
        "since": wanted.season.since.isoformat(),
        "until": wanted.season.until.isoformat(),
    }
    if wanted.community is not None:
        scope["community_id"] = wanted.community.id
    note_export("suggestion", 0, len(found.rows), form.reason.data, by=by, **scope)


def _by_id(places: list[Community]) -> dict[int, Community]:
    return {place.id: place for place in places}
