"""Reads of certificates and of the records that they are made from."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select

from hub import clock
from hub.enums import CertificateStatus, RecordStatus
from hub.extensions import db
from hub.integrations.signing import read_certificate_code
from hub.models import Certificate, ServiceRecord, User
from hub.policies import own_community_ids, sees_all_people
from hub.queries.people import is_called

PAGE_SIZE = 30
OPEN = (RecordStatus.DRAFT, RecordStatus.SUBMITTED, RecordStatus.RETURNED)


def within(since: date, until: date) -> ColumnElement[bool]:
    """Records of service on those days, both included, on the calendar of Hangzhou."""
    return and_(
        ServiceRecord.starts_at >= clock.day_start(since),
        ServiceRecord.starts_at < clock.day_start(until + timedelta(days=1)),
    )


def approved_records(user_id: int, since: date, until: date) -> Select[ServiceRecord]:
    """What a certificate of the period counts (rule 14), oldest first."""
    return (
        select(ServiceRecord)
        .where(
            ServiceRecord.user_id == user_id,
            ServiceRecord.status == RecordStatus.APPROVED,
            within(since, until),
        )
        .order_by(ServiceRecord.starts_at, ServiceRecord.id)
    )


def open_records(user_id: int, since: date, until: date) -> list[ServiceRecord]:
    """What is not approved yet, oldest first."""
    query = select(ServiceRecord).where(
        ServiceRecord.user_id == user_id, ServiceRecord.status.in_(OPEN), within(since, until)
    )
    return list(db.session.scalars(query.order_by(ServiceRecord.starts_at, ServiceRecord.id)))


def overlapping(user_id: int, since: date, until: date) -> Select[Certificate]:
    """The person's valid certificates whose period shares a day with this one."""
    return (
        select(Certificate)
        .where(
            Certificate.user_id == user_id,
            Certificate.status == CertificateStatus.ISSUED,
            Certificate.period_from <= until,
            Certificate.period_until >= since,
        )
        .order_by(Certificate.id)
    )


def certificates_of(user_id: int) -> list[Certificate]:
    """All of a person, newest first."""
    query = select(Certificate).where(Certificate.user_id == user_id)
    return list(db.session.scalars(query.order_by(Certificate.id.desc())))


def certificate_of_code(typed: str) -> Certificate | None:
    """The certificate with the code that somebody typed."""
    code = read_certificate_code(typed)
    if code is None:
        return None
    return db.session.scalars(select(Certificate).where(Certificate.code == code)).first()


def record_communities(user_id: int) -> set[int]:
    """The communities in which the person has service records."""
    query = select(ServiceRecord.community_id).where(ServiceRecord.user_id == user_id)
    return set(db.session.scalars(query.distinct()))


def certificates(
    by: User, *, q: str = "", before: int | None = None, limit: int = PAGE_SIZE
) -> list[Certificate]:
    """Those that ``by`` may see (policies.can_certify), newest first; ``limit + 1`` at most.

    ``q`` is a code, or words of the holder's name.
    """
    query = select(Certificate)
    if not sees_all_people(by):
        here = select(ServiceRecord.user_id).where(
            ServiceRecord.community_id.in_(own_community_ids(by))
        )
        query = query.where(Certificate.user_id.in_(here))
    if q:
        named = Certificate.user_id.in_(select(User.id).where(is_called(q)))
        query = query.where(or_(Certificate.code == read_certificate_code(q), named))
    if before is not None:
        query = query.where(Certificate.id < before)
    return list(db.session.scalars(query.order_by(Certificate.id.desc()).limit(limit + 1)))
