"""What is said to all of a suggestion, and whether it is shown."""

from typing import Any

from flask import Response, flash, url_for

from hub.blueprints.desk_suggestions.forms import PublicityForm, texts_form
from hub.blueprints.desk_suggestions.routes import desk_suggestions, facts_of
from hub.enums import Moderation
from hub.i18n import _
from hub.models import Suggestion, User
from hub.policies.suggestions import why_not_handle, why_not_show
from hub.services.suggestion_steps import CHANGES_IN
from hub.services.suggestion_texts import (
    Wording,
    hide,
    missing_texts,
    moderate,
    save_texts,
    show_to_all,
)
from hub.web.access import the_actor
from hub.web.changes import try_change
from hub.web.forms import language_rows
from hub.web.htmx import render, see_other
from hub.web.site import language_codes
from hub.web.suggestion_desk_cards import language_tag, spoken_in
from hub.web.voice_access import managed_suggestion, suggestions_only


@desk_suggestions.route("/<id:suggestion_id>/texts", methods=["GET", "POST"])
@suggestions_only
def texts(suggestion_id: int) -> Response:
    row, user = managed_suggestion(suggestion_id), the_actor()
    codes = list(dict.fromkeys((*CHANGES_IN, row.language, *language_codes())))
    form = texts_form(codes, row)
    photo = form.photo_public.data if form.photo_public else None
    words = _written(form, row)
    saved = try_change(
        form, lambda: save_texts(suggestion_id, words, by=user, photo_public=photo).id
    )
    if saved.done:
        flash(_("The texts are saved."), "success")
        return see_other(url_for(".show", suggestion_id=suggestion_id))
    row = managed_suggestion(suggestion_id)
    rows = [(field, language_tag(code)) for code, field in language_rows(form).items()]
    context = {"rows": rows, "why_not": why_not_handle(user, row), **facts_of(row)}
    return render("desk/suggestions/texts.html", None, saved.status, form=form, **context)


@desk_suggestions.route("/<id:suggestion_id>/publicity", methods=["GET", "POST"])
@suggestions_only
def publicity(suggestion_id: int) -> Response:
    row, user = managed_suggestion(suggestion_id), the_actor()
    form = PublicityForm()
    form.choice.choices = choices_for(user, row)
    done = try_change(form, lambda: _carry_out(form.choice.data, suggestion_id, user).id)
    if done.done:
        flash(_("Noted."), "success")
        return see_other(url_for(".show", suggestion_id=suggestion_id))
    row = managed_suggestion(suggestion_id)
    return render(
        "desk/suggestions/publicity.html",
        None,
        done.status,
        form=form,
        why_not=why_not_handle(user, row),
        why_not_shown=why_not_show(user, row),
        missing=[spoken_in(code) for code in missing_texts(row)],
        **facts_of(row),
    )


def choices_for(user: User, row: Suggestion) -> list[tuple[str, str]]:
    """What can be decided about it now."""
    found = []
    if row.public:
        found.append(("hide", _("Hide it")))
    elif why_not_show(user, row) is None and not missing_texts(row):
        found.append(("show", _("Show it to all")))
    if row.moderation is Moderation.UNFIT:
        found.append(("check", _("Let it be looked at again")))
    else:
        found.append(("unfit", _("It is not fit to be shown")))
    return found


def _carry_out(choice: str, suggestion_id: int, user: User) -> Suggestion:
    if choice == "show":
        return show_to_all(suggestion_id, by=user)
    if choice == "hide":
        return hide(suggestion_id, by=user)
    moderation = Moderation.UNFIT if choice == "unfit" else Moderation.UNCHECKED
    return moderate(suggestion_id, moderation, by=user)


def _written(form: Any, row: Suggestion) -> dict[str, Wording]:
    """What was typed. The original, which stands there to begin with, is a text once it has a
    title."""
    found = {}
    for code, field in language_rows(form).items():
        title, said = field.form.title.data or "", field.form.said.data or ""
        did = field.form.did.data or "" if "did" in field.form._fields else None
        offered = code not in row.texts and code == row.language
        if offered and not title and said == row.original.strip():
            said = ""
        found[code] = Wording(title, said, did)
    return found
