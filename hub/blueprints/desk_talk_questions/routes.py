"""What people asked at talks: open until the topic answers it."""

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for

from hub.extensions import db
from hub.i18n import _
from hub.models import TalkQuestion
from hub.queries.talk_questions import (
    PAGE_SIZE,
    questions_asked,
    topics_of_questions,
)
from hub.services.talk_questions import reopen_question, settle_question
from hub.web.access import staff_only, the_actor
from hub.web.changes import try_change
from hub.web.forms import ActionForm, read_id
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.talk_access import managed_talk
from hub.web.talk_question_cards import question_groups

desk_talk_questions = Blueprint("desk_talk_questions", __name__)

STEPS = {"settle": settle_question, "reopen": reopen_question}


@desk_talk_questions.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_talk_questions.get("")
@staff_only
def index() -> Response:
    return _list_page(ActionForm())


@desk_talk_questions.post("/<id:question_id>/<any('settle','reopen'):step>")
@staff_only
def act(question_id: int, step: str) -> Response:
    user, form = the_actor(), ActionForm()
    question = db.session.get(TalkQuestion, question_id)
    if question is None:
        abort(404)
    managed_talk(question.event_id)
    done = try_change(form, lambda: STEPS[step](question_id, by=user).id)
    if not done.done:
        return _list_page(form, done.status)
    said = {
        "settle": _("The question is settled."),
        "reopen": _("The question is open again."),
    }
    flash(said[step], "success")
    return see_other(url_for(".index", **_wanted()))


def _wanted() -> dict[str, Any]:
    """What the address narrows the list to."""
    topic, view = request.args.get("topic", ""), request.args.get("view", "")
    wanted = {"topic": topic if topic.isascii() and topic.isdigit() and len(topic) < 10 else ""}
    wanted["view"] = "settled" if view == "settled" else ""
    return {name: value for name, value in wanted.items() if value}


def _list_page(form: ActionForm, status: int = 200) -> Response:
    wanted, page = _wanted(), read_id("page") or 1
    settled = "view" in wanted
    topic_id = int(wanted["topic"]) if "topic" in wanted else None
    found = questions_asked(the_actor(), topic_id=topic_id, settled=settled, page=page)
    more = url_for(".index", **wanted, page=page + 1) if len(found) > PAGE_SIZE else None
    topics = topics_of_questions()
    return render(
        "desk/talk_questions/index.html",
        "desk/talk_questions/_list.html",
        status,
        form=form,
        groups=question_groups(found[:PAGE_SIZE], topics, wanted),
        topics=[*((str(t.id), t.name) for t in topics), ("0", _("Something else"))],
        topic=wanted.get("topic", ""),
        settled=settled,
        next_url=more,
        first_url=url_for(".index", **wanted) if page > 1 else None,
    )
