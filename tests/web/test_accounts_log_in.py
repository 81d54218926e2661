"""Codes by mail and from an app, recovery codes, lock-out, and the list of log-ins."""

import time
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from hub import clock
from hub.extensions import db
from hub.models import AuditEntry, LogIn, Message, User
from hub.services.accounts import create_user
from hub.services.messages import queue_account_mail
from hub.services.outbox import mark_sent
from hub.services.settings import change_settings
from hub.transaction import unit_of_work
from hub.web.log_ins import device_words
from tests.accounts import (
    LOG_IN,
    NEW_PASSWORD,
    account_mails,
    app_code,
    code_in,
    link_in,
    recovery_codes,
    set_up_app,
    user_called,
)
from tests.browser import HubClient, Page
from tests.factories import PASSWORD
from tests.people import EVE
from tests.tables import dump

SEND = "form[action*='/send-code']"
CODE = "form:has(input[name=passcode])"
SAFETY = "/en/account/security"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


@pytest.mark.parametrize("email", ["alice@staff.example.com", "nobody@example.com"])
def test_log_in_takes_as_long_with_an_account_as_without(client, alice, monkeypatch, email):
    page = client.get_page("/en/account/login")
    monkeypatch.setitem(client.application.config, "ACCOUNT_ANSWER_SECONDS", 0.5)
    begun = time.monotonic()
    client.submit(page, LOG_IN, status=200, email=email, password="not the password")
    assert time.monotonic() - begun >= 0.5


def is_logged_in(browser: HubClient) -> bool:
    return browser.get(SAFETY).status_code == 200


def step_one(browser: HubClient, user: User) -> Page:
    page = browser.get_page("/en/account/login")
    return browser.submit(page, LOG_IN, status=302, email=user.email, password=PASSWORD)


def ask_for_code(browser: HubClient, address: str) -> Page:
    page = browser.get_page("/en/account/us-signin")
    return browser.submit(page, SEND, status=200, identity=address)


# --- a code by mail -----------------------------------------------------------------------


def test_code_by_mail_logs_in_once(app, client, alice):
    page = ask_for_code(client, "Alice@Staff.example.com")
    code = code_in(account_mails()[-1])
    spaced = f"{code[:4]} {code[4:]}"
    client.submit(page, CODE, status=302, passcode=spaced)
    assert is_logged_in(client)
    thief = EVE(app)
    again = thief.submit(ask_for_code(thief, "nobody@example.com"), CODE, status=200,
                         identity=alice.email, passcode=code)  # fmt: skip
    assert again.has(".error-summary")
    assert not is_logged_in(thief)


def test_code_by_mail_ends_after_ten_minutes(client, alice, now):
    page = ask_for_code(client, alice.email)
    code = code_in(account_mails()[-1])
    with clock.fixed_at(now + timedelta(minutes=11)):
        client.submit(page, CODE, status=200, passcode=code)
        assert not is_logged_in(client)


def test_code_of_one_account_opens_no_other(client, alice, sam):
    page = ask_for_code(client, alice.email)
    code = code_in(account_mails()[-1])
    client.submit(page, CODE, status=200, identity=sam.email, passcode=code)
    assert not is_logged_in(client)


@pytest.mark.parametrize("code", ["", "00000000", "\0", "x" * 5000, "１２３４５６７８"])
def test_wrong_code_reads_alike_for_known_and_unknown(app, alice, code):
    answers = set()
    for address in (alice.email, "nobody@example.com"):
        browser = EVE(app)
        page = browser.submit(ask_for_code(browser, address), CODE, status=200, passcode=code)
        answers.add(page.one(".error-summary").get_text(" "))
    assert len(answers) == 1


# --- the app ------------------------------------------------------------------------------


