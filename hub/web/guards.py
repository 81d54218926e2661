"""What stands before and behind Flask-Security's pages: limits, one transaction, even time."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from flask import Flask, Response, abort, after_this_request, current_app, request
from flask import session as browser_session
from flask_limiter import RequestLimit
from flask_login import current_user
from flask_security import password_reset
from limits import parse as parse_limit
from sqlalchemy.exc import IntegrityError

from hub.exceptions import InvalidInput, TooManyTries
from hub.extensions import limiter
from hub.i18n import _
from hub.integrations.contacts import fold, parse_contact
from hub.models import User
from hub.transaction import unit_of_work
from hub.web.filters import clock_time

View = Callable[..., Any]

FAILURES = "10 per hour"
GUESSES = "guesses"
MAILS = "6 per hour"

# Pages of the library that the site does without: 404.
CLOSED = (
    "us_setup", "us_setup_validate",  # every account can have a code by mail; nothing to set up
    "us_verify_link",  # a link that logs in by GET would be used up by mail scanners
    "verify",  # us_verify does more
    "two_factor_rescue",  # the page of the code links to the recovery codes
)  # fmt: skip

# Whoever guesses here has ten tries an hour for one account, known or not.
GUESSED = (
    *("login", "us_signin", "two_factor_token_validation", "mf_recovery"),
    *("us_verify", "change_password"),
)
SENDING = ("register", "forgot_password", "send_confirmation", "us_signin_send_code")
TYPED = dict.fromkeys(("login", "register", "forgot_password", "send_confirmation"), "email") | (
    dict.fromkeys(("us_signin", "us_signin_send_code"), "identity")
)
LIMITED = (
    *GUESSED,
    *SENDING,
    *("confirm_email", "reset_password", "wan_signin", "wan_signin_response", "change_email"),
    *("change_email_confirm", "us_verify_send_code", "tf_select", "two_factor_setup_validate"),
)
# These write nothing but a note of the log-in (hub/web/log_ins.py) or a mail, each in a short
# transaction of its own: no password is hashed under the lock.
WITHOUT_WRITE = (
    *("login", "logout", "us_signin", "us_verify", "tf_select", "wan_signin", "wan_verify"),
    *("forgot_password", "send_confirmation", "us_signin_send_code", "us_verify_send_code"),
    "change_email",
)
WRITING_GETS = ("confirm_email", "change_email_confirm")
# Each takes an address for an account; the database refuses the second of two at once.
TAKING = ("register", "change_email_confirm")


def init_app(app: Flask) -> None:
    """Wrap the views of the blueprint ``security``, which is registered by now."""
    views = app.view_functions
    for endpoint in [name for name in views if name.startswith("security.")]:
        name = endpoint.removeprefix("security.")
        if name in CLOSED:
            views[endpoint] = _closed
            continue
        view = views[endpoint]
        if name not in WITHOUT_WRITE:
            view = _in_one_transaction(view, always=name in WRITING_GETS)
        if name in TAKING:
            view = _again_if_taken(view)
        if name in (*SENDING, "login", "us_signin"):
            view = _in_even_time(view)
        views[endpoint] = _limited(name, view)
    password_reset.connect(_lift_lock, app)


def _closed(**_values: str) -> Any:
    abort(404)


def _limited(name: str, view: View) -> View:
    if name in GUESSED:
        view = limiter.shared_limit(
            FAILURES, scope=GUESSES, key_func=_account, methods=["POST"],
            deduct_when=_was_wrong, on_breach=_locked,
        )(view)  # fmt: skip
    if name in SENDING:
        view = limiter.shared_limit(
            MAILS, scope="account mails", key_func=_account, methods=["POST"], on_breach=_locked
        )(view)
    if name in LIMITED:
        methods = ["GET", "POST"] if name in WRITING_GETS else ["POST"]
        view = limiter.limit(_rate, methods=methods)(view)
    return view


def _rate() -> str:
    rate: str = current_app.config["LOG_IN_RATE"]
    return rate


def _was_wrong(response: Response) -> bool:
    """The page came again. What succeeds leads on, and does not count."""
    return response.status_code == 200


def _account() -> str:
    """Whose account is tried: the address typed, else who is half or wholly logged in.

    Only the field that the page itself reads counts: another one could name somebody else.
    """
    field = TYPED.get((request.endpoint or "").removeprefix("security."))
    if field is not None:
        typed = request.form.get(field, "")
        try:
            return parse_contact(typed).key[:254]
        except InvalidInput:
            return fold(typed.strip())[:254]
    if current_user.is_authenticated:
        return str(current_user.email)
    return str(browser_session.get("tf_user_id", ""))


def _locked(limit: RequestLimit) -> Response | None:
    seconds = str(max(1, int(limit.reset_at - time.time())))

    @after_this_request
    def say_when(response: Response) -> Response:
        response.headers["Retry-After"] = seconds
        return response

    raise TooManyTries(
        _(
            "There were too many tries for this account. "
            "To keep it safe, it can be tried again at %(time)s.",
            time=clock_time(datetime.fromtimestamp(limit.reset_at, UTC)),
        )
    )


def _lift_lock(app: Flask, user: User, **_more: object) -> None:
    """Whoever chose a new password by mail need not wait for what others guessed."""
    limiter.limiter.clear(parse_limit(FAILURES), user.email, GUESSES)


def _in_one_transaction(view: View, always: bool) -> View:
    """The view reads and writes in one write transaction (hub/transaction.py says why)."""

    @wraps(view)
    def written(**values: str) -> Any:
        if request.method != "POST" and not always:
            return view(**values)
        with unit_of_work():
            return view(**values)

    return written


def _again_if_taken(view: View) -> View:
    """Somebody took the address in the same moment: now the view sees it, and says what it does."""

    @wraps(view)
    def again(**values: str) -> Any:
        try:
            return view(**values)
        except IntegrityError:
            return view(**values)

    return again


def _in_even_time(view: View) -> View:
    """An answer about an address takes as long if it has an account as if it has none."""

    @wraps(view)
    def even(**values: str) -> Any:
        begun = time.monotonic()
        answer = view(**values)
        if request.method == "POST":
            rest = current_app.config["ACCOUNT_ANSWER_SECONDS"] - (time.monotonic() - begun)
            time.sleep(max(0.0, rest))
        return answer

    return even
