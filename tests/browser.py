"""A browser without JavaScript that looks critically at every page it is given."""

from contextvars import Context
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from hub import clock
from hub.extensions import db
from hub.models import User
from tests.factories import PASSWORD

HOST = "hub.test"
UNTYPED = {"submit", "button", "image", "reset", "file"}


@dataclass(slots=True)
class Page:
    """What came back: the answer, and its HTML if it has some."""

    url: str
    response: TestResponse
    html: BeautifulSoup

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def location(self) -> str:
        """Where the answer sends the browser: a redirect, or what htmx is told."""
        return self.response.headers.get("Location") or self.response.headers.get("HX-Redirect", "")

    @property
    def text(self) -> str:
        """The words of the page, blanks folded."""
        return " ".join(self.html.get_text(" ").split())

    def one(self, selector: str) -> Tag:
        """The only element that ``selector`` finds."""
        found = self.html.select(selector)
        assert len(found) == 1, f"{self.url}: {len(found)} elements match {selector}"
        return found[0]

    def all(self, selector: str) -> list[Tag]:
        return list(self.html.select(selector))

    def has(self, selector: str) -> bool:
        return self.html.select_one(selector) is not None

    def link(self, words: str) -> str:
        """The address of the only link whose words contain ``words``."""
        found = {a["href"] for a in self.html.select("a[href]") if words in a.get_text(" ")}
        assert len(found) == 1, f"{self.url}: {len(found)} links say {words!r}"
        return str(found.pop())


