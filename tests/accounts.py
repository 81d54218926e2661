"""What tests do with accounts: read the outbox, follow its links, work out codes."""

import re
from urllib.parse import urlsplit

from flask import current_app
from passlib.totp import TOTP
from sqlalchemy import select

from hub import clock
from hub.enums import MessageKind
from hub.extensions import db
from hub.models import Message, User
from hub.transaction import unit_of_work
from tests.browser import HubClient, Page
from tests.databases import BASE_URL
from tests.factories import PASSWORD

NEW_PASSWORD = "another long password"
LOG_IN = "form:has(input[name=password])"
REGISTER = "form[action$='/register']"
MINA = {
    "name": "Mina Park",
    "email": "mina@example.com",
    "password": PASSWORD,
    "password_confirm": PASSWORD,
}


def account_mails(address: str = "") -> list[Message]:
    """The mails about accounts that wait, oldest first."""
    db.session.rollback()
    query = select(Message).where(Message.kind == MessageKind.ACCOUNT).order_by(Message.id)
    return [m for m in db.session.scalars(query) if not address or m.address == address]


def link_in(message: Message, base: str = BASE_URL) -> str:
    """The path of the first link of the mail, which must lead to the site itself."""
    url = re.search(r"https?://\S+", message.body)[0]
    assert url.startswith(f"{base}/"), url
    return urlsplit(url).path


def code_in(message: Message) -> str:
    return re.search(r"\b(\d{8})\b", message.body)[1]


def app_code(key: str) -> str:
    """What an authenticator app with ``key`` shows now."""
    return (
        TOTP(key=key.replace("-", "").replace(" ", ""), format="base32")
        .generate(time=clock.now())
        .token
    )


def user_called(email: str) -> User | None:
    db.session.rollback()
    return db.session.scalars(select(User).where(User.email == email)).first()


def register(browser: HubClient, language: str = "en", **typed: str) -> Page:
    page = browser.get_page(f"/{language}/account/register")
    return browser.submit(page, REGISTER, status=302, **(MINA | typed))


def registered(browser: HubClient, **typed: str) -> User:
    """An account whose address is confirmed."""
    register(browser, **typed)
    browser.get(link_in(account_mails(typed.get("email", MINA["email"]))[-1]))
    user = user_called(typed.get("email", MINA["email"]))
    assert user is not None
    return user


def set_up_app(user: User) -> str:
    """Give the account an authenticator app; returns its key."""
    security = current_app.extensions["security"]
    with unit_of_work():
        secret = security.totp_factory.generate_totp_secret()
        security.datastore.tf_set(db.session.get_one(User, user.id), "authenticator", secret)
    return security.totp_factory.get_totp_b32_key(secret)


def recovery_codes(user: User) -> list[str]:
    security = current_app.extensions["security"]
    with unit_of_work():
        owner = db.session.get_one(User, user.id)
        codes: list[str] = security.mf_recovery_codes_util.create_recovery_codes(owner)
    return codes
