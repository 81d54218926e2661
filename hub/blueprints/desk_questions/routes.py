"""The questions of the application forms, kept by the subdistrict."""

from flask import Blueprint, Response, abort, flash, url_for

from hub.blueprints.desk_questions.forms import question_data, question_form
from hub.enums import Programme
from hub.extensions import db
from hub.i18n import _
from hub.models import Question
from hub.queries.applications import all_questions
from hub.services.questions import save_question
from hub.web.access import subdistrict_only, the_actor
from hub.web.changes import try_change
from hub.web.forms import language_rows
from hub.web.htmx import render, see_other

desk_questions = Blueprint("desk_questions", __name__)


@desk_questions.get("")
@subdistrict_only
def index() -> Response:
    questions = all_questions()
    return render(
        "desk/questions/index.html",
        groups=[(p.label, [q for q in questions if q.programme is p]) for p in Programme],
    )


@desk_questions.route("/new", methods=["GET", "POST"])
@subdistrict_only
def new() -> Response:
    return _question_page(None)


@desk_questions.route("/<id:question_id>", methods=["GET", "POST"])
@subdistrict_only
def question(question_id: int) -> Response:
    found = db.session.get(Question, question_id)
    if found is None:
        abort(404)
    return _question_page(found)


def _question_page(found: Question | None) -> Response:
    user, form = the_actor(), question_form(found)
    saved = try_change(form, lambda: save_question(found, question_data(form, found), by=user).id)
    if saved.done:
        flash(_("The question is saved. New applications are asked it so."), "success")
        return see_other(url_for(".index"))
    return render(
        "desk/questions/question.html",
        None,
        saved.status,
        question=found,
        form=form,
        rows=language_rows(form),
    )
