"""A small site with one of everything, to walk through."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import (
    ApplicationStatus,
    EventKind,
    EventStatus,
    FeedKind,
    Programme,
    RecordStatus,
    StaffRole,
    SuggestionCategory,
    SuggestionEntryKind,
    SuggestionIdentity,
    SuggestionOutcome,
    SuggestionStatus,
)
from hub.extensions import db
from hub.integrations.documents import read_document
from hub.integrations.files import SUGGESTIONS
from hub.integrations.pictures import Picture
from hub.integrations.signing import (
    backer_token,
    slip_token,
    suggestion_token,
    survey_token,
    talk_request_token,
    ticket_token,
)
from hub.models import (
    Appointment,
    Backer,
    Certificate,
    Community,
    DoorHelper,
    Duty,
    SuggestionEntry,
    SurveyAnswer,
    User,
    Venue,
)
from hub.services.accounts import invite, invite_administrator
from hub.services.certificates import issue_certificate
from hub.services.evidence import add_pictures
from hub.services.feeds import make_feed
from hub.services.files import keep_file
from hub.services.response_templates import save_template
from hub.services.series import create_series
from hub.services.suggestions import Saying, submit_suggestion
from hub.transaction import unit_of_work
from tests.factories import event_data, make_event, make_sign_up, make_user
from tests.people import BOB, CAROL
from tests.service_factories import (
    make_application,
    make_appointment,
    make_assignment,
    make_assistant,
    make_duty,
    make_question,
    make_record,
)
from tests.talk_factories import (
    make_absence,
    make_lecturing,
    make_material,
    make_past_talk,
    make_plan,
    make_qualification,
    make_report,
    make_study,
    make_talk,
    make_talk_request,
    make_topic,
    make_training,
)
from tests.voice_factories import (
    answer,
    hear,
    make_attended,
    make_public,
    make_response,
    make_suggestion,
)


@dataclass(frozen=True, slots=True)
class Site:
    """What stands in the addresses of the site."""

    event: int
    full: int
    draft: int
    cancelled: int
    series: int
    sign_up: int
    venue: int
    community: int
    token: str
    waiting_token: str
    set_up: str
    ada: User
    law_talk: int
    law_series: int
    resident: User
    helper: User
    police: User
    person: int
    role: int
    invitation: int
    served: int
    certificate: int
    certificate_code: str
    # Service records: what nadia, an assistant, logged. Her picture goes with `record`.
    nadia: User
    record: int
    approved: int
    draft_record: int
    picture: int
    activity: int
    duty: int
    assignment: int
    candidate: int
    application: int
    appointment: int
    question: int
    # Law talks: a topic with a document for everybody, and a request of community one.
    topic: int
    topic_slug: str
    material: int
    talk_request: int
    request_token: str
    # Lecturers: a training that is on, who is enrolled, and what the resident is qualified for.
    training: int
    enrolled: int
    qualification: int
    absence: int
    # A talk that is over, which the resident gave, with a question; it is not reported by others.
    past_talk: int
    asked: int
    # A talk of law_talk's community with its duty, and a series of talks.
    talk: int
    talk_duty: int
    plan: int
    # An event that is over, with answers and comments, and a party of which one has answered.
    surveyed: int
    comment: str
    survey_token: str
    # A suggestion in progress, with a photo and a draft, and words to answer with.
    desk_suggestion: int
    response_template: int
    # What everybody sees of suggestions, and the private pages of one that is done.
    public_suggestion: int
    mine_token: str
    asked_token: str
    backing_token: str
    slip_token: str
    # A private calendar of the resident, and the token of its address.
    feed: int
    feed_token: str


@pytest.fixture
def invitation(db_session) -> str:
    """The link of the first administrator: made before there is one."""
    with unit_of_work():
        return invite_administrator()


def _talk(venue, by) -> dict[str, int]:
    topics = [make_topic("renewing")]
    plan = make_plan(venue.community, by)
    talk = make_talk(venue, topics, by, series=plan.series)
    duty = db.session.scalars(db.select(Duty).where(Duty.event_id == talk.event_id)).one()
    return {"talk": talk.event_id, "talk_duty": duty.id, "plan": plan.series_id}


@pytest.fixture
def site(invitation, now, community, venue, ada) -> Site:
    """All of it belongs to community one."""
    event = make_event(venue=venue)
    booked = make_sign_up(event, BOB, 2)
    full = make_event(venue=venue, capacity=2, starts_at=now + timedelta(hours=3))
    make_sign_up(full, BOB, 2)
    waiting = make_sign_up(full, CAROL, 2)
    draft = make_event(venue=venue, status=EventStatus.DRAFT)
    cancelled = make_event(venue=venue, status=EventStatus.CANCELLED)
    with unit_of_work():
        sessions = create_series(replace(event_data(venue)), "FREQ=WEEKLY;COUNT=3", by=ada)
        series_id = sessions[0].series_id
    assert series_id is not None
    law = make_event(venue=venue, kind=EventKind.LAW_TALK)
    with unit_of_work():
        data = event_data(venue, kind=EventKind.LAW_TALK)
        law_series = create_series(data, "FREQ=WEEKLY;COUNT=3", by=ada)[0].series_id
    assert law_series is not None
    person = make_user("paul", community=community)
    helper, resident = make_user("hana", role=None), make_user("rita", role=None)
    with unit_of_work():
        for number in (event.id, law.id):
            db.session.add(DoorHelper(event_id=number, user_id=helper.id, created_at=now))
        written, _token = invite(StaffRole.STAFF, by=ada, community_id=community.id)
    served, certificate = _certified(community, ada)
    nadia = make_assistant("nadia", community)
    duty = make_duty(venue, ada, event_id=event.id)
    candidate = make_assistant("omar", community)
    assignment = make_assignment(duty, nadia)
    application = make_application(resident, ApplicationStatus.UNDER_REVIEW, community=community)
    make_application(helper, ApplicationStatus.UNDER_REVIEW, programme=Programme.LECTURER)
    term = make_appointment(resident, community, programme=Programme.LECTURER)
    with unit_of_work():
        db.session.get_one(Appointment, term.id).number = "LX-2026-0001"
    with unit_of_work():
        feed, feed_token = make_feed(FeedKind.PERSONAL, "my phone", by=resident)
        make_feed(FeedKind.STAFF, "my desk", by=ada)
    return Site(
        feed=feed.id,
        feed_token=feed_token,
        **_lecturers(resident, venue, ada),
        **_records(nadia, community, ada),
        **_talks(community, ada),
        **_past_talks(venue, resident, ada),
        **_surveyed(venue),
        duty=duty.id,
        assignment=assignment.id,
        candidate=candidate.id,
        event=event.id,
        full=full.id,
        draft=draft.id,
        cancelled=cancelled.id,
        series=series_id,
        sign_up=booked.id,
        venue=venue.id,
        community=community.id,
        token=ticket_token(booked.code),
        waiting_token=ticket_token(waiting.code),
        set_up=invitation,
        ada=ada,
        law_talk=law.id,
        law_series=law_series,
        resident=resident,
        helper=helper,
        police=make_user("pia", role=StaffRole.POLICE),
        person=person.id,
        role=person.roles[0].id,
        invitation=written.id,
        served=served.id,
        certificate=certificate.id,
        certificate_code=certificate.code,
        application=application.id,
        appointment=term.id,
        **_talk(venue, ada),
        **_desk_suggestions(community, person, ada),
        question=make_question().id,
        **_public_suggestions(community, nadia, ada),
    )


def _lecturers(resident: User, venue: Venue, by: User) -> dict[str, int]:
    """A training that is on, with somebody enrolled, and one qualification of the resident."""
    topic = make_topic("renting")
    training = make_training(venue, [topic], starts_at=clock.now() - timedelta(minutes=5))
    booked = make_sign_up(training.event, BOB, 1)
    make_study(make_user("learner", role=None), training)
    qualification = make_qualification(resident, topic)
    absence = make_absence(resident, clock.today())
    return {
        "training": training.event_id, "enrolled": booked.id,
        "qualification": qualification.id, "absence": absence.id,
    }  # fmt: skip


def _certified(community: Community, by: User) -> tuple[User, Certificate]:
    """Somebody who has served, and what certifies it."""
    served = make_assistant("stella", community)
    record = make_record(served, community, status=RecordStatus.APPROVED, decided_by=by)
    day = record.starts_at.date()
    with unit_of_work():
        return served, issue_certificate(served, day, day, by=by)


def _records(nadia: User, community: Community, ada: User) -> dict[str, Any]:
    """Three that wait, one with a picture, an approved one and a draft."""
    waiting = make_record(nadia, community)
    for days in (5, 6):
        make_record(nadia, community, starts_at=clock.now() - timedelta(days=days))
    with unit_of_work():
        add_pictures(waiting, [Picture(b"\xff\xd8", "photo.jpg")])
        picture = waiting.evidence[0].id
    earlier = clock.now() - timedelta(days=3)
    approved = make_record(
        nadia, community, starts_at=earlier, status=RecordStatus.APPROVED, decided_by=ada
    )
    draft = make_record(nadia, community, status=RecordStatus.DRAFT)
    return {
        "nadia": nadia, "record": waiting.id, "approved": approved.id, "picture": picture,
        "draft_record": draft.id, "activity": waiting.activity_id,
    }  # fmt: skip


def _talks(community: Community, ada: User) -> dict[str, Any]:
    topic = make_topic("traffic")
    make_material(topic, ada)
    document = read_document(b"%PDF-1.7", "leaflet.pdf")
    for _ in range(2):  # one to be planned and one to be declined
        make_talk_request(community_id=community.id)
    asked = make_talk_request(community_id=community.id, topics=[topic.id])
    return {
        "topic": topic.id, "topic_slug": topic.slug, "talk_request": asked.id,
        "material": make_material(topic, ada, document).id,
        "request_token": talk_request_token(asked.code),
    }  # fmt: skip


def _past_talks(venue: Venue, resident: User, ada: User) -> dict[str, Any]:
    """One talk that the resident gave and nobody has reported, one that was."""
    topic = make_topic("helmets")
    silent = make_past_talk(venue, [topic], ada)
    make_lecturing(silent, resident)
    reported = make_past_talk(venue, [topic], ada)
    make_report(reported, ada, questions=["May I ride without a helmet?"])
    return {"past_talk": silent.event_id, "asked": reported.questions[0].id}


def _surveyed(venue: Venue) -> dict[str, Any]:
    event = make_event(venue=venue, starts_at=clock.now() - timedelta(hours=5))
    party = make_attended(event, 2)
    answer(party, 1, comment="Très bien.", language="fr")
    hear(event, 4)
    shown = select(SurveyAnswer.id).where(SurveyAnswer.comment != "")
    return {
        "surveyed": event.id, "comment": db.session.scalars(shown).one(),
        "survey_token": survey_token(party.code),
    }  # fmt: skip


def _desk_suggestions(community: Community, owner: User, ada: User) -> dict[str, int]:
    """One in each state, so that every form at the desk has something to change."""
    with unit_of_work():
        photo = keep_file(SUGGESTIONS, b"\xff\xd8", "jpg")
    made = {
        status: make_suggestion(community=community, status=status, owner=owner, may_publish=True)
        for status in SuggestionStatus
        if status is not SuggestionStatus.DUPLICATE
    }
    for _ in range(3):
        make_suggestion(community=community, status=SuggestionStatus.TRIAGED, owner=owner)
    answered = make_suggestion(
        community=community, status=SuggestionStatus.IN_PROGRESS, owner=owner, photo_name=photo
    )
    make_response(answered, owner, published=False)
    make_suggestion(
        community=community,
        status=SuggestionStatus.DUPLICATE,
        owner=owner,
        duplicate_of_id=made[SuggestionStatus.TRIAGED].id,
    )
    with unit_of_work():
        words = save_template(None, "Thanks", SuggestionOutcome.ADOPTED, {"en": "Thanks."}, by=ada)
    return {"desk_suggestion": answered.id, "response_template": words.id}


def _public_suggestions(community: Community, nadia: User, ada: User) -> dict[str, Any]:
    """One that is done and public with a photo, one about which something is asked, one that an
    assistant wrote down; and somebody who has yet to confirm that they stand behind the first."""
    done = make_suggestion(status=SuggestionStatus.DONE, owner=ada, community=community)
    make_public(done, ada)
    asked = make_suggestion(
        status=SuggestionStatus.TRIAGED, owner=ada, paused_on=clock.today(), community=community
    )
    question = SuggestionEntry(
        suggestion_id=asked.id, kind=SuggestionEntryKind.QUESTION, text="Where?", by_id=ada.id,
        on=clock.today(),
    )  # fmt: skip
    backer = Backer(
        suggestion_id=done.id, contact_key="key", email="min@example.com", language="en",
        me_too=True, follows=False, made_on=clock.today(),
    )  # fmt: skip
    with unit_of_work():
        done.photo_name, done.photo_public = keep_file(SUGGESTIONS, b"\xff\xd8", "jpg"), True
        db.session.add_all([question, backer])
        saying = Saying(
            "Please show films in Korean.", SuggestionCategory.LANGUAGE, "en",
            SuggestionIdentity.CODE, name="Min", collected=True,
        )  # fmt: skip
        made = submit_suggestion(saying, by=nadia)
    return {
        "public_suggestion": done.id, "mine_token": suggestion_token(done.code),
        "asked_token": suggestion_token(asked.code), "backing_token": backer_token(backer.id),
        "slip_token": slip_token(made.suggestion.code, made.seed),
    }  # fmt: skip


@pytest.fixture
def walk(site: Site):
    """Addresses from which every page of the site can be reached, by who opens them."""
    return {
        "anybody": [
            "/en/", "/en/account/login", f"/en/tickets/{site.token}",
            f"/en/tickets/{site.waiting_token}", f"/en/account/set-up/{site.set_up}",
            "/en/talks", f"/en/talks/requests/{site.request_token}",
            f"/en/surveys/{site.survey_token}", f"/en/events/{site.surveyed}/survey",
            f"/en/suggestions/mine/{site.mine_token}", f"/en/suggestions/mine/{site.asked_token}",
            f"/en/suggestions/backing/{site.backing_token}",
        ],
        "ada": [
            "/en/", "/en/desk", "/en/desk/topics", "/en/desk/coverage", "/en/desk/talk-questions",
            "/en/desk/surveys",
            "/en/desk/suggestions/figures",
        ],
        "nadia": ["/en/me", "/en/service/records"],
    }  # fmt: skip
