"""Logging in and out, and the one-time link that makes the first administrator."""

from datetime import timedelta
from urllib.parse import urljoin

import pytest
from sqlalchemy import select

from hub import clock
from hub.extensions import db
from hub.models import Invitation, User
from hub.policies import is_admin
from hub.services.accounts import invite_administrator
from hub.transaction import unit_of_work
from tests.browser import HubClient
from tests.factories import PASSWORD
from tests.people import EVE
from tests.tables import dump

LOG_IN = "form:has(input[name=password])"
ADA = {"name": "Ada Lin", "email": "ada@example.com", "password": PASSWORD, "again": PASSWORD}


def is_logged_in(browser: HubClient) -> bool:
    return browser.get("/en/desk").status_code == 200


# --- in and out ---------------------------------------------------------------------------


def test_staff_log_in_and_come_to_the_desk(client, alice):
    page = client.get_page("/en/account/login")
    answer = client.submit(page, LOG_IN, status=302, email=alice.email, password=PASSWORD)
    assert client.follow(answer, 303).location == "/en/desk"
    assert is_logged_in(client)


def test_address_is_read_in_any_case(client, alice):
    page = client.get_page("/en/account/login")
    client.submit(page, LOG_IN, status=302, email=alice.email.upper(), password=PASSWORD)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("alice@staff.example.com", "wrong"),
        ("nobody@staff.example.com", PASSWORD),
        ("", ""),
        ("alice@staff.example.com", ""),
        ("not an address", "x"),
        ("alice@staff.example.com\0", PASSWORD),
        ("\0", "\0"),
        ("alice@staff.example.com", PASSWORD + "\0"),
        ("alice@staff.example.com", "y" * 10_000),
        ("x" * 10_000, "y" * 10_000),
        ("' OR 1=1 --", "' OR 1=1 --"),
        ("爱丽丝", "密码"),
    ],
)
def test_wrong_log_in_is_refused_and_does_not_say_what_was_wrong(client, alice, email, password):
    page = client.get_page("/en/account/login")
    before = dump()
    refused = client.submit(page, LOG_IN, status=200, email=email, password=password)
    assert dump() == before
    assert refused.has(".error-summary")
    assert refused.one("[name=password]").get("value", "") == ""
    assert not is_logged_in(client)


def test_wrong_address_and_wrong_password_read_alike(client, alice):
    page = client.get_page("/en/account/login")
    empty = client.submit(page, LOG_IN, status=200, email="", password="")
    assert len(empty.all(".error-summary li")) == 1
    answers = {
        client.submit(page, LOG_IN, status=200, email=email, password=PASSWORD[1:])
        .one(".error-summary")
        .get_text(" ")
        for email in (alice.email, "nobody@staff.example.com")
    }
    assert len(answers) == 1


def test_account_that_was_switched_off_cannot_log_in(client, alice):
    with unit_of_work():
        db.session.get_one(User, alice.id).active = False
    page = client.get_page("/en/account/login")
    client.submit(page, LOG_IN, status=200, email=alice.email, password=PASSWORD)
    assert not is_logged_in(client)


def test_account_that_is_switched_off_is_out_at_once(client, alice):
    client.log_in(alice)
    with unit_of_work():
        db.session.get_one(User, alice.id).active = False
    assert not is_logged_in(client)


def test_log_in_without_a_token_is_refused(client, alice):
    client.get_page("/en/account/login")
    client.post("/en/account/login", data={"email": alice.email, "password": PASSWORD})
    assert not is_logged_in(client)


def test_whoever_is_asked_to_log_in_comes_back(client, alice):
    page = client.follow(client.get_page("/en/desk/events?view=drafts", 303))
    assert "Log in first." in page.text
    answer = client.submit(page, LOG_IN, status=302, email=alice.email, password=PASSWORD)
    assert answer.location == "/en/desk/events?view=drafts"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example",
     "///evil.example", "https:evil.example", "javascript:alert(1)", "%0d%0aSet-Cookie:x=1",
     "http://hub.test.evil.example/"],
)  # fmt: skip
def test_log_in_leads_nowhere_else(client, alice, target):
    path = f"/en/account/login?next={target}"
    page = client.get_page("/en/account/login")
    data = {
        "csrf_token": page.one(f"{LOG_IN} [name=csrf_token]")["value"],
        "email": alice.email,
        "password": PASSWORD,
    }
    answer = client.post(path, data=data)
    place = urljoin("http://hub.test/en/account/login", answer.headers.get("Location", ""))
    assert place.startswith("http://hub.test/")
    assert "\\" not in place


def test_htmx_request_of_somebody_logged_out_is_sent_to_the_log_in(client):
    page = client.get_page("/en/desk/events", 401, htmx=True)
    assert page.location.startswith("/en/account/login?next=")


