"""Figures of the survey: sums of parts, none of which is of fewer than five (rule 17)."""

import random
from datetime import timedelta

import pytest

from hub import clock
from hub.enums import EventKind, SurveyQuestion
from hub.policies.surveys import SURVEY_OPEN
from hub.queries.survey_results import (
    CELLS,
    OTHERS,
    Tally,
    Wanted,
    comments_of,
    people_checked_in,
    results_for,
    results_of,
    safe_parts,
)
from hub.services.surveys import show_rest
from hub.transaction import unit_of_work
from tests.factories import make_event, make_venue
from tests.voice_factories import hear, make_answers, make_attended

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def past(venue, now):
    return make_event(venue=venue, capacity=60, starts_at=now - 20 * DAY)


@pytest.fixture
def lately(venue, now):
    return make_event(venue=venue, capacity=60, starts_at=now - 3 * HOUR, kind=EventKind.LAW_TALK)


def wanted(**narrow):
    today = clock.today()
    return Wanted(today - 90 * DAY, today, **narrow)


def tally(answers):
    """So many of the best answer to everything."""
    best = {question: max(question.choices) for question in SurveyQuestion}
    return Tally(tuple(answers if best[q] == value else 0 for q, value in CELLS))


def test_rule_17_results_show_from_five_answers_on(lately, alice):
    hear(lately, 4)
    assert results_of(lately).total.answers == 0
    assert results_for(alice, wanted()).parts == []
    hear(lately, 1, enjoyed=3, again=1)
    total = results_of(lately).total
    assert total.answers == 5
    assert total.of(SurveyQuestion.ENJOYED) == {5: 4, 4: 0, 3: 1, 2: 0, 1: 0}
    assert total.share(SurveyQuestion.ENJOYED, 5, 4) == 80
    assert total.share(SurveyQuestion.AGAIN, 3) == 80


def test_rule_17_event_below_five_is_in_no_sum(past, lately, alice):
    make_answers(past, 6, enjoyed=4)
    hear(lately, 4, enjoyed=1)
    found = results_for(alice, wanted())
    assert found.total.answers == 6
    assert found.by(lambda part: part.kind) == {EventKind.CULTURE: found.total}


def test_rule_17_small_languages_are_put_together(past, alice):
    for language, number in (("en", 7), ("ko", 3), ("ar", 2)):
        make_answers(past, number, language=language)
    by_language = results_for(alice, wanted()).by(lambda part: part.language)
    assert {code: t.answers for code, t in by_language.items()} == {"en": 7, OTHERS: 5}
    assert results_for(alice, wanted(language="ko")).parts == []
    assert results_for(alice, wanted(language="en")).total.answers == 7


def test_rule_17_one_small_language_takes_the_smallest_other_with_it(past, alice):
    for language, number in (("en", 9), ("zh", 6), ("ko", 1)):
        make_answers(past, number, language=language)
    by_language = results_for(alice, wanted()).by(lambda part: part.language)
    assert {code: t.answers for code, t in by_language.items()} == {"en": 9, OTHERS: 7}


def test_rule_17_no_part_and_no_difference_is_of_fewer_than_five():
    rng = random.Random(17)
    for _round in range(500):
        languages = {code: tally(rng.randrange(12)) for code in "abcdefg"[: rng.randrange(1, 8)]}
        told = safe_parts(languages)
        everybody = sum(t.answers for t in languages.values())
        assert all(t.answers >= 5 for t in told.values())
        if everybody >= 5:
            assert sum(t.answers for t in told.values()) == everybody


def test_rule_17_language_is_told_only_when_nothing_changes_any_more(lately, alice):
    hear(lately, 6, language="en")
    hear(lately, 6, language="zh")

    def by_language():
        parts = results_for(alice, wanted()).by(lambda part: part.language)
        return {code: t.answers for code, t in parts.items()}

    assert by_language() == {OTHERS: 10}
    with clock.fixed_at(lately.ends_at + SURVEY_OPEN):
        assert by_language() == {OTHERS: 10}  # two answers have not joined yet
        with unit_of_work():
            show_rest(lately.id)
        assert by_language() == {"en": 6, "zh": 6}


def test_results_are_narrowed_and_grouped(past, lately, alice):
    make_answers(past, 5)
    make_answers(lately, 6, enjoyed=2)
    found = results_for(alice, wanted())
    assert [part.event_id for part in found.parts] == [lately.id, past.id]
    assert {month: t.answers for month, t in found.by(lambda p: p.starts_at.month).items()} == {
        11: 11
    }
    assert results_for(alice, wanted(kind=EventKind.LAW_TALK)).total.answers == 6
    assert results_for(alice, wanted(community_id=past.community_id + 1)).parts == []
    since = clock.today() - DAY
    assert results_for(alice, Wanted(since, clock.today())).total.answers == 6


def test_rule_20_staff_see_the_results_of_what_they_manage(past, lately, alice, sam, police, sue):
    make_answers(past, 5)
    make_answers(lately, 6)
    there = make_event(venue=make_venue(past.community), starts_at=clock.now() - 9 * DAY)
    make_answers(there, 7)
    seen = {
        name: results_for(user, wanted()).total.answers
        for name, user in {"alice": alice, "sam": sam, "police": police, "sue": sue}.items()
    }
    assert seen == {"alice": 18, "sam": 0, "police": 6, "sue": 18}


def test_rule_17_comments_come_in_the_order_of_random_ids(lately, alice):
    hear(lately, 3, comment="Good.")
    hear(lately, 1)
    assert comments_of(lately) == []
    hear(lately, 3, comment="Better.")
    found = comments_of(lately)
    assert len(found) == 4  # of the first five one wrote nothing; two wait for others
    assert [row.id for row in found] == sorted(row.id for row in found)


def test_how_many_could_answer(lately):
    make_attended(lately, party_size=3)
    assert people_checked_in(lately.id) == 3
