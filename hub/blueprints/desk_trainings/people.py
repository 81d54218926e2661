"""Who came to a training, how they did, and what they are qualified for."""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, flash, request, url_for

from hub import clock
from hub.blueprints.desk_trainings.forms import WalkInForm, results_of, sheet_form
from hub.blueprints.desk_trainings.routes import desk_trainings
from hub.i18n import SPOKEN, _, current_language, language_name, ngettext
from hub.models import Event, SignUp, StudyRecord, Training, User
from hub.policies import why_not_note_who_came
from hub.queries.trainings import (
    invitable_people,
    live_sign_ups,
    students_of,
    training_of,
)
from hub.services.assessments import Sheet, enter_assessments
from hub.services.qualifications import grant_all
from hub.services.trainings import note_came, note_walk_in, take_back_came
from hub.web.access import managed_sign_up, the_actor
from hub.web.changes import try_change
from hub.web.forms import ActionForm, read_id
from hub.web.htmx import render, see_other
from hub.web.qualification_cards import language_choices
from hub.web.talk_access import examiners_only, managed_training, talks_only

MARKS: dict[str, Callable[..., SignUp]] = {"came": note_came, "not-came": take_back_came}


@desk_trainings.post("/<id:event_id>/people/<id:sign_up_id>/<any('came','not-came'):word>")
@talks_only
def note(event_id: int, sign_up_id: int, word: str) -> Response:
    managed_training(event_id)
    managed_sign_up(event_id, sign_up_id)
    user, form = the_actor(), ActionForm()
    done = try_change(form, lambda: MARKS[word](sign_up_id, by=user).id)
    if not done.done:
        flash(" ".join(str(e) for e in form.form_errors), "error")
    return see_other(url_for(".show", event_id=event_id, _anchor=f"person-{sign_up_id}"))


@desk_trainings.route("/<id:event_id>/walk-in", methods=["GET", "POST"])
@talks_only
def walk_in(event_id: int) -> Response:
    event, user = managed_training(event_id), the_actor()
    there = {row.user_id for row in live_sign_ups(event_id)} | {user.id}
    form: Any = WalkInForm()
    people = [p for p in invitable_people(user) if p.id not in there]
    form.person.choices = [(p.id, p.name) for p in people]
    noted = try_change(form, lambda: note_walk_in(event_id, form.person.data, by=user).name)
    if noted.result is not None:
        flash(_("%(name)s has a place and came.", name=noted.result), "success")
        return see_other(url_for(".show", event_id=event_id))
    why_not = why_not_note_who_came(event, clock.now())
    context = {"event": event, "form": form, "people": people, "why_not": why_not}
    return render("desk/trainings/walk_in.html", None, noted.status, **context)


@desk_trainings.route("/<id:event_id>/assess", methods=["GET", "POST"])
@examiners_only
def assess(event_id: int) -> Response:
    """One sheet for all who came, about one topic in one language (both in the address)."""
    event, user = managed_training(event_id), the_actor()
    training = training_of(event_id)
    if training is None:
        abort(404)
    students, subject = _others(event_id, user), _subject(event, training)
    form = sheet_form(event, training, students)

    def enter() -> int:
        sheet = Sheet(*subject, form.examined_on.data, form.examiner.data or "")
        return len(enter_assessments(event_id, sheet, results_of(form, students), by=user))

    entered = try_change(form, enter)
    if entered.result is not None:
        words = ngettext(
            "%(num)d result is entered.", "%(num)d results are entered.", entered.result
        )
        flash(words, "success")
        return see_other(url_for(".show", event_id=event_id))
    return _sheet_page(training, form, entered.status, subject)


def _sheet_page(training: Training, form: Any, status: int, subject: tuple[int, str]) -> Response:
    topic_id, language = subject
    return render(
        "desk/trainings/assess.html",
        None,
        status,
        event=training.event,
        training=training,
        form=form,
        students=_others(training.event_id, the_actor()),
        topic_id=topic_id,
        topic_name=next(t.name for t in training.topics if t.id == topic_id),
        language=language,
        language_name=language_name(language, current_language()),
        languages=language_choices(),
    )


@desk_trainings.post("/<id:event_id>/grant")
@examiners_only
def grant(event_id: int) -> Response:
    """Everything that was passed and of which nothing is missing."""
    managed_training(event_id)
    user, form = the_actor(), ActionForm()
    granted = try_change(form, lambda: grant_all(event_id, by=user))
    if granted.result is not None:
        words = ngettext(
            "%(num)d qualification is granted.",
            "%(num)d qualifications are granted.",
            granted.result,
        )
        flash(words, "success")
    else:
        flash(" ".join(str(e) for e in form.form_errors), "error")
    return see_other(url_for(".show", event_id=event_id))


def _others(event_id: int, user: User) -> list[tuple[StudyRecord, User]]:
    """Who came, without oneself (rule 5)."""
    return [(study, person) for study, person in students_of(event_id) if person.id != user.id]


def _subject(event: Event, training: Training) -> tuple[int, str]:
    """The topic and language of the address, else the first topic in the first language that is
    not Chinese: the talks are for newcomers."""
    known = [topic.id for topic in training.topics]
    asked, code = read_id("topic"), request.args.get("language", "")
    topic_id = asked if asked in known else known[0]
    spoken = next((c for c in event.languages if c != "zh"), "en")
    return topic_id, code if code in SPOKEN else spoken
