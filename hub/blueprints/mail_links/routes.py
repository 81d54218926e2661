"""What links in mails open, without a log-in: off with such mails, and "I can't come"."""

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for

from hub import clock
from hub.enums import AssignmentStatus
from hub.i18n import _
from hub.models import Assignment
from hub.policies import Step, is_late, why_not_step
from hub.services.assignments import release_duty
from hub.transaction import unit_of_work
from hub.web.changes import try_change
from hub.web.forms import ActionForm
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.mail_links import Switch, assignment_of, switch_of
from hub.web.message_words import choice_words
from hub.web.release_form import ReleaseForm

mail_links = Blueprint("mail_links", __name__)


@mail_links.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@mail_links.route("/off/<token>", methods=["GET", "POST"])
def unsubscribe(token: str) -> Response:
    """Asks, and with the button does it. A mail program that sends what RFC 8058 §3.1 says has no
    form of ours: the signature in the address alone is its right."""
    if request.form.get("List-Unsubscribe") == "One-Click":
        with unit_of_work():
            _switch(token).turn(on=False)
        context = _about(_switch(token))
        return render("mail_links/off.html", form=ActionForm(), token=token, **context)
    return _turn(token, on=False)


@mail_links.post("/off/<token>/back")
def subscribe(token: str) -> Response:
    """Switched on again."""
    return _turn(token, on=True)


@mail_links.route("/no/<token>", methods=["GET", "POST"])
def cannot_come(token: str) -> Response:
    """Give a duty back, as on one's own page."""
    own, form = _assignment(token), ReleaseForm()
    reason = form.reason.data or ""
    done = try_change(form, lambda: _give_back(token, reason))
    if done.done:
        flash(_("You gave the duty back. Thank you for saying so."), "success")
        return see_other(url_for(".cannot_come", token=token))
    own, moment = _assignment(token), clock.now()
    return render(
        "mail_links/no.html",
        None,
        done.status,
        duty=own.duty,
        form=form,
        token=token,
        late=is_late(own.duty, moment),
        given_back=own.status is AssignmentStatus.RELEASED,
        why_not=why_not_step(own, Step.RELEASE, moment),
    )


def _turn(token: str, *, on: bool) -> Response:
    _switch(token)
    form = ActionForm()
    turned = try_change(form, lambda: _switch(token).turn(on=on))
    if turned.done:
        return see_other(url_for(".unsubscribe", token=token))
    context = _about(_switch(token))
    return render("mail_links/off.html", None, turned.status, form=form, token=token, **context)


def _switch(token: str) -> Switch:
    found = switch_of(token)
    if found is None:
        abort(404)
    return found


def _about(switch: Switch) -> dict[str, Any]:
    return {
        "switch": switch,
        "words": choice_words()[switch.choice],
        "event": switch.sign_up.event if switch.sign_up is not None else None,
    }


def _assignment(token: str) -> Assignment:
    found = assignment_of(token)
    if found is None:
        abort(404)
    return found


def _give_back(token: str, reason: str) -> None:
    own = _assignment(token)
    release_duty(own.id, reason, by=own.user)
