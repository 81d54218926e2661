"""The desk of people in a real Chromium: invited, let in, given and taken roles; and consents."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from hub.enums import StaffRole
from hub.models import Community
from tests import factories
from tests.conftest import NOON
from tests.e2e import steps
from tests.e2e.conftest import PHONE, Open, Watch
from tests.e2e.server import Site, running_site
from tests.factories import PASSWORD

SCRIPTS = pytest.mark.parametrize("js", [True, False], ids=["with scripts", "without scripts"])
ADA, PAN = "ada@staff.example.com", "pan@staff.example.com"


@pytest.fixture(scope="module")
def people_site(worker: str) -> Iterator[Site]:
    """Two communities with an event each, an administrator and a police officer."""
    with running_site(f"people_{worker}", NOON) as running:
        with running.database():
            factories.make_user("ada", role=StaffRole.ADMIN)
            factories.make_user("pan", role=StaffRole.POLICE)
            for name in ("Heyuan", "Dongyue"):
                _make_event(factories.make_community(name.lower(), en=name, zh=name), name)
        yield running


def _make_event(community: Community, name: str) -> None:
    factories.make_event(venue=factories.make_venue(community), title=f"Evening in {name}")


def press(page: Page, words: str) -> None:
    page.locator("main").get_by_role("button", name=words, exact=True).click()


def follow(page: Page, words: str) -> None:
    page.locator("main").get_by_role("link", name=words).first.click()


def said(page: Page, words: str) -> None:
    expect(page.locator("#flash")).to_contain_text(words)


def invite_to_heyuan(page: Page) -> str:
    """The administrator writes an invitation; returns its link, which is shown once."""
    page.goto("/en/desk/invitations")
    follow(page, "Invite somebody")
    page.locator("#role").select_option("staff")
    page.locator("#community_id").select_option(label="Heyuan")
    press(page, "Write the invitation")
    link = page.locator(".copy-text__value").input_value()
    page.reload()
    expect(page.locator(".copy-text__value")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("The link was shown once")
    return link


def make_account(page: Page, link: str, name: str, address: str) -> None:
    page.goto(link)
    steps.heading(page, "Set up your account")
    expect(page.locator("main")).to_contain_text("Heyuan")
    page.locator("#name").fill(name)
    page.locator("#email").fill(address)
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    press(page, "Make my account")


def register(page: Page, site: Site, name: str, address: str) -> None:
    """A confirmed account that nobody invited, logged in."""
    with site.database(), factories.unit_of_work():
        factories.create_user(email=address, name=name, password=PASSWORD, language="en")
    page.goto("/en/account/login")
    page.locator("#email").fill(address)
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/en/me")


def find_person(page: Page, name: str, js: bool) -> None:
    """From the list of people to the page of one of them."""
    page.goto("/en/desk/people")
    page.locator("#q").fill(name)
    if not js:
        press(page, "Show")
    expect(page.locator("#people-list .desk-row")).to_have_count(1)
    page.locator("#people-list").get_by_role("link", name=name).click()
    steps.heading(page, name)


@SCRIPTS
def test_staff_is_invited_and_sees_only_their_community(
    people_site: Site, open_page: Open, watch: Watch, js: bool
) -> None:
    watch.allow("status of 4(04|10)")
    name, address = f"Nora {js}", f"nora.{js}@example.com".lower()
    ada = open_page(people_site, js=js)
    steps.log_in(ada, ADA)
    link = invite_to_heyuan(ada)

    nora = open_page(people_site, size=PHONE, js=js)
    make_account(nora, link, name, address)
    said(nora, "One step is left")
    nora.goto(steps.last_link(people_site, address))
    said(nora, "Your e-mail address is confirmed.")
    steps.log_in(nora, address)
    nora.goto("/en/desk/events")
    expect(nora.locator("main")).to_contain_text("Evening in Heyuan")
    expect(nora.locator("main")).not_to_contain_text("Evening in Dongyue")
    other = steps.event_called(people_site, "Evening in Dongyue")
    for path in (f"desk/events/{other}", "desk/invitations", "desk/settings", "desk/audit"):
        answer = nora.goto(f"/en/{path}")
        assert answer is not None
        assert answer.status == 404, path
    answer = open_page(people_site, js=js).goto(link)
    assert answer is not None
    assert answer.status in (404, 410), "the link works once"
    ada.goto("/en/desk/invitations")
    expect(ada.locator("main")).to_contain_text(name)


@SCRIPTS
def test_role_is_given_and_taken_away_again(
    people_site: Site, open_page: Open, watch: Watch, js: bool
) -> None:
    watch.allow("status of 4(04|22)")
    name = f"Rosa {js}"
    rosa = open_page(people_site, js=js)
    register(rosa, people_site, name, f"rosa.{js}@example.com".lower())
    expect(rosa.locator("header").get_by_role("link", name="Desk")).to_have_count(0)

    ada = open_page(people_site, js=js)
    steps.log_in(ada, ADA)
    find_person(ada, name, js)
    follow(ada, "Give a role")
    ada.locator("#role").select_option("staff")
    ada.locator("#community_id").select_option(label="Dongyue")
    press(ada, "Give the role")
    said(ada, "The role is given.")

    rosa.goto("/en/desk/events")
    expect(rosa.locator("main")).to_contain_text("Evening in Dongyue")
    expect(rosa.locator("main")).not_to_contain_text("Evening in Heyuan")

    follow(ada, "Take away")
    press(ada, "Take the role away")
    expect(ada.locator(".error-summary")).to_contain_text("Say why.")
    ada.locator("#reason").fill("The term is over.")
    press(ada, "Take the role away")
    said(ada, "The role is taken away.")
    answer = rosa.goto("/en/desk/events")
    assert answer is not None
    assert answer.status == 404
    ada.goto("/en/desk/audit")
    expect(ada.locator("main")).to_contain_text("The term is over.")


@SCRIPTS
def test_consent_that_is_taken_back_closes_the_door_at_once(
    people_site: Site, open_page: Open, watch: Watch, js: bool
) -> None:
    watch.allow("status of 404")
    name = f"Liu {js}"
    liu = open_page(people_site, size=PHONE, js=js)
    register(liu, people_site, name, f"liu.{js}@example.com".lower())
    pan = open_page(people_site, js=js)
    steps.log_in(pan, PAN)
    pan.goto("/en/desk/people")
    expect(pan.locator("#people-list")).not_to_contain_text(name)

    liu.goto("/en/me/consents")
    expect(liu.locator("main input[type=checkbox]:checked")).to_have_count(0)
    liu.locator("#police_trainers").check()
    press(liu, "Save what I allow")
    said(liu, "Saved. It holds from now on.")
    find_person(pan, name, js)
    expect(pan.locator("main")).not_to_contain_text("Roles at the desk")

    liu.locator("#police_trainers").uncheck()
    press(liu, "Save what I allow")
    said(liu, "Saved. It holds from now on.")
    expect(liu.locator("main")).to_contain_text("you took it back on")
    answer = pan.reload()
    assert answer is not None
    assert answer.status == 404
    pan.goto("/en/desk/people")
    expect(pan.locator("#people-list")).not_to_contain_text(name)


@SCRIPTS
def test_language_that_is_switched_off_leads_on(
    people_site: Site, open_page: Open, js: bool
) -> None:
    ada, guest = open_page(people_site, js=js), open_page(people_site, js=js)
    steps.log_in(ada, ADA)
    ada.goto("/en/desk/settings")
    box = ada.locator("input[name=languages][value=zh]")
    box.uncheck()
    press(ada, "Save the settings")
    said(ada, "The settings are saved.")
    try:
        guest.goto("/zh/events")
        assert guest.url == f"{people_site.url}/en/events"
        expect(guest.locator("header [lang=zh-Hans]")).to_have_count(0)
    finally:
        box.check()
        press(ada, "Save the settings")
        expect(box).to_be_checked()
    guest.goto("/zh/events")
    assert guest.url == f"{people_site.url}/zh/events"
