"""The certificates of the sample data: one that stands, and the older one that it replaced."""

from datetime import date, timedelta
from functools import partial

from sqlalchemy import func, select

from hub import clock
from hub.demo.accounts import ASSISTANT, Staff
from hub.demo.timeline import Timeline
from hub.enums import RecordStatus
from hub.extensions import db
from hub.models import ServiceRecord, User
from hub.queries.certificates import certificates_of
from hub.services.certificates import issue_certificate


def plan_certificates(timeline: Timeline, staff: Staff) -> None:
    """The office certifies the assistant's first day of service, an hour later all of it."""
    timeline.at(timeline.now - timedelta(hours=4), partial(_certify_first_day, staff))
    timeline.at(timeline.now - timedelta(hours=3), partial(_certify_everything, staff))


def _certify_first_day(staff: Staff) -> None:
    user = staff.user(ASSISTANT)
    day = _first_day(user)
    issue_certificate(user, day, day, by=staff.office)


def _certify_everything(staff: Staff) -> None:
    user = staff.user(ASSISTANT)
    older = [certificate.id for certificate in certificates_of(user.id)]
    issue_certificate(user, _first_day(user), clock.today(), by=staff.office, supersedes=older)


def _first_day(user: User) -> date:
    approved = ServiceRecord.status == RecordStatus.APPROVED
    first = select(func.min(ServiceRecord.starts_at)).where(
        ServiceRecord.user_id == user.id, approved
    )
    return clock.to_local(db.session.scalars(first).one()).date()
