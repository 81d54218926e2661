"""Every kind of page of the demo site: those that links lead to, and those that only a state shows."""

from collections import deque
from collections.abc import Iterator
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
TELLING = {"view", "after"}


def all_pages(site: Site, language: str) -> dict[str, str]:
    """An address for each kind of page that an administrator can walk to, and for each state."""
    found = _pages_by_state(site, language)
    with site.database():
        browser = site.app.test_client()
        assert isinstance(browser, HubClient)
        user = db.session.scalars(select(User).where(User.email == ADMIN_EMAIL)).one()
        browser.log_in(user, ADMIN_PASSWORD)
        known: set[str] = set()
        queue = deque([f"/{language}/", *found.values()])
        while queue:
            address = queue.popleft()
            kind = _kind(site.app, address, language)
            if kind is None or (kind in known and address not in found.values()):
                continue
            known.add(kind)
            answer = browser.get(address)
            if answer.mimetype != "text/html":
                continue
            if address not in found.values():
                found[kind] = address
            page = browser.get_page(address)
            queue.extend(urljoin(address, str(a["href"])).partition("#")[0] for a in page.all("a[href]"))
    return found


def _kind(app: Flask, address: str, language: str) -> str | None:
    """The endpoint, with the query where that makes another page; None for what is elsewhere."""
    parts = urlsplit(address)
    if parts.scheme or not parts.path.startswith(f"/{language}/"):
        return None
    try:
        endpoint, _values = app.url_map.bind("").match(parts.path, method="GET")
    except (RequestRedirect, HTTPException):
        return None
    query = sorted(f"{k}={v if k == 'view' else ''}" for k, v in parse_qsl(parts.query))
    return " ".join([endpoint, *(q for q in query if q.split("=")[0] in TELLING)])


def _pages_by_state(site: Site, language: str) -> dict[str, str]:
    """Pages that look different because of the state of what they show."""
    with site.database(), site.app.test_request_context(base_url=site.url):
        return {
            name: address.replace("/en/", f"/{language}/", 1) for name, address in _states(site)
        }


def _states(site: Site) -> Iterator[tuple[str, str]]:
    yield "events.index none", "/en/events?q=nothing-is-called-like-this"
    yield "error 404", "/en/nothing-here"
    seen = set()
    for event in db.session.scalars(select(Event).order_by(Event.starts_at)):
        phase = sign_up_phase(event, clock.now()).value
        if phase not in seen:
            seen.add(phase)
            yield f"events.show {phase}", url_for("events.show", lang="en", event_id=event.id)
            yield (
                f"desk_events.show {phase}",
                url_for("desk_events.show", lang="en", event_id=event.id),
            )
            if phase != "draft":
                yield (
                    f"signups.new {phase}",
                    url_for("signups.new", lang="en", event_id=event.id),
                )
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
