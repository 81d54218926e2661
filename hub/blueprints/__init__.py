"""The site map on one screen."""

from typing import Any

from flask import Flask

from hub.blueprints.accounts import accounts
from hub.blueprints.calendars import calendars, feeds
from hub.blueprints.desk import desk
from hub.blueprints.desk_events import desk_events
from hub.blueprints.desk_places import desk_places
from hub.blueprints.desk_signups import desk_signups
from hub.blueprints.events import events
from hub.blueprints.signups import signups
from hub.blueprints.site import site
from hub.extensions import limiter

L = "/<lang:lang>"


def init_app(app: Flask) -> None:
    """Register every page; called after Flask-Security, whose log-in gets its rate limit here."""
    # for everybody
    app.register_blueprint(site, url_prefix=L)
    app.register_blueprint(events, url_prefix=f"{L}/events")
    app.register_blueprint(signups, url_prefix=L)  # /events/42/sign-up, /tickets/<token>
    app.register_blueprint(calendars, url_prefix=f"{L}/calendars")
    # for calendar programs: language and filters in the query, nothing in the path
    app.register_blueprint(feeds, url_prefix="/calendar")
    # accounts (log-in and log-out are Flask-Security's, under /account)
    app.register_blueprint(accounts, url_prefix=f"{L}/account")
    log_in = app.view_functions["security.login"]
    limited: Any = limiter.limit(app.config["LOG_IN_RATE"], methods=["POST"])(log_in)
    app.view_functions["security.login"] = limited
    # the desk of the staff
    app.register_blueprint(desk, url_prefix=f"{L}/desk")
    app.register_blueprint(desk_events, url_prefix=f"{L}/desk/events")
    app.register_blueprint(desk_signups, url_prefix=f"{L}/desk/events/<id:event_id>/sign-ups")
    app.register_blueprint(desk_places, url_prefix=f"{L}/desk")  # /venues, /communities
