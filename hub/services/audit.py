"""Writing the audit trail (rule 6)."""

from hub import clock
from hub.extensions import db
from hub.models import AuditEntry, User


def record(
    action: str,
    subject: str,
    subject_id: int,
    *,
    by: User | None,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    reason: str = "",
) -> None:
    """Add an entry in the transaction of the change it tells of. No personal data belongs in it."""
    db.session.add(
        AuditEntry(
            at=clock.now(),
            actor_id=by.id if by is not None else None,
            action=action,
            subject=subject,
            subject_id=subject_id,
            before=before or {},
            after=after or {},
            reason=reason,
        )
    )
