"""Writing the audit trail (rule 6)."""

from flask_babel import LazyString

from hub import clock
from hub.exceptions import InvalidInput
from hub.extensions import db
from hub.i18n import _l
from hub.models import AuditEntry, User

SAY_WHY = _l("Say why.")


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


def needed_reason(reason: str, refusal: LazyString = SAY_WHY) -> str:
    """Why, without blanks around it. Raises InvalidInput(``refusal``) when nothing is said."""
    if not reason.strip():
        raise InvalidInput(refusal, field="reason")
    return reason.strip()
