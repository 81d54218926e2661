"""Calendars and messages: private feeds, entries of duties, choices, reminders, bounces."""

import sqlalchemy as sa
from alembic import op
from flask import current_app

import hub.models.types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KINDS = (
    "confirmed waitlisted promoted link_again party_changed withdrawn released event_changed "
    "event_cancelled account application_received application_question application_approved "
    "application_declined term_offered term_suspended term_resumed term_revoked term_ending "
    "duty_offered duty_confirmed duty_changed duty_cancelled duty_swapped record_returned "
    "record_rejected record_voided certificate_issued certificate_revoked training_invited "
    "assessment_entered qualification_granted qualification_suspended qualification_resumed "
    "qualification_revoked qualification_ending talk_lacks_lecturer talk_request_received "
    "talk_request_planned talk_request_declined reminder_day reminder_hours duty_reminder_day "
    "duty_reminder_hours duty_accepted duty_released records_approved digest"
)
STATES = "queued sending sent failed bounced dropped"
FEEDS = "personal assistant lecturer staff"
CHOICES = "reminders offers good_news digest calendar_files"


def upgrade() -> None:
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(_one_of("kind", FEEDS), name=op.f("ck_calendar_feeds_kind")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_calendar_feeds_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    op.create_index("ix_calendar_feeds_user_id", "calendar_feeds", ["user_id"], unique=False)
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("seen_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "switched_off",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=20), nullable=False),
        sa.CheckConstraint(_one_of("choice", CHOICES), name=op.f("ck_switched_off_choice")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_switched_off_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "choice", name=op.f("pk_switched_off")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_messages_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_messages_kind"), _one_of("kind", KINDS))
        batch_op.drop_constraint(op.f("ck_messages_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_messages_state"), _one_of("state", STATES))
        batch_op.add_column(sa.Column("once", sa.String(length=80), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_messages_once"), ["once"])
    _give_entries_to_duties()
    op.add_column(
        "sign_ups",
        sa.Column("reminders_off", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def _one_of(column: str, values: str) -> str:
    names = ", ".join(f"'{value}'" for value in values.split())
    return f"{column} IN ({names})"


def _give_entries_to_duties() -> None:
    """By plain ALTER TABLE: a batch would make the tables anew and lose their triggers."""
    moment = hub.models.types.UtcDateTime(timezone=True)
    op.add_column("duties", sa.Column("changed_at", moment, nullable=True))
    op.add_column(
        "assignments",
        sa.Column("uid", sa.String(length=120), server_default=sa.text("''"), nullable=False),
    )
    op.add_column(
        "assignments", sa.Column("sequence", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("assignments", sa.Column("changed_at", moment, nullable=True))
    sqlite = op.get_bind().dialect.name == "sqlite"
    random = "lower(hex(randomblob(16)))" if sqlite else "gen_random_uuid()::text"
    op.get_bind().execute(
        sa.text(f"UPDATE assignments SET uid = {random} || '@' || :domain"),
        {"domain": current_app.config["UID_DOMAIN"]},
    )
    op.create_index("uq_assignments_uid", "assignments", ["uid"], unique=True)


def downgrade() -> None:
    raise NotImplementedError("going back would lose data: restore a backup instead")
