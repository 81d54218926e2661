"""What the pages of an account say, ready to be shown."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from hub.enums import StaffRole
from hub.extensions import db
from hub.i18n import _
from hub.integrations.signing import token_hash
from hub.models import Event, Invitation, Passkey, User
from hub.queries.log_ins import live_log_ins
from hub.web.i18n import current_code


@dataclass(frozen=True, slots=True)
class LogInLine:
    id: int
    device: str
    began: datetime
    seen: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class Safety:
    """What guards an account."""

    has_app: bool
    passkeys: list[Passkey]
    recovery_codes: int


def log_in_lines(user: User, key: str) -> list[LogInLine]:
    """The open log-ins of ``user``; the one with ``key`` first."""
    this = token_hash(key)
    lines = [
        LogInLine(
            log_in.id,
            log_in.device or _("A device that does not say what it is"),
            log_in.created_at,
            log_in.seen_at,
            log_in.key_hash == this,
        )
        for log_in in live_log_ins(user)
    ]
    return sorted(lines, key=lambda line: not line.is_this)


def safety_of(user: User) -> Safety:
    codes = current_app.extensions["security"].mf_recovery_codes_util.get_recovery_codes(user)
    return Safety(user.tf_primary_method is not None, list(user.webauthn), len(codes))


def invited_to(invitation: Invitation) -> str:
    """What the person becomes, in a sentence."""
    if invitation.event_id is not None:
        event = db.session.get_one(Event, invitation.event_id)
        title = event.text(current_code()).title
        return _("You help at the door of “%(event)s”.", event=title)
    if invitation.role is StaffRole.ADMIN:
        if invitation.invited_by_id is None:
            return _("You become the first administrator of this site.")
        return _("You become an administrator of this site.")
    if invitation.role is StaffRole.POLICE:
        return _("You join the police unit: law talks and trainings in every community.")
    if invitation.community is not None:
        return _("You become staff of %(community)s.", community=invitation.community.name)
    return _("You become staff of the subdistrict, for all communities.")