def test_app_is_set_up_with_a_code_and_asked_for_from_then_on(app, client, alice, now):
    client.log_in(alice)
    page = client.get_page("/en/account/tf-setup")
    page = client.submit(page, status=200)
    key = page.one(".copy-text__value")["value"]
    wrong = client.submit(page, status=302, code="000000")
    assert user_called(alice.email).tf_totp_secret is None
    assert client.follow(wrong).has(".notice--error")
    client.submit(page, status=302, code=app_code(key))
    user = user_called(alice.email)
    assert user.tf_primary_method == "authenticator"
    assert key.replace("-", "") not in user.tf_totp_secret
    with clock.fixed_at(now + timedelta(minutes=1)):
        second = EVE(app)
        page = second.follow(step_one(second, alice))
        assert not is_logged_in(second)
        assert second.submit(page, status=200, code="000 000").has(".error-summary")
        code = app_code(key)
        second.submit(page, status=302, code=f"{code[:3]} {code[3:]}")
        assert is_logged_in(second)


def test_code_of_the_app_works_once(app, alice, now):
    key = set_up_app(alice)
    first, second = EVE(app), EVE(app)
    code = app_code(key)
    first.submit(first.follow(step_one(first, alice)), status=302, code=code)
    second.submit(second.follow(step_one(second, alice)), status=200, code=code)
    assert is_logged_in(first)
    assert not is_logged_in(second)


def test_code_by_mail_does_not_go_round_the_app(client, alice):
    set_up_app(alice)
    page = ask_for_code(client, alice.email)
    client.submit(page, CODE, status=302, passcode=code_in(account_mails()[-1]))
    assert not is_logged_in(client)


def test_app_can_be_removed(client, alice, now):
    client.log_in(alice)
    set_up_app(alice)
    page = client.get_page("/en/account/tf-setup")
    client.submit(page, "form:has([value=disable])", status=302)
    assert user_called(alice.email).tf_primary_method is None
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "remove_second_factor")
    ).one()
    assert entry.actor_id == alice.id


def test_second_step_needs_the_first(client, alice):
    set_up_app(alice)
    for path in ("tf-validate", "tf-select", "mf-recovery", "tf-setup"):
        assert client.get_page(f"/en/account/{path}", 302).location == "/en/account/login"


def test_recovery_code_works_once(app, alice):
    set_up_app(alice)
    codes = recovery_codes(alice)
    assert len(set(codes)) == 10
    assert codes[0] not in " ".join(user_called(alice.email).mf_recovery_codes)
    for browser, status in ((EVE(app), 302), (EVE(app), 200)):
        page = browser.follow(step_one(browser, alice))
        page = browser.get_page(page.link("No phone at hand?"))
        browser.submit(page, status=status, code=codes[0].upper().replace("-", " "))
        assert is_logged_in(browser) == (status == 302)
    assert len(user_called(alice.email).mf_recovery_codes) == 9


# --- who must have a second step ----------------------------------------------------------


@pytest.fixture
def required(ada: User) -> None:
    with unit_of_work():
        change_settings({"second_factor_required": True}, by=ada)


def test_staff_without_second_step_set_it_up_before_they_are_in(client, alice, required):
    page = step_one(client, alice)
    assert page.location == "/en/account/tf-setup"
    assert client.get("/en/desk").status_code == 303
    page = client.submit(client.follow(page), status=200)
    key = page.one(".copy-text__value")["value"]
    client.submit(page, status=302, code=app_code(key))
    assert client.get("/en/desk").status_code == 200


def test_staff_who_are_in_already_are_led_to_the_set_up(client, alice, ada):
    client.log_in(alice)
    with unit_of_work():
        change_settings({"second_factor_required": True}, by=ada)
    for path in ("/en/desk", "/en/desk/events", "/en/desk/venues"):
        assert client.get_page(path, 303).location == "/en/account/tf-setup"
    set_up_app(alice)
    client.get_page("/en/desk")


