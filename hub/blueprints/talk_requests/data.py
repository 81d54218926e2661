"""The data behind a request for a talk, without an account: see, copy, correct, delete."""

from datetime import timedelta
from typing import Any

from flask import Response, flash, url_for

from hub.blueprints.talk_requests.routes import request_context, request_rate, talk_requests
from hub.extensions import limiter
from hub.i18n import _
from hub.models import TalkRequest
from hub.queries.privacy import data_of_talk_request, requests_about
from hub.services.privacy import note_export
from hub.services.talk_requests import correct_request, erase_request
from hub.web.changes import try_change
from hub.web.forms import ActionForm, HubForm
from hub.web.htmx import render, see_other
from hub.web.own_data import zip_file
from hub.web.person_fields import name_field
from hub.web.site import site
from hub.web.talk_access import talk_request


class NameForm(HubForm):
    name = name_field()


@talk_requests.route("/<token>/data", methods=["GET", "POST"])
@limiter.limit(request_rate, methods=["POST"])
def data(token: str) -> Response:
    asked = talk_request(token)
    form: Any = NameForm()
    if not form.is_submitted():
        form.name.data = asked.name
    saved = try_change(form, lambda: correct_request(asked.id, form.name.data))
    if saved.done:
        flash(_("The name is corrected."), "success")
        return see_other(url_for(".data", token=token))
    asked = talk_request(token)
    return render(
        "talk_requests/data.html",
        None,
        saved.status,
        form=form,
        action_form=ActionForm(),
        requests=requests_about("talk_request", asked.id),
        deleted_on=_deleted_on(asked),
        **request_context(asked, token),
    )


@talk_requests.post("/<token>/data/export")
@limiter.limit(request_rate)
def export_data(token: str) -> Response:
    asked = talk_request(token)
    noted = try_change(ActionForm(), lambda: note_export("talk_request", asked.id, by=None))
    if not noted.done:
        flash(_("This page was open for too long. Press the button again."), "warning")
        return see_other(url_for(".data", token=token))
    return zip_file(data_of_talk_request(talk_request(token)))


@talk_requests.route("/<token>/data/delete", methods=["GET", "POST"])
@limiter.limit(request_rate, methods=["POST"])
def delete_data(token: str) -> Response:
    asked, form = talk_request(token), ActionForm()
    gone = try_change(form, lambda: erase_request(asked.id))
    if gone.done:
        flash(_("Your name and contact are deleted."), "success")
        return see_other(url_for("talks.index"))
    context = request_context(talk_request(token), token)
    return render("talk_requests/delete.html", None, gone.status, form=form, **context)


def _deleted_on(asked: TalkRequest) -> Any:
    return asked.created_at + timedelta(days=site().retention_days)
