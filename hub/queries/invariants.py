"""Every rule that the tables can show broken, as a question to them (``flask hub check``)."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import bindparam, text

from hub import clock
from hub.extensions import db
from hub.models.types import UtcDateTime
from hub.policies.surveys import SPENT_KEPT, SURVEY_OPEN
from hub.queries.leftovers import LEFTOVERS
from hub.queries.voice_checks import VOICE_CHECKS


@dataclass(frozen=True, slots=True)
class Violation:
    """A row that breaks a rule."""

    rule: str
    table: str
    row_id: int

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}: {self.rule}"


# (rule, table, query that gives the ids of the rows that break it)
CHECKS: tuple[tuple[str, str, str], ...] = (
    (
        "rule 1: more seats taken than the capacity",
        "events",
        "SELECT id FROM events WHERE seats_taken > capacity OR seats_taken < 0",
    ),
    (
        "rule 1: seats_taken differs from the parties that hold seats",
        "events",
        """SELECT e.id FROM events e LEFT JOIN sign_ups s ON s.event_id = e.id
             AND s.status IN ('confirmed', 'attended', 'no_show')
           GROUP BY e.id, e.seats_taken HAVING e.seats_taken <> COALESCE(SUM(s.party_size), 0)""",
    ),
    (
        "rule 3: parties_waiting differs from the queue",
        "events",
        """SELECT e.id FROM events e LEFT JOIN sign_ups s ON s.event_id = e.id
             AND s.status = 'waitlisted'
           GROUP BY e.id, e.parties_waiting HAVING e.parties_waiting <> COUNT(s.id)""",
    ),
    (
        "rule 2: a second live sign-up of one contact",
        "sign_ups",
        """SELECT MAX(id) FROM sign_ups WHERE status <> 'cancelled'
           GROUP BY event_id, contact_key HAVING COUNT(*) > 1""",
    ),
    (
        "rule 3: waits although there is room for the party",
        "sign_ups",
        """SELECT s.id FROM sign_ups s JOIN events e ON e.id = s.event_id
           WHERE s.status = 'waitlisted' AND e.status = 'published'
             AND (e.starts_at > :now OR e.sign_up_closes_at > :now)
             AND s.party_size <= e.capacity - e.seats_taken""",
    ),
    (
        "sign-up for an event that was never published",
        "sign_ups",
        """SELECT s.id FROM sign_ups s JOIN events e ON e.id = s.event_id
           WHERE e.status = 'draft'""",
    ),
    (
        "cancelled without a date, or a date without being cancelled",
        "sign_ups",
        """SELECT id FROM sign_ups
           WHERE (status = 'cancelled') <> (cancelled_at IS NOT NULL)""",
    ),
    (
        "ends before it starts",
        "events",
        "SELECT id FROM events WHERE ends_at <= starts_at",
    ),
    (
        "rule 24: no text in any language",
        "events",
        "SELECT id FROM events WHERE id NOT IN (SELECT event_id FROM event_texts)",
    ),
    (
        "cancelled without a reason that people can read",
        "events",
        """SELECT e.id FROM events e WHERE e.status = 'cancelled' AND NOT EXISTS
           (SELECT 1 FROM event_texts t WHERE t.event_id = e.id AND t.cancellation_reason <> '')""",
    ),
    (
        "rule 6: a published or cancelled event without an audit entry",
        "events",
        """SELECT e.id FROM events e WHERE e.status <> 'draft' AND NOT EXISTS
           (SELECT 1 FROM audit_entries a WHERE a.subject = 'event' AND a.subject_id = e.id)""",
    ),
    (
        "venue of a community that does not exist",
        "venues",
        "SELECT id FROM venues WHERE community_id NOT IN (SELECT id FROM communities)",
    ),
    (
        "rule 23: a message marked sent without a time",
        "messages",
        "SELECT id FROM messages WHERE state = 'sent' AND sent_at IS NULL",
    ),
    (
        "rule 23: a message to nobody",
        "messages",
        """SELECT id FROM messages WHERE kind <> 'account' AND sign_up_id IS NULL
             AND user_id IS NULL AND talk_request_id IS NULL
             AND suggestion_id IS NULL AND backer_id IS NULL""",
    ),
    (
        "an administrator bound to one community",
        "memberships",
        "SELECT id FROM memberships WHERE role = 'admin' AND community_id IS NOT NULL",
    ),
    (
        "rule 10: a second appointment of one person, programme and community at one time",
        "appointments",
        """WITH terms AS (
             SELECT id, user_id, programme, COALESCE(community_id, 0) AS place, starts_on,
               CASE WHEN ended_on < ends_on THEN ended_on ELSE ends_on END AS last_on
             FROM appointments WHERE accepted_at IS NOT NULL AND declined_at IS NULL)
           SELECT b.id FROM terms a JOIN terms b
             ON a.user_id = b.user_id AND a.programme = b.programme AND a.place = b.place
             AND a.id < b.id AND a.starts_on <= b.last_on AND b.starts_on <= a.last_on
           WHERE a.starts_on <= a.last_on AND b.starts_on <= b.last_on""",
    ),
    (
        "rule 7: on a duty without having accepted it",
        "assignments",
        """SELECT id FROM assignments WHERE accepted_at IS NULL
             AND status IN ('confirmed', 'checked_in', 'completed', 'no_show')""",
    ),
    (
        "rule 9: two duties of one person at one time",
        "assignments",
        """SELECT b.id FROM assignments a JOIN duties d ON d.id = a.duty_id
             JOIN assignments b ON b.user_id = a.user_id AND b.id > a.id
             JOIN duties e ON e.id = b.duty_id
           WHERE a.status IN ('confirmed', 'checked_in', 'completed')
             AND b.status IN ('confirmed', 'checked_in', 'completed')
             AND d.starts_at < e.ends_at AND e.starts_at < d.ends_at""",
    ),
    (
        "people_taken differs from the assignments that hold a place",
        "duties",
        """SELECT d.id FROM duties d LEFT JOIN assignments a ON a.duty_id = d.id
             AND a.status IN ('confirmed', 'checked_in', 'completed', 'no_show')
           GROUP BY d.id, d.people_taken HAVING d.people_taken <> COUNT(a.id)""",
    ),
    (
        "rule 5: decided about oneself",
        "service_records",
        """SELECT id FROM service_records WHERE decided_by_id IS NOT NULL
             AND decided_by_id IN (user_id, entered_by_id)""",
    ),
    (
        "rule 11: two records of one person for the same time",
        "service_records",
        """SELECT b.id FROM service_records a JOIN service_records b
             ON b.user_id = a.user_id AND b.id > a.id
             AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
           WHERE a.status IN ('submitted', 'returned', 'approved')
             AND b.status IN ('submitted', 'returned', 'approved')
             AND COALESCE(b.corrects_id, 0) <> a.id""",
    ),
    (
        "rule 12: a valid certificate counts a record that is not approved any more",
        "certificates",
        """SELECT c.id FROM certificates c JOIN certificate_records l ON l.certificate_id = c.id
             JOIN service_records r ON r.id = l.record_id
           WHERE c.status = 'issued' AND r.status <> 'approved' GROUP BY c.id""",
    ),
    (
        "rule 14: a certificate's total differs from its records",
        "certificates",
        """SELECT c.id FROM certificates c JOIN certificate_records l ON l.certificate_id = c.id
             JOIN service_records r ON r.id = l.record_id
           GROUP BY c.id, c.minutes HAVING c.minutes <> SUM(r.minutes)""",
    ),
    (
        "rule 5: an assessment that its own person entered",
        "assessments",
        "SELECT id FROM assessments WHERE entered_by_id = user_id",
    ),
    (
        "rule 5: a qualification that its own person granted",
        "qualifications",
        "SELECT id FROM qualifications WHERE granted_by_id = user_id",
    ),
    (
        "rule 8: a qualification without the assessment that was passed for it",
        "qualifications",
        """SELECT q.id FROM qualifications q JOIN assessments a ON a.id = q.assessment_id
           WHERE a.result <> 'passed' OR a.user_id <> q.user_id OR a.topic_id <> q.topic_id
             OR a.language <> q.language OR a.examined_on > q.valid_from""",
    ),
    (
        "rule 8: two qualifications of one person, topic and language on one day",
        "qualifications",
        """SELECT b.id FROM qualifications a JOIN qualifications b
             ON b.user_id = a.user_id AND b.topic_id = a.topic_id AND b.language = a.language
             AND b.id > a.id
           WHERE a.valid_from <= b.valid_until AND b.valid_from <= a.valid_until
             AND (a.revoked_on IS NULL OR (a.revoked_on > b.valid_from
                                           AND a.revoked_on > a.valid_from))
             AND (b.revoked_on IS NULL OR (b.revoked_on > a.valid_from
                                           AND b.revoked_on > b.valid_from))""",
    ),
    (
        "rule 11: study hours at something that is no training",
        "study_records",
        """SELECT s.id FROM study_records s JOIN events e ON e.id = s.event_id
           WHERE e.kind <> 'training'""",
    ),
    (
        "a law talk that was reported before it began, or that did not take place",
        "talks",
        """SELECT t.event_id FROM talks t JOIN events e ON e.id = t.event_id
           WHERE t.reported_at IS NOT NULL
             AND (t.reported_at < e.starts_at OR e.status <> 'published')""",
    ),
    (
        "a law talk that counts both the names and the heads",
        "talks",
        "SELECT event_id FROM talks WHERE reach = 'named' AND headcount IS NOT NULL",
    ),
    (
        "a lecturer of a reported talk who is neither done nor missing",
        "assignments",
        """SELECT a.id FROM assignments a JOIN duties d ON d.id = a.duty_id
             JOIN talks t ON t.event_id = d.event_id JOIN users u ON u.id = a.user_id
           WHERE u.erased_at IS NULL AND t.reported_at IS NOT NULL AND d.programme = 'lecturer'
             AND d.cancelled_at IS NULL AND a.status IN ('confirmed', 'checked_in')""",
    ),
    (
        "measured minutes of a duty without check-in or check-out",
        "service_records",
        """SELECT r.id FROM service_records r JOIN assignments a ON a.id = r.assignment_id
           WHERE r.provenance = 'measured'
             AND (a.checked_in_at IS NULL OR a.checked_out_at IS NULL)""",
    ),
    (
        "rule 19: a consent of nobody",
        "consents",
        """SELECT c.id FROM consents c LEFT JOIN users u ON u.id = c.user_id
           WHERE u.id IS NULL OR u.erased_at IS NOT NULL""",
    ),
    *VOICE_CHECKS,
    *LEFTOVERS,
)


def violations() -> Iterator[Violation]:
    """Every row that breaks a rule, named."""
    for rule, table, query in CHECKS:
        statement = text(query)
        if ":now" in query:
            statement = statement.bindparams(bindparam("now", clock.now(), UtcDateTime))
        if ":purged" in query:  # who has answered is forgotten after a while
            gone = clock.now() - SURVEY_OPEN - SPENT_KEPT
            statement = statement.bindparams(bindparam("purged", gone, UtcDateTime))
        for (row_id,) in db.session.execute(statement):
            yield Violation(rule, table, row_id)
