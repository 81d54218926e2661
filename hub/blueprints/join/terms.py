"""One's own terms: accept or decline an offer, look at the term and its letter, leave."""

from flask import Response, abort, flash, url_for

from hub import clock
from hub.blueprints.join.forms import resign_form
from hub.blueprints.join.routes import join, myself
from hub.i18n import _
from hub.policies import why_not_accept, why_not_decline, why_not_resign
from hub.queries.appointments import renewal_of
from hub.services.appointments import resign as resign_term
from hub.services.offers import accept_offer, decline_offer
from hub.web.access import account_only, own_appointment
from hub.web.changes import try_change
from hub.web.forms import ActionForm
from hub.web.htmx import render, see_other
from hub.web.term_cards import letter_words, term_row


@join.get("/me/appointments/<id:appointment_id>")
@account_only
def appointment(appointment_id: int) -> Response:
    return _page(appointment_id, ActionForm())


@join.post("/me/appointments/<id:appointment_id>/accept")
@account_only
def accept(appointment_id: int) -> Response:
    """By one's own hand, and by nobody else's (rule 7)."""
    own_appointment(appointment_id)
    user, form = myself(), ActionForm()
    accepted = try_change(form, lambda: accept_offer(appointment_id, by=user).id)
    if accepted.done:
        flash(_("You have accepted. Welcome! Your letter of appointment is ready."), "success")
        return see_other(url_for(".appointment", appointment_id=appointment_id))
    return _page(appointment_id, form, accepted.status)


@join.route("/me/appointments/<id:appointment_id>/decline", methods=["GET", "POST"])
@account_only
def decline(appointment_id: int) -> Response:
    own_appointment(appointment_id)
    user, form, today = myself(), ActionForm(), clock.today()
    declined = try_change(form, lambda: decline_offer(appointment_id, by=user).id)
    if declined.done:
        flash(_("You have declined. Thank you for telling us."), "success")
        return see_other(url_for(".appointment", appointment_id=appointment_id))
    found = own_appointment(appointment_id)
    return render(
        "join/decline.html",
        None,
        declined.status,
        term=term_row(found, myself()),
        form=form,
        why_not=why_not_decline(found, today),
    )


@join.route("/me/appointments/<id:appointment_id>/resign", methods=["GET", "POST"])
@account_only
def resign(appointment_id: int) -> Response:
    own_appointment(appointment_id)
    user, form, today = myself(), resign_form(), clock.today()
    left = try_change(form, lambda: resign_term(appointment_id, form.last_day.data, by=user).id)
    if left.done:
        flash(_("Your last day is noted. Thank you for all that you did."), "success")
        return see_other(url_for(".appointment", appointment_id=appointment_id))
    found = own_appointment(appointment_id)
    return render(
        "join/resign.html",
        None,
        left.status,
        term=term_row(found, myself()),
        form=form,
        begun=found.starts_on <= today,
        why_not=why_not_resign(found, today),
    )


@join.get("/me/appointments/<id:appointment_id>/letter")
@account_only
def letter(appointment_id: int) -> Response:
    found = own_appointment(appointment_id)
    if found.number is None:
        abort(404)
    back = url_for(".appointment", appointment_id=appointment_id)
    return render("join/letter.html", letters=letter_words(found, myself()), back=back)


def _page(appointment_id: int, form: ActionForm, status: int = 200) -> Response:
    found, today = own_appointment(appointment_id), clock.today()
    return render(
        "join/appointment.html",
        None,
        status,
        appointment=found,
        term=term_row(found, myself()),
        form=form,
        offered=why_not_decline(found, today) is None,
        why_not_accept=why_not_accept(found, today),
        why_not_resign=why_not_resign(found, today),
        suspensions=[s for s in found.suspensions if s.ends_on is None or s.ends_on >= today],
        renewal=renewal_of(found),
    )
