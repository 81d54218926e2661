"""Peer legal lecturers: topics and materials, training, qualifications, talks, requests."""

import sqlalchemy as sa
from alembic import op

import hub.models.types

revision = "0005"
down_revision = "0004"
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
    "talk_request_planned talk_request_declined"
)


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_absences_days")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_absences_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index(
            "ix_absences_user_id_starts_on", ["user_id", "starts_on"], unique=False
        )

    op.create_table(
        "topic_materials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("stored_name", sa.String(length=60), nullable=True),
        sa.Column("shown_name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(url = '') <> (stored_name IS NULL)", name=op.f("ck_topic_materials_file_or_link")
        ),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from",
            name=op.f("ck_topic_materials_validity"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_topic_materials_version")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_topic_materials_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["topic_materials.id"], name=op.f("fk_topic_materials_replaces_id")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_topic_materials_topic_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_materials")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_topic_materials_stored_name")),
    )
    with op.batch_alter_table("topic_materials", schema=None) as batch_op:
        batch_op.create_index(
            "ix_topic_materials_topic_id_language", ["topic_id", "language"], unique=False
        )

    op.create_table(
        "talk_plans",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=200), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_talk_plans_season")),
        sa.CheckConstraint("target >= 1", name=op.f("ck_talk_plans_target")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_talk_plans_created_by_id")
        ),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_talk_plans_series_id")),
        sa.PrimaryKeyConstraint("series_id", name=op.f("pk_talk_plans")),
    )
    op.create_table(
        "study_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("studied_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "minutes > 0 AND minutes <= 1440", name=op.f("ck_study_records_minutes")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_study_records_event_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_study_records_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_records")),
    )
    with op.batch_alter_table("study_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_study_records_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_study_records_event_id_user_id", ["event_id", "user_id"], unique=True
        )

    op.create_table(
        "talk_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "received",
                "planned",
                "declined",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("organisation", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "contact_kind",
            sa.Enum(
                "email",
                "phone",
                name="contact_kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("contact", sa.String(length=254), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("wished_on", sa.Date(), nullable=True),
        sa.Column("wishes", sa.String(length=1000), nullable=False),
        sa.Column("languages", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("privacy_version", sa.String(length=20), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), server_default=sa.text("''"), nullable=False),
        sa.Column("created_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("erased_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("people BETWEEN 1 AND 100000", name=op.f("ck_talk_requests_people")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_talk_requests_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_talk_requests_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_talk_requests_event_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_requests")),
        sa.UniqueConstraint("code", name=op.f("uq_talk_requests_code")),
    )
    with op.batch_alter_table("talk_requests", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_talk_requests_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_talk_requests_event_id"), ["event_id"], unique=False)
        batch_op.create_index("ix_talk_requests_status", ["status", "created_at"], unique=False)

    op.create_table(
        "talk_targets",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("school", sa.String(length=120), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_talk_targets_people")),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["talk_plans.series_id"],
            name=op.f("fk_talk_targets_series_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("series_id", "school", name=op.f("pk_talk_targets")),
    )
    op.create_table(
        "talks",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("school", sa.String(length=120), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column(
            "reach",
            sa.Enum(
                "named",
                "headcount",
                name="reach",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("counted_by", sa.String(length=120), nullable=False),
        sa.Column(
            "count_method",
            sa.Enum(
                "heads",
                "sheet",
                "seats",
                "estimate",
                name="count_method",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reported_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reported_by_id", sa.Integer(), nullable=True),
        sa.Column("alerted_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(reach IS NULL AND reported_at IS NULL AND headcount IS NULL) OR (reach = 'named' AND reported_at IS NOT NULL AND headcount IS NULL) OR (reach = 'headcount' AND reported_at IS NOT NULL AND headcount IS NOT NULL AND counted_by <> '' AND count_method IS NOT NULL)",
            name=op.f("ck_talks_one_figure"),
        ),
        sa.CheckConstraint("expected >= 0", name=op.f("ck_talks_expected")),
        sa.CheckConstraint("headcount IS NULL OR headcount >= 0", name=op.f("ck_talks_headcount")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_talks_event_id")),
        sa.ForeignKeyConstraint(
            ["reported_by_id"], ["users.id"], name=op.f("fk_talks_reported_by_id")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_talks")),
    )
    with op.batch_alter_table("talks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_talks_school"), ["school"], unique=False)

    op.create_table(
        "trainings",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_trainings_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_trainings")),
    )
    op.create_table(
        "assessments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "passed",
                "failed",
                "retake",
                name="result",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("examined_on", sa.Date(), nullable=False),
        sa.Column("examiner", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["users.id"], name=op.f("fk_assessments_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["trainings.event_id"], name=op.f("fk_assessments_event_id")
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_assessments_topic_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_assessments_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
    )
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessments_event_id"), ["event_id"], unique=False)
        batch_op.create_index(
            "ix_assessments_user_id_topic_id", ["user_id", "topic_id", "language"], unique=False
        )

    op.create_table(
        "talk_materials",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["talks.event_id"],
            name=op.f("fk_talk_materials_event_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["material_id"], ["topic_materials.id"], name=op.f("fk_talk_materials_material_id")
        ),
        sa.PrimaryKeyConstraint("event_id", "material_id", name=op.f("pk_talk_materials")),
    )
    op.create_table(
        "talk_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("question", sa.String(length=500), nullable=False),
        sa.Column("settled_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["talks.event_id"],
            name=op.f("fk_talk_questions_event_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["users.id"], name=op.f("fk_talk_questions_settled_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_talk_questions_topic_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_questions")),
    )
    with op.batch_alter_table("talk_questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_talk_questions_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_talk_questions_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "talk_request_topics",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["talk_requests.id"],
            name=op.f("fk_talk_request_topics_request_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_talk_request_topics_topic_id")
        ),
        sa.PrimaryKeyConstraint("request_id", "topic_id", name=op.f("pk_talk_request_topics")),
    )
    op.create_table(
        "talk_topics",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["talks.event_id"],
            name=op.f("fk_talk_topics_event_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_talk_topics_topic_id")),
        sa.PrimaryKeyConstraint("event_id", "topic_id", name=op.f("pk_talk_topics")),
    )
    op.create_table(
        "training_invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("declined_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["trainings.event_id"], name=op.f("fk_training_invitations_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["users.id"], name=op.f("fk_training_invitations_invited_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_training_invitations_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_invitations")),
    )
    with op.batch_alter_table("training_invitations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_training_invitations_user_id"), ["user_id"], unique=False
        )
        batch_op.create_index(
            "uq_training_invitations_event_id_user_id", ["event_id", "user_id"], unique=True
        )

    op.create_table(
        "training_topics",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["trainings.event_id"],
            name=op.f("fk_training_topics_event_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_training_topics_topic_id")
        ),
        sa.PrimaryKeyConstraint("event_id", "topic_id", name=op.f("pk_training_topics")),
    )
    op.create_table(
        "qualification_suspensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("qualification_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on",
            name=op.f("ck_qualification_suspensions_days"),
        ),
        sa.ForeignKeyConstraint(
            ["qualification_id"],
            ["qualifications.id"],
            name=op.f("fk_qualification_suspensions_qualification_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification_suspensions")),
    )
    with op.batch_alter_table("qualification_suspensions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_qualification_suspensions_qualification_id"),
            ["qualification_id"],
            unique=False,
        )

    names = ", ".join(f"'{kind}'" for kind in KINDS.split())
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_messages_kind"), type_="check")
        batch_op.alter_column(
            "kind", existing_type=sa.String(length=20), type_=sa.String(length=40)
        )
        batch_op.create_check_constraint(op.f("ck_messages_kind"), f"kind IN ({names})")
        batch_op.add_column(sa.Column("talk_request_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_messages_talk_request_id"), ["talk_request_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_messages_talk_request_id"), "talk_requests", ["talk_request_id"], ["id"]
        )

    with op.batch_alter_table("qualifications", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "revoke_reason", sa.String(length=500), server_default=sa.text("''"), nullable=False
            )
        )
        batch_op.add_column(sa.Column("assessment_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("granted_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("reminded_at", hub.models.types.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.create_index(
            "uq_qualifications_live",
            ["user_id", "topic_id", "language", "valid_from"],
            unique=True,
            sqlite_where=sa.text("revoked_on IS NULL"),
            postgresql_where=sa.text("revoked_on IS NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_qualifications_granted_by_id"), "users", ["granted_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_qualifications_assessment_id"), "assessments", ["assessment_id"], ["id"]
        )

    with op.batch_alter_table("topic_texts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "summary", sa.String(length=300), server_default=sa.text("''"), nullable=False
            )
        )
        batch_op.add_column(
            sa.Column("essentials", sa.Text(), server_default=sa.text("''"), nullable=False)
        )

    with op.batch_alter_table("topics", schema=None) as batch_op:
        batch_op.add_column(sa.Column("position", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(
            sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("checked_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("valid_until", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("changed_at", hub.models.types.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.create_check_constraint(op.f("ck_topics_version"), "version >= 1")


def downgrade() -> None:
    raise NotImplementedError("going back would lose data: restore a backup instead")
