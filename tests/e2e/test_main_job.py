"""The main job from end to end: an event is written, published, found, full, waited for, joined."""

import re
from datetime import timedelta
from pathlib import Path

import icalendar
import pytest
from playwright.sync_api import Page, expect

from hub import clock
from hub.extensions import db
from hub.models import Event
from tests import factories, people
from tests.conftest import NOON
from tests.e2e import steps
from tests.e2e.conftest import DESKTOP, PHONE, Open
from tests.e2e.server import Site

STARTS = NOON + timedelta(days=12, hours=2)
ENDS = STARTS + timedelta(hours=3)


@pytest.fixture(scope="module")
def staff(site: Site) -> str:
    """A community with a venue, and the e-mail address of its staff member alice."""
    with site.database():
        community = factories.make_community("liangmian", en="Liangmian", zh="两面社区")
        factories.make_venue(community)
        return people.alice(community).email


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("js", [True, False], ids=["js", "nojs"])
def test_from_the_draft_to_the_promoted_guest(
    site: Site, staff: str, open_page: Open, js: bool, size: tuple[int, int], tmp_path: Path
) -> None:
    mark = f"{'js' if js else 'plain'} {size[0]}"
    title = f"Lantern evening {mark}"

    desk = open_page(site, size=size, js=js)
    steps.log_in(desk, staff)
    _write_event(desk, title)
    _publish(desk)
    event_id = steps.event_called(site, title)

    visitor = open_page(site, size=size, js=js)
    _find(visitor, title, js=js)
    expect(visitor.get_by_text("5 of 5 places left")).to_be_visible()
    visitor.get_by_role("link", name="Sign up", exact=True).click()
    steps.fill_sign_up(visitor, "Amina Wanjiru", f"amina-{size[0]}-{js}@example.com", party=2)
    steps.send_sign_up(visitor)
    visitor.wait_for_url("**/tickets/**")
    steps.heading(visitor, "Your place is confirmed")
    expect(visitor.get_by_text("We keep 2 places for you. See you there!")).to_be_visible()
    expect(visitor.locator(".ticket__code svg")).to_be_visible()
    expect(visitor.get_by_label("Your private link")).to_have_value(visitor.url)
    _check_calendar_file(site, visitor, event_id, tmp_path)

    second = open_page(site, size=size, js=js)
    steps.sign_up(second, event_id, "Li Wei", f"liwei-{size[0]}-{js}@example.com", 3)
    steps.heading(second, "Your place is confirmed")

    third = open_page(site, size=size, js=js)
    third.goto(f"/en/events/{event_id}")
    expect(third.get_by_text("Full. The first place on the waiting list is free.")).to_be_visible()
    steps.sign_up(third, event_id, "Youssef Idrissi", f"138{size[0]:04}{int(js):04}", 2)
    steps.heading(third, "You are number 1 on the waiting list")
    fourth = open_page(site, size=size, js=js)
    steps.sign_up(fourth, event_id, "Olga", f"olga-{size[0]}-{js}@example.com")
    steps.heading(fourth, "You are number 2 on the waiting list")

    visitor.get_by_role("link", name="I can’t come").click()
    steps.heading(visitor, "You can’t come?")
    visitor.get_by_role("button", name="Cancel my sign-up").click()
    steps.heading(visitor, "You are not signed up any more")
    expect(visitor.locator("#flash")).to_contain_text("Thank you for telling us")
    third.reload()
    steps.heading(third, "Your place is confirmed")
    fourth.reload()
    steps.heading(fourth, "You are number 1 on the waiting list")

    desk.goto(f"/en/desk/events/{event_id}")
    expect(desk.locator("#desk-event-actions")).to_contain_text("5")
    with site.database():
        event = db.session.get_one(Event, event_id)
        assert (event.seats_taken, event.capacity) == (5, 5)


def _write_event(desk: Page, title: str) -> None:
    """Both languages side by side, then when, where and for how many."""
    desk.get_by_role("main").get_by_role("link", name="New event").first.click()
    english, chinese = desk.locator("[name=text_en-title]"), desk.locator("[name=text_zh-title]")
    english.fill(title)
    chinese.fill("灯笼之夜")
    if (desk.viewport_size or {})["width"] >= 1280:
        left, right = english.bounding_box(), chinese.bounding_box()
        assert left and right
        assert abs(left["y"] - right["y"]) < 2, "the languages stand side by side"
    desk.locator("[name=text_en-description]").fill("Bring **a friend**.")
    desk.locator("[name=text_zh-description]").fill("带上**朋友**。")
    desk.locator("[name=starts_at]").fill(steps.local_input(STARTS))
    desk.locator("[name=ends_at]").fill(steps.local_input(ENDS))
    desk.locator("[name=capacity]").fill("5")
    for language in ("English", "Chinese"):
        desk.get_by_label(language, exact=True).check()
    desk.get_by_role("button", name="Save the draft").click()
    steps.heading(desk, title)
    expect(desk.locator("#flash")).to_contain_text("The draft is saved")
    expect(desk.get_by_text("灯笼之夜").first).to_be_visible()


def _publish(desk: Page) -> None:
    desk.get_by_role("link", name="Publish", exact=True).click()
    desk.get_by_role("button", name="Publish").click()
    expect(desk.locator("#flash")).to_contain_text("The event is published")


def _find(visitor: Page, title: str, *, js: bool) -> None:
    """From the home page through the search to the event."""
    visitor.goto("/en/")
    visitor.get_by_role("link", name="See what is on").click()
    visitor.wait_for_url("**/events")  # whole, its scripts too
    visitor.get_by_label("Search").fill(title)
    if not js:
        visitor.get_by_role("button", name="Show").click()
    cards = visitor.locator("#event-list .event-card")
    expect(cards).to_have_count(1)
    expect(visitor).to_have_url(re.compile("q=Lantern"))
    visitor.get_by_role("link", name=title).click()
    steps.heading(visitor, title)


def _check_calendar_file(site: Site, ticket: Page, event_id: int, folder: Path) -> None:
    with ticket.expect_download() as download:
        ticket.get_by_role("link", name="Add to my calendar").click()
    path = folder / "event.ics"
    download.value.save_as(path)
    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    (entry,) = calendar.walk("VEVENT")
    with site.database():
        event = db.session.get_one(Event, event_id)
        assert entry["UID"] == event.uid
        assert entry.start == clock.to_local(event.starts_at) == STARTS
        assert entry.end == clock.to_local(event.ends_at) == ENDS
        assert entry["SUMMARY"] == event.texts["en"].title
        assert event.venue.text().name in entry["LOCATION"]
    assert entry["STATUS"] == "CONFIRMED"
    assert entry["URL"] == f"{site.url}/en/events/{event_id}"
