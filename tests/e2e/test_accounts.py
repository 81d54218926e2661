"""An account from its first day to a lost phone, in a real Chromium; and passkeys."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.accounts import NEW_PASSWORD, app_code
from tests.conftest import NOON
from tests.e2e import steps
from tests.e2e.conftest import AXE, PHONE, Open, Watch
from tests.e2e.server import Site, running_site
from tests.factories import PASSWORD

MINA = "mina@example.com"
RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
OUTSIDE = ("login", "register", "reset", "confirm", "us-signin", "wan-signin")
INSIDE = (
    *("security", "change", "change-email", "tf-setup", "mf-recovery-codes", "wan-register"),
    "us-verify",
)


@pytest.fixture(scope="module")
def accounts_site(worker: str) -> Iterator[Site]:
    """Passkeys want a name: the site is called localhost."""
    with running_site(f"accounts_{worker}", NOON) as running:
        running.url = running.url.replace("127.0.0.1", "localhost")
        running.app.config["BASE_URL"] = running.url
        with running.database():
            factories.make_user("alice")
        yield running


@pytest.fixture(autouse=True)
def later(accounts_site: Site) -> None:
    """Each test is some minutes after the one before: a code of an app works once."""
    accounts_site.moment += timedelta(minutes=5)


def press(page: Page, words: str) -> None:
    page.locator("main").get_by_role("button", name=words, exact=True).click()


def register(page: Page, site: Site, address: str) -> None:
    """To a confirmed account."""
    page.goto("/en/account/register")
    page.locator("#name").fill("Mina Park")
    page.locator("#email").fill(address)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password_confirm").fill(PASSWORD)
    steps.read_the_form(page)
    press(page, "Make my account")
    expect(page.locator("#flash")).to_contain_text(f"We sent a mail to {address}.")
    page.goto(steps.last_link(site, address))
    expect(page.locator("#flash")).to_contain_text("Your e-mail address is confirmed.")


def first_step(page: Page, address: str, password: str = PASSWORD) -> None:
    page.goto("/en/account/login")
    page.locator("#email").fill(address)
    page.locator("#password").fill(password)
    press(page, "Log in")


def log_out(page: Page) -> None:
    page.goto("/en/account/security")
    page.locator("header details.menu:has(form) summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/en/")


@pytest.mark.parametrize("js", [True, False], ids=["with scripts", "without scripts"])
def test_account_with_an_app_from_first_day_to_a_lost_phone(
    accounts_site: Site, open_page: Open, js: bool
) -> None:
    site, address = accounts_site, f"mina.{js}@example.com".lower()
    page = open_page(site, size=PHONE, js=js)
    register(page, site, address)
    first_step(page, address)
    page.wait_for_url("**/en/me")

    page.goto("/en/account/tf-setup")
    press(page, "Start")
    key = page.locator(".copy-text__value").input_value()
    with site.database():
        page.locator("#code").fill(app_code(key))
    press(page, "Set it up")
    expect(page.locator("#flash")).to_contain_text("The authenticator app is set up.")
    page.get_by_role("link", name="See or make recovery codes").click()
    press(page, "Make new codes")
    recovery = page.locator(".codes code").first.inner_text()

    if js:
        log_out(page)
    else:
        page.context.clear_cookies()
    site.moment += timedelta(minutes=1)
    first_step(page, address)
    steps.heading(page, "Code from the app")
    with site.database():
        page.locator("#code").fill(app_code(key))
    press(page, "Log in")
    page.wait_for_url("**/en/me")

    page.context.clear_cookies()  # the phone is lost, and the password forgotten
    page.goto("/en/account/login")
    page.locator("main").get_by_role("link", name="Forgot your password?").click()
    page.locator("#email").fill(address)
    press(page, "Send me the link")
    page.goto(steps.last_link(site, address))
    page.locator("#password").fill(NEW_PASSWORD)
    page.locator("#password_confirm").fill(NEW_PASSWORD)
    press(page, "Use this password")
    expect(page.locator("#flash")).to_contain_text("Your new password holds.")
    first_step(page, address, NEW_PASSWORD)
    page.get_by_role("link", name="No phone at hand? Use a recovery code").click()
    page.locator("#code").fill(recovery)
    press(page, "Log in")
    page.wait_for_url("**/en/me")
    page.goto("/en/account/security")
    expect(page.locator("main")).to_contain_text("9 codes left")


def add_key(page: Page) -> None:
    """A virtual passkey in this browser, whose owner always agrees."""
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    client.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def make_passkey(page: Page, name: str, second: bool = False) -> None:
    page.goto("/en/account/wan-register")
    page.locator("#name").fill(name)
    page.locator("#usage-1" if second else "#usage-0").check()
    press(page, "Make a passkey")
    expect(page.locator("#flash")).to_contain_text(f"The passkey “{name}” is ready.")


def test_passkey_logs_in_alone(accounts_site: Site, open_page: Open) -> None:
    page = open_page(accounts_site)
    register(page, accounts_site, "key@example.com")
    first_step(page, "key@example.com")
    page.wait_for_url("**/en/me")
    add_key(page)
    make_passkey(page, "my phone")
    log_out(page)
    page.goto("/en/account/login")
    page.get_by_role("link", name="Use a passkey").click()
    press(page, "Use my passkey")
    page.wait_for_url("**/en/me")
    page.goto("/en/account/wan-register")
    page.get_by_role("button", name="Remove the passkey my phone").click()
    expect(page.locator("#flash")).to_contain_text("does not work here any more")
    log_out(page)
    page.goto("/en/account/wan-signin")
    press(page, "Use my passkey")
    expect(page.locator("#flash")).to_contain_text("This passkey is not known here.")


def test_passkey_as_the_second_step(accounts_site: Site, open_page: Open) -> None:
    page = open_page(accounts_site)
    register(page, accounts_site, "second@example.com")
    first_step(page, "second@example.com")
    page.wait_for_url("**/en/me")
    add_key(page)
    make_passkey(page, "key ring", second=True)
    log_out(page)
    first_step(page, "second@example.com")
    steps.heading(page, "Passkey as the second step")
    press(page, "Use my passkey")
    page.wait_for_url("**/en/me")


def test_passkey_that_is_refused_can_be_tried_again(accounts_site: Site, open_page: Open) -> None:
    page = open_page(accounts_site)
    page.add_init_script(
        "navigator.credentials.get = () => Promise.reject(new Error('the person said no'))"
    )
    page.goto("/en/account/wan-signin")
    press(page, "Use my passkey")
    expect(page.get_by_role("alert").filter(has_text="That did not work")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_passkey_page_without_scripts_says_that_it_needs_them(
    accounts_site: Site, open_page: Open
) -> None:
    page = open_page(accounts_site, js=False)
    page.goto("/en/account/wan-signin")
    expect(page.get_by_text("A passkey needs JavaScript.")).to_be_visible()
    press(page, "Use my passkey")
    expect(page.get_by_text("A passkey needs JavaScript.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_account_pages_are_usable_by_everybody(
    accounts_site: Site, open_page: Open, watch: Watch, language: str, scheme: str
) -> None:
    page = open_page(accounts_site, size=PHONE, scheme=scheme, language=language)
    found: list[str] = []
    for path in OUTSIDE:
        page.goto(f"/{language}/account/{path}")
        found += _faults(page, path)
    steps.log_in(page, "alice@staff.example.com", language=language)
    for path in INSIDE:
        page.goto(f"/{language}/account/{path}")
        found += _faults(page, path)
    page.goto(f"/{language}/account/tf-setup")
    with page.expect_navigation():  # to its end: style sheets count
        page.locator("main form button").first.click()
    found += _faults(page, "tf-setup, the picture")
    assert not found, "\n".join(found)


def _faults(page: Page, name: str) -> list[str]:
    """What axe finds, and whether the page is wider than the phone."""
    page.evaluate(AXE.read_text())
    result = page.evaluate("rules => axe.run(document, rules)", RULES)
    found = [
        f"{name}: {v['id']}: {n['html'][:120]}" for v in result["violations"] for n in v["nodes"]
    ]
    width = page.evaluate("document.documentElement.scrollWidth")
    return found + ([f"{name}: {width} px wide"] if width > PHONE[0] else [])