def test_staff_who_must_have_it_cannot_remove_it(client, alice, required):
    key = set_up_app(alice)
    page = client.follow(step_one(client, alice))
    client.submit(page, status=302, code=app_code(key))
    page = client.get_page("/en/account/tf-setup")
    assert not page.has("[value=disable]")
    token = page.one("main [name=csrf_token]")["value"]
    client.post("/en/account/tf-setup", data={"csrf_token": token, "setup": "disable"})
    assert user_called(alice.email).tf_primary_method == "authenticator"


def test_residents_need_no_second_step(client, db_session, required):
    with unit_of_work():
        mina = create_user(email="m@example.com", name="M", password=PASSWORD, language="en")
    step_one(client, mina)
    assert is_logged_in(client)


# --- lock-out -----------------------------------------------------------------------------


@pytest.fixture
def slowly(app: Flask, rate_limits: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address of the network is no limit: that of the account is."""
    monkeypatch.setitem(app.config, "LOG_IN_RATE", "1000 per minute")


@pytest.mark.parametrize("known", [True, False])
def test_tenth_wrong_password_locks_the_account_for_a_while(client, alice, slowly, known):
    address = alice.email if known else "nobody@example.com"
    page = client.get_page("/en/account/login")
    for _ in range(10):
        client.submit(page, LOG_IN, status=200, email=address, password="wrong")
    refused = client.submit(page, LOG_IN, status=429, email=address.upper(), password=PASSWORD)
    assert "it can be tried again at" in refused.text
    assert int(refused.response.headers["Retry-After"]) > 0


def test_new_password_by_mail_lifts_the_lock_of_that_account(client, alice, sam, slowly):
    page = client.get_page("/en/account/login")
    for user in (alice, sam):
        for _ in range(10):
            client.submit(page, LOG_IN, status=200, email=user.email, password="wrong")
    forgot = client.get_page("/en/account/reset")
    client.submit(forgot, "form[action$='/reset']", status=200, email=alice.email)
    choose = client.get_page(link_in(account_mails(alice.email)[-1]))
    client.submit(choose, status=302, password=NEW_PASSWORD, password_confirm=NEW_PASSWORD)
    client.submit(page, LOG_IN, status=429, email=sam.email, password=PASSWORD)
    client.submit(page, LOG_IN, status=302, email=alice.email, password=NEW_PASSWORD)


def test_lock_cannot_be_led_to_another_name(client, alice, slowly):
    page = client.get_page("/en/account/us-signin")
    token = page.one(f"{SEND} [name=csrf_token]")["value"]
    statuses = set()
    for number in range(11):
        data = {"csrf_token": token, "identity": alice.email, "passcode": "00000000",
                "email": f"decoy{number}@example.com"}  # fmt: skip
        statuses.add(client.post("/en/account/us-signin", data=data).status_code)
    assert statuses == {200, 429}


def test_wrong_codes_count_like_wrong_passwords(client, alice, slowly):
    page = client.get_page("/en/account/login")
    for _ in range(9):
        client.submit(page, LOG_IN, status=200, email=alice.email, password="wrong")
    page = ask_for_code(client, alice.email)
    client.submit(page, CODE, status=200, passcode="00000000")
    client.submit(page, CODE, status=429, passcode=code_in(account_mails()[-1]))


def test_second_step_cannot_be_guessed(client, alice, slowly):
    key = set_up_app(alice)
    page = client.follow(step_one(client, alice))
    for _ in range(10):
        client.submit(page, status=200, code="000000")
    client.submit(page, status=429, code=app_code(key))


def test_right_passwords_do_not_count(app, alice, slowly):
    for _ in range(11):
        EVE(app).log_in(alice)


# --- the list of log-ins ------------------------------------------------------------------


def test_log_in_is_listed_without_the_address_of_the_network(client, alice, now):
    client.environ_base["HTTP_USER_AGENT"] = PHONE
    client.log_in(alice)
    row = db.session.scalars(select(LogIn)).one()
    assert (row.device, row.created_at, row.ended_at) == ("Chrome · Android", now, None)
    assert "127.0.0.1" not in str(dump())
    page = client.get_page(SAFETY)
    assert "Chrome · Android · this device" in page.text


def test_other_device_can_be_logged_out(app, client, alice):
    other = EVE(app).log_in(alice)
    client.log_in(alice)
    page = client.get_page(SAFETY)
    client.submit(page, "form[action$='/end']")
    assert not is_logged_in(other)
    assert is_logged_in(client)


def test_all_other_devices_can_be_logged_out(app, client, alice):
    others = [EVE(app).log_in(alice) for _ in range(3)]
    client.log_in(alice)
    client.submit(client.get_page(SAFETY), "form[action$='/end-others']")
    assert not any(map(is_logged_in, others))
    assert is_logged_in(client)
    assert not client.get_page(SAFETY).has("form[action$='/end-others']")


def test_log_in_of_somebody_else_cannot_be_ended(app, client, alice, sam):
    EVE(app).log_in(sam)
    theirs = db.session.scalars(select(LogIn)).one().id
    client.log_in(alice)
    EVE(app).log_in(alice)
    token = client.get_page(SAFETY).one("form[action$='/end'] [name=csrf_token]")["value"]
    before = dump()
    client.post_page(f"/en/account/log-ins/{theirs}/end", {"csrf_token": token}, 404)
    client.post_page("/en/account/log-ins/999/end", {"csrf_token": token}, 404)
    client.post_page(f"/en/account/log-ins/{theirs}/end", {}, 303)
    client.post_page("/en/account/log-ins/end-others", {}, 303)
    assert dump() == before


def test_stranger_sees_no_account(client, db_session):
    assert client.get_page(SAFETY, 303).location.startswith("/en/account/login?next=")
    client.post_page("/en/account/log-ins/1/end", {}, 303)
    client.post_page("/en/account/log-ins/end-others", {}, 303)
    client.get_page("/en/account", 303)


def test_session_lasts_only_if_asked(app, alice):
    for remember in (True, False):
        browser = EVE(app)
        page = browser.get_page("/en/account/login")
        answer = browser.submit(page, LOG_IN, status=302, email=alice.email, password=PASSWORD,
                                remember=remember)  # fmt: skip
        cookies = answer.response.headers.getlist("Set-Cookie")
        assert not any(c.startswith("remember_token") for c in cookies)
        session = next(c for c in cookies if c.startswith("hub="))
        assert ("Expires=" in session) == remember


def test_logged_out_device_is_listed_no_more(app, client, alice):
    EVE(app).log_in(alice)
    client.log_in(alice)
    client.submit(client.get_page(SAFETY), "header form[action$='/logout']", status=302)
    rows = db.session.scalars(select(LogIn).order_by(LogIn.id)).all()
    assert [row.ended_at is None for row in rows] == [True, False]
    with client.session_transaction() as session:
        assert "log_in" not in session


def test_stolen_session_is_worth_nothing_after_logging_out(app, client, alice):
    client.log_in(alice)
    thief = EVE(app)
    with client.session_transaction() as session:
        stolen = dict(session)
    with thief.session_transaction() as session:
        session.update(stolen)
    assert is_logged_in(thief)
    client.submit(client.get_page(SAFETY), "header form[action$='/logout']", status=302)
    assert not is_logged_in(thief)


def test_session_is_new_after_the_log_in(client, alice):
    page = client.get_page("/en/account/login")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
        token = session["csrf_token"]
    client.submit(page, LOG_IN, status=302, email=alice.email, password=PASSWORD)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != token


def test_use_is_noted_once_an_hour(client, alice, now):
    client.log_in(alice)
    for minutes, seen in ((30, 0), (61, 61), (90, 61), (122, 122)):
        with clock.fixed_at(now + timedelta(minutes=minutes)):
            client.get_page("/en/desk")
            db.session.rollback()
            assert db.session.scalars(select(LogIn)).one().seen_at == now + timedelta(minutes=seen)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE, "Chrome · Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Mobile Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge · Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14.0; rv:130.0) Firefox/130.0", "Firefox · macOS"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130 MicroMessenger/8.0", "WeChat · Android"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_device_in_short_words(agent, words):
    assert device_words(agent) == words


# --- changing password and address --------------------------------------------------------


def test_new_password_ends_all_other_log_ins(app, client, alice):
    other = EVE(app).log_in(alice)
    client.log_in(alice)
    page = client.get_page("/en/account/change")
    done = client.submit(page, status=302, password=PASSWORD, new_password=NEW_PASSWORD,
                         new_password_confirm=NEW_PASSWORD)  # fmt: skip
    assert "Your new password holds." in client.follow(done).text
    assert not is_logged_in(other)
    open_rows = db.session.scalars(select(LogIn).where(LogIn.ended_at.is_(None))).all()
    assert len(open_rows) == 1
    assert account_mails(alice.email)[-1].subject == "Your password was changed"


@pytest.mark.parametrize(
    ("now_typed", "new", "again"),
    [
        ("wrong", NEW_PASSWORD, NEW_PASSWORD),
        (PASSWORD, "short", "short"),
        (PASSWORD, NEW_PASSWORD, "another"),
        (PASSWORD, PASSWORD, PASSWORD),
        ("", "", ""),
    ],
)
def test_wrong_change_of_the_password_is_refused(client, alice, now_typed, new, again):
    client.log_in(alice)
    page = client.get_page("/en/account/change")
    before = dump()
    refused = client.submit(page, status=200, password=now_typed, new_password=new,
                            new_password_confirm=again)  # fmt: skip
    assert refused.has(".error-summary")
    assert dump() == before


def test_new_address_holds_once_it_is_confirmed(client, alice):
    client.log_in(alice)
    page = client.get_page("/en/account/change-email")
    client.submit(page, status=200, email="Alice.New@example.com")
    assert user_called("alice.new@example.com") is None
    link = link_in(account_mails("alice.new@example.com")[-1])
    client.get_page(link, 302)
    assert user_called("alice.new@example.com").id == alice.id
    assert account_mails("alice@staff.example.com")[-1].subject == "Your e-mail address was changed"
    before = dump()
    client.get_page(link, 302)
    assert dump() == before


def test_rule_18_mails_to_the_old_address_leave_the_outbox(client, alice, sam):
    for user in (alice, sam):
        ask_for_code(client, user.email)
    kept = account_mails(alice.email)[0].id
    with unit_of_work():
        mark_sent(db.session.get_one(Message, kept))
        queue_account_mail(alice.email, "Your code", "12345678")
    client.log_in(alice)
    page = client.get_page("/en/account/change-email")
    client.submit(page, status=200, email="alice.new@example.com")
    client.get_page(link_in(account_mails("alice.new@example.com")[-1]), 302)
    left = [m.subject for m in account_mails("alice@staff.example.com")]
    assert left == ["Your e-mail address was changed"]
    assert len(account_mails(sam.email)) == 1


def test_address_of_somebody_else_cannot_be_taken(client, alice, sam):
    client.log_in(alice)
    page = client.get_page("/en/account/change-email")
    before = dump()
    taken = client.submit(page, status=200, email=sam.email)
    assert "We sent a mail to" in taken.text
    assert dump() == before


def test_guards_are_not_changed_long_after_the_log_in(client, alice):
    client.log_in(alice)
    with client.session_transaction() as session:
        session["fs_paa"] -= 7200
        session.pop("fs_gexp", None)
    for path in ("change-email", "tf-setup", "wan-register", "mf-recovery-codes"):
        page = client.get_page(f"/en/account/{path}", 302)
        assert "/en/account/us-verify?next=" in page.location
    page = client.follow(page)
    done = client.submit(page, "form:has([name=passcode])", status=302, passcode=PASSWORD)
    assert done.location == "/en/account/mf-recovery-codes"
    client.follow(done)
