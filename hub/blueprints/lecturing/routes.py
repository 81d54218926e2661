"""The lecturer's own pages: qualifications and what is missing, trainings, results, days away."""

from typing import Any

from flask import Blueprint, Response, abort, flash, url_for

from hub import clock
from hub.blueprints.lecturing.forms import AwayForm
from hub.extensions import db
from hub.i18n import _
from hub.integrations.signing import ticket_token
from hub.models import Event
from hub.policies import can_see_event, has_term, why_not_sign_up
from hub.queries.availability import absences_ahead
from hub.queries.people import qualifications_of
from hub.queries.qualifications import learners_of
from hub.queries.topics import topics_in_use
from hub.queries.trainings import (
    assessments_of,
    invitation_to,
    own_sign_up,
    studies_of,
    study_minutes,
    study_of,
    training_of,
    trainings_ahead,
)
from hub.services.absences import add_absence, remove_absence
from hub.services.trainings import accept_invitation, decline_invitation
from hub.web.access import the_actor
from hub.web.changes import try_change
from hub.web.forms import ActionForm
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.qualification_cards import (
    own_languages,
    qualification_line,
    result_line,
    study_words,
    topic_paths,
)
from hub.web.talk_access import learners_only, own_qualification

lecturing = Blueprint("lecturing", __name__)


@lecturing.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@lecturing.get("")
@learners_only
def index() -> Response:
    user = the_actor()
    topics, languages = topics_in_use(), own_languages(user)
    learners = learners_of([user], [(t.id, code) for t in topics for code in languages])
    return render(
        "lecturing/index.html",
        lines=[qualification_line(row) for row in qualifications_of(user)],
        paths=[path for path in topic_paths(topics, languages, learners) if not path.done],
        speaks=bool(languages),
        trainings=trainings_ahead(user),
        results=[result_line(row) for row in assessments_of(user)],
        studies=studies_of(user),
        study_words=study_words(study_minutes(user)),
        away=absences_ahead(user),
        serves=has_term(user),
    )


@lecturing.get("/trainings/<id:event_id>")
@learners_only
def training(event_id: int) -> Response:
    return _training_page(event_id, ActionForm(), 200)


@lecturing.post("/trainings/<id:event_id>/enrol")
@learners_only
def enrol(event_id: int) -> Response:
    """One tap: the account's own name and confirmed address are signed up."""
    _own_training(event_id)
    user, form = the_actor(), ActionForm()
    booked = try_change(form, lambda: accept_invitation(event_id, by=user).status.holds_seats)
    if booked.done:
        words = _("You are enrolled.") if booked.result else _("You are on the waiting list.")
        flash(words, "success" if booked.result else "warning")
        return see_other(url_for(".training", event_id=event_id))
    return _training_page(event_id, form, booked.status)


@lecturing.post("/trainings/<id:event_id>/decline")
@learners_only
def decline(event_id: int) -> Response:
    _own_training(event_id)
    user, form = the_actor(), ActionForm()
    declined = try_change(form, lambda: decline_invitation(event_id, by=user).id)
    if declined.done:
        flash(_("Thank you for saying so. You can still enrol if things change."), "success")
        return see_other(url_for(".training", event_id=event_id))
    return _training_page(event_id, form, declined.status)


@lecturing.get("/qualifications/<id:qualification_id>")
@learners_only
def qualification(qualification_id: int) -> Response:
    row = own_qualification(qualification_id)
    return render("lecturing/qualification.html", line=qualification_line(row), row=row)


@lecturing.route("/away", methods=["GET", "POST"])
@learners_only
def away() -> Response:
    user = the_actor()
    form: Any = AwayForm()
    added = try_change(
        form, lambda: add_absence(form.starts_on.data, form.ends_on.data, by=user).id
    )
    if added.done:
        flash(_("Your days away are noted: whoever plans talks sees them."), "success")
        return see_other(url_for(".away"))
    return render("lecturing/away.html", None, added.status, form=form, away=absences_ahead(user))


@lecturing.post("/away/<id:absence_id>/remove")
@learners_only
def remove_away(absence_id: int) -> Response:
    user, form = the_actor(), ActionForm()
    removed = try_change(form, lambda: remove_absence(absence_id, by=user))
    if removed.done:
        flash(_("These days are free again."), "success")
    else:
        flash(" ".join(str(e) for e in form.form_errors), "error")
    return see_other(url_for(".away"))


def _own_training(event_id: int) -> Event:
    """A training that the visitor may see, or 404."""
    event = db.session.get(Event, event_id)
    if event is None or training_of(event_id) is None or not can_see_event(the_actor(), event):
        abort(404)
    return event


def _training_page(event_id: int, form: Any, status: int) -> Response:
    event, user, moment = _own_training(event_id), the_actor(), clock.now()
    booked = own_sign_up(event_id, user.id)
    asked = invitation_to(event_id, user.id)
    why_not = why_not_sign_up(event, moment) if booked is None else None
    return render(
        "lecturing/training.html",
        None,
        status,
        event=event,
        training=training_of(event_id),
        form=form,
        booked=booked,
        ticket_url=url_for("signups.show", token=ticket_token(booked.code)) if booked else "",
        asked=asked,
        may_decline=asked is not None and asked.declined_at is None and booked is None,
        over=event.has_ended(moment),
        why_not=why_not,
        study=study_of(event_id, user.id),
        results=[result_line(r) for r in assessments_of(user) if r.event_id == event_id],
    )
