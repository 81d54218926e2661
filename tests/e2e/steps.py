"""What people do on the pages, in their own words. The same steps with and without JavaScript."""

import time
from datetime import datetime

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from hub import clock
from hub.extensions import db
from hub.models import Event, SignUp
from tests.accounts import account_mails, link_in
from tests.e2e.server import Site
from tests.factories import PASSWORD


def log_in(
    page: Page, email: str, password: str = PASSWORD, language: str = "en", to: str = "desk"
) -> None:
    page.goto(f"/{language}/account/login")
    page.locator("#email").fill(email)
    page.locator("#password").fill(password)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"**/{to}")


def open_sign_up(page: Page, event_id: int, language: str = "en") -> None:
    page.goto(f"/{language}/events/{event_id}/sign-up")


def fill_sign_up(page: Page, name: str, contact: str, party: int = 1, agreed: bool = True) -> None:
    page.locator("#name").fill(name)
    page.locator("#contact").fill(contact)
    page.locator("#party_size").fill(str(party))
    page.locator("#agreed").set_checked(agreed)


def read_the_form(page: Page) -> None:
    """Wait until the form is old enough: its stamp counts whole seconds."""
    page.wait_for_timeout((1.05 - time.time() % 1) * 1000)


def send_sign_up(page: Page) -> None:
    """Press the button, as somebody who has read the form."""
    read_the_form(page)
    page.locator("#sign-up-form button[type=submit]").click()


def sign_up(page: Page, event_id: int, name: str, contact: str, party: int = 1) -> None:
    """From the form to the ticket."""
    open_sign_up(page, event_id)
    fill_sign_up(page, name, contact, party)
    send_sign_up(page)
    page.wait_for_url("**/tickets/**")


def heading(page: Page, words: str) -> None:
    """The page says ``words`` at its top."""
    expect(page.locator("h1")).to_have_text(words)


def last_link(site: Site, address: str) -> str:
    """The path of the link in the newest mail about the account."""
    with site.database():
        return link_in(account_mails(address)[-1], site.url)


def local_input(moment: datetime) -> str:
    """What a ``datetime-local`` box is given."""
    return clock.to_local(moment).strftime("%Y-%m-%dT%H:%M")


def event_called(site: Site, title: str) -> int:
    """The id of the event with this English title."""
    with site.database():
        found = db.session.scalars(select(Event)).all()
        return next(e.id for e in found if e.texts["en"].title == title)


def sign_ups(site: Site, event_id: int) -> int:
    """How many rows there are, cancelled ones included."""
    with site.database():
        query = select(func.count()).select_from(SignUp).where(SignUp.event_id == event_id)
        return db.session.scalar(query) or 0
