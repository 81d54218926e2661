"""The migrated schema is the one that the models describe, on both engines."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy import Connection, PrimaryKeyConstraint, text

from hub.config import ROOT
from hub.extensions import db
from tests import databases


@pytest.fixture(params=databases.ENGINES)
def migrated(request: pytest.FixtureRequest, worker: str) -> Iterator[Connection]:
    """A connection to a database that was made by the migrations."""
    url = databases.new_database(request.param, f"schema_{worker}")
    app = databases.make_app(url)
    with app.app_context():
        with db.engine.connect() as connection:
            yield connection
        db.engine.dispose()
    databases.drop_database(url)


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, db.metadata))


def test_migrated_schema_equals_the_models(migrated):
    assert differences(migrated) == []


def test_difference_would_be_seen(migrated):
    migrated.execute(text("ALTER TABLE venues ADD COLUMN colour VARCHAR(20)"))
    assert [change[0] for change in differences(migrated)] == ["remove_column"]


def test_constraints_of_the_models_are_in_the_database(migrated):
    """Alembic does not compare CHECK constraints: they are compared here, by name."""
    if migrated.dialect.name == "sqlite":
        made = " ".join(migrated.scalars(text("SELECT sql FROM sqlite_master WHERE sql <> ''")))
    else:
        made = " ".join(migrated.scalars(text("SELECT conname FROM pg_constraint")))
    wanted = {
        str(constraint.name)
        for table in db.metadata.sorted_tables
        for constraint in table.constraints
        if constraint.name and not isinstance(constraint, PrimaryKeyConstraint)
    }
    assert {name for name in wanted if name not in made} == set()


def test_triggers_are_in_the_database(migrated):
    if migrated.dialect.name == "sqlite":
        found = migrated.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        audit = {"audit_entries_no_update", "audit_entries_no_delete"}
        twice = ("appointments", "assignments", "service_records")
        apart = {f"{table}_no_overlap_{verb}" for table in twice for verb in (0, 1)}
        apart.add("duties_no_overlap_0")
    else:
        found = migrated.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"))
        audit = {"audit_entries_only_grow"}
        tables = ("appointments", "assignments", "duties", "service_records")
        apart = {f"{table}_no_overlap" for table in tables}
    counting = {
        f"{table}_count_{verb}"
        for table in ("sign_ups", "assignments")
        for verb in ("insert", "update", "delete")
    }
    sealed = {"service_records_sealed", "certificates_sealed"}
    sealed |= {"suggestions_sealed", "suggestion_responses_sealed"}
    words = "suggestion_response_texts_sealed"
    sealed |= {f"{words}_{verb}" for verb in ("insert", "update", "delete")}
    assert set(found) == counting | audit | apart | sealed | {"consents_no_update"}


def test_migrations_have_one_head():
    script = ScriptDirectory(str(ROOT / "hub" / "migrations"))
    assert len(script.get_heads()) == 1


# --- the second migration, on a database in use --------------------------------------------

MOMENT = "2026-11-01 04:00:00+00:00"
IN_USE = {
    "communities": {"id": 1, "slug": "heyuan"},
    "users": {
        "id": 1, "email": "alice@example.com", "name": "Alice", "password": "x", "active": True,
        "language": "en", "fs_uniquifier": "u1", "created_at": MOMENT,
    },
    "memberships": {"id": 1, "user_id": 1, "role": "staff", "community_id": 1},
    "invitations": {
        "id": 1, "token_hash": "h1", "role": "admin", "created_at": MOMENT, "expires_at": MOMENT,
        "used_by_id": 1,
    },
    "venues": {"id": 1, "community_id": 1, "map_url": ""},
    "events": {
        "id": 1, "uid": "e1", "sequence": 0, "kind": "culture", "status": "published",
        "visibility": "public", "community_id": 1, "venue_id": 1, "starts_at": MOMENT,
        "ends_at": "2026-11-01 06:00:00+00:00", "capacity": 10, "party_limit": 5,
        "has_waiting_list": True, "created_at": MOMENT, "changed_at": MOMENT,
    },
    "sign_ups": {
        "id": 1, "event_id": 1, "code": "A", "status": "confirmed", "name": "Bob",
        "contact_kind": "email", "contact": "bob@example.com", "contact_key": "bob@example.com",
        "party_size": 3, "language": "en", "created_at": MOMENT, "release_reason": "",
        "privacy_version": "1",
    },
    "messages": {
        "id": 1, "kind": "confirmed", "state": "sent", "sign_up_id": 1, "facts": "{}",
        "message_id": "m1", "created_at": MOMENT, "due_at": MOMENT, "attempts": 1,
        "last_error": "",
    },
}  # fmt: skip


def put(connection: Connection, table: str, row: dict[str, object]) -> None:
    names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)


@pytest.fixture(params=databases.ENGINES)
def in_use(request: pytest.FixtureRequest, worker: str) -> Iterator[Connection]:
    """A connection to a database of the first migration that holds rows."""
    url = databases.new_database(request.param, f"old_{worker}")
    if request.param == "sqlite":
        databases.drop_database(url)
    else:
        name = url.partition("?")[0].rpartition("/")[2]
        databases.drop_database(url)
        databases._sql("postgres", f'CREATE DATABASE "{name}"')
    app = databases.make_app(url)
    with app.app_context():
        upgrade(revision="0001")
        with db.engine.begin() as connection:
            for table, row in IN_USE.items():
                put(connection, table, row)
        upgrade(revision="0002")
        with db.engine.connect() as connection:
            yield connection
        db.session.remove()
        db.engine.dispose()
    databases.drop_database(url)


def test_rows_survive_the_second_migration(in_use):
    for table, row in IN_USE.items():
        found = in_use.execute(text(f"SELECT * FROM {table}")).mappings().all()
        assert len(found) == 1, table
        for name in {"id", "name", "status", "role", "user_id", "sign_up_id", "event_id"} & set(
            row
        ):
            assert found[0][name] == row[name], f"{table}.{name}"
    confirmed, created = in_use.execute(text("SELECT confirmed_at, created_at FROM users")).one()
    assert confirmed == created  # accounts made before need no mail to log in


def test_rule_1_triggers_count_seats_after_the_second_migration(in_use):
    def seats() -> int:
        return in_use.execute(text("SELECT seats_taken FROM events")).scalar_one()

    assert seats() == 3
    put(in_use, "sign_ups", IN_USE["sign_ups"] | {"id": 2, "code": "B", "contact_key": "c"})
    assert seats() == 6
    in_use.execute(text("UPDATE sign_ups SET status = 'cancelled' WHERE id = 1"))
    assert seats() == 3
    put(in_use, "messages", IN_USE["messages"] | {
        "id": 2, "kind": "account", "sign_up_id": None, "message_id": "m2",
    })  # fmt: skip
    put(in_use, "memberships", {"id": 2, "user_id": 1, "role": "police"})
