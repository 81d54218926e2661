"""What staff enter for others, and one person's hours."""

from typing import Any

from flask import Response, abort, flash, url_for

from hub.blueprints.desk_records.routes import desk_records
from hub.extensions import db
from hub.i18n import _
from hub.models import ServiceRecord, User
from hub.policies import can_see_whole_person, has_term, sees_all_people, why_not_correct
from hub.queries.people import served_people, visible_person
from hub.queries.places import managed_communities
from hub.queries.records import hours_of, open_corrections, records_of_person
from hub.services.records import correct_record, log_record
from hub.web.access import community_staff_only, managed_record, the_actor
from hub.web.changes import try_change
from hub.web.forms import read_id
from hub.web.htmx import render, see_other
from hub.web.record_cards import hours_picture, provenance_rows, record_row
from hub.web.record_form import DeskRecordForm, record_data, record_form


@desk_records.route("/new", methods=["GET", "POST"])
@community_staff_only
def new() -> Response:
    user = the_actor()
    form = _entry_form(user)
    saved = try_change(form, lambda: _log_for(form, user))
    if saved.result is not None:
        flash(_("The record waits for approval by a colleague."), "success")
        return see_other(url_for(".show", record_id=saved.result))
    return _form_page(form, saved.status, url_for(".new"))


@desk_records.route("/<id:record_id>/correct", methods=["GET", "POST"])
@community_staff_only
def correct(record_id: int) -> Response:
    user, record = the_actor(), managed_record(record_id)
    if reason := why_not_correct(record, open_corrections(record_id)):
        row = record_row(record, desk=True)
        return render("desk/records/refused.html", None, 409, row=row, reason=reason)
    form = record_form(record.user, managed_communities(user), record=record)
    saved = try_change(
        form,
        lambda: correct_record(record_id, record_data(form), by=user, pictures=form.pictures).id,
    )
    if saved.result is not None:
        flash(_("The correction waits for approval by a colleague."), "success")
        return see_other(url_for(".show", record_id=saved.result))
    url = url_for(".correct", record_id=record_id)
    return _form_page(form, saved.status, url, managed_record(record_id))


@desk_records.get("/people/<id:user_id>")
@community_staff_only
def person(user_id: int) -> Response:
    user = the_actor()
    found = visible_person(user_id, by=user)
    if found is None or not (can_see_whole_person(user, found) and has_term(found)):
        abort(404)
    hours = hours_of(user_id, seen_by=user)
    return render(
        "desk/records/person.html",
        person=found,
        hours=hours,
        provenances=provenance_rows(hours),
        picture=hours_picture(hours),
        rows=[record_row(r, desk=True) for r in records_of_person(user_id, seen_by=user)],
        narrowed=not sees_all_people(user),
    )


def _entry_form(user: User) -> Any:
    form = record_form(user, managed_communities(user), kind=DeskRecordForm)
    people = [p for p in served_people(by=user) if p.id != user.id]
    form.user_id.choices = [(p.id, p.name) for p in people]
    if not form.is_submitted():
        form.user_id.data = read_id("person")
    return form


def _log_for(form: Any, user: User) -> int:
    person = db.session.get_one(User, form.user_id.data)
    data = record_data(form)
    return log_record(person, data, by=user, send=True, pictures=form.pictures).id


def _form_page(form: Any, status: int, url: str, record: ServiceRecord | None = None) -> Response:
    return render(
        "desk/records/new.html",
        "desk/records/_form.html",
        status,
        form=form,
        url=url,
        row=record_row(record, desk=True) if record is not None else None,
        nobody="user_id" in form and not form.user_id.choices,
    )
