"""Every rule that the tables can show broken, as a question to them (``flask hub check``)."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import bindparam, text

from hub import clock
from hub.extensions import db
from hub.models.types import UtcDateTime


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
        "an administrator bound to one community",
        "memberships",
        "SELECT id FROM memberships WHERE role = 'admin' AND community_id IS NOT NULL",
    ),
)


def violations() -> Iterator[Violation]:
    """Every row that breaks a rule, named."""
    for rule, table, query in CHECKS:
        statement = text(query)
        if ":now" in query:
            statement = statement.bindparams(bindparam("now", clock.now(), UtcDateTime))
        for (row_id,) in db.session.execute(statement):
            yield Violation(rule, table, row_id)
