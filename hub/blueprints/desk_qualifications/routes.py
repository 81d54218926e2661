"""Qualifications at the desk: who may speak about what, one of them, and granting a new one."""

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for

from hub import clock
from hub.blueprints.desk_qualifications.forms import grant_form
from hub.extensions import db
from hub.i18n import SPOKEN, _, current_language, language_name
from hub.models import Topic, User
from hub.policies import (
    can_examine,
    can_see_whole_person,
    conditions_for,
    why_not_decide_on,
    why_not_resume_qualification,
    why_not_revoke_qualification,
    why_not_suspend_qualification,
)
from hub.queries.audit import trail_of
from hub.queries.qualifications import (
    PAGE_SIZE,
    VIEWS,
    QualificationFilter,
    languages_examined,
    learner_of,
    talks_broken_by,
)
from hub.queries.qualifications import (
    desk_qualifications as found_qualifications,
)
from hub.queries.topics import all_topics
from hub.queries.trainings import learns
from hub.services import qualifications as services
from hub.web.access import the_actor
from hub.web.audit_words import audit_lines
from hub.web.changes import try_change
from hub.web.forms import read_id, search_words
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.qualification_cards import qualification_line, result_line
from hub.web.talk_access import examiners_only, talks_only, visible_qualification

desk_qualifications = Blueprint("desk_qualifications", __name__)


@desk_qualifications.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_qualifications.get("")
@talks_only
def index() -> Response:
    wanted = _wanted()
    found = found_qualifications(wanted, by=the_actor(), after=read_id("after") or 0)
    more = found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None
    args: dict[str, Any] = {
        "q": wanted.q, "topic": wanted.topic_id, "language": wanted.language, "view": wanted.view,
    }  # fmt: skip
    display = current_language()
    return render(
        "desk/qualifications/index.html",
        "desk/qualifications/_list.html",
        wanted=wanted,
        lines=[qualification_line(row) for row in found[:PAGE_SIZE]],
        topics=[(str(t.id), t.name) for t in all_topics()],
        languages=[(code, language_name(code, display)) for code in languages_examined()],
        next_url=url_for(".index", **args, after=more) if more else None,
        first_url=url_for(".index", **args) if read_id("after") else None,
    )


@desk_qualifications.get("/<id:qualification_id>")
@talks_only
def show(qualification_id: int) -> Response:
    row, user, today = visible_qualification(qualification_id), the_actor(), clock.today()
    own = why_not_decide_on(user, row.user)
    decides = can_examine(user) and own is None
    return render(
        "desk/qualifications/show.html",
        line=qualification_line(row),
        row=row,
        whole=can_see_whole_person(user, row.user),
        own=own,
        broken=talks_broken_by(row),
        can={
            "renew": decides,
            "suspend": decides and why_not_suspend_qualification(row, today) is None,
            "resume": decides and why_not_resume_qualification(row, today) is None,
            "revoke": decides and why_not_revoke_qualification(row, today) is None,
        },
        trail=audit_lines(trail_of("qualification", qualification_id)),
    )


@desk_qualifications.route(
    "/grant/<id:user_id>/<id:topic_id>/<string(maxlength=8):language>", methods=["GET", "POST"]
)
@examiners_only
def grant(user_id: int, topic_id: int, language: str) -> Response:
    """The conditions, each met or not on the first day, and the button if all are (rule 8)."""
    user, person, topic = the_actor(), _learner(user_id), db.session.get(Topic, topic_id)
    if topic is None or language not in SPOKEN:
        abort(404)
    learner = learner_of(person, topic_id, language)
    form = grant_form(learner)

    def write() -> int:
        days = form.valid_from.data, form.valid_until.data
        return services.grant(services.Grant(user_id, topic_id, language, *days), by=user).id

    granted = try_change(form, write)
    if granted.result is not None:
        flash(_("The qualification is granted, and the person is told."), "success")
        return see_other(url_for(".show", qualification_id=granted.result))
    return _grant_page(user_id, topic_id, language, form, granted.status)


def _grant_page(user_id: int, topic_id: int, language: str, form: Any, status: int) -> Response:
    person, topic = db.session.get_one(User, user_id), db.session.get_one(Topic, topic_id)
    learner = learner_of(person, topic_id, language)
    first = form.valid_from.data or clock.today()
    conditions = conditions_for(topic, learner, first, form.valid_until.data)
    return render(
        "desk/qualifications/grant.html",
        None,
        status,
        person=person,
        topic=topic,
        language=language_name(language, current_language()),
        here=url_for(".grant", user_id=user_id, topic_id=topic_id, language=language),
        form=form,
        first=first,
        conditions=conditions,
        result=result_line(learner.assessment) if learner.assessment else None,
        complete=all(c.met for c in conditions),
        why_not=why_not_decide_on(the_actor(), person),
    )


def _learner(user_id: int) -> User:
    """Somebody who is, or is on the way to be, a lecturer; or 404: others are not found here."""
    person = db.session.get(User, user_id)
    if person is None or person.erased_at is not None or not learns(person):
        abort(404)
    return person


def _wanted() -> QualificationFilter:
    args: Any = request.args
    view, language = args.get("view", ""), args.get("language", "")
    return QualificationFilter(
        q=search_words(args.get("q", "")),
        topic_id=read_id("topic"),
        language=language if language in SPOKEN else "",
        view=view if view in VIEWS else "",
    )
