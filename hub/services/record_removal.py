"""What of records goes: drafts at a wish, words and pictures with their person (rule 18)."""

from sqlalchemy import select

from hub.enums import RecordStatus
from hub.exceptions import NotAllowed, WrongState
from hub.extensions import db
from hub.models import ServiceRecord, User
from hub.policies import why_not_delete_record
from hub.services import audit
from hub.services.evidence import remove_pictures
from hub.services.records import lock_record


def delete_draft(record_id: int, *, by: User) -> None:
    """Remove one's own draft and its pictures. Raises NotAllowed or WrongState."""
    record = lock_record(record_id)
    if by.id != record.user_id:
        raise NotAllowed
    if reason := why_not_delete_record(record):
        raise WrongState(reason)
    remove_pictures(record)
    db.session.delete(record)
    db.session.flush()
    audit.record("delete", "service_record", record_id, by=by)


def erase_records_of(user: User) -> None:
    """Take the person's words and pictures out of their records; hours and totals stay (rule 18).

    Drafts go. Of all others activity, time and minutes stay, since certificates count them.
    """
    own = select(ServiceRecord).where(ServiceRecord.user_id == user.id)
    for record in db.session.scalars(own).all():
        remove_pictures(record)
        if record.status is RecordStatus.DRAFT:
            db.session.delete(record)
        else:
            record.content = record.reason = ""
    db.session.flush()
