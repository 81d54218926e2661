"""Reads of what counts of people for duties: languages, skills, and where they are already."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import lazyload, selectinload

from hub import clock
from hub.enums import BUSY, Programme
from hub.extensions import db
from hub.models import (
    Absence,
    Assignment,
    Duty,
    Profile,
    Qualification,
    QualificationSuspension,
    User,
)
from hub.policies import Helper


def helpers_of(users: Sequence[User], start: datetime, end: datetime) -> list[Helper]:
    """What counts of each person for duties between ``start`` and ``end``, in the same order.

    ``this_month`` counts the duties in the month of ``start``. Qualifications and days away are
    asked for lecturers only: nobody else has any.
    """
    ids = [user.id for user in users]
    loaded = selectinload(Profile.languages), selectinload(Profile.skills)
    query = select(Profile).where(Profile.user_id.in_(ids)).options(*loaded)
    profiles = {profile.user_id: profile for profile in db.session.scalars(query)}
    busy = _busy(ids, start, end)
    month = _in_month(ids, start)
    lecturers = [
        user.id
        for user in users
        if any(term.programme is Programme.LECTURER for term in user.appointments)
    ]
    qualifications = qualifications_by_person(lecturers) if lecturers else {}
    absences = _absences(lecturers, start, end) if lecturers else {}
    return [
        Helper(
            user=user,
            languages={
                row.language: row.oral
                for row in (profile.languages if profile else [])
                if row.oral is not None
            },
            skills=frozenset(row.skill for row in (profile.skills if profile else [])),
            weekdays=profile.weekdays if profile else 0,
            busy=busy.get(user.id, []),
            this_month=month.get(user.id, 0),
            qualifications=qualifications.get(user.id, []),
            absences=absences.get(user.id, []),
        )
        for user in users
        for profile in [profiles.get(user.id)]
    ]


def helper_of(user: User, duty: Duty) -> Helper:
    return helpers_of([user], duty.starts_at, duty.ends_at)[0]


def _busy(ids: Sequence[int], start: datetime, end: datetime) -> dict[int, list[Duty]]:
    found: dict[int, list[Duty]] = {}
    query = (
        select(Assignment.user_id, Duty)
        .join(Duty, Duty.id == Assignment.duty_id)
        .where(Assignment.user_id.in_(ids), Assignment.status.in_(BUSY))
        .where(Duty.starts_at < end, Duty.ends_at > start)
        .options(lazyload("*"), selectinload(Duty.texts))  # when, and its title
        .order_by(Duty.starts_at, Duty.id)
    )
    for user_id, duty in db.session.execute(query):
        found.setdefault(user_id, []).append(duty)
    return found


def qualifications_by_person(ids: Sequence[int]) -> dict[int, list[Qualification]]:
    """All qualifications of each, whether they hold or not."""
    found: dict[int, list[Qualification]] = {}
    query = select(Qualification).where(Qualification.user_id.in_(ids))
    for row in db.session.scalars(query.options(lazyload(Qualification.topic))):
        found.setdefault(row.user_id, []).append(row)
    return found


def _absences(ids: Sequence[int], start: datetime, end: datetime) -> dict[int, list[Absence]]:
    found: dict[int, list[Absence]] = {}
    query = select(Absence).where(
        Absence.user_id.in_(ids),
        Absence.starts_on <= clock.to_local(end).date(),
        Absence.ends_on >= clock.to_local(start).date(),
    )
    for row in db.session.scalars(query):
        found.setdefault(row.user_id, []).append(row)
    return found


def _in_month(ids: Sequence[int], moment: datetime) -> dict[int, int]:
    first = clock.to_local(moment).date().replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    query = (
        select(Assignment.user_id, func.count())
        .join(Duty, Duty.id == Assignment.duty_id)
        .where(Assignment.user_id.in_(ids), Assignment.status.in_(BUSY))
        .where(Duty.starts_at >= clock.day_start(first), Duty.starts_at < clock.day_start(after))
        .group_by(Assignment.user_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


# --- whether a qualification holds, in SQL --------------------------------------------------------


def holds_on(day: date) -> ColumnElement[bool]:
    """What ``Qualification.is_valid`` says (rule 8)."""
    return runs_on(day) & ~suspended_on(day)


def runs_on(day: date) -> ColumnElement[bool]:
    """Whether the day lies in its validity and before its revocation."""
    return (
        (Qualification.valid_from <= day)
        & (Qualification.valid_until >= day)
        & or_(Qualification.revoked_on.is_(None), Qualification.revoked_on > day)
    )


def suspended_on(day: date) -> ColumnElement[bool]:
    return exists().where(
        QualificationSuspension.qualification_id == Qualification.id,
        QualificationSuspension.starts_on <= day,
        or_(QualificationSuspension.ends_on.is_(None), QualificationSuspension.ends_on >= day),
    )


def absences_ahead(user: User) -> list[Absence]:
    """The days on which the person said to be away, from today on, soonest first."""
    query = select(Absence).where(Absence.user_id == user.id, Absence.ends_on >= clock.today())
    return list(db.session.scalars(query.order_by(Absence.starts_on, Absence.id)))
