"""Duties at the desk: the list, the roster of one, making, changing, cancelling."""

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for

from hub import clock
from hub.blueprints.desk_duties.forms import ReasonForm, duty_data, duty_form
from hub.enums import AssignmentStatus, Programme
from hub.extensions import db
from hub.i18n import _, ngettext
from hub.models import Assignment, Duty, Event, User
from hub.policies import can_manage_community, why_not_change_duty
from hub.queries.audit import trail_of
from hub.queries.availability import helpers_of
from hub.queries.duties import (
    PAGE_SIZE,
    assignments_of,
    candidates_for,
    events_with_duties,
    unsure_duties,
    usable_activities,
)
from hub.queries.duties import desk_duties as duties_of_desk
from hub.queries.places import managed_communities, managed_venues
from hub.services.duties import cancel_duty, create_duties, update_duty
from hub.web.access import managed_duty, staff_only, the_actor
from hub.web.audit_words import audit_lines
from hub.web.cards import foreign_tag
from hub.web.changes import try_change
from hub.web.duty_cards import desk_duty_cards, duty_card, matches, roster_row
from hub.web.filters import period
from hub.web.forms import language_rows, read_id
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other

desk_duties = Blueprint("desk_duties", __name__)

VIEWS = ("upcoming", "past")
S = AssignmentStatus
GONE = (S.DECLINED, S.WITHDRAWN, S.RELEASED, S.CANCELLED)


@desk_duties.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_duties.get("")
@staff_only
def index() -> Response:
    user, asked = the_actor(), request.args.get("view", "")
    view = asked if asked in VIEWS else "upcoming"
    wanted: dict[str, Any] = {"community_id": read_id("community"), "event_id": read_id("event")}
    page = read_id("page") or 1
    found = duties_of_desk(user, view=view, page=page, **wanted)
    args = {"view": view, **{name.removesuffix("_id"): n for name, n in wanted.items()}}
    return render(
        "desk/duties/index.html",
        "desk/duties/_list.html",
        view=view,
        cards=desk_duty_cards(found[:PAGE_SIZE]),
        unsure=unsure_duties(found[:PAGE_SIZE]) if view == "upcoming" else set(),
        events=events_with_duties(user),
        communities=managed_communities(user),
        next_url=url_for(".index", **args, page=page + 1) if len(found) > PAGE_SIZE else None,
        first_url=url_for(".index", **args) if page > 1 else None,
        **wanted,
    )


@desk_duties.route("/new", methods=["GET", "POST"])
@staff_only
def new() -> Response:
    user, event = the_actor(), _event()
    form = duty_form(user, event=event)
    times = form.times.data if "times" in form else 1
    event_id = event.id if event is not None else None
    made = try_change(
        form, lambda: [d.id for d in create_duties(duty_data(form, event_id), by=user, times=times)]
    )
    if made.result is not None:
        number = len(made.result)
        flash(ngettext("%(num)d duty is made.", "%(num)d duties are made.", number), "success")
        return see_other(url_for(".show", duty_id=made.result[0]))
    return _form_page(None, form, made.status, event=event)


@desk_duties.get("/<id:duty_id>")
@staff_only
def show(duty_id: int) -> Response:
    duty, user = managed_duty(duty_id), the_actor()
    why_not = why_not_change_duty(duty, clock.now())
    people = assignments_of(duty_id)
    others = _others(duty, user, people) if why_not is None else []
    known = [*(a.user for a in people), *others]
    helpers = {h.user.id: h for h in helpers_of(known, duty.starts_at, duty.ends_at)}
    rows = [roster_row(a, helpers[a.user_id], user.id) for a in sorted(people, key=_rank)]
    return render(
        "desk/duties/show.html",
        duty=duty,
        event=_name_of(duty.event),
        card=duty_card(duty, ""),
        title_tag=foreign_tag(duty.text().language),
        rows=[row for row in rows if row.assignment.status not in GONE],
        gone=[row for row in rows if row.assignment.status in GONE],
        matches=matches(duty, [helpers[person.id] for person in others]),
        why_not=why_not,
        trail=audit_lines(trail_of("duty", duty_id)),
    )


@desk_duties.route("/<id:duty_id>/edit", methods=["GET", "POST"])
@staff_only
def edit(duty_id: int) -> Response:
    duty, user = managed_duty(duty_id), the_actor()
    if duty.programme is Programme.LECTURER and duty.event_id is not None:
        return see_other(url_for("desk_talks.edit", event_id=duty.event_id))
    form = duty_form(user, duty)
    saved = try_change(form, lambda: update_duty(duty_id, duty_data(form), by=user).id)
    if saved.done:
        flash(_("The duty is saved."), "success")
        return see_other(url_for(".show", duty_id=duty_id))
    return _form_page(managed_duty(duty_id), form, saved.status)


@desk_duties.route("/<id:duty_id>/cancel", methods=["GET", "POST"])
@staff_only
def cancel(duty_id: int) -> Response:
    duty, user, form = managed_duty(duty_id), the_actor(), ReasonForm()
    cancelled = try_change(form, lambda: cancel_duty(duty_id, form.reason.data or "", by=user).id)
    if cancelled.done:
        flash(_("The duty is cancelled. Everybody on it is being told."), "success")
        return see_other(url_for(".show", duty_id=duty_id))
    return render(
        "desk/duties/cancel.html",
        None,
        cancelled.status,
        duty=duty,
        form=form,
        told=sum(
            a.status in (S.OFFERED, S.REQUESTED, S.CONFIRMED) for a in assignments_of(duty_id)
        ),
        why_not=why_not_change_duty(duty, clock.now()),
    )


def _form_page(duty: Duty | None, form: Any, status: int, event: Event | None = None) -> Response:
    lacks = "" if managed_venues(the_actor()) else "venue"
    return render(
        "desk/duties/form.html",
        None,
        status,
        duty=duty,
        event=_name_of(duty.event if duty is not None else event),
        form=form,
        rows=language_rows(form),
        lacks=lacks or ("" if usable_activities() else "activity"),
        why_not=why_not_change_duty(duty, clock.now()) if duty is not None else None,
    )


def _name_of(event: Event | None) -> dict[str, Any] | None:
    """What a page says of the event: read here, not while the page is written."""
    if event is None:
        return None
    when = period(event.starts_at, event.ends_at)
    return {"id": event.id, "title": event.title, "when": when}


def _event() -> Event | None:
    """The event for which a duty is made, if the visitor manages it (rule 20)."""
    event_id = read_id("event")
    if event_id is None:
        return None
    event = db.session.get(Event, event_id)
    if event is None or not can_manage_community(the_actor(), event.community_id):
        abort(404)
    return event


# Who is on the duty stands first on its roster.
FIRST = (S.CHECKED_IN, S.CONFIRMED, S.COMPLETED, S.NO_SHOW, S.OFFERED, S.REQUESTED)


def _rank(assignment: Assignment) -> tuple[int, int]:
    order = (*FIRST, *GONE)
    return order.index(assignment.status), assignment.id


def _others(duty: Duty, user: User, people: list[Assignment]) -> list[User]:
    """Who could be asked: everybody with a term but those on it, and oneself (rule 5)."""
    on_it = {a.user_id for a in people if a.status.is_live}
    return [p for p in candidates_for(duty) if p.id not in on_it and p.id != user.id]
