"""The neighbour festival from the first stall to the last certificate, in a real Chromium."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from hub.enums import EventKind
from tests import factories
from tests.conftest import NOON
from tests.e2e import steps
from tests.e2e.conftest import DESKTOP, PHONE, Open, Watch
from tests.e2e.server import Site, running_site
from tests.e2e.test_people import follow, press, said
from tests.service_factories import make_activity, make_assistant

SCRIPTS = pytest.mark.parametrize("js", [True, False], ids=["with scripts", "without scripts"])
STARTS = NOON + timedelta(hours=3)  # 15:00 in Hangzhou
ALICE, SUE = "alice@staff.example.com", "sue@staff.example.com"


@pytest.fixture
def festival(worker: str, js: bool) -> Iterator[tuple[Site, int]]:
    """A site with a festival today, staff and two assistants; and the event's id."""
    with running_site(f"festival_{worker}_{js}", NOON) as site:
        with site.database():
            community = factories.make_community("heyuan")
            venue = factories.make_venue(community)
            factories.make_user("alice", community=community)
            factories.make_user("sue")
            for name in ("nadia", "omar"):
                make_assistant(name, community)
            make_activity("festival", en="Helping at a festival", zh="活动协助")
            event_id = factories.make_event(
                venue=venue, kind=EventKind.FESTIVAL, starts_at=STARTS,
                ends_at=STARTS + timedelta(hours=2), title="Neighbour festival",
            ).id  # fmt: skip
        yield site, event_id


def enter(page: Page, address: str, to: str = "me") -> Page:
    steps.log_in(page, address, to=to)
    return page


def make_stall(page: Page, event_id: int) -> str:
    """The staff of the community add a stall to the festival; returns the address of the duty."""
    page.goto(f"/en/desk/duties/new?event={event_id}")
    page.get_by_label("Title").first.fill("Tea stall")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(lambda url: "/new" not in url)
    if not page.url.rstrip("/").rpartition("/")[2].isdigit():
        follow(page, "Tea stall")
    steps.heading(page, "Tea stall")
    return page.url


@SCRIPTS
def test_festival_from_the_stall_to_the_certificate(
    festival: tuple[Site, int], open_page: Open, watch: Watch, js: bool
) -> None:
    watch.allow("status of 4(04|22)")  # a guessed code
    site, event_id = festival
    alice = enter(open_page(site, js=js, size=DESKTOP), ALICE, to="desk")
    nadia, omar = (
        enter(open_page(site, js=js, size=PHONE), f"{name}@staff.example.com")
        for name in ("nadia", "omar")
    )

    desk = make_stall(alice, event_id)
    number = desk.rpartition("/")[2]
    duty = f"/en/service/duties/{number}"
    alice.locator("li", has_text="Nadia").get_by_role("button", name="Offer").click()
    expect(alice.locator("main")).to_contain_text("Offered")

    # Nobody is on it before they say so themselves (rule 7); then another takes it over.
    nadia.goto("/en/service")
    press(nadia, "Accept Tea stall")
    said(nadia, "The duty is yours")
    press(nadia, "Ask others to take over")
    said(nadia, "Until somebody does, the duty is yours")
    omar.goto(duty)
    press(omar, "Take it over")
    said(omar, "You have taken over the duty")
    nadia.goto(duty)
    expect(nadia.locator("main")).to_contain_text("Released")

    # Half an hour before it is too early; then one tap in, one tap out.
    omar.goto("/en/service")
    expect(omar.get_by_role("button", name="I am here: check in")).to_have_count(0)
    site.moment = STARTS - timedelta(minutes=4)
    omar.goto("/en/service")
    press(omar, "I am here: check in")
    said(omar, "You are checked in")
    site.moment = STARTS + timedelta(hours=2)
    omar.goto("/en/service")
    press(omar, "I am leaving: check out")
    said(omar, "Your time waits for approval")
    omar.goto("/en/service/hours")
    expect(omar.locator("main")).to_contain_text("2 h 4 min")

    # Approval at the desk, in bulk; the certificate comes from the office.
    alice.goto("/en/desk/records?tick=all")
    press(alice, "Approve the ticked ones")
    expect(alice.locator("main")).to_contain_text("Nothing waits")
    sue = enter(open_page(site, js=js, size=DESKTOP), SUE, to="desk")
    sue.goto("/en/desk/people?q=omar")
    follow(sue, "Omar")
    follow(sue, "certificate")
    press(sue, "Issue the certificate")
    expect(sue.locator("main")).to_contain_text("Valid")

    omar.goto("/en/service/certificates")
    follow(omar, "2 h")
    follow(omar, "What others see who check it")
    eve = open_page(site, js=js, size=PHONE)
    eve.goto(omar.url)
    expect(eve.locator("main")).to_contain_text("This certificate is valid.")
    expect(eve.locator("main")).to_contain_text("O***")
    expect(eve.locator("main")).not_to_contain_text("Omar")
    eve.goto("/en/certificates")
    eve.locator("main input[name=code]").fill("0000-0000-0000-000")
    eve.locator("main form button[type=submit]").first.click()
    expect(eve.locator("main")).not_to_contain_text("This certificate is valid.")
