"""Invitations made ready for the desk, and the link that is shown once."""

from dataclasses import dataclass

from flask import current_app, session, url_for

from hub import clock
from hub.i18n import _
from hub.models import Invitation
from hub.queries.invitations import InvitationLine, lines_of
from hub.web.filters import moment
from hub.web.i18n import current_code

KEPT_AS = "invitation"


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One invitation in words. ``state``: open, used, closed (over) or cancelled (revoked)."""

    id: int
    to: str
    email: str
    state: str
    state_words: str
    written: str
    can_revoke: bool


def invitation_rows(found: list[InvitationLine]) -> list[InvitationRow]:
    return [_row(line) for line in found]


def invitation_row(invitation: Invitation) -> InvitationRow:
    return _row(lines_of([invitation])[0])


def keep_link(invitation_id: int, token: str) -> None:
    """Keep the link for the next page, in the cookie of whoever wrote it: it is stored nowhere."""
    session[KEPT_AS] = [invitation_id, token]


def kept_link(invitation_id: int) -> str:
    """The link, if it was written just now. It is forgotten with this."""
    kept = session.get(KEPT_AS)
    if not kept or kept[0] != invitation_id:
        return ""
    session.pop(KEPT_AS)
    path = url_for("accounts.set_up", token=kept[1])
    # Without a language: the page opens in that of whoever is invited.
    return str(current_app.config["BASE_URL"]) + path.removeprefix(f"/{current_code()}")


def _row(line: InvitationLine) -> InvitationRow:
    invitation = line.invitation
    state, words = _state(line)
    written = moment(invitation.created_at)
    return InvitationRow(
        id=invitation.id,
        to=_to(line),
        email=invitation.email,
        state=state,
        state_words=words,
        written=_("%(when)s, %(name)s", when=written, name=line.invited_by)
        if line.invited_by
        else written,
        can_revoke=state == "open",
    )


def _to(line: InvitationLine) -> str:
    invitation = line.invitation
    if line.event is not None:
        return _("Helper at the door: %(title)s", title=line.event.title)
    if invitation.role is None:
        return _("Account")
    if invitation.community is not None:
        return _(
            "%(role)s, %(community)s",
            role=invitation.role.label,
            community=invitation.community.name,
        )
    return _("%(role)s, all communities", role=invitation.role.label)


def _state(line: InvitationLine) -> tuple[str, str]:
    invitation = line.invitation
    if invitation.used_at is not None:
        when = moment(invitation.used_at)
        if not line.used_by:
            return "attended", _("Used %(when)s", when=when)
        return "attended", _("Used by %(name)s, %(when)s", name=line.used_by, when=when)
    if invitation.revoked_at is not None:
        return "cancelled", _("Revoked %(when)s", when=moment(invitation.revoked_at))
    if invitation.expires_at <= clock.now():
        return "closed", _("Ran out %(when)s", when=moment(invitation.expires_at))
    return "open", _("Open until %(when)s", when=moment(invitation.expires_at))
