"""One's own profile."""

from typing import Any

from flask import Response, flash, url_for

from hub.blueprints.me.forms import MOST_ROWS, profile_form
from hub.blueprints.me.routes import me, myself
from hub.i18n import _
from hub.models import User
from hub.queries.people import papers_of, profile_of
from hub.services.privacy import correct_profile
from hub.web.access import account_only
from hub.web.audit_sentences import papers
from hub.web.changes import try_change
from hub.web.htmx import render, see_other


@me.route("/profile", methods=["GET", "POST"])
@account_only
def profile() -> Response:
    user = myself()
    form, only_rows = profile_form(user, profile_of(user))
    if only_rows:
        return _profile_page(user, form, 200)
    saved = try_change(form, lambda: bool(correct_profile(user, form.profile_data(), by=user)))
    if saved.done:
        flash(_("Your profile is saved."), "success")
        return see_other(url_for(".index"))
    return _profile_page(user, form, saved.status)


def _profile_page(user: User, form: Any, status: int) -> Response:
    return render(
        "me/profile.html",
        "me/_profile_form.html",
        status,
        user=user,
        form=form,
        can_add=len(form.rows) < MOST_ROWS,
        papers=papers_of(user),
        paper_names=papers(),
    )
