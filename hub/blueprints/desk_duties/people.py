"""People on a duty, as the desk decides: offered, taken off, checked in and out, not come."""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, flash, url_for

from hub import clock
from hub.blueprints.desk_duties.forms import EndForm, ReasonForm
from hub.blueprints.desk_duties.routes import desk_duties
from hub.extensions import db
from hub.i18n import _
from hub.models import Assignment, User
from hub.policies import Step, why_not_decide_on, why_not_step
from hub.queries.availability import helper_of
from hub.queries.duties import candidates_for
from hub.services import assignments, attendance
from hub.web.access import managed_assignment, managed_duty, staff_only, the_actor
from hub.web.changes import try_change
from hub.web.duty_cards import matches
from hub.web.forms import ActionForm
from hub.web.htmx import render, see_other


@desk_duties.route("/<id:duty_id>/offer/<id:user_id>", methods=["GET", "POST"])
@staff_only
def offer(duty_id: int, user_id: int) -> Response:
    duty, user, form = managed_duty(duty_id), the_actor(), ReasonForm()
    person = _candidate(duty_id, user_id)
    offered = try_change(
        form,
        lambda: (
            assignments.offer_duty(
                duty_id, user_id, by=user, override_reason=form.reason.data or ""
            ).id
        ),
    )
    if offered.done:
        flash(_("It is offered. The person is told and decides."), "success")
        return see_other(url_for(".show", duty_id=duty_id))
    match = matches(duty, [helper_of(person, duty)])[0]
    context = {"duty": duty, "person": person, "form": form, "match": match}
    return render("desk/duties/offer.html", None, offered.status, **context)


@desk_duties.post(
    "/<id:duty_id>/people/<id:assignment_id>/<any('withdraw-offer','check-in','check-out'):mark>"
)
@staff_only
def act(duty_id: int, assignment_id: int, mark: str) -> Response:
    managed_assignment(duty_id, assignment_id)
    user, form = the_actor(), ActionForm()
    done = try_change(form, lambda: ACTS[mark](assignment_id, by=user).id)
    if done.done:
        flash(_("It is noted."), "success")
    else:
        flash(" ".join(str(e) for e in form.form_errors), "error")
    return see_other(url_for(".show", duty_id=duty_id))


@desk_duties.route("/<id:duty_id>/people/<id:assignment_id>/take-off", methods=["GET", "POST"])
@staff_only
def take_off(duty_id: int, assignment_id: int) -> Response:
    user, form = the_actor(), ReasonForm()
    return _person_page(
        duty_id,
        assignment_id,
        Step.TAKE_OFF,
        form,
        lambda: assignments.take_off(assignment_id, form.reason.data or "", by=user).id,
    )


@desk_duties.route("/<id:duty_id>/people/<id:assignment_id>/no-show", methods=["GET", "POST"])
@staff_only
def no_show(duty_id: int, assignment_id: int) -> Response:
    user = the_actor()
    return _person_page(
        duty_id,
        assignment_id,
        Step.NO_SHOW,
        ActionForm(),
        lambda: attendance.mark_no_show(assignment_id, by=user).id,
    )


@desk_duties.route("/<id:duty_id>/people/<id:assignment_id>/end", methods=["GET", "POST"])
@staff_only
def confirm_end(duty_id: int, assignment_id: int) -> Response:
    user, duty = the_actor(), managed_duty(duty_id)
    form: Any = EndForm(data={"ended_at": duty.ends_at})
    return _person_page(
        duty_id,
        assignment_id,
        Step.CONFIRM_END,
        form,
        lambda: attendance.confirm_end(assignment_id, form.ended_at.data, by=user).id,
    )


ACTS: dict[str, Callable[..., Assignment]] = {
    "withdraw-offer": assignments.withdraw_offer,
    "check-in": attendance.check_in,
    "check-out": attendance.check_out,
}


def _person_page(
    duty_id: int, assignment_id: int, step: Step, form: Any, verb: Callable[[], int]
) -> Response:
    """The page that asks before a decision about one person, and what follows it."""
    found = managed_assignment(duty_id, assignment_id)
    done = try_change(form, verb)
    if done.done:
        flash(_("It is noted."), "success")
        return see_other(url_for(".show", duty_id=duty_id))
    own = why_not_decide_on(the_actor(), found.user)
    return render(
        "desk/duties/person.html",
        None,
        done.status,
        duty=found.duty,
        assignment=found,
        form=form,
        step=step.value,
        why_not=own or why_not_step(found, step, clock.now()),
    )


def _candidate(duty_id: int, user_id: int) -> User:
    """Somebody to whom the duty can be offered, or 404: others are not to be found here."""
    person = db.session.get(User, user_id)
    if person is None or person.id not in {c.id for c in candidates_for(managed_duty(duty_id))}:
        abort(404)
    return person
