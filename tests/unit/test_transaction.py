"""The unit of work: one write transaction, committed once, or nothing."""

import pytest
from sqlalchemy import event as sa_event
from sqlalchemy import func, select

from hub.extensions import db
from hub.models import Community, Message, SignUp
from hub.services.signups import sign_up
from hub.transaction import unit_of_work
from tests.factories import make_community, make_person, make_sign_up
from tests.people import BOB


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def statements_of(run) -> list[str]:
    """What goes to the database while ``run`` runs, transaction control included."""
    seen: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany):
        seen.append(statement)

    sa_event.listen(db.engine, "before_cursor_execute", note)
    try:
        run()
    finally:
        sa_event.remove(db.engine, "before_cursor_execute", note)
    return seen


def test_what_was_done_is_there_afterwards(db_session):
    with unit_of_work():
        db.session.add(Community(slug="heyuan"))
    db.session.remove()
    assert count(Community) == 1


def test_exception_rolls_everything_back(db_session):
    with pytest.raises(ZeroDivisionError), unit_of_work():
        db.session.add(Community(slug="heyuan"))
        db.session.flush()
        1 / 0  # noqa: B018
    assert count(Community) == 0


def test_keyboard_interrupt_rolls_back_too(db_session):
    with pytest.raises(KeyboardInterrupt), unit_of_work():
        db.session.add(Community(slug="heyuan"))
        raise KeyboardInterrupt
    assert count(Community) == 0


def test_rule_23_messages_of_a_failed_transaction_are_dropped(event):
    with pytest.raises(ZeroDivisionError), unit_of_work():
        assert sign_up(event.id, BOB, 1) is not None
        db.session.flush()
        assert count(Message) == 1
        1 / 0  # noqa: B018
    assert (count(Message), count(SignUp), event.seats_taken) == (0, 0, 0)


def test_changes_made_outside_are_refused(db_session):
    make_community("heyuan")
    db.session.add(Community(slug="outside"))
    with pytest.raises(RuntimeError, match="outside a unit of work"), unit_of_work():
        pass
    db.session.rollback()
    db.session.scalars(select(Community)).one().slug = "changed"
    with pytest.raises(RuntimeError, match="outside a unit of work"), unit_of_work():
        pass


def test_unit_inside_a_unit_is_refused_before_it_drops_anything(db_session):
    """The inner one would roll back what the outer one has flushed."""
    with unit_of_work():
        db.session.add(Community(slug="outer"))
        db.session.flush()
        with pytest.raises(RuntimeError, match="inside another"), unit_of_work():
            pass
    assert count(Community) == 1


def test_unit_can_follow_one_that_failed(db_session):
    with pytest.raises(ZeroDivisionError), unit_of_work():
        1 / 0  # noqa: B018
    with unit_of_work():
        db.session.add(Community(slug="second"))
    assert count(Community) == 1


def test_commit_that_fails_leaves_the_session_usable(db_session):
    make_community("heyuan")
    with pytest.raises(Exception, match=r"(?i)unique"), unit_of_work():
        db.session.add(Community(slug="heyuan"))
    assert count(Community) == 1


def test_unit_reads_anew_what_the_page_had_loaded(app, event):
    assert event.seats_taken == 0  # read in the page's transaction, which stays open
    with app.app_context():  # another visitor
        make_sign_up(db.session.get_one(type(event), event.id), make_person())
    with unit_of_work():
        assert event.seats_taken == 1


def test_unit_begins_with_the_write_lock(db_session):
    def write():
        with unit_of_work():
            db.session.scalar(select(func.count()).select_from(Community))

    def read():
        db.session.rollback()
        count(Community)
        db.session.rollback()

    if db.engine.dialect.name == "sqlite":
        assert statements_of(write)[0] == "BEGIN IMMEDIATE"
        assert statements_of(read)[0] == "BEGIN"
    else:  # rows are locked one by one, see lock_event
        assert not [s for s in statements_of(write) if s.startswith("BEGIN IMM")]


def test_event_row_is_locked_where_rows_can_be(event):
    def book():
        with unit_of_work():
            sign_up(event.id, BOB, 1)

    locking = [s for s in statements_of(book) if "FOR UPDATE" in s]
    if db.engine.dialect.name == "sqlite":
        assert locking == []  # the whole file is ours
    else:
        assert locking[0].rstrip().endswith("FOR UPDATE OF events")


def test_sqlite_connections_are_prepared(db_session):
    if db.engine.dialect.name == "sqlite":
        pragmas = {
            name: db.session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
        assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30000}
    else:
        assert db.engine.dialect.name == "postgresql"
