"""Lines of the consent ledger are never changed: triggers refuse it, whoever writes.

They can be deleted, because nothing is left of a person whose account is erased (rule 18).
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER consents_no_update BEFORE UPDATE ON consents "
            "BEGIN SELECT RAISE(ABORT, 'consents are never changed'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION consents_no_update() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'consents are never changed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER consents_no_update BEFORE UPDATE ON consents "
        "FOR EACH STATEMENT EXECUTE FUNCTION consents_no_update()"
    )


def downgrade() -> None:
    raise NotImplementedError("going back would lose data: restore a backup instead")
