"""The migrated schema is the one that the models describe, on both engines."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
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
    else:
        found = migrated.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"))
        audit = {"audit_entries_only_grow"}
    counting = {f"sign_ups_count_{verb}" for verb in ("insert", "update", "delete")}
    assert set(found) == counting | audit


def test_migrations_have_one_head():
    script = ScriptDirectory(str(ROOT / "hub" / "migrations"))
    assert len(script.get_heads()) == 1
