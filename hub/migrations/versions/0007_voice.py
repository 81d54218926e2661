"""Voice: surveys after events, suggestions, their responses, and who stands behind them."""

import sqlalchemy as sa
from alembic import op

import hub.models.types

revision = "0007"
down_revision = "0006"
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
    "talk_request_planned talk_request_declined reminder_day reminder_hours "
    "duty_reminder_day duty_reminder_hours duty_accepted duty_released records_approved "
    "digest event_survey suggestion_received suggestion_acknowledged suggestion_question "
    "suggestion_answered suggestion_done suggestion_referred suggestion_joined "
    "suggestion_still_done suggestion_confirm suggestion_news suggestion_owned "
    "suggestion_back suggestion_overdue"
)
CHOICES = "reminders offers good_news digest surveys calendar_files"
# What is sealed: table, which columns, when, and the rule that says so.
SEALED = (
    ("suggestions", "original", "NEW.original <> OLD.original AND NEW.original <> ''", "rule 15"),
    (
        "suggestion_responses",
        "version, outcome, reason, published_at, published_by_id",
        "OLD.published_at IS NOT NULL",
        "rule 15",
    ),
)
PUBLISHED = (
    "EXISTS (SELECT 1 FROM suggestion_responses r WHERE r.id = {row}.response_id"
    " AND r.published_at IS NOT NULL)"
)


