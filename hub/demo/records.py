"""What the assistant did: two dozen records in every state, logged and decided by the people
whose work it is."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from sqlalchemy import select

from hub import clock
from hub.demo.accounts import ASSISTANT, HEYUAN, Staff
from hub.demo.places import Places
from hub.demo.timeline import Timeline
from hub.enums import RecordStatus
from hub.extensions import db
from hub.models import Activity, ServiceRecord, User
from hub.services.activities import seed_activities
from hub.services.record_checks import RecordData
from hub.services.record_decisions import (
    approve_record,
    reject_record,
    return_record,
    void_record,
)
from hub.services.records import correct_record, log_record


@dataclass(frozen=True, slots=True)
class Done:
    """Service ``days`` ago, from a wall-clock time, so many minutes long. ``fate``: what became
    of it; ``by_staff``: entered later at the desk."""

    days: int
    begins: str
    minutes: int
    activity: str
    words: str
    people: int | None = None
    language: str = ""
    fate: str = "approve"
    by_staff: bool = False


RECORDS = (
    Done(
        57,
        "09:30",
        120,
        "translation",
        "Explained the registration form at the service desk.",
        9,
        "fr",
    ),
    Done(
        55,
        "14:00",
        90,
        "filing",
        "Sorted the tenancy forms by street and entered them in the list.",
        None,
    ),
    Done(52, "18:30", 150, "festival", "Set up the tables and welcomed foreign guests.", 40, "en"),
    Done(50, "10:00", 60, "translation", "Rang two landlords together with students.", 3, "ar"),
    Done(
        47,
        "15:00",
        105,
        "visit",
        "Visited new neighbours with the grid worker.",
        6,
        "zh",
        by_staff=True,
    ),
    Done(
        44,
        "09:30",
        120,
        "translation",
        "Service desk: registration and the electricity bill.",
        8,
        "fr",
    ),
    Done(41, "19:00", 90, "policy_talk", "Interpreted the talk on e-bikes into French.", 25, "fr"),
    Done(
        38,
        "14:00",
        45,
        "suggestions",
        "Collected suggestions about the bus stop at the west gate.",
        11,
        "en",
    ),
    Done(37, "16:00", 120, "filing", "Helped in the office.", None, fate="void"),
    Done(34, "09:30", 135, "translation", "Service desk: bank cards and lost papers.", 10, "ar"),
    Done(
        30,
        "10:00",
        180,
        "festival",
        "Led the tea tasting at the neighbours’ day.",
        30,
        "en",
        by_staff=True,
    ),
    Done(27, "13:30", 75, "visit", "Visited a family whose child starts school here.", 4, "ar"),
    Done(26, "20:00", 60, "translation", "Private lesson for a friend.", 1, fate="reject"),
    Done(
        23,
        "09:30",
        120,
        "translation",
        "Service desk: registration after moving.",
        7,
        "fr",
        fate="correct",
    ),
    Done(
        22,
        "19:00",
        60,
        "translation",
        "Interpreted at the clinic for a student with fever.",
        1,
        "ar",
        fate="wait",
    ),
    Done(20, "15:00", 90, "filing", "Put the sign-up lists of October in order.", None),
    Done(17, "18:00", 120, "festival", "Helped at the lantern evening.", 35, "en", by_staff=True),
    Done(
        13,
        "09:30",
        120,
        "translation",
        "Service desk: three registrations, one complaint.",
        6,
        "fr",
        fate="wait",
    ),
    Done(
        10,
        "14:00",
        45,
        "suggestions",
        "Asked neighbours about the bins behind block 7.",
        9,
        "zh",
        fate="wait",
    ),
    Done(8, "10:00", 90, "visit", "Visited.", None, fate="return"),
    Done(
        6,
        "09:30",
        120,
        "translation",
        "Service desk: visa questions and the new app.",
        12,
        "ar",
        fate="wait",
    ),
    Done(
        5,
        "18:30",
        60,
        "policy_talk",
        "Prepared and interpreted the talk on renting.",
        18,
        "en",
        fate="wait",
        by_staff=True,
    ),
    Done(
        2,
        "16:00",
        75,
        "translation",
        "Wrote the house rules in French and Arabic.",
        None,
        "fr",
        fate="wait",
    ),
    Done(1, "11:00", 60, "filing", "", None, fate="draft"),
)

REASONS = {
    "return": "请写清走访了哪里、做了什么。Please say where you went and what you did.",
    "reject": "私人授课不属于志愿服务。Private lessons are no volunteer service.",
    "void": "与当天的活动记录重复。It was counted with the event of that day already.",
}


def plan_records(timeline: Timeline, staff: Staff, places: Places) -> None:
    """Put all of it on the timeline; what would lie before the assistant's term is left out."""
    today = clock.to_local(timeline.now).date()
    timeline.at(timeline.now - timedelta(days=80), seed_activities)
    for days in (45, 31, 17, 8):
        timeline.at(timeline.now - timedelta(days=days), partial(_approve_duties, staff))
    for done in RECORDS:
        day = today - timedelta(days=done.days)
        end = _moment(day, done.begins) + timedelta(minutes=done.minutes)
        timeline.at(
            end + timedelta(hours=2), partial(_log, timeline, staff, places, done, day)
        )  # fmt: skip


