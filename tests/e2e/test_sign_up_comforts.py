"""Signing up when something goes wrong: nothing typed is lost, nobody signs up twice."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.e2e import steps
from tests.e2e.conftest import HTMX, PHONE, Open, Watch
from tests.e2e.server import FORM_MIN_SECONDS, Site

JS = pytest.mark.parametrize("js", [True, False], ids=["js", "nojs"])
INVALID = "status of 422"


@pytest.fixture
def event_id(site: Site) -> int:
    with site.database():
        return factories.make_event(capacity=10).id


def _typed(page: Page) -> tuple[str, str, str, bool]:
    return (
        page.locator("#name").input_value(),
        page.locator("#contact").input_value(),
        page.locator("#party_size").input_value(),
        page.locator("#agreed").is_checked(),
    )


@JS
def test_what_was_typed_survives_an_invalid_form(
    site: Site, open_page: Open, watch: Watch, event_id: int, js: bool
) -> None:
    watch.allow(INVALID)
    page = open_page(site, size=PHONE, js=js)
    steps.open_sign_up(page, event_id)
    steps.fill_sign_up(page, "Bob Kamau", "not a contact", 3)
    steps.send_sign_up(page)
    expect(page.locator(".error-summary")).to_be_visible()
    assert _typed(page) == ("Bob Kamau", "not a contact", "3", True)
    page.locator("#contact").fill("bob@example.com")
    steps.send_sign_up(page)
    page.wait_for_url("**/tickets/**")
    steps.heading(page, "Your place is confirmed")


@JS
def test_what_was_typed_survives_an_expired_token(
    site: Site, open_page: Open, watch: Watch, event_id: int, js: bool
) -> None:
    watch.allow(INVALID)
    page = open_page(site, js=js)
    steps.open_sign_up(page, event_id)
    steps.fill_sign_up(page, "Bob Kamau", "bob@example.com", 2)
    page.context.clear_cookies()
    steps.send_sign_up(page)
    expect(page.locator(".error-summary")).to_contain_text("open for too long")
    assert _typed(page) == ("Bob Kamau", "bob@example.com", "2", True)
    steps.send_sign_up(page)
    page.wait_for_url("**/tickets/**")
    assert steps.sign_ups(site, event_id) == 1


def test_who_sends_at_once_is_asked_to_look_again(
    site: Site, open_page: Open, watch: Watch, event_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.allow(INVALID)
    monkeypatch.setitem(site.app.config, "FORM_MIN_SECONDS", 600)
    page = open_page(site)
    steps.open_sign_up(page, event_id)
    steps.fill_sign_up(page, "Bob Kamau", "bob@example.com", 2)
    steps.send_sign_up(page)
    expect(page.locator(".error-summary")).to_contain_text("That was very quick.")
    assert _typed(page) == ("Bob Kamau", "bob@example.com", "2", True)
    monkeypatch.setitem(site.app.config, "FORM_MIN_SECONDS", FORM_MIN_SECONDS)
    steps.send_sign_up(page)
    page.wait_for_url("**/tickets/**")


@JS
def test_signing_up_again_is_answered_kindly(
    site: Site, open_page: Open, event_id: int, js: bool
) -> None:
    first = open_page(site, js=js)
    steps.sign_up(first, event_id, "Bob Kamau", "bob@example.com")
    again = open_page(site, js=js)
    steps.open_sign_up(again, event_id)
    steps.fill_sign_up(again, "Bob K.", "BOB@example.com", 2)
    steps.send_sign_up(again)
    expect(again.get_by_text("This contact is signed up for the event already.")).to_be_visible()
    assert "Bob Kamau" not in again.content(), "nothing is said about the first sign-up"
    assert steps.sign_ups(site, event_id) == 1


@JS
def test_a_double_click_signs_up_once(site: Site, open_page: Open, event_id: int, js: bool) -> None:
    page = open_page(site, js=js)
    steps.open_sign_up(page, event_id)
    steps.fill_sign_up(page, "Bob Kamau", "bob@example.com", 2)
    steps.read_the_form(page)
    page.locator("#sign-up-form button[type=submit]").dblclick()
    if js:  # app.js lets a form go only once
        page.wait_for_url("**/tickets/**")
        steps.heading(page, "Your place is confirmed")
    else:
        words = re.compile("Your place is confirmed|Good to see you again")
        expect(page.locator("h1")).to_have_text(words)
    assert steps.sign_ups(site, event_id) == 1


def test_after_a_refusal_the_focus_goes_to_the_summary(
    site: Site, open_page: Open, watch: Watch, event_id: int
) -> None:
    watch.allow(INVALID)
    page = open_page(site, size=PHONE)
    steps.open_sign_up(page, event_id)
    steps.send_sign_up(page)
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary")).to_be_in_viewport()
    page.get_by_role("link", name="Enter your name.").click()
    expect(page.locator("#name")).to_be_focused()
    assert page.locator("#name").get_attribute("aria-invalid") == "true"


def test_without_javascript_the_summary_leads_to_the_fields(
    site: Site, open_page: Open, watch: Watch, event_id: int
) -> None:
    watch.allow(INVALID)
    page = open_page(site, js=False)
    steps.open_sign_up(page, event_id)
    steps.send_sign_up(page)
    link = page.get_by_role("link", name="Enter your name.")
    assert link.get_attribute("href") == "#name"
    expect(link).to_be_in_viewport()


def test_the_keyboard_is_enough(site: Site, open_page: Open, event_id: int) -> None:
    page = open_page(site)
    page.goto(f"/en/events/{event_id}")
    _tab_to(page, "a", "Sign up")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-up")
    page.wait_for_load_state()
    for field, text in (("name", "Bob Kamau"), ("contact", "138 1234 5678"), ("party_size", "2")):
        _tab_to(page, f"#{field}")
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type(text)
    _tab_to(page, "#agreed")
    page.keyboard.press("Space")
    _tab_to(page, "button", "Sign up")
    steps.read_the_form(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/tickets/**")
    expect(page.get_by_text("We keep 2 places for you.")).to_be_visible()


def test_the_skip_link_leads_past_the_navigation(
    site: Site, open_page: Open, event_id: int
) -> None:
    page = open_page(site)
    page.goto(f"/en/events/{event_id}")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def _tab_to(page: Page, selector: str, words: str = "", most: int = 40) -> None:
    """Press Tab until the focus is on the element; each stop on the way can be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """([selector, words]) => {
                const here = document.activeElement;
                const line = [null, "::after"].map((part) => {
                    const style = getComputedStyle(here, part);
                    return style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
                });
                const box = here.getBoundingClientRect();
                return {
                    seen: Math.max(...line) >= 2 && box.width > 0 && box.left >= 0,
                    tag: here.outerHTML.slice(0, 120),
                    there: here.matches(selector) && here.textContent.trim().startsWith(words),
                };
            }""",
            [selector, words],
        )
        assert found["seen"], f"the focus cannot be seen on {found['tag']}"
        if found["there"]:
            return
    raise AssertionError(f"{most} times Tab, and never on {selector} {words}")


