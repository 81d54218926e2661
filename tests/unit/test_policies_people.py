"""Who may see whom, and what the police unit runs (rules 5 and 20)."""

import random
from datetime import date, timedelta

import pytest

from hub import clock
from hub.enums import ConsentPurpose, EventKind, Programme, StaffRole
from hub.exceptions import NotAllowed
from hub.extensions import db
from hub.models import Appointment, Consent, Event, Membership, Profile, User
from hub.policies import (
    can_manage_event,
    can_manage_kind,
    can_see_person,
    can_see_whole_person,
    can_work_door,
    manageable_kinds,
    why_not_decide_on,
)
from hub.queries.consents import live_consents
from hub.queries.events import desk_events, events_on_day, managed_by
from hub.queries.people import PeopleFilter, people, visible_person
from hub.queries.places import managed_venues, usable_communities, usable_venues
from hub.services.event_data import data_of
from hub.services.events import create_event, update_event
from hub.transaction import unit_of_work
from tests.factories import event_data, make_community, make_event, make_user, make_venue


def police() -> User:
    return make_user("pol", role=StaffRole.POLICE)


def resident(name: str) -> User:
    return make_user(name, role=None)


def test_rule_20_seeing_a_person_and_finding_them_agree(db_session):
    """The predicate and the query, for every pair of fifty random people."""
    dice = random.Random(20)
    places = [make_community() for _ in range(3)]
    choices = [None, *(p.id for p in places)]
    users = [make_user(role=None) for _ in range(22)]
    with unit_of_work():
        for user in users:
            for _ in range(dice.choice([0, 0, 1, 2])):
                role = dice.choice([StaffRole.STAFF, StaffRole.STAFF, StaffRole.POLICE])
                place = dice.choice(choices) if role is StaffRole.STAFF else None
                if not any(m.role is role and m.community_id == place for m in user.roles):
                    user.roles.append(Membership(role=role, community_id=place))
            if dice.random() < 0.6:
                where = dice.choice(choices)
                db.session.add(Profile(user_id=user.id, community_id=where, updated_at=clock.now()))
            if dice.random() < 0.4:
                db.session.add(
                    Appointment(
                        user_id=user.id,
                        programme=dice.choice(list(Programme)),
                        community_id=dice.choice(choices),
                        starts_on=date(2026, 1, 1),
                        ends_on=date(2026, 12, 31),
                        accepted_at=clock.now(),
                        created_at=clock.now(),
                    )
                )
    for user in users:
        for given in dice.choice([(), (), (True,), (True, False), (True, False, True)]):
            consent(user, given=given)
    db.session.expire_all()
    shared = {u.id for u in users if ConsentPurpose.POLICE_TRAINERS in live_consents(u.id)}
    everybody = list(db.session.query(User).order_by(User.id))
    for viewer in everybody:
        listed = {p.id for p in people(PeopleFilter(), by=viewer, limit=1000)}
        may = {p.id for p in everybody if can_see_person(viewer, p, shared=p.id in shared)}
        assert listed == may, viewer.roles
        for person in everybody:
            assert (visible_person(person.id, by=viewer) is not None) is (person.id in may)


def test_rule_20_nobody_sees_anybody_without_an_account(db_session):
    assert not can_see_person(None, resident("rita"), shared=True)


def test_rule_18_police_unit_sees_only_those_who_allow_it(db_session):
    pol, rita = police(), resident("rita")
    assert visible_person(rita.id, by=pol) is None
    consent(rita, given=True)
    assert visible_person(rita.id, by=pol) == rita
    assert not can_see_whole_person(pol, rita)
    consent(rita, given=False)
    assert visible_person(rita.id, by=pol) is None


def consent(user: User, *, given: bool) -> None:
    with unit_of_work():
        db.session.add(
            Consent(
                user_id=user.id, purpose=ConsentPurpose.POLICE_TRAINERS, given=given,
                version="x", language="en", text="…", at=clock.now(),
            )
        )  # fmt: skip


def test_rule_20_an_erased_person_is_nobody(db_session, ada):
    rita = resident("rita")
    with unit_of_work():
        rita.erased_at = clock.now()
    assert visible_person(rita.id, by=ada) is None


@pytest.mark.parametrize("kind", list(EventKind))
def test_police_unit_runs_talks_and_trainings_everywhere(db_session, kind):
    pol, venue = police(), make_venue()
    runs = kind in (EventKind.LAW_TALK, EventKind.TRAINING)
    assert can_manage_kind(pol, venue.community_id, kind) is runs
    data = event_data(venue, kind=kind)
    if runs:
        with unit_of_work():
            assert create_event(data, by=pol).id
    else:
        with pytest.raises(NotAllowed), unit_of_work():
            create_event(data, by=pol)


def test_police_unit_cannot_turn_a_talk_into_a_festival(db_session):
    pol, talk = police(), make_event(kind=EventKind.LAW_TALK)
    data = data_of(talk)
    data.kind = EventKind.FESTIVAL
    with pytest.raises(NotAllowed), unit_of_work():
        update_event(talk.id, data, by=pol)
    festival = make_event(kind=EventKind.FESTIVAL)
    data = data_of(festival)
    data.kind = EventKind.LAW_TALK
    with pytest.raises(NotAllowed), unit_of_work():
        update_event(festival.id, data, by=pol)


def test_rule_20_desk_lists_what_one_manages(db_session, community, other_community, alice, sue):
    pol = police()
    for place in (community, other_community):
        venue = make_venue(place)
        for kind in EventKind:
            make_event(venue=venue, kind=kind)
    for viewer in (alice, sue, pol, resident("rita")):
        wanted = {e.id for e in db.session.query(Event) if can_manage_event(viewer, e)}
        listed = desk_events(viewer, view="upcoming", limit=100).events
        assert {e.id for e in listed} == wanted
        assert {e.id for e in db.session.query(Event).where(managed_by(viewer))} == wanted
        tomorrow = clock.today() + timedelta(days=1)
        assert {e.id for e in events_on_day(viewer, tomorrow)} == wanted
    assert usable_communities(pol) == [community, other_community]
    assert len(usable_venues(pol)) == 2
    assert managed_venues(pol) == []
    assert manageable_kinds(pol, community.id) == [EventKind.LAW_TALK, EventKind.TRAINING]


def test_rule_20_door_is_for_staff_and_its_own_helpers(event, alice, sam, now):
    assert can_work_door(alice, event, False, now)
    assert not can_work_door(sam, event, False, now)
    assert can_work_door(sam, event, True, now)
    assert not can_work_door(None, event, True, now)
    late = event.ends_at + timedelta(days=1)
    assert not can_work_door(sam, event, True, late)
    assert can_work_door(alice, event, False, late)


def test_rule_05_nobody_decides_on_themselves(db_session, ada, alice):
    assert why_not_decide_on(ada, ada) is not None
    assert why_not_decide_on(ada, alice) is None
