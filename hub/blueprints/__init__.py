"""The site map on one screen."""

from flask import Flask

from hub.blueprints.accounts import accounts
from hub.blueprints.calendars import calendars, feeds
from hub.blueprints.desk import desk
from hub.blueprints.desk_admin import desk_admin
from hub.blueprints.desk_events import desk_events
from hub.blueprints.desk_people import desk_people
from hub.blueprints.desk_places import desk_places
from hub.blueprints.desk_signups import desk_signups
from hub.blueprints.door import door
from hub.blueprints.events import events
from hub.blueprints.me import me
from hub.blueprints.signups import signups
from hub.blueprints.site import site

L = "/<lang:lang>"


def init_app(app: Flask) -> None:
    """Register every page but Flask-Security's (hub/web/security.py)."""
    # for everybody
    app.register_blueprint(site, url_prefix=L)
    app.register_blueprint(events, url_prefix=f"{L}/events")
    app.register_blueprint(signups, url_prefix=L)  # /events/42/sign-up, /tickets/<token>
    app.register_blueprint(calendars, url_prefix=f"{L}/calendars")
    # for calendar programs: language and filters in the query, nothing in the path
    app.register_blueprint(feeds, url_prefix="/calendar")
    # accounts; Flask-Security's pages stand under /account too
    app.register_blueprint(accounts, url_prefix=f"{L}/account")
    # the desk of the staff
    app.register_blueprint(desk, url_prefix=f"{L}/desk")
    app.register_blueprint(desk_events, url_prefix=f"{L}/desk/events")
    app.register_blueprint(desk_signups, url_prefix=f"{L}/desk/events/<id:event_id>/sign-ups")
    app.register_blueprint(desk_places, url_prefix=f"{L}/desk")  # /venues, /communities
    app.register_blueprint(desk_people, url_prefix=f"{L}/desk/people")
    app.register_blueprint(desk_admin, url_prefix=f"{L}/desk")  # /settings, /invitations, /audit
    # one's own things
    app.register_blueprint(me, url_prefix=f"{L}/me")
    # the door of one event, for its staff and its helpers
    app.register_blueprint(door, url_prefix=f"{L}/door")
