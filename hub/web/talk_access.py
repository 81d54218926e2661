"""Who may open which page about lecturers and law talks, as hub/web/access.py does (rule 20)."""

from flask import abort

from hub.enums import EventKind
from hub.extensions import db
from hub.integrations.signing import read_talk_request_token
from hub.models import Event, Qualification, Talk, TalkPlan, TalkRequest, Topic, TopicMaterial
from hub.policies import (
    can_examine,
    can_keep_topics,
    can_manage_event,
    can_manage_talks_in,
    can_manage_training,
    can_run_talks,
    can_see_qualification,
    can_see_talk_request,
)
from hub.queries.talk_reports import gives_talk
from hub.queries.talk_requests import request_of_code
from hub.queries.trainings import learns
from hub.web.access import View, actor, guarded, managed_event, the_actor


def talks_only(view: View) -> View:
    """The view is for those at whose desk there can be law talks and trainings."""
    return guarded(view, can_run_talks)


def topics_only(view: View) -> View:
    """The view is for those who keep the topics: the subdistrict and the police unit."""
    return guarded(view, can_keep_topics)


def examiners_only(view: View) -> View:
    """The view is for the police unit and the subdistrict: they examine and qualify."""
    return guarded(view, can_examine)


def learners_only(view: View) -> View:
    """The view is for lecturers, and for whoever is on the way to be one."""
    return guarded(view, learns)


def managed_training(event_id: int) -> Event:
    """The event, if it is a training that the visitor runs, or 404 (rule 20)."""
    event = db.session.get(Event, event_id)
    if event is None or not can_manage_training(actor(), event):
        abort(404)
    return event


def visible_qualification(qualification_id: int) -> Qualification:
    """The qualification, if the visitor's desk may see it, or 404 (rule 20)."""
    row = db.session.get(Qualification, qualification_id)
    if row is None or row.user.erased_at is not None or not can_see_qualification(actor(), row):
        abort(404)
    return row


def own_qualification(qualification_id: int) -> Qualification:
    """The visitor's own qualification, or 404 (rule 20)."""
    row = db.session.get(Qualification, qualification_id)
    if row is None or row.user_id != the_actor().id:
        abort(404)
    return row


def managed_talk_event(event_id: int) -> Event:
    """The law talk's event, if the visitor manages it, or 404 (rule 20)."""
    event = managed_event(event_id)
    if event.kind is not EventKind.LAW_TALK:
        abort(404)
    return event


def managed_talk(event_id: int) -> Talk:
    """The law talk, if the visitor manages it, or 404 (rule 20)."""
    talk = db.session.get(Talk, event_id)
    if talk is None or not can_manage_event(actor(), talk.event):
        abort(404)
    return talk


def own_talk(event_id: int) -> Talk:
    """The law talk that the visitor gives or gave, or 404 (rule 20)."""
    talk = db.session.get(Talk, event_id)
    if talk is None or not gives_talk(the_actor(), event_id):
        abort(404)
    return talk


def managed_plan(series_id: int) -> TalkPlan:
    """The series of talks, if the visitor may plan talks in its community, or 404 (rule 20)."""
    plan = db.session.get(TalkPlan, series_id)
    if plan is None or not can_manage_talks_in(actor(), plan.series.community_id):
        abort(404)
    return plan


def talk_request(token: str) -> TalkRequest:
    """The request that a private link opens, or 404; 410 once the person is deleted from it."""
    code = read_talk_request_token(token)
    asked = request_of_code(code) if code is not None else None
    if asked is None:
        abort(404)
    if asked.erased_at is not None:
        abort(410)
    return asked


def handled_talk_request(request_id: int) -> TalkRequest:
    """The request for a talk, if it is of the visitor's desk, or 404 (rule 20)."""
    asked = db.session.get(TalkRequest, request_id)
    if asked is None or not can_see_talk_request(the_actor(), asked):
        abort(404)
    return asked


def known_topic(topic_id: int) -> Topic:
    topic = db.session.get(Topic, topic_id)
    if topic is None:
        abort(404)
    return topic


def material_of(topic_id: int, material_id: int) -> TopicMaterial:
    """The material of that topic, or 404."""
    material = db.session.get(TopicMaterial, material_id)
    if material is None or material.topic_id != topic_id:
        abort(404)
    return material
