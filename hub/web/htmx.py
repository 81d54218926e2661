"""One address, two renderings: a whole page, or for htmx the fragment that the page includes."""

from flask import Flask, Response, make_response, render_template, request


def init_app(app: Flask) -> None:
    @app.after_request
    def vary(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.vary.add("HX-Request")
        return response


def wants_fragment() -> bool:
    """Whether htmx asked for a part of the page. A history restore wants all of it."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
        and request.headers.get("HX-Request-Type") != "full"
    )


def render(
    page: str, fragment: str | None = None, status: int = 200, **context: object
) -> Response:
    """``page``, or ``fragment`` with the flashed messages out of band for an htmx request."""
    if fragment is not None and wants_fragment():
        html = render_template(fragment, **context) + render_template("layouts/_flash_oob.html")
    else:
        html = render_template(page, **context)
    return make_response(html, status)


def see_other(url: str) -> Response:
    """After a change: 303 for a plain form; for htmx the browser is sent on as a whole."""
    response = Response(status=303)
    response.headers["Location"] = url
    if request.headers.get("HX-Request") == "true":
        response = Response(status=200)
        response.headers["HX-Redirect"] = url
    return response
