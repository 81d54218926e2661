"""Every page, in both languages, light and dark, on a desk and on a phone: usable by everybody."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from hub.services.accounts import invite_administrator
from hub.transaction import unit_of_work
from tests import factories
from tests.conftest import NOON
from tests.e2e import crawl, steps
from tests.e2e.conftest import AXE, DESKTOP, HERE, PHONE, Open, Watch, in_language
from tests.e2e.server import Site, running_site

LOOK = (HERE / "look.js").read_text()
NARROW = {"width": 320, "height": 640}
EVERY_RULE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# The dark pages have the same structure: only their colours are others.
COLOURS = {
    "resultTypes": ["violations"],
    "runOnly": ["color-contrast", "link-in-text-block"],
}
# Pages on which the main form is sent empty, so that all its errors show.
FORMS = {
    "signups.new open": "#sign-up-form form",
    "security.login": "main form",
    "desk_events.new": "main form:has([name=capacity])",
    "desk_signups.new": "main form",
    "desk_places.new_venue": "main form",
    "desk_places.new_community": "main form",
    "desk_events.cancel": "main form",
}

EMPTY = (
    *("desk", "desk/events", "desk/events/new", "desk/venues", "desk/communities"),
    *("", "events", "events/month", "calendars"),
)
INVALID = "status of 422"


def test_the_crawl_finds_every_page(demo_site: Site, demo_pages: dict[str, str]) -> None:
    """Each GET endpoint that answers with a page was looked at."""
    looked_at = {kind.split()[0] for kind in demo_pages}
    # Files, and the page of a site without an administrator, which has its own test.
    others = {"asset", "site_css", "feeds.public", "accounts.set_up"}
    expected = {
        rule.endpoint
        for rule in demo_site.app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.endpoint.startswith("security.")
        and not rule.rule.endswith(".ics")
        and rule.endpoint not in others
    }
    renamed = {"signups.confirm_cancel": "signups.cancel"}
    assert {renamed.get(name, name) for name in expected} <= looked_at


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_are_usable_by_everybody(
    demo_site: Site,
    demo_pages: dict[str, str],
    open_page: Open,
    watch: Watch,
    language: str,
    scheme: str,
    size: tuple[int, int],
) -> None:
    watch.allow("status of 4(04|22)")
    page = open_page(demo_site, size=size, scheme=scheme, language=language)
    steps.log_in(page, crawl.ADMIN_EMAIL, crawl.ADMIN_PASSWORD, language)
    complaints = []
    for kind, address in demo_pages.items():
        page.goto(in_language(address, language))
        complaints += _look(page, kind, scheme, size)
        if kind in FORMS:
            _send_empty(page, FORMS[kind])
            complaints += _look(page, f"{kind} with errors", scheme, size)
    complaints += _as_a_visitor(demo_site, demo_pages, open_page, language, scheme, size)
    assert not complaints, f"{len(complaints)} complaints:\n" + "\n".join(complaints)


def _as_a_visitor(
    site: Site,
    demo_pages: dict[str, str],
    open_page: Open,
    language: str,
    scheme: str,
    size: tuple[int, int],
) -> Iterator[str]:
    """What looks different to somebody who is not logged in."""
    page = open_page(site, size=size, scheme=scheme, language=language)
    for kind in ("site.home", "events.show open"):
        page.goto(in_language(demo_pages[kind], language))
        yield from _look(page, f"{kind} for a visitor", scheme, size)
    page.goto(f"/{language}/account/login")
    yield from _look(page, "security.login", scheme, size)
    page.locator("main form button[type=submit]").click()
    page.locator(".error-summary").wait_for()
    yield from _look(page, "security.login with errors", scheme, size)


def _send_empty(page: Page, form: str) -> None:
    boxes = page.locator(f"{form} >> input:not([type=hidden], [type=checkbox], [type=radio])")
    for box in boxes.all():
        if box.is_visible():
            box.fill("")
    if "sign-up" in page.url:
        steps.read_the_form(page)
    page.locator(f"{form} >> button[type=submit]").last.click()
    page.locator(".error-summary").first.wait_for()


def _look(page: Page, kind: str, scheme: str, size: tuple[int, int]) -> Iterator[str]:
    """What is wrong with the page that is open."""
    page.evaluate(AXE.read_text())
    rules = EVERY_RULE if scheme == "light" else COLOURS
    for violation in page.evaluate("(rules) => axe.run(rules)", rules)["violations"]:
        for node in violation["nodes"][:3]:
            why = node["failureSummary"].replace("\n", " ")[:300]
            yield f"{kind}: {violation['id']}: {node['html'][:160]} {why}"
    if scheme == "dark":
        return
    page.evaluate(LOOK)
    checks = ["overflow", "clipped", "targets"]
    yield from _complaints(page, kind, checks)
    if size == PHONE:
        page.set_viewport_size(NARROW)
        yield from _complaints(page, f"{kind} at 320", ["overflow", "clipped"])
        page.set_viewport_size({"width": size[0], "height": size[1]})


def _complaints(page: Page, kind: str, checks: list[str]) -> Iterator[str]:
    for check in checks:
        for complaint in page.evaluate(f"look.{check}()"):
            yield f"{kind}: {check}: {complaint}"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_empty_site_is_usable_too(
    worker: str, open_page: Open, watch: Watch, size: tuple[int, int]
) -> None:
    """The first steps of an administrator, and what visitors see before there is anything."""
    watch.allow(INVALID)
    complaints = []
    with running_site(f"e2e_empty_{worker}_{size[0]}", NOON) as site:
        with site.database(), unit_of_work():
            token = invite_administrator()
        page = open_page(site, size=size)
        page.goto(f"/en/account/set-up/{token}")
        complaints += _look(page, "accounts.set_up", "light", size)
        _send_empty(page, "main form")
        complaints += _look(page, "accounts.set_up with errors", "light", size)
        page.locator("#name").fill("Ada")
        page.locator("#email").fill("ada@staff.example.com")
        page.locator("#password").fill(factories.PASSWORD)
        page.locator("#again").fill(factories.PASSWORD)
        page.locator("main form button[type=submit]").click()
        page.wait_for_url("**/login")
        steps.log_in(page, "ada@staff.example.com")
        for path in EMPTY:
            page.goto(f"/en/{path}")
            complaints += _look(page, f"empty {path}", "light", size)
        page.context.close()
    assert not complaints, "\n".join(complaints)


def test_the_page_of_a_fault_of_ours_is_readable(
    demo_site: Site, open_page: Open, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise RuntimeError("a fault of ours")

    watch.allow("status of 500", "^500 ")
    monkeypatch.setitem(demo_site.app.view_functions, "site.privacy", fail)
    page = open_page(demo_site, size=PHONE)
    page.goto("/en/privacy")
    steps.heading(page, "Something went wrong · 出了点问题")
    complaints = list(_look(page, "error 500", "light", PHONE))
    assert not complaints, "\n".join(complaints)


def test_the_ticket_prints_on_one_page(
    demo_site: Site, demo_pages: dict[str, str], open_page: Open
) -> None:
    page = open_page(demo_site)
    page.goto(demo_pages["signups.show confirmed False"])
    sheets = page.pdf(format="A4").count(b"/Type /Page\n")
    assert sheets == 1
