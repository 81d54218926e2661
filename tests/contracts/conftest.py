"""A small site with one of everything, to walk through."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from hub.enums import EventKind, EventStatus, StaffRole
from hub.extensions import db
from hub.integrations.signing import ticket_token
from hub.models import DoorHelper, User
from hub.services.accounts import invite, invite_administrator
from hub.services.series import create_series
from hub.transaction import unit_of_work
from tests.factories import event_data, make_event, make_sign_up, make_user
from tests.people import BOB, CAROL


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
    return Site(
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
    )


@pytest.fixture
def walk(site: Site):
    """Addresses from which every page of the site can be reached, by who opens them."""
    return {
        "anybody": [
            "/en/", "/en/account/login", f"/en/tickets/{site.token}",
            f"/en/tickets/{site.waiting_token}", f"/en/account/set-up/{site.set_up}",
        ],
        "ada": ["/en/", "/en/desk"],
    }  # fmt: skip
