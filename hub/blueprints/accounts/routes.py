"""Where somebody goes after logging in, the safety of their account, and invitations."""

from flask import Blueprint, Response, abort, current_app, flash, session, url_for
from flask_security.confirmable import send_confirmation_instructions

from hub.blueprints.accounts.cards import invited_to, log_in_lines, safety_of
from hub.blueprints.accounts.forms import InvitationForm
from hub.exceptions import HubError, LinkGone, NotAllowed
from hub.i18n import _
from hub.models import Invitation
from hub.policies import is_staff
from hub.services.accounts import accept_invitation, accept_invitation_as, open_invitation
from hub.services.log_ins import end_all_log_ins, end_log_in
from hub.transaction import unit_of_work
from hub.web.access import account_only, actor, log_in_first, the_actor
from hub.web.forms import ActionForm
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.i18n import current_code
from hub.web.log_ins import KEY

accounts = Blueprint("accounts", __name__)


@accounts.get("")
@account_only
def home() -> Response:
    """After logging in: to the desk, or to one's own things."""
    if is_staff(actor()):
        return see_other(url_for("desk.today"))
    mine = "me.index" in current_app.view_functions
    return see_other(url_for("me.index" if mine else "accounts.security"))


# --- the safety of the account -------------------------------------------------------------


@accounts.get("/security")
@account_only
def security() -> Response:
    user = the_actor()
    lines = log_in_lines(user, session[KEY])
    page = render(
        "accounts/security.html", user=user, safety=safety_of(user), log_ins=lines,
        form=ActionForm(),
    )  # fmt: skip
    return keep_private(page)


@accounts.post("/log-ins/<id:log_in_id>/end")
@account_only
def end(log_in_id: int) -> Response:
    if not ActionForm().validate():
        flash(_("That could not be sent. Try it again."), "error")
        return see_other(url_for("accounts.security"))
    try:
        with unit_of_work():
            end_log_in(log_in_id, by=the_actor())
    except NotAllowed:
        abort(404)
    flash(_("That device is logged out."), "success")
    return see_other(url_for("accounts.security"))


@accounts.post("/log-ins/end-others")
@account_only
def end_others() -> Response:
    if not ActionForm().validate():
        flash(_("That could not be sent. Try it again."), "error")
    else:
        with unit_of_work():
            end_all_log_ins(the_actor(), keep_key=session[KEY])
        flash(_("All other devices are logged out."), "success")
    return see_other(url_for("accounts.security"))


# --- invitations ---------------------------------------------------------------------------


@accounts.get("/set-up/<token>")
def set_up(token: str) -> Response:
    invitation = _opened(token)
    form = ActionForm() if actor() else InvitationForm(email=invitation.email)
    return _invitation_page(invitation, form)


@accounts.post("/set-up/<token>")
def accept(token: str) -> Response:
    invitation = _opened(token)
    form = InvitationForm()
    status = 422
    if form.validate():
        try:
            return _ready(_accept(token, form))
        except HubError as error:
            form.apply_error(error)
            status = error.status
    return _invitation_page(invitation, form, status)


def _accept(token: str, form: InvitationForm) -> bool:
    """Make the account; whether its address is confirmed, or a mail for that is on its way."""
    with unit_of_work():
        user = accept_invitation(token, **form.person(), language=current_code())
        confirmed = user.confirmed_at is not None
        if not confirmed:
            send_confirmation_instructions(user)  # type: ignore[no-untyped-call]
    return confirmed


@accounts.post("/set-up/<token>/take-up")
def take_up(token: str) -> Response:
    """With the account that one has."""
    invitation = _opened(token)
    if actor() is None:
        return log_in_first()
    form = ActionForm()
    status = 422
    if form.validate():
        try:
            with unit_of_work():
                accept_invitation_as(token, the_actor())
        except HubError as error:
            form.apply_error(error)
            status = error.status
        else:
            flash(_("Done: your account can do more now."), "success")
            return see_other(url_for("accounts.home"))
    return _invitation_page(invitation, form, status)


def _ready(confirmed: bool) -> Response:
    if confirmed:
        flash(_("Your account is ready. Log in with it."), "success")
    else:
        flash(_("One step is left: open the link in the mail that we sent you."), "success")
    return see_other(url_for("security.login"))


def _invitation_page(
    invitation: Invitation, form: InvitationForm | ActionForm, status: int = 200
) -> Response:
    page = "take_up" if isinstance(form, ActionForm) else "set_up"
    words = invited_to(invitation)
    return keep_private(render(f"accounts/{page}.html", None, status, form=form, words=words))


def _opened(token: str) -> Invitation:
    invitation = open_invitation(token)
    if invitation is None:
        raise LinkGone
    return invitation
