"""What a service record must be before it is sent (rules 8, 11; Decree 67 art. 8, 10, 19)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from hub import clock
from hub.enums import CLAIMING
from hub.exceptions import InvalidInput
from hub.extensions import db
from hub.i18n import SPOKEN, _l
from hub.models import Activity, Community, Event, ServiceRecord, User

ONE_DAY = timedelta(days=1)
MOST_SERVED = 10_000


@dataclass(frozen=True, slots=True)
class RecordData:
    """All that the form of a record holds. Moments are aware, in whole minutes."""

    activity_id: int
    community_id: int
    starts_at: datetime
    ends_at: datetime
    content: str = ""
    people_served: int | None = None
    language: str = ""
    event_id: int | None = None

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


def check_record(data: RecordData, user: User, *, present_activity_id: int | None = None) -> None:
    """All but the overlap. Raises InvalidInput at the field that is wrong."""
    _check_activity(data.activity_id, present_activity_id)
    _check_time(data)
    _check_term(user, clock.to_local(data.starts_at).date())
    if db.session.get(Community, data.community_id) is None:
        raise InvalidInput(_l("Choose one from the list."), field="community_id")
    event = db.session.get(Event, data.event_id) if data.event_id is not None else None
    if data.event_id is not None and (event is None or event.community_id != data.community_id):
        raise InvalidInput(_l("This event was in another community."), field="event_id")
    if data.language and data.language not in SPOKEN:
        raise InvalidInput(_l("Choose one from the list."), field="language")
    if data.people_served is not None and not 0 <= data.people_served <= MOST_SERVED:
        raise InvalidInput(_l("Between 0 and 10,000 people."), field="people_served")


def check_not_claimed(
    user_id: int, starts_at: datetime, ends_at: datetime, *, but: tuple[int | None, ...] = ()
) -> None:
    """Raises InvalidInput that names the record which claims some of the time (rule 11)."""
    met = record_met(user_id, starts_at, ends_at, but=but)
    if met is not None:
        raise InvalidInput(
            _l(
                "This time overlaps another record of the same person: %(record)s. "
                "No minute counts twice.",
                record=said(met),
            ),
            field="starts",
        )


def record_met(
    user_id: int, starts_at: datetime, ends_at: datetime, *, but: tuple[int | None, ...] = ()
) -> ServiceRecord | None:
    """The first record of the person that claims some of the time, those of ``but`` left out."""
    query = select(ServiceRecord).where(
        ServiceRecord.user_id == user_id,
        ServiceRecord.status.in_(CLAIMING),
        ServiceRecord.starts_at < ends_at,
        ServiceRecord.ends_at > starts_at,
        ServiceRecord.id.not_in([number for number in but if number is not None]),
    )
    return db.session.scalars(query.order_by(ServiceRecord.starts_at).limit(1)).first()


def said(record: ServiceRecord) -> str:
    """``2026-11-21 14:00–16:00, Translation``."""
    start, end = clock.to_local(record.starts_at), clock.to_local(record.ends_at)
    return f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}, {record.activity.name}"


def _check_activity(activity_id: int, present_id: int | None) -> None:
    activity = db.session.get(Activity, activity_id)
    if activity is None or not (activity.active or activity.id == present_id):
        raise InvalidInput(_l("Choose one from the list."), field="activity_id")
    if not activity.counts:
        raise InvalidInput(
            _l(
                "This does not count as volunteer service: training and paid time are never "
                "recorded as service hours (Decree 67 of the Ministry of Civil Affairs, "
                "articles 8 and 19)."
            ),
            field="activity_id",
        )


def _check_time(data: RecordData) -> None:
    if data.starts_at.second or data.ends_at.second or data.starts_at.microsecond:
        raise InvalidInput(_l("Hours are counted in whole minutes."), field="starts")
    if data.ends_at <= data.starts_at:
        raise InvalidInput(
            _l(
                "The end must come after the start. If it went past midnight, log the hours "
                "after midnight as a second record."
            ),
            field="ends",
        )
    if clock.to_local(data.starts_at).date() != clock.to_local(data.ends_at).date():
        raise InvalidInput(
            _l("A record is of one day. Log the hours after midnight as a second record."),
            field="ends",
        )
    if data.ends_at > clock.now():
        wrong_day = data.starts_at >= clock.day_start(clock.today() + ONE_DAY)
        raise InvalidInput(
            _l("This lies in the future. Log it when it is done."),
            field="day" if wrong_day else "ends",
        )


def _check_term(user: User, day: date) -> None:
    if not any(appointment.is_active(day) for appointment in user.appointments):
        raise InvalidInput(
            _l(
                "There was no appointment in force on %(day)s. Only service within a term counts.",
                day=day.isoformat(),
            ),
            field="day",
        )
