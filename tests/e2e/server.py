"""The real application behind a real socket, in a thread, with its own database and folder."""

import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, g
from werkzeug.serving import WSGIRequestHandler, make_server

from hub import clock, create_app
from hub.extensions import db
from hub.services.outbox import beat
from hub.transaction import unit_of_work
from tests import databases
from tests.browser import HubClient

# The guard against machines stays on, but nobody waits for it longer than a second.
FORM_MIN_SECONDS = 0.3


@dataclass(slots=True)
class Site:
    """A running site. ``moment`` is the time that it believes it is."""

    app: Flask
    url: str
    moment: datetime

    @contextmanager
    def database(self) -> Iterator[None]:
        """An application context, for factories and for looking at what was stored."""
        with clock.fixed_at(self.moment), self.app.app_context():
            g.lang = "en"  # what the test itself reads aloud
            yield
            db.session.remove()


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps connections, as the real server does

    def log(self, *args: Any) -> None:
        """Say nothing: the browser reports what went wrong."""


@contextmanager
def running_site(name: str, moment: datetime) -> Iterator[Site]:
    """Serve a new, empty site called ``name`` on a free port of this machine."""
    holder: dict[str, Any] = {}

    def wsgi(environ: Any, start_response: Any) -> Iterable[bytes]:
        """The whole answer at once: a browser that goes away must not leave a file open."""
        with clock.fixed_at(site.moment):
            answer = holder["app"](environ, start_response)
            try:
                return [b"".join(answer)]
            finally:
                answer.close()

    server = make_server("127.0.0.1", 0, wsgi, threaded=True, request_handler=_Handler)
    site = Site(_application(name, f"http://127.0.0.1:{server.server_port}"), "", moment)
    site.url = str(site.app.config["BASE_URL"])
    site.app.test_client_class = HubClient
    holder["app"] = site.app
    thread = threading.Thread(target=server.serve_forever, name=f"site-{name}", daemon=True)
    thread.start()
    with site.database(), unit_of_work():
        beat()  # as if a worker were there
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with site.app.app_context():
            db.session.remove()
            db.engine.dispose()


def _application(name: str, url: str) -> Flask:
    """The application with the settings of a real site, but for the speed of the tests."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    return create_app(
        {
            "INSTANCE": str(databases.run_folder() / f"instance-{name}"),
            "SQLALCHEMY_DATABASE_URI": databases.new_database("sqlite", name),
            "BASE_URL": url,
            "FORM_MIN_SECONDS": FORM_MIN_SECONDS,
            "ACCOUNT_ANSWER_SECONDS": 0,
            "SIGN_UP_RATE": "100000 per minute",
            "LOG_IN_RATE": "100000 per minute",
        }
    )
