"""Error pages: what happened and what to do, in the visitor's language, and never a traceback."""

import logging

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from hub.blueprints.events import routes as events_routes
from tests.tables import dump

MARKS_OF_A_TRACEBACK = ("Traceback", 'File "', "sqlalchemy", "werkzeug", "Error:", "/hub/")


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_unknown_address(client, htmx):
    page = client.get_page("/en/nothing", 404, htmx=htmx)
    assert "Nothing here" in page.text
    assert "The address is wrong" in page.text
    assert page.has("#main") is not htmx


def test_unknown_address_in_the_language_of_the_path(client):
    page = client.get_page("/zh/nothing", 404)
    assert page.one("html")["lang"] == "zh-Hans"
    assert page.link("首页") == "/zh/"


@pytest.mark.parametrize(
    "path",
    [
        "/%00", "/en/%00", "/en/../../etc/passwd", "/en//", "//", "//en//events", "/.env",
        "/en/events/", "/en/events/1/", "/EN/events", "/en/tickets/", "/calendar/",
        "/calendar/x.ics", "/wp-login.php", "/%ff%fe", "/en/events/%", "/en/" + "x" * 8000,
        "/en/events/1/sign-up/2",
    ],
)  # fmt: skip
def test_strange_address_is_not_found(client, path):
    answer = client.get(path)
    assert answer.status_code in (302, 308, 404), path
    assert not any(mark in answer.text for mark in MARKS_OF_A_TRACEBACK)
    if answer.status_code != 404:
        assert answer.headers["Location"].startswith(("/", "http://localhost/"))
        assert not answer.headers["Location"].startswith("//")


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
def test_other_methods_do_nothing(client, event, method):
    before = dump()
    for path in ("/en/", f"/en/events/{event.id}", f"/en/events/{event.id}/sign-up"):
        answer = client.open(path, method=method.upper())
        assert answer.status_code in (200, 405), path
        assert method == "options" or answer.status_code == 405
    assert dump() == before


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_form_sent_to_a_page_is_not_possible_this_way(client, htmx):
    page = client.post_page("/en/events", {}, 405, htmx=htmx)
    assert "Not possible this way" in page.text
    assert "GET" in page.response.headers["Allow"]


@pytest.fixture
def not_testing(app, monkeypatch):
    """Errors are answered as in production instead of being raised into the test."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)


@pytest.fixture
def broken(monkeypatch, not_testing):
    """The event page meets a fault of ours."""

    def crash(event_id: int) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(events_routes, "visible_event", crash)


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_fault_of_ours_is_said_in_two_languages_and_noted(client, broken, caplog, htmx):
    with caplog.at_level(logging.ERROR):
        answer = client.get("/en/events/1", headers={"HX-Request": "true"} if htmx else {})
    assert answer.status_code == 500
    assert "The fault is ours" in answer.text
    assert "这是我们的问题" in answer.text
    assert "secret detail" not in answer.text
    assert "secret detail" in caplog.text
    assert "Content-Security-Policy" in answer.headers


def test_fault_page_needs_no_database(client, monkeypatch, not_testing):
    def gone(*args: object, **kwargs: object) -> None:
        raise OperationalError("SELECT", {}, Exception("the database is gone"))

    for name in ("execute", "scalars", "scalar", "get"):
        monkeypatch.setattr(Session, name, gone)
    answer = client.get("/en/events")
    assert answer.status_code == 500
    assert "The fault is ours" in answer.text
    assert "database is gone" not in answer.text


def test_headers_of_any_length_and_kind(client, event):
    for name, value in (
        ("Cookie", "hub=" + "x" * 4000), ("Cookie", "lang=\xff; hub=\xfe"),
        ("Cookie", "lang=../.."), ("Accept-Language", "x" * 5000), ("Accept-Language", ""),
        ("Accept-Language", "*;q=zz,en;q=-1"),
        ("HX-Request", "true" * 100), ("HX-Current-URL", "\xff"), ("X-Forwarded-For", "evil"),
        ("Authorization", "Basic \xff"), ("Authorization", "Bearer x"),
        ("Authentication-Token", "x"),
    ):  # fmt: skip
        answer = client.get("/en/events", headers={name: value})
        assert answer.status_code == 200, (name, value)
