"""What a lecturer says after a talk: how many came, what was asked, what was used."""

from flask import Blueprint, Response, flash, url_for

from hub.i18n import _
from hub.services.talk_reports import report_talk
from hub.web.access import service_only, the_actor
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.talk_access import own_talk
from hub.web.talk_report_form import report_data, report_form, report_page, try_report

talk_reports = Blueprint("talk_reports", __name__)


@talk_reports.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@talk_reports.route("/<id:event_id>/report", methods=["GET", "POST"])
@service_only
def report(event_id: int) -> Response:
    user, found = the_actor(), own_talk(event_id)
    form = report_form(found, manages=False)
    done = try_report(form, lambda: report_talk(event_id, report_data(form), by=user))
    here = url_for(".report", event_id=event_id)
    if done.done:
        flash(_("Thank you! The report is saved, and your hours wait for approval."), "success")
        return see_other(here)
    return render(
        "talk_reports/own.html",
        "talk_reports/_form.html",
        done.status,
        form=form,
        talk=report_page(own_talk(event_id), manages=False),
        url=here,
        back=url_for("service.today"),
    )
