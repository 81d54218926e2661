"""The tests' own ground: a fresh database for each test, on the engine that was asked for."""

import socket

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text

from hub import clock
from hub.config import ROOT
from hub.extensions import db
from hub.models import AuditEntry, Community, Event, SignUp
from tests.databases import chosen_engine
from tests.factories import make_event, make_sign_up
from tests.people import BOB


@pytest.mark.parametrize("round_", [1, 2])
def test_every_test_begins_with_an_empty_database(db_session, round_):
    for model in (AuditEntry, Community, Event, SignUp):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0
    make_sign_up(make_event())


def test_database_is_the_engine_that_was_asked_for(db_session):
    assert db.engine.dialect.name == chosen_engine()


def test_schema_is_the_migrated_one(db_session):
    head = ScriptDirectory(str(ROOT / "hub" / "migrations")).get_current_head()
    assert db.session.scalar(text("SELECT version_num FROM alembic_version")) == head


def test_factories_give_things_that_can_be_read_afterwards(event):
    booked = make_sign_up(event, BOB, 3)
    assert (event.title, event.seats_taken, booked.event.venue.name) == (
        "Dumplings for all",
        3,
        "Neighbours' Hall",
    )


def test_clock_stands_still(now):
    assert clock.now() == now


def test_sockets_to_the_world_are_refused():
    with pytest.raises(RuntimeError, match="tests do not use the network"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_sockets_of_this_machine_are_refused_unless_asked_for():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        with pytest.raises(RuntimeError, match="tests do not use the network"):
            socket.create_connection(server.getsockname(), timeout=1)


def test_sockets_of_this_machine_open_with_loopback(loopback):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        socket.create_connection(server.getsockname(), timeout=1).close()
