"""What is decided about a qualification: suspend, resume, revoke. Each has its confirm page."""

from datetime import date
from typing import Any

from flask import Response, flash, url_for
from flask_babel import LazyString

from hub import clock
from hub.blueprints.desk_qualifications.forms import revoke_form, suspend_form
from hub.blueprints.desk_qualifications.routes import desk_qualifications
from hub.i18n import _
from hub.policies import (
    why_not_decide_on,
    why_not_resume_qualification,
    why_not_revoke_qualification,
    why_not_suspend_qualification,
)
from hub.queries.qualifications import talks_broken_by
from hub.services import qualifications as services
from hub.web.access import the_actor
from hub.web.changes import try_change
from hub.web.forms import ActionForm
from hub.web.htmx import render, see_other
from hub.web.qualification_cards import qualification_line
from hub.web.talk_access import examiners_only, visible_qualification


@desk_qualifications.route("/<id:qualification_id>/suspend", methods=["GET", "POST"])
@examiners_only
def suspend(qualification_id: int) -> Response:
    visible_qualification(qualification_id)
    user, form = the_actor(), suspend_form()

    def write() -> int:
        days = form.starts_on.data, form.ends_on.data
        why = form.reason.data or ""
        return services.suspend_qualification(qualification_id, *days, why, by=user).id

    done = try_change(form, write)
    if done.done:
        flash(_("The qualification is suspended, and the person is told why."), "success")
        return see_other(url_for(".show", qualification_id=qualification_id))
    since, until = form.starts_on.data or clock.today(), form.ends_on.data
    return _page("suspend", qualification_id, form, done.status, since, until)


@desk_qualifications.route("/<id:qualification_id>/resume", methods=["GET", "POST"])
@examiners_only
def resume(qualification_id: int) -> Response:
    visible_qualification(qualification_id)
    user, form = the_actor(), ActionForm()
    done = try_change(form, lambda: services.resume_qualification(qualification_id, by=user).id)
    if done.done:
        flash(_("The qualification holds again, and the person is told."), "success")
        return see_other(url_for(".show", qualification_id=qualification_id))
    return _page("resume", qualification_id, form, done.status)


@desk_qualifications.route("/<id:qualification_id>/revoke", methods=["GET", "POST"])
@examiners_only
def revoke(qualification_id: int) -> Response:
    visible_qualification(qualification_id)
    user, form = the_actor(), revoke_form()

    def write() -> int:
        day, why = form.revoked_on.data, form.reason.data or ""
        return services.revoke_qualification(qualification_id, day, why, by=user).id

    done = try_change(form, write)
    if done.done:
        flash(_("The qualification is revoked, and the person is told why."), "success")
        return see_other(url_for(".show", qualification_id=qualification_id))
    since = form.revoked_on.data or clock.today()
    return _page("revoke", qualification_id, form, done.status, since)


WHY_NOT = {
    "suspend": why_not_suspend_qualification,
    "resume": why_not_resume_qualification,
    "revoke": why_not_revoke_qualification,
}


def _page(
    step: str,
    qualification_id: int,
    form: Any,
    status: int,
    since: date | None = None,
    until: date | None = None,
) -> Response:
    """The confirm page of ``step``, with the talks that it would break (rule 8)."""
    row = visible_qualification(qualification_id)
    why_not: LazyString | None = why_not_decide_on(the_actor(), row.user)
    why_not = why_not or WHY_NOT[step](row, clock.today())
    breaks = why_not is None and since is not None
    return render(
        f"desk/qualifications/{step}.html",
        None,
        status,
        line=qualification_line(row),
        form=form,
        why_not=why_not,
        broken=talks_broken_by(row, since=since, until=until) if breaks else [],
    )
