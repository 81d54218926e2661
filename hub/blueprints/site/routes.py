"""Home and privacy."""

from flask import Blueprint, render_template

from hub.queries.changes import newest_changes
from hub.queries.events import EventFilter, upcoming_events
from hub.web.cards import event_cards
from hub.web.change_cards import change_cards
from hub.web.site import site as settings

site = Blueprint("site", __name__)
CHANGES = 3  # on the home page


@site.get("/")
def home() -> str:
    page = upcoming_events(EventFilter(), limit=4)
    return render_template(
        "site/home.html",
        cards=event_cards(page.events),
        changed=change_cards(newest_changes(CHANGES)),
    )


@site.get("/privacy")
def privacy() -> str:
    return render_template("site/privacy.html", days=settings().retention_days)
