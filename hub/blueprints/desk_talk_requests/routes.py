"""Requests for talks at the desk: the list, one of them, and the answer."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from hub.blueprints.desk_talk_requests.forms import DeclineForm, plan_form
from hub.enums import ContactKind, TalkRequestStatus
from hub.i18n import _
from hub.policies import can_manage_event, why_not_decide_talk_request
from hub.queries.audit import trail_of
from hub.queries.talk_requests import PAGE_SIZE, desk_requests
from hub.services.talk_requests import decline_request, plan_request
from hub.web.access import the_actor
from hub.web.audit_words import audit_lines
from hub.web.changes import try_change
from hub.web.filters import spoken_name
from hub.web.forms import read_id
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.talk_access import handled_talk_request, talks_only

desk_talk_requests = Blueprint("desk_talk_requests", __name__)


@desk_talk_requests.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_talk_requests.get("")
@talks_only
def index() -> Response:
    typed, after = request.args.get("status", ""), read_id("after")
    known = typed in list(TalkRequestStatus)
    wanted = TalkRequestStatus(typed) if known else TalkRequestStatus.RECEIVED
    found = desk_requests(the_actor(), wanted, after=after)
    more = found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None
    return render(
        "desk/talk_requests/index.html",
        rows=found[:PAGE_SIZE],
        wanted=wanted,
        statuses=list(TalkRequestStatus),
        next_url=url_for(".index", status=wanted.value, after=more) if more else None,
        first_url=url_for(".index", status=wanted.value) if after else None,
    )


@desk_talk_requests.get("/<id:request_id>")
@talks_only
def show(request_id: int) -> Response:
    context = _context(request_id)
    trail = audit_lines(trail_of("talk_request", request_id))
    return render("desk/talk_requests/show.html", trail=trail, **context)


@desk_talk_requests.route("/<id:request_id>/plan", methods=["GET", "POST"])
@talks_only
def plan(request_id: int) -> Response:
    handled_talk_request(request_id)
    user = the_actor()
    form = plan_form(user, read_id("talk"))
    planned = try_change(form, lambda: plan_request(request_id, form.event_id.data, by=user).id)
    if planned.done:
        flash(_("Planned. Who asked is told when and where."), "success")
        return see_other(url_for(".show", request_id=request_id))
    context = _context(request_id)
    return render("desk/talk_requests/plan.html", None, planned.status, form=form, **context)


@desk_talk_requests.route("/<id:request_id>/decline", methods=["GET", "POST"])
@talks_only
def decline(request_id: int) -> Response:
    handled_talk_request(request_id)
    user, form = the_actor(), DeclineForm()
    declined = try_change(form, lambda: decline_request(request_id, form.reason.data, by=user).id)
    if declined.done:
        flash(_("Declined. Who asked is told why."), "success")
        return see_other(url_for(".show", request_id=request_id))
    context = _context(request_id)
    return render("desk/talk_requests/decline.html", None, declined.status, form=form, **context)


def _context(request_id: int) -> dict[str, Any]:
    asked = handled_talk_request(request_id)
    event = asked.event
    return {
        "asked": asked,
        "event": event,
        "event_url": url_for("desk_events.show", event_id=event.id)
        if event is not None and can_manage_event(the_actor(), event)
        else None,
        "by_mail": asked.contact_kind is ContactKind.EMAIL,
        "spoken": [spoken_name(code) for code in asked.languages.split(",") if code],
        "why_not": why_not_decide_talk_request(asked),
    }
