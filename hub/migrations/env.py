"""Alembic's environment: the application's own engine and models."""

from alembic import context
from flask import current_app

db = current_app.extensions["migrate"].db

# One connection, one transaction: a step that fails leaves nothing behind.
with db.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()
