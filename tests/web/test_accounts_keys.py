"""A new secret key: what was encrypted and signed with the old one still opens."""

from flask import Flask
from itsdangerous import BadSignature

from hub.extensions import db
from hub.models import User
from tests import databases
from tests.accounts import recovery_codes, set_up_app, user_called

NEW_KEY = "the next key of the tests: long enough, known to everybody"


def opened(app: Flask, email: str) -> tuple[str, list[str]]:
    """The key of the app and the recovery codes, as that application reads them."""
    security = app.extensions["security"]
    with app.app_context():
        user = user_called(email)
        assert user is not None
        assert user.tf_totp_secret is not None
        key = security.totp_factory.get_totp_b32_key(user.tf_totp_secret)
        codes = security.mf_recovery_codes_util.get_recovery_codes(user)
        db.session.remove()
    return key, codes


def test_codes_survive_a_new_key(app, db_session, other_app, alice: User):
    email = alice.email
    key, codes = set_up_app(alice), recovery_codes(alice)
    db.session.remove()
    later = other_app(SECRET_KEY=NEW_KEY, SECRET_KEY_FALLBACKS=[databases.SECRET_KEY])
    assert opened(later, email) == (key, codes)
    oldest_dropped = other_app(
        SECRET_KEY="a third key of the tests: long enough, known to everybody",
        SECRET_KEY_FALLBACKS=[databases.SECRET_KEY],
    )
    assert opened(oldest_dropped, email) == (key, codes)


def test_links_are_signed_with_the_new_key(app, db_session, other_app):
    later = other_app(SECRET_KEY=NEW_KEY, SECRET_KEY_FALLBACKS=[databases.SECRET_KEY])
    old, new = (a.extensions["security"].confirm_serializer for a in (app, later))
    assert new.loads(old.dumps("x")) == "x"
    try:
        old.loads(new.dumps("x"))
    except BadSignature:
        return
    raise AssertionError("the new links are signed with the old key")
