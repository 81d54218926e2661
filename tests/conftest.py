"""What every test is given: the application, an empty database, a browser, a clock, the cast.

``HUB_TEST_DB=postgresql pytest`` runs the same tests on PostgreSQL (tests/databases.py).
"""

import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask, g
from sqlalchemy.orm import scoped_session

from hub import clock
from hub.extensions import db, limiter
from hub.models import Community, Event, User, Venue
from tests import databases, factories, people
from tests.browser import HubClient

# The settings of whoever runs the tests are not those of the tests.
for name in [n for n in os.environ if n.startswith("HUB_") and not n.startswith("HUB_TEST_")]:
    del os.environ[name]

# Monday noon in Hangzhou: tomorrow is Tuesday, the month still has a week.
NOON = clock.from_local(datetime(2026, 11, 23, 12, 0))  # noqa: DTZ001 - a wall clock


def pytest_configure(config: pytest.Config) -> None:
    config.hub_run = databases.start_run()  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    folder: Path | None = getattr(config, "hub_run", None)
    if folder is not None:
        databases.end_run(folder)


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """The name of this process among those of pytest-xdist."""
    return getattr(request.config, "workerinput", {}).get("workerid", "main")


@pytest.fixture(scope="session")
def database_url(worker: str) -> str:
    """The database of this worker."""
    return databases.new_database(databases.chosen_engine(), f"hub_{worker}")


@pytest.fixture(scope="session")
def app(database_url: str, worker: str) -> Iterator[Flask]:
    """The application of this worker. Its database is emptied by ``db_session``."""
    pictures = databases.run_folder() / f"evidence-{worker}"
    documents = databases.run_folder() / f"materials-{worker}"
    photos = databases.run_folder() / f"suggestions-{worker}"
    application = databases.make_app(
        database_url,
        EVIDENCE_DIR=str(pictures),
        MATERIALS_DIR=str(documents),
        SUGGESTIONS_DIR=str(photos),
    )
    application.test_client_class = HubClient
    limiter.enabled = False
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def other_app(database_url: str) -> Iterator[Callable[..., Flask]]:
    """Makes applications with other settings on the same database."""
    made: list[Flask] = []

    def make(**settings: object) -> Flask:
        made.append(databases.make_app(database_url, **settings))
        return made[-1]

    yield make
    for application in made:
        with application.app_context():
            db.engine.dispose()


@pytest.fixture(autouse=True)
def now() -> Iterator[datetime]:
    """The clock stands at Monday noon; ``with clock.fixed_at(...)`` moves it."""
    with clock.fixed_at(NOON):
        yield NOON


@pytest.fixture
def db_session(app: Flask, database_url: str) -> Iterator[scoped_session]:
    """A fresh database, and a session on it inside an application context."""
    with app.app_context():
        if database_url.startswith("sqlite:"):
            db.engine.dispose()
            databases.refill_sqlite(Path(database_url.removeprefix("sqlite:///")))
        else:
            databases.empty_postgres(database_url)
        g.lang = "en"  # what the test itself reads aloud
        yield db.session
        db.session.remove()


@pytest.fixture
def client(app: Flask, db_session: scoped_session) -> HubClient:
    """A browser of somebody who is not logged in: eve."""
    return people.EVE(app)


@pytest.fixture
def rate_limits(app: Flask) -> Iterator[None]:
    """Switch the limits of requests on for one test."""
    limiter.reset()
    limiter.enabled = True
    yield
    limiter.enabled = False
    limiter.reset()


@pytest.fixture
def community(db_session: scoped_session) -> Community:
    """Community one."""
    return factories.make_community("heyuan")


@pytest.fixture
def other_community(db_session: scoped_session) -> Community:
    """Community two, in which only sam works."""
    return factories.make_community("dongyue", en="Dongyue", zh="东岳社区")


@pytest.fixture
def venue(community: Community) -> Venue:
    return factories.make_venue(community)


@pytest.fixture
def event(venue: Venue) -> Event:
    """A published event of community one, tomorrow 14:00–16:00, 10 places."""
    return factories.make_event(venue=venue)


@pytest.fixture
def alice(community: Community) -> User:
    return people.alice(community)


@pytest.fixture
def sam(other_community: Community) -> User:
    return people.sam(other_community)


@pytest.fixture
def sue(db_session: scoped_session) -> User:
    return people.sue()


@pytest.fixture
def police(db_session: scoped_session) -> User:
    """The police unit that trains the lecturers."""
    return people.pan()


@pytest.fixture
def ada(db_session: scoped_session) -> User:
    return people.ada()


# --- no test talks to the world -------------------------------------------------------------

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_network = "open"


def _guard(event: str, arguments: tuple[object, ...]) -> None:
    if _network == "open" or event not in ("socket.connect", "socket.getaddrinfo"):
        return
    target = arguments[1] if event == "socket.connect" else arguments[0]
    if isinstance(target, str | bytes) and event == "socket.connect":
        return  # a socket in the file system
    host = target[0] if isinstance(target, tuple) else target
    if _network == "loopback" and (host is None or host in _LOOPBACK):
        return
    raise RuntimeError(f"a test tried to reach {target!r}: tests do not use the network")


sys.addaudithook(_guard)


@pytest.fixture
def loopback() -> None:
    """Ask for this to talk to a server that the test itself started on this machine."""


@pytest.fixture(autouse=True)
def no_network(request: pytest.FixtureRequest) -> Iterator[None]:
    """Sockets fail: ``loopback`` (or the marker ``browser``) opens those of this machine."""
    global _network
    before = _network
    local = "loopback" in request.fixturenames or request.node.get_closest_marker("browser")
    _network = "loopback" if local else "closed"
    yield
    _network = before
