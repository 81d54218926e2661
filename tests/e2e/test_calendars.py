"""One's own calendar and one's own messages, in a real Chromium."""

import pytest
from playwright.sync_api import Page, expect

from hub.enums import MessageKind
from hub.extensions import db
from hub.models import Message
from hub.services.signups import sign_up
from hub.transaction import unit_of_work
from hub.web.mail_links import unsubscribe_url
from tests import factories
from tests.e2e import steps
from tests.e2e.conftest import PHONE, Open, Watch
from tests.e2e.server import Site

SCRIPTS = pytest.mark.parametrize("js", [True, False], ids=["with scripts", "without scripts"])


def press(page: Page, words: str) -> None:
    page.locator("main").get_by_role("button", name=words, exact=True).click()


@SCRIPTS
def test_private_calendar_is_shown_once_fetched_and_removed(
    site: Site, open_page: Open, watch: Watch, js: bool
) -> None:
    name = f"calendars{js}".lower()
    with site.database():
        factories.make_user(name)
    page = open_page(site, size=PHONE, js=js)
    steps.log_in(page, f"{name}@staff.example.com")
    page.goto("/en/calendars")
    page.locator("#name").fill("tram tablet")
    press(page, "Make the calendar")
    steps.heading(page, "tram tablet")
    address = page.locator(".copy-text__value").input_value()
    assert page.locator("figure svg").is_visible()

    program = open_page(site)  # another program: it has no cookie of ours
    fetched = program.request.get(address)
    assert fetched.status == 200
    assert fetched.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "set-cookie" not in fetched.headers
    unchanged = program.request.get(address, headers={"If-None-Match": fetched.headers["etag"]})
    assert unchanged.status == 304

    page.goto("/en/calendars")
    expect(page.locator("#mine")).not_to_contain_text("Not fetched yet")
    page.locator("#mine").get_by_role("link", name="tram tablet", exact=True).click()
    expect(page.locator("main")).not_to_contain_text(address.rpartition("/")[2][:20])
    page.locator("main").get_by_role("link", name="Remove").first.click()
    press(page, "Remove it")
    expect(page.locator("#flash")).to_contain_text("Its address opens nothing any more.")
    watch.allow("status of 404")
    assert program.request.get(address).status == 404


@SCRIPTS
def test_reminders_are_switched_off_from_a_mail_and_on_again(
    site: Site, open_page: Open, watch: Watch, js: bool
) -> None:
    with site.database():
        venue = factories.make_venue(factories.make_community(f"off{js}".lower()))
        event = factories.make_event(venue=venue)
        with unit_of_work():
            booked = sign_up(event.id, factories.make_person(), 1)
        assert booked is not None
        mail = Message(kind=MessageKind.REMINDER_DAY, sign_up_id=booked.id, sign_up=booked)
        with site.app.test_request_context():
            link = unsubscribe_url(mail)
        db.session.rollback()
    page = open_page(site, size=PHONE, js=js)
    assert link is not None
    page.goto("/" + link.split("/", 3)[3])
    steps.heading(page, "Fewer mails?")
    press(page, "Switch these mails off")
    steps.heading(page, "These mails are switched off")
    press(page, "Switch them on again")
    steps.heading(page, "Fewer mails?")
