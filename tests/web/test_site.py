"""Home, privacy, and what every page carries."""

from datetime import timedelta

import pytest

from hub.enums import EventStatus, Visibility
from tests.factories import make_event, make_sign_up
from tests.people import BOB


def test_home_says_what_is_on_next(client, event):
    page = client.get_page("/en/")
    assert page.one(".event-card a")["href"] == f"/en/events/{event.id}"
    assert "10 of 10 places left" in page.text
    assert client.get_page(page.link("See what is on")).status == 200


def test_home_of_an_empty_site_teaches(client):
    page = client.get_page("/en/")
    assert "Nothing is planned yet" in page.text
    assert not page.has(".event-card")


def test_home_shows_the_next_four_and_no_draft_unlisted_or_past(client, venue, now):
    for hours in (50, 40, 30, 20, 10):
        make_event(venue=venue, title=f"In {hours}", starts_at=now + timedelta(hours=hours))
    make_event(venue=venue, title="Draft", status=EventStatus.DRAFT)
    make_event(venue=venue, title="Hidden", visibility=Visibility.UNLISTED)
    make_event(venue=venue, title="Over", starts_at=now - timedelta(days=2))
    titles = [a.get_text() for a in client.get_page("/en/").all(".event-card__title")]
    assert titles == ["In 10", "In 20", "In 30", "In 40"]


def test_rule_19_no_public_page_names_a_person(client, event):
    make_sign_up(event, BOB, 3)
    for path in ("/en/", "/en/events", "/en/events/month", f"/en/events/{event.id}"):
        page = client.get_page(path)
        assert "Bob" not in page.response.text, path
        assert "bob@" not in page.response.text, path


def test_rule_18_privacy_says_what_is_kept_and_how_long(client, app):
    page = client.get_page("/en/privacy")
    assert f"{app.config['RETENTION_DAYS']} days" in page.text


def test_rule_18_looking_around_sets_no_cookie(client, event):
    for path in (
        "/en/", "/en/events", "/en/events/month", f"/en/events/{event.id}", "/en/calendars",
        "/en/privacy", f"/en/calendars/events/{event.id}.ics", "/calendar/public.ics",
        "/assets/site.css", "/en/nothing",
    ):  # fmt: skip
        assert "Set-Cookie" not in client.get(path).headers, path


@pytest.mark.parametrize("path", ["/en/", "/zh/", "/en/privacy", "/en/calendars", "/en/events"])
def test_page_answers_head_as_get(client, path):
    got, head = client.get(path), client.head(path)
    assert head.status_code == got.status_code == 200
    assert head.data == b""
    assert head.headers["Content-Type"] == got.headers["Content-Type"]


def test_assets_keep_for_a_year_under_their_own_name(client):
    page = client.get_page("/en/")
    addresses = {str(tag["href"]) for tag in page.all("link[href^='/assets/']")}
    addresses |= {str(tag["src"]) for tag in page.all("script[src^='/assets/']")}
    addresses |= {str(tag["href"]).partition("#")[0] for tag in page.all("use[href]")}
    assert len(addresses) == 4
    for address in addresses:
        answer = client.get(address, buffered=True)
        assert answer.status_code == 200, address
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable", address
        assert "Cookie" not in answer.headers.get("Vary", ""), address


@pytest.mark.parametrize(
    "path",
    [
        "/assets/css/tokens.css",
        "/assets/../config.py",
        "/assets/%2e%2e/config.py",
        "/assets/..%2fconfig.py",
        "/assets/js",
        "/assets/js/none.js",
        "/assets/%00",
    ],
)
def test_assets_give_nothing_else(client, path):
    assert client.get(path).status_code == 404
