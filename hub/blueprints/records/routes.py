"""What I did: log it, see how far it is, correct it, count the hours."""

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for

from hub.enums import RecordStatus
from hub.i18n import _
from hub.integrations.files import EVIDENCE, read
from hub.models import ServiceRecord
from hub.policies import why_not_correct, why_not_delete_record, why_not_edit_record
from hub.queries.audit import trail_of
from hub.queries.places import all_communities
from hub.queries.records import (
    chain_of,
    hours_of,
    last_record_of,
    open_corrections,
    picture_of,
    records_of,
)
from hub.services.record_removal import delete_draft
from hub.services.records import correct_record, edit_record, log_record
from hub.web.access import account_only, own_record, service_only, the_actor, visible_record
from hub.web.audit_words import audit_lines
from hub.web.changes import try_change
from hub.web.forms import ActionForm
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.record_cards import (
    calendar_unknown,
    hours_picture,
    provenance_rows,
    record_facts,
    record_row,
)
from hub.web.record_form import (
    allow_pictures,
    dropped,
    is_from_duty,
    record_data,
    record_form,
    without_duty,
)

records = Blueprint("records", __name__)
records.before_request(allow_pictures)


@records.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@records.get("/records")
@service_only
def index() -> Response:
    found = records_of(the_actor().id)
    mine = (RecordStatus.RETURNED, RecordStatus.DRAFT)
    return render(
        "records/index.html",
        to_do=[record_row(r) for r in found if r.status in mine],
        waiting=[record_row(r) for r in found if r.status is RecordStatus.SUBMITTED],
        decided=[
            record_row(r)
            for r in found
            if r.status not in mine and r.status is not RecordStatus.SUBMITTED
        ],
        total=hours_of(the_actor().id).total,
        unknown=calendar_unknown(found),
    )


@records.get("/hours")
@service_only
def hours() -> Response:
    mine = hours_of(the_actor().id)
    return render(
        "records/hours.html",
        hours=mine,
        provenances=provenance_rows(mine),
        picture=hours_picture(mine),
    )


@records.route("/records/new", methods=["GET", "POST"])
@service_only
def new() -> Response:
    user = the_actor()
    last = last_record_of(user.id)
    repeat = last if request.args.get("repeat") else None
    form = record_form(user, all_communities(), repeat=repeat)
    send = _sends()
    saved = try_change(
        form,
        lambda: log_record(user, record_data(form), by=user, send=send, pictures=form.pictures).id,
    )
    if saved.result is not None:
        return _thanks(saved.result, send)
    return _form_page(
        form, saved.status, url_for(".new"), can_repeat=last is not None and repeat is None
    )


@records.get("/records/<id:record_id>")
@service_only
def show(record_id: int) -> Response:
    record = own_record(record_id)
    return render(
        "records/show.html",
        row=record_row(record),
        reason=record.reason,
        facts=record_facts(record),
        chain=[record_row(r) for r in chain_of(record)],
        trail=audit_lines(trail_of("service_record", record.id)),
        can_edit=why_not_edit_record(record) is None,
        can_delete=why_not_delete_record(record) is None,
        can_correct=why_not_correct(record, open_corrections(record.id)) is None,
        unknown=calendar_unknown([record]),
    )


@records.route("/records/<id:record_id>/edit", methods=["GET", "POST"])
@service_only
def edit(record_id: int) -> Response:
    user, record = the_actor(), own_record(record_id)
    if reason := why_not_edit_record(record):
        return _refused(record, str(reason))
    form = _edit_form(record)
    send = _sends()
    saved = try_change(
        form,
        lambda: edit_record(
            record_id, record_data(form, record), by=user, send=send,
            pictures=form.pictures, without=dropped(form),
        ).id,
    )  # fmt: skip
    if saved.result is not None:
        return _thanks(saved.result, send)
    url = url_for(".edit", record_id=record_id)
    return _form_page(form, saved.status, url, record=own_record(record_id))


@records.route("/records/<id:record_id>/correct", methods=["GET", "POST"])
@service_only
def correct(record_id: int) -> Response:
    user, record = the_actor(), own_record(record_id)
    if reason := why_not_correct(record, open_corrections(record_id)):
        return _refused(record, str(reason))
    form = record_form(user, all_communities(), record=record)
    saved = try_change(
        form,
        lambda: correct_record(record_id, record_data(form), by=user, pictures=form.pictures).id,
    )
    if saved.result is not None:
        return _thanks(saved.result, True)
    url = url_for(".correct", record_id=record_id)
    return _form_page(form, saved.status, url, record=own_record(record_id), correcting=True)


@records.route("/records/<id:record_id>/delete", methods=["GET", "POST"])
@service_only
def delete(record_id: int) -> Response:
    user, record, form = the_actor(), own_record(record_id), ActionForm()
    if reason := why_not_delete_record(record):
        return _refused(record, str(reason))
    gone = try_change(form, lambda: delete_draft(record_id, by=user))
    if gone.done:
        flash(_("The draft is deleted."), "success")
        return see_other(url_for(".index"))
    return render(
        "records/delete.html", None, gone.status, row=record_row(own_record(record_id)), form=form
    )


@records.get("/records/<id:record_id>/pictures/<id:picture_id>")
@account_only
def picture(record_id: int, picture_id: int) -> Response:
    record = visible_record(record_id)
    found = picture_of(record.id, picture_id)
    body = read(EVIDENCE, found.stored_name) if found is not None else None
    if found is None or body is None:
        abort(404)
    response = Response(body, mimetype=found.media_type)
    response.headers.set("Content-Disposition", "inline", filename=found.shown_name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


def _edit_form(record: ServiceRecord) -> Any:
    form = record_form(the_actor(), all_communities(), record=record)
    return without_duty(form) if is_from_duty(record) else form


def _sends() -> bool:
    """Which button was pressed: everything but the draft's sends."""
    return "draft" not in request.form


def _thanks(record_id: int, sent: bool) -> Response:
    words = _("Sent for approval. Thank you!") if sent else _("Saved. Nobody sees it but you.")
    flash(words, "success")
    return see_other(url_for(".show", record_id=record_id))


def _refused(record: ServiceRecord, reason: str) -> Response:
    return render("records/refused.html", None, 409, row=record_row(record), reason=reason)


def _form_page(
    form: Any,
    status: int,
    url: str,
    *,
    record: ServiceRecord | None = None,
    correcting: bool = False,
    can_repeat: bool = False,
) -> Response:
    return render(
        "records/new.html",
        "records/_form.html",
        status,
        form=form,
        url=url,
        row=record_row(record) if record is not None else None,
        measured=record is not None and is_from_duty(record),
        returned=record.reason if record and record.status is RecordStatus.RETURNED else "",
        correcting=correcting,
        can_repeat=can_repeat,
    )