def test_staff_log_out_with_the_button(client, alice):
    client.log_in(alice)
    page = client.get_page("/en/desk")
    client.submit(page, "header form[action$='/logout']", status=302)
    assert not is_logged_in(client)


def test_log_out_is_no_link(client, alice):
    client.log_in(alice)
    assert client.get("/en/account/logout").status_code == 405
    assert is_logged_in(client)


def test_eleventh_try_in_a_minute_is_too_many(client, alice, rate_limits):
    page = client.get_page("/en/account/login")
    for _ in range(10):
        client.submit(page, LOG_IN, status=200, email=alice.email, password="wrong")
    refused = client.submit(page, LOG_IN, status=429, email=alice.email, password=PASSWORD)
    assert "Wait a minute, then try again" in refused.text
    client.get_page("/en/account/login")


@pytest.mark.parametrize(
    "path", ["verify", "us-setup", "us-verify-link?id=1&code=1", "tf-rescue", "change-username"]
)
def test_page_of_the_library_that_the_site_does_without_is_not_there(client, alice, path):
    client.log_in(alice)
    assert client.get(f"/en/account/{path}").status_code == 404


# --- the first administrator --------------------------------------------------------------


@pytest.fixture
def set_up(db_session) -> str:
    with unit_of_work():
        return f"/en/account/set-up/{invite_administrator()}"


def test_set_up_makes_the_first_administrator(client, set_up):
    page = client.follow(client.submit(client.get_page(set_up), **ADA))
    assert "Your account is ready. Log in with it." in page.text
    user = db.session.scalars(select(User)).one()
    assert is_admin(user)
    assert (user.email, user.name, user.language) == ("ada@example.com", "Ada Lin", "en")
    assert PASSWORD not in user.password
    client.log_in(user)
    assert is_logged_in(client)


def test_set_up_link_is_kept_by_nobody(client, set_up):
    headers = client.get(set_up).headers
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_set_up_link_works_once(client, set_up):
    page = client.get_page(set_up)
    client.submit(page, **ADA)
    client.get_page(set_up, 404)
    before = dump()
    client.submit(page, status=404, **(ADA | {"email": "second@example.com"}))
    assert dump() == before


def test_set_up_link_ends_after_a_day(client, set_up, now):
    page = client.get_page(set_up)
    with clock.fixed_at(now + timedelta(hours=24)):
        client.get_page(set_up, 404)
        client.submit(page, status=404, **ADA)


def test_new_set_up_link_ends_the_old_one(client, set_up):
    with unit_of_work():
        second = invite_administrator()
    client.get_page(set_up, 404)
    client.get_page(f"/en/account/set-up/{second}")


@pytest.mark.parametrize("token", ["x", "%00", "设", "a" * 5000, "%ff"])
def test_forged_set_up_link_is_not_found(client, set_up, token):
    client.get_page(f"/en/account/set-up/{token}", 404)
    before = dump()
    client.post_page(f"/en/account/set-up/{token}", ADA, 404)
    assert dump() == before


def test_second_administrator_cannot_come_by_an_older_link(client, set_up, ada):
    refused = client.submit(client.get_page(set_up), status=409, **ADA)
    assert "The site has an administrator already." in refused.text
    assert refused.one("[name=email]")["value"] == "ada@example.com"


WRONG = {
    "no name": ({"name": ""}, "name"),
    "long name": ({"name": "x" * 121}, "name"),
    "NUL in the name": ({"name": "A\0da"}, "name"),
    "no address": ({"email": ""}, "email"),
    "half an address": ({"email": "ada@"}, "email"),
    "a phone number": ({"email": "13812345678"}, "email"),
    "NUL in the address": ({"email": "ada\0@example.com"}, "email"),
    "no password": ({"password": "", "again": ""}, "password"),
    "short password": ({"password": "ninechars", "again": "ninechars"}, "password"),
    "endless password": ({"password": "x" * 201, "again": "x" * 201}, "password"),
    "two passwords": ({"again": "another password"}, "again"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_set_up_is_refused_at_its_field(client, set_up, case):
    typed, field = WRONG[case]
    page = client.get_page(set_up)
    before = dump()
    refused = client.submit(page, status=422, **(ADA | typed))
    assert dump() == before
    assert len(refused.all(f".error-summary a[href='#{field}']")) == 1
    assert refused.one(f"#{field}-error").get_text().strip()
    for name in {"name", "email"} - {field}:
        assert refused.one(f"[name={name}]")["value"] == ADA[name]
    assert PASSWORD not in refused.response.text
    client.submit(refused, **ADA)


def test_set_up_with_a_stale_form_is_refused_and_kept(app, client, set_up):
    page = client.get_page(set_up)
    refused = client.post_page(set_up, ADA, 422)
    assert "open for too long" in refused.text
    assert refused.one("[name=name]")["value"] == "Ada Lin"
    EVE(app).submit(page, status=422, **ADA)
    assert db.session.scalars(select(Invitation)).one().used_at is None
