"""What surveys and suggestions must never show (rules 5, 15, 17), as questions to the tables."""

# (rule, table, query that gives the ids of the rows that break it)
VOICE_CHECKS: tuple[tuple[str, str, str], ...] = (
    (
        "rule 17: more people have answered than answers are there, or fewer",
        "events",
        """SELECT e.id FROM events e
           LEFT JOIN (SELECT event_id, COUNT(*) AS n FROM survey_answers GROUP BY event_id) a
             ON a.event_id = e.id
           LEFT JOIN (SELECT event_id, COUNT(*) AS n FROM survey_spent GROUP BY event_id) s
             ON s.event_id = e.id
           WHERE COALESCE(s.n, 0) > COALESCE(a.n, 0)
             OR (COALESCE(s.n, 0) < COALESCE(a.n, 0) AND e.ends_at > :purged)""",
    ),
    (
        "rule 17: fewer than five answers are shown",
        "events",
        """SELECT event_id FROM survey_answers WHERE shown
           GROUP BY event_id HAVING COUNT(*) < 5""",
    ),
    (
        "rule 15: a suggestion that was concluded without a response or a reason",
        "suggestions",
        """SELECT s.id FROM suggestions s WHERE (s.status IN ('responded', 'done', 'not_adopted')
             AND NOT EXISTS (SELECT 1 FROM suggestion_responses r WHERE r.suggestion_id = s.id
                             AND r.published_at IS NOT NULL))
             OR (s.status IN ('referred', 'not_adopted') AND s.reason = '')
             OR (s.status = 'duplicate' AND s.duplicate_of_id IS NULL)""",
    ),
    (
        "rules 15 and 18: a suggestion shown to all that was handed over, or without consent",
        "suggestions",
        """SELECT id FROM suggestions WHERE public AND (NOT may_publish OR status = 'referred'
             OR moderation <> 'fit' OR category IN ('complaint', 'accusation', 'rights'))""",
    ),
    (
        "a suggestion that is joined with one that is joined itself",
        "suggestions",
        """SELECT a.id FROM suggestions a JOIN suggestions b ON b.id = a.duplicate_of_id
           WHERE a.status = 'duplicate' AND b.status = 'duplicate'""",
    ),
    (
        "rule 5: a response by who made the suggestion or wrote it down",
        "suggestion_responses",
        """SELECT r.id FROM suggestion_responses r JOIN suggestions s ON s.id = r.suggestion_id
           WHERE r.published_by_id IN (s.user_id, s.collected_by_id)""",
    ),
)
