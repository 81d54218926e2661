"""Making, confirming and recovering an account, and what it tells to strangers."""

import re

import pytest
from sqlalchemy import select

from hub.extensions import db
from hub.models import AuditEntry, LogIn, Message, User
from hub.transaction import unit_of_work
from tests.accounts import (
    LOG_IN,
    MINA,
    NEW_PASSWORD,
    REGISTER,
    account_mails,
    link_in,
    register,
    registered,
    user_called,
)
from tests.browser import HubClient, Page
from tests.factories import PASSWORD
from tests.people import EVE
from tests.tables import changed, dump

FORGET = "form[action$='/reset']"


def log_in(browser: HubClient, email: str, password: str, status: int = 302) -> Page:
    page = browser.get_page("/en/account/login")
    return browser.submit(page, LOG_IN, status=status, email=email, password=password)


def words_of(page: Page, *addresses: str) -> str:
    """The page without what is different every time."""
    html = re.sub(r'value="[^"]*"', "", str(page.html))
    for address in addresses:
        html = html.replace(address, "ADDRESS")
    return html


# --- registering --------------------------------------------------------------------------


def test_register_makes_an_account_that_waits_for_its_mail(client, db_session, now):
    page = register(client)
    assert page.location == "/en/account/login"
    assert "We sent a mail to mina@example.com." in client.follow(page).text
    user = user_called("mina@example.com")
    assert (user.name, user.language, user.active) == ("Mina Park", "en", True)
    assert (user.confirmed_at, user.created_at, user.roles) == (None, now, [])
    assert user.password.startswith("$argon2id$")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "register")).one()
    assert (entry.subject_id, entry.actor_id) == (user.id, user.id)
    refused = log_in(client, "mina@example.com", PASSWORD, 200)
    assert "Confirm your e-mail address first" in refused.one(".error-summary").get_text()


def test_account_and_mail_speak_the_language_of_the_page(client, db_session):
    register(client, "zh")
    assert user_called("mina@example.com").language == "zh"
    assert link_in(account_mails()[0]).startswith("/zh/account/confirm/")


def test_address_is_kept_folded(client, db_session):
    register(client, email="ＭINA@Example.COM")
    assert user_called("mina@example.com") is not None


def test_nobody_gives_themselves_a_role(client, db_session, community):
    page = client.get_page("/en/account/register")
    token = {n: page.one(f"{REGISTER} [name={n}]")["value"] for n in ("csrf_token", "shown")}
    wishes = {"roles": "admin", "role": "admin", "active": "1", "confirmed_at": "2026-01-01",
              "community_id": community.id, "fs_uniquifier": "x", "id": "77", "language": "ru",
              "tf_primary_method": "authenticator", "us_totp_secrets": "{}"}  # fmt: skip
    client.post_page("/en/account/register", MINA | token | wishes, 302)
    user = user_called("mina@example.com")
    assert (user.roles, user.confirmed_at, user.language) == ([], None, "en")
    assert user.id != 77
    assert user.fs_uniquifier != "x"
    assert (user.tf_primary_method, user.us_totp_secrets) == (None, None)


