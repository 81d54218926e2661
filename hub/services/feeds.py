"""Private calendars: made, given a new address, taken away. Of a token only the hash is kept."""

from datetime import timedelta

from sqlalchemy import or_, select, update

from hub import clock
from hub.enums import FeedKind
from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.i18n import _l
from hub.integrations.signing import new_token, token_hash
from hub.models import CalendarFeed, User
from hub.policies import may_have_feed
from hub.services import audit

MOST_FEEDS = 20
NAME_LIMIT = 60
NOTED_EVERY = timedelta(hours=1)


def make_feed(kind: FeedKind, name: str, *, by: User) -> tuple[CalendarFeed, str]:
    """A private calendar and the token of its address, which is nowhere else.

    Raises NotAllowed for a kind that is not theirs, InvalidInput, or WrongState for too many.
    """
    if not may_have_feed(by, kind, clock.today()):
        raise NotAllowed
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_LIMIT:
        raise InvalidInput(_l("Give it a name of at most 60 characters."), field="name")
    db.session.execute(select(User.id).where(User.id == by.id).with_for_update())
    live = select(CalendarFeed.id).where(_of(by))
    if len(db.session.scalars(live.limit(MOST_FEEDS)).all()) >= MOST_FEEDS:
        words = _l("You have %(most)s private calendars. Remove one first.", most=MOST_FEEDS)
        raise WrongState(words)
    token = new_token()
    feed = CalendarFeed(
        user_id=by.id, kind=kind, name=name, token_hash=token_hash(token), created_at=clock.now()
    )
    db.session.add(feed)
    db.session.flush()
    audit.record("create", "calendar_feed", feed.id, by=by, after={"feed": kind})
    return feed, token


def rotate_feed(feed_id: int, *, by: User) -> tuple[CalendarFeed, str]:
    """A new address for the same calendar: the old one opens nothing any more.

    Raises NotAllowed if it is another's, and WrongState if it was removed.
    """
    feed = _own(feed_id, by)
    if not may_have_feed(by, feed.kind, clock.today()):
        raise NotAllowed
    token = new_token()
    feed.token_hash, feed.created_at, feed.fetched_at = token_hash(token), clock.now(), None
    db.session.flush()
    audit.record("rotate", "calendar_feed", feed.id, by=by)
    return feed, token


def revoke_feed(feed_id: int, *, by: User) -> CalendarFeed:
    """Its address opens nothing any more. Raises NotAllowed or WrongState."""
    feed = _own(feed_id, by)
    feed.revoked_at = clock.now()
    db.session.flush()
    audit.record("revoke", "calendar_feed", feed.id, by=by)
    return feed


def end_lost_feeds(user: User) -> int:
    """Revoke the calendars that the person may not have any more; how many there were."""
    lost = [
        feed
        for feed in db.session.scalars(select(CalendarFeed).where(_of(user)))
        if not may_have_feed(user, feed.kind, clock.today())
    ]
    for feed in lost:
        feed.revoked_at = clock.now()
        audit.record("end", "calendar_feed", feed.id, by=user)
    db.session.flush()
    return len(lost)


def note_fetch(feed_id: int) -> None:
    """Remember that the calendar was fetched, to the hour: more often would only write."""
    moment = clock.now()
    old = or_(CalendarFeed.fetched_at.is_(None), CalendarFeed.fetched_at <= moment - NOTED_EVERY)
    fetched = update(CalendarFeed).where(CalendarFeed.id == feed_id, old)
    db.session.execute(
        fetched.values(fetched_at=moment).execution_options(synchronize_session=False)
    )


def _own(feed_id: int, by: User) -> CalendarFeed:
    """The person's own live calendar, locked. Raises NotAllowed or WrongState."""
    feed = db.session.execute(
        select(CalendarFeed)
        .where(CalendarFeed.id == feed_id, CalendarFeed.user_id == by.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if feed is None:
        raise NotAllowed
    if feed.revoked_at is not None:
        raise WrongState(_l("This calendar was removed already."))
    return feed


def _of(user: User):  # type: ignore[no-untyped-def]  # SQLAlchemy's own inference is best
    return (CalendarFeed.user_id == user.id) & CalendarFeed.revoked_at.is_(None)
