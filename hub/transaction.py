"""The edge of a change: one write transaction, committed once."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from hub.extensions import db

IN_UNIT = "unit_of_work"


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Run the block in one write transaction: commit at its end, roll back if it raises.

    The read transaction in which the page was loaded ends first, so that whatever the block
    reads, it reads anew and, on SQLite, already under the write lock (BEGIN IMMEDIATE): a reader
    that becomes a writer half-way would fail with SQLITE_BUSY_SNAPSHOT.
    """
    session = db.session
    if IN_UNIT in session.info:  # this one would roll back what the other has flushed
        raise RuntimeError("a unit of work was opened inside another")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made outside a unit of work")
    session.rollback()
    session.connection(execution_options={"hub_write": True})
    session.info[IN_UNIT] = True
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(IN_UNIT, None)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(dbapi_connection: object, record: ConnectionPoolEntry) -> None:
    if not type(dbapi_connection).__module__.startswith("sqlite3"):
        return
    dbapi_connection.isolation_level = None  # type: ignore[attr-defined]  # BEGIN is ours
    cursor = dbapi_connection.cursor()  # type: ignore[attr-defined]
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # what was confirmed to a person survives a power cut
        "foreign_keys = ON",
        "busy_timeout = 30000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        write = connection.get_execution_options().get("hub_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
