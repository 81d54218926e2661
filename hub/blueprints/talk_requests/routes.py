"""The private page of a request for a talk: how far it is, and taking it back."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, url_for

from hub.enums import ContactKind
from hub.extensions import limiter
from hub.i18n import _
from hub.models import TalkRequest
from hub.policies import can_see_event, why_not_decide_talk_request
from hub.services.talk_requests import withdraw_request
from hub.web.changes import try_change
from hub.web.filters import spoken_name
from hub.web.forms import ActionForm
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.talk_access import talk_request

talk_requests = Blueprint("talk_requests", __name__)


@talk_requests.after_request
def private(response: Response) -> Response:
    return keep_private(response)


def request_rate() -> str:
    rate: str = current_app.config["SIGN_UP_RATE"]
    return rate


@talk_requests.get("/<token>")
def show(token: str) -> Response:
    asked = talk_request(token)
    event = asked.event
    return render(
        "talk_requests/show.html",
        link=current_app.config["BASE_URL"] + url_for(".show", token=token),
        by_mail=asked.contact_kind is ContactKind.EMAIL,
        event_url=url_for("events.show", event_id=event.id)
        if event is not None and can_see_event(None, event)
        else None,
        **request_context(asked, token),
    )


@talk_requests.route("/<token>/take-back", methods=["GET", "POST"])
@limiter.limit(request_rate, methods=["POST"])
def take_back(token: str) -> Response:
    asked, form = talk_request(token), ActionForm()
    gone = try_change(form, lambda: withdraw_request(asked.id).id)
    if gone.done:
        flash(_("Your request is taken back. Thank you for telling us."), "success")
        return see_other(url_for(".show", token=token))
    return render(
        "talk_requests/take_back.html",
        None,
        gone.status,
        form=form,
        **request_context(talk_request(token), token),
    )


def request_context(asked: TalkRequest, token: str) -> dict[str, Any]:
    """What each page about a request is given."""
    return {
        "asked": asked,
        "event": asked.event,
        "token": token,
        "spoken": [spoken_name(code) for code in asked.languages.split(",") if code],
        "why_not": why_not_decide_talk_request(asked),
    }
