"""Trainings at the desk: the list, one of them, what it teaches, who is asked to come."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from hub import clock
from hub.blueprints.desk_trainings.forms import InviteForm, training_data, training_form
from hub.enums import SignUpStatus
from hub.i18n import _, ngettext
from hub.models import User
from hub.policies import USUAL_VALIDITY, can_examine, why_not_invite, why_not_note_who_came
from hub.queries.topics import topics_in_use
from hub.queries.trainings import (
    PAGE_SIZE,
    VIEWS,
    invitable_people,
    invitations_of,
    live_sign_ups,
    training_of,
)
from hub.queries.trainings import (
    desk_trainings as trainings_of_desk,
)
from hub.services.trainings import invite_people, save_training
from hub.web.access import the_actor
from hub.web.changes import try_change
from hub.web.desk_cards import places_words
from hub.web.forms import read_id
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.talk_access import managed_training, talks_only
from hub.web.training_cards import asked, candidates, enrolled

desk_trainings = Blueprint("desk_trainings", __name__)


@desk_trainings.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_trainings.get("")
@talks_only
def index() -> Response:
    view = request.args.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    page = read_id("page") or 1
    found = trainings_of_desk(the_actor(), view, page)
    return render(
        "desk/trainings/index.html",
        None,
        view=view,
        lines=found[:PAGE_SIZE],
        next_url=url_for(".index", view=view, page=page + 1) if len(found) > PAGE_SIZE else None,
        first_url=url_for(".index", view=view) if page > 1 else None,
    )


@desk_trainings.get("/<id:event_id>")
@talks_only
def show(event_id: int) -> Response:
    event, user = managed_training(event_id), the_actor()
    training, moment = training_of(event_id), clock.now()
    people = enrolled(event, training, by=user)
    came = sum(p.status is SignUpStatus.ATTENDED for p in people)
    return render(
        "desk/trainings/show.html",
        event=event,
        training=training,
        places_words=places_words(event),
        people=people,
        came=came,
        asked=asked(event_id, people),
        can_assess=can_examine(user) and training is not None and came > 0,
        grantable=sum(o.grantable for p in people for o in p.outcomes),
        why_not_invite=why_not_invite(event, training, moment),
        why_not_note=why_not_note_who_came(event, moment),
        grant_days=(clock.today(), clock.today() + USUAL_VALIDITY),
    )


@desk_trainings.route("/<id:event_id>/edit", methods=["GET", "POST"])
@talks_only
def edit(event_id: int) -> Response:
    event, user, topics = managed_training(event_id), the_actor(), topics_in_use()
    form = training_form(training_of(event_id), topics)
    saved = try_change(form, lambda: save_training(event_id, training_data(form), by=user).event_id)
    if saved.done:
        flash(_("The training is saved."), "success")
        return see_other(url_for(".show", event_id=event_id))
    context = {"event": event, "form": form, "has_topics": bool(form.topics.choices)}
    return render("desk/trainings/edit.html", None, saved.status, **context)


@desk_trainings.route("/<id:event_id>/invite", methods=["GET", "POST"])
@talks_only
def invite(event_id: int) -> Response:
    event, user = managed_training(event_id), the_actor()
    people = _to_ask(event_id, user)
    form: Any = InviteForm()
    form.people.choices = [(person.id, person.name) for person in people]
    invited = try_change(form, lambda: invite_people(event_id, form.people.data, by=user))
    if invited.result is not None:
        words = ngettext(
            "%(num)d person is invited.", "%(num)d people are invited.", invited.result
        )
        flash(words, "success")
        return see_other(url_for(".show", event_id=event_id))
    return render(
        "desk/trainings/invite.html",
        None,
        invited.status,
        event=event,
        form=form,
        candidates=candidates(people, by=user),
        why_not=why_not_invite(event, training_of(event_id), clock.now()),
    )


def _to_ask(event_id: int, user: User) -> list[User]:
    """Who can be asked, was not asked yet (or declined) and is not enrolled."""
    gone = {row.user_id for row in invitations_of(event_id) if row.declined_at is None}
    gone |= {row.user_id for row in live_sign_ups(event_id) if row.user_id is not None}
    return [person for person in invitable_people(user) if person.id not in gone]
