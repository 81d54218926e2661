"""The language is the first part of the path; addresses without it lead to the right one."""

import pytest

from hub.i18n import LANGUAGES
from tests.factories import make_sign_up, make_user
from tests.people import BOB
from tests.web.test_tickets import ticket_path


def where(client, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 302
    assert {part.strip() for part in answer.headers["Vary"].split(",")} >= {
        "Accept-Language", "Cookie",
    }  # fmt: skip
    assert "max-age" not in answer.headers.get("Cache-Control", "")
    return answer.headers["Location"]


@pytest.mark.parametrize(
    ("accept", "code"),
    [
        ("en", "en"), ("zh", "zh"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("zh-Hans", "zh"),
        ("en-US,en;q=0.9,zh;q=0.1", "en"), ("fr,zh;q=0.5", "zh"), ("sw", "en"), ("", "en"),
        ("*", "en"), ("zh-TW", "zh"),
    ],
)  # fmt: skip
def test_address_without_language_follows_the_browser(client, event, accept, code):
    path = f"/events/{event.id}"
    assert where(client, path, **{"Accept-Language": accept}) == f"/{code}{path}"


def test_cookie_outranks_the_browser(client, event):
    client.set_cookie("lang", "zh")
    assert where(client, "/events", **{"Accept-Language": "en"}) == "/zh/events"


@pytest.mark.parametrize("cookie", ["xx", "", "ru", "../..", "zh;en", "%00"])
def test_cookie_that_cannot_be_read_is_passed_over(client, cookie):
    client.set_cookie("lang", cookie)
    assert where(client, "/events", **{"Accept-Language": "zh"}) == "/zh/events"


def test_account_outranks_the_cookie(client, community):
    client.log_in(make_user("zhang", community=community, language="zh"))
    client.set_cookie("lang", "en")
    assert where(client, "/events", **{"Accept-Language": "en"}) == "/zh/events"


def test_home_without_language(client):
    assert where(client, "/") == "/en/"


@pytest.mark.parametrize(
    "query", ["?q=a%20b&day=2026-12-05", "?q=%E9%A5%BA%E5%AD%90", "?q=%00&q=2"]
)
def test_query_is_kept(client, query):
    assert where(client, f"/events{query}") == f"/en/events{query}"


def test_ticket_without_language_leads_to_the_ticket(client, event):
    path = ticket_path(make_sign_up(event, BOB))
    assert where(client, path.removeprefix("/en")) == path


def test_unknown_address_is_not_sent_round(client):
    client.get_page("/nothing", 404)
    client.get_page("/calendar", 404)


def test_form_without_language_is_not_sent_round(client, event):
    client.post_page(f"/events/{event.id}/sign-up", {}, 404)


@pytest.mark.parametrize("path", ["//evil.example/events", "/\\evil.example", "/%2F/evil.example"])
def test_nobody_is_sent_elsewhere(client, path):
    location = client.get(path).headers.get("Location", "/")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


# --- the language menu --------------------------------------------------------------------


def languages(page) -> dict[str, str]:
    return {str(a["hreflang"]): str(a["href"]) for a in page.all("header a[hreflang]")}


@pytest.mark.parametrize(
    "rest",
    [
        "", "events", "events?q=a%20b&kind=culture", "events?q=%E9%A5%BA",
        "events/month?month=2026-12", "events/{id}", "events/{id}/sign-up", "calendars", "privacy",
        "account/login?next=%2Fen%2Fdesk",
        "?from=poster",
    ],
)  # fmt: skip
def test_menu_leads_to_the_same_page_with_the_same_query(client, event, rest):
    rest = rest.format(id=event.id)
    page = client.get_page(f"/en/{rest}")
    assert languages(page) == {"en": f"/en/{rest}", "zh-Hans": f"/zh/{rest}"}
    there = client.get_page(languages(page)["zh-Hans"])
    assert there.one("html")["lang"] == "zh-Hans"
    assert languages(there)["en"] == f"/en/{rest}"


def test_menu_marks_the_language_of_the_page_in_its_own_script(client):
    page = client.get_page("/zh/")
    (current,) = [a for a in page.all("header a[hreflang]") if a.get("aria-current")]
    assert (current.get_text(), current["lang"]) == ("简体中文", "zh-Hans")


def test_menu_of_an_answered_form_leads_to_a_page(client, event):
    booked = make_sign_up(event, BOB)
    client.get_page(ticket_path(booked))
    page = client.post_page(ticket_path(booked) + "/party-size", {}, 422)
    assert languages(page)["zh-Hans"] == ticket_path(booked, "zh")


@pytest.mark.parametrize(
    ("path", "up"),
    [("/en/nothing?x=1", ""), ("/en/events/x", "events"), ("/en/events/1/nothing/2", "events/1")],
)
def test_menu_of_an_unknown_address_leads_to_the_nearest_page(client, path, up):
    page = client.get_page(path, 404)
    assert languages(page) == {"en": f"/en/{up}", "zh-Hans": f"/zh/{up}"}


@pytest.mark.parametrize("code", ["en", "zh"])
def test_page_says_its_language_and_direction(client, code):
    page = client.get_page(f"/{code}/")
    assert (page.one("html")["lang"], page.one("html")["dir"]) == (
        LANGUAGES[code].tag, LANGUAGES[code].direction,
    )  # fmt: skip


def test_page_reads_in_its_own_language_whatever_browser_and_cookie_say(client, event):
    client.set_cookie("lang", "zh")
    page = client.get_page(f"/en/events/{event.id}", **{"Accept-Language": "zh"})
    assert page.one("h1").get_text() == "Dumplings for all"
    page = client.get_page(f"/zh/events/{event.id}", **{"Accept-Language": "en"})
    assert page.one("h1").get_text() == "一起包饺子"
