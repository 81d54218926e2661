"""What staff decide about records: approve, return, reject, void (rules 5, 12, 13)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import LazyString

from hub import clock
from hub.enums import MessageKind, RecordStatus
from hub.exceptions import HubError, InvalidInput, NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.i18n import _, _l, in_language
from hub.models import ServiceRecord, User
from hub.policies import can_manage_record, why_not_approve, why_not_decide, why_not_void
from hub.queries.settings import reader_language
from hub.services import audit
from hub.services.certificates import revoke_certificates_with
from hub.services.messages import queue_note
from hub.services.records import lock_record

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Approvals:
    """What came of approving many: the approved, and the others, each with the reason."""

    approved: list[ServiceRecord] = field(default_factory=list)
    refused: list[tuple[ServiceRecord, LazyString | str]] = field(default_factory=list)


def approve_record(record_id: int, *, by: User) -> ServiceRecord:
    """Let the hours count; ``by`` is the person in charge. A correction takes the place of what
    it corrects, whose certificates end (rule 12).

    Raises NotAllowed, OwnCase (rule 5) or WrongState.
    """
    record = _managed(record_id, by)
    _refuse(record, by, why_not_approve(by, record))
    if record.corrects_id is not None:
        _supersede(lock_record(record_id=record.corrects_id), by)
    record.in_charge_id = by.id
    _decide(record, RecordStatus.APPROVED, "approve", "", by)
    minutes = str(record.minutes)
    kind = MessageKind.RECORDS_APPROVED
    queue_note(kind, record.user, record.id, records="1", minutes=minutes)
    return record


def approve_many(record_ids: Sequence[int], *, by: User) -> Approvals:
    """Approve each that can be; the others are named with the reason and stay as they are.

    Raises InvalidInput for none or too many, NotAllowed if one is not for ``by``.
    """
    if not record_ids:
        raise InvalidInput(_l("Tick the records that you approve."))
    if len(record_ids) > MOST_AT_ONCE:
        raise InvalidInput(_l("At most 200 records at once."))
    done = Approvals()
    for record_id in sorted(set(record_ids)):
        try:
            done.approved.append(approve_record(record_id, by=by))
        except (OwnCase, WrongState) as error:
            done.refused.append((db.session.get_one(ServiceRecord, record_id), error.message))
    return done


def return_record(record_id: int, reason: str, *, by: User) -> ServiceRecord:
    """Give it back to its person, who changes it and sends it again.

    Raises NotAllowed, OwnCase (rule 5), WrongState or InvalidInput.
    """
    record = _managed(record_id, by)
    _refuse(record, by, why_not_decide(by, record))
    _decide(record, RecordStatus.RETURNED, "return", audit.needed_reason(reason), by)
    _tell(MessageKind.RECORD_RETURNED, record)
    return record


def reject_record(record_id: int, reason: str, *, by: User) -> ServiceRecord:
    """Say for good that it does not count. Raises as ``return_record``."""
    record = _managed(record_id, by)
    _refuse(record, by, why_not_decide(by, record))
    _decide(record, RecordStatus.REJECTED, "reject", audit.needed_reason(reason), by)
    _tell(MessageKind.RECORD_REJECTED, record)
    return record


def void_record(record_id: int, reason: str, *, by: User) -> ServiceRecord:
    """Take an approved record out of the hours; certificates that count it end (rule 12).

    Raises as ``return_record``.
    """
    record = _managed(record_id, by)
    _refuse(record, by, why_not_void(by, record))
    _decide(record, RecordStatus.VOIDED, "void", audit.needed_reason(reason), by)
    revoke_certificates_with(record, record.reason, by=by)
    _tell(MessageKind.RECORD_VOIDED, record)
    return record


def _supersede(old: ServiceRecord, by: User) -> None:
    """Before its correction is approved: both may not claim the same time (rule 11)."""
    old.status = RecordStatus.SUPERSEDED
    db.session.flush()
    audit.record(
        "supersede",
        "service_record",
        old.id,
        by=by,
        before={"status": RecordStatus.APPROVED},
        after={"status": RecordStatus.SUPERSEDED},
    )
    with in_language(reader_language(old.user.language)):
        reason = _("A record that this certificate counts was corrected.")
    revoke_certificates_with(old, reason, by=by)


def _decide(
    record: ServiceRecord, status: RecordStatus, action: str, reason: str, by: User
) -> None:
    before = record.status
    record.status, record.reason = status, reason
    record.decided_at, record.decided_by_id = clock.now(), by.id
    db.session.flush()
    audit.record(
        action,
        "service_record",
        record.id,
        by=by,
        before={"status": before},
        after={"status": status},
        reason=reason,
    )


def _managed(record_id: int, by: User) -> ServiceRecord:
    record = lock_record(record_id)
    if not can_manage_record(by, record):
        raise NotAllowed
    return record


def _refuse(record: ServiceRecord, by: User, reason: LazyString | None) -> None:
    if reason is None:
        return
    refusal: HubError = WrongState(reason)
    if by.id in (record.user_id, record.entered_by_id):
        refusal = OwnCase(reason)
    raise refusal


def _tell(kind: MessageKind, record: ServiceRecord) -> None:
    start, end = clock.to_local(record.starts_at), clock.to_local(record.ends_at)
    queue_note(
        kind,
        record.user,
        record.id,
        activity=record.activity.text(record.user.language).name,
        when=f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}",
        reason=record.reason,
    )
