"""The desk's first page: what needs me today."""

from typing import Any

from flask import Blueprint, Response, current_app

from hub import clock
from hub.models import User
from hub.policies import can_run_talks, is_admin, manages_communities
from hub.queries.applications import count_waiting_applications
from hub.queries.duties import short_of_people
from hub.queries.events import desk_events, events_on_day
from hub.queries.invitations import expiring_invitations, lines_of
from hub.queries.messages import mail_health, outbox_of
from hub.queries.places import usable_communities, usable_venues
from hub.queries.records import waiting_for
from hub.queries.suggestions import waiting_suggestions
from hub.queries.talk_plans import talks_that_lack
from hub.queries.talk_requests import count_waiting_requests
from hub.web.access import staff_only, the_actor
from hub.web.desk_cards import desk_cards
from hub.web.duty_cards import desk_duty_cards
from hub.web.htmx import render
from hub.web.invitation_cards import invitation_rows
from hub.web.record_cards import due_words
from hub.web.talk_cards import talk_cards

desk = Blueprint("desk", __name__)


@desk.get("")
@staff_only
def today() -> Response:
    user = the_actor()
    return render(
        "desk/today.html",
        name=user.name,
        today=clock.today(),
        **_events(user),
        **_waiting(user),
        outbox=outbox_of(user),
        mail=mail_health(),
        has_mail_server=bool(current_app.config["SMTP_URL"]),
        admin=is_admin(user),
        adds_venues=manages_communities(user),
        has_community=bool(usable_communities(user)),
        has_venue=bool(usable_venues(user)),
    )


def _events(user: User) -> dict[str, Any]:
    tonight = events_on_day(user, clock.today())
    shown = {event.id for event in tonight}
    upcoming = desk_events(user, view="upcoming", limit=8).events
    return {
        "tonight": desk_cards(tonight),
        "upcoming": desk_cards([event for event in upcoming if event.id not in shown]),
        "drafts": desk_cards(desk_events(user, view="drafts", limit=8).events),
    }


def _waiting(user: User) -> dict[str, Any]:
    """What waits for somebody at the desk to decide."""
    records = waiting_for(user)
    return {
        "duties": desk_duty_cards(short_of_people(user)),
        "lacking_talks": talk_cards(talks_that_lack(user)),
        "records": records,
        "records_due": due_words(records.nearest) if records.nearest else "",
        "suggestions": waiting_suggestions(user),
        "applications": count_waiting_applications(user),
        "talk_requests": count_waiting_requests(user) if can_run_talks(user) else 0,
        "expiring": invitation_rows(lines_of(expiring_invitations(user))),
    }
