"""Flask-Security on this site: its store, keys, codes and passkeys, bound to the application."""

# The library speaks of any user; here it is ours.
# mypy: disable-error-code="override"

import hashlib
import hmac
import json
from base64 import b32encode, urlsafe_b64encode
from contextlib import nullcontext
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request, session
from flask_security import MailUtil, Security, SQLAlchemyUserDatastore, Totp, WebauthnUtil
from flask_security.babel import FsDomain
from flask_security.mail_util import EmailValidateException
from passlib.totp import TOTP, TotpMatch  # type: ignore[import-untyped]
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from hub import clock
from hub.exceptions import InvalidInput
from hub.extensions import db
from hub.integrations.contacts import fold
from hub.integrations.qr import to_svg
from hub.models import Membership, Passkey, User
from hub.queries.log_ins import last_log_in
from hub.queries.retention import UNCONFIRMED_KEPT
from hub.services import audit
from hub.services.messages import queue_account_mail
from hub.transaction import IN_UNIT, unit_of_work
from hub.web import guards, log_ins
from hub.web.email_field import read_address
from hub.web.i18n import current_code
from hub.web.security_forms import FORMS
from hub.web.security_words import EMAIL_SUBJECTS, MESSAGES

SERIALIZERS = (
    *("remember_token", "login", "reset", "change_email", "confirm", "us_setup", "tf_setup"),
    *("tf_validity", "wan", "refresh_token"),
)


def init_app(app: Flask) -> None:
    """Make Flask-Security's pages, then guard them. Each application has its own instance."""
    keys = [derived_key(key, "account codes") for key in _secrets(app)]
    app.config.update(
        SECURITY_TOTP_SECRETS={_tag(key): key.hex() for key in keys},
        SECURITY_TOTP_ISSUER="Linqiao",
        SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS=[urlsafe_b64encode(k) for k in reversed(keys)],
        SECURITY_WAN_RP_NAME="邻桥 Linqiao",
        SECURITY_USER_IDENTITY_ATTRIBUTES=[
            {"email": {"mapper": _identity, "case_insensitive": False}}
        ],
        **{f"SECURITY_MSG_{name}": (words, kind) for name, (words, kind) in MESSAGES.items()},
        **{f"SECURITY_{name}": words for name, words in EMAIL_SUBJECTS.items()},
    )
    security = Security(
        mail_util_cls=OutboxMail, totp_cls=Codes, webauthn_util_cls=Passkeys,
        **FORMS,  # type: ignore[arg-type]
    )  # fmt: skip
    security.init_app(app, Accounts(db, User, Membership, Passkey))
    security.i18n_domain = Words(app)  # type: ignore[no-untyped-call]
    app.jinja_env.globals["_fsdomain"] = security.i18n_domain.gettext
    security.want_json(lambda _request: False)
    security.tf_token_validation_context_processor(
        lambda: {"lost_phone_helps": session.get("tf_state") == "ready"}
    )
    security.register_context_processor(lambda: {"unconfirmed_days": UNCONFIRMED_KEPT.days})
    security.mail_context_processor(lambda: {"base_url": current_app.config["BASE_URL"]})
    for name in SERIALIZERS:  # it would sign with the oldest key: itsdangerous signs with the last
        getattr(security, f"{name}_serializer").secret_keys.reverse()
    app.before_request(_refuse_json)
    log_ins.init_app(app)
    guards.init_app(app)


def _secrets(app: Flask) -> list[str]:
    """The oldest first, the one in use last."""
    return [*app.config["SECRET_KEY_FALLBACKS"], app.config["SECRET_KEY"]]


