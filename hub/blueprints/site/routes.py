"""Home and privacy."""

from flask import Blueprint, render_template

from hub.queries.events import EventFilter, upcoming_events
from hub.web.cards import event_cards
from hub.web.site import site as settings

site = Blueprint("site", __name__)


@site.get("/")
def home() -> str:
    page = upcoming_events(EventFilter(), limit=4)
    return render_template("site/home.html", cards=event_cards(page.events))


@site.get("/privacy")
def privacy() -> str:
    return render_template("site/privacy.html", days=settings().retention_days)
