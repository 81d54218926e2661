"""Topics of law talks at the desk: what they say, how fresh they are, their materials."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from hub import clock
from hub.blueprints.desk_topics.forms import (
    MaterialForm,
    NewMaterialForm,
    allow_documents,
    material_data,
    material_form,
    topic_data,
    topic_form,
)
from hub.i18n import LANGUAGES, _
from hub.models import Topic
from hub.policies import can_keep_topics, needs_new_reading, why_not_change_material
from hub.queries.audit import trail_of
from hub.queries.topics import all_topics, material_counts
from hub.services import materials as keeping
from hub.services.topics import save_topic
from hub.web.access import the_actor
from hub.web.audit_words import audit_lines
from hub.web.changes import try_change
from hub.web.forms import ActionForm, language_rows
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.talk_access import known_topic, material_of, talks_only, topics_only
from hub.web.topic_cards import by_language, checked_words, material_card, topic_row

desk_topics = Blueprint("desk_topics", __name__)
desk_topics.before_request(allow_documents)


@desk_topics.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_topics.get("")
@talks_only
def index() -> Response:
    view, counts = "all" if request.args.get("view") == "all" else "used", material_counts()
    topics = [t for t in all_topics() if t.active or view == "all"]
    return render(
        "desk/topics/index.html",
        view=view,
        rows=[topic_row(t, counts.get(t.id, 0)) for t in topics],
        keeps=can_keep_topics(the_actor()),
    )


@desk_topics.route("/new", methods=["GET", "POST"])
@topics_only
def new() -> Response:
    return _topic_page(None)


@desk_topics.get("/<id:topic_id>")
@talks_only
def show(topic_id: int) -> Response:
    topic = known_topic(topic_id)
    return render(
        "desk/topics/show.html",
        topic=topic,
        row=topic_row(topic, len(topic.materials)),
        checked=checked_words(topic),
        due=needs_new_reading(topic, clock.today()),
        texts=[topic.texts[code] for code in LANGUAGES if code in topic.texts],
        groups=by_language(topic.materials),
        keeps=can_keep_topics(the_actor()),
        trail=audit_lines(trail_of("topic", topic_id)),
    )


@desk_topics.route("/<id:topic_id>/edit", methods=["GET", "POST"])
@topics_only
def edit(topic_id: int) -> Response:
    return _topic_page(known_topic(topic_id))


@desk_topics.route("/<id:topic_id>/materials/new", methods=["GET", "POST"])
@topics_only
def new_material(topic_id: int) -> Response:
    topic, user = known_topic(topic_id), the_actor()
    form = material_form(NewMaterialForm)
    added = try_change(
        form,
        lambda: keeping.add_material(topic_id, material_data(form), form.source, by=user).id,
    )
    if added.done:
        flash(_("The material is added."), "success")
        return see_other(url_for(".show", topic_id=topic.id))
    return _material_page(known_topic(topic_id), form, added.status, _("Add a material"))


@desk_topics.route("/<id:topic_id>/materials/<id:material_id>/edit", methods=["GET", "POST"])
@topics_only
def edit_material(topic_id: int, material_id: int) -> Response:
    user, form = the_actor(), material_form(MaterialForm, material_of(topic_id, material_id))
    changed = try_change(
        form, lambda: keeping.change_material(material_id, material_data(form), by=user).id
    )
    if changed.done:
        flash(_("The material is changed."), "success")
        return see_other(url_for(".show", topic_id=topic_id))
    return _changing(topic_id, material_id, form, changed.status, _("Change what stands about it"))


@desk_topics.route("/<id:topic_id>/materials/<id:material_id>/replace", methods=["GET", "POST"])
@topics_only
def replace_material(topic_id: int, material_id: int) -> Response:
    user, form = the_actor(), material_form(NewMaterialForm, material_of(topic_id, material_id))
    replaced = try_change(
        form,
        lambda: keeping.replace_material(material_id, material_data(form), form.source, by=user).id,
    )
    if replaced.done:
        flash(_("The new version is in use. The old one is withdrawn and kept."), "success")
        return see_other(url_for(".show", topic_id=topic_id))
    return _changing(topic_id, material_id, form, replaced.status, _("Replace by a new version"))


@desk_topics.route("/<id:topic_id>/materials/<id:material_id>/withdraw", methods=["GET", "POST"])
@topics_only
def withdraw_material(topic_id: int, material_id: int) -> Response:
    user, form = the_actor(), ActionForm()
    material_of(topic_id, material_id)
    gone = try_change(form, lambda: keeping.withdraw_material(material_id, by=user).id)
    if gone.done:
        flash(_("The material is withdrawn."), "success")
        return see_other(url_for(".show", topic_id=topic_id))
    material = material_of(topic_id, material_id)
    return render(
        "desk/topics/withdraw.html",
        None,
        gone.status,
        topic=known_topic(topic_id),
        card=material_card(material),
        form=form,
        why_not=why_not_change_material(material),
    )


def _topic_page(topic: Topic | None) -> Response:
    user, form = the_actor(), topic_form(topic)
    saved: Any = try_change(form, lambda: save_topic(topic, topic_data(form, topic), by=user).id)
    if saved.done:
        flash(_("The topic is saved."), "success")
        return see_other(url_for(".show", topic_id=saved.result))
    return render(
        "desk/topics/edit.html",
        None,
        saved.status,
        topic=topic,
        form=form,
        rows=language_rows(form),
    )


def _changing(topic_id: int, material_id: int, form: Any, status: int, heading: str) -> Response:
    material = material_of(topic_id, material_id)
    reason = why_not_change_material(material)
    return _material_page(
        known_topic(topic_id), form, status, heading, card=material_card(material), why_not=reason
    )


def _material_page(topic: Topic, form: Any, status: int, heading: str, **more: Any) -> Response:
    return render(
        "desk/topics/material.html", None, status, topic=topic, form=form, heading=heading, **more
    )
