"""Law talks planned: their events, topics and places; series; who is told (rule 20)."""

from datetime import timedelta

import pytest

from hub import clock
from hub.enums import AssignmentStatus, EventStatus, MessageKind
from hub.exceptions import EditConflict, InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.models import AuditEntry, Duty, Event, Message, Talk
from hub.queries.duties import unsure_duties
from hub.queries.talk_plans import open_lecturer_duties, progress_of, talks_that_lack
from hub.services import assignments as work
from hub.services.event_data import data_of
from hub.services.events import update_event
from hub.services.talk_plans import PlanData, plan_series, update_series
from hub.services.talks import (
    TalkData,
    alert_talks_without_lecturer,
    make_talk_of,
    plan_talk,
    update_talk,
)
from hub.transaction import unit_of_work
from tests.factories import local, make_event, make_venue
from tests.service_factories import make_activity
from tests.talk_factories import (
    make_lecturer,
    make_lecturing,
    make_plan,
    make_talk,
    make_topic,
)

DAY = timedelta(days=1)
START = local("2026-12-02 14:00")
S = AssignmentStatus


@pytest.fixture
def topics(db_session):
    make_activity("policy_talk", en="Law talk", zh="普法宣讲")
    return [make_topic("traffic"), make_topic("renting")]


def data(venue, topics, **given) -> TalkData:
    values = {
        "venue_id": venue.id,
        "starts_at": START,
        "ends_at": START + timedelta(minutes=90),
        "topic_ids": [t.id for t in topics],
        "languages": ["en", "ru"],
        "school": "ZJUT",
        "expected": 160,
    }
    return TalkData(**{**values, **given})


def planned(venue, topics, by, **given) -> Talk:
    with unit_of_work():
        return plan_talk(data(venue, topics, **given), by=by)


def duties(event_id: int) -> list[Duty]:
    return open_lecturer_duties([event_id])[event_id]


def told(kind: MessageKind = MessageKind.TALK_LACKS_LECTURER) -> list[int | None]:
    return list(db.session.scalars(db.select(Message.user_id).where(Message.kind == kind)))


def test_planned_talk_is_a_draft_with_places(venue, alice, topics):
    talk = planned(venue, topics, alice)
    event = db.session.get_one(Event, talk.event_id)
    assert (event.status, event.capacity, event.languages) == (
        EventStatus.DRAFT, 160, ["en", "ru"],
    )  # fmt: skip
    assert event.texts["en"].title == "Law talk: Traffic and Renting"
    assert event.texts["zh"].title.startswith("普法") or event.texts["zh"].title
    (duty,) = duties(event.id)
    assert duty.activity.slug == "policy_talk" and duty.people_needed == 1
    assert [row.language for row in duty.languages] == ["en", "ru"]
    assert [t.slug for t in duty.topics] == ["traffic", "renting"]
    assert duty.title == event.title
    trail = db.session.scalars(db.select(AuditEntry).where(AuditEntry.subject == "talk")).one()
    assert (trail.action, trail.actor_id) == ("create", alice.id)


def test_one_lecturer_for_each_language(venue, alice, topics):
    talk = planned(venue, topics, alice, each_language=True, lecturers=2)
    spoken = [([r.language for r in d.languages], d.people_needed) for d in duties(talk.event_id)]
    assert spoken == [(["en"], 2), (["ru"], 2)]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"topic_ids": []}, "topic_ids"),
        ({"topic_ids": [999]}, "topic_ids"),
        ({"languages": []}, "languages"),
        ({"languages": ["xx"]}, "languages"),
        ({"lecturers": 0}, "lecturers"),
        ({"expected": 0}, "expected"),
        ({"ends_at": START + DAY}, "ends_at"),
        ({"venue_id": 999}, "venue_id"),
    ],
)
def test_what_cannot_be_is_refused(venue, alice, topics, given, field):
    with pytest.raises(InvalidInput) as refusal:
        planned(venue, topics, alice, **given)
    assert refusal.value.field == field


def test_rule_20_others_plan_nothing_here(venue, sam, alice, topics):
    with pytest.raises(InvalidInput):
        planned(venue, topics, sam)
    talk = planned(venue, topics, alice)
    with pytest.raises(NotAllowed), unit_of_work():
        update_talk(talk.event_id, data(venue, topics), by=sam)
    plan = make_plan(venue.community, alice)
    with pytest.raises(NotAllowed), unit_of_work():
        update_series(plan.series_id, PLAN(venue), by=sam)


def test_rule_20_talk_joins_only_a_series_of_ones_own(venue, other_community, sam, topics):
    plan = make_plan(venue.community, sam)
    with pytest.raises(NotAllowed):
        planned(make_venue(other_community), topics, sam, series_id=plan.series_id)