class HubClient(FlaskClient):
    """Flask's test client with the habits of a browser. Each request runs in a context of its
    own, as in production: nothing of the test's application context leaks into it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.environ_base["HTTP_HOST"] = HOST
        self.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if has_app_context():
            session = db.session
            assert not (session.new or session.dirty or session.deleted), "commit before you browse"
            session.rollback()
        moment = clock.now()

        def request() -> TestResponse:
            with clock.fixed_at(moment):
                return FlaskClient.open(self, *args, **kwargs)

        response = Context().run(request)
        if has_app_context():
            db.session.rollback()  # whatever the test looks at now, it reads anew
        return response

    # --- pages ----------------------------------------------------------------------------

    def get_page(self, url: str, status: int = 200, *, htmx: bool = False, **headers: str) -> Page:
        """GET ``url``, which answers ``status``, and look at the page."""
        return self._look(url, self.get(url, headers=_headers(htmx, headers)), status, htmx)

    def post_page(self, url: str, data: dict[str, Any], status: int, *, htmx: bool = False) -> Page:
        """POST what no form of ours would send. Forms go through ``submit``."""
        return self._look(url, self.post(url, data=data, headers=_headers(htmx, {})), status, htmx)

    def follow(self, page: Page, status: int = 200) -> Page:
        """Go where the answer sends the browser."""
        assert page.location, f"{page.url}: {page.status} leads nowhere"
        return self.get_page(urljoin(page.url, page.location), status)

    def submit(
        self,
        page: Page,
        form: str = "main form[method=post]",
        *,
        status: int | None = None,
        htmx: bool = False,
        press: str = "",
        **values: Any,
    ) -> Page:
        """Send a form of ``page`` as a browser would: hidden fields and defaults included.

        ``values`` go over what is filled in: text, True and False for a checkbox, a list for
        several boxes. A name that needs a dash is given with ``**{"text_en-title": "…"}``.
        ``press`` names the button, if it has a name. Expects 303 unless ``status`` says otherwise
        (200 for a GET form).
        """
        element = page.one(form)
        data = _filled_in(element, values)
        if press:
            button = element.select_one(f"button[name={press}], input[type=submit][name={press}]")
            assert button is not None, f"no button {press!r}"
            data.append((press, str(button.get("value", ""))))
        url = urljoin(page.url, str(element.get("action") or page.url))
        if str(element.get("method", "get")).lower() == "get":
            response = self.get(
                url.partition("?")[0], query_string=data, headers=_headers(htmx, {})
            )
            return self._look(url, response, status or 200, htmx)
        body: dict[str, list[str]] = {}
        for name, value in data:
            body.setdefault(name, []).append(value)
        response = self.post(url, data=body, headers=_headers(htmx, {"Referer": page.url}))
        return self._look(url, response, status or (200 if htmx else 303), htmx)

    def log_in(self, user: User, password: str = PASSWORD) -> Self:
        """Through the log-in form, as everybody."""
        page = self.get_page("/en/account/login")
        self.submit(
            page, "form:has(input[name=password])", status=302, email=user.email, password=password
        )
        return self

    # --- what is looked at ----------------------------------------------------------------

    def _look(self, url: str, response: TestResponse, status: int, htmx: bool) -> Page:
        words = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
        words = words.replace("<wbr>", "")  # people see no gap there
        page = Page(url, response, BeautifulSoup(words, "html5lib"))
        assert response.status_code == status, (
            f"{url} answered {response.status_code} instead of {status} "
            f"{page.location}: {page.text[:600]}"
        )
        if words and response.status_code not in (301, 302, 303):
            problems = list(self._problems(page, fragment=htmx and "<html" not in words))
            assert not problems, f"{url}:\n  " + "\n  ".join(problems)
        return page

    def _problems(self, page: Page, *, fragment: bool) -> list[str]:
        html = page.html
        found: list[str] = []
        if not fragment:
            headings = len(html.select("h1"))
            found += [f"{headings} h1 instead of one"] if headings != 1 else []
            root = html.select_one("html")
            missing = [a for a in ("lang", "dir") if root is None or not root.get(a)]
            found += [f"html has no {name}" for name in missing]
            found += [] if html.title and html.title.get_text(strip=True) else ["no title"]
        ids = [str(tag["id"]) for tag in html.select("[id]")]
        found += [f"id {i!r} stands twice" for i in sorted({i for i in ids if ids.count(i) > 1})]
        found += [f"no label: {_short(tag)}" for tag in _unlabelled(html)]
        found += [
            f"{attribute} points nowhere: {_short(tag)}"
            for attribute in ("aria-describedby", "aria-labelledby", "aria-controls", "for")
            for tag in html.select(f"[{attribute}]")
            if not fragment and not set(str(tag[attribute]).split()) <= set(ids)
        ]
        found += [
            f"POST form without csrf_token: {_short(form)}"
            for form in html.select("form")
            if str(form.get("method", "")).lower() == "post"
            and not form.select_one("input[name=csrf_token][value]:not([value=''])")
        ]
        found += [
            f"inline script or style: {_short(tag)}"
            for tag in html.find_all(True)
            if tag.name == "style"
            or (tag.name == "script" and not tag.get("src"))
            or any(name == "style" or name.startswith(("on", "hx-on")) for name in tag.attrs)
            or any(
                str(v).lstrip().lower().startswith(("javascript:", "js:"))
                for v in tag.attrs.values()
            )
        ]
        found += [f"image without alt: {_short(tag)}" for tag in html.select("img:not([alt])")]
        for tag in html.find_all(True):
            for attribute, method in _LINKS.items():
                target = tag.get(attribute)
                if target is not None and not self._leads_somewhere(
                    page, str(target), _method(tag, method), None if fragment else ids
                ):
                    found.append(f"{attribute} leads nowhere: {_short(tag)}")
        return found

    def _leads_somewhere(self, page: Page, target: str, method: str, ids: list[str] | None) -> bool:
        if target.startswith("#"):
            return ids is None or target == "#" or target[1:] in ids
        parts = urlsplit(urljoin(f"http://{HOST}{urlsplit(page.url).path}", target))
        if parts.scheme not in ("http", "https"):
            return parts.scheme in ("mailto", "tel", "webcal", "data")
        if parts.hostname != HOST:
            return True
        try:
            self.application.url_map.bind(HOST).match(parts.path, method=method)
        except RequestRedirect:
            return False  # our own links need no detour
        except HTTPException:
            return False
        return True


_LINKS = {
    "href": "GET",
    "src": "GET",
    "action": "form",
    "formaction": "form",
    "hx-get": "GET",
    "hx-post": "POST",
}


def _method(tag: Tag, method: str) -> str:
    if method != "form":
        return method
    form = tag if tag.name == "form" else tag.find_parent("form")
    return str(form.get("method", "get")).upper() if form is not None else "GET"


def _headers(htmx: bool, more: dict[str, str]) -> dict[str, str]:
    return more | ({"HX-Request": "true"} if htmx else {})


def _short(tag: Tag) -> str:
    return str(tag).partition("\n")[0][:160]


def _unlabelled(html: BeautifulSoup) -> list[Tag]:
    """Controls that a screen reader could not name."""
    labelled = {str(tag["for"]) for tag in html.select("label[for]") if tag.get_text(strip=True)}
    found = []
    for tag in html.select("input, select, textarea"):
        if str(tag.get("type", "text")) in ("hidden", "submit", "button", "image", "reset"):
            continue
        named = tag.get("aria-label") or tag.get("aria-labelledby") or tag.find_parent("label")
        if not named and str(tag.get("id", "")) not in labelled:
            found.append(tag)
    for tag in html.select("button, a[href]"):
        named = tag.get_text(strip=True) or tag.get("aria-label") or tag.select_one("img[alt]")
        if not named:
            found.append(tag)
    return found


def _filled_in(form: Tag, values: dict[str, Any]) -> list[tuple[str, str]]:
    """What a browser sends for ``form`` after somebody typed ``values`` into it."""
    controls = [
        tag
        for tag in form.select("input[name], select[name], textarea[name]")
        if not tag.has_attr("disabled") and str(tag.get("type", "text")) not in UNTYPED
    ]
    unknown = set(values) - {str(tag["name"]) for tag in controls}
    assert not unknown, f"the form has no field {sorted(unknown)}"
    data: list[tuple[str, str]] = []
    for tag in controls:
        name = str(tag["name"])
        typed = values.get(name)
        data += [(name, value) for value in _control(tag, name in values, typed)]
    return data


def _control(tag: Tag, given: bool, typed: Any) -> list[str]:
    kind = str(tag.get("type", "text"))
    if kind in ("checkbox", "radio"):
        value = str(tag.get("value", "on"))
        if not given:
            return [value] if tag.has_attr("checked") else []
        if isinstance(typed, bool):
            return [value] if typed else []
        chosen = typed if isinstance(typed, list | tuple | set) else [typed]
        return [value] if value in map(str, chosen) else []
    if tag.name == "select":
        options = {str(o.get("value", o.get_text(strip=True))): o for o in tag.select("option")}
        if given:
            chosen = list(map(str, typed)) if isinstance(typed, list | tuple) else [str(typed)]
            assert set(chosen) <= set(options), f"{tag['name']}: {chosen} is not offered"
            return chosen
        marked = [value for value, option in options.items() if option.has_attr("selected")]
        return marked or ([] if tag.has_attr("multiple") else list(options)[:1])
    if given:
        return [str(typed)]
    if tag.name == "textarea":
        return [tag.get_text().removeprefix("\n")]
    return [str(tag.get("value", ""))]
