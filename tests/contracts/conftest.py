"""A small site with one of everything, to walk through."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from hub import clock
from hub.enums import (
    ApplicationStatus,
    EventKind,
    EventStatus,
    Programme,
    RecordStatus,
    StaffRole,
)
from hub.extensions import db
from hub.integrations.pictures import Picture
from hub.integrations.signing import ticket_token
from hub.models import Appointment, Certificate, Community, DoorHelper, User
from hub.services.accounts import invite, invite_administrator
from hub.services.certificates import issue_certificate
from hub.services.evidence import add_pictures
from hub.services.series import create_series
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


@pytest.fixture
def invitation(db_session) -> str:
    """The link of the first administrator: made before there is one."""
    with unit_of_work():
        return invite_administrator()


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
    return Site(
        **_records(nadia, community, ada),
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
        question=make_question().id,
    )


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


@pytest.fixture
def walk(site: Site):
    """Addresses from which every page of the site can be reached, by who opens them."""
    return {
        "anybody": [
            "/en/", "/en/account/login", f"/en/tickets/{site.token}",
            f"/en/tickets/{site.waiting_token}", f"/en/account/set-up/{site.set_up}",
        ],
        "ada": ["/en/", "/en/desk"],
        "nadia": ["/en/me", "/en/service/records"],
    }  # fmt: skip
