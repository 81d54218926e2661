"""Security headers on every answer."""

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class Sessions(SecureCookieSessionInterface):
    """Cookie sessions that stay out of what everybody may keep (assets), and out of all calendars.

    Libraries look into the session on every request; without this, each of these answers would
    vary by cookie, and no cache could give it to a second person.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not response.cache_control.public and request.blueprint != "feeds":
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    app.session_interface = Sessions()
    htmx_url: str = app.config["HTMX_URL"]
    # The library's exact address and nothing else of its host.
    script = f"'self' {htmx_url}" if urlsplit(htmx_url).netloc else "'self'"
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {script}",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "manifest-src 'self'",
        )
    )

    app.config["CONTENT_POLICY"] = policy

    @app.after_request
    def set_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", policy)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if app.config["SESSION_COOKIE_SECURE"]:
            headers.setdefault("Strict-Transport-Security", "max-age=63072000")
        if session.accessed and "Cache-Control" not in headers:
            headers["Cache-Control"] = "private, no-store"
        return response


def keep_private(response: Response) -> Response:
    """For pages behind a private link: kept by nobody, found by nobody, named to nobody."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def show_frames(response: Response) -> Response:
    """For a page with a frame of our own: that of ``letter`` below."""
    policy: str = current_app.config["CONTENT_POLICY"]
    response.headers["Content-Security-Policy"] = f"{policy}; frame-src 'self'"
    return response


def letter(response: Response) -> Response:
    """For the HTML of a mail, shown in a frame: its own styles, and nothing else, not even a
    click that leads on."""
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        "frame-ancestors 'self'; sandbox"
    )
    return response
