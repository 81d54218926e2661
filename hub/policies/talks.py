"""Law talks and the lecturers who give them: who keeps topics, examines, and runs talks."""

from datetime import date, datetime

from flask_babel import LazyString

from hub.enums import EventKind, EventStatus, Programme, TalkRequestStatus
from hub.i18n import _l
from hub.models import Event, TalkRequest, Topic, TopicMaterial, User
from hub.policies.events import can_manage_kind
from hub.policies.people import (
    is_active_in,
    is_police,
    manages_communities,
    own_community_ids,
    sees_all_communities,
    sees_all_people,
)


def lectures(user: User | None) -> bool:
    """Whether the person is or was a lecturer: there are pages of their own for it."""
    return user is not None and any(
        a.programme is Programme.LECTURER and a.accepted_at is not None for a in user.appointments
    )


def can_keep_topics(user: User | None) -> bool:
    """Who writes what a newcomer must know: the subdistrict and the police unit."""
    return is_police(user) or sees_all_people(user)


def can_examine(user: User | None) -> bool:
    """Who enters results of assessments and grants qualifications: the same two."""
    return can_keep_topics(user)


def can_run_talks(user: User | None) -> bool:
    """Whether there can be law talks and trainings at the person's desk."""
    return is_police(user) or manages_communities(user)


def can_manage_talks_in(user: User | None, community_id: int) -> bool:
    """Whether the person may plan law talks in that community (rule 20)."""
    return can_manage_kind(user, community_id, EventKind.LAW_TALK)


# --- topics, materials and requests -----------------------------------------------------------


def needs_new_reading(topic: Topic, on: date) -> bool:
    """Whether its time has passed: somebody has to read it through again."""
    return topic.valid_until is not None and topic.valid_until < on


def can_open_material(
    user: User | None, material: TopicMaterial, *, topic: Topic, on: date
) -> bool:
    """The desk opens all of them, lecturers what is not withdrawn, and everybody what is public
    and holds on that day (rule 20)."""
    if can_run_talks(user):
        return True
    if not topic.active or material.withdrawn_at is not None:
        return False
    return is_active_in(user, Programme.LECTURER, on) or (material.public and material.holds(on))


def why_not_change_material(material: TopicMaterial) -> LazyString | None:
    """The reason why it stays as it is, or None. What is withdrawn is kept for what used it."""
    if material.withdrawn_at is not None:
        return _l("This material is withdrawn. It stays as it was.")
    return None


def can_see_talk_request(user: User | None, request: TalkRequest) -> bool:
    """Staff of a community: requests for it and those for no community; the subdistrict and the
    police unit: all (rule 20). The list asks the same (hub/queries/talk_requests.py)."""
    if user is None or not can_run_talks(user):
        return False
    if sees_all_communities(user) or request.community_id is None:
        return True
    return request.community_id in own_community_ids(user)


def why_not_decide_talk_request(request: TalkRequest) -> LazyString | None:
    """The reason why it can be neither planned nor declined, nor taken back, or None."""
    if request.erased_at is not None:
        return _l("Who asked has deleted their data.")
    return {
        TalkRequestStatus.PLANNED: _l("The talk is planned already."),
        TalkRequestStatus.DECLINED: _l("This request was declined."),
        TalkRequestStatus.WITHDRAWN: _l("This request was taken back."),
    }.get(request.status)


# --- the report after the talk --------------------------------------------------------------------


def why_not_report(event: Event, over_at: datetime, now: datetime) -> LazyString | None:
    """The reason why nobody can report the talk at ``now``, or None. ``over_at``: when it and
    the duties of its lecturers are over."""
    if event.status is EventStatus.CANCELLED:
        return _l("This talk was cancelled: there is nothing to report.")
    if event.status is EventStatus.DRAFT:
        return _l("This talk was never published: there is nothing to report.")
    if now < over_at:
        return _l("The talk is not over yet. Report it when it is.")
    return None


def why_not_correct_report(manages: bool, sealed: int) -> LazyString | None:
    """The reason why somebody cannot correct a report, or None. ``sealed``: how many records of
    its lecturers were approved; from then on only those who manage the talk can (rule 12)."""
    if sealed and not manages:
        return _l("Hours of this talk are approved already. Ask the staff to correct the report.")
    return None
