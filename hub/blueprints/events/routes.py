"""Finding an event: list, month, and the event's own page."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request, url_for

from hub import clock
from hub.blueprints.events.forms import filter_args, read_filter, read_month
from hub.enums import EventKind
from hub.i18n import SPOKEN, current_language, language_name
from hub.policies import can_manage_event, sign_up_phase, why_not_sign_up
from hub.queries.events import Cursor, EventFilter, events_of_month, sessions_of, upcoming_events
from hub.queries.places import all_communities
from hub.web.access import actor, visible_event
from hub.web.cards import event_cards, foreign_tag, seats_words
from hub.web.htmx import render
from hub.web.month import month_weeks

events = Blueprint("events", __name__)


@events.get("")
def index() -> Response:
    wanted = read_filter(request.args)
    after = Cursor.parse(request.args.get("after", ""))
    page = upcoming_events(wanted, after=after)
    args = filter_args(wanted)
    return render(
        "events/index.html",
        "events/_event_list.html",
        cards=event_cards(page.events),
        next_url=url_for(".index", **args, after=str(page.next)) if page.next else None,
        first_url=url_for(".index", **args) if after else None,
        **_filter_context(wanted),
    )


@events.get("/month")
def month() -> Response:
    wanted = read_filter(request.args)
    first = read_month(request.args, clock.today())
    args = filter_args(wanted)
    before = (first - timedelta(days=1)).strftime("%Y-%m")
    later = (first + timedelta(days=32)).strftime("%Y-%m")
    return render(
        "events/month.html",
        "events/_month.html",
        first=first,
        weeks=month_weeks(first, events_of_month(wanted, first)),
        before_url=url_for(".month", **args, month=before),
        later_url=url_for(".month", **args, month=later),
        **_filter_context(wanted),
    )


@events.get("/<id:event_id>")
def show(event_id: int) -> Response:
    event = visible_event(event_id)
    text = event.text()
    phase = sign_up_phase(event, clock.now())
    return render(
        "events/show.html",
        event=event,
        text=text,
        text_tag=foreign_tag(text.language),
        phase=phase,
        seats_words=seats_words(event, phase),
        why_not=why_not_sign_up(event, clock.now()),
        manages=can_manage_event(actor(), event),
        sessions=event_cards(sessions_of(event)[:12]),
    )


def _filter_context(wanted: EventFilter) -> dict[str, Any]:
    display = current_language()
    return {
        "wanted": wanted,
        "filter_args": filter_args(wanted),
        "kinds": list(EventKind),
        "communities": all_communities(),
        "spoken": sorted(
            ((code, language_name(code, display)) for code in SPOKEN),
            key=lambda pair: (pair[0] not in ("zh", "en"), pair[1]),
        ),
    }
