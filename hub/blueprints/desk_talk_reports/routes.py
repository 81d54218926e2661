"""The report of a talk at the desk: staff and the police unit write it, or put it right."""

from flask import Blueprint, Response, flash, url_for

from hub.i18n import _
from hub.services.talk_reports import report_talk
from hub.web.access import staff_only, the_actor
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.talk_access import managed_talk
from hub.web.talk_report_form import report_data, report_form, report_page, try_report

desk_talk_reports = Blueprint("desk_talk_reports", __name__)


@desk_talk_reports.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_talk_reports.route("/<id:event_id>/report", methods=["GET", "POST"])
@staff_only
def report(event_id: int) -> Response:
    user, found = the_actor(), managed_talk(event_id)
    form = report_form(found, manages=True)
    done = try_report(form, lambda: report_talk(event_id, report_data(form), by=user))
    here = url_for(".report", event_id=event_id)
    if done.done:
        flash(_("The report is saved. The hours of its lecturers wait for approval."), "success")
        return see_other(here)
    return render(
        "desk/talk_reports/report.html",
        "talk_reports/_form.html",
        done.status,
        form=form,
        talk=report_page(managed_talk(event_id), manages=True),
        url=here,
        back=url_for("desk_talks.show", event_id=event_id),
    )
