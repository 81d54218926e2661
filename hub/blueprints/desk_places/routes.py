"""Venues, and for administrators the communities."""

from flask import Blueprint, Response, abort, flash, url_for

from hub.blueprints.desk_places.forms import (
    community_form,
    community_names,
    venue_data,
    venue_form,
)
from hub.extensions import db
from hub.i18n import _
from hub.models import Community, Venue
from hub.policies import can_manage_community
from hub.queries.places import all_communities, managed_communities, managed_venues, uses_of
from hub.services.places import delete_community as remove_community
from hub.services.places import save_community, save_venue
from hub.web.access import admin_only, community_staff_only, the_actor
from hub.web.changes import try_change
from hub.web.forms import ActionForm, language_rows
from hub.web.htmx import render, see_other

desk_places = Blueprint("desk_places", __name__)


@desk_places.get("/venues")
@community_staff_only
def venues() -> Response:
    user = the_actor()
    return render(
        "desk/places/venues.html",
        venues=managed_venues(user),
        communities=managed_communities(user),
    )


@desk_places.route("/venues/new", methods=["GET", "POST"])
@community_staff_only
def new_venue() -> Response:
    return _venue_page(None)


@desk_places.route("/venues/<id:venue_id>/edit", methods=["GET", "POST"])
@community_staff_only
def venue(venue_id: int) -> Response:
    found = db.session.get(Venue, venue_id)
    if found is None or not can_manage_community(the_actor(), found.community_id):
        abort(404)
    return _venue_page(found)


@desk_places.get("/communities")
@admin_only
def communities() -> Response:
    return render("desk/places/communities.html", communities=all_communities())


@desk_places.route("/communities/new", methods=["GET", "POST"])
@admin_only
def new_community() -> Response:
    return _community_page(None)


@desk_places.route("/communities/<id:community_id>/edit", methods=["GET", "POST"])
@admin_only
def community(community_id: int) -> Response:
    found = db.session.get(Community, community_id)
    if found is None:
        abort(404)
    return _community_page(found)


@desk_places.route("/communities/<id:community_id>/delete", methods=["GET", "POST"])
@admin_only
def delete_community(community_id: int) -> Response:
    found, user, form = db.session.get(Community, community_id), the_actor(), ActionForm()
    if found is None:
        abort(404)
    name = found.name
    deleted = try_change(form, lambda: remove_community(found, by=user))
    if deleted.done:
        flash(_("The community “%(name)s” is deleted.", name=name), "success")
        return see_other(url_for(".communities"))
    return render(
        "desk/places/delete_community.html",
        None,
        deleted.status,
        community=found,
        form=form,
        uses=uses_of(community_id),
    )


def _venue_page(found: Venue | None) -> Response:
    user = the_actor()
    form = venue_form(user, found)
    saved = try_change(form, lambda: save_venue(found, venue_data(form, found), by=user).name)
    if saved.result is not None:
        flash(_("The venue “%(name)s” is saved.", name=saved.result), "success")
        return see_other(url_for(".venues"))
    return render(
        "desk/places/venue.html",
        None,
        saved.status,
        venue=found,
        form=form,
        rows=language_rows(form),
        no_community=not managed_communities(user),
    )


def _community_page(found: Community | None) -> Response:
    user = the_actor()
    form = community_form(found)
    saved = try_change(
        form,
        lambda: save_community(found, form.slug.data, community_names(form, found), by=user).name,
    )
    if saved.result is not None:
        flash(_("The community “%(name)s” is saved.", name=saved.result), "success")
        return see_other(url_for(".communities"))
    return render(
        "desk/places/community.html",
        None,
        saved.status,
        community=found,
        can_delete=found is not None and not uses_of(found.id).any,
        form=form,
        rows=language_rows(form),
    )