def test_police_plan_everywhere(venue, police, topics):
    assert planned(venue, topics, police).event_id


def test_update_moves_the_duties_and_lasts_as_long(venue, alice, topics):
    talk = planned(venue, topics, alice)
    later = START + timedelta(hours=2)
    changed = data(venue, topics, starts_at=later, ends_at=later + timedelta(hours=2))
    with unit_of_work():
        update_talk(talk.event_id, changed, by=alice)
    (duty,) = duties(talk.event_id)
    assert (duty.starts_at, duty.ends_at) == (later, later + timedelta(hours=2))


def test_update_with_other_topics_renames_what_was_proposed(venue, alice, topics):
    talk = planned(venue, topics, alice)
    with unit_of_work():
        update_talk(talk.event_id, data(venue, topics[:1]), by=alice)
    event = db.session.get_one(Event, talk.event_id)
    assert event.texts["en"].title == "Law talk: Traffic"
    assert duties(event.id)[0].texts["en"].title == "Law talk: Traffic"


def test_duty_takes_the_title_of_its_event(venue, alice, topics):
    talk = planned(venue, topics, alice)
    event = db.session.get_one(Event, talk.event_id)
    words = data_of(event)
    words.texts = {"en": type(words.texts["en"])("Welcome to Hangzhou")}
    with unit_of_work():
        update_event(event.id, words, by=alice)
    assert duties(event.id)[0].texts["en"].title == "Welcome to Hangzhou"
    with unit_of_work():
        update_talk(event.id, data(venue, topics[:1]), by=alice)
    assert event.texts["en"].title == "Welcome to Hangzhou"


def test_update_on_a_stale_form_is_refused(venue, alice, topics):
    talk = planned(venue, topics, alice)
    with pytest.raises(EditConflict), unit_of_work():
        update_talk(talk.event_id, data(venue, topics), by=alice, seen=START - 99 * DAY)


def test_rule_08_other_topics_flag_who_is_on_it(venue, alice, topics):
    talk = planned(venue, topics[:1], alice)
    carol = make_lecturer("Carol", topics[:1], ("en", "ru"))
    make_lecturing(talk, carol)
    assert unsure_duties(duties(talk.event_id)) == set()
    with unit_of_work():
        update_talk(talk.event_id, data(venue, topics), by=alice)
    (duty,) = duties(talk.event_id)
    assert unsure_duties([duty]) == {duty.id} and duty.people_taken == 1


def test_places_follow_the_languages(venue, alice, topics):
    talk = planned(venue, topics, alice)
    with unit_of_work():
        update_talk(talk.event_id, data(venue, topics, each_language=True), by=alice)
    assert sorted(d.languages[0].language for d in duties(talk.event_id)) == ["en", "ru"]
    with unit_of_work():
        update_talk(talk.event_id, data(venue, topics, languages=["en"]), by=alice)
    assert [[r.language for r in d.languages] for d in duties(talk.event_id)] == [["en"]]


def test_place_with_somebody_on_it_does_not_go_away(venue, alice, topics):
    talk = planned(venue, topics, alice, each_language=True)
    carol = make_lecturer("Carol", topics, ("en",))
    make_lecturing(talk, carol)
    with pytest.raises(WrongState), unit_of_work():
        update_talk(talk.event_id, data(venue, topics, languages=["ru"]), by=alice)


def test_fewer_lecturers_than_there_are_is_refused(venue, alice, topics):
    talk = planned(venue, topics, alice, lecturers=2)
    for name in ("Carol", "Dina"):
        make_lecturing(talk, make_lecturer(name, topics, ("en", "ru")))
    with pytest.raises(InvalidInput) as refusal, unit_of_work():
        update_talk(talk.event_id, data(venue, topics, lecturers=1), by=alice)
    assert refusal.value.field == "lecturers"


def test_event_that_was_no_talk_becomes_one(venue, alice, topics):
    event = make_event(venue=venue, kind="law_talk", starts_at=START, title="Newcomers")
    with unit_of_work():
        make_talk_of(event.id, data(venue, topics), by=alice)
    assert duties(event.id)[0].title == event.title
    with pytest.raises(WrongState), unit_of_work():
        make_talk_of(event.id, data(venue, topics), by=alice)


def test_festival_becomes_no_talk(venue, alice, topics):
    event = make_event(venue=venue)
    with pytest.raises(NotAllowed), unit_of_work():
        make_talk_of(event.id, data(venue, topics), by=alice)


# --- series ---------------------------------------------------------------------------------------