def derived_key(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose, which tell nothing about ``secret``."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()


def _tag(key: bytes) -> str:
    """A key's name beside what it encrypted: it stays the same when older keys are dropped."""
    return hashlib.sha256(b"tag" + key).hexdigest()[:8]


def _refuse_json() -> None:
    """Flask-Security's second door, for programs, stays shut."""
    if request.blueprint == "security" and request.is_json:
        abort(415)


def _identity(typed: Any) -> str | None:
    return fold(typed.strip()) if isinstance(typed, str) and "\0" not in typed else None


class Words(FsDomain):
    """Flask-Security's texts; those of ours among them come translated, and become plain."""

    def gettext(self, string: Any, **variables: Any) -> str:
        return str(super().gettext(string, **variables))  # type: ignore[no-untyped-call]


class Accounts(SQLAlchemyUserDatastore):
    """The accounts, as Flask-Security reads and writes them."""

    def create_user(self, **kwargs: Any) -> Any:
        """Somebody registered: nothing but name, address and password comes from the form."""
        given = {name: kwargs[name] for name in ("name", "email", "password")}
        user: Any = super().create_user(**given, language=current_code(), created_at=clock.now())
        db.session.flush()
        audit.record("register", "user", user.id, by=user)
        return user

    def create_webauthn(self, user: Any, **kwargs: Any) -> None:
        """Of what the browser sends, only what is used is kept."""
        kind = kwargs["device_type"]
        kwargs |= {
            "create_datetime": clock.now(),
            "device_type": str(getattr(kind, "value", kind)),
            "extensions": None,
        }
        super().create_webauthn(user, **kwargs)

    def us_get_totp_secrets(self, user: User) -> dict[str, str]:
        """The secret of e-mailed codes is worked out, not kept, so that every account has one.

        It changes with every log-in and with the password: a code works once.
        """
        last = last_log_in(user.id)
        purpose = f"code {user.fs_uniquifier} {last.id if last else 0} {user.password}"
        key = derived_key(current_app.config["SECRET_KEY"], purpose)[:20]
        return {"email": json.dumps(
            {"v": 1, "type": "totp", "key": b32encode(key).decode(), "digits": 8}
        )}  # fmt: skip


class OutboxMail(MailUtil):
    """Mails wait in the outbox, in the transaction of what they tell of (rule 23)."""

    def send_mail(
        self, template: str, subject: str, recipient: Any, sender: Any, body: Any, html: Any,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        with nullcontext() if IN_UNIT in db.session.info else unit_of_work():
            queue_account_mail(str(recipient), str(subject), f"{str(body).strip()}\n")

    def normalize(self, email: str) -> str:
        """The address as accounts keep it, folded. Asks no name server."""
        try:
            return read_address(email)
        except InvalidInput as error:
            raise EmailValidateException(str(error.message)) from None

    def validate(self, email: str) -> str:
        return self.normalize(email)


class Codes(Totp):
    """Codes of authenticator apps and of mails, on the clock of the site."""

    def __init__(self, secrets: dict[str, str], issuer: str) -> None:
        self._totp = TOTP.using(
            issuer=issuer,
            secrets=secrets,
            default_tag=list(secrets)[-1],
            now=lambda: clock.now().timestamp(),
        )

    def verify_totp(self, token: Any, totp_secret: str, user: User, window: int = 0) -> bool:
        """Whether the code is right. One for a log-in must be newer than the last log-in."""
        try:
            match: TotpMatch = self._totp.verify(str(token), totp_secret, window=window)
        except ValueError:  # also of passlib's own kinds
            return False
        last = last_log_in(user.id) if totp_secret == user.tf_totp_secret else None
        return last is None or match.counter > int(last.created_at.timestamp()) // 30

    def generate_qrcode(self, username: str, totp: str) -> str:
        """An ``<svg>`` element: the page needs no picture from anywhere."""
        return to_svg(self.get_totp_uri(username, totp), title="")


class Passkeys(WebauthnUtil):
    """Passkeys belong to the site's address, whatever a request says it is."""

    def origin(self) -> str:
        return str(current_app.config["BASE_URL"])

    def registration_options(self, user: Any, usage: str, existing_options: Any) -> Any:
        options = super().registration_options(user, usage, existing_options)
        return options | {"rp_id": _host(), "user_display_name": user.name}

    def authentication_options(self, user: Any, usage: Any, existing_options: Any) -> Any:
        return super().authentication_options(user, usage, existing_options) | {"rp_id": _host()}

    def authenticator_selection(self, user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        """One that stands for the password must know its owner; any kind of device will do."""
        alone = usage == "first"
        return AuthenticatorSelectionCriteria(
            resident_key=(
                ResidentKeyRequirement.REQUIRED if alone else ResidentKeyRequirement.PREFERRED
            ),
            user_verification=(
                UserVerificationRequirement.REQUIRED
                if alone
                else UserVerificationRequirement.DISCOURAGED
            ),
        )

    def user_verification(self, user: Any, usage: Any) -> UserVerificationRequirement:
        if "secondary" in usage:
            return UserVerificationRequirement.DISCOURAGED
        return UserVerificationRequirement.REQUIRED


def _host() -> str:
    return urlsplit(current_app.config["BASE_URL"]).hostname or ""
