"""Static files under names that change with their content, so that browsers keep them for a year.

The style sheet is one file on the wire and many in the tree: tokens, base, layout, components.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, request, send_from_directory, url_for

YEAR = 365 * 24 * 3600
STATIC = Path(__file__).resolve().parent.parent / "static"
SHEETS = ("tokens", "base", "layout")


def init_app(app: Flask) -> None:
    app.add_template_global(asset_url)
    app.add_url_rule("/assets/site.css", "site_css", _site_css)
    app.add_url_rule("/assets/<path:filename>", "asset", _asset)


def asset_url(name: str) -> str:
    """The address of a static file, or of the whole style sheet for ``site.css``."""
    version = _version(name)
    if name == "site.css":
        return url_for("site_css", v=version)
    return url_for("asset", filename=name, v=version)


@cache
def _version(name: str) -> str:
    content = _read_style_sheet() if name == "site.css" else (STATIC / name).read_bytes()
    return hashlib.sha256(content).hexdigest()[:12]


@cache
def _read_style_sheet() -> bytes:
    css = STATIC / "css"
    files = [css / f"{name}.css" for name in SHEETS] + sorted((css / "components").glob("*.css"))
    css_text = "\n".join(file.read_text() for file in files)
    without_comments = re.sub(r"/\*.*?\*/", "", css_text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", without_comments).encode()


def _site_css() -> Response:
    return _kept(Response(_read_style_sheet(), mimetype="text/css"))


def _asset(filename: str) -> Response:
    if filename.startswith("css/"):
        abort(404)
    response = send_from_directory(STATIC, filename)
    response.direct_passthrough = False
    response.make_sequence()  # small; a stream that is compressed would leave its file open
    return _kept(response)


def _kept(response: Response) -> Response:
    if request.args.get("v"):
        response.cache_control.public = True
        response.cache_control.max_age = YEAR
        response.cache_control.immutable = True
        response.cache_control.no_cache = None
    return response
