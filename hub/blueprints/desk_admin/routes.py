"""Settings of the whole site, for administrators."""

from typing import Any

from flask import Blueprint, Response, flash, url_for

from hub.blueprints.desk_admin.forms import (
    fingerprint,
    seen_settings,
    setting_values,
    settings_form,
)
from hub.exceptions import EditConflict, InvalidInput
from hub.i18n import _, _l
from hub.models import User
from hub.queries.settings import site_settings
from hub.services.settings import change_settings
from hub.web.access import admin_only, the_actor
from hub.web.changes import try_change
from hub.web.forms import language_rows
from hub.web.htmx import render, see_other

desk_admin = Blueprint("desk_admin", __name__)


@desk_admin.route("/settings", methods=["GET", "POST"])
@admin_only
def settings() -> Response:
    user = the_actor()
    form = settings_form(site_settings())
    saved = try_change(form, lambda: _save(form, by=user))
    if saved.done:
        flash(_("The settings are saved. They hold from now on."), "success")
        return see_other(url_for(".settings"))
    if saved.status == 409:  # it was said: the next sending decides with open eyes
        form.seen.raw_data, form.seen.data = None, fingerprint(site_settings())
    return render(
        "desk/admin/settings.html",
        None,
        saved.status,
        form=form,
        rows=language_rows(form),
        days_now=site_settings().retention_days,
        ask_sure=bool(form.sure.errors or form.sure.data),
    )


def _save(form: Any, *, by: User) -> None:
    now = site_settings()
    if seen_settings(form) != fingerprint(now):
        raise EditConflict
    values = setting_values(form, now)
    if form.retention_days.data < now.retention_days and not form.sure.data:
        raise InvalidInput(
            _l("Fewer days: what is older is deleted at the next purge, for good. Tick this too."),
            field="sure",
        )
    change_settings(values, by=by)
