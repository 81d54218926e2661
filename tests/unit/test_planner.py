"""The planner: never somebody who cannot, never a free one missed, talks shared fairly."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hub import clock
from hub.enums import AssignmentStatus
from hub.extensions import db
from hub.models import Duty, Profile, Qualification, QualificationSuspension, Suspension
from hub.policies import why_not_take
from hub.queries.availability import helper_of
from hub.queries.lecturer_pool import why_nobody
from hub.queries.planner import plan_for, proposals
from hub.transaction import unit_of_work
from tests.factories import local, make_community, make_venue
from tests.service_factories import make_appointment
from tests.talk_factories import (
    make_absence,
    make_lecturer,
    make_lecturing,
    make_qualification,
    make_talk,
    make_topic,
)

DAY = timedelta(days=1)
START = local("2026-12-02 14:00")  # a Wednesday
S = AssignmentStatus
SLOW = settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.generate],  # shrinking would take minutes
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def duty_of(talk) -> Duty:
    return db.session.scalars(db.select(Duty).where(Duty.event_id == talk.event_id)).one()


def names(found) -> list[str]:
    return [p.user.name for p in found]


@pytest.fixture
def topics(db_session):
    return [make_topic("traffic"), make_topic("renting")]


@pytest.fixture
def talk(venue, alice, topics):
    return make_talk(venue, topics, alice, languages=("en", "fr"), starts_at=START)


def free_on(user, *weekdays: int) -> None:
    with unit_of_work():
        mask = sum(1 << day for day in weekdays)
        db.session.merge(Profile(user_id=user.id, weekdays=mask, updated_at=clock.now()))


def test_rule_08_only_the_qualified_are_proposed(talk, alice, topics):
    make_lecturer("Half", topics, ("en",))
    make_lecturer("Whole", topics, ("en", "fr"))
    assert names(proposals(duty_of(talk), alice)) == ["Whole"]


def test_fewest_talks_first_then_the_free_day_then_who_waited_longest(talk, alice, venue, topics):
    people = {n: make_lecturer(n, topics, ("en", "fr")) for n in ("Busy", "Recent", "Old", "Free")}
    gave = (("Busy", 9), ("Busy", 8), ("Recent", 9), ("Old", 40), ("Free", 9))
    for number, (name, ago) in enumerate(gave):
        start = START - ago * DAY + number * timedelta(hours=2)
        past = make_talk(venue, topics, alice, starts_at=start)
        make_lecturing(past, people[name])
    free_on(people["Free"], 2)
    found = proposals(duty_of(talk), alice)
    assert names(found) == ["Free", "Old", "Recent", "Busy"]
    words = " | ".join(found[0].reasons)
    assert "Traffic and Renting in English and French until" in words
    assert "1 talk this season; the others 1.3 on average" in words
    assert "Often free on Wednesday" in words


def test_offers_count_as_load(talk, alice, venue, topics):
    asked, _free = (make_lecturer(n, topics, ("en", "fr")) for n in ("Asked", "Free"))
    make_lecturing(make_talk(venue, topics, alice, starts_at=START + DAY), asked, S.OFFERED)
    assert names(proposals(duty_of(talk), alice)) == ["Free", "Asked"]


def test_talks_of_another_season_do_not_count(talk, alice, venue, topics):
    one, two = (make_lecturer(n, topics, ("en", "fr")) for n in ("One", "Two"))
    make_lecturing(make_talk(venue, topics, alice, starts_at=START - 200 * DAY), one)
    make_lecturing(make_talk(venue, topics, alice, starts_at=START - 100 * DAY), two)
    assert names(proposals(duty_of(talk), alice)) == ["One", "Two"]


def test_whoever_said_no_stands_last_and_is_not_planned(talk, alice, topics):
    no, _yes = (make_lecturer(n, topics, ("en", "fr")) for n in ("No", "Yes"))
    make_lecturing(talk, no, S.DECLINED)
    assert names(proposals(duty_of(talk), alice)) == ["Yes", "No"]
    duty = duty_of(talk)
    with unit_of_work():
        duty.people_needed = 2
    assert names(plan_for([duty], alice)[duty.id]) == ["Yes"]


def test_rule_05_nobody_is_proposed_by_themselves(talk, alice, topics):
    make_appointment(alice, programme="lecturer")
    for topic in topics:
        for code in ("en", "fr"):
            make_qualification(alice, topic, code)
    assert proposals(duty_of(talk), alice) == []
    assert why_nobody(duty_of(talk), alice) == "1 person is qualified: one is you."


def test_empty_result_says_why(talk, alice, venue, topics):
    duty = duty_of(talk)
    make_lecturer("Half", topics[:1], ("en", "fr"))
    assert why_nobody(duty, alice) == "Nobody is qualified for Renting in English on that day."
    make_lecturer("Other", topics[1:], ("en", "fr"))
    assert "all of its topics" in why_nobody(duty, alice)
    busy, away = (make_lecturer(n, topics, ("en", "fr")) for n in ("Busy", "Away"))
    make_lecturing(make_talk(venue, topics, alice, starts_at=START), busy)
    make_absence(away, START.date())
    assert why_nobody(duty, alice) == "2 people are qualified: 1 busy at that time, 1 away."


def test_suspended_term_or_qualification_is_not_proposed(talk, alice, topics):
    one, two = (make_lecturer(n, topics, ("en", "fr")) for n in ("One", "Two"))
    with unit_of_work():
        one.appointments[0].suspensions.append(
            Suspension(starts_on=clock.today(), ends_on=None, reason="?")
        )
        mine = db.select(Qualification).where(Qualification.user_id == two.id)
        for held in db.session.scalars(mine):
            held.suspensions.append(
                QualificationSuspension(starts_on=START.date(), ends_on=None, reason="?")
            )
    assert proposals(duty_of(talk), alice) == []


PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "qualified": st.tuples(*[st.sampled_from([None, -1, 0, 1])] * 2),
            "term": st.sampled_from(["here", "all", "elsewhere", "over", "none"]),
            "away": st.sampled_from([None, -1, 0, 1]),
            "talk": st.sampled_from([None, "before", "touches", "overlaps"]),
            "status": st.sampled_from([S.CONFIRMED, S.OFFERED, S.DECLINED, S.COMPLETED]),
            "on_it": st.sampled_from([None, None, S.OFFERED, S.REQUESTED, S.DECLINED]),
            "active": st.sampled_from([True, True, False]),
        }
    ),
    max_size=5,
)


def build(person: dict, talk, venue, topics, by):
    """A lecturer as drawn. Numbers are days between the end of something and the talk."""
    day, today = clock.to_local(START).date(), clock.today()
    user = make_lecturer("", (), (), ends_on=day - DAY if person["term"] == "over" else None)
    elsewhere = make_venue(make_community()).community_id if person["term"] == "elsewhere" else None
    with unit_of_work():
        term = user.appointments[0]
        term.community_id = {"here": venue.community_id}.get(person["term"])
        if person["term"] == "elsewhere":
            term.community_id = elsewhere
        if person["term"] == "none":
            term.accepted_at = None
    for topic, days in zip(topics, person["qualified"], strict=True):
        if days is not None:
            make_qualification(user, topic, "en", valid_until=day + days * DAY)
    if person["away"] is not None:
        make_absence(user, today, max(day + person["away"] * DAY, today))
    if person["talk"] is not None:
        shift = {"before": -9 * DAY, "touches": timedelta(hours=-1.5)}.get(person["talk"])
        other = make_talk(venue, topics, by, starts_at=START + (shift or timedelta(hours=1)))
        make_lecturing(other, user, person["status"])
    if person["on_it"] is not None:
        make_lecturing(talk, user, person["on_it"])
    with unit_of_work():
        user.active = person["active"]
    return user


@SLOW
@given(PEOPLE)
def test_rule_08_09_planner_says_what_the_rule_says(venue, alice, topics, people):
    """Exactly those in whose way nothing stands, who are not on it, and not the one who asks."""
    talk = make_talk(venue, topics, alice, starts_at=START)
    users = [build(person, talk, venue, topics, alice) for person in people]
    db.session.expire_all()
    duty = duty_of(talk)
    free = {
        user.id
        for user, person in zip(users, people, strict=True)
        if not why_not_take(duty, helper_of(user, duty), clock.now())
        and person["on_it"] not in (S.OFFERED, S.REQUESTED)
    }
    by_hand = {
        user.id
        for user, p in zip(users, people, strict=True)
        if all(days is not None and days >= 0 for days in p["qualified"])
        and p["term"] in ("here", "all")
        and p["away"] not in (0, 1)
        and not (p["talk"] == "overlaps" and p["status"] in (S.CONFIRMED, S.COMPLETED))
        and p["on_it"] not in (S.OFFERED, S.REQUESTED)
        and p["active"]
    }
    found = {p.user.id for p in proposals(duty, alice, limit=10_000)} & {u.id for u in users}
    assert found == free == by_hand
    for user in users:  # the next example begins with nobody who can
        with unit_of_work():
            user.active = False


@SLOW
@given(st.integers(1, 4), st.lists(st.integers(0, 20), min_size=1, max_size=6, unique=True))
def test_series_is_shared_fairly_among_equals(venue, alice, topics, people, days):
    users = [make_lecturer("", topics) for _ in range(people)]
    duties = [duty_of(make_talk(venue, topics, alice, starts_at=START + day * DAY)) for day in days]
    plan = plan_for(duties, alice)
    assert all(len(plan[d.id]) == 1 for d in duties)
    loads = {user.id: 0 for user in users}
    for duty in duties:
        loads[plan[duty.id][0].user.id] += 1
    assert max(loads.values()) - min(loads.values()) <= 1
    for user in users:
        with unit_of_work():
            user.active = False


@SLOW
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 2)), min_size=1, max_size=5))
def test_rule_09_nobody_is_proposed_for_two_talks_at_one_time(venue, alice, topics, hours):
    users = [make_lecturer("", topics) for _ in range(2)]
    talks = [
        make_talk(venue, topics, alice, starts_at=START + timedelta(hours=h), lecturers=n)
        for h, n in hours
    ]
    duties = [duty_of(talk) for talk in talks]
    plan = plan_for(duties, alice)
    for user in users:
        mine = [d for d in duties if user.id in {p.user.id for p in plan[d.id]}]
        mine.sort(key=lambda d: d.starts_at)
        assert all(one.ends_at <= two.starts_at for one, two in pairwise(mine))
    for user in users:
        with unit_of_work():
            user.active = False


def test_hardest_talk_is_planned_first(venue, alice, topics):
    """Who alone can give one of two talks at the same time is kept for it."""
    both = make_lecturer("Both", topics)
    make_lecturer("Only", topics[:1])
    free_on(both, 2)  # or she would stand second for the easy one
    easy = duty_of(make_talk(venue, topics[:1], alice, starts_at=START))
    hard = duty_of(make_talk(venue, topics, alice, starts_at=START))
    plan = plan_for([easy, hard], alice)
    assert (names(plan[easy.id]), names(plan[hard.id])) == (["Only"], ["Both"])


def test_places_that_are_offered_are_not_planned_again(talk, alice, topics):
    one, _two = (make_lecturer(n, topics, ("en", "fr")) for n in ("One", "Two"))
    make_lecturing(talk, one, S.OFFERED)
    duty = duty_of(talk)
    assert plan_for([duty], alice) == {duty.id: []}
