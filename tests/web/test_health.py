"""What machines ask: /healthz and /readyz."""

from datetime import timedelta

import pytest

from hub import clock
from hub.extensions import db
from hub.models import Message
from hub.services.outbox import beat
from hub.transaction import unit_of_work
from tests import databases
from tests.factories import make_sign_up


@pytest.fixture
def mail_server(app, monkeypatch):
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1:1")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_no_cookie_no_session_kept_by_nobody(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_limits_of_requests_do_not_hold_here(client, rate_limits):
    assert {client.get("/readyz").status_code for _ in range(100)} == {200}


def test_site_without_a_mail_server_is_ready(client, event):
    make_sign_up(event)
    assert client.get("/readyz").json == {"database": "ok", "mail": "off"}


def test_mail_waits_without_a_worker(client, event, mail_server, now):
    assert client.get("/readyz").json["mail"] == "ok"
    make_sign_up(event)
    assert client.get("/readyz").json == {"database": "ok", "mail": "waiting"}
    with unit_of_work():
        beat()
    assert client.get("/readyz").json["mail"] == "ok"
    with clock.fixed_at(now + timedelta(minutes=6)):
        assert client.get("/readyz").json["mail"] == "waiting"
        with unit_of_work():
            beat()
        assert client.get("/readyz").json["mail"] == "ok"
    with clock.fixed_at(now + timedelta(minutes=16)):
        with unit_of_work():
            beat()  # a worker that lives and sends nothing
        assert client.get("/readyz").json["mail"] == "waiting"


def test_mail_that_is_refused_again_and_again_waits(client, event, mail_server):
    make_sign_up(event)
    with unit_of_work():
        beat()
        message = db.session.query(Message).one()
        message.attempts, message.due_at = 3, clock.now() + timedelta(minutes=8)
    assert client.get("/readyz").json["mail"] == "waiting"


def test_not_ready_while_the_database_does_not_answer(db_session, tmp_path):
    app = databases.make_app(f"sqlite:///{tmp_path}/gone/hub.db")
    browser = app.test_client()
    answer = browser.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"database": "down", "mail": "unknown"})
    assert browser.get("/healthz").json == {"process": "ok"}
