"""Words that responses to suggestions begin with, kept by the subdistrict."""

from typing import Any

from flask import Blueprint, Response, abort, flash, url_for
from wtforms import Form, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from hub.enums import SuggestionOutcome
from hub.extensions import db
from hub.i18n import _, _l
from hub.models import ResponseTemplate
from hub.queries.suggestions import response_templates
from hub.services.response_templates import delete_template, save_template
from hub.web.access import subdistrict_only, the_actor
from hub.web.changes import try_change
from hub.web.forms import (
    ActionForm,
    HubForm,
    RadioChoiceField,
    language_rows,
    paragraphs,
    single_line,
    with_languages,
)
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other

desk_response_templates = Blueprint("desk_response_templates", __name__)


class TemplateForm(HubForm):
    """``with_languages(TemplateForm, TemplateRow)`` adds the words."""

    name = StringField(
        _l("Name"),
        description=_l("Only staff see it."),
        filters=[single_line],
        validators=[
            DataRequired(_l("Give it a name.")),
            Length(max=80, message=_l("At most 80 characters.")),
        ],
    )
    outcome = RadioChoiceField(
        _l("Outcome"),
        coerce=SuggestionOutcome,
        choices=lambda: [(o, o.label) for o in SuggestionOutcome],
        validators=[InputRequired(_l("Choose one."))],
    )


class TemplateRow(Form):
    """The words in one language."""

    text = TextAreaField(
        _l("The words"),
        filters=[paragraphs],
        validators=[Length(max=4000, message=_l("At most 4,000 characters."))],
    )


@desk_response_templates.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_response_templates.get("")
@subdistrict_only
def index() -> Response:
    return render("desk/response_templates/index.html", rows=response_templates())


@desk_response_templates.route("/new", methods=["GET", "POST"])
@subdistrict_only
def new() -> Response:
    return _edit(None)


@desk_response_templates.route("/<id:template_id>", methods=["GET", "POST"])
@subdistrict_only
def edit(template_id: int) -> Response:
    return _edit(_template(template_id))


@desk_response_templates.route("/<id:template_id>/delete", methods=["GET", "POST"])
@subdistrict_only
def delete(template_id: int) -> Response:
    found, user, form = _template(template_id), the_actor(), ActionForm()
    name = found.name
    gone = try_change(form, lambda: delete_template(template_id, by=user))
    if gone.done:
        flash(_("Deleted. Responses that began with it stay as they are."), "success")
        return see_other(url_for(".index"))
    return render(
        "desk/response_templates/delete.html", None, gone.status, form=form, name=name,
        template_id=template_id, why_not=None,
    )  # fmt: skip


def _edit(template: ResponseTemplate | None) -> Response:
    user, number = the_actor(), template.id if template is not None else None
    form: Any = with_languages(TemplateForm, TemplateRow)(data=_data(template))
    rows = language_rows(form)
    saved = try_change(
        form,
        lambda: (
            save_template(
                number,
                form.name.data,
                form.outcome.data,
                {code: row.form.text.data or "" for code, row in rows.items()},
                by=user,
            ).id
        ),
    )
    if saved.done:
        flash(_("Saved."), "success")
        return see_other(url_for(".index"))
    return render(
        "desk/response_templates/edit.html", None, saved.status, form=form, rows=rows,
        template=_template(number) if number is not None else None,
    )  # fmt: skip


def _data(template: ResponseTemplate | None) -> dict[str, Any]:
    if template is None:
        return {}
    words = {f"text_{code}": {"text": text.text} for code, text in template.texts.items()}
    return {"name": template.name, "outcome": template.outcome, **words}


def _template(template_id: int) -> ResponseTemplate:
    found = db.session.get(ResponseTemplate, template_id)
    if found is None:
        abort(404)
    return found
