"""The second step of logging in: what an administrator does for somebody who lost theirs."""

from flask import current_app

from hub.exceptions import NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.i18n import _, in_language
from hub.models import User
from hub.policies import SECOND_STEP, is_admin, why_not_decide_on, why_not_reset_second_factor
from hub.queries.settings import reader_language
from hub.services import audit
from hub.services.log_ins import end_all_log_ins
from hub.services.messages import queue_account_mail


def reset_second_factor(user: User, reason: str, *, by: User) -> None:
    """Take app, recovery codes and second-step passkeys off the account of ``user``.

    Every device is logged out, and the person is told. A passkey that logs in alone stays. Raises
    NotAllowed, OwnCase (rule 5), InvalidInput, or WrongState when there is nothing to take.
    """
    db.session.refresh(user, ["tf_primary_method", "webauthn"], with_for_update=True)
    if not is_admin(by):
        raise NotAllowed
    if own := why_not_decide_on(by, user):
        raise OwnCase(own)
    if nothing := why_not_reset_second_factor(by, user):
        raise WrongState(nothing)
    reason = audit.needed_reason(reason)
    user.tf_primary_method = user.tf_totp_secret = user.mf_recovery_codes = None
    for passkey in [p for p in user.webauthn if p.usage == SECOND_STEP]:
        user.webauthn.remove(passkey)
    end_all_log_ins(user)
    db.session.flush()
    audit.record("reset_second_factor", "user", user.id, by=by, reason=reason)
    _tell(user)


def _tell(user: User) -> None:
    """In the language of the person, whoever acted (rule 23)."""
    base_url = current_app.config["BASE_URL"]
    with in_language(reader_language(user.language)):
        words = [
            _("Hello %(name)s,", name=user.name),
            _(
                "an administrator took the second step of logging in off your account at "
                "%(site)s, because it was said to be lost. All devices were logged out.",
                site=base_url,
            ),
            _(
                "Your password holds. Log in with it, then set up a new second step on the page "
                "about the safety of your account."
            ),
            _("If you did not ask for this, tell the community at once."),
        ]
        queue_account_mail(
            user.email,
            _("The second step of your account was reset"),
            "\n\n".join(words) + "\n",
        )
