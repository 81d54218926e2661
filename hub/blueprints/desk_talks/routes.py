"""Law talks at the desk: what is to come, one talk with its lecturers, planning one."""

from typing import Any

from flask import Blueprint, Response, abort, flash, url_for

from hub import clock
from hub.blueprints.desk_talks.forms import new_talk_form, seen_at, talk_data, talk_form
from hub.extensions import db
from hub.i18n import _
from hub.models import Duty, Event, Talk, TalkPlan, TalkRequest
from hub.policies import can_manage_event, why_not_edit
from hub.queries.audit import trail_of
from hub.queries.places import usable_communities, usable_venues
from hub.queries.talk_plans import (
    PAGE_SIZE,
    managed_plans,
    open_lecturer_duties,
    progress_of,
    unreported_talks,
)
from hub.queries.talk_plans import (
    desk_talks as talks_of_desk,
)
from hub.queries.topics import topics_in_use
from hub.services.assignments import offer_duty
from hub.services.talks import make_talk_of, plan_talk, update_talk
from hub.web.access import staff_only, the_actor
from hub.web.audit_words import audit_lines
from hub.web.changes import try_change
from hub.web.forms import ActionForm, is_submitted, read_id
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.talk_access import handled_talk_request, managed_plan, managed_talk_event
from hub.web.talk_cards import place_of, talk_cards

desk_talks = Blueprint("desk_talks", __name__)


@desk_talks.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_talks.get("")
@staff_only
def index() -> Response:
    user, page = the_actor(), read_id("page") or 1
    found, plans = talks_of_desk(user, page=page), managed_plans(user)
    progress = progress_of([p.series_id for p in plans])
    late = unreported_talks(user) if page == 1 else []
    coming = found[:PAGE_SIZE]
    cards = talk_cards([*coming, *late])
    return render(
        "desk/talks/index.html",
        cards=cards[: len(coming)],
        unreported=cards[len(coming) :],
        plans=[(plan, progress.get(plan.series_id)) for plan in plans] if page == 1 else [],
        can_plan=bool(usable_communities(user)),
        next_url=url_for(".index", page=page + 1) if len(found) > PAGE_SIZE else None,
        first_url=url_for(".index") if page > 1 else None,
    )


@desk_talks.route("/new", methods=["GET", "POST"])
@staff_only
def new() -> Response:
    user, series_id = the_actor(), read_id("series")
    plan = managed_plan(series_id) if series_id is not None else None
    after, asked = _talk_before(), _request_for_it()
    talk = db.session.get(Talk, after.id) if after else None
    form = new_talk_form(user, series_id, after, talk, asked)
    made = try_change(form, lambda: plan_talk(talk_data(form), by=user).event_id)
    if made.result is not None:
        flash(_("The talk is planned. Nobody else sees it until you publish it."), "success")
        if asked is not None:
            back = url_for("desk_talk_requests.plan", request_id=asked.id, talk=made.result)
            return see_other(back)
        return see_other(url_for(".show", event_id=made.result))
    return _form_page(form, made.status, event=None, plan=plan, asked=asked)


@desk_talks.get("/<id:event_id>")
@staff_only
def show(event_id: int) -> Response:
    event, user = managed_talk_event(event_id), the_actor()
    duties = open_lecturer_duties([event_id])[event_id]
    plan = db.session.get(TalkPlan, event.series_id) if event.series_id else None
    return render(
        "desk/talks/show.html",
        event=event,
        card=talk_cards([event])[0],
        places=[place_of(duty, user) for duty in duties],
        plan=plan,
        over=event.has_ended(clock.now()),
        form=ActionForm(),
        why_not=why_not_edit(event, clock.now()),
        trail=audit_lines(trail_of("talk", event_id)),
    )


@desk_talks.route("/<id:event_id>/edit", methods=["GET", "POST"])
@staff_only
def edit(event_id: int) -> Response:
    event, user = managed_talk_event(event_id), the_actor()
    talk = db.session.get(Talk, event_id)
    form = talk_form(user, talk, event)

    def save() -> int:
        if talk is None:
            return make_talk_of(event_id, talk_data(form), by=user).event_id
        return update_talk(event_id, talk_data(form), by=user, seen=seen_at(form)).event_id

    saved = try_change(form, save)
    if saved.done:
        flash(_("The talk is saved."), "success")
        return see_other(url_for(".show", event_id=event_id))
    event = managed_talk_event(event_id)
    if saved.status == 409 and is_submitted():  # it was said: the next sending decides
        form.seen.raw_data, form.seen.data = None, event.changed_at.isoformat()
    return _form_page(form, saved.status, event=event)


@desk_talks.post("/<id:event_id>/offer/<id:duty_id>/<id:user_id>")
@staff_only
def offer(event_id: int, duty_id: int, user_id: int) -> Response:
    managed_talk_event(event_id)
    duty, user, form = db.session.get(Duty, duty_id), the_actor(), ActionForm()
    if duty is None or duty.event_id != event_id:
        abort(404)
    offered = try_change(form, lambda: offer_duty(duty_id, user_id, by=user).id)
    if offered.done:
        flash(_("It is offered. The person is told and decides."), "success")
    else:
        flash(" ".join(_said(form)), "error")
    return see_other(url_for(".show", event_id=event_id))


def _said(form: Any) -> list[str]:
    return [str(error) for error in form.form_errors]


def _form_page(
    form: Any,
    status: int,
    *,
    event: Event | None,
    plan: TalkPlan | None = None,
    asked: TalkRequest | None = None,
) -> Response:
    lacks = "" if usable_venues(the_actor()) else "venue"
    return render(
        "desk/talks/form.html",
        None,
        status,
        form=form,
        event=event,
        plan=plan,
        asked=asked,
        lacks=lacks or ("" if topics_in_use() else "topic"),
        why_not=why_not_edit(event, clock.now()) if event is not None else None,
    )


def _request_for_it() -> TalkRequest | None:
    """The request that the talk is to answer (rule 20)."""
    request_id = read_id("request")
    return handled_talk_request(request_id) if request_id is not None else None


def _talk_before() -> Event | None:
    """The talk after which another one is planned (rule 20)."""
    event_id = read_id("after")
    if event_id is None:
        return None
    event = db.session.get(Event, event_id)
    if event is None or not can_manage_event(the_actor(), event):
        abort(404)
    return event
