"""Events at the desk: the list, one event, making and changing one."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from hub import clock
from hub.blueprints.desk_events.conflict import differences
from hub.blueprints.desk_events.forms import (
    edit_event_form,
    event_data,
    new_event_form,
    seen_at,
)
from hub.enums import EventStatus, SignUpStatus
from hub.i18n import LANGUAGES, Language, _
from hub.models import Event, EventText
from hub.policies import (
    can_manage_community,
    manages_communities,
    sign_up_phase,
    why_not_cancel,
    why_not_edit,
    why_not_publish,
)
from hub.queries.audit import trail_of
from hub.queries.duties import duties_of_event, unsure_duties
from hub.queries.events import Cursor
from hub.queries.events import desk_events as events_of_desk
from hub.queries.invitations import door_invitations, lines_of
from hub.queries.people import helpers_of
from hub.queries.places import usable_communities, usable_venues
from hub.queries.series import sessions_of_series
from hub.queries.signups import sign_ups_of
from hub.services.event_data import data_of
from hub.services.events import create_event, update_event
from hub.services.series import create_series
from hub.web.access import managed_event, staff_only, the_actor
from hub.web.audit_words import audit_lines
from hub.web.cards import foreign_tag
from hub.web.changes import Outcome, try_change
from hub.web.desk_cards import desk_cards, places_words, waiting_words
from hub.web.duty_cards import desk_duty_cards
from hub.web.forms import ActionForm, is_submitted, language_rows, search_words
from hub.web.htmx import render, see_other
from hub.web.invitation_cards import invitation_rows
from hub.web.site import language_codes

desk_events = Blueprint("desk_events", __name__)

VIEWS = ("upcoming", "drafts", "past")


@desk_events.get("")
@staff_only
def index() -> Response:
    asked = request.args.get("view", "")
    view = asked if asked in VIEWS else "upcoming"
    q = search_words(request.args.get("q", ""))
    after = Cursor.parse(request.args.get("after", ""))
    page = events_of_desk(the_actor(), view=view, q=q, after=after)
    args: dict[str, Any] = {"view": view, **({"q": q} if q else {})}
    return render(
        "desk/events/index.html",
        "desk/events/_list.html",
        view=view,
        q=q,
        cards=desk_cards(page.events),
        next_url=url_for(".index", **args, after=str(page.next)) if page.next else None,
        first_url=url_for(".index", **args) if after else None,
    )


@desk_events.route("/new", methods=["GET", "POST"])
@staff_only
def new() -> Response:
    user = the_actor()
    form = new_event_form(user)

    def make() -> tuple[int, int | None]:
        if form.recurrence:
            first = create_series(event_data(form), form.recurrence, by=user)[0]
        else:
            first = create_event(event_data(form), by=user)
        return first.id, first.series_id

    made = try_change(form, make)
    if made.result is not None:
        event_id, series_id = made.result
        flash(_("The draft is saved. Nobody else sees it until you publish it."), "success")
        if series_id is not None:
            return see_other(url_for(".series", series_id=series_id))
        return see_other(url_for(".show", event_id=event_id))
    context = {"form": form, "rows": language_rows(form), "lacks": _what_is_missing()}
    adds_venues = manages_communities(the_actor())
    return render("desk/events/new.html", None, made.status, adds_venues=adds_venues, **context)


@desk_events.get("/<id:event_id>")
@staff_only
def show(event_id: int) -> Response:
    event = managed_event(event_id)
    moment = clock.now()
    return render(
        "desk/events/show.html",
        event=event,
        phase=sign_up_phase(event, moment),
        places_words=places_words(event),
        waiting_words=waiting_words(event),
        form=ActionForm(),
        why_not_edit=why_not_edit(event, moment),
        why_not_publish=why_not_publish(event, moment),
        why_not_cancel=why_not_cancel(event, moment),
        is_draft=event.status is EventStatus.DRAFT,
        sessions=desk_cards(sessions_of_series(event.series_id)) if event.series_id else [],
        trail=audit_lines(trail_of("event", event.id)),
        title_tag=foreign_tag(event.text().language),
        texts=_texts(event),
        **_door(event),
        **_duties(event),
    )


@desk_events.route("/<id:event_id>/edit", methods=["GET", "POST"])
@staff_only
def edit(event_id: int) -> Response:
    event, user = managed_event(event_id), the_actor()
    form = edit_event_form(user, data_of(event), event.changed_at)
    offer_release(form, event)
    saved = try_change(
        form,
        lambda: update_event(
            event_id,
            event_data(form),
            by=user,
            seen=seen_at(form),
            release=form.release.data or (),
            release_reason=form.reason.data or "",
        ),
    )
    if saved.done:
        flash(_("The event is saved."), "success")
        return see_other(url_for(".show", event_id=event_id))
    return _edit_page(event_id, form, saved)


def _edit_page(event_id: int, form: Any, saved: Outcome[Any]) -> Response:
    event = managed_event(event_id)
    conflict = []
    if is_submitted() and seen_at(form) != event.changed_at:
        stored = edit_event_form(the_actor(), data_of(event), event.changed_at, stored=True)
        conflict = list(differences(form, stored))
        if saved.status == 409:  # it was said: the next sending decides with open eyes
            form.seen.raw_data, form.seen.data = None, event.changed_at.isoformat()
    return render(
        "desk/events/edit.html",
        None,
        saved.status,
        event=event,
        form=form,
        rows=language_rows(form),
        conflict=conflict if saved.status == 409 else [],
        why_not=why_not_edit(event, clock.now()),
        **release_context(event, form),
    )


def offer_release(form: Any, event: Event) -> None:
    """Let the form name confirmed parties of ``event``."""
    if is_submitted():
        parties = sign_ups_of(event.id, status=SignUpStatus.CONFIRMED)
        form.release.choices = [(party.id, party.name) for party in parties]


def release_context(event: Event, form: Any) -> dict[str, Any]:
    """How many seats must become free for the capacity asked for, and who has them (rule 4).

    Those who came last stand first.
    """
    wanted = form.capacity.data
    must_free = event.seats_taken - wanted if is_submitted() and wanted is not None else 0
    parties = sign_ups_of(event.id, status=SignUpStatus.CONFIRMED) if must_free > 0 else []
    return {"must_free": max(must_free, 0), "candidates": parties[::-1]}


def _what_is_missing() -> str:
    """The thing without which no event can be made: ``community``, ``venue`` or nothing."""
    if not usable_communities(the_actor()):
        return "community"
    return "" if usable_venues(the_actor()) else "venue"


def _door(event: Event) -> dict[str, Any]:
    """Who helps at the door, the links still open, and whether there is a survey."""
    links = lines_of(door_invitations(event.id))
    return {
        "helpers": helpers_of(event.id),
        "door_invitations": invitation_rows(links),
        "has_survey": event.status is EventStatus.PUBLISHED and event.has_started(clock.now()),
    }


def _duties(event: Event) -> dict[str, Any]:
    """The duties of the event, for those who manage its community."""
    runs = can_manage_community(the_actor(), event.community_id)
    found = duties_of_event(event.id) if runs else []
    return {"runs_duties": runs, "duties": desk_duty_cards(found), "unsure": unsure_duties(found)}


def _texts(event: Event) -> list[tuple[Language, EventText | None]]:
    """The texts of every language that is switched on or written."""
    codes = dict.fromkeys([*language_codes(), *event.texts])
    return [(LANGUAGES[code], event.texts.get(code)) for code in codes]
