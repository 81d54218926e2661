"""Lists of events: filters, pages, calendars, the desk."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub import clock
from hub.enums import EventKind, EventStatus, Visibility
from hub.queries.events import (
    Cursor,
    EventFilter,
    calendar_query,
    desk_events,
    events_of_month,
    events_on_day,
    sessions_of,
    upcoming_events,
)
from hub.queries.feeds import events_for_calendar
from hub.services.event_data import Words
from hub.services.events import publish_event
from hub.services.series import create_series
from hub.transaction import unit_of_work
from tests.factories import event_data, local, make_event, make_venue

DRAFT, CANCELLED = EventStatus.DRAFT, EventStatus.CANCELLED


def found(**wanted: object) -> list[int]:
    return [e.id for e in upcoming_events(EventFilter(**wanted)).events]


def walk(page_of, limit: int) -> list[int]:
    """The ids on all pages, one after the other."""
    ids, after = [], None
    while True:
        page = page_of(after, limit)
        assert len(page.events) <= limit
        ids += [e.id for e in page.events]
        if page.next is None:
            return ids
        after = Cursor.parse(str(page.next))


def test_upcoming_shows_what_the_public_may_see_soonest_first(venue):
    later = make_event(starts_at=local("2026-12-05 14:00"))
    sooner = make_event()
    cancelled = make_event(status=CANCELLED, starts_at=local("2026-11-25 10:00"))
    make_event(status=DRAFT)
    make_event(visibility=Visibility.UNLISTED)
    make_event(starts_at=local("2026-11-20 14:00"))
    assert found() == [sooner.id, cancelled.id, later.id]


def test_event_is_upcoming_until_it_ends(event):
    for moment, there in ((event.starts_at, True), (event.ends_at, False)):
        with clock.fixed_at(moment):
            assert bool(found()) is there


def test_list_is_narrowed_by_kind_community_language_and_day(venue, other_community):
    talk = make_event(kind=EventKind.LAW_TALK)
    french = make_event(languages=["fr"])
    away = make_event(venue=make_venue(other_community))
    december = make_event(starts_at=local("2026-12-05 23:00"))
    assert found(kind=EventKind.LAW_TALK) == [talk.id]
    assert found(language="fr") == [french.id]
    assert found(community="dongyue") == [away.id]
    assert found(community="nowhere") == []
    assert found(day=date(2026, 12, 5)) == [december.id]
    assert found(day=date(2026, 12, 6)) == [december.id]  # it lasts until one o'clock
    assert found(day=date(2026, 12, 7)) == []
    assert found(kind=EventKind.LAW_TALK, language="fr") == []


@pytest.mark.parametrize(
    ("q", "hit"),
    [
        ("dumpling", True),
        ("DUMPLING", True),
        ("ｄｕｍｐｌｉｎｇ", True),
        ("fold dumplings", True),
        ("饺子", True),
        ("dumplings 饺子", False),  # words of one language
        ("noodles", False),
        ("%", False),
        ("_", False),
        ("dump\\", False),
        ("", True),
        ("   ", True),
    ],
)
def test_search_folds_width_and_case_and_wants_every_word(event, q, hit):
    assert found(q=q) == ([event.id] if hit else [])


def test_search_looks_for_signs_as_they_are(venue):
    rebate = make_event(texts={"en": Words("100% free"), "zh": Words("免费_100")})
    assert found(q="100%") == found(q="_1") == [rebate.id]
    assert found(q="100_") == []


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 20])
def test_every_event_is_on_exactly_one_page(venue, limit):
    starts = [local("2026-11-24 14:00")] * 4 + [local("2026-11-25 14:00")] * 3
    made = [make_event(starts_at=start).id for start in starts]
    pages = walk(lambda after, n: upcoming_events(EventFilter(), after=after, limit=n), limit)
    assert pages == made


def test_pages_go_on_where_they_were_when_an_event_is_added_before(venue):
    made = [make_event().id for _ in range(4)]
    first = upcoming_events(EventFilter(), limit=2)
    make_event(starts_at=local("2026-11-24 09:00"))
    second = upcoming_events(EventFilter(), after=first.next, limit=2)
    assert [e.id for e in first.events + second.events] == made


def test_full_page_that_is_the_last_has_no_next(venue):
    for _ in range(2):
        make_event()
    assert upcoming_events(EventFilter(), limit=2).next is None


@given(
    st.datetimes(clock.day_start(date(2000, 1, 1)).replace(tzinfo=None)).map(clock.from_local),
    st.integers(1, 2**31 - 1),
)
def test_cursor_survives_the_address(starts_at, event_id):
    cursor = Cursor(starts_at, event_id)
    assert Cursor.parse(str(cursor)) == cursor


@given(st.text(max_size=40) | st.from_regex(r"-?[0-9a-f]{0,40}-[0-9a-f]{0,20}", fullmatch=True))
def test_cursor_that_is_none_is_none(text):
    cursor = Cursor.parse(text)
    assert cursor is None or 0 < cursor.event_id < 2**31


@pytest.mark.parametrize("text", ["", "-", "1", "a-", "-1", "zz-1", "1-0", "1-80000000", "f" * 99])
def test_broken_cursor_is_none(text):
    assert Cursor.parse(text) is None


def test_month_holds_what_starts_in_it_on_the_clocks_of_hangzhou(venue):
    first = make_event(starts_at=local("2026-12-01 00:00"))
    last = make_event(starts_at=local("2026-12-31 23:59"))
    past = make_event(starts_at=local("2026-11-02 14:00"))
    make_event(starts_at=local("2027-01-01 00:00"))
    make_event(status=DRAFT, starts_at=local("2026-12-05 14:00"))
    assert events_of_month(EventFilter(), date(2026, 12, 1)) == [first, last]
    assert events_of_month(EventFilter(), date(2026, 11, 15)) == [past]


def test_calendar_keeps_thirty_days_and_what_was_cancelled(venue, now):
    kept = make_event(starts_at=now - timedelta(days=30))
    make_event(starts_at=now - timedelta(days=30, hours=2))
    cancelled = make_event(status=CANCELLED)
    make_event(visibility=Visibility.UNLISTED)
    assert events_for_calendar(calendar_query(EventFilter())) == [kept, cancelled]


def test_rule_20_desk_lists_what_the_person_manages(event, alice, sam, sue, other_community):
    away = make_event(venue=make_venue(other_community))
    draft = make_event(status=DRAFT)
    past = make_event(starts_at=local("2026-11-20 14:00"))
    older = make_event(starts_at=local("2026-11-19 14:00"))

    def ids(user, view, **more):
        return [e.id for e in desk_events(user, view=view, **more).events]

    assert ids(alice, "upcoming") == [event.id]
    assert ids(alice, "drafts") == [draft.id]
    assert ids(alice, "past") == [past.id, older.id]
    assert ids(sam, "upcoming") == [away.id]
    assert ids(sam, "drafts") == ids(sam, "past") == []
    assert ids(sue, "upcoming") == [event.id, away.id]
    assert ids(sue, "upcoming", q="饺子") == [event.id, away.id]
    assert ids(sue, "upcoming", q="noodles") == []


@pytest.mark.parametrize("view", ["upcoming", "drafts", "past"])
def test_desk_pages_show_every_event_once(venue, alice, view):
    days = {"upcoming": 25, "drafts": 25, "past": 20}
    status = DRAFT if view == "drafts" else EventStatus.PUBLISHED
    made = [
        make_event(status=status, starts_at=local(f"2026-11-{days[view]} {hour}:00")).id
        for hour in (10, 10, 10, 11, 11)
    ]
    pages = walk(lambda after, n: desk_events(alice, view=view, after=after, limit=n), 2)
    assert pages == (made[::-1] if view == "past" else made)


def test_rule_20_day_of_the_desk(event, alice, sam, sue):
    make_event(status=CANCELLED)
    overnight = make_event(starts_at=local("2026-11-23 23:30"))
    tomorrow = date(2026, 11, 24)
    assert events_on_day(alice, tomorrow) == [overnight, event]
    assert events_on_day(sam, tomorrow) == []
    assert events_on_day(sue, date(2026, 11, 25)) == []


def test_sessions_of_a_series_are_the_other_public_ones_to_come(venue, alice):
    with unit_of_work():
        made = create_series(event_data(), "FREQ=WEEKLY;COUNT=4", by=alice)
    for session in made[:3]:
        with unit_of_work():
            publish_event(session.id, by=alice)
    assert sessions_of(made[0]) == made[1:3]
    with clock.fixed_at(made[1].ends_at):
        assert sessions_of(made[0]) == [made[2]]
    assert sessions_of(make_event()) == []
