"""The data behind a private link: see, copy, correct, delete, without asking anybody (rule 18)."""

from datetime import timedelta
from typing import Any

from flask import Response, flash, url_for

from hub.blueprints.suggestions.forms import ContactForm, EraseForm
from hub.blueprints.suggestions.mine import page_context
from hub.blueprints.suggestions.routes import suggestion_rate, suggestions
from hub.extensions import limiter
from hub.i18n import _
from hub.integrations.files import SUGGESTIONS, read
from hub.models import Suggestion
from hub.queries.privacy import data_of_suggestion, requests_about
from hub.services.privacy import note_export
from hub.services.suggestion_links import correct_contact, erase_suggestion
from hub.web.changes import try_change
from hub.web.forms import ActionForm
from hub.web.htmx import render, see_other
from hub.web.own_data import zip_file
from hub.web.site import site
from hub.web.voice_access import suggestion_behind


@suggestions.route("/mine/<token>/data", methods=["GET", "POST"])
@limiter.limit(suggestion_rate, methods=["POST"])
def data(token: str) -> Response:
    row, form = suggestion_behind(token), _contact_form()
    if not form.is_submitted():
        form.contact.data = row.contact
    saved = try_change(form, lambda: correct_contact(row.id, form.parsed_contact).id)
    if saved.done:
        flash(_("The contact is corrected."), "success")
        return see_other(url_for(".data", token=token))
    row = suggestion_behind(token)
    return render(
        "suggestions/data.html",
        None,
        saved.status,
        form=form,
        action_form=ActionForm(),
        requests=requests_about("suggestion", row.id),
        deleted_on=_deleted_on(row),
        days=site().retention_days,
        **page_context(row, token),
    )


@suggestions.post("/mine/<token>/data/export")
@limiter.limit(suggestion_rate)
def export_data(token: str) -> Response:
    row = suggestion_behind(token)
    noted = try_change(ActionForm(), lambda: note_export("suggestion", row.id, by=None))
    if not noted.done:
        flash(_("This page was open for too long. Press the button again."), "warning")
        return see_other(url_for(".data", token=token))
    row = suggestion_behind(token)
    body = read(SUGGESTIONS, row.photo_name) if row.photo_name is not None else None
    files = {f"photo/{row.photo_name}": body} if body is not None else {}
    return zip_file(data_of_suggestion(row), files)


@suggestions.route("/mine/<token>/erase", methods=["GET", "POST"])
@limiter.limit(suggestion_rate, methods=["POST"])
def erase(token: str) -> Response:
    row = suggestion_behind(token)
    form: Any = EraseForm()
    gone: Any = try_change(
        form, lambda: erase_suggestion(row.id, with_original=form.with_original.data)
    )
    if gone.done:
        flash(_("Your data is deleted from the suggestion."), "success")
        return see_other(url_for(".index"))
    context = page_context(suggestion_behind(token), token)
    return render("suggestions/erase.html", None, gone.status, form=form, **context)


def _contact_form() -> Any:
    return ContactForm()


def _deleted_on(row: Suggestion) -> Any:
    """The day on which name and contact go, once it is known."""
    if row.concluded_on is None:
        return None
    return row.concluded_on + timedelta(days=site().retention_days)
