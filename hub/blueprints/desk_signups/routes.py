"""The sign-ups of an event at the desk: see, search, print, add, release, replace."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from hub import clock
from hub.blueprints.desk_signups.forms import PersonForm, ReleaseForm, ReplaceForm
from hub.enums import SignUpPhase, SignUpStatus
from hub.i18n import _
from hub.integrations.contacts import fold
from hub.integrations.signing import ticket_token
from hub.models import Event, SignUp
from hub.policies import (
    sign_up_phase,
    why_not_add,
    why_not_change_sign_up,
    why_not_edit,
    why_not_replace,
)
from hub.queries.signups import sign_ups_of
from hub.services.signups import add_sign_up, release_sign_up, replace_person
from hub.web.access import managed_event, managed_sign_up, staff_only, the_actor
from hub.web.changes import try_change
from hub.web.desk_cards import places_words, waiting_words
from hub.web.forms import search_words
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other

desk_signups = Blueprint("desk_signups", __name__)

MOST_ROWS = 300


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. ``position`` is the place in the queue."""

    sign_up: SignUp
    ticket_url: str
    position: int | None
    can_release: bool
    can_replace: bool


@desk_signups.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_signups.get("")
@staff_only
def index(event_id: int) -> Response:
    event = managed_event(event_id)
    asked = request.args.get("status", "")
    status = SignUpStatus(asked) if asked in list(SignUpStatus) else None
    q = search_words(request.args.get("q", ""))
    found = sign_ups_of(event_id, status=status, q=q)
    return render(
        "desk/signups/index.html",
        "desk/signups/_list.html",
        rows=_rows(event, found[:MOST_ROWS]),
        found=len(found),
        most=MOST_ROWS,
        q=q,
        wanted=status,
        statuses=list(SignUpStatus),
        **_event_context(event),
    )


@desk_signups.get("/print")
@staff_only
def print_list(event_id: int) -> Response:
    event = managed_event(event_id)
    holders = [s for s in sign_ups_of(event_id) if s.status.holds_seats]
    holders.sort(key=lambda s: (fold(s.name), s.id))
    return render("desk/signups/print.html", sign_ups=holders, **_event_context(event))


@desk_signups.route("/new", methods=["GET", "POST"])
@staff_only
def new(event_id: int) -> Response:
    event, user = managed_event(event_id), the_actor()
    form: Any = PersonForm()
    form.offer_languages()

    def add() -> tuple[str, SignUpStatus]:
        added = add_sign_up(event_id, form.person(), form.party_size.data, by=user)
        return added.name, added.status

    added = try_change(form, add)
    if added.result is not None:
        name, status = added.result
        if status is SignUpStatus.WAITLISTED:
            flash(_("%(name)s is on the waiting list.", name=name), "warning")
        else:
            flash(_("%(name)s is signed up.", name=name), "success")
        return see_other(url_for(".index", event_id=event_id))
    return render("desk/signups/new.html", None, added.status, form=form, **_event_context(event))


@desk_signups.route("/<id:sign_up_id>/release", methods=["GET", "POST"])
@staff_only
def release(event_id: int, sign_up_id: int) -> Response:
    sign_up, user = managed_sign_up(event_id, sign_up_id), the_actor()
    form: Any = ReleaseForm()
    released = try_change(form, lambda: release_sign_up(sign_up_id, form.reason.data, by=user).name)
    if released.result is not None:
        flash(_("%(name)s is released and is told why.", name=released.result), "success")
        return see_other(url_for(".index", event_id=event_id))
    return render(
        "desk/signups/release.html",
        None,
        released.status,
        form=form,
        why_not=why_not_change_sign_up(sign_up, clock.now()),
        **_party_context(sign_up),
    )


@desk_signups.route("/<id:sign_up_id>/replace", methods=["GET", "POST"])
@staff_only
def replace(event_id: int, sign_up_id: int) -> Response:
    sign_up, user = managed_sign_up(event_id, sign_up_id), the_actor()
    form: Any = ReplaceForm(data={"party_size": sign_up.party_size})
    form.offer_languages()

    def hand_over() -> str:
        size, reason = form.party_size.data, form.reason.data
        return replace_person(sign_up_id, form.person(), size, reason, by=user).name

    replaced = try_change(form, hand_over)
    if replaced.result is not None:
        flash(_("The places now belong to %(name)s.", name=replaced.result), "success")
        return see_other(url_for(".index", event_id=event_id))
    context = {"why_not": why_not_replace(sign_up, clock.now()), **_party_context(sign_up)}
    return render("desk/signups/replace.html", None, replaced.status, form=form, **context)


def _rows(event: Event, found: list[SignUp]) -> list[Row]:
    moment = clock.now()
    waiting = sign_ups_of(event.id, status=SignUpStatus.WAITLISTED)
    positions = {sign_up.id: place for place, sign_up in enumerate(waiting, start=1)}
    return [
        Row(
            sign_up=sign_up,
            ticket_url=url_for("signups.show", token=ticket_token(sign_up.code)),
            position=positions.get(sign_up.id),
            can_release=why_not_change_sign_up(sign_up, moment) is None,
            can_replace=why_not_replace(sign_up, moment) is None,
        )
        for sign_up in found
    ]


def _event_context(event: Event) -> dict[str, Any]:
    moment = clock.now()
    return {
        "event": event,
        "phase": sign_up_phase(event, moment),
        "places_words": places_words(event),
        "waiting_words": waiting_words(event),
        "why_not_add": why_not_add(event, moment),
        "is_full": event.seats_left == 0,
        "is_draft": sign_up_phase(event, moment) is SignUpPhase.DRAFT,
        "why_not_edit": why_not_edit(event, moment),
        "limit": min(event.party_limit, event.capacity),
    }


def _party_context(sign_up: SignUp) -> dict[str, Any]:
    return {"sign_up": sign_up, "event": sign_up.event}
