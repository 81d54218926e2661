"""The data behind a ticket, for people without an account: see, copy, correct, delete."""

from datetime import timedelta
from typing import Any

from flask import Response, flash, url_for

from hub import clock
from hub.blueprints.signups.forms import NameForm
from hub.blueprints.signups.routes import sign_up_rate, signups
from hub.extensions import limiter
from hub.i18n import _
from hub.models import SignUp
from hub.queries.privacy import data_of_sign_up, requests_about
from hub.services.privacy import correct_sign_up, erase_sign_up, gives_up_place, note_export
from hub.web.access import ticket
from hub.web.cards import foreign_tag
from hub.web.changes import try_change
from hub.web.forms import ActionForm
from hub.web.htmx import render, see_other
from hub.web.own_data import zip_file
from hub.web.site import site


@signups.route("/tickets/<token>/data", methods=["GET", "POST"])
@limiter.limit(sign_up_rate, methods=["POST"])
def data(token: str) -> Response:
    booked = ticket(token)
    form: Any = NameForm()
    if not form.is_submitted():
        form.name.data = booked.name
    saved = try_change(form, lambda: correct_sign_up(booked.id, form.name.data))
    if saved.done:
        flash(_("The name is corrected."), "success")
        return see_other(url_for(".data", token=token))
    return _data_page(ticket(token), token, form, saved.status)


@signups.post("/tickets/<token>/data/export")
@limiter.limit(sign_up_rate)
def export_data(token: str) -> Response:
    booked = ticket(token)
    noted = try_change(ActionForm(), lambda: note_export("sign_up", booked.id, by=None))
    if not noted.done:
        flash(_("This page was open for too long. Press the button again."), "warning")
        return see_other(url_for(".data", token=token))
    return zip_file(data_of_sign_up(ticket(token)))


@signups.route("/tickets/<token>/data/delete", methods=["GET", "POST"])
@limiter.limit(sign_up_rate, methods=["POST"])
def delete_data(token: str) -> Response:
    booked, form = ticket(token), ActionForm()
    gone = try_change(form, lambda: erase_sign_up(booked.id))
    if gone.done:
        flash(_("Your name and contact are deleted."), "success")
        return see_other(url_for("site.home"))
    return render(
        "signups/data_delete.html",
        None,
        gone.status,
        form=form,
        gives_up=gives_up_place(booked, clock.now()),
        **_context(booked, token),
    )


def _data_page(booked: SignUp, token: str, form: Any, status: int) -> Response:
    return render(
        "signups/data.html",
        "signups/_data_name.html",
        status,
        form=form,
        action_form=ActionForm(),
        requests=requests_about("sign_up", booked.id),
        **_context(booked, token),
    )


def _context(booked: SignUp, token: str) -> dict[str, Any]:
    event = booked.event
    return {
        "sign_up": booked,
        "event": event,
        "text": event.text(),
        "text_tag": foreign_tag(event.text().language),
        "token": token,
        "deleted_on": event.ends_at + timedelta(days=site().retention_days),
    }
