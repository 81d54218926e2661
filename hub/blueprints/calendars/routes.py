"""The page that explains how to subscribe, and one event as a file."""

from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for

from hub import clock
from hub.blueprints.calendars.forms import feed_form
from hub.enums import EventKind, EventStatus
from hub.i18n import LANGUAGES, SPOKEN, language_name
from hub.integrations import ical
from hub.models import User
from hub.policies import feed_kinds
from hub.queries.events import EventFilter, upcoming_events
from hub.queries.feeds import own_feeds
from hub.queries.places import all_communities
from hub.web.access import actor, visible_event
from hub.web.calendar_entries import calendar_info, download, event_entry
from hub.web.feed_links import FeedLink, public_link
from hub.web.headers import keep_private
from hub.web.htmx import render
from hub.web.i18n import current_code
from hub.web.site import language_codes

calendars = Blueprint("calendars", __name__)

PREVIEW = 5


@calendars.get("")
def subscribe() -> Response:
    user = actor()
    return subscribe_page(user, feed_form(user) if user else None, 200)


def subscribe_page(user: User | None, form: Any, status: int) -> Response:
    """The public calendar, and for people with an account their private ones."""
    wanted, words = _wanted()
    page = render(
        "calendars/subscribe.html",
        None,
        status,
        link=_link(wanted, words),
        wanted=wanted,
        words=words,
        communities=all_communities(),
        kinds=list(EventKind),
        spoken=[(code, language_name(code, current_code())) for code in SPOKEN],
        languages=[(code, LANGUAGES[code].name) for code in language_codes()],
        preview=upcoming_events(wanted, limit=PREVIEW).events,
        feeds=own_feeds(user) if user else [],
        allowed=feed_kinds(user, clock.today()),
        form=form,
    )
    return keep_private(page) if user else page


@calendars.get("/events/<id:event_id>.ics")
def event_file(event_id: int) -> Response:
    event = visible_event(event_id)
    if event.status is EventStatus.DRAFT:
        abort(404)
    return download(ical.single(calendar_info(), event_entry(event)), event)


def _wanted() -> tuple[EventFilter, str]:
    """What the little form asks for; on a page, what is not known simply does not narrow."""
    args, codes = request.args, language_codes()
    kind, language = args.get("kind", ""), args.get("language", "")
    slugs = {community.slug for community in all_communities()}
    wanted = EventFilter(
        kind=EventKind(kind) if kind in list(EventKind) else None,
        community=args["community"] if args.get("community") in slugs else "",
        language=language if language in SPOKEN else "",
    )
    words = args.get("text", "")
    return wanted, words if words in codes else g.lang


def _link(wanted: EventFilter, words: str) -> FeedLink:
    return public_link(
        url_for(
            "feeds.public",
            text=words,
            community=wanted.community or None,
            kind=wanted.kind.value if wanted.kind else None,
            language=wanted.language or None,
        )
    )
