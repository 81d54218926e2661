"""Days on which somebody cannot serve: said by the person alone, and nobody asks why."""

from datetime import date, timedelta

from sqlalchemy import select

from hub import clock
from hub.exceptions import InvalidInput, NotAllowed
from hub.extensions import db
from hub.i18n import _l
from hub.models import Absence, User
from hub.services.people import lock_user

LONGEST = timedelta(days=366)
DAY = timedelta(days=1)


def add_absence(starts_on: date, ends_on: date, *, by: User) -> Absence:
    """Note days away. What they touch of the person's others becomes one with them, as long as
    that is no longer than 366 days. Raises InvalidInput."""
    if starts_on < clock.today():
        raise InvalidInput(_l("This day lies in the past."), field="starts_on")
    if ends_on < starts_on:
        raise InvalidInput(_l("The last day lies before the first one."), field="ends_on")
    lock_user(by)
    query = select(Absence).where(
        Absence.user_id == by.id,
        Absence.starts_on <= ends_on + DAY,
        Absence.ends_on >= starts_on - DAY,
    )
    touched = list(db.session.scalars(query.order_by(Absence.starts_on)))
    first = min([starts_on, *(row.starts_on for row in touched)])
    last = max([ends_on, *(row.ends_on for row in touched)])
    if last - first >= LONGEST:
        raise InvalidInput(
            _l("At most 366 days at a time, with those that you said before."), field="ends_on"
        )
    for row in touched[1:]:
        db.session.delete(row)
    kept = touched[0] if touched else Absence(user_id=by.id)
    kept.starts_on, kept.ends_on = first, last
    db.session.add(kept)
    db.session.flush()
    return kept


def remove_absence(absence_id: int, *, by: User) -> None:
    """The person can serve on these days after all. Raises NotAllowed."""
    row = db.session.get(Absence, absence_id)
    if row is None or row.user_id != by.id:
        raise NotAllowed
    db.session.delete(row)
    db.session.flush()