def upgrade() -> None:
    _create_suggestions()
    _create_surveys()
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("suggestion_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("backer_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_messages_backer_id"), ["backer_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_messages_suggestion_id"), ["suggestion_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_messages_backer_id"),
            "suggestion_backers",
            ["backer_id"],
            ["id"],
            ondelete="CASCADE",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_messages_suggestion_id"), "suggestions", ["suggestion_id"], ["id"]
        )
        batch_op.drop_constraint(op.f("ck_messages_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_messages_kind"), _one_of("kind", KINDS))
    with op.batch_alter_table("switched_off", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_switched_off_choice"), type_="check")
        batch_op.create_check_constraint(op.f("ck_switched_off_choice"), _one_of("choice", CHOICES))
    _create_triggers()


def _one_of(column: str, values: str) -> str:
    names = ", ".join(f"'{value}'" for value in values.split())
    return f"{column} IN ({names})"


def _create_suggestions() -> None:
    op.create_table(
        "response_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            _one_of("outcome", "adopted partly not_adopted"),
            name=op.f("ck_response_templates_outcome"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_templates")),
        sa.UniqueConstraint("name", name=op.f("uq_response_templates_name")),
    )
    op.create_table(
        "response_template_texts",
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["response_templates.id"],
            name=op.f("fk_response_template_texts_template_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("template_id", "language", name=op.f("pk_response_template_texts")),
    )
    op.create_table(
        "suggestions",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=12), nullable=True),
        sa.Column("claim_hash", sa.String(length=64), nullable=True),
        sa.Column("identity", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("contact_kind", sa.String(length=20), nullable=False),
        sa.Column("contact", sa.String(length=254), nullable=False),
        sa.Column("collected_by_id", sa.Integer(), nullable=True),
        sa.Column("privacy_version", sa.String(length=20), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=True),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("text_digest", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("photo_name", sa.String(length=60), nullable=True),
        sa.Column("photo_public", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("paused_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("referred_to", sa.String(length=120), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("duplicate_of_id", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(length=20), nullable=True),
        sa.Column("may_publish", sa.Boolean(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("moderation", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            _one_of("identity", "contact code anonymous"), name=op.f("ck_suggestions_identity")
        ),
        sa.CheckConstraint(
            _one_of("contact_kind", "email phone"), name=op.f("ck_suggestions_contact_kind")
        ),
        sa.CheckConstraint(
            _one_of(
                "category",
                "public_space signs sport_and_culture housing traffic services language other complaint accusation rights",
            ),
            name=op.f("ck_suggestions_category"),
        ),
        sa.CheckConstraint(
            _one_of(
                "status",
                "received acknowledged triaged in_progress responded done not_adopted referred duplicate reopened",
            ),
            name=op.f("ck_suggestions_status"),
        ),
        sa.CheckConstraint(
            _one_of("outcome", "adopted partly not_adopted"), name=op.f("ck_suggestions_outcome")
        ),
        sa.CheckConstraint(
            _one_of("verdict", "solved partly not_solved"), name=op.f("ck_suggestions_verdict")
        ),
        sa.CheckConstraint(
            _one_of("moderation", "unchecked fit unfit"), name=op.f("ck_suggestions_moderation")
        ),
        sa.CheckConstraint(
            "(status IN ('done', 'not_adopted', 'referred', 'duplicate')) = (concluded_on IS NOT NULL)",
            name=op.f("ck_suggestions_concluded"),
        ),
        sa.CheckConstraint(
            "NOT public OR (may_publish AND moderation = 'fit' AND category NOT IN ('complaint', 'accusation', 'rights'))",
            name=op.f("ck_suggestions_public"),
        ),
        sa.CheckConstraint(
            "identity <> 'anonymous' OR (user_id IS NULL AND contact = '' AND name = '' AND code IS NULL AND claim_hash IS NULL AND collected_by_id IS NULL)",
            name=op.f("ck_suggestions_anonymous"),
        ),
        sa.CheckConstraint(
            "status <> 'duplicate' OR duplicate_of_id IS NOT NULL",
            name=op.f("ck_suggestions_duplicate"),
        ),
        sa.CheckConstraint(
            "status <> 'not_adopted' OR reason <> ''", name=op.f("ck_suggestions_not_adopted")
        ),
        sa.CheckConstraint(
            "status <> 'referred' OR (referred_to <> '' AND reason <> '')",
            name=op.f("ck_suggestions_referred"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('responded', 'done') OR answered_on IS NOT NULL",
            name=op.f("ck_suggestions_answered"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('triaged', 'in_progress') OR (owner_id IS NOT NULL AND due_on IS NOT NULL)",
            name=op.f("ck_suggestions_owned"),
        ),
        sa.CheckConstraint(
            "duplicate_of_id IS NULL OR duplicate_of_id <> id",
            name=op.f("ck_suggestions_not_of_itself"),
        ),
        sa.ForeignKeyConstraint(
            ["collected_by_id"], ["users.id"], name=op.f("fk_suggestions_collected_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_suggestions_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["duplicate_of_id"], ["suggestions.id"], name=op.f("fk_suggestions_duplicate_of_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_suggestions_owner_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_suggestions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
        sa.UniqueConstraint("claim_hash", name=op.f("uq_suggestions_claim_hash")),
        sa.UniqueConstraint("code", name=op.f("uq_suggestions_code")),
        sa.UniqueConstraint("photo_name", name=op.f("uq_suggestions_photo_name")),
        sa.UniqueConstraint(
            "received_on", "text_digest", name=op.f("uq_suggestions_received_on_text_digest")
        ),
    )
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_suggestions_collected_by_id"), ["collected_by_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_suggestions_community_id"), ["community_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_suggestions_duplicate_of_id"), ["duplicate_of_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_suggestions_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(
            "ix_suggestions_public", ["public", "status", "concluded_on"], unique=False
        )
        batch_op.create_index("ix_suggestions_status_due_on", ["status", "due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_suggestions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "suggestion_backers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("suggestion_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("contact_key", sa.String(length=64), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("me_too", sa.Boolean(), nullable=False),
        sa.Column("follows", sa.Boolean(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "(user_id IS NULL) <> (contact_key IS NULL)",
            name=op.f("ck_suggestion_backers_one_person"),
        ),
        sa.CheckConstraint("me_too OR follows", name=op.f("ck_suggestion_backers_wish")),
        sa.ForeignKeyConstraint(
            ["suggestion_id"],
            ["suggestions.id"],
            name=op.f("fk_suggestion_backers_suggestion_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_suggestion_backers_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_backers")),
        sa.UniqueConstraint(
            "suggestion_id",
            "contact_key",
            name=op.f("uq_suggestion_backers_suggestion_id_contact_key"),
        ),
        sa.UniqueConstraint(
            "suggestion_id", "user_id", name=op.f("uq_suggestion_backers_suggestion_id_user_id")
        ),
    )
    with op.batch_alter_table("suggestion_backers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_suggestion_backers_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "suggestion_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("suggestion_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            _one_of("kind", "question answer reopened verdict"),
            name=op.f("ck_suggestion_entries_kind"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_suggestion_entries_by_id")),
        sa.ForeignKeyConstraint(
            ["suggestion_id"],
            ["suggestions.id"],
            name=op.f("fk_suggestion_entries_suggestion_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_entries")),
    )
    with op.batch_alter_table("suggestion_entries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_suggestion_entries_suggestion_id"), ["suggestion_id"], unique=False
        )

    op.create_table(
        "suggestion_responses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("suggestion_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("published_at", hub.models.types.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            _one_of("outcome", "adopted partly not_adopted"),
            name=op.f("ck_suggestion_responses_outcome"),
        ),
        sa.CheckConstraint(
            "outcome <> 'not_adopted' OR reason <> ''", name=op.f("ck_suggestion_responses_reason")
        ),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by_id IS NULL)",
            name=op.f("ck_suggestion_responses_published"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_suggestion_responses_version")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["users.id"], name=op.f("fk_suggestion_responses_published_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["suggestion_id"],
            ["suggestions.id"],
            name=op.f("fk_suggestion_responses_suggestion_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["users.id"], name=op.f("fk_suggestion_responses_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_responses")),
        sa.UniqueConstraint(
            "suggestion_id", "version", name=op.f("uq_suggestion_responses_suggestion_id_version")
        ),
    )
    with op.batch_alter_table("suggestion_responses", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_suggestion_responses_suggestion_id"), ["suggestion_id"], unique=False
        )

    op.create_table(
        "suggestion_texts",
        sa.Column("suggestion_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("did", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_suggestion_texts_by_id")),
        sa.ForeignKeyConstraint(
            ["suggestion_id"],
            ["suggestions.id"],
            name=op.f("fk_suggestion_texts_suggestion_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("suggestion_id", "language", name=op.f("pk_suggestion_texts")),
    )
    op.create_table(
        "suggestion_response_texts",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["suggestion_responses.id"],
            name=op.f("fk_suggestion_response_texts_response_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "response_id", "language", name=op.f("pk_suggestion_response_texts")
        ),
    )


def _create_surveys() -> None:
    op.create_table(
        "survey_answers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("enjoyed", sa.Integer(), nullable=False),
        sa.Column("understood", sa.Integer(), nullable=False),
        sa.Column("again", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.CheckConstraint("again BETWEEN 1 AND 3", name=op.f("ck_survey_answers_again")),
        sa.CheckConstraint("enjoyed BETWEEN 1 AND 5", name=op.f("ck_survey_answers_enjoyed")),
        sa.CheckConstraint("understood BETWEEN 1 AND 3", name=op.f("ck_survey_answers_understood")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_survey_answers_event_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answers")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("survey_answers", schema=None) as batch_op:
        batch_op.create_index(
            "ix_survey_answers_event_id_shown", ["event_id", "shown"], unique=False
        )

    op.create_table(
        "survey_spent",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_survey_spent_event_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_survey_spent")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("survey_spent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_spent_event_id"), ["event_id"], unique=False)

    op.create_table(
        "survey_comment_texts",
        sa.Column("answer_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["survey_answers.id"],
            name=op.f("fk_survey_comment_texts_answer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_survey_comment_texts_by_id")
        ),
        sa.PrimaryKeyConstraint("answer_id", "language", name=op.f("pk_survey_comment_texts")),
    )


def _create_triggers() -> None:
    """What was said stays said (rule 15): the original text, which can only be erased, and every
    published response with its words."""
    for table, columns, when, rule in SEALED:
        _seal(f"{table}_sealed", table, f"UPDATE OF {columns}", when, rule)
    words = "suggestion_response_texts"
    for verb, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
        name = f"{words}_sealed_{verb.lower()}"
        _seal(name, words, verb, PUBLISHED.format(row=row), "rule 15")


def _seal(name: str, table: str, verb: str, when: str, rule: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{rule}: it is sealed'); END"
        )
        return
    row = "OLD" if verb == "DELETE" else "NEW"
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {when} THEN RAISE EXCEPTION '{rule}: it is sealed' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def downgrade() -> None:
    raise NotImplementedError("going back would lose data: restore a backup instead")
