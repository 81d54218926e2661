"""Coverage of law talks: nothing counts twice, cancelled talks do not count, drafts stand apart."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import clock
from hub.enums import EventStatus, Reach
from hub.extensions import db
from hub.models import Event
from hub.queries.coverage import (
    Season,
    Sums,
    TalkFigure,
    cover,
    coverage_of_plan,
    coverage_of_season,
    half_year,
    half_year_before,
    per_cent,
    plans_for,
    reached_this_year,
)
from hub.queries.talk_questions import open_questions_by_topic, questions_asked
from hub.services.talk_questions import settle_question
from hub.transaction import unit_of_work
from tests.factories import make_venue
from tests.talk_factories import (
    make_attended,
    make_past_talk,
    make_plan,
    make_report,
    make_talk,
    make_topic,
)

SEASON = Season(date(2026, 7, 1), date(2026, 12, 31))


@pytest.fixture
def topics(db_session):
    return [make_topic("traffic"), make_topic("renting")]


def join(plan, *talks) -> None:
    with unit_of_work():
        for talk in talks:
            db.session.get_one(Event, talk.event_id).series_id = plan.series_id


# --- the arithmetic ---------------------------------------------------------------------------


@st.composite
def some_talks(draw) -> list[TalkFigure]:
    talks = []
    for number in range(draw(st.integers(0, 12))):
        draft = draw(st.booleans())
        held = not draft and draw(st.booleans())
        reach = draw(st.sampled_from([None, *Reach])) if held else None
        talks.append(
            TalkFigure(
                event_id=number,
                title="Talk",
                starts_at=clock.now() + timedelta(days=draw(st.integers(-60, 60))),
                community="Heyuan",
                school=draw(st.sampled_from(["", "ZJUT", " zjut ", "ZUST", "浙江工业大学"])),
                languages=draw(st.sampled_from([(), ("en",), ("ru",), ("en", "ru")])),
                expected=draw(st.integers(0, 400)),
                draft=draft,
                held=held,
                reach=reach,
                people=draw(st.integers(0, 400)) if reach else None,
            )
        )
    return talks


def added(lines) -> Sums:
    names = Sums.__dataclass_fields__
    return Sums(**{name: sum(getattr(line.sums, name) for line in lines) for name in names})


@given(some_talks(), st.integers(1, 3000))
def test_sums_by_school_and_by_language_are_the_total(talks, target):
    found = cover(talks, target, {"ZJUT": 500, "Elsewhere": 100})
    assert added(found.by_school) == added(found.by_language) == found.total
    assert found.total.planned == len(talks) == len(found.talks)
    assert found.total.reached == sum(t.people or 0 for t in talks)
    assert found.total.drafts + found.total.held <= found.total.planned
    assert found.total.unreported == len(found.unreported)
    assert len({line.school.casefold() for line in found.by_school}) == len(found.by_school)


def test_a_school_is_the_same_however_it_is_typed_and_keeps_its_target():
    def talk(number, school):
        return TalkFigure(number, "", clock.now(), "", school, ("en",), 10, False, True)

    found = cover([talk(1, "zjut"), talk(2, " ZJUT ")], None, {"ZJUT": 300, "ZUST": 100})
    lines = [(line.school, line.sums.planned, line.target) for line in found.by_school]
    assert lines == [("ZJUT", 2, 300), ("ZUST", 0, 100)]


@pytest.mark.parametrize(
    ("reached", "target", "share"),
    [
        (0, 1500, 0),
        (1499, 1500, 99),
        (1500, 1500, 100),
        (3000, 1500, 200),
        (5, None, None),
        (5, 0, None),
    ],
)
def test_per_cent_is_never_rounded_up(reached, target, share):
    assert per_cent(reached, target) == share


def test_half_years():
    assert half_year(date(2026, 11, 23)) == SEASON
    assert half_year_before(date(2026, 11, 23)) == Season(date(2026, 1, 1), date(2026, 6, 30))
    assert half_year_before(date(2026, 6, 30)) == Season(date(2025, 7, 1), date(2025, 12, 31))


# --- from the tables --------------------------------------------------------------------------


def test_planned_held_reported_reached_of_a_series(venue, alice, topics):
    plan = make_plan(venue.community, alice, schools={"ZJUT": 1000, "ZUST": 500})
    heads = make_past_talk(venue, topics, alice, school="ZJUT", expected=160)
    names = make_past_talk(venue, topics, alice, school="ZUST", languages=("en", "ru"))
    silent = make_past_talk(venue, topics, alice, school="ZJUT")
    coming = make_talk(venue, topics, alice, school="ZJUT")
    draft = make_talk(venue, topics, alice, status=EventStatus.DRAFT, expected=40)
    called_off = make_talk(venue, topics, alice, status=EventStatus.CANCELLED)
    join(plan, heads, names, silent, coming, draft, called_off)
    make_talk(venue, topics, alice)  # of no series
    make_report(heads, alice, headcount=150)
    make_attended(heads, 4)  # names are known too: they are not added
    make_attended(names, 3, 2)
    make_report(names, alice, headcount=None)
    found = coverage_of_plan(plan, alice)
    assert found.total == Sums(
        planned=5, expected=160 * 4 + 40, drafts=1, expected_of_drafts=40,
        held=3, reported=2, reached=155,
    )  # fmt: skip
    assert (found.target, found.per_cent, found.cancelled) == (1500, 10, 1)
    assert [t.event_id for t in found.unreported] == [silent.event_id]
    by_language = {line.languages: line.sums.reached for line in found.by_language}
    assert by_language == {("en",): 150, ("en", "ru"): 5}
    by_school = {line.school: (line.sums.reached, line.target) for line in found.by_school}
    assert by_school["ZJUT"] == (150, 1000) and by_school["ZUST"] == (5, 500)


def test_season_has_the_talks_of_its_days_and_the_targets_that_begin_in_it(venue, alice, topics):
    make_plan(venue.community, alice, target=700, first_day=date(2026, 9, 1), schools={"ZJUT": 9})
    make_plan(
        venue.community, alice, target=300, first_day=date(2026, 6, 30), last_day=date(2026, 12, 1)
    )
    make_talk(venue, topics, alice, school="ZJUT")
    make_talk(venue, topics, alice, starts_at=clock.day_start(date(2027, 1, 1)))
    found = coverage_of_season(SEASON, alice)
    assert (found.total.planned, found.target) == (1, 700)
    assert [(line.school, line.target) for line in found.by_school] == [("ZJUT", 9)]
    assert coverage_of_season(Season(date(2020, 1, 1), date(2020, 6, 30)), alice).target is None


def test_rule_20_staff_see_the_talks_of_their_community(
    venue, alice, sam, sue, police, other_community, topics
):
    theirs = make_past_talk(make_venue(other_community), topics, sam)
    mine = make_past_talk(venue, topics, alice)
    plan = make_plan(venue.community, alice)
    join(plan, mine, theirs)
    seen = {u.name: coverage_of_season(SEASON, u).total.planned for u in (alice, sam, sue, police)}
    assert seen == {"Alice": 1, "Sam": 1, "Sue": 2, "Pan": 2}
    assert [t.event_id for t in coverage_of_plan(plan, sam).talks] == [theirs.event_id]
    assert len(plans_for(sam)) == 1
    alone = make_plan(venue.community, alice)
    assert alone.series_id not in {p.series_id for p in plans_for(sam)}
    assert alone.series_id in {p.series_id for p in plans_for(police)}


def test_reached_this_year_leaves_out_other_years_and_silent_talks(venue, alice, topics):
    make_report(make_past_talk(venue, topics, alice), alice, headcount=80)
    make_past_talk(venue, topics, alice)
    last_year = make_talk(venue, topics, alice, starts_at=clock.now() - timedelta(days=365))
    make_report(last_year, alice, headcount=500)
    assert reached_this_year() == (1, 80)


# --- questions --------------------------------------------------------------------------------


def test_open_questions_by_topic(venue, alice, sam, sue, topics):
    talk = make_past_talk(venue, topics, alice)
    make_report(talk, alice, questions=["One?", "Two?", "Three?"])
    with unit_of_work():
        talk.questions[0].topic_id = topics[1].id
        talk.questions[2].topic_id = None
    assert open_questions_by_topic() == {topics[0].id: 1, topics[1].id: 1}
    asked = questions_asked(alice)
    assert [row.question.question for row in asked] == ["Two?", "One?", "Three?"]
    assert questions_asked(sam) == []
    assert [r.question.question for r in questions_asked(sue, topic_id=0)] == ["Three?"]
    assert [r.question.question for r in questions_asked(sue, topic_id=topics[1].id)] == ["One?"]
    with unit_of_work():
        settle_question(talk.questions[0].id, by=alice)
    assert open_questions_by_topic() == {topics[0].id: 1}
    (row,) = questions_asked(sue, settled=True)
    assert (row.question.question, row.settled_by, row.event.id) == ("One?", "Alice", talk.event_id)
