"""Assistants: applications, terms, duties, service records, certificates.

Triggers refuse, whoever writes: a second term at one time (rule 10), one person too many on a duty,
two duties or two records of a person at one time (rules 9, 11), and a change of what an approved
record or a certificate says (rules 12, 14).
"""

import sqlalchemy as sa
from alembic import op

import hub.models.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KINDS = (
    "confirmed waitlisted promoted link_again party_changed withdrawn released event_changed "
    "event_cancelled account application_received application_question application_approved "
    "application_declined term_offered term_suspended term_resumed term_revoked term_ending "
    "duty_offered duty_confirmed duty_changed duty_cancelled duty_swapped record_returned "
    "record_rejected record_voided certificate_issued certificate_revoked"
)


def upgrade() -> None:
    op.create_table(
        "activities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
        sa.UniqueConstraint("slug", name=op.f("uq_activities_slug")),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
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
        sa.Column(
            "kind",
            sa.Enum(
                "short",
                "long",
                "yes_no",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_questions_programme_position", ["programme", "position"], unique=False
        )

    op.create_table(
        "activity_texts",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_activity_texts_activity_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", "language", name=op.f("pk_activity_texts")),
    )
    op.create_table(
        "applications",
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
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "under_review",
                "info_requested",
                "approved",
                "declined",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("created_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_applications_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_applications_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_applications_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
    )
    with op.batch_alter_table("applications", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_applications_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index("ix_applications_status", ["status", "id"], unique=False)
        batch_op.create_index(
            "uq_applications_open",
            ["user_id", "programme"],
            unique=True,
            sqlite_where=sa.text(
                "status IN ('draft', 'submitted', 'under_review', 'info_requested')"
            ),
            postgresql_where=sa.text(
                "status IN ('draft', 'submitted', 'under_review', 'info_requested')"
            ),
        )

    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("holder_name", sa.String(length=120), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_until", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "issued",
                "superseded",
                "revoked",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("issued_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_certificates_minutes")),
        sa.CheckConstraint("period_until >= period_from", name=op.f("ck_certificates_period")),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["users.id"], name=op.f("fk_certificates_issued_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"], ["certificates.id"], name=op.f("fk_certificates_superseded_by_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_certificates_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_code")),
    )
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificates_user_id"), ["user_id"], unique=False)

    op.create_table(
        "question_texts",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("hint", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_question_texts_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "language", name=op.f("pk_question_texts")),
    )
    op.create_table(
        "application_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("from_staff", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_application_messages_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_application_messages_author_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_messages")),
    )
    with op.batch_alter_table("application_messages", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_messages_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "person_skills",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "skill",
            sa.Enum(
                "writing",
                "computer",
                "photo",
                "stage",
                "music",
                "cooking",
                "sport",
                "children",
                "first_aid",
                name="skill",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["profiles.user_id"],
            name=op.f("fk_person_skills_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "skill", name=op.f("pk_person_skills")),
    )
    op.create_table(
        "duties",
        sa.Column("id", sa.Integer(), nullable=False),
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
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(length=36), nullable=False),
        sa.Column("starts_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("people_needed", sa.Integer(), nullable=False),
        sa.Column("people_taken", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cancelled_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=500), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_duties_times")),
        sa.CheckConstraint("people_needed >= 1", name=op.f("ck_duties_needed")),
        sa.CheckConstraint(
            "people_taken >= 0 AND people_taken <= people_needed", name=op.f("ck_duties_taken")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_duties_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_duties_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_duties_created_by_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_duties_event_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venues.id"], name=op.f("fk_duties_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
    )
    with op.batch_alter_table("duties", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duties_batch"), ["batch"], unique=False)
        batch_op.create_index(
            "ix_duties_community_id_starts_at", ["community_id", "starts_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_duties_event_id"), ["event_id"], unique=False)
        batch_op.create_index("ix_duties_starts_at", ["starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_duties_venue_id"), ["venue_id"], unique=False)

    op.create_table(
        "suspensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_suspensions_days")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_suspensions_appointment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
    )
    with op.batch_alter_table("suspensions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_suspensions_appointment_id"), ["appointment_id"], unique=False
        )

    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "offered",
                "requested",
                "confirmed",
                "checked_in",
                "completed",
                "declined",
                "withdrawn",
                "released",
                "cancelled",
                "no_show",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("offered_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("checked_in_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("checked_out_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=500), nullable=False),
        sa.Column("released_late", sa.Boolean(), nullable=False),
        sa.Column("override_reason", sa.String(length=500), nullable=False),
        sa.Column("swap_asked_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("swapped_from_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.id"], name=op.f("fk_assignments_duty_id")),
        sa.ForeignKeyConstraint(
            ["offered_by_id"], ["users.id"], name=op.f("fk_assignments_offered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["swapped_from_id"], ["assignments.id"], name=op.f("fk_assignments_swapped_from_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_assignments_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignments_duty_id"), ["duty_id"], unique=False)
        batch_op.create_index("ix_assignments_user_id_status", ["user_id", "status"], unique=False)
        batch_op.create_index(
            "uq_assignments_live",
            ["duty_id", "user_id"],
            unique=True,
            sqlite_where=sa.text(
                "status NOT IN ('declined', 'withdrawn', 'released', 'cancelled')"
            ),
            postgresql_where=sa.text(
                "status NOT IN ('declined', 'withdrawn', 'released', 'cancelled')"
            ),
        )

    op.create_table(
        "duty_languages",
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "A1",
                "A2",
                "B1",
                "B2",
                "C1",
                "C2",
                "native",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["duties.id"], name=op.f("fk_duty_languages_duty_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("duty_id", "language", name=op.f("pk_duty_languages")),
    )
    op.create_table(
        "duty_skills",
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column(
            "skill",
            sa.Enum(
                "writing",
                "computer",
                "photo",
                "stage",
                "music",
                "cooking",
                "sport",
                "children",
                "first_aid",
                name="skill",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["duties.id"], name=op.f("fk_duty_skills_duty_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("duty_id", "skill", name=op.f("pk_duty_skills")),
    )
    op.create_table(
        "duty_texts",
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["duties.id"], name=op.f("fk_duty_texts_duty_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("duty_id", "language", name=op.f("pk_duty_texts")),
    )
    op.create_table(
        "service_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column(
            "provenance",
            sa.Enum(
                "measured",
                "rostered",
                "declared",
                "back_entered",
                name="provenance",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "approved",
                "rejected",
                "superseded",
                "voided",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("starts_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("people_served", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("organising_unit", sa.String(length=200), nullable=False),
        sa.Column("in_charge_id", sa.Integer(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_service_records_times")),
        sa.CheckConstraint(
            "minutes > 0 AND minutes <= 1440", name=op.f("ck_service_records_minutes")
        ),
        sa.CheckConstraint(
            "people_served IS NULL OR people_served >= 0",
            name=op.f("ck_service_records_people_served"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_service_records_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_service_records_assignment_id")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_service_records_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["service_records.id"], name=op.f("fk_service_records_corrects_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_service_records_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["users.id"], name=op.f("fk_service_records_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_service_records_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["in_charge_id"], ["users.id"], name=op.f("fk_service_records_in_charge_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_service_records_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_records")),
    )
    with op.batch_alter_table("service_records", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_service_records_assignment_id"), ["assignment_id"], unique=False
        )
        batch_op.create_index(
            "ix_service_records_community_id_status",
            ["community_id", "status", "starts_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_service_records_corrects_id"), ["corrects_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_service_records_event_id"), ["event_id"], unique=False)
        batch_op.create_index(
            "ix_service_records_status", ["status", "starts_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_service_records_user_id_starts_at", ["user_id", "starts_at"], unique=False
        )

    op.create_table(
        "certificate_records",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificates.id"],
            name=op.f("fk_certificate_records_certificate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["service_records.id"], name=op.f("fk_certificate_records_record_id")
        ),
        sa.PrimaryKeyConstraint("certificate_id", "record_id", name=op.f("pk_certificate_records")),
    )
    with op.batch_alter_table("certificate_records", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_records_record_id"), ["record_id"], unique=False
        )

    op.create_table(
        "evidence_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("stored_name", sa.String(length=60), nullable=False),
        sa.Column("shown_name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", hub.models.types.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["service_records.id"], name=op.f("fk_evidence_files_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_files")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_evidence_files_stored_name")),
    )
    with op.batch_alter_table("evidence_files", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_evidence_files_record_id"), ["record_id"], unique=False
        )

    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("application_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("renews_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("number", sa.String(length=30), nullable=True))
        batch_op.add_column(sa.Column("offered_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("accepted_at", hub.models.types.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(
            sa.Column("declined_at", hub.models.types.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(
            sa.Column(
                "end_kind",
                sa.Enum(
                    "resigned",
                    "revoked",
                    name="end_kind",
                    native_enum=False,
                    create_constraint=True,
                    length=20,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "end_reason", sa.String(length=500), server_default=sa.text("''"), nullable=False
            )
        )
        batch_op.add_column(
            sa.Column("reminded_at", hub.models.types.UtcDateTime(timezone=True), nullable=True)
        )
        batch_op.create_index(
            batch_op.f("ix_appointments_application_id"), ["application_id"], unique=False
        )
        batch_op.create_unique_constraint(batch_op.f("uq_appointments_number"), ["number"])
        batch_op.create_foreign_key(
            batch_op.f("fk_appointments_offered_by_id"), "users", ["offered_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_appointments_renews_id"), "appointments", ["renews_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_appointments_application_id"), "applications", ["application_id"], ["id"]
        )

    op.execute("UPDATE appointments SET accepted_at = created_at")
    names = ", ".join(f"'{kind}'" for kind in KINDS.split())
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_messages_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_messages_kind"), f"kind IN ({names})")
        batch_op.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("subject_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_messages_user_id"), ["user_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_messages_user_id"), "users", ["user_id"], ["id"])
    _create_triggers()


def downgrade() -> None:
    raise NotImplementedError("going back would lose data: restore a backup instead")


# (table, columns whose change is looked at, when the new row is looked at, what it must not meet,
# whose rows wait for each other, what is said)
TERM_END = "CASE WHEN {t}.ended_on < {t}.ends_on THEN {t}.ended_on ELSE {t}.ends_on END"
BUSY = "('confirmed', 'checked_in', 'completed')"
CLAIMING = "('submitted', 'returned', 'approved')"
OVERLAPS = {
    "appointments": (
        "INSERT OR UPDATE OF accepted_at, declined_at, starts_on, ends_on, ended_on",
        "NEW.accepted_at IS NOT NULL AND NEW.declined_at IS NULL",
        f"""SELECT 1 FROM appointments a WHERE a.user_id = NEW.user_id AND a.id <> NEW.id
            AND a.programme = NEW.programme
            AND COALESCE(a.community_id, 0) = COALESCE(NEW.community_id, 0)
            AND a.accepted_at IS NOT NULL AND a.declined_at IS NULL
            AND a.starts_on <= {TERM_END.format(t="NEW")}
            AND NEW.starts_on <= {TERM_END.format(t="a")}
            AND a.starts_on <= {TERM_END.format(t="a")}
            AND NEW.starts_on <= {TERM_END.format(t="NEW")}""",
        "NEW.user_id",
        "rule 10: two terms at one time",
    ),
    "assignments": (
        "INSERT OR UPDATE OF status, duty_id, user_id",
        f"NEW.status IN {BUSY}",
        f"""SELECT 1 FROM assignments a JOIN duties d ON d.id = a.duty_id
            JOIN duties n ON n.id = NEW.duty_id
            WHERE a.user_id = NEW.user_id AND a.id <> NEW.id AND a.status IN {BUSY}
            AND d.starts_at < n.ends_at AND n.starts_at < d.ends_at""",
        "NEW.user_id",
        "rule 9: two duties at one time",
    ),
    "duties": (
        "UPDATE OF starts_at, ends_at",
        "1 = 1",
        f"""SELECT 1 FROM assignments mine JOIN assignments a ON a.user_id = mine.user_id
            JOIN duties d ON d.id = a.duty_id
            WHERE mine.duty_id = NEW.id AND mine.status IN {BUSY} AND a.duty_id <> NEW.id
            AND a.status IN {BUSY} AND d.starts_at < NEW.ends_at AND NEW.starts_at < d.ends_at""",
        "0",
        "rule 9: two duties at one time",
    ),
    "service_records": (
        "INSERT OR UPDATE OF status, starts_at, ends_at, user_id",
        f"NEW.status IN {CLAIMING}",
        f"""SELECT 1 FROM service_records r
            WHERE r.user_id = NEW.user_id AND r.id <> NEW.id AND r.status IN {CLAIMING}
            AND r.id <> COALESCE(NEW.corrects_id, 0) AND COALESCE(r.corrects_id, 0) <> NEW.id
            AND r.starts_at < NEW.ends_at AND NEW.starts_at < r.ends_at""",
        "NEW.user_id",
        "rule 11: two records of one time",
    ),
}
SAID = (
    "user_id, community_id, activity_id, event_id, assignment_id, corrects_id, provenance, "
    "starts_at, ends_at, minutes, people_served, language, organising_unit"
)
SEALED = {
    "service_records": (SAID, "OLD.status IN ('approved', 'superseded', 'voided')", "rule 12"),
    "certificates": (
        "code, user_id, period_from, period_until, minutes, snapshot, issued_at, issued_by_id",
        "1 = 1",
        "rule 14",
    ),
}
HOLDS = "CASE WHEN {row}.status IN ('confirmed', 'checked_in', 'completed', 'no_show') THEN 1 ELSE 0 END"


def _count(sign: str, row: str) -> str:
    return (
        f"UPDATE duties SET people_taken = people_taken {sign} {HOLDS.format(row=row)} "
        f"WHERE id = {row}.duty_id;"
    )


COUNTS = {
    "insert": ("AFTER INSERT ON assignments", _count("+", "NEW")),
    "update": (
        "AFTER UPDATE OF status, duty_id ON assignments",
        _count("-", "OLD") + " " + _count("+", "NEW"),
    ),
    "delete": ("AFTER DELETE ON assignments", _count("-", "OLD")),
}


def _create_triggers() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _create_sqlite_triggers()
    else:
        _create_postgresql_triggers()


def _create_sqlite_triggers() -> None:
    """AFTER, since the new row has its id only then."""
    for table, (when, looked_at, meets, _who, words) in OVERLAPS.items():
        for number, verb in enumerate(when.split(" OR ")):
            op.execute(
                f"CREATE TRIGGER {table}_no_overlap_{number} AFTER {verb} ON {table} "
                f"WHEN {looked_at} AND EXISTS ({meets}) "
                f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
    for table, (columns, looked_at, words) in SEALED.items():
        op.execute(
            f"CREATE TRIGGER {table}_sealed BEFORE UPDATE OF {columns} ON {table} "
            f"WHEN {looked_at} BEGIN SELECT RAISE(ABORT, '{words}: it is sealed'); END"
        )
    for verb, (when, body) in COUNTS.items():
        op.execute(f"CREATE TRIGGER assignments_count_{verb} {when} BEGIN {body} END")


def _create_postgresql_triggers() -> None:
    """Two writers of one person wait for each other: neither sees the other's row before."""
    for table, (when, looked_at, meets, who, words) in OVERLAPS.items():
        op.execute(
            f"CREATE FUNCTION {table}_no_overlap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"PERFORM pg_advisory_xact_lock(hashtext('{table}'), {who}); "
            f"IF {looked_at} AND EXISTS ({meets}) THEN "
            f"RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; "
            "END IF; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_overlap AFTER {when} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_no_overlap()"
        )
    for table, (columns, looked_at, words) in SEALED.items():
        op.execute(
            f"CREATE FUNCTION {table}_sealed() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {looked_at} THEN RAISE EXCEPTION '{words}: it is sealed' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_sealed BEFORE UPDATE OF {columns} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_sealed()"
        )
    for verb, (when, body) in COUNTS.items():
        op.execute(
            f"CREATE FUNCTION assignments_count_{verb}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body} RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER assignments_count_{verb} {when} "
            f"FOR EACH ROW EXECUTE FUNCTION assignments_count_{verb}()"
        )
