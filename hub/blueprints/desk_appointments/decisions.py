"""What is decided about a term: renew, suspend, resume, revoke. Each has its confirm page."""

from datetime import date
from typing import Any

from flask import Response, flash, url_for
from flask_babel import LazyString

from hub import clock
from hub.blueprints.desk_appointments.forms import RevokeForm, renew_form, suspend_form
from hub.blueprints.desk_appointments.routes import desk_appointments, term_of
from hub.i18n import _
from hub.policies import (
    why_not_decide_on,
    why_not_renew,
    why_not_resume,
    why_not_revoke,
    why_not_suspend,
)
from hub.queries.appointments import duties_broken_by
from hub.services import appointments as services
from hub.services.offers import offer_renewal
from hub.web.access import programmes_only, the_actor
from hub.web.changes import try_change
from hub.web.forms import ActionForm
from hub.web.htmx import render, see_other
from hub.web.term_cards import term_row


@desk_appointments.route("/<id:appointment_id>/renew", methods=["GET", "POST"])
@programmes_only
def renew(appointment_id: int) -> Response:
    found, _person = term_of(appointment_id)
    user, form = the_actor(), renew_form(found)
    renewed = try_change(form, lambda: offer_renewal(appointment_id, form.ends_on.data, by=user).id)
    if renewed.result is not None:
        flash(_("The renewal is offered. It begins once it is accepted."), "success")
        return see_other(url_for(".show", appointment_id=renewed.result))
    return _page("renew", appointment_id, form, renewed.status)


@desk_appointments.route("/<id:appointment_id>/suspend", methods=["GET", "POST"])
@programmes_only
def suspend(appointment_id: int) -> Response:
    term_of(appointment_id)
    user, form = the_actor(), suspend_form()
    suspended = try_change(
        form,
        lambda: (
            services.suspend(
                appointment_id, form.starts_on.data, form.ends_on.data, form.reason.data, by=user
            ).id
        ),
    )
    if suspended.done:
        flash(_("The term is suspended, and the person is told why."), "success")
        return see_other(url_for(".show", appointment_id=appointment_id))
    return _page("suspend", appointment_id, form, suspended.status, breaks_from=clock.today())


@desk_appointments.route("/<id:appointment_id>/resume", methods=["GET", "POST"])
@programmes_only
def resume(appointment_id: int) -> Response:
    term_of(appointment_id)
    user, form = the_actor(), ActionForm()
    resumed = try_change(form, lambda: services.resume(appointment_id, by=user).id)
    if resumed.done:
        flash(_("The term holds again, and the person is told."), "success")
        return see_other(url_for(".show", appointment_id=appointment_id))
    return _page("resume", appointment_id, form, resumed.status)


@desk_appointments.route("/<id:appointment_id>/revoke", methods=["GET", "POST"])
@programmes_only
def revoke(appointment_id: int) -> Response:
    term_of(appointment_id)
    user, form = the_actor(), RevokeForm()
    revoked = try_change(
        form, lambda: services.revoke(appointment_id, form.reason.data or "", by=user).id
    )
    if revoked.done:
        flash(_("The term is revoked, and the person is told why."), "success")
        return see_other(url_for(".show", appointment_id=appointment_id))
    return _page("revoke", appointment_id, form, revoked.status, breaks_from=clock.today())


WHY_NOT = {
    "renew": why_not_renew,
    "suspend": why_not_suspend,
    "resume": why_not_resume,
    "revoke": why_not_revoke,
}


def _page(
    step: str, appointment_id: int, form: Any, status: int, breaks_from: date | None = None
) -> Response:
    """The confirm page of ``step``, with the duties that it would break (rule 8)."""
    found, person = term_of(appointment_id)
    why_not: LazyString | None = why_not_decide_on(the_actor(), person)
    why_not = why_not or WHY_NOT[step](found, clock.today())
    breaks = why_not is None and breaks_from is not None
    return render(
        f"desk/appointments/{step}.html",
        None,
        status,
        person=person,
        term=term_row(found, person),
        form=form,
        why_not=why_not,
        broken=duties_broken_by(found, since=breaks_from) if breaks else [],
    )
