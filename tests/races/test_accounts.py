"""Several people take the same address in the same moment: each gets the usual answer, one gets it.

Without ``_again_if_taken`` (hub/web/guards.py), PostgreSQL answers all but one with 500.
"""

import threading
from contextvars import copy_context

import pytest
from sqlalchemy import func, select

from hub.enums import StaffRole
from hub.exceptions import InvalidInput
from hub.extensions import db
from hub.models import User
from hub.services.accounts import accept_invitation, invite
from hub.transaction import unit_of_work
from tests.accounts import MINA, REGISTER
from tests.factories import PASSWORD
from tests.people import EVE

PEOPLE = 4


def all_at_once(*acts) -> None:
    gate = threading.Barrier(len(acts))

    def run(act) -> None:
        gate.wait()
        act()

    threads = [threading.Thread(target=copy_context().run, args=(run, act)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()


def accounts_of(address: str) -> int:
    return db.session.scalar(select(func.count()).where(User.email == address)) or 0


@pytest.mark.usefixtures("loopback")
def test_registering_one_address_at_once_reads_alike_for_all(app, db_session):
    ready = []
    for number in range(PEOPLE):
        browser = EVE(app)
        page = browser.get_page("/en/account/register")
        hidden = {n: page.one(f"{REGISTER} [name={n}]")["value"] for n in ("csrf_token", "shown")}
        ready.append((browser, MINA | hidden | {"name": f"Mina {number}"}))
    answers: list[tuple[int, str]] = []

    def register(browser, data) -> None:
        answer = browser.post("/en/account/register", data=data)
        told = browser.get(answer.location or "/en/account/login").text
        answers.append((answer.status_code, "We sent a mail to mina@example.com" in told))

    all_at_once(*[lambda b=browser, d=data: register(b, d) for browser, data in ready])
    assert answers == [(302, True)] * PEOPLE
    assert accounts_of("mina@example.com") == 1


@pytest.mark.usefixtures("loopback")
def test_invitations_taken_up_with_one_address_at_once_make_one_account(app, ada):
    with unit_of_work():
        tokens = [invite(StaffRole.STAFF, by=ada)[1] for _number in range(PEOPLE)]
    outcomes: list[str] = []

    def accept(token: str) -> None:
        with app.app_context():
            try:
                with unit_of_work():
                    accept_invitation(
                        token, email="mina@example.com", name="Mina", password=PASSWORD,
                        language="en",
                    )  # fmt: skip
                outcomes.append("done")
            except InvalidInput as refused:
                outcomes.append(str(refused.field))

    all_at_once(*[lambda t=token: accept(t) for token in tokens])
    assert sorted(outcomes) == ["done", *["email"] * (PEOPLE - 1)]
    assert accounts_of("mina@example.com") == 1
