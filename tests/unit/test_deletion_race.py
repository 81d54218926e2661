"""Somebody deletes their account in the same moment in which sign-ups with its address come in.

Without the lock of ``_account_of`` (hub/services/signups.py), PostgreSQL puts such a sign-up, with
name and contact, into the account that is just gone: 1 of the first 25 rounds showed it.
"""

import threading
from contextvars import copy_context

import pytest
from sqlalchemy import select

from hub.exceptions import HubError
from hub.extensions import db
from hub.models import SignUp, User
from hub.queries.invariants import violations
from hub.services.accounts import create_user
from hub.services.privacy import erase_sign_up, erase_user
from hub.services.signups import sign_up
from hub.transaction import unit_of_work
from tests.factories import PASSWORD, make_event
from tests.people import BOB

ROUNDS = 8


@pytest.mark.usefixtures("loopback")
def test_rule_18_no_sign_up_slips_into_an_account_that_is_being_deleted(app, venue):
    events = [make_event(venue=venue, capacity=5).id for _number in range(3)]
    faults: list[str] = []

    def at_once(gate: threading.Barrier, act) -> None:
        with app.app_context():
            gate.wait()
            try:
                with unit_of_work():
                    act()
            except HubError:
                pass  # a deletion that met a new sign-up is refused, and asked for again
            except Exception as error:
                faults.append(repr(error))

    for _round in range(ROUNDS):
        with unit_of_work():
            user_id = create_user(
                email=BOB.contact.value, name=BOB.name, password=PASSWORD, language="en"
            ).id
        gate = threading.Barrier(len(events) + 1)
        acts = [lambda: erase_user(db.session.get_one(User, user_id))]  # noqa: B023
        acts += [lambda event_id=event_id: sign_up(event_id, BOB, 1) for event_id in events]
        threads = [
            threading.Thread(target=copy_context().run, args=(at_once, gate, act)) for act in acts
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        db.session.rollback()
        assert (list(violations()), faults) == ([], [])
        _clear(user_id)
    db.session.remove()
    db.engine.dispose()  # one connection for each thread


def _clear(user_id: int) -> None:
    """Bob is gone, whoever won."""
    if db.session.get_one(User, user_id).erased_at is None:
        with unit_of_work():
            erase_user(db.session.get_one(User, user_id))
    left = select(SignUp.id).where(SignUp.erased_at.is_(None))
    for sign_up_id in db.session.scalars(left).all():
        with unit_of_work():
            erase_sign_up(sign_up_id)
