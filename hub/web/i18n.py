"""The language is the first part of the path; addresses without it are redirected."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Flask, current_app, g, has_request_context, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import BaseConverter, RequestRedirect, ValidationError
from werkzeug.wrappers import Response

from hub.extensions import babel
from hub.i18n import LANGUAGES
from hub.web.site import built_languages, language_codes

COOKIE = "lang"


class LanguageConverter(BaseConverter):
    """``<lang:lang>``: a language of this installation. One that is switched off leads on."""

    regex = "|".join(LANGUAGES)

    def to_python(self, value: str) -> str:
        if value not in built_languages():
            raise ValidationError
        return value


class IdConverter(BaseConverter):
    """``<id:event_id>``: a positive number that fits a primary key on every engine."""

    regex = r"[1-9][0-9]{0,9}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > 2**31 - 1:
            raise ValidationError
        return number

    def to_url(self, value: Any) -> str:
        return str(int(value))


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The page that is being shown, in another language."""

    code: str
    tag: str
    name: str
    url: str
    current: bool


def init_app(app: Flask) -> None:
    app.url_map.converters["lang"] = LanguageConverter
    app.url_map.converters["id"] = IdConverter
    app.url_value_preprocessor(_take_language)
    app.before_request(_leave_language_that_is_off)
    app.url_defaults(_give_language)
    babel.init_app(
        app,
        locale_selector=_locale,
        default_locale=LANGUAGES[app.config["LANGUAGE_CODES"][0]].locale,
    )


def current_code() -> str:
    """The language of this answer: of the address, else the best guess."""
    if not has_request_context():
        code: str = current_app.config["LANGUAGE_CODES"][0]  # a command speaks the site's first
        return g.get("lang") or code
    return g.get("lang") or _language_of_path() or preferred_language()


def _language_of_path() -> str | None:
    """That of an address which belongs to no page: its error page speaks it too."""
    first = request.path.split("/", 2)[1]
    return first if first in language_codes() else None


def preferred_language() -> str:
    """By account, then cookie, then browser, then the site's first language."""
    codes = language_codes()
    if "_user_id" in session and current_user.is_authenticated and current_user.language in codes:
        return str(current_user.language)
    if request.cookies.get(COOKIE) in codes:
        return request.cookies[COOKIE]
    tags = {LANGUAGES[c].tag: c for c in codes} | {c: c for c in codes}
    best = request.accept_languages.best_match(list(tags))
    return tags[best] if best else codes[0]


def language_links() -> list[LanguageLink]:
    """This page in every language; the query string stays.

    Plain links: app.js remembers the choice in a cookie for addresses without a language.
    """
    here = current_code()
    rest = _nearest_page()
    return [
        LanguageLink(
            code, LANGUAGES[code].tag, LANGUAGES[code].name, f"/{code}/{rest}", code == here
        )
        for code in language_codes()
    ]


def _nearest_page() -> str:
    """This address behind its language; where no page can be opened, the nearest one above it.

    Such are addresses that do not exist, and those that only take forms.
    """
    first, _slash, rest = request.path.removeprefix("/").partition("/")
    if first not in LANGUAGES:
        return ""
    adapter = current_app.url_map.bind("")
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    while rest and not adapter.test(f"/{first}/{rest}", method="GET"):
        rest, query = rest.rpartition("/")[0], ""
    return quote(rest) + query


def redirect_to_language(error: HTTPException) -> ResponseReturnValue | None:
    """For an unknown address that exists behind a language: the way there, else None."""
    first = request.path.split("/", 2)[1]
    if request.method not in ("GET", "HEAD") or first in LANGUAGES:
        return None
    target = f"/{preferred_language()}{request.path}"
    adapter = current_app.url_map.bind_to_environ(request.environ)
    try:
        adapter.match(target, method="GET")
    except (RequestRedirect, MethodNotAllowed):
        pass
    except HTTPException:
        return None
    query = request.query_string.decode("latin-1")
    answer: Response = redirect(f"{target}?{query}" if query else target, 302)
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer


def _locale() -> str:
    return LANGUAGES[current_code()].locale


def _take_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None and "lang" in values:
        g.lang = values.pop("lang")


def _leave_language_that_is_off() -> ResponseReturnValue | None:
    """The same page in the site's first language; what was sent is dealt with there and then."""
    if g.get("lang") is None or g.lang in language_codes():
        return None
    g.lang = language_codes()[0]
    if request.method not in ("GET", "HEAD"):
        return None
    rest = request.path.removeprefix("/").partition("/")[2]
    query = request.query_string.decode("latin-1")
    return redirect(f"/{g.lang}/{quote(rest)}" + (f"?{query}" if query else ""), 302)


def _give_language(endpoint: str, values: dict[str, Any]) -> None:
    if "lang" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        values["lang"] = current_code()
