"""Series: drafts for every session that a rule gives."""

from datetime import timedelta

import pytest

from hub.clock import to_local
from hub.enums import EventStatus
from hub.exceptions import InvalidInput, NotAllowed
from hub.services.event_data import Words
from hub.services.series import create_series
from hub.transaction import unit_of_work
from tests.factories import event_data, local


def series(by, rule="FREQ=WEEKLY;COUNT=3", **overrides):
    with unit_of_work():
        return create_series(event_data(**overrides), rule, by=by)


def test_every_session_is_a_draft_of_its_own(venue, alice):
    events = series(alice)
    assert [f"{to_local(e.starts_at):%m-%d %H:%M}" for e in events] == [
        "11-24 14:00",
        "12-01 14:00",
        "12-08 14:00",
    ]
    assert {e.ends_at - e.starts_at for e in events} == {timedelta(hours=2)}
    assert {e.status for e in events} == {EventStatus.DRAFT}
    assert len({e.uid for e in events}) == 3
    assert {e.title for e in events} == {"Dumplings for all"}


def test_series_knows_its_rule_its_words_and_its_sessions_in_order(venue, alice):
    events = series(alice, " FREQ=WEEKLY;COUNT=2 ")
    found = events[0].series
    assert found is not None
    assert (found.rule, found.community_id) == ("FREQ=WEEKLY;COUNT=2", venue.community_id)
    assert {c: t.title for c, t in found.texts.items()} == {
        "en": "Dumplings for all",
        "zh": "一起包饺子",
    }
    assert found.events == events


def test_series_has_no_empty_title_in_any_language(venue, alice):
    (event,) = series(alice, "FREQ=DAILY;COUNT=1", texts={"en": Words(" Tea "), "zh": Words("")})
    assert {c: t.title for c, t in event.series.texts.items()} == {"en": "Tea"}


def test_sign_up_opens_at_once_and_closes_before_each_session(venue, alice):
    opens, closes = local("2026-11-23 18:00"), local("2026-11-24 12:00")
    events = series(alice, sign_up_opens_at=opens, sign_up_closes_at=closes)
    assert {e.sign_up_opens_at for e in events} == {opens}
    assert {e.starts_at - e.sign_up_closes_at for e in events} == {timedelta(hours=2)}


def test_form_is_left_as_it_was(venue, alice):
    data = event_data()
    with unit_of_work():
        create_series(data, "FREQ=DAILY;COUNT=3", by=alice)
    assert data == event_data()


def test_rule_that_can_not_be_read_makes_nothing(venue, alice):
    with pytest.raises(InvalidInput) as refused:
        series(alice, "every Tuesday")
    assert refused.value.field == "rule"


def test_rule_20_staff_of_another_community_make_no_series(venue, sam):
    with pytest.raises(NotAllowed):
        series(sam)
