"""Private calendars: who may have which, and what their owners do with them."""

from datetime import timedelta

import pytest

from hub import clock
from hub.enums import FeedKind
from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.models import User
from hub.policies import feed_kinds
from hub.services.feeds import MOST_FEEDS, make_feed, revoke_feed, rotate_feed
from hub.transaction import unit_of_work
from hub.web.feed_cache import KEPT_BYTES, FeedCache
from tests.factories import make_user
from tests.service_factories import make_appointment, make_assistant
from tests.talk_factories import make_lecturer

DAY = timedelta(days=1)


@pytest.fixture
def bob(db_session) -> User:
    """A resident with an account."""
    return make_user("bob", role=None)


def test_kinds_follow_the_roles(bob, alice, police, community):
    today = clock.today()
    assert feed_kinds(None, today) == []
    assert feed_kinds(bob, today) == [FeedKind.PERSONAL]
    assert feed_kinds(alice, today) == [FeedKind.PERSONAL, FeedKind.STAFF]
    assert feed_kinds(police, today) == [FeedKind.PERSONAL, FeedKind.STAFF]
    assert feed_kinds(make_assistant(), today) == [FeedKind.PERSONAL, FeedKind.ASSISTANT]
    assert feed_kinds(make_lecturer(), today) == [FeedKind.PERSONAL, FeedKind.LECTURER]


def test_rule_08_a_term_to_come_counts_one_that_is_over_or_offered_does_not(bob):
    today = clock.today()
    make_appointment(bob, starts_on=today - 60 * DAY, ends_on=today - DAY)
    make_appointment(bob, accepted=False, starts_on=today, ends_on=today + DAY)
    assert feed_kinds(bob, today) == [FeedKind.PERSONAL]
    make_appointment(bob, starts_on=today + 5 * DAY, ends_on=today + 9 * DAY)
    assert feed_kinds(bob, today) == [FeedKind.PERSONAL, FeedKind.ASSISTANT]


def test_rule_20_a_kind_that_is_not_theirs_is_refused(bob, alice):
    for user, kind in (
        (bob, FeedKind.STAFF),
        (bob, FeedKind.ASSISTANT),
        (alice, FeedKind.LECTURER),
    ):
        with pytest.raises(NotAllowed), unit_of_work():
            make_feed(kind, "x", by=user)


def test_names_and_numbers_have_limits(bob):
    for name in ("", "  ", "x" * 61):
        with pytest.raises(InvalidInput), unit_of_work():
            make_feed(FeedKind.PERSONAL, name, by=bob)
    for number in range(MOST_FEEDS):
        with unit_of_work():
            make_feed(FeedKind.PERSONAL, f"device {number}", by=bob)
    with pytest.raises(WrongState) as refused, unit_of_work():
        make_feed(FeedKind.PERSONAL, "one more", by=bob)
    assert "20 private calendars" in str(refused.value.message)


def test_rule_20_nobody_changes_anothers_calendar(bob, alice, sue):
    with unit_of_work():
        feed, _token = make_feed(FeedKind.PERSONAL, "my phone", by=bob)
    for change in (rotate_feed, revoke_feed):
        with pytest.raises(NotAllowed), unit_of_work():
            change(feed.id, by=sue)


def test_memory_of_written_feeds_is_bounded():
    cache = FeedCache()
    body = b"x" * (KEPT_BYTES // 4)
    for number in range(10):
        cache.keep(number, b"marks", body, None)
    assert cache.find(0, b"marks") is None
    assert cache.find(9, b"marks") is not None
    assert cache.find(9, b"other marks") is None
    cache.keep("huge", b"marks", b"x" * (KEPT_BYTES + 1), None)
    assert cache.find("huge", b"marks") is None
    assert cache.find(9, b"marks") is None
