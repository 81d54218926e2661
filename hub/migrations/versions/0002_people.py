"""People: second factors, profiles, consents, invitations, settings.

On SQLite a table that others refer to is never made anew here: dropping the old one would take
the rows that refer to it, and its triggers, along. So ``users`` and ``sign_ups`` only gain columns.
"""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

import hub.models.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "export",
                "correct",
                "delete",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("requested_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("fulfilled_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_requests")),
    )
    with op.batch_alter_table("data_requests", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_data_requests_requested_at"), ["requested_at"], unique=False
        )

    op.create_table(
        "appointments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "programme",
            sa.Enum(
                "assistant",
                "lecturer",
                name="programme",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("created_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_appointments_term")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_appointments_community_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_appointments_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
    )
    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_appointments_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            "ix_appointments_user_id_programme", ["user_id", "programme", "starts_on"], unique=False
        )

    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "publication",
                "photo",
                "university",
                "police_trainers",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_consents_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(
            "ix_consents_user_id_purpose", ["user_id", "purpose", "id"], unique=False
        )

    op.create_table(
        "log_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("created_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_log_ins_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_ins")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_log_ins_key_hash")),
    )
    with op.batch_alter_table("log_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_log_ins_user_id"), ["user_id"], unique=False)

    op.create_table(
        "papers_seen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(length=20), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("seen_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["seen_by_id"], ["users.id"], name=op.f("fk_papers_seen_seen_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_papers_seen_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers_seen")),
    )
    with op.batch_alter_table("papers_seen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_papers_seen_user_id"), ["user_id"], unique=False)

    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", sa.UnicodeText(), nullable=True),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.String(length=64), nullable=False),
        sa.Column("extensions", sa.String(length=255), nullable=True),
        sa.Column("create_datetime", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("lastuse_datetime", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("usage", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_passkeys_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    with op.batch_alter_table("passkeys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkeys_user_id"), ["user_id"], unique=False)

    op.create_table(
        "profiles",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("spoken_name", sa.String(length=120), nullable=False),
        sa.Column("school", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("search_key", sa.String(length=400), nullable=False),
        sa.Column("updated_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("weekdays BETWEEN 0 AND 127", name=op.f("ck_profiles_weekdays")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_profiles_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_profiles_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_profiles")),
    )
    with op.batch_alter_table("profiles", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_profiles_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_profiles_country"), ["country"], unique=False)
        batch_op.create_index("ix_profiles_search_key", ["search_key"], unique=False)

    op.create_table(
        "settings",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["users.id"], name=op.f("fk_settings_changed_by_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_settings")),
    )
    op.create_table(
        "person_languages",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column(
            "oral",
            sa.Enum(
                "A1",
                "A2",
                "B1",
                "B2",
                "C1",
                "C2",
                "native",
                name="oral",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column(
            "written",
            sa.Enum(
                "A1",
                "A2",
                "B1",
                "B2",
                "C1",
                "C2",
                "native",
                name="written",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["profiles.user_id"],
            name=op.f("fk_person_languages_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "language", name=op.f("pk_person_languages")),
    )
    with op.batch_alter_table("person_languages", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_person_languages_language"), ["language"], unique=False
        )

    op.create_table(
        "door_helpers",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_door_helpers_event_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_door_helpers_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "user_id", name=op.f("pk_door_helpers")),
    )
    op.create_table(
        "topics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
        sa.UniqueConstraint("slug", name=op.f("uq_topics_slug")),
    )
    op.create_table(
        "topic_texts",
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_topic_texts_topic_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("topic_id", "language", name=op.f("pk_topic_texts")),
    )
    op.create_table(
        "qualifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("examiner", sa.String(120), nullable=False),
        sa.Column("created_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_qualifications_validity")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_qualifications_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_qualifications_topic_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualifications")),
    )
    op.create_index("ix_qualifications_user_id", "qualifications", ["user_id"])
    op.create_index("ix_qualifications_topic_id_user_id", "qualifications", ["topic_id", "user_id"])
    op.create_index("ix_audit_entries_actor_id", "audit_entries", ["actor_id", "id"])
    _widen_checks()
    moment = hub.models.types.UtcDateTime
    for name, kind in {
        "erased_at": moment(timezone=True),
        "confirmed_at": moment(timezone=True),
        "us_totp_secrets": sa.Text(),
        "tf_primary_method": sa.String(64),
        "tf_totp_secret": sa.String(255),
        "mf_recovery_codes": sa.UnicodeText(),
        "fs_webauthn_user_handle": sa.String(64),
    }.items():
        op.add_column("users", sa.Column(name, kind, nullable=True))
    op.create_index(
        "uq_users_fs_webauthn_user_handle", "users", ["fs_webauthn_user_handle"], unique=True
    )
    op.execute("UPDATE users SET confirmed_at = created_at")  # made by hand or by invitation
    op.execute(  # one statement for both engines: Alembic cannot say this to SQLite
        "ALTER TABLE sign_ups ADD COLUMN user_id INTEGER "
        "CONSTRAINT fk_sign_ups_user_id REFERENCES users (id)"
    )
    op.add_column("sign_ups", sa.Column("erased_at", moment(timezone=True), nullable=True))
    op.create_index("ix_sign_ups_user_id", "sign_ups", ["user_id"])


def _replace_checks(table: BatchOperations, old: tuple[str, ...], **checks: str) -> None:
    """Put ``checks`` in the place of ``old`` ones. On SQLite the table is made anew without any."""
    if op.get_bind().dialect.name != "sqlite":
        for name in old:
            table.drop_constraint(op.f(name), type_="check")
    for name, condition in checks.items():
        table.create_check_constraint(op.f(name), condition)


def _widen_checks() -> None:
    """Tables that nothing refers to: a new role, a new kind of message, optional columns."""
    roles = "role IN ('staff', 'police', 'admin')"
    with op.batch_alter_table("memberships") as table:
        _replace_checks(table, ("ck_memberships_role",), ck_memberships_role=roles)
    with op.batch_alter_table("invitations") as table:
        _replace_checks(table, ("ck_invitations_role",), ck_invitations_role=roles)
        table.alter_column("role", existing_type=sa.String(20), nullable=True)
        table.add_column(sa.Column("event_id", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column("email", sa.String(254), server_default=sa.text("''"), nullable=False)
        )
        table.add_column(sa.Column("invited_by_id", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column("revoked_at", hub.models.types.UtcDateTime(timezone=True), nullable=True)
        )
        table.create_foreign_key(op.f("fk_invitations_event_id"), "events", ["event_id"], ["id"])
        table.create_foreign_key(
            op.f("fk_invitations_invited_by_id"), "users", ["invited_by_id"], ["id"]
        )
    kinds = "confirmed waitlisted promoted link_again party_changed withdrawn released"
    names = ", ".join(f"'{k}'" for k in f"{kinds} event_changed event_cancelled account".split())
    with op.batch_alter_table("messages") as table:
        _replace_checks(
            table,
            ("ck_messages_kind", "ck_messages_state"),
            ck_messages_kind=f"kind IN ({names})",
            ck_messages_state="state IN ('queued', 'sending', 'sent', 'failed')",
        )
        table.alter_column("sign_up_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(
            sa.Column("address", sa.String(254), server_default=sa.text("''"), nullable=False)
        )
        table.add_column(
            sa.Column("subject", sa.String(250), server_default=sa.text("''"), nullable=False)
        )
        table.add_column(sa.Column("body", sa.Text(), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    raise NotImplementedError("going back would lose data: restore a backup instead")
