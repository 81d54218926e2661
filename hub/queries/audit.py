"""Reads of the audit trail."""

from sqlalchemy import select

from hub.extensions import db
from hub.models import AuditEntry, User


def trail_of(subject: str, subject_id: int) -> list[tuple[AuditEntry, str | None]]:
    """What was decided about one thing, oldest first, each with the name of who did it."""
    query = (
        select(AuditEntry, User.name)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.subject == subject, AuditEntry.subject_id == subject_id)
        .order_by(AuditEntry.id)
    )
    return [(entry, name) for entry, name in db.session.execute(query)]
