"""Service records: written, sent, corrected (rules 8, 11, 12). record_decisions.py decides."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub import clock
from hub.enums import CLAIMING, Provenance, RecordStatus
from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.i18n import _l
from hub.integrations.pictures import Picture
from hub.models import Activity, Assignment, Community, Event, ServiceRecord, User
from hub.policies import (
    can_manage_community,
    can_manage_record,
    can_see_whole_person,
    has_term,
    why_not_correct,
    why_not_edit_record,
    why_not_replace_record,
)
from hub.queries.records import open_corrections
from hub.queries.settings import site_settings
from hub.services import audit
from hub.services.evidence import add_pictures, remove_pictures
from hub.services.record_checks import RecordData, check_not_claimed, check_record, record_met

# What check-in and roster said: no hand changes these times (rule 11).
FROM_DUTY = (Provenance.MEASURED, Provenance.ROSTERED)


def record_measured(
    assignment: Assignment,
    *,
    provenance: Provenance = Provenance.MEASURED,
    by: User | None = None,
    times: tuple[datetime, datetime] | None = None,
) -> ServiceRecord | None:
    """The record of a duty whose check-in and check-out were both made (rule 11).

    Where staff (``by``) entered the end, it is ROSTERED, and they are who entered it (rule 5);
    so it is where a report says that the person was there at these ``times`` of the roster.
    It waits for approval; where another record claims the same time it stays a draft, for the
    person to put right. None for less than a minute, for more than a day, and for what is no
    service by law.
    """
    duty = assignment.duty
    start, end = times or (assignment.checked_in_at, assignment.checked_out_at)
    if start is None or end is None or not duty.activity.counts:
        return None
    minutes = int((end - start).total_seconds()) // 60
    if not 1 <= minutes <= 24 * 60:
        return None
    record = ServiceRecord(
        user_id=assignment.user_id,
        community_id=duty.community_id,
        activity_id=duty.activity_id,
        event_id=duty.event_id,
        assignment_id=assignment.id,
        provenance=provenance,
        starts_at=start,
        ends_at=end,
        minutes=minutes,
        place=duty.venue.text("zh").name,
        content=duty.text("zh").title,
        organising_unit=_recording_unit(),
        in_charge_id=duty.created_by_id,
        entered_by_id=by.id if by is not None else assignment.user_id,
        created_at=clock.now(),
    )
    if not time_is_claimed(record):
        record.status, record.submitted_at = RecordStatus.SUBMITTED, clock.now()
    db.session.add(record)
    db.session.flush()
    action = "measure" if times is None else "roster"
    audit.record(action, "service_record", record.id, by=by, after={"minutes": minutes})
    return record


def time_is_claimed(record: ServiceRecord) -> bool:
    """Whether another record of the same person claims some of the time (rule 11)."""
    but = (record.id, record.corrects_id)
    return record_met(record.user_id, record.starts_at, record.ends_at, but=but) is not None


def log_record(
    user: User, data: RecordData, *, by: User, send: bool, pictures: Sequence[Picture] = ()
) -> ServiceRecord:
    """Write down what ``user`` did. Staff write for somebody else, and send it at once.

    Raises NotAllowed or InvalidInput.
    """
    own = by.id == user.id
    if own and not has_term(user):
        raise NotAllowed
    if not own and not _may_enter_for(user, data.community_id, by):
        raise NotAllowed
    record = ServiceRecord(
        user_id=user.id,
        provenance=Provenance.DECLARED if own else Provenance.BACK_ENTERED,
        status=RecordStatus.DRAFT,
        entered_by_id=by.id,
        created_at=clock.now(),
    )
    check_record(data, user)
    return _write(record, data, pictures, by=by, send=send or not own)


def edit_record(
    record_id: int,
    data: RecordData,
    *,
    by: User,
    send: bool,
    pictures: Sequence[Picture] = (),
    without: Sequence[int] = (),
) -> ServiceRecord:
    """Change one's own draft, or what was returned. ``without``: ids of pictures that go.

    Of a measured or rostered record activity, place and times stay as they were.
    Raises NotAllowed, WrongState or InvalidInput.
    """
    record = lock_record(record_id)
    if by.id != record.user_id:
        raise NotAllowed
    if reason := why_not_edit_record(record):
        raise WrongState(reason)
    if record.provenance in FROM_DUTY:
        data = replace(
            data,
            activity_id=record.activity_id,
            community_id=record.community_id,
            event_id=record.event_id,
            starts_at=record.starts_at,
            ends_at=record.ends_at,
        )
    else:
        check_record(data, record.user, present_activity_id=record.activity_id)
    if send and record.corrects and (reason := why_not_replace_record(record.corrects)):
        raise WrongState(reason)
    if without:
        remove_pictures(record, without)
    return _write(record, data, pictures, by=by, send=send)


def correct_record(
    record_id: int, data: RecordData, *, by: User, pictures: Sequence[Picture] = ()
) -> ServiceRecord:
    """A new version of an approved record, which waits for approval like any other (rule 12).

    While the times stay the same, so does what they are known by.
    Raises NotAllowed, WrongState or InvalidInput.
    """
    old = lock_record(record_id)
    own = by.id == old.user_id
    if not own and not (can_manage_record(by, old) and can_manage_community(by, data.community_id)):
        raise NotAllowed
    if reason := why_not_correct(old, open_corrections(old.id)):
        raise WrongState(reason)
    said_before = data_of(old)
    if data == said_before and not pictures:
        raise InvalidInput(_l("Nothing is different yet. Change what was wrong, then send it."))
    provenance = Provenance.DECLARED if own else Provenance.BACK_ENTERED
    check_record(data, old.user, present_activity_id=old.activity_id)
    if (data.starts_at, data.ends_at) == (said_before.starts_at, said_before.ends_at):
        provenance = old.provenance
        data = replace(data, starts_at=old.starts_at, ends_at=old.ends_at)
    record = ServiceRecord(
        user_id=old.user_id,
        corrects_id=old.id,
        assignment_id=old.assignment_id,
        provenance=provenance,
        status=RecordStatus.DRAFT,
        entered_by_id=by.id,
        created_at=clock.now(),
    )
    return _write(record, data, pictures, by=by, send=True)


def data_of(record: ServiceRecord) -> RecordData:
    """What the form of a record shows: seconds that were measured are left out."""
    return RecordData(
        activity_id=record.activity_id,
        community_id=record.community_id,
        starts_at=record.starts_at.replace(second=0, microsecond=0),
        ends_at=record.ends_at.replace(second=0, microsecond=0),
        content=record.content,
        people_served=record.people_served,
        language=record.language,
        event_id=record.event_id,
    )


def lock_record(record_id: int) -> ServiceRecord:
    """The record as it is now; others who would change it wait. Raises NotAllowed for none."""
    found = db.session.scalars(
        select(ServiceRecord)
        .where(ServiceRecord.id == record_id)
        .with_for_update(of=ServiceRecord)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotAllowed
    return found


def _may_enter_for(user: User, community_id: int, by: User) -> bool:
    return (
        user.erased_at is None
        and has_term(user)
        and can_manage_community(by, community_id)
        and can_see_whole_person(by, user)
    )


def _write(
    record: ServiceRecord, data: RecordData, pictures: Sequence[Picture], *, by: User, send: bool
) -> ServiceRecord:
    """Put the checked ``data`` into the record, and send it if wished."""
    if send and not data.content.strip():
        raise InvalidInput(_l("Say in a few words what was done."), field="content")
    if send or record.status in CLAIMING:
        but = (record.id, record.corrects_id)
        check_not_claimed(record.user_id, data.starts_at, data.ends_at, but=but)
    before = record.status
    record.activity = db.session.get_one(Activity, data.activity_id)
    record.community_id, record.event_id = data.community_id, data.event_id
    record.starts_at, record.ends_at = data.starts_at, data.ends_at
    record.minutes = data.minutes
    record.content, record.people_served = data.content.strip(), data.people_served
    record.language = data.language
    if record.provenance not in FROM_DUTY or not record.place:
        record.place = _place(data)
    if send:
        record.status, record.submitted_at = RecordStatus.SUBMITTED, clock.now()
        record.organising_unit = _recording_unit()
        record.decided_at, record.decided_by_id, record.reason = None, None, ""
    db.session.add(record)
    try:
        db.session.flush()
    except IntegrityError as error:  # another record of the person was faster (rule 11)
        raise InvalidInput(
            _l("Another record of the same person claims some of this time."), field="starts"
        ) from error
    add_pictures(record, pictures)
    if send:
        _note_sending(record, before, by)
    return record


def _note_sending(record: ServiceRecord, before: RecordStatus, by: User) -> None:
    action = "back_enter" if by.id != record.user_id else "submit"
    audit.record(
        "correct" if record.corrects_id is not None and before is RecordStatus.DRAFT else action,
        "service_record",
        record.id,
        by=by,
        before={"status": before},
        after={
            "status": record.status,
            "minutes": record.minutes,
            "provenance": record.provenance,
        },
    )


def _place(data: RecordData) -> str:
    """Where it was, as the record says it in Chinese: the event's venue, else the community."""
    event = db.session.get(Event, data.event_id) if data.event_id is not None else None
    if event is not None:
        return event.venue.text("zh").name
    return db.session.get_one(Community, data.community_id).text("zh").name


def _recording_unit() -> str:
    units = site_settings().recording_unit
    return units.get("zh") or next(iter(units.values()))
