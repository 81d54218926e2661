"""Walking through the site from link to link, as somebody who tries everything."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from bs4 import Tag
from flask import Flask

from tests.browser import HOST, HubClient, Page

CROWD = 900  # pages; a site of this size that has more has lost itself


@dataclass(slots=True)
class Walk:
    """The pages that were seen, and their forms by the place they lead to."""

    pages: dict[str, Page] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)

    def forms(self, method: str) -> Iterator[tuple[Page, Tag]]:
        for page in self.pages.values():
            for form in page.all("form"):
                if str(form.get("method", "get")).lower() == method:
                    yield page, form


def crawl(client: HubClient, starts: Iterable[str]) -> Walk:
    """Every page that links lead to, each pattern of query once. Pages answer 200."""
    walk = Walk()
    waiting, seen = list(starts), set()
    while waiting:
        url = waiting.pop(0)
        if _pattern(url) in seen:
            continue
        seen.add(_pattern(url))
        assert len(seen) < CROWD, "the walk does not end"
        answer = client.get(url, buffered=True)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            walk.others[url] = answer.status_code
            continue
        page = client.get_page(url)
        walk.pages[url] = page
        for link in page.all("a[href]"):
            target = urlsplit(urljoin(f"http://{HOST}{url}", str(link["href"])))
            if target.scheme == "http" and target.hostname == HOST:
                waiting.append(target.path + (f"?{target.query}" if target.query else ""))
    return walk


def _pattern(url: str) -> str:
    """``url`` with what makes many of the same: language, cursors, months, the way back, and the
    kinds of messages to look at (tests/web/test_desk_messages.py opens them all)."""
    url = re.sub(r"/messages/preview/.+", "/messages/preview/kind", url)
    return re.sub(r"(after|month|next|v)=[^&]*", r"\1=", re.sub(r"^/zh/", "/en/", url))


def endpoint_of(app: Flask, path: str, method: str) -> tuple[str, dict[str, object]]:
    return app.url_map.bind(HOST).match(urlsplit(path).path, method=method)


TYPED = {
    "name": "Mina Rashid",
    "contact": "mina@example.com",
    "email": "mina@example.com",
    "password": "a long enough password",
    "again": "a long enough password",
    "reason": "Because it rains.",
    "slug": "new-place",
    "website": "",
    "release_reason": "Because it rains.",
    "ends_at": "2026-12-05T16:00",
    "sign_up_opens_at": "",
    "sign_up_closes_at": "",
    "map_url": "https://example.com/",
    "url": "https://example.com/",
    "position": "30.24, 120.05",
    "starts": "01:00",
    "ends": "02:00",
}
BY_TYPE = {
    "number": "3",
    "datetime-local": "2026-12-05T14:00",
    "date": "2026-12-05",
    "email": "mina@example.com",
}


def fill_in(form: Tag) -> dict[str, list[str]]:
    """What somebody might send who fills in every field that is empty."""
    data: dict[str, list[str]] = {}
    for tag in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(tag["name"]), str(tag.get("type", "text"))
        if kind in ("submit", "button", "file"):
            continue
        if kind in ("checkbox", "radio"):
            if tag.has_attr("checked") or tag.has_attr("required"):
                data.setdefault(name, []).append(str(tag.get("value", "on")))
            continue
        if tag.name == "select":
            options = [str(o.get("value", "")) for o in tag.select("option")]
            chosen = [str(o.get("value", "")) for o in tag.select("option[selected]")]
            data[name] = chosen or [next(filter(None, options), "")]
            continue
        value = tag.get_text() if tag.name == "textarea" else str(tag.get("value", ""))
        if not value and kind != "hidden":
            value = TYPED.get(name, BY_TYPE.get(kind, "Text"))
        data[name] = [value]
    return data
