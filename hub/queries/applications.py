"""Reads of applications and of the questions that are asked in them."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from hub.enums import OPEN_APPLICATION, ApplicationStatus, Programme
from hub.extensions import db
from hub.models import Application, Question, User
from hub.policies import is_police, own_community_ids, sees_all_people

PAGE_SIZE = 30
# What staff have to do something about, before what waits for the applicant.
TO_DO = (ApplicationStatus.SUBMITTED, ApplicationStatus.UNDER_REVIEW)


@dataclass(frozen=True, slots=True)
class ApplicationFilter:
    """What the desk's list is narrowed to. Without a status: all that is not decided."""

    status: ApplicationStatus | None = None
    programme: Programme | None = None


def open_application(user: User, programme: Programme) -> Application | None:
    """The one application of the person that is not decided yet, its draft included."""
    return db.session.scalars(
        select(Application).where(
            Application.user_id == user.id,
            Application.programme == programme,
            Application.status.in_(OPEN_APPLICATION),
        )
    ).first()


def applications_of(user: User) -> list[Application]:
    """Everything that the person applied for, newest first."""
    query = select(Application).where(Application.user_id == user.id)
    return list(db.session.scalars(query.order_by(Application.id.desc())))


def desk_applications(
    wanted: ApplicationFilter, *, by: User, after: int = 0, limit: int = PAGE_SIZE
) -> list[Application]:
    """Applications that ``by`` handles, the longest waiting first; ``limit + 1`` rows at most."""
    query = select(Application).where(handled_by(by), Application.id > after)
    if wanted.status is not None:
        query = query.where(Application.status == wanted.status)
    else:
        query = query.where(Application.status.in_(OPEN_APPLICATION))
    if wanted.programme is not None:
        query = query.where(Application.programme == wanted.programme)
    query = query.options(joinedload(Application.user).lazyload("*"))
    return list(db.session.scalars(query.order_by(Application.id).limit(limit + 1)))


def count_waiting_applications(by: User) -> int:
    """How many applications wait for somebody at the desk of ``by``."""
    query = select(func.count()).select_from(Application)
    return db.session.scalar(query.where(handled_by(by), Application.status.in_(TO_DO))) or 0


def handled_by(user: User) -> ColumnElement[bool]:
    """What ``policies.can_see_application`` says, in SQL."""
    sent = Application.submitted_at.is_not(None)
    if sees_all_people(user):
        return sent
    here = own_community_ids(user)
    own = (
        or_(Application.community_id.is_(None), Application.community_id.in_(here))
        if here
        else false()
    )
    police = Application.programme == Programme.LECTURER if is_police(user) else false()
    return and_(sent, or_(own, police))


def asked_questions(programme: Programme) -> list[Question]:
    """The questions that are asked now, in their order."""
    return _questions(and_(Question.programme == programme, Question.active.is_(True)))


def all_questions() -> list[Question]:
    """All of them, also those no longer asked, by programme and in their order."""
    return _questions(true())


def _questions(which: ColumnElement[bool]) -> list[Question]:
    order = (Question.programme, Question.active.desc(), Question.position, Question.id)
    return list(db.session.scalars(select(Question).where(which).order_by(*order)))
