"""Settings, read from the environment once. docs/operations.md describes each."""

import os
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from hub import clock
from hub.i18n import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
PLACEHOLDER_SECRETS = {"", "secret", "changeme", "change-me", "dev", "password"}


class ConfigError(Exception):
    """A setting is missing or cannot be used; the message says how to mend it."""


def load_settings(instance: Path, environ: Mapping[str, str] = os.environ) -> dict[str, object]:
    """Flask's configuration from ``HUB_*`` variables.

    Raises ConfigError when a value cannot be used.
    """
    base_url = environ.get("HUB_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    if not base_url.startswith(("http://", "https://")):
        raise ConfigError("HUB_BASE_URL must start with http:// or https://")
    codes = [c.strip() for c in environ.get("HUB_LANGUAGES", "en,zh").split(",") if c.strip()]
    unknown = [c for c in codes if c not in LANGUAGES]
    if unknown or not codes:
        raise ConfigError(
            f"HUB_LANGUAGES: {unknown or 'empty'}; choose from {', '.join(LANGUAGES)}"
        )
    secret = _secret_key(instance, environ)
    secure = base_url.startswith("https://")
    return {
        "SECRET_KEY": secret,
        "SECRET_KEY_FALLBACKS": environ.get("HUB_OLD_SECRET_KEYS", "").split(),
        "SQLALCHEMY_DATABASE_URI": _database_url(instance, environ),
        "BASE_URL": base_url,
        "LANGUAGE_CODES": codes,
        "UID_DOMAIN": environ.get("HUB_UID_DOMAIN", "linqiao.example"),
        "HTMX_URL": environ.get(
            "HUB_HTMX_URL", "https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist/htmx.min.js"
        ),
        "HTMX_INTEGRITY": environ.get(
            "HUB_HTMX_INTEGRITY",
            "sha384-Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn",
        ),
        "SMTP_URL": environ.get("HUB_SMTP_URL", ""),
        "MAILBOX_URL": environ.get("HUB_MAILBOX_URL", ""),
        "MAIL_FROM": environ.get("HUB_MAIL_FROM", "linqiao@linqiao.example"),
        **_sms_settings(environ),
        "EVIDENCE_DIR": environ.get("HUB_EVIDENCE_DIR") or str(instance / "evidence"),
        "MATERIALS_DIR": environ.get("HUB_MATERIALS_DIR") or str(instance / "materials"),
        "SUGGESTIONS_DIR": environ.get("HUB_SUGGESTIONS_DIR") or str(instance / "suggestions"),
        "RETENTION_DAYS": int(_number(environ, "HUB_RETENTION_DAYS", "90", least=1)),
        "SIGN_UP_RATE": environ.get("HUB_SIGN_UP_RATE", "60 per minute; 600 per hour"),
        "LOG_IN_RATE": environ.get("HUB_LOG_IN_RATE", "10 per minute; 60 per hour"),
        "FORM_MIN_SECONDS": _number(environ, "HUB_FORM_MIN_SECONDS", "2", least=0),
        "DEMO": environ.get("HUB_DEMO", "") == "1",
        "RATELIMIT_STORAGE_URI": environ.get("HUB_RATE_STORAGE", "memory://"),
        "MAX_CONTENT_LENGTH": 1_000_000,
        "MAX_FORM_MEMORY_SIZE": 500_000,
        "SESSION_COOKIE_NAME": "__Host-hub" if secure else "hub",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        # Whether an address has an account must not show in how long an answer takes.
        "ACCOUNT_ANSWER_SECONDS": 0.3,
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_MIMETYPES": [
            *("text/html", "text/css", "text/javascript", "text/calendar", "image/svg+xml"),
        ],
        **_security_settings(),
    }


def _security_settings() -> dict[str, object]:
    """Flask-Security. Keys, address and wording follow in hub/web/security.py."""
    return {
        "SECURITY_URL_PREFIX": "/<lang:lang>/account",
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        # One scheme, hashed once: argon2 salts by itself, and no pepper can be lost.
        "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
        "SECURITY_PASSWORD_SALT": "unused-with-single-hash",
        "SECURITY_PASSWORD_LENGTH_MIN": 10,
        # Inside signed links, of what is secret or known to their reader anyway: fast will do.
        "SECURITY_HASHING_SCHEMES": ["hex_sha256"],
        "SECURITY_DATETIME_FACTORY": clock.now,
        "SECURITY_JOIN_USER_ROLES": False,  # the model loads them, all of them
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_REGISTERABLE": True,
        "SECURITY_CONFIRMABLE": True,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_CHANGE_EMAIL": True,
        "SECURITY_FRESHNESS": timedelta(minutes=30),
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=10),
        # A code by mail instead of the password; its secret is derived, never stored.
        "SECURITY_UNIFIED_SIGNIN": True,
        "SECURITY_US_ENABLED_METHODS": ["password", "email"],
        "SECURITY_US_TOKEN_VALIDITY": 600,
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 10,
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_ALLOW_USER_HINTS": False,  # they would tell which addresses have accounts
        "SECURITY_WAN_SIGNIN_WITHIN": timedelta(minutes=5),
        "SECURITY_LOGIN_USER_TEMPLATE": "accounts/log_in.html",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGIN_VIEW": "accounts.home",
        "SECURITY_POST_LOGOUT_VIEW": "site.home",
        "SECURITY_POST_REGISTER_VIEW": "security.login",
        "SECURITY_POST_CHANGE_VIEW": "accounts.security",
        "SECURITY_POST_CHANGE_EMAIL_VIEW": "accounts.security",
        "SECURITY_POST_VERIFY_VIEW": "accounts.security",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "accounts.security",
        "SECURITY_WAN_POST_REGISTER_VIEW": "accounts.security",
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_EMAIL_HTML": False,
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_I18N_DIRNAME": ["builtin", str(ROOT / "translations")],
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
    }


def _sms_settings(environ: Mapping[str, str]) -> dict[str, object]:
    """The gateway for SMS (hub/integrations/sms.py); off without an address."""
    url, token = environ.get("HUB_SMS_URL", ""), environ.get("HUB_SMS_TOKEN", "")
    if url and not url.startswith(("http://", "https://")):
        raise ConfigError("HUB_SMS_URL must start with http:// or https://")
    if url and not (token and token.isascii() and token.isprintable() and " " not in token):
        raise ConfigError("HUB_SMS_TOKEN must be the token of the gateway, without blanks")
    return {"SMS_URL": url, "SMS_TOKEN": token}


def _number(environ: Mapping[str, str], name: str, default: str, *, least: float) -> float:
    try:
        value = float(environ.get(name) or default)
    except ValueError:
        value = least - 1
    if not least <= value < 100_000:
        raise ConfigError(f"{name} must be a number from {least:g} on, such as {default}")
    return value


def _database_url(instance: Path, environ: Mapping[str, str]) -> str:
    url = environ.get("HUB_DATABASE_URL") or f"sqlite:///{instance / 'hub.db'}"
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _secret_key(instance: Path, environ: Mapping[str, str]) -> str:
    """From the environment, else from ``instance/secret_key``, which is made on the first start."""
    given = environ.get("HUB_SECRET_KEY")
    if given is not None:
        if len(given) < 32 or given.lower() in PLACEHOLDER_SECRETS:
            raise ConfigError(
                "HUB_SECRET_KEY is too weak. Make one: "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return given
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        # Written aside and linked into place: of two processes that start at once, one wins whole.
        aside = instance / f"secret_key.{os.getpid()}"
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(aside, path)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    return path.read_text().strip()