def test_a_cut_connection_keeps_the_text_and_says_so(
    site: Site, open_page: Open, watch: Watch, event_id: int
) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED", "Failed to fetch")
    page = open_page(site, size=PHONE)
    steps.open_sign_up(page, event_id)
    steps.fill_sign_up(page, "Bob Kamau", "bob@example.com", 4)
    page.context.set_offline(True)
    steps.send_sign_up(page)
    expect(page.locator("#flash")).to_contain_text("That could not be sent.")
    expect(page.locator("#flash .notice")).to_be_in_viewport()
    assert _typed(page) == ("Bob Kamau", "bob@example.com", "4", True)
    page.context.set_offline(False)
    page.locator("#sign-up-form button[type=submit]").click()
    page.wait_for_url("**/tickets/**")
    assert steps.sign_ups(site, event_id) == 1


def test_what_was_typed_survives_a_reload(site: Site, open_page: Open, event_id: int) -> None:
    page = open_page(site)
    steps.open_sign_up(page, event_id)
    steps.fill_sign_up(page, "Bob Kamau", "bob@example.com", 4)
    page.reload()
    assert _typed(page) == ("Bob Kamau", "bob@example.com", "4", True)
    steps.send_sign_up(page)
    page.wait_for_url("**/tickets/**")
    steps.open_sign_up(page, event_id)
    assert _typed(page) == ("", "", "1", False), "what was sent is forgotten"


@pytest.mark.parametrize("wrong", ["changed", "empty"])
def test_a_changed_htmx_is_refused_and_the_page_works_without(
    site: Site, open_page: Open, watch: Watch, event_id: int, wrong: str
) -> None:
    """The checksum in the page is compared with what the CDN really sends."""
    watch.allow("integrity", "Failed to load resource: net::ERR_FAILED")
    library = HTMX.read_bytes()
    page = open_page(site, htmx=library + b" " if wrong == "changed" else b"")
    page.goto("/en/events")
    assert page.evaluate("typeof htmx") == "undefined"
    page.get_by_label("Search").fill("Dumplings")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**q=Dumplings*")
    steps.sign_up(page, event_id, "Bob Kamau", "bob@example.com")
    steps.heading(page, "Your place is confirmed")


def test_the_unchanged_htmx_is_taken(site: Site, open_page: Open) -> None:
    page = open_page(site)
    page.goto("/en/events")
    assert page.evaluate("typeof htmx") == "object"


def test_back_restores_the_list(site: Site, open_page: Open) -> None:
    with site.database():
        titles = ["Zither evening", "Zither morning", "Yoga in the park"]
        for title in titles:
            factories.make_event(title=title)
    page = open_page(site)
    page.goto("/en/events")
    cards = page.locator("#event-list .event-card")
    all_cards = cards.count()
    page.get_by_label("Search").fill("Zither")
    expect(cards).to_have_count(2)
    page.get_by_label("Search").fill("Zither m")
    expect(cards).to_have_count(1)
    page.get_by_role("link", name="Zither morning").click()
    steps.heading(page, "Zither morning")
    page.go_back()
    expect(cards).to_have_count(1)
    expect(page.get_by_label("Search")).to_have_value("Zither m")
    page.go_back()
    expect(cards).to_have_count(2)
    expect(page.get_by_label("Search")).to_have_value("Zither")
    page.go_back()
    expect(cards).to_have_count(all_cards)
    expect(page.get_by_label("Search")).to_have_value("")
    page.go_forward()
    expect(cards).to_have_count(2)
    steps.heading(page, "Events")


def test_a_party_is_changed_on_the_ticket(
    site: Site, open_page: Open, watch: Watch, event_id: int
) -> None:
    watch.allow("status of 422", "status of 409")
    page = open_page(site, size=PHONE)
    steps.sign_up(page, event_id, "Bob Kamau", "bob@example.com", 2)
    page.locator("#party_size").fill("99")
    page.get_by_role("button", name="Change").click()
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator("#party_size").fill("3")
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_text("We keep 3 places for you.")).to_be_visible()
