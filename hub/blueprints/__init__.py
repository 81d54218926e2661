"""The site map on one screen."""

from flask import Flask

from hub.blueprints.accounts import accounts
from hub.blueprints.calendars import calendars, feeds
from hub.blueprints.certificates import certificates
from hub.blueprints.changes import changes
from hub.blueprints.collecting import collecting
from hub.blueprints.desk import desk
from hub.blueprints.desk_activities import desk_activities
from hub.blueprints.desk_admin import desk_admin
from hub.blueprints.desk_applications import desk_applications
from hub.blueprints.desk_appointments import desk_appointments
from hub.blueprints.desk_certificates import desk_certificates
from hub.blueprints.desk_coverage import desk_coverage
from hub.blueprints.desk_duties import desk_duties
from hub.blueprints.desk_events import desk_events
from hub.blueprints.desk_messages import desk_messages
from hub.blueprints.desk_people import desk_people
from hub.blueprints.desk_places import desk_places
from hub.blueprints.desk_qualifications import desk_qualifications
from hub.blueprints.desk_questions import desk_questions
from hub.blueprints.desk_records import desk_records
from hub.blueprints.desk_response_templates import desk_response_templates
from hub.blueprints.desk_signups import desk_signups
from hub.blueprints.desk_suggestion_figures import desk_suggestion_figures
from hub.blueprints.desk_suggestions import desk_suggestions
from hub.blueprints.desk_surveys import desk_surveys
from hub.blueprints.desk_talk_questions import desk_talk_questions
from hub.blueprints.desk_talk_reports import desk_talk_reports
from hub.blueprints.desk_talk_requests import desk_talk_requests
from hub.blueprints.desk_talks import desk_talks
from hub.blueprints.desk_topics import desk_topics
from hub.blueprints.desk_trainings import desk_trainings
from hub.blueprints.door import door
from hub.blueprints.events import events
from hub.blueprints.health import health
from hub.blueprints.join import join
from hub.blueprints.lecturing import lecturing
from hub.blueprints.mail_links import mail_links
from hub.blueprints.me import me
from hub.blueprints.records import records
from hub.blueprints.service import service
from hub.blueprints.signups import signups
from hub.blueprints.site import site
from hub.blueprints.suggestions import suggestions
from hub.blueprints.surveys import surveys
from hub.blueprints.talk_reports import talk_reports
from hub.blueprints.talk_requests import talk_requests
from hub.blueprints.talks import talks

L = "/<lang:lang>"


def init_app(app: Flask) -> None:
    """Register every page but Flask-Security's (hub/web/security.py)."""
    # for everybody
    app.register_blueprint(site, url_prefix=L)
    app.register_blueprint(events, url_prefix=f"{L}/events")
    app.register_blueprint(signups, url_prefix=L)  # /events/42/sign-up, /tickets/<token>
    app.register_blueprint(calendars, url_prefix=f"{L}/calendars")
    # /certificates/<code> for everybody, /service/certificates for whose they are
    app.register_blueprint(certificates, url_prefix=L)
    # for calendar programs: language and filters in the query, nothing in the path
    app.register_blueprint(feeds, url_prefix="/calendar")
    # for whoever watches the machine: /healthz, /readyz
    app.register_blueprint(health)
    # what links in mails open, without a log-in
    app.register_blueprint(mail_links, url_prefix=f"{L}/mail")
    # accounts; Flask-Security's pages stand under /account too
    app.register_blueprint(accounts, url_prefix=f"{L}/account")
    # the desk of the staff
    app.register_blueprint(desk, url_prefix=f"{L}/desk")
    app.register_blueprint(desk_events, url_prefix=f"{L}/desk/events")
    app.register_blueprint(desk_signups, url_prefix=f"{L}/desk/events/<id:event_id>/sign-ups")
    app.register_blueprint(desk_places, url_prefix=f"{L}/desk")  # /venues, /communities
    app.register_blueprint(desk_people, url_prefix=f"{L}/desk/people")
    app.register_blueprint(desk_admin, url_prefix=f"{L}/desk")  # /settings, /invitations, /audit
    app.register_blueprint(desk_applications, url_prefix=f"{L}/desk/applications")
    app.register_blueprint(desk_appointments, url_prefix=f"{L}/desk/appointments")
    app.register_blueprint(desk_questions, url_prefix=f"{L}/desk/questions")
    app.register_blueprint(desk_certificates, url_prefix=f"{L}/desk")  # /certificates, /inspection
    app.register_blueprint(desk_records, url_prefix=f"{L}/desk/records")
    app.register_blueprint(desk_activities, url_prefix=f"{L}/desk/activities")
    app.register_blueprint(desk_duties, url_prefix=f"{L}/desk/duties")
    app.register_blueprint(desk_messages, url_prefix=f"{L}/desk/messages")
    # one's own things
    app.register_blueprint(me, url_prefix=f"{L}/me")
    app.register_blueprint(records, url_prefix=f"{L}/service")  # /records, /hours
    app.register_blueprint(service, url_prefix=f"{L}/service")
    app.register_blueprint(join, url_prefix=L)  # /join, /me/applications, /me/appointments
    _lecturers(app)
    _voice(app)
    # the door of one event, for its staff and its helpers
    app.register_blueprint(door, url_prefix=f"{L}/door")


def _voice(app: Flask) -> None:
    """What people say after events, suggestions, and what comes of them."""
    app.register_blueprint(changes, url_prefix=f"{L}/changes")
    app.register_blueprint(suggestions, url_prefix=f"{L}/suggestions")
    figures = f"{L}/desk/suggestions/figures"
    app.register_blueprint(desk_suggestion_figures, url_prefix=figures)
    app.register_blueprint(desk_suggestions, url_prefix=f"{L}/desk/suggestions")
    app.register_blueprint(desk_response_templates, url_prefix=f"{L}/desk/response-templates")
    app.register_blueprint(collecting, url_prefix=f"{L}/service/suggestions")
    app.register_blueprint(surveys, url_prefix=L)  # /surveys/<token>, /events/42/survey
    app.register_blueprint(desk_surveys, url_prefix=f"{L}/desk/surveys")


def _lecturers(app: Flask) -> None:
    """Law talks and those who give them."""
    # for everybody
    app.register_blueprint(talks, url_prefix=f"{L}/talks")
    app.register_blueprint(talk_requests, url_prefix=f"{L}/talks/requests")
    # at the desk
    app.register_blueprint(desk_topics, url_prefix=f"{L}/desk/topics")
    app.register_blueprint(desk_trainings, url_prefix=f"{L}/desk/trainings")
    app.register_blueprint(desk_qualifications, url_prefix=f"{L}/desk/qualifications")
    app.register_blueprint(desk_talks, url_prefix=f"{L}/desk/talks")
    app.register_blueprint(desk_talk_reports, url_prefix=f"{L}/desk/talks")  # /42/report
    app.register_blueprint(desk_talk_questions, url_prefix=f"{L}/desk/talk-questions")
    app.register_blueprint(desk_talk_requests, url_prefix=f"{L}/desk/talk-requests")
    app.register_blueprint(desk_coverage, url_prefix=f"{L}/desk/coverage")
    # one's own things
    app.register_blueprint(lecturing, url_prefix=f"{L}/lecturing")
    app.register_blueprint(talk_reports, url_prefix=f"{L}/service/talks")
