"""Writing the official response to a suggestion, and publishing it."""

from typing import Any

from flask import Response, flash, url_for

from hub.blueprints.desk_suggestions.forms import response_form
from hub.blueprints.desk_suggestions.routes import desk_suggestions, facts_of
from hub.extensions import db
from hub.i18n import _
from hub.models import ResponseTemplate, Suggestion, User
from hub.policies.suggestions import why_not_publish, why_not_respond
from hub.queries.suggestions import response_templates
from hub.services.suggestion_responses import (
    draft_of,
    needed_languages,
    publish_response,
    save_response,
)
from hub.web.access import the_actor
from hub.web.changes import try_change
from hub.web.forms import ActionForm, read_id
from hub.web.htmx import render, see_other
from hub.web.site import language_codes
from hub.web.suggestion_desk_cards import language_tag
from hub.web.voice_access import managed_suggestion, suggestions_only


@desk_suggestions.route("/<id:suggestion_id>/respond", methods=["GET", "POST"])
@suggestions_only
def respond(suggestion_id: int) -> Response:
    row, user = managed_suggestion(suggestion_id), the_actor()
    codes, template = _languages(row), _template()
    form = _form(row, codes, template)
    said = {code: form[f"text_{code}"].data or "" for code in codes}
    saved = try_change(
        form,
        lambda: save_response(suggestion_id, form.outcome.data, form.reason.data, said, by=user).id,
    )
    if saved.done:
        flash(_("The draft is saved. Nobody outside the desk sees it yet."), "success")
        return see_other(url_for(".publish", suggestion_id=suggestion_id))
    row = managed_suggestion(suggestion_id)
    context = {"templates": response_templates(), "template": template, **facts_of(row)}
    context |= {"boxes": [(form[f"text_{code}"], language_tag(code)) for code in codes]}
    context |= {"why_not": why_not_respond(user, row)}
    return render("desk/suggestions/respond.html", None, saved.status, form=form, **context)


@desk_suggestions.route("/<id:suggestion_id>/publish", methods=["GET", "POST"])
@suggestions_only
def publish(suggestion_id: int) -> Response:
    managed_suggestion(suggestion_id)
    user, form = the_actor(), ActionForm()
    done = try_change(form, lambda: publish_response(suggestion_id, by=user).id)
    if done.done:
        flash(_("Published. The submitter reads it now."), "success")
        return see_other(url_for(".show", suggestion_id=suggestion_id))
    context = _to_publish(managed_suggestion(suggestion_id), user)
    return render("desk/suggestions/publish.html", None, done.status, form=form, **context)


def _to_publish(row: Suggestion, user: User) -> dict[str, Any]:
    """The draft, what it lacks and what stands in its way."""
    draft = draft_of(row)
    why_not: Any = why_not_publish(user, row)
    if why_not is None and draft is None:
        why_not = _("There is no draft to publish. Look at the response again.")
    missing = [c for c in needed_languages(row) if draft is None or c not in draft.texts]
    return {"draft": draft, "missing": missing, "why_not": why_not, **facts_of(row)}


def _languages(row: Suggestion) -> list[str]:
    """Those it must stand in, then the others of the site."""
    return list(dict.fromkeys((*needed_languages(row), *language_codes())))


def _template() -> ResponseTemplate | None:
    """The one that was chosen to begin with."""
    number = read_id("template")
    return db.session.get(ResponseTemplate, number) if number is not None else None


def _form(row: Suggestion, codes: list[str], template: ResponseTemplate | None) -> Any:
    """What a chosen template says goes over the draft; nothing is saved by looking."""
    data: dict[str, Any] = {}
    draft = draft_of(row)
    if template is not None:
        data = {f"text_{code}": text.text for code, text in template.texts.items()}
        data["outcome"], draft = template.outcome, None
    elif draft is None and row.response is not None:
        draft = row.response  # a correction begins with what was said
    return response_form(codes, needed_languages(row), draft, data)