def _approve_duties(staff: Staff) -> None:
    """The office approves what check-in and check-out of its duties measured."""
    waiting = db.session.scalars(
        select(ServiceRecord)
        .where(
            ServiceRecord.status == RecordStatus.SUBMITTED, ServiceRecord.assignment_id.is_not(None)
        )
        .order_by(ServiceRecord.id)
    )
    for record in waiting.all():
        if record.entered_by_id != staff.office.id:
            approve_record(record.id, by=staff.office)


def _log(timeline: Timeline, staff: Staff, places: Places, done: Done, day: date) -> None:
    person = staff.user(ASSISTANT)
    if not any(appointment.is_active(day) for appointment in person.appointments):
        return
    by = staff.user(HEYUAN) if done.by_staff else person
    data = _data(places, done, day)
    record = log_record(person, data, by=by, send=done.fate != "draft")
    decide = _decision(timeline, staff, done, record.id, data)
    if decide is not None:
        timeline.at(clock.now() + timedelta(days=3), decide)


def _decision(
    timeline: Timeline, staff: Staff, done: Done, record_id: int, data: RecordData
) -> Callable[[], object] | None:
    """What the desk does with it: never the person themself, nor who entered it (rule 5)."""

    def desk() -> User:
        return staff.office if done.by_staff else staff.user(HEYUAN)

    def approve(number: int = record_id) -> None:
        approve_record(number, by=desk())

    def approve_then(later: Callable[[], object]) -> None:
        approve()
        timeline.at(clock.now() + timedelta(days=4), later)

    def correct() -> None:
        shorter = RecordData(
            data.activity_id, data.community_id, data.starts_at,
            data.ends_at - timedelta(minutes=30), data.content, data.people_served, data.language,
        )  # fmt: skip
        new = correct_record(record_id, shorter, by=staff.user(ASSISTANT))
        timeline.at(clock.now() + timedelta(days=2), partial(approve, new.id))

    decisions: dict[str, Callable[[], object]] = {
        "approve": approve,
        "return": lambda: return_record(record_id, REASONS["return"], by=desk()),
        "reject": lambda: reject_record(record_id, REASONS["reject"], by=desk()),
        "void": lambda: approve_then(
            lambda: void_record(record_id, REASONS["void"], by=staff.office)
        ),
        "correct": lambda: approve_then(correct),
    }
    return decisions.get(done.fate)


def _data(places: Places, done: Done, day: date) -> RecordData:
    activity = db.session.scalars(select(Activity).where(Activity.slug == done.activity)).one()
    start = _moment(day, done.begins)
    return RecordData(
        activity_id=activity.id,
        community_id=places.communities["heyuan"],
        starts_at=start,
        ends_at=start + timedelta(minutes=done.minutes),
        content=done.words,
        people_served=done.people,
        language=done.language,
    )


def _moment(day: date, wall: str) -> datetime:
    """On Tuesdays the translation desk (hub/demo/duties.py) has the afternoon: four hours before
    what would be then."""
    begins = time.fromisoformat(wall)
    if day.weekday() == calendar.TUESDAY and 12 <= begins.hour < 17:
        begins = begins.replace(hour=begins.hour - 4)
    return clock.from_local(datetime.combine(day, begins))
