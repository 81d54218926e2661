"""Time: stored in UTC, shown in Asia/Shanghai (rule 21)."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from hub import clock
from hub.extensions import db
from hub.models import Event
from hub.transaction import unit_of_work


def test_clock_runs_when_nobody_holds_it():
    token = clock._fixed.set(None)
    try:
        before = datetime.now(UTC)
        assert before <= clock.now() <= datetime.now(UTC)
        assert clock.now().tzinfo is UTC
    finally:
        clock._fixed.reset(token)


def test_held_clock_stands_and_is_let_go(now):
    moment = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=-5)))
    with clock.fixed_at(moment):
        assert clock.now() == moment
        assert clock.now().tzinfo is UTC
        with clock.fixed_at(now):
            assert clock.now() == now
        assert clock.now() == moment
    assert clock.now() == now


def test_clock_is_let_go_after_an_exception(now):
    with pytest.raises(ZeroDivisionError), clock.fixed_at(now + timedelta(days=1)):
        1 / 0  # noqa: B018
    assert clock.now() == now


@pytest.mark.parametrize(
    ("utc", "day"),
    [("2026-11-23T15:59:59+00:00", 23), ("2026-11-23T16:00:00+00:00", 24)],
)
def test_rule_21_day_changes_at_midnight_in_hangzhou(utc, day):
    with clock.fixed_at(datetime.fromisoformat(utc)):
        assert clock.today() == date(2026, 11, day)


def test_rule_21_day_starts_at_midnight_in_hangzhou():
    assert clock.day_start(date(2026, 11, 24)).isoformat() == "2026-11-23T16:00:00+00:00"


@given(st.datetimes(datetime(1992, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_rule_21_wall_clock_survives_the_way_there_and_back(naive):
    """Since 1992 China has no summer time: every wall clock time is one moment."""
    moment = clock.from_local(naive)
    assert moment.tzinfo is UTC
    assert clock.to_local(moment).replace(tzinfo=None) == naive
    assert moment == naive.replace(tzinfo=UTC) - timedelta(hours=8)


def test_rule_21_database_gives_back_the_moment_in_utc(event):
    eastern = timezone(timedelta(hours=-5))
    moment = datetime(2026, 11, 24, 1, 0, 0, 123456, tzinfo=eastern)
    with unit_of_work():
        db.session.get_one(Event, event.id).starts_at = moment
    assert event.starts_at == moment
    assert event.starts_at.tzinfo is UTC


def test_rule_21_naive_time_is_never_stored(event):
    with pytest.raises(StatementError, match="naive"), unit_of_work():
        db.session.get_one(Event, event.id).starts_at = datetime(2026, 11, 24)  # noqa: DTZ001
