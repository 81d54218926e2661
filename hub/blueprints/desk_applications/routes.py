"""Applications at the desk: the list, one of them, and what is decided about it."""

from typing import Any

from flask import Blueprint, Response, flash, url_for

from hub.blueprints.desk_applications.forms import (
    STATUSES,
    DeclineForm,
    StaffMessageForm,
    wanted_applications,
)
from hub.enums import Programme
from hub.i18n import _
from hub.models import Application
from hub.policies import (
    can_see_whole_person,
    why_not_ask,
    why_not_decide_application,
    why_not_decide_on,
    why_not_review,
    why_not_write,
)
from hub.queries.applications import PAGE_SIZE
from hub.queries.applications import desk_applications as found_applications
from hub.queries.appointments import offer_of
from hub.queries.people import profile_of
from hub.services.reviews import (
    Approval,
    approve_application,
    decline_application,
    start_review,
    write_to_applicant,
)
from hub.web.access import handled_application, programmes_only, the_actor
from hub.web.application_cards import (
    LOOKS,
    answers_of,
    application_row,
    conversation,
    profile_facts,
    waits,
    wished_community,
)
from hub.web.changes import try_change
from hub.web.forms import ActionForm, read_id
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.programme_forms import TermForm, term_form

desk_applications = Blueprint("desk_applications", __name__)


@desk_applications.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_applications.get("")
@programmes_only
def index() -> Response:
    wanted, args = wanted_applications()
    after = read_id("after") or 0
    found = found_applications(wanted, by=the_actor(), after=after)
    more = found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None
    return render(
        "desk/applications/index.html",
        "desk/applications/_list.html",
        rows=[application_row(a) for a in found[:PAGE_SIZE]],
        wanted=wanted,
        narrowed=bool(args),
        statuses=STATUSES,
        programmes=list(Programme),
        next_url=url_for(".index", **args, after=more) if more else None,
        first_url=url_for(".index", **args) if after else None,
    )


@desk_applications.route("/<id:application_id>", methods=["GET", "POST"])
@programmes_only
def show(application_id: int) -> Response:
    handled_application(application_id)
    user, form = the_actor(), StaffMessageForm()
    written = try_change(
        form,
        lambda: write_to_applicant(application_id, form.body.data, asks=form.asks.data, by=user).id,
    )
    if written.done:
        flash(_("Your message is sent to the applicant."), "success")
        return see_other(url_for(".show", application_id=application_id))
    return _page(application_id, form, written.status)


@desk_applications.post("/<id:application_id>/review")
@programmes_only
def review(application_id: int) -> Response:
    handled_application(application_id)
    user, form = the_actor(), ActionForm()
    started = try_change(form, lambda: start_review(application_id, by=user).id)
    if started.done:
        flash(_("The review has begun. The applicant sees it."), "success")
        return see_other(url_for(".show", application_id=application_id))
    return _page(application_id, StaffMessageForm(formdata=None), started.status, form)


@desk_applications.route("/<id:application_id>/approve", methods=["GET", "POST"])
@programmes_only
def approve(application_id: int) -> Response:
    found, user = handled_application(application_id), the_actor()
    form = term_form(user, found.programme, found.community_id, TermForm)
    approved = try_change(
        form,
        lambda: (
            approve_application(
                application_id,
                Approval(form.community_id.data or None, form.starts_on.data, form.ends_on.data),
                by=user,
            ).id
        ),
    )
    if approved.done:
        flash(_("Approved. The offer is sent; the term begins once it is accepted."), "success")
        return see_other(url_for(".show", application_id=application_id))
    return _decision("desk/applications/approve.html", application_id, form, approved.status)


@desk_applications.route("/<id:application_id>/decline", methods=["GET", "POST"])
@programmes_only
def decline(application_id: int) -> Response:
    handled_application(application_id)
    user, form = the_actor(), DeclineForm()
    declined = try_change(
        form, lambda: decline_application(application_id, form.reason.data, by=user).id
    )
    if declined.done:
        flash(_("Declined. The applicant is told why."), "success")
        return see_other(url_for(".show", application_id=application_id))
    return _decision("desk/applications/decline.html", application_id, form, declined.status)


def _page(
    application_id: int, form: Any, status: int = 200, button: ActionForm | None = None
) -> Response:
    found, user = handled_application(application_id), the_actor()
    offer = offer_of(found)
    return render(
        "desk/applications/show.html",
        None,
        status,
        form=form,
        button=button or ActionForm(formdata=None),
        whole=can_see_whole_person(user, found.user),
        answers=answers_of(found),
        lines=conversation(found.messages, from_staff=True),
        facts=profile_facts(found.user, profile_of(found.user)),
        waits=waits(found),
        own=why_not_decide_on(user, found.user),
        can_review=why_not_review(user, found) is None,
        can_decide=why_not_decide_application(user, found) is None,
        can_ask=why_not_ask(user, found) is None,
        can_write=why_not_write(found) is None,
        offer=offer,
        **_facts(found),
    )


def _decision(template: str, application_id: int, form: Any, status: int) -> Response:
    found = handled_application(application_id)
    why_not = why_not_decide_application(the_actor(), found)
    return render(template, None, status, form=form, why_not=why_not, **_facts(found))


def _facts(application: Application) -> dict[str, Any]:
    return {
        "application": application,
        "person": application.user,
        "look": LOOKS[application.status],
        "wished": wished_community(application),
    }
