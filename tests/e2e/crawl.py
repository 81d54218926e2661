"""Every kind of page of the demo site: what links lead to, and what only a state shows."""

import re
from collections import deque
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask import Flask, url_for
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from hub import clock
from hub.demo import demo_accounts
from hub.enums import EventStatus, SignUpStatus
from hub.extensions import db
from hub.integrations.signing import ticket_token
from hub.models import Event, SignUp, User
from hub.policies import sign_up_phase
from tests.browser import HubClient
from tests.e2e.server import Site

ADMIN_EMAIL, ADMIN_PASSWORD = demo_accounts()[0][1:3]
# Which page, not only how many of it: these queries change what it shows.
LINK = re.compile(r'<a\b[^>]*?\shref="([^"]*)"')
TELLING = {"view", "after", "before"}


def all_pages(site: Site) -> dict[str, str]:
    """The English address of each kind of page that an administrator sees, in each state."""
    with site.database():
        user = db.session.scalars(select(User).where(User.email == ADMIN_EMAIL)).one()
        browser = site.app.test_client()
        assert isinstance(browser, HubClient)
        browser.log_in(user, ADMIN_PASSWORD)
        with site.app.test_request_context("/en/", base_url=site.url):
            found = dict(_pages_by_state())
        queue, states = deque(["/en/"]), list(found.values())
        walked, known = set(states), set()
        while queue or states:
            address = queue.popleft() if queue else states.pop()
            kind = _kind(site.app, address)
            if address not in walked and (kind is None or kind in known):
                continue
            answer = browser.get(address)
            if kind is not None:
                known.add(kind)
            if answer.mimetype != "text/html":
                continue
            if address not in walked and kind is not None:
                found[kind] = address
            walked.add(address)
            links = [unescape(link) for link in LINK.findall(answer.text)]
            new = {urljoin(address, link).partition("#")[0] for link in links}
            queue.extend(sorted(new - walked))
    return found


def _kind(app: Flask, address: str) -> str | None:
    """The endpoint, with the query where that makes another page; None for what is elsewhere."""
    parts = urlsplit(address)
    if parts.scheme or not parts.path.startswith("/en/"):
        return None
    try:
        endpoint, _values = app.url_map.bind("").match(parts.path, method="GET")
    except (RequestRedirect, HTTPException):
        return None
    query = sorted(f"{k}={v if k == 'view' else ''}" for k, v in parse_qsl(parts.query))
    return " ".join([endpoint, *(q for q in query if q.split("=")[0] in TELLING)])


def _pages_by_state() -> Iterator[tuple[str, str]]:
    """Pages that look different because of the state of what they show."""
    yield "events.index none", "/en/events?q=nothing-is-called-like-this"
    yield "error 404", "/en/nothing-here"
    seen = set()
    for event in db.session.scalars(select(Event).order_by(Event.starts_at)):
        phase = sign_up_phase(event, clock.now()).value
        if phase not in seen:
            seen.add(phase)
            yield f"events.show {phase}", url_for("events.show", lang="en", event_id=event.id)
            for page in ("desk_events.show", "desk_events.edit"):
                yield f"{page} {phase}", url_for(page, lang="en", event_id=event.id)
            if phase != "draft":
                for page in ("signups.new", "desk_signups.index"):
                    yield f"{page} {phase}", url_for(page, lang="en", event_id=event.id)
        if event.series_id and "series" not in seen:
            seen.add("series")
            yield "events.show series", url_for("events.show", lang="en", event_id=event.id)
        if len(event.texts) == 1 and "foreign" not in seen:
            seen.add("foreign")
            yield "events.show foreign", url_for("events.show", lang="en", event_id=event.id)
    seen = set()
    for booked in db.session.scalars(select(SignUp).order_by(SignUp.id.desc())).unique():
        over = booked.event.status is EventStatus.CANCELLED
        why = "event cancelled" if over else f"{booked.status.value} {bool(booked.release_reason)}"
        if why not in seen:
            seen.add(why)
            token = ticket_token(booked.code)
            yield f"signups.show {why}", url_for("signups.show", lang="en", token=token)
            if booked.status is SignUpStatus.CONFIRMED and not over:
                yield "signups.cancel", url_for("signups.confirm_cancel", lang="en", token=token)
