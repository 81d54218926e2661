"""Service records: who may write, see and decide them, and which step is possible (rules 5, 12)."""

from flask_babel import LazyString

from hub.enums import RecordStatus
from hub.i18n import _l
from hub.models import ServiceRecord, User
from hub.policies.people import can_manage_community

EDITABLE = (RecordStatus.DRAFT, RecordStatus.RETURNED)


def can_see_record(user: User | None, record: ServiceRecord) -> bool:
    """Its person; and once it was sent, the staff of its community or of all (rule 20)."""
    if user is None:
        return False
    return user.id == record.user_id or can_manage_record(user, record)


def can_manage_record(user: User | None, record: ServiceRecord) -> bool:
    """Staff of the record's community or of the subdistrict. A draft is its person's alone."""
    if record.status is RecordStatus.DRAFT:
        return False
    return can_manage_community(user, record.community_id)


def why_not_edit_record(record: ServiceRecord) -> LazyString | None:
    """The reason why its person cannot change the record any more, or None (rule 12)."""
    if record.status in EDITABLE:
        return None
    if record.status is RecordStatus.SUBMITTED:
        return _l("This record waits for approval. It can be changed when staff return it.")
    if record.status is RecordStatus.APPROVED:
        return _l("An approved record is never edited. Write a correction instead.")
    return _l("This record is closed. It cannot be changed any more.")


def why_not_delete_record(record: ServiceRecord) -> LazyString | None:
    if record.status is RecordStatus.DRAFT:
        return None
    return _l("Only a draft can be deleted.")


def why_not_decide(user: User, record: ServiceRecord) -> LazyString | None:
    """The reason why ``user`` cannot approve, return or reject the record, or None: four eyes
    (rule 5), and only what waits."""
    return _own_hand(user, record) or (
        None
        if record.status is RecordStatus.SUBMITTED
        else _l("This record does not wait for approval (any more).")
    )


def why_not_approve(user: User, record: ServiceRecord) -> LazyString | None:
    reason = why_not_decide(user, record)
    if reason is None and record.corrects is not None:
        return why_not_replace_record(record.corrects)
    return reason


def why_not_replace_record(old: ServiceRecord) -> LazyString | None:
    """The reason why a correction of ``old`` cannot be approved, or None (rule 12)."""
    if old.status is RecordStatus.APPROVED:
        return None
    return _l("The record that this one corrects is not approved any more.")


def why_not_void(user: User, record: ServiceRecord) -> LazyString | None:
    return _own_hand(user, record) or (
        None
        if record.status is RecordStatus.APPROVED
        else _l("Only an approved record can be voided.")
    )


def why_not_correct(record: ServiceRecord, open_corrections: int) -> LazyString | None:
    """The reason why nobody can correct the record now, or None."""
    if record.status is not RecordStatus.APPROVED:
        return _l("Only an approved record is corrected. All others can be changed themselves.")
    if record.user.erased_at is not None:
        return _l("The account of this person is deleted: its records stay as they are.")
    if open_corrections:
        return _l("A correction of this record is already under way.")
    return None


def _own_hand(user: User, record: ServiceRecord) -> LazyString | None:
    if user.id == record.user_id:
        return _l("This is your own record: a colleague decides about it.")
    if user.id == record.entered_by_id:
        return _l("You entered this record yourself: a colleague decides about it.")
    return None
