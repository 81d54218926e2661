"""People at the desk: find one, see one, note a paper, give and take roles."""

from typing import Any

from flask import Blueprint, Response, abort, flash, url_for

from hub import clock
from hub.blueprints.desk_people.forms import (
    PaperForm,
    ReasonForm,
    RoleForm,
    filter_choices,
    wanted_people,
)
from hub.enums import StaffRole
from hub.extensions import db
from hub.i18n import _
from hub.models import Membership, User
from hub.policies import (
    can_certify,
    can_handle_programmes,
    can_see_whole_person,
    has_second_factor,
    has_term,
    is_admin,
    manages_communities,
    why_not_decide_on,
    why_not_reset_second_factor,
)
from hub.queries.certificates import record_communities
from hub.queries.people import (
    PAGE_SIZE,
    entries_about,
    has_viewed_today,
    papers_of,
    people,
    profile_of,
    sign_ups_of_person,
    visible_person,
)
from hub.services.people import give_role, note_paper_seen, note_view, take_role
from hub.services.second_factor import reset_second_factor
from hub.transaction import unit_of_work
from hub.web.access import admin_only, staff_only, the_actor
from hub.web.audit_sentences import papers
from hub.web.audit_words import audit_lines
from hub.web.changes import try_change
from hub.web.forms import read_id
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.people_cards import person_facts, person_rows, role_words

desk_people = Blueprint("desk_people", __name__)


@desk_people.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_people.get("")
@staff_only
def index() -> Response:
    user = the_actor()
    wanted, args = wanted_people(user)
    after = read_id("after") or 0
    found = people(wanted, by=user, after=after)
    more = found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None
    return render(
        "desk/people/index.html",
        "desk/people/_list.html",
        rows=person_rows(found[:PAGE_SIZE], by=user),
        wanted=wanted,
        narrowed=bool(args),
        next_url=url_for(".index", **args, after=more) if more else None,
        first_url=url_for(".index", **args) if after else None,
        **filter_choices(user),
    )


@desk_people.get("/<id:user_id>")
@staff_only
def show(user_id: int) -> Response:
    user, person = the_actor(), _visible_person(user_id)
    page = render(
        "desk/people/show.html",
        person=person,
        facts=person_facts(person, profile_of(person), by=user),
        can_offer=can_handle_programmes(user) and why_not_decide_on(user, person) is None,
        whole=can_see_whole_person(user, person),
        papers=[(papers().get(p.paper, p.paper), p) for p in papers_of(person)],
        sign_ups=sign_ups_of_person(person, by=user),
        trail=audit_lines(entries_about(person)),
        why_not=why_not_decide_on(user, person),
        certify=can_certify(user, record_communities(person.id)),
        admin=is_admin(user),
        has_second_step=has_second_factor(person),
        today=clock.today(),
        hours_url=_hours_url(person),
    )
    _log_the_look(user_id)
    return page


@desk_people.route("/<id:user_id>/papers", methods=["GET", "POST"])
@staff_only
def paper(user_id: int) -> Response:
    user, person = the_actor(), _visible_person(user_id)
    if not can_see_whole_person(user, person):
        abort(404)
    form: Any = PaperForm()
    noted = try_change(
        form,
        lambda: note_paper_seen(person, form.paper.data, form.valid_until.data, by=user).id,
    )
    if noted.done:
        flash(_("It is noted that you saw this paper today."), "success")
        return see_other(url_for(".show", user_id=user_id))
    why_not = why_not_decide_on(user, person)
    return render(
        "desk/people/paper.html", None, noted.status, person=person, form=form, why_not=why_not
    )


@desk_people.route("/<id:user_id>/roles/new", methods=["GET", "POST"])
@admin_only
def new_role(user_id: int) -> Response:
    user, person = the_actor(), _visible_person(user_id)
    form: Any = RoleForm()
    form.offer_communities()
    given = try_change(
        form,
        lambda: give_role(
            person, StaffRole(form.role.data), form.community_id.data or None, by=user
        ),
    )
    if given.done:
        flash(_("The role is given. It holds from now on."), "success")
        return see_other(url_for(".show", user_id=user_id))
    why_not = why_not_decide_on(user, person)
    return render(
        "desk/people/role.html", None, given.status, person=person, form=form, why_not=why_not
    )


@desk_people.route("/<id:user_id>/roles/<id:membership_id>/take", methods=["GET", "POST"])
@admin_only
def take(user_id: int, membership_id: int) -> Response:
    user, person = the_actor(), _visible_person(user_id)
    membership = db.session.get(Membership, membership_id)
    if membership is None or membership.user_id != user_id:
        abort(404)
    form: Any = ReasonForm()
    taken = try_change(form, lambda: take_role(person, membership_id, form.reason.data, by=user))
    if taken.done:
        flash(_("The role is taken away. It ended at once."), "success")
        return see_other(url_for(".show", user_id=user_id))
    return render(
        "desk/people/take_role.html",
        None,
        taken.status,
        person=person,
        membership=membership,
        words=role_words(membership),
        form=form,
        why_not=why_not_decide_on(user, person),
    )


@desk_people.route("/<id:user_id>/second-step/reset", methods=["GET", "POST"])
@admin_only
def reset_second_step(user_id: int) -> Response:
    user, person = the_actor(), _visible_person(user_id)
    form: Any = ReasonForm()
    reset = try_change(form, lambda: reset_second_factor(person, form.reason.data, by=user))
    if reset.done:
        flash(_("The second step is reset. The person is told by mail."), "success")
        return see_other(url_for(".show", user_id=user_id))
    return render(
        "desk/people/reset_second_step.html",
        None,
        reset.status,
        person=person,
        form=form,
        why_not=why_not_reset_second_factor(user, person),
    )


def _visible_person(user_id: int) -> User:
    """The person, if the visitor may see them, or 404 (rule 20)."""
    person = visible_person(user_id, by=the_actor())
    if person is None:
        abort(404)
    return person


def _hours_url(person: User) -> str | None:
    """Where the hours of somebody who was appointed stand, for those who decide about records."""
    if not (has_term(person) and manages_communities(the_actor())):
        return None
    return url_for("desk_records.person", user_id=person.id)


def _log_the_look(user_id: int) -> None:
    """Once a day, viewer and person (docs/decisions/0008-looking-is-logged.md)."""
    user = the_actor()
    if user.id == user_id or has_viewed_today(user_id, by=user):
        return
    with unit_of_work():
        note_view(user_id, by=user)
