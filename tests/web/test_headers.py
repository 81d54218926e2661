"""Headers that every answer carries."""

import pytest

from tests.factories import make_sign_up
from tests.people import BOB
from tests.web.test_tickets import ticket_path

EVERYWHERE = [
    ("/en/", 200), ("/en/events", 200), ("/en/nothing", 404), ("/calendar/public.ics", 200),
    ("/calendar/public.ics?x=1", 400), ("/assets/site.css", 200), ("/en/account/login", 200),
    ("/events", 302), ("/en/desk", 303),
]  # fmt: skip


@pytest.mark.parametrize(("path", "status"), EVERYWHERE)
def test_every_answer_is_guarded(client, path, status):
    answer = client.get(path)
    headers = answer.headers
    assert answer.status_code == status
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert policy["base-uri"] == "'none'"
    for rule, sources in policy.items():
        assert "unsafe" not in sources, rule
        assert "*" not in sources, rule


def test_scripts_come_from_here_and_from_one_address_with_its_fingerprint(client, app):
    page = client.get_page("/en/")
    policy = page.response.headers["Content-Security-Policy"]
    assert f"script-src 'self' {app.config['HTMX_URL']};" in policy
    (foreign,) = [tag for tag in page.all("script") if str(tag["src"]).startswith("http")]
    assert foreign["src"] == app.config["HTMX_URL"]
    assert foreign["integrity"] == app.config["HTMX_INTEGRITY"]
    assert foreign["crossorigin"] == "anonymous"


def test_htmx_of_our_own_needs_no_foreign_source(other_app):
    app = other_app(HTMX_URL="/assets/js/htmx.js")
    policy = app.test_client().get("/assets/site.css").headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "http" not in policy


def test_https_site_is_strict_and_its_cookie_too(other_app):
    app = other_app(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_NAME="__Host-hub")
    answer = app.test_client().get("/en/account/login", base_url="https://hub.test/")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    cookie = answer.headers["Set-Cookie"]
    for part in ("__Host-hub=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie


def test_http_site_does_not_promise_https(client):
    assert "Strict-Transport-Security" not in client.get("/en/").headers


def test_pages_with_somebody_in_them_are_kept_by_nobody(client, event, alice):
    booked = make_sign_up(event, BOB)
    client.log_in(alice)
    for path in ("/en/", "/en/events", f"/en/events/{event.id}", "/en/desk", ticket_path(booked)):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "private, no-store", path
        assert "Cookie" in headers["Vary"], path


@pytest.mark.parametrize("path", ["/en/", "/en/events", "/en/nothing", "/en/account/login"])
def test_page_and_fragment_are_kept_apart(client, path):
    assert "HX-Request" in client.get(path).headers["Vary"]
    assert "HX-Request" in client.get(path, headers={"HX-Request": "true"}).headers["Vary"]


def test_answer_may_set_its_own(app):
    with app.test_request_context("/en/"):
        answer = app.make_response("x")
        answer.headers["Referrer-Policy"] = "no-referrer"
        assert app.process_response(answer).headers["Referrer-Policy"] == "no-referrer"
