"""Setting up an account from a one-time link."""

from flask import Blueprint, Response, abort, flash, url_for

from hub.blueprints.accounts.forms import InvitationForm
from hub.exceptions import HubError
from hub.i18n import _
from hub.services.accounts import accept_invitation, open_invitation
from hub.transaction import unit_of_work
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.i18n import current_code

accounts = Blueprint("accounts", __name__)


@accounts.get("/set-up/<token>")
def set_up(token: str) -> Response:
    _open_or_404(token)
    return keep_private(render("accounts/set_up.html", form=InvitationForm()))


@accounts.post("/set-up/<token>")
def accept(token: str) -> Response:
    _open_or_404(token)
    form = InvitationForm()
    status = 422
    if form.validate():
        try:
            with unit_of_work():
                accept_invitation(
                    token,
                    email=form.email.data,
                    name=form.name.data,
                    password=form.password.data,
                    language=current_code(),
                )
        except HubError as error:
            form.apply_error(error)
            status = error.status
        else:
            flash(_("Your account is ready. Log in with it."), "success")
            return see_other(url_for("security.login"))
    return keep_private(render("accounts/set_up.html", None, status, form=form))


def _open_or_404(token: str) -> None:
    if open_invitation(token) is None:
        abort(404)
