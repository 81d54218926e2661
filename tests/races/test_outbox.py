"""Three workers at once on one queue, on both engines: each mail leaves exactly once (rule 23)."""

import multiprocessing
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from mailbox import Maildir
from multiprocessing.pool import Pool

import pytest
from sqlalchemy import func, select

from hub import clock
from hub.enums import MessageKind, MessageState
from hub.extensions import db
from hub.models import Message
from tests import databases
from tests.factories import make_event, make_sign_up
from tests.races.load import Job, remember_barrier, run

WORKERS = 3


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    context = multiprocessing.get_context("spawn")
    with context.Pool(WORKERS, remember_barrier, (context.Barrier(WORKERS),)) as processes:
        yield processes


@pytest.fixture(params=databases.ENGINES)
def site(request: pytest.FixtureRequest, worker: str) -> Iterator[str]:
    """A throw-away database on each engine, and an application context on it."""
    url = databases.new_database(request.param, f"outbox_{worker}_{abs(hash(request.node.name))}")
    app = databases.make_app(url)
    with app.app_context():
        yield url
        db.session.remove()
        db.engine.dispose()
    databases.drop_database(url)


def test_rule_23_three_workers_send_sixty_mails_once_each(site, pool, now, tmp_path):
    event = make_event(capacity=100)
    for _ in range(60):
        make_sign_up(event)
    db.session.rollback()
    job = Job(site, now, event.id, [("send_all", {})], f"maildir://{tmp_path}/out")
    db.session.rollback()
    ends = pool.map(run, [job] * WORKERS, chunksize=1)
    taken = Counter(mail["Message-ID"] for mail in Maildir(tmp_path / "out"))
    assert len(taken) == 60 and set(taken.values()) == {1}, ends
    assert sum(int(end.split()[0]) for (end,) in ends) == 60, ends
    rows = db.session.execute(select(Message.state, Message.attempts)).all()
    assert Counter(map(tuple, rows)) == {(MessageState.SENT, 1): 60}


def test_rule_23_three_workers_remind_everybody_once(site, pool, now):
    event = make_event(capacity=500)
    for _ in range(250):  # more than one transaction takes
        make_sign_up(event)
    later = now + timedelta(hours=2)  # it is in 24 hours
    job = Job(site, later, event.id, [("remind_all", {})])
    db.session.rollback()
    for _ in range(2):  # a worker that lost against another ends its round and comes again
        ends = pool.map(run, [job] * WORKERS, chunksize=1)
        assert not [end for (end,) in ends if end.startswith("error")], ends
    query = select(func.count()).where(Message.kind == MessageKind.REMINDER_DAY)
    assert db.session.scalar(query) == 250
    assert clock.now() == now
