"""The list of activities, kept by the subdistrict."""

from flask import Blueprint, Response, abort, flash, url_for

from hub.blueprints.desk_activities.forms import activity_data, activity_form
from hub.extensions import db
from hub.i18n import _
from hub.models import Activity
from hub.queries.records import all_activities
from hub.services.activities import save_activity
from hub.web.access import subdistrict_only, the_actor
from hub.web.changes import try_change
from hub.web.forms import language_rows
from hub.web.htmx import render, see_other

desk_activities = Blueprint("desk_activities", __name__)


@desk_activities.get("")
@subdistrict_only
def index() -> Response:
    return render("desk/activities/index.html", activities=all_activities())


@desk_activities.route("/new", methods=["GET", "POST"])
@subdistrict_only
def new() -> Response:
    return _activity_page(None)


@desk_activities.route("/<id:activity_id>/edit", methods=["GET", "POST"])
@subdistrict_only
def edit(activity_id: int) -> Response:
    found = db.session.get(Activity, activity_id)
    if found is None:
        abort(404)
    return _activity_page(found)


def _activity_page(found: Activity | None) -> Response:
    user, form = the_actor(), activity_form(found)
    saved = try_change(form, lambda: save_activity(found, activity_data(form, found), by=user).name)
    if saved.result is not None:
        flash(_("The activity “%(name)s” is saved.", name=saved.result), "success")
        return see_other(url_for(".index"))
    return render(
        "desk/activities/edit.html",
        None,
        saved.status,
        activity=found,
        form=form,
        rows=language_rows(form),
    )
