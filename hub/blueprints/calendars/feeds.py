"""Calendars as programs fetch them: the public one, and the private ones behind a token.

Language and filters stand in the address; nothing is taken from cookies or headers, which calendar
programs do not send. A filter that is not known answers 400 with words: an empty calendar would
look as if nothing happened.
"""

from flask import Blueprint, Response, abort, request

from hub import clock
from hub.blueprints.calendars.addresses import (
    read_private_query,
    read_public_query,
    speak_as_asked,
)
from hub.integrations.signing import token_hash
from hub.models import CalendarFeed
from hub.policies import may_have_feed
from hub.queries.feeds import feed_with
from hub.services.feeds import NOTED_EVERY, end_lost_feeds, note_fetch
from hub.transaction import unit_of_work
from hub.web.feed_cache import digest, feed_cache
from hub.web.feed_response import private_response, public_response
from hub.web.feeds import private_marks, public_marks, write_private, write_public

feeds = Blueprint("feeds", __name__)


@feeds.get("/public.ics")
def public() -> Response:
    """Filters: community (slug), kind, language (spoken)."""
    wanted = read_public_query()
    marks = public_marks(wanted)
    address, state = ("public", *sorted(request.args.items())), digest(marks)
    found = feed_cache().find(address, state)
    if found is None:
        speak_as_asked(marks)
        found = feed_cache().keep(address, state, *write_public(wanted))
    return public_response(found)


@feeds.get("/private/<token>.ics")
def private(token: str) -> Response:
    """At the desk ``with`` adds deadlines, and community narrows it."""
    feed = _live_feed(token)
    wanted = read_private_query(feed.kind)
    marks = private_marks(feed, wanted)
    address, state = (feed.id, *sorted(request.args.items())), digest(marks)
    found = feed_cache().find(address, state)
    if found is None:
        speak_as_asked(marks)
        found = feed_cache().keep(address, state, write_private(feed, wanted, marks), None)
    _note(feed)
    return private_response(found)


@feeds.after_request
def named_to_nobody(response: Response) -> Response:
    """The address is the key: no search engine and no other site learns it."""
    if request.endpoint == "feeds.private":
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _live_feed(token: str) -> CalendarFeed:
    """The calendar that the token opens, or 404. With the role of its person it ends too."""
    feed = feed_with(token_hash(token))
    if feed is None:
        abort(404)
    if not may_have_feed(feed.user, feed.kind, clock.today()):
        user = feed.user
        with unit_of_work():
            end_lost_feeds(user)
        abort(404)
    return feed


def _note(feed: CalendarFeed) -> None:
    feed_id, last = feed.id, feed.fetched_at
    if last is None or last <= clock.now() - NOTED_EVERY:
        with unit_of_work():
            note_fetch(feed_id)
