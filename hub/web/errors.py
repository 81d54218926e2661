"""Error pages: what happened and what to do, in the visitor's language."""

import logging

from flask import Flask, current_app, make_response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from hub.exceptions import HubError
from hub.extensions import db
from hub.i18n import _
from hub.web.htmx import wants_fragment
from hub.web.i18n import redirect_to_language

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(HubError, _refused)
    app.register_error_handler(Exception, _crashed)


def _words(status: int) -> tuple[str, str]:
    return {
        400: (_("This request cannot be read"), _("Go back and try again.")),
        401: (_("Log in first"), _("This page is for people with an account.")),
        403: (_("Not allowed"), _("Your account may not do this.")),
        404: (
            _("Nothing here"),
            _("The address is wrong, or what stood here is gone or not for you."),
        ),
        405: (_("Not possible this way"), _("Use the buttons of the page.")),
        409: (_("Not possible now"), _("Look at the present state, then decide again.")),
        410: (
            _("This data was deleted"),
            _(
                "This link opened a sign-up or a request. Its name and contact have been deleted, "
                "at the person’s wish or because the date for it had come. You can sign up or ask "
                "again at any time."
            ),
        ),
        413: (
            _("Too much at once"),
            _("What you sent is too large. Shorten it and send it again."),
        ),
        429: (
            _("Too many tries"),
            _("Many requests came from your network. Wait a minute, then try again."),
        ),
    }.get(status, (_("Something went wrong"), _("Go back and try again.")))


def _page(status: int, title: str, text: str) -> ResponseReturnValue:
    template = "errors/_error.html" if wants_fragment() else "errors/error.html"
    return render_template(template, status=status, title=title, text=text), status


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    if error.code == 404:
        redirection = redirect_to_language(error)
        if redirection is not None:
            return redirection
    answer = make_response(_page(error.code, *_words(error.code)))
    for name, value in error.get_headers():  # Allow of a 405
        answer.headers.setdefault(name, value)
    return answer


def _refused(error: HubError) -> ResponseReturnValue:
    """A rule refused the action and the route had no form to say it in."""
    title, _text = _words(error.status)
    return _page(error.status, title, str(error.message))


def _crashed(error: Exception) -> ResponseReturnValue:
    """The page of a fault of ours needs no database, no account and no context."""
    log.exception("unhandled error")
    db.session.rollback()
    template = current_app.jinja_env.get_template("errors/500.html")
    if isinstance(error, OperationalError) and "locked" in str(error.orig):
        return template.render(busy=True), 503, {"Retry-After": "10"}  # SQLite under a rush
    return template.render(), 500
