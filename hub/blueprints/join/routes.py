"""Joining a programme: what it is, and an application in three steps that keep what was typed."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from hub import clock
from hub.blueprints.join.forms import about_form, answers_in, questions_form
from hub.enums import ApplicationStatus, Programme
from hub.extensions import db
from hub.i18n import _
from hub.models import Application, User
from hub.policies import (
    why_not_apply,
    why_not_submit,
    why_not_withdraw,
    why_not_write,
)
from hub.queries.applications import asked_questions, open_application
from hub.queries.appointments import offer_of
from hub.queries.people import profile_of
from hub.services.applications import (
    save_answers,
    save_draft,
    submit_application,
    unanswered,
    withdraw_application,
    write_to_staff,
)
from hub.web.access import account_only, actor, own_application, the_actor
from hub.web.application_cards import (
    LOOKS,
    SLUGS,
    answers_of,
    conversation,
    draft_answers,
    own_state,
    profile_facts,
    wished_community,
)
from hub.web.changes import try_change
from hub.web.forms import ActionForm
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.i18n import current_code
from hub.web.programme_forms import MessageForm
from hub.web.site import site

join = Blueprint("join", __name__)

PROGRAMMES = {slug: programme for programme, slug in SLUGS.items()}


@join.after_request
def private(response: Response) -> Response:
    return response if request.endpoint == "join.programme" else keep_private(response)


def myself() -> User:
    """The account that is logged in, itself and not a stand-in for it."""
    return db.session.get_one(User, the_actor().id)


@join.get("/join/<any(assistants, lecturers):slug>")
def programme(slug: str) -> Response:
    wanted, user = PROGRAMMES[slug], actor()
    return render(
        f"join/{slug}.html",
        slug=slug,
        programme=wanted,
        why_not=why_not_apply(user, wanted, site().recruiting, clock.today()),
        begun=open_application(user, wanted) if user is not None else None,
    )


@join.route("/join/<any(assistants, lecturers):slug>/apply", methods=["GET", "POST"])
@account_only
def about(slug: str) -> Response:
    """Step 1: who I am and where I wish to serve."""
    wanted, user = PROGRAMMES[slug], myself()
    begun = open_application(user, wanted)
    if begun is not None and begun.status is not ApplicationStatus.DRAFT:
        return see_other(url_for(".application", application_id=begun.id))
    form = about_form(begun)
    wished = form.community_id
    saved = try_change(
        form, lambda: save_draft(wanted, wished.data or None, current_code(), by=user).id
    )
    if saved.result is not None:
        return see_other(url_for(".questions", application_id=saved.result))
    return _about_page(slug, user, form, saved.status)


@join.route("/me/applications/<id:application_id>/questions", methods=["GET", "POST"])
@account_only
def questions(application_id: int) -> Response:
    """Step 2: what staff ask. Saved as far as it is typed."""
    application, user = own_application(application_id), myself()
    asked = asked_questions(application.programme)
    form = questions_form(asked, application.draft)
    saved = try_change(
        form, lambda: save_answers(application_id, answers_in(form, asked), by=user).id
    )
    if saved.done and "later" in request.form:
        flash(_("Your draft is kept. Go on whenever you like."), "success")
        return see_other(url_for("me.index"))
    if saved.done:
        return see_other(url_for(".check", application_id=application_id))
    application = own_application(application_id)
    return render(
        "join/questions.html",
        None,
        saved.status,
        form=form,
        questions=[(q, form[f"question_{q.id}"]) for q in asked],
        **_step(application),
    )


@join.route("/me/applications/<id:application_id>/check", methods=["GET", "POST"])
@account_only
def check(application_id: int) -> Response:
    """Step 3: read it once more, and send it."""
    application, user, form = own_application(application_id), myself(), ActionForm()
    sent = try_change(form, lambda: submit_application(application_id, by=user).id)
    if sent.done:
        flash(_("Your application is sent. Thank you!"), "success")
        return see_other(url_for(".application", application_id=application_id))
    application = own_application(application_id)
    asked = asked_questions(application.programme)
    return render(
        "join/check.html",
        None,
        sent.status,
        form=form,
        facts=profile_facts(user, profile_of(user)),
        answers=draft_answers(application, asked),
        missing=unanswered(application, asked),
        **_step(application),
    )


@join.route("/me/applications/<id:application_id>", methods=["GET", "POST"])
@account_only
def application(application_id: int) -> Response:
    """Where it stands, what was said, and a word to the staff."""
    own_application(application_id)
    user, form = myself(), MessageForm()
    written = try_change(form, lambda: write_to_staff(application_id, form.body.data, by=user).id)
    if written.done:
        flash(_("Your message is sent."), "success")
        return see_other(url_for(".application", application_id=application_id))
    return _application_page(own_application(application_id), form, written.status)


@join.route("/me/applications/<id:application_id>/withdraw", methods=["GET", "POST"])
@account_only
def withdraw(application_id: int) -> Response:
    found, user, form = own_application(application_id), myself(), ActionForm()
    withdrawn = try_change(form, lambda: withdraw_application(application_id, by=user).id)
    if withdrawn.done:
        flash(_("Your application is withdrawn."), "success")
        return see_other(url_for(".application", application_id=application_id))
    found = own_application(application_id)
    return render(
        "join/withdraw.html",
        None,
        withdrawn.status,
        application=found,
        form=form,
        why_not=why_not_withdraw(found),
    )


def _about_page(slug: str, user: User, form: Any, status: int) -> Response:
    profile, wanted = profile_of(user), PROGRAMMES[slug]
    return render(
        "join/about.html",
        None,
        status,
        form=form,
        slug=slug,
        programme=wanted,
        why_not=why_not_apply(user, wanted, site().recruiting, clock.today()),
        facts=profile_facts(user, profile),
        has_profile=profile is not None,
    )


def _application_page(found: Application, form: MessageForm, status: int) -> Response:
    return render(
        "join/application.html",
        None,
        status,
        application=found,
        form=form,
        look=LOOKS[found.status],
        state=own_state(found),
        slug=SLUGS[found.programme],
        wished=wished_community(found),
        answers=answers_of(found),
        lines=conversation(found.messages, from_staff=False),
        why_not_write=why_not_write(found),
        why_not_withdraw=why_not_withdraw(found),
        offer=offer_of(found),
    )


def _step(application: Application) -> dict[str, Any]:
    """What the pages of the steps say of the draft."""
    return {
        "application": application,
        "slug": SLUGS[application.programme],
        "wished": wished_community(application),
        "lecturer": application.programme is Programme.LECTURER,
        "why_not": why_not_submit(application, site().recruiting, clock.today()),
    }
