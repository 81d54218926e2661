"""Reads of sign-ups: the ticket, the queue, the desk's list."""

from sqlalchemy import func, select

from hub.enums import SignUpStatus
from hub.extensions import db
from hub.integrations.contacts import fold
from hub.models import SignUp


def sign_up_of_code(code: str) -> SignUp | None:
    """The sign-up whose ticket carries ``code``."""
    return db.session.scalars(select(SignUp).where(SignUp.code == code)).first()


def queue_position(sign_up: SignUp) -> int | None:
    """The party's place in the queue, from 1, or None if it does not wait."""
    if sign_up.status is not SignUpStatus.WAITLISTED:
        return None
    before = db.session.scalar(
        select(func.count())
        .select_from(SignUp)
        .where(
            SignUp.event_id == sign_up.event_id,
            SignUp.status == SignUpStatus.WAITLISTED,
            SignUp.id <= sign_up.id,
        )
    )
    return before or 1


def sign_ups_of(event_id: int, *, status: SignUpStatus | None = None, q: str = "") -> list[SignUp]:
    """The sign-ups of an event in order of arrival; ``q`` looks in names, contacts and numbers.

    Numbers are found however they are read out: blanks and hyphens do not matter in them.
    """
    query = select(SignUp).where(SignUp.event_id == event_id).order_by(SignUp.id)
    if status is not None:
        query = query.where(SignUp.status == status)
    rows = list(db.session.scalars(query))
    needle = fold(q.strip())
    if not needle:
        return rows
    digits = "".join(c for c in needle if c not in " -")
    return [
        row
        for row in rows
        if needle in fold(row.name)
        or needle in row.contact_key
        or (digits and (digits in row.contact_key or digits in fold(row.code)))
    ]
