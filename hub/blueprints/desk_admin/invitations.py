"""Invitations: written here, shown once, revoked."""

from typing import Any

from flask import Response, abort, flash, session, url_for

from hub import clock
from hub.blueprints.desk_admin.forms import InvitationForm
from hub.blueprints.desk_admin.routes import desk_admin
from hub.enums import StaffRole
from hub.i18n import _
from hub.models import Invitation
from hub.queries.invitations import invitation_of, invitations_page
from hub.services.accounts import invite, revoke_invitation
from hub.web.access import admin_only, staff_only, the_actor
from hub.web.changes import try_change
from hub.web.forms import ActionForm, read_id
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.invitation_cards import invitation_row, invitation_rows, keep_link, kept_link


@desk_admin.get("/invitations")
@admin_only
def invitations() -> Response:
    before = read_id("before")
    page = invitations_page(before=before)
    return render(
        "desk/admin/invitations.html",
        "desk/admin/_invitations.html",
        rows=invitation_rows(page.rows),
        next_url=url_for(".invitations", before=page.next) if page.next else None,
        first_url=url_for(".invitations") if before else None,
    )


@desk_admin.route("/invitations/new", methods=["GET", "POST"])
@admin_only
def invite_new() -> Response:
    user, form = the_actor(), _form()

    def write() -> tuple[int, str]:
        invitation, token = invite(
            StaffRole(form.role.data),
            by=user,
            community_id=form.community_id.data or None,
            email=form.email.data or "",
        )
        return invitation.id, token

    written = try_change(form, write)
    if written.result is not None:
        keep_link(*written.result)
        return see_other(url_for(".invitation", invitation_id=written.result[0]))
    return render("desk/admin/invite.html", None, written.status, form=form)


@desk_admin.get("/invitations/<id:invitation_id>")
@staff_only
def invitation(invitation_id: int) -> Response:
    """The invitation, and right after it was written its link: this once, and never again."""
    found = _own_invitation(invitation_id)
    page = render(
        "desk/admin/invitation.html", row=invitation_row(found), link=kept_link(invitation_id)
    )
    return keep_private(page)


@desk_admin.route("/invitations/<id:invitation_id>/revoke", methods=["GET", "POST"])
@staff_only
def invitation_revoke(invitation_id: int) -> Response:
    found, user, form = _own_invitation(invitation_id), the_actor(), ActionForm()
    event_id = found.event_id
    revoked = try_change(form, lambda: revoke_invitation(invitation_id, by=user))
    if revoked.done:
        session.pop("invitation", None)
        flash(_("The invitation is revoked. Its link opens nothing any more."), "success")
        if event_id is not None:
            return see_other(url_for("desk_events.show", event_id=event_id))
        return see_other(url_for(".invitations"))
    return render(
        "desk/admin/revoke.html",
        None,
        revoked.status,
        row=invitation_row(_own_invitation(invitation_id)),
        form=form,
        is_open=found.used_at is None and found.revoked_at is None,
        expired=found.expires_at <= clock.now(),
    )


def _form() -> Any:
    form = InvitationForm()
    form.offer_communities()
    return form


def _own_invitation(invitation_id: int) -> Invitation:
    """The invitation, if the visitor is an administrator, wrote it, or runs its event; or 404."""
    found = invitation_of(invitation_id, by=the_actor())
    if found is None:
        abort(404)
    return found
