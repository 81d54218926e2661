"""Law talks for everybody: what they are about, the next ones, and asking for one."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, current_app, url_for

from hub import clock
from hub.blueprints.talks.forms import ask_form, asking
from hub.extensions import db, limiter
from hub.integrations.files import MATERIALS, read
from hub.integrations.signing import talk_request_token
from hub.models import Topic, TopicMaterial
from hub.policies import can_open_material
from hub.queries.topics import next_talks, published_lecturers, topic_called, topics_in_use
from hub.services.talk_requests import ask_for_talk
from hub.web.access import actor
from hub.web.cards import event_cards, foreign_tag
from hub.web.changes import try_change
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.site import site
from hub.web.topic_cards import material_card, reader_first

talks = Blueprint("talks", __name__)


def ask_rate() -> str:
    rate: str = current_app.config["SIGN_UP_RATE"]
    return rate


@talks.get("")
def index() -> Response:
    return render(
        "talks/index.html",
        topics=[(t, t.text(), foreign_tag(t.text().language)) for t in topics_in_use()],
        cards=event_cards(next_talks()),
        lecturers=published_lecturers(),
    )


@talks.get("/topics/<slug>")
def topic(slug: str) -> Response:
    found, user, today = topic_called(slug), actor(), clock.today()
    if found is None:
        abort(404)
    opened = [
        m
        for m in reader_first(found.materials)
        if m.holds(today) and can_open_material(user, m, topic=found, on=today)
    ]
    return render(
        "talks/topic.html",
        topic=found,
        text=found.text(),
        text_tag=foreign_tag(found.text().language),
        materials=[material_card(m) for m in opened if m.public],
        for_lecturers=[material_card(m) for m in opened if not m.public],
        cards=event_cards(next_talks(found.id)),
    )


@talks.get("/materials/<id:material_id>")
def material(material_id: int) -> Response:
    found = db.session.get(TopicMaterial, material_id)
    if found is None or found.stored_name is None:
        abort(404)
    about = db.session.get_one(Topic, found.topic_id)
    if not can_open_material(actor(), found, topic=about, on=clock.today()):
        abort(404)
    body = read(MATERIALS, found.stored_name)
    if body is None:
        abort(404)
    response = Response(body, mimetype=found.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=found.shown_name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response if found.public else keep_private(response)


@talks.route("/ask", methods=["GET", "POST"])
@limiter.limit(ask_rate, methods=["POST"])
def ask() -> Response:
    form: Any = ask_form()
    asked = try_change(form, lambda: talk_request_token(ask_for_talk(asking(form)).code))
    if asked.done:
        return see_other(url_for("talk_requests.show", token=asked.result))
    form.stamp()
    return render(
        "talks/ask.html",
        "talks/_ask_form.html",
        asked.status,
        form=form,
        deleted_on=clock.today() + timedelta(days=site().retention_days),
    )
