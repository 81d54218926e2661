"""Answers to the survey after an event: one for each who came, joined to nobody (rule 17).

docs/decisions/0017 says what is kept, and what it could tell to whom.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, insert, select

from hub import clock
from hub.enums import SurveyQuestion
from hub.exceptions import InvalidInput, WrongState
from hub.extensions import db
from hub.i18n import SPOKEN, _l
from hub.integrations.signing import survey_digests
from hub.models import Event, SurveyAnswer, SurveySpent
from hub.policies.surveys import LOT, SPENT_KEPT, SURVEY_OPEN, why_not_answer
from hub.queries.surveys import places_left
from hub.services.seats import lock_event, lock_sign_up

MAX_COMMENT = 1000
UNSYNCED = {"synchronize_session": False}
COLUMNS = tuple(SurveyAnswer.__table__.columns.keys())


@dataclass(frozen=True, slots=True)
class Said:
    """What one attendee tapped and wrote; ``language`` is that of the comment."""

    taps: dict[SurveyQuestion, int]
    language: str
    comment: str = ""


def give_answer(sign_up_id: int, place: int, said: Said) -> bool:
    """Count the answer of the ``place``-th attendee of a ticket.

    Returns False if that place has answered: a form that comes twice changes nothing. No audit
    entry, nothing on the sign-up. Raises WrongState or InvalidInput.
    """
    sign_up, event = lock_sign_up(sign_up_id)
    left = places_left(sign_up)
    if 1 <= place <= sign_up.party_size and place not in left:
        return False
    reason = why_not_answer(sign_up, len(left), clock.now())
    if reason is not None:
        raise WrongState(reason)
    if place not in left:
        raise InvalidInput(_l("This form does not belong to your ticket. Open the link again."))
    _check(said)
    _note_spent(event.id, survey_digests(sign_up.code, place)[0])
    values = {question.value: value for question, value in said.taps.items()}
    new = {
        "id": secrets.token_hex(16),
        "event_id": event.id,
        "language": said.language,
        "comment": said.comment,
        "shown": False,
        **values,
    }
    _write_anew(event.id, [*_unshown(event.id), new])
    return True


def events_with_a_rest() -> list[int]:
    """Events whose survey has closed lately with answers of which fewer than a lot are left,
    while others are shown."""
    closed = clock.now() - SURVEY_OPEN
    mine = SurveyAnswer.event_id == Event.id
    query = select(Event.id).where(
        Event.ends_at <= closed,
        Event.ends_at > closed - SPENT_KEPT,
        exists().where(mine, SurveyAnswer.shown.is_(False)),
        exists().where(mine, SurveyAnswer.shown.is_(True)),
    )
    return list(db.session.scalars(query.order_by(Event.id)))


def show_rest(event_id: int) -> None:
    """The last few answers of a closed survey join those that are shown."""
    event = lock_event(event_id)
    shown = exists().where(SurveyAnswer.event_id == event_id, SurveyAnswer.shown.is_(True))
    if event.ends_at + SURVEY_OPEN <= clock.now() and db.session.scalar(select(shown)):
        _write_anew(event_id, _unshown(event_id), show=True)


def _check(said: Said) -> None:
    for question in SurveyQuestion:
        if said.taps.get(question) not in question.choices:
            raise InvalidInput(_l("Choose one of the answers."), field=question.value)
    if said.language not in SPOKEN:
        raise InvalidInput(_l("Choose a language from the list."), field="language")
    if len(said.comment) > MAX_COMMENT:
        raise InvalidInput(_l("At most 1,000 characters."), field="comment")


def _note_spent(event_id: int, digest: str) -> None:
    """All marks of the event are written anew, by their digest: PostgreSQL would else keep in
    which order, and in which transaction, they came."""
    here = SurveySpent.event_id == event_id
    digests = sorted([*db.session.scalars(select(SurveySpent.digest).where(here)), digest])
    db.session.execute(delete(SurveySpent).where(here), execution_options=UNSYNCED)
    db.session.execute(
        insert(SurveySpent), [{"digest": one, "event_id": event_id} for one in digests]
    )


def _unshown(event_id: int) -> list[dict[str, Any]]:
    query = select(*SurveyAnswer.__table__.columns).where(
        SurveyAnswer.event_id == event_id, SurveyAnswer.shown.is_(False)
    )
    return [dict(zip(COLUMNS, row, strict=True)) for row in db.session.execute(query)]


def _write_anew(event_id: int, rows: list[dict[str, Any]], *, show: bool = False) -> None:
    """Put the answers that are not shown into one place in the order of their random ids; with
    the last one of a lot all of them are shown. Nobody translates what is not shown."""
    show = show or len(rows) >= LOT
    db.session.execute(
        delete(SurveyAnswer).where(
            SurveyAnswer.event_id == event_id, SurveyAnswer.shown.is_(False)
        ),
        execution_options=UNSYNCED,
    )
    anew = [{**row, "shown": show} for row in sorted(rows, key=lambda row: str(row["id"]))]
    if anew:
        db.session.execute(insert(SurveyAnswer), anew)
