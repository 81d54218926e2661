"""Records at the desk: what waits, and what is decided about it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from hub.blueprints.desk_records.forms import ReasonForm, ticked_ids
from hub.i18n import _, ngettext
from hub.models import ServiceRecord, User
from hub.policies import (
    can_see_whole_person,
    sees_all_people,
    why_not_approve,
    why_not_correct,
    why_not_decide,
    why_not_void,
)
from hub.queries.audit import trail_of
from hub.queries.records import (
    DUE_DAYS,
    PAGE_SIZE,
    VIEWS,
    chain_of,
    open_corrections,
    queue,
    waiting_for,
)
from hub.services.record_decisions import (
    approve_many,
    approve_record,
    reject_record,
    return_record,
    void_record,
)
from hub.web.access import community_staff_only, managed_record, the_actor
from hub.web.audit_words import audit_lines
from hub.web.changes import try_change
from hub.web.forms import ActionForm, read_id
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.record_cards import calendar_unknown, person_name, record_facts, record_row
from hub.web.record_form import allow_pictures

desk_records = Blueprint("desk_records", __name__)
desk_records.before_request(allow_pictures)


@desk_records.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_records.get("")
@community_staff_only
def index() -> Response:
    return _queue_page(ActionForm())


@desk_records.post("/approve")
@community_staff_only
def approve_ticked() -> Response:
    user, form = the_actor(), ActionForm()
    done = try_change(form, lambda: _said_of_many(user))
    if done.result is None:
        return _queue_page(form, done.status)
    approved, refused = done.result
    if approved:
        flash(
            ngettext("%(num)d record is approved.", "%(num)d records are approved.", approved),
            "success",
        )
    for words in refused:
        flash(words, "warning")
    return see_other(url_for(".index"))


@desk_records.get("/<id:record_id>")
@community_staff_only
def show(record_id: int) -> Response:
    return _record_page(managed_record(record_id), ActionForm())


@desk_records.post("/<id:record_id>/approve")
@community_staff_only
def approve(record_id: int) -> Response:
    user, record, form = the_actor(), managed_record(record_id), ActionForm()
    done = try_change(form, lambda: approve_record(record.id, by=user).id)
    if done.done:
        flash(_("The record is approved. Its hours count."), "success")
        return see_other(url_for(".index"))
    return _record_page(managed_record(record_id), form, done.status)


@desk_records.route("/<id:record_id>/return", methods=["GET", "POST"])
@community_staff_only
def send_back(record_id: int) -> Response:
    done = _("The record is returned. Its person is told why.")
    return _decision_page(record_id, "return", return_record, why_not_decide, done)


@desk_records.route("/<id:record_id>/reject", methods=["GET", "POST"])
@community_staff_only
def reject(record_id: int) -> Response:
    done = _("The record is rejected. Its person is told why.")
    return _decision_page(record_id, "reject", reject_record, why_not_decide, done)


@desk_records.route("/<id:record_id>/void", methods=["GET", "POST"])
@community_staff_only
def void(record_id: int) -> Response:
    done = _("The record is voided. Its hours do not count any more.")
    return _decision_page(record_id, "void", void_record, why_not_void, done)


def _said_of_many(user: User) -> tuple[int, list[str]]:
    """How many were approved, and a sentence for each that was not."""
    done = approve_many(ticked_ids(), by=user)
    refused = [
        _(
            "Not approved: %(person)s, %(record)s. %(reason)s",
            person=person_name(record),
            record=record_row(record).when,
            reason=str(reason),
        )
        for record, reason in done.refused
    ]
    return len(done.approved), refused


def _queue_page(form: ActionForm, status: int = 200) -> Response:
    user, page = the_actor(), read_id("page") or 1
    view = request.args.get("view", "")
    view = view if view in VIEWS else "waiting"
    found = queue(user, view, page)
    shown = found[:PAGE_SIZE]
    more = url_for(".index", view=view, page=page + 1) if len(found) > PAGE_SIZE else None
    return render(
        "desk/records/index.html",
        None,
        status,
        view=view,
        rows=[record_row(r, desk=True, why_not=why_not_approve(user, r)) for r in shown],
        all_ticked=request.args.get("tick") == "all",
        waiting=waiting_for(user),
        unknown=calendar_unknown(shown),
        due_days=DUE_DAYS,
        next_url=more,
        first_url=url_for(".index", view=view) if page > 1 else None,
        form=form,
        keeps_activities=sees_all_people(user),
    )


def _record_page(record: ServiceRecord, form: ActionForm, status: int = 200) -> Response:
    user = the_actor()
    return render(
        "desk/records/show.html",
        None,
        status,
        reason=record.reason,
        row=record_row(record, desk=True),
        facts=record_facts(record),
        chain=[record_row(r, desk=True) for r in chain_of(record)],
        trail=audit_lines(trail_of("service_record", record.id)),
        why_not_approve=why_not_approve(user, record),
        can_decide=why_not_decide(user, record) is None,
        can_void=why_not_void(user, record) is None,
        can_correct=why_not_correct(record, open_corrections(record.id)) is None,
        unknown=calendar_unknown([record]),
        person_url=_person_url(record),
        form=form,
    )


def _person_url(record: ServiceRecord) -> str | None:
    """Where the hours of its person stand, if the visitor may see the person."""
    if record.user.erased_at is not None or not can_see_whole_person(the_actor(), record.user):
        return None
    return url_for(".person", user_id=record.user_id)


def _decision_page(
    record_id: int,
    step: str,
    decide: Callable[..., ServiceRecord],
    why_not: Callable[[User, ServiceRecord], Any],
    done: str,
) -> Response:
    """The confirm page of a step that needs a reason, and the step."""
    user, form = the_actor(), ReasonForm()
    managed_record(record_id)
    decided = try_change(form, lambda: decide(record_id, form.reason.data or "", by=user).id)
    if decided.done:
        flash(done, "success")
        here = url_for(".show", record_id=record_id)
        return see_other(here if step == "void" else url_for(".index"))
    record = managed_record(record_id)
    return render(
        "desk/records/decide.html",
        None,
        decided.status,
        row=record_row(record, desk=True),
        step=step,
        form=form,
        why_not=why_not(user, record),
    )
