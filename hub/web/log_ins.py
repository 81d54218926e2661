"""Sessions: each has a row that its owner can see and end; what happens at log-in and after."""

from contextlib import nullcontext
from typing import Any

from flask import Flask, Response, current_app, flash, g, request, session, url_for
from flask_login import current_user, user_logged_out
from flask_security import (
    change_email_confirmed,
    hash_password,
    password_changed,
    password_reset,
    reset_password_instructions_sent,
    tf_disabled,
    tf_profile_changed,
    user_authenticated,
    user_confirmed,
    wan_deleted,
    wan_registered,
)
from sqlalchemy import inspect

from hub import clock
from hub.extensions import db
from hub.i18n import _
from hub.models import LogIn, User
from hub.policies import is_staff
from hub.queries.log_ins import live_log_in
from hub.services import audit
from hub.services.accounts import join_sign_ups
from hub.services.log_ins import (
    SEEN_STEP,
    begin_log_in,
    close_log_in,
    end_all_log_ins,
    touch_log_in,
)
from hub.services.messages import forget_mails_to, queue_account_mail
from hub.transaction import IN_UNIT, unit_of_work
from hub.web.htmx import see_other
from hub.web.site import site

KEY = "log_in"
# What the library has put into the session while it logs somebody in.
KEPT = ("_user_id", "_fresh", "_id", "_flashes", "_permanent", "fs_paa", "fs_cc")
DESKS = ("desk", "door")

BROWSERS = (
    ("MicroMessenger", "WeChat"), ("HuaweiBrowser", "Huawei Browser"),
    ("MiuiBrowser", "Mi Browser"), ("UCBrowser", "UC Browser"), ("Edg", "Edge"),
    ("OPR/", "Opera"), ("SamsungBrowser", "Samsung"),
    ("FxiOS", "Firefox"), ("Firefox/", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def init_app(app: Flask) -> None:
    manager: Any = app.login_manager  # type: ignore[attr-defined]
    find_user = manager._user_callback

    def load_user(user_id: str) -> User | None:
        """The owner of the session, unless the session was ended."""
        user: User | None = find_user(user_id)
        log_in = live_log_in(session[KEY]) if user is not None and KEY in session else None
        if user is None or log_in is None or log_in.user_id != user.id:
            return None
        if clock.now() - log_in.seen_at >= SEEN_STEP:
            g.unseen_log_in = log_in.id
        return user

    manager.user_loader(load_user)
    User.second_factor_rule = staticmethod(must_have_second_factor)
    app.before_request(_second_factor_first)
    app.after_request(_note_seen)
    for signal, act in (
        (user_authenticated, _logged_in), (user_logged_out, _logged_out),
        (user_confirmed, _confirmed),
        (change_email_confirmed, _address_changed), (password_changed, _password_changed),
        (password_reset, _password_reset), (tf_profile_changed, _second_factor_set),
        (tf_disabled, _second_factor_removed), (wan_registered, _passkey_added),
        (wan_deleted, _passkey_removed), (reset_password_instructions_sent, _take_as_long),
    ):  # fmt: skip
        signal.connect(act, app)


def device_words(agent: str) -> str:
    """Browser and system in short, such as ``Chrome · Android``; empty if they are not known."""
    found = (
        next((name for mark, name in table if mark in agent), "") for table in (BROWSERS, SYSTEMS)
    )
    return " · ".join(filter(None, found))


# --- the second factor of the staff ---------------------------------------------------------


def must_have_second_factor(user: User) -> bool:
    """Whether the site asks it of this person: staff and administrators, if so set."""
    return is_staff(user) and site().second_factor_required


def lacks_second_factor(user: User) -> bool:
    """Whether the person must have one and has neither an app nor a passkey."""
    return user.tf_primary_method is None and must_have_second_factor(user) and not user.webauthn


def _second_factor_first() -> Response | None:
    """Who must have a second factor and has none comes to no desk before it is set up."""
    if not (request.blueprint or "").startswith(DESKS):
        return None
    if not current_user.is_authenticated or not lacks_second_factor(current_user):
        return None
    flash(_("Set up a second step for logging in first; then the desk is open for you."), "notice")
    return see_other(url_for("security.two_factor_setup"))


# --- what happens to sessions ---------------------------------------------------------------


def _logged_in(app: Flask, user: User, **_more: object) -> None:
    """Renew the session, and note the log-in: in the transaction that runs, or in its own."""
    stays = session.pop("_remember", None) == "set"
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    g.pop("csrf_token", None)
    session.update(kept)
    if stays:  # a session that lasts can be ended from elsewhere; a remember cookie could not
        session.permanent = True
    device = device_words(request.headers.get("User-Agent", ""))
    if IN_UNIT in db.session.info:
        session[KEY] = begin_log_in(user, device)
        return
    user_id, password = user.id, user.password
    hashed_anew = inspect(user).attrs.password.history.has_changes()
    db.session.rollback()
    with unit_of_work():
        owner = db.session.get_one(User, user_id)
        if hashed_anew:
            owner.password = password
        session[KEY] = begin_log_in(owner, device)


def _logged_out(app: Flask, **_more: object) -> None:
    key = session.pop(KEY, None)
    session.permanent = False
    if key is not None:
        with nullcontext() if IN_UNIT in db.session.info else unit_of_work():
            close_log_in(key)


def _note_seen(response: Response) -> Response:
    log_in_id = g.pop("unseen_log_in", None)
    if log_in_id is not None and response.status_code < 500:
        with unit_of_work():
            log_in = db.session.get(LogIn, log_in_id)
            if log_in is not None:
                touch_log_in(log_in)
    return response


def _confirmed(app: Flask, user: User, **_more: object) -> None:
    join_sign_ups(user)
    audit.record("confirm_address", "user", user.id, by=user)


def _address_changed(app: Flask, user: User, old_email: str, **_more: object) -> None:
    """What was signed up with the new address joins; the old address is told, and forgotten."""
    join_sign_ups(user)
    forget_mails_to(old_email)
    audit.record("change_address", "user", user.id, by=user)
    queue_account_mail(
        old_email,
        _("Your e-mail address was changed"),
        _(
            "Your account at %(site)s now has another e-mail address. If it was not you who "
            "changed it, tell the community at once.",
            site=current_app.config["BASE_URL"],
        ),
    )


def _password_changed(app: Flask, user: User, **_more: object) -> None:
    end_all_log_ins(user, keep_key=session.get(KEY))
    audit.record("change_password", "user", user.id, by=user)


def _password_reset(app: Flask, user: User, **_more: object) -> None:
    end_all_log_ins(user)
    audit.record("reset_password", "user", user.id, by=user)


def _second_factor_set(app: Flask, user: User, **_more: object) -> None:
    audit.record("set_second_factor", "user", user.id, by=user)


def _second_factor_removed(app: Flask, user: User, **_more: object) -> None:
    audit.record("remove_second_factor", "user", user.id, by=user)


def _passkey_added(app: Flask, user: User, **_more: object) -> None:
    audit.record("add_passkey", "user", user.id, by=user)


def _passkey_removed(app: Flask, user: User, **_more: object) -> None:
    audit.record("remove_passkey", "user", user.id, by=user)


def _take_as_long(app: Flask, **_more: object) -> None:
    """The library hashes something for an address without account; so do we for one with."""
    hash_password("nothing")
