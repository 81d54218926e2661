"""What an examiner says about people after a training. Each entry is a new row (rules 5, 6)."""

from dataclasses import dataclass
from datetime import date

from hub import clock
from hub.enums import AssessmentResult, MessageKind
from hub.exceptions import InvalidInput, NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.i18n import SPOKEN, _l, in_language, language_name
from hub.models import Assessment, Event, Topic, Training, User
from hub.policies import (
    can_examine,
    can_manage_training,
    why_not_assess,
    why_not_decide_on,
)
from hub.queries.settings import reader_language
from hub.queries.trainings import study_of
from hub.services import audit
from hub.services.messages import queue_note
from hub.services.seats import lock_event


@dataclass(frozen=True, slots=True)
class Sheet:
    """The head of a sheet of results. ``examiner``: the unit of the training if empty."""

    topic_id: int
    language: str
    examined_on: date
    examiner: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    user_id: int
    result: AssessmentResult
    note: str = ""


def enter_assessments(
    event_id: int, sheet: Sheet, results: list[Result], *, by: User
) -> list[Assessment]:
    """Enter a result for each; all or none. The people are told.

    Raises NotAllowed, OwnCase (rule 5), InvalidInput or WrongState.
    """
    event = lock_event(event_id)
    training = db.session.get(Training, event_id)
    if training is None or not can_manage_training(by, event) or not can_examine(by):
        raise NotAllowed
    topic = next((t for t in training.topics if t.id == sheet.topic_id), None)
    if topic is None or sheet.language not in SPOKEN:
        raise InvalidInput(_l("Choose one from the list."), field="topic")
    _check_day(sheet.examined_on, event)
    if not results:
        raise InvalidInput(_l("Choose a result for at least one person."))
    entered = [_enter(event, training, sheet, result, by) for result in results]
    db.session.flush()
    for row in entered:
        after: dict[str, object] = {
            "event_id": event_id, "user_id": row.user_id, "topic": topic.slug,
            "language": row.language, "result": row.result,
        }  # fmt: skip
        audit.record("enter", "assessment", row.id, by=by, after=after)
        _tell(row, topic)
    return entered


def _check_day(day: date, event: Event) -> None:
    if day > clock.today():
        raise InvalidInput(_l("This day lies in the future."), field="examined_on")
    if day < clock.to_local(event.starts_at).date():
        raise InvalidInput(_l("The assessment cannot be before the training."), field="examined_on")


def _enter(event: Event, training: Training, sheet: Sheet, said: Result, by: User) -> Assessment:
    person = db.session.get(User, said.user_id)
    if person is None or person.erased_at is not None:
        raise WrongState
    if own := why_not_decide_on(by, person):
        raise OwnCase(own)
    if reason := why_not_assess(by, person, study_of(event.id, person.id), clock.now()):
        raise WrongState(reason)
    row = Assessment(
        event_id=event.id,
        user_id=person.id,
        topic_id=sheet.topic_id,
        language=sheet.language,
        result=said.result,
        examined_on=sheet.examined_on,
        examiner=sheet.examiner.strip() or training.unit,
        note=said.note.strip(),
        entered_by_id=by.id,
        created_at=clock.now(),
    )
    db.session.add(row)
    return row


def _tell(row: Assessment, topic: Topic) -> None:
    person = db.session.get_one(User, row.user_id)
    language = reader_language(person.language)
    with in_language(language):
        facts = {
            "topic": topic.text(language).name,
            "language": language_name(row.language, language),
            "result": str(row.result.label),
            "day": row.examined_on.isoformat(),
            "note": row.note,
        }
    queue_note(MessageKind.ASSESSMENT_ENTERED, person, row.event_id, **facts)
