"""From a sign-up without account to an account that holds it, and back after a lost password."""

from sqlalchemy import select

from hub.extensions import db
from hub.models import Message, SignUp
from hub.web.worker import send_due_messages
from tests.accounts import LOG_IN, NEW_PASSWORD, account_mails, link_in, register, user_called
from tests.factories import PASSWORD, make_sign_up
from tests.mails import text_of


def test_register_confirm_join_log_in_recover(app, client, event):
    booked = make_sign_up(event, name="Mina", contact="Mina@Example.com")
    theirs = make_sign_up(event, name="Other", contact="other@example.com")
    ids = booked.id, theirs.id

    register(client)
    assert db.session.get_one(SignUp, ids[0]).user_id is None, "nobody has confirmed anything"
    client.get_page(link_in(account_mails("mina@example.com")[0]), 302)
    user = user_called("mina@example.com")
    assert db.session.get_one(SignUp, ids[0]).user_id == user.id
    assert db.session.get_one(SignUp, ids[1]).user_id is None

    page = client.get_page("/en/account/login")
    page = client.submit(page, LOG_IN, status=302, email="mina@example.com", password=PASSWORD)
    mine = client.follow(client.follow(page, 303))
    assert mine.url.endswith("/en/me")
    assert "Dumplings for all" in mine.text
    client.submit(mine, "header form[action$='/logout']", status=302)
    assert client.get("/en/account/security").status_code == 303

    page = client.get_page("/en/account/reset")
    client.submit(page, "form[action$='/reset']", status=200, email="mina@example.com")
    page = client.get_page(link_in(account_mails("mina@example.com")[-1]))
    client.submit(page, status=302, password=NEW_PASSWORD, password_confirm=NEW_PASSWORD)
    client.log_in(user_called("mina@example.com"), NEW_PASSWORD)
    client.get_page("/en/account/security")


def test_link_is_wiped_from_the_outbox_once_it_is_sent(app, client, db_session, monkeypatch):
    sent = []
    monkeypatch.setattr("hub.integrations.mail.send", lambda mail, url: sent.append(mail))
    register(client)
    with app.test_request_context(base_url="http://hub.test"):
        assert send_due_messages() == (1, 0)
    assert sent[0]["To"] == "mina@example.com"
    assert "/en/account/confirm/" in text_of(sent[0])
    assert [m.body for m in db.session.scalars(select(Message))] == [""]
