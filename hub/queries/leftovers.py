"""What may not be left of somebody who is deleted (rule 18), as questions to the tables."""

# (rule, table, query that gives the ids of the rows that break it)
LEFTOVERS: tuple[tuple[str, str, str], ...] = (
    (
        "rule 18: words of a mail about an account that was sent",
        "messages",
        "SELECT id FROM messages WHERE state = 'sent' AND body <> ''",
    ),
    (
        "rule 18: a deleted sign-up that still holds something of the person",
        "sign_ups",
        """SELECT s.id FROM sign_ups s WHERE s.erased_at IS NOT NULL
             AND (s.name <> '' OR s.contact <> '' OR s.contact_key <> 'erased-' || s.id
               OR s.release_reason <> '' OR s.user_id IS NOT NULL
               OR EXISTS (SELECT 1 FROM messages m WHERE m.sign_up_id = s.id))""",
    ),
    (
        "rule 18: a deleted account that still holds something of the person",
        "users",
        """SELECT u.id FROM users u WHERE u.erased_at IS NOT NULL
             AND (u.name <> '' OR u.email <> 'erased-' || u.id || '@erased.invalid'
               OR u.password <> '' OR u.active OR u.us_totp_secrets IS NOT NULL
               OR u.tf_totp_secret IS NOT NULL OR u.mf_recovery_codes IS NOT NULL
               OR EXISTS (SELECT 1 FROM profiles x WHERE x.user_id = u.id)
               OR EXISTS (SELECT 1 FROM memberships x WHERE x.user_id = u.id)
               OR EXISTS (SELECT 1 FROM passkeys x WHERE x.user_id = u.id)
               OR EXISTS (SELECT 1 FROM papers_seen x WHERE x.user_id = u.id)
               OR EXISTS (SELECT 1 FROM log_ins x WHERE x.user_id = u.id)
               OR EXISTS (SELECT 1 FROM door_helpers x WHERE x.user_id = u.id)
               OR EXISTS (SELECT 1 FROM sign_ups x WHERE x.user_id = u.id)
               OR EXISTS (SELECT 1 FROM service_records x WHERE x.user_id = u.id
                          AND (x.content <> '' OR x.status = 'draft'))
               OR EXISTS (SELECT 1 FROM messages x WHERE x.user_id = u.id)
               OR EXISTS (SELECT 1 FROM switched_off x WHERE x.user_id = u.id)
               OR EXISTS (SELECT 1 FROM invitations x WHERE x.used_by_id = u.id
                          AND x.email <> ''))""",
    ),
    (
        "rule 18: a deleted request for a talk that still holds something of the person",
        "talk_requests",
        """SELECT r.id FROM talk_requests r WHERE r.erased_at IS NOT NULL
             AND (r.name <> '' OR r.contact <> '' OR r.organisation <> '' OR r.wishes <> ''
               OR r.reason <> '' OR r.status = 'received'
               OR EXISTS (SELECT 1 FROM messages m WHERE m.talk_request_id = r.id))""",
    ),
    (
        "rule 18: a deleted suggestion that still holds something of its submitter",
        "suggestions",
        """SELECT s.id FROM suggestions s WHERE s.erased_on IS NOT NULL
             AND (s.name <> '' OR s.contact <> '' OR s.user_id IS NOT NULL OR s.code IS NOT NULL
               OR s.claim_hash IS NOT NULL OR s.photo_name IS NOT NULL
               OR EXISTS (SELECT 1 FROM messages m WHERE m.suggestion_id = s.id)
               OR EXISTS (SELECT 1 FROM suggestion_entries e WHERE e.suggestion_id = s.id
                          AND e.kind <> 'question' AND e.text <> ''))""",
    ),
    (
        "rule 18: suggestions of somebody deleted, or what they stand behind",
        "users",
        """SELECT u.id FROM users u WHERE u.erased_at IS NOT NULL
             AND (EXISTS (SELECT 1 FROM suggestions x WHERE x.user_id = u.id)
               OR EXISTS (SELECT 1 FROM suggestion_backers x WHERE x.user_id = u.id))""",
    ),
    (
        "rule 18: results, qualifications, invitations or days away of somebody deleted",
        "users",
        """SELECT u.id FROM users u WHERE u.erased_at IS NOT NULL
             AND (EXISTS (SELECT 1 FROM assessments x WHERE x.user_id = u.id)
               OR EXISTS (SELECT 1 FROM qualifications x WHERE x.user_id = u.id)
               OR EXISTS (SELECT 1 FROM training_invitations x WHERE x.user_id = u.id)
               OR EXISTS (SELECT 1 FROM absences x WHERE x.user_id = u.id))""",
    ),
)
