"""Every page, in both languages, light and dark, on a desk and on a phone: usable by everybody."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as NotSeen

from hub.extensions import limiter
from hub.services.accounts import invite_administrator
from hub.transaction import unit_of_work
from tests import factories
from tests.conftest import NOON
from tests.e2e import steps
from tests.e2e.conftest import AXE, DESKTOP, HERE, PHONE, Open, Watch, in_language
from tests.e2e.server import Site, running_site
from tests.e2e.visitors import NO_PAGES, Visitor

LOOK = (HERE / "look.js").read_text()
NARROW = {"width": 320, "height": 640}
EVERY_RULE = {"resultTypes": ["violations"]}
# The dark pages have the same structure: only their colours are others.
COLOURS = {
    "resultTypes": ["violations"],
    "runOnly": ["color-contrast", "link-in-text-block"],
}
# Pages on which a form is sent so that its errors show: what is typed into it, all else is empty.
FORMS: dict[str, tuple[str, dict[str, str]]] = {
    "signups.new open": ("#sign-up-form form", {}),
    "signups.data": ("main form:has([name=name])", {}),
    "accounts.set_up": ("main form", {}),
    "security.login": ("main form", {}),
    "security.register": ("main form", {}),
    "security.forgot_password": ("main form", {}),
    "security.send_confirmation": ("main form", {}),
    "security.us_signin": ("main form", {}),
    "security.reset_password": ("main form", {}),
    "security.us_verify": ("main form:has([name=passcode])", {}),
    "security.change_password": ("main form", {}),
    "security.change_email": ("main form", {}),
    "security.mf_recovery": ("main form", {}),
    "security.two_factor_token_validation": ("main form", {}),
    "security.wan_register": ("main form:has(#name)", {}),
    "me.profile": ("main form", {"#phone": "12"}),
    "desk_admin.audit_export": ("main form", {}),
    "desk_admin.invite_new": ("main form", {"#email": "half@"}),
    "desk_admin.settings": ("main form", {}),
    "desk_events.new": ("main form:has([name=capacity])", {}),
    "desk_events.cancel": ("main form", {}),
    "desk_people.paper volunteer": ("main form", {"#valid_until": "2020-02-29"}),
    "desk_people.take": ("main form", {}),
    "desk_people.reset_second_step": ("main form", {}),
    "desk_signups.new": ("main form", {}),
    "desk_places.new_venue": ("main form", {}),
    "desk_places.new_community": ("main form", {}),
    "records.new": ("main form", {}),
    "desk_records.new": ("main form", {}),
    "desk_records.void": ("main form", {}),
    "desk_activities.new": ("main form", {}),
    "desk_questions.new": ("main form", {}),
    "desk_duties.new": ("main form", {}),
    "desk_duties.cancel": ("main form", {}),
    "desk_applications.decline": ("main form", {}),
    "desk_certificates.revoke": ("main form", {}),
    "desk_certificates.inspection": ("main form", {}),
    "talks.ask": ("#ask-form form", {}),
    "desk_topics.new": ("main form", {}),
    "desk_topics.new_material": ("main form", {}),
    "desk_talk_requests.decline": ("main form", {}),
    "door.invite_helper": ("main form", {"#email": "half@"}),
}
NO_BOX = "[type=hidden], [type=checkbox], [type=radio], [type=file], [readonly]"

EMPTY = (
    *("desk", "desk/events", "desk/events/new", "desk/venues", "desk/communities"),
    *("desk/people", "desk/invitations", "desk/audit", "desk/settings"),
    *("", "events", "events/month", "calendars", "me", "me/profile", "me/consents", "me/data"),
)
INVALID = "status of 422"


def test_the_crawl_finds_every_page(demo_site: Site, demo_visitors: list[Visitor]) -> None:
    """Each GET endpoint is looked at by somebody, or is named as no page."""
    looked_at = {kind.split()[0] for visitor in demo_visitors for kind in visitor.pages}
    rules = demo_site.app.url_map.iter_rules()
    endpoints = {rule.endpoint for rule in rules if "GET" in (rule.methods or ())}
    assert endpoints - looked_at - NO_PAGES == set(), "not looked at"
    assert NO_PAGES & looked_at == set(), "named as no page, but looked at"
    assert endpoints >= NO_PAGES, "not there any more"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_are_usable_by_everybody(
    demo_site: Site,
    demo_visitors: list[Visitor],
    open_page: Open,
    watch: Watch,
    language: str,
    size: tuple[int, int],
) -> None:
    """The layout in each language and width; the rules of axe once in each language and once in
    each width; the colours in the dark likewise."""
    watch.allow("status of 4(04|10|22)")
    limiter.reset()
    everything = (language == "en") == (size == PHONE)
    complaints = []
    for visitor in demo_visitors:
        page = open_page(demo_site, size=size, language=language)
        page.context.add_cookies(
            [{"name": n, "value": v, "url": demo_site.url} for n, v in visitor.cookies.items()]
        )
        for kind, address in visitor.pages.items():
            words = f"{kind} for {visitor.name}"
            page.goto(in_language(address, language))
            complaints += _look(page, words, size, everything=everything)
            if kind in FORMS:
                try:
                    _send_empty(page, *FORMS[kind])
                except NotSeen:
                    complaints.append(f"{words}: shows no errors")
                    continue
                complaints += _look(page, f"{words} with errors", size, everything=everything)
        page.context.close()
    assert not complaints, f"{len(complaints)} complaints:\n" + "\n".join(complaints)


def _send_empty(page: Page, form: str, typed: dict[str, str]) -> None:
    for box in page.locator(f"{form} >> input:not({NO_BOX}), {form} textarea").all():
        if box.is_visible():
            box.fill("")
    for selector, words in typed.items():
        page.locator(selector).fill(words)
    if "sign-up" in page.url or "register" in page.url:
        steps.read_the_form(page)
    page.locator(f"{form} >> button[type=submit]").last.click()
    page.locator(".error-summary").first.wait_for(timeout=4000)
    page.wait_for_load_state()


def _look(page: Page, kind: str, size: tuple[int, int], *, everything: bool) -> Iterator[str]:
    """What is wrong with the page that is open."""
    page.evaluate(f"{AXE.read_text()}; {LOOK}")
    if everything:
        page.evaluate("look.unpin()")
        yield from _axe(page, kind, EVERY_RULE)
        page.evaluate("look.pin()")
    yield from _complaints(page, kind, ["overflow", "clipped", "targets"])
    if size == PHONE:
        page.set_viewport_size(NARROW)
        yield from _complaints(page, f"{kind} at 320", ["overflow", "clipped"])
        page.set_viewport_size({"width": size[0], "height": size[1]})
    if not everything:
        page.emulate_media(color_scheme="dark")
        yield from _axe(page, f"{kind} in the dark", COLOURS)
        page.emulate_media(color_scheme="light")


def _axe(page: Page, kind: str, rules: dict[str, object]) -> Iterator[str]:
    for violation in page.evaluate("(rules) => axe.run(rules)", rules)["violations"]:
        for node in violation["nodes"][:3]:
            why = node["failureSummary"].replace("\n", " ")[:300]
            yield f"{kind}: {violation['id']}: {node['html'][:160]} {why}"


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
        complaints += _look(page, "accounts.set_up first", size, everything=True)
        _send_empty(page, "main form", {})
        complaints += _look(page, "accounts.set_up first with errors", size, everything=True)
        page.locator("#name").fill("Ada")
        page.locator("#email").fill("ada@staff.example.com")
        page.locator("#password").fill(factories.PASSWORD)
        page.locator("#again").fill(factories.PASSWORD)
        page.locator("main form button[type=submit]").click()
        page.wait_for_url("**/login")
        steps.log_in(page, "ada@staff.example.com")
        for path in EMPTY:
            page.goto(f"/en/{path}")
            complaints += _look(page, f"empty {path}", size, everything=size == PHONE)
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
    complaints = list(_look(page, "error 500", PHONE, everything=True))
    assert not complaints, "\n".join(complaints)


def test_the_ticket_prints_on_one_page(
    demo_site: Site, demo_pages: dict[str, str], open_page: Open
) -> None:
    page = open_page(demo_site)
    page.goto(demo_pages["signups.show confirmed False"])
    sheets = page.pdf(format="A4").count(b"/Type /Page\n")
    assert sheets == 1