WRONG = {
    "no name": ({"name": ""}, "name"),
    "long name": ({"name": "x" * 121}, "name"),
    "NUL in the name": ({"name": "Mi\0na"}, "name"),
    "no address": ({"email": ""}, "email"),
    "half an address": ({"email": "mina@"}, "email"),
    "a phone number": ({"email": "13812345678"}, "email"),
    "no password": ({"password": ""}, "password"),
    "short password": ({"password": "ninechars", "password_confirm": "ninechars"}, "password"),
    "endless password": ({"password": "x" * 5000, "password_confirm": "x" * 5000}, "password"),
    "two passwords": ({"password_confirm": "another one entirely"}, "password_confirm"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_registration_is_refused_at_its_field(client, db_session, case):
    typed, field = WRONG[case]
    page = client.get_page("/en/account/register")
    before = dump()
    refused = client.submit(page, REGISTER, status=200, **(MINA | typed))
    assert dump() == before
    assert refused.one(f"#{field}-error").get_text().strip()
    assert PASSWORD not in refused.response.text


def test_machine_that_fills_the_trap_makes_no_account(client, db_session):
    page = client.get_page("/en/account/register")
    client.submit(page, REGISTER, status=200, website="http://spam.example", **MINA)
    assert user_called("mina@example.com") is None


def test_program_is_not_served(client, db_session):
    answer = client.post("/en/account/register", json=MINA)
    assert answer.status_code == 415
    assert user_called("mina@example.com") is None


# --- what strangers learn -----------------------------------------------------------------


def test_registering_a_known_address_reads_like_a_new_one(app, client, db_session):
    registered(client)
    known, unknown = EVE(app), EVE(app)
    first = known.follow(register(known, name="Mallory", password=NEW_PASSWORD,
                                  password_confirm=NEW_PASSWORD))  # fmt: skip
    second = unknown.follow(register(unknown, email="new@example.com"))
    assert words_of(first, "mina@example.com") == words_of(second, "new@example.com")
    assert user_called("mina@example.com").name == "Mina Park"
    log_in(client, "mina@example.com", PASSWORD)
    told = account_mails("mina@example.com")[-1]
    assert "You have one already" in told.body
    assert "/en/account/reset" in told.body


ASKING = [
    ("reset", FORGET, "email"),
    ("confirm", "form[action$='/confirm']", "email"),
    ("us-signin", "form[action$='/send-code']", "identity"),
]


@pytest.mark.parametrize(("path", "form", "field"), ASKING)
def test_page_that_sends_a_mail_does_not_tell_who_has_an_account(
    app, client, db_session, path, form, field
):
    registered(client)
    answers = []
    for address in ("mina@example.com", "nobody@example.com", "off@example.com"):
        browser = EVE(app)
        page = browser.get_page(f"/en/account/{path}")
        answer = browser.submit(page, form, status=200, **{field: address})
        answers.append(words_of(answer, address))
    assert len(set(answers)) == 1
    assert account_mails("nobody@example.com") == []


@pytest.mark.parametrize("typed", ["", "  ", "mina", "mina@", "138 1234 5678", "mina@exam ple.com"])
@pytest.mark.parametrize(("path", "form", "field"), ASKING)
def test_what_is_no_address_is_said_at_its_field(client, db_session, path, form, field, typed):
    page = client.get_page(f"/en/account/{path}")
    before = dump()
    refused = client.submit(page, form, status=422, **{field: typed})
    words = "Enter your e-mail address." if not typed.strip() else "not a complete e-mail address"
    assert words in refused.one(f".error-summary a[href='#{field}']").get_text()
    assert words in refused.one(f"#{field}-error").get_text()
    assert not refused.has("#flash .notice, main .notice")
    assert refused.one(f"{form} [name={field}]").get("value", "").strip() == typed.strip()
    assert dump() == before


def test_log_in_of_known_and_unknown_reads_alike(app, client, db_session):
    registered(client)
    answers = {
        words_of(log_in(EVE(app), address, "wrong password", 200), address)
        for address in ("mina@example.com", "nobody@example.com")
    }
    assert len(answers) == 1


# --- confirming ---------------------------------------------------------------------------


def test_link_in_the_mail_confirms_once(client, db_session, now):
    register(client)
    link = link_in(account_mails()[0])
    page = client.get_page(link, 302)
    assert "Your e-mail address is confirmed." in client.follow(page).text
    assert user_called("mina@example.com").confirmed_at == now
    before = dump()
    again = client.follow(client.get_page(link, 302))
    assert "was confirmed before" in again.text
    assert dump() == before


@pytest.mark.parametrize("token", ["x", "a.b.c", "%00", "设", "WyJ4Il0.x.y", "x" * 3000])
@pytest.mark.parametrize("path", ["confirm", "reset", "change-email"])
def test_forged_link_changes_nothing(client, alice, path, token):
    client.log_in(alice)
    before = dump()
    page = client.get_page(f"/en/account/{path}/{token}", 302)
    told = client.follow(page, 302 if path == "change-email" and "login" in page.location else 200)
    assert told.has(".notice--error")
    assert dump() == before


def test_link_of_one_purpose_does_not_serve_another(client, db_session):
    register(client)
    token = link_in(account_mails()[0]).rpartition("/")[2]
    before = dump()
    client.get_page(f"/en/account/reset/{token}", 302)
    assert dump() == before


def test_confirmation_can_be_sent_again(client, db_session):
    register(client)
    page = client.get_page("/en/account/confirm")
    client.submit(page, "form[action$='/confirm']", status=200, email="MINA@example.com")
    assert len(account_mails("mina@example.com")) == 2
    client.get_page(link_in(account_mails()[1]), 302)
    assert user_called("mina@example.com").confirmed_at is not None


def test_links_lead_to_the_site_whatever_host_the_request_named(client, db_session):
    page = client.get_page("/en/account/register")
    data = MINA | {n: page.one(f"{REGISTER} [name={n}]")["value"] for n in ("csrf_token", "shown")}
    client.post("/en/account/register", data=data, headers={"Host": "evil.example"})
    for mail in db.session.scalars(select(Message)):
        assert "evil.example" not in mail.body


# --- recovering ---------------------------------------------------------------------------


def recovery_link(browser: HubClient, email: str = "mina@example.com") -> str:
    page = browser.get_page("/en/account/reset")
    browser.submit(page, FORGET, status=200, email=email)
    return link_in(account_mails(email)[-1])


def test_recovery_sets_a_new_password_and_ends_all_log_ins(app, client, db_session):
    registered(client)
    log_in(client, "mina@example.com", PASSWORD)
    other = EVE(app)
    page = other.get_page(recovery_link(other))
    done = other.submit(page, status=302, password=NEW_PASSWORD, password_confirm=NEW_PASSWORD)
    assert "Your new password holds." in other.follow(done).text
    assert client.get("/en/account/security").status_code == 303
    assert all(row.ended_at for row in db.session.scalars(select(LogIn)))
    log_in(client, "mina@example.com", PASSWORD, 200)
    log_in(client, "mina@example.com", NEW_PASSWORD)
    assert "Your password was changed" in [m.subject for m in account_mails()]


def test_recovery_link_works_once(client, db_session):
    registered(client)
    link = recovery_link(client)
    page = client.get_page(link)
    client.submit(page, status=302, password=NEW_PASSWORD, password_confirm=NEW_PASSWORD)
    before = dump()
    assert client.follow(client.get_page(link, 302)).has(".notice--error")
    client.submit(page, status=302, password=PASSWORD, password_confirm=PASSWORD)
    assert dump() == before


@pytest.mark.parametrize("typed", [("short", "short"), (NEW_PASSWORD, "another"), ("", "")])
def test_wrong_new_password_is_refused(client, db_session, typed):
    registered(client)
    page = client.get_page(recovery_link(client))
    before = dump()
    refused = client.submit(page, status=200, password=typed[0], password_confirm=typed[1])
    assert refused.has(".error-summary")
    assert dump() == before


def test_account_that_is_switched_off_gets_no_mail(client, db_session):
    user = registered(client)
    with unit_of_work():
        db.session.get_one(User, user.id).active = False
    before = len(account_mails())
    for path, form, field in (
        ("reset", FORGET, "email"),
        ("us-signin", "form[action$='/send-code']", "identity"),
    ):
        page = client.get_page(f"/en/account/{path}")
        client.submit(page, form, status=200, **{field: "mina@example.com"})
    assert len(account_mails()) == before


# --- limits -------------------------------------------------------------------------------


def test_nobody_can_have_an_inbox_flooded(client, db_session, rate_limits):
    page = client.get_page("/en/account/reset")
    for _ in range(6):
        client.submit(page, FORGET, status=200, email="mina@example.com")
    refused = client.submit(page, FORGET, status=429, email="MINA@example.com ")
    assert "it can be tried again at" in refused.text
    assert int(refused.response.headers["Retry-After"]) > 0
    client.submit(page, FORGET, status=200, email="somebody@example.com")


def test_rule_18_page_says_when_an_account_deletes_itself(client, db_session):
    page = client.get_page("/en/account/register")
    assert "not confirmed within 30 days" in page.text


def test_only_what_is_said_changes(client, db_session):
    before = dump()
    register(client)
    tables = {"users", "messages", "audit_entries"}
    assert set(changed(before, dump())) <= tables
