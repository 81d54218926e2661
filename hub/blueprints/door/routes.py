"""The door of one event, for its staff and its helpers; and who the helpers are."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, request, url_for

from hub import clock
from hub.blueprints.door.forms import HelperForm
from hub.enums import SignUpStatus
from hub.extensions import db
from hub.i18n import _
from hub.integrations.qr import to_svg
from hub.integrations.signing import survey_token
from hub.models import SignUp
from hub.policies import can_manage_event
from hub.policies.surveys import why_not_answer
from hub.queries.people import helpers_of
from hub.queries.signups import door_list
from hub.queries.surveys import places_left
from hub.services.accounts import invite
from hub.services.people import remove_door_helper
from hub.web.access import account_only, door_event, managed_event, staff_only, the_actor
from hub.web.changes import try_change
from hub.web.desk_cards import places_words
from hub.web.forms import ActionForm, search_words
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.invitation_cards import keep_link

door = Blueprint("door", __name__)


@door.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@door.get("/<id:event_id>")
@account_only
def show(event_id: int) -> Response:
    event = door_event(event_id)
    q = search_words(request.args.get("q", ""))
    parties = door_list(event_id, q=q)
    return render(
        "desk/door/show.html",
        "desk/door/_list.html",
        event=event,
        q=q,
        parties=[p for p in parties if p.status is not SignUpStatus.WAITLISTED],
        waiting=[p for p in parties if p.status is SignUpStatus.WAITLISTED],
        places_words=places_words(event),
        manages=can_manage_event(the_actor(), event),
    )


@door.get("/<id:event_id>/survey/<id:sign_up_id>")
@account_only
def survey(event_id: int, sign_up_id: int) -> Response:
    """The way to the three questions of one party, large, for a phone held out at the exit."""
    event, party = door_event(event_id), db.session.get(SignUp, sign_up_id)
    if party is None or party.event_id != event_id or party.erased_at is not None:
        abort(404)
    left = len(places_left(party))
    path = url_for("surveys.answer", token=survey_token(party.code))
    return render(
        "desk/door/survey.html",
        event=event,
        party=party,
        why_not=why_not_answer(party, left, clock.now()),
        qr=to_svg(current_app.config["BASE_URL"] + path, title=_("QR code of the three questions")),
    )


@door.route("/<id:event_id>/helpers/new", methods=["GET", "POST"])
@staff_only
def invite_helper(event_id: int) -> Response:
    event, user, form = managed_event(event_id), the_actor(), HelperForm()

    def write() -> tuple[int, str]:
        email = form.email.data or ""
        invitation, token = invite(None, by=user, event_id=event_id, email=email)
        return invitation.id, token

    written = try_change(form, write)
    if written.result is not None:
        keep_link(*written.result)
        return see_other(url_for("desk_admin.invitation", invitation_id=written.result[0]))
    return render("desk/door/invite.html", None, written.status, event=event, form=form)


@door.route("/<id:event_id>/helpers/<id:user_id>/remove", methods=["GET", "POST"])
@staff_only
def remove_helper(event_id: int, user_id: int) -> Response:
    event, user, form = managed_event(event_id), the_actor(), ActionForm()
    helper = next((h for h in helpers_of(event_id) if h.id == user_id), None)
    if helper is None:
        abort(404)
    name = helper.name
    removed: Any = try_change(form, lambda: remove_door_helper(event, user_id, by=user))
    if removed.done:
        flash(_("%(name)s does not work this door any more.", name=name), "success")
        return see_other(url_for("desk_events.show", event_id=event_id))
    return render(
        "desk/door/remove.html", None, removed.status, event=event, helper=helper, form=form
    )