def PLAN(venue, **given) -> PlanData:
    today = clock.today()
    values = {
        "community_id": venue.community_id,
        "titles": {"en": "New students", "zh": "新生"},
        "target": 1500,
        "first_day": today,
        "last_day": today + 90 * DAY,
        "schools": {"ZJUT": 600},
    }
    return PlanData(**{**values, **given})


def test_series_with_targets_and_its_progress(venue, alice, topics):
    with unit_of_work():
        series_id = plan_series(PLAN(venue), by=alice).series_id
    for week in range(2):
        start = START + week * timedelta(weeks=1)
        ends = start + timedelta(hours=1)
        planned(venue, topics, alice, starts_at=start, ends_at=ends, series_id=series_id)
    found = progress_of([series_id])[series_id]
    assert (found.sessions, found.people, found.lacking) == (2, 320, 2)
    event = db.session.scalars(db.select(Event).where(Event.series_id == series_id)).first()
    assert "New students" in event.texts["en"].summary
    with unit_of_work():
        plan = update_series(series_id, PLAN(venue, schools={"ZUST": 7}), by=alice)
    assert [(t.school, t.people) for t in plan.targets] == [("ZUST", 7)]


@pytest.mark.parametrize(
    "given", [{"titles": {"en": " "}}, {"target": 0}, {"schools": {"A": -1}}, {"last_day": None}]
)
def test_series_that_cannot_be_is_refused(venue, alice, given):
    given = {"last_day": clock.today() - DAY} if "last_day" in given else given
    with pytest.raises(InvalidInput), unit_of_work():
        plan_series(PLAN(venue, **given), by=alice)


# --- replacement and alert ------------------------------------------------------------------------


def test_rule_23_planner_is_told_once_when_a_lecturer_drops_out(venue, alice, topics):
    talk = make_talk(venue, topics, alice)
    carol = make_lecturer("Carol", topics)
    mine = make_lecturing(talk, carol)
    with unit_of_work():
        work.release_duty(mine.id, "Ill.", by=carol)
    assert told() == [alice.id]


def test_planner_is_not_told_when_somebody_moves_up(venue, alice, topics):
    talk = make_talk(venue, topics, alice)
    carol, dina = make_lecturer("Carol", topics), make_lecturer("Dina", topics)
    mine = make_lecturing(talk, carol)
    make_lecturing(talk, dina, S.REQUESTED)
    with unit_of_work():
        work.release_duty(mine.id, "Ill.", by=carol)
    assert told() == []


@pytest.mark.parametrize("myself", [True, False])
def test_planner_is_told_when_a_colleague_takes_somebody_off(venue, alice, sue, topics, myself):
    mine = make_lecturing(make_talk(venue, topics, alice), make_lecturer("Carol", topics))
    with unit_of_work():
        work.take_off(mine.id, "An exam.", by=alice if myself else sue)
    assert told() == ([] if myself else [alice.id])


def test_planner_is_told_when_the_talk_moves_onto_another_one(venue, alice, sue, topics):
    carol = make_lecturer("Carol", topics)
    one, two = (make_talk(venue, topics, alice, starts_at=START + n * DAY) for n in (0, 1))
    make_lecturing(one, carol)
    make_lecturing(two, carol)
    words = data_of(db.session.get_one(Event, one.event_id))
    words.starts_at, words.ends_at = words.starts_at + DAY, words.ends_at + DAY
    with unit_of_work():
        update_event(one.event_id, words, by=sue)
    assert told() == [alice.id]


@pytest.mark.parametrize(
    ("days", "status", "taken", "mails"),
    [
        (6, EventStatus.PUBLISHED, False, 1),
        (6, EventStatus.PUBLISHED, True, 0),
        (6, EventStatus.DRAFT, False, 0),
        (8, EventStatus.PUBLISHED, False, 0),
    ],
)
def test_alert_once_a_week_before(venue, alice, topics, days, status, taken, mails):
    start = clock.now() + days * DAY
    talk = make_talk(venue, topics, alice, starts_at=start, status=status)
    if taken:
        make_lecturing(talk, make_lecturer("Carol", topics))
    for _ in range(2):
        with unit_of_work():
            alert_talks_without_lecturer()
    assert told() == [alice.id] * mails


def test_desk_sees_talks_of_two_weeks_that_lack(venue, alice, sam, topics):
    near = make_talk(venue, topics, alice, starts_at=clock.now() + 13 * DAY)
    make_talk(venue, topics, alice, starts_at=clock.now() + 15 * DAY)
    full = make_talk(venue, topics, alice, starts_at=clock.now() + 12 * DAY)
    make_lecturing(full, make_lecturer("Carol", topics))
    assert [e.id for e in talks_that_lack(alice)] == [near.event_id]
    assert talks_that_lack(sam) == []
