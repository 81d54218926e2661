"""Terms at the desk: the list, one of them, its letter, and a new one for a person."""

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for

from hub import clock
from hub.blueprints.desk_appointments.forms import OfferForm
from hub.enums import AppointmentState, Programme
from hub.extensions import db
from hub.i18n import _
from hub.models import Appointment, User
from hub.policies import (
    can_see_whole_person,
    manages_communities,
    why_not_decide_on,
    why_not_renew,
    why_not_resume,
    why_not_revoke,
    why_not_suspend,
)
from hub.queries.appointments import (
    PAGE_SIZE,
    VIEWS,
    duties_broken_by,
    renewal_of,
)
from hub.queries.appointments import (
    desk_appointments as found_appointments,
)
from hub.queries.people import visible_person
from hub.services.offers import Term, offer_term
from hub.web.access import managed_appointment, programmes_only, the_actor
from hub.web.changes import try_change
from hub.web.forms import read_id
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.programme_forms import term_form
from hub.web.term_cards import letter_words, term_row

desk_appointments = Blueprint("desk_appointments", __name__)


@desk_appointments.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_appointments.get("")
@programmes_only
def index() -> Response:
    view = request.args.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    after = read_id("after") or 0
    found = found_appointments(view, by=the_actor(), after=after)
    more = found[PAGE_SIZE - 1][0].id if len(found) > PAGE_SIZE else None
    return render(
        "desk/appointments/index.html",
        "desk/appointments/_list.html",
        view=view,
        rows=[term_row(term, person) for term, person in found[:PAGE_SIZE]],
        next_url=url_for(".index", view=view, after=more) if more else None,
        first_url=url_for(".index", view=view) if after else None,
    )


@desk_appointments.get("/<id:appointment_id>")
@programmes_only
def show(appointment_id: int) -> Response:
    found, user, today = managed_appointment(appointment_id), the_actor(), clock.today()
    person = db.session.get_one(User, found.user_id)
    own = why_not_decide_on(user, person)
    over = found.state(today) is AppointmentState.DECLINED
    return render(
        "desk/appointments/show.html",
        appointment=found,
        person=person,
        whole=can_see_whole_person(user, person),
        term=term_row(found, person),
        own=own,
        renewal=renewal_of(found),
        broken=[] if over or found.accepted_at is None else duties_broken_by(found),
        can={
            "renew": own is None and why_not_renew(found, today) is None,
            "suspend": own is None and why_not_suspend(found, today) is None,
            "resume": own is None and why_not_resume(found, today) is None,
            "revoke": own is None and why_not_revoke(found, today) is None,
        },
    )


@desk_appointments.get("/<id:appointment_id>/letter")
@programmes_only
def letter(appointment_id: int) -> Response:
    found = managed_appointment(appointment_id)
    if found.number is None:
        abort(404)
    person = db.session.get_one(User, found.user_id)
    back = url_for(".show", appointment_id=appointment_id)
    return render("join/letter.html", letters=letter_words(found, person), back=back)


@desk_appointments.route("/new/<id:user_id>", methods=["GET", "POST"])
@programmes_only
def offer(user_id: int) -> Response:
    """Offer a term to somebody who did not apply, such as after a break."""
    user, person = the_actor(), _visible_person(user_id)
    mine = [p for p in Programme if manages_communities(user) or p is Programme.LECTURER]
    form = term_form(user, _programme(mine), None, OfferForm)
    form.programme.choices = [(p.value, p.label) for p in mine]
    offered = try_change(form, lambda: offer_term(person, _term(form), by=user).id)
    if offered.result is not None:
        flash(_("The offer is sent. The term begins once it is accepted."), "success")
        return see_other(url_for(".show", appointment_id=offered.result))
    return render(
        "desk/appointments/offer.html",
        None,
        offered.status,
        person=person,
        form=form,
        why_not=why_not_decide_on(user, person),
    )


def _programme(offered: list[Programme]) -> Programme:
    """The one that was sent: it decides where the visitor may offer a term."""
    sent = request.form.get("programme", "")
    return next((p for p in offered if p.value == sent), offered[0])


def _term(form: Any) -> Term:
    return Term(
        Programme(form.programme.data),
        form.community_id.data or None,
        form.starts_on.data,
        form.ends_on.data,
    )


def _visible_person(user_id: int) -> User:
    """The person, if the visitor may see them whole, or 404 (rule 20)."""
    person = visible_person(user_id, by=the_actor())
    if person is None or not can_see_whole_person(the_actor(), person):
        abort(404)
    return person


def term_of(appointment_id: int) -> tuple[Appointment, User]:
    """The term and its person, if it is of the visitor's desk, or 404."""
    found = managed_appointment(appointment_id)
    return found, db.session.get_one(User, found.user_id)
