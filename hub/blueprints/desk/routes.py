"""The desk's first page: what needs me today."""

from flask import Blueprint, Response

from hub import clock
from hub.queries.events import desk_events, events_on_day
from hub.web.access import staff_only, the_actor
from hub.web.htmx import render

desk = Blueprint("desk", __name__)


@desk.get("")
@staff_only
def today() -> Response:
    user = the_actor()
    return render(
        "desk/today.html",
        tonight=events_on_day(user, clock.today()),
        upcoming=desk_events(user, view="upcoming", limit=8).events,
        drafts=desk_events(user, view="drafts", limit=8).events,
    )
