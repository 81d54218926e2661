"""The public calendar feed, one event as a file, and the page that explains how to subscribe."""

from flask import Blueprint, Response, abort, current_app, g, render_template, request, url_for

from hub.enums import EventKind, EventStatus
from hub.exceptions import InvalidInput
from hub.i18n import SPOKEN, _
from hub.integrations import ical
from hub.queries.events import EventFilter, calendar_events
from hub.queries.places import all_communities
from hub.web.access import visible_event
from hub.web.calendar_entries import calendar_info, download, event_entry, feed_response
from hub.web.site import built_languages, language_codes

calendars = Blueprint("calendars", __name__)
feeds = Blueprint("feeds", __name__)

FILTERS = {"community", "kind", "language", "text"}


@calendars.get("")
def subscribe() -> str:
    return render_template(
        "calendars/subscribe.html",
        feed_url=current_app.config["BASE_URL"] + url_for("feeds.public", text=g.lang),
        communities=all_communities(),
        kinds=list(EventKind),
        base_url=current_app.config["BASE_URL"],
    )


@calendars.get("/events/<id:event_id>.ics")
def event_file(event_id: int) -> Response:
    event = visible_event(event_id)
    if event.status is EventStatus.DRAFT:
        abort(404)
    return download(ical.single(calendar_info(), event_entry(event)), event)


@feeds.get("/public.ics")
def public() -> Response:
    """Filters: community (slug), kind, language (spoken); ``text`` is the language of the words.

    Without ``text`` the words are in the filter's language if the site speaks it. Nothing is
    taken from cookies or headers, which calendar programs do not send. A value that is not known
    answers 400 with words: an empty calendar would look as if nothing happened.
    """
    wanted, words = _read_feed_query()
    g.lang = words
    events = calendar_events(wanted)
    changed = max((event.changed_at for event in events), default=None)
    body = ical.feed(calendar_info(changed), [event_entry(event) for event in events])
    return feed_response(body, changed)


def _read_feed_query() -> tuple[EventFilter, str]:
    args = request.args
    unknown = sorted(set(args) - FILTERS)
    codes = language_codes()
    kind, language, community = (args.get(name, "") for name in ("kind", "language", "community"))
    fallback = language if language in codes else codes[0]
    words = args.get("text", fallback)
    g.lang = words if words in codes else codes[0]
    if unknown:
        raise BadQuery(_("Unknown filter: %(names)s", names=", ".join(unknown)[:100]))
    if words not in built_languages():
        raise BadQuery(_("Unknown value of “%(name)s”.", name="text"))
    if language and language not in SPOKEN:
        raise BadQuery(_("Unknown value of “%(name)s”.", name="language"))
    if kind and kind not in list(EventKind):
        raise BadQuery(_("Unknown value of “%(name)s”.", name="kind"))
    if community and community not in {c.slug for c in all_communities()}:
        raise BadQuery(_("Unknown value of “%(name)s”.", name="community"))
    wanted = EventFilter(
        kind=EventKind(kind) if kind else None, community=community, language=language
    )
    return wanted, g.lang  # a calendar outlives the day on which its language is switched off


class BadQuery(InvalidInput):
    """The address of a feed asks for something that is not there."""

    status = 400
