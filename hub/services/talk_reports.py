"""What came of a talk: how many, what was asked and used, and the hours of its lecturers
(rules 5, 11, 12)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from hub import clock
from hub.enums import AssignmentStatus, CountMethod, Reach, RecordStatus
from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.i18n import _l
from hub.models import Assignment, Talk, TalkQuestion, User
from hub.policies import can_manage_event, why_not_correct_report, why_not_report
from hub.queries.talk_reports import (
    gives_talk,
    lecturers_on,
    named_at,
    over_at,
    reached_by,
    records_of_talk,
    sealed_records,
    topics_asked_about,
    usable_materials,
)
from hub.services import audit
from hub.services.attendance import complete_by_report, mark_no_show
from hub.services.record_checks import MOST_SERVED

S = AssignmentStatus
UNDECIDED = (RecordStatus.DRAFT, RecordStatus.SUBMITTED, RecordStatus.RETURNED)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question from the audience; None: about no topic of ours."""

    question: str
    topic_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReportData:
    """All that the form of a report holds. ``counted_by`` says by its role who counted;
    ``absent`` are the assignments of lecturers who did not come, said by staff only."""

    reach: Reach
    headcount: int | None = None
    counted_by: str = ""
    count_method: CountMethod | None = None
    questions: Sequence[Asked] = ()
    material_ids: Sequence[int] = ()
    note: str = ""
    absent: Sequence[int] = ()


def report_talk(event_id: int, data: ReportData, *, by: User) -> Talk:
    """Report a talk that is over, or correct its report. Its lecturers' hours are sent for
    approval, once.

    Raises NotAllowed, OwnCase (rule 5), WrongState or InvalidInput.
    """
    talk = _lock_talk(event_id)
    manages = can_manage_event(by, talk.event)
    if not manages and not gives_talk(by, event_id):
        raise NotAllowed
    reason = why_not_report(talk.event, over_at(talk), clock.now())
    if reason is None and talk.reported_at is not None:
        reason = why_not_correct_report(manages, sealed_records(event_id))
    if reason is not None:
        raise WrongState(reason)
    if data.absent and not manages:
        raise NotAllowed
    named = named_at([event_id]).get(event_id, 0)
    _check_figure(data, named)
    before = _figures(talk, named)
    _write(talk, data, by=by)
    audit.record(
        "correct" if before else "report",
        "talk",
        event_id,
        by=by,
        before=before,
        after=_figures(talk, named),
    )
    _complete_lecturers(talk, data.absent, by=by)
    _tell_records(talk, reached_by(talk, named), by=by)
    return talk


def _lock_talk(event_id: int) -> Talk:
    """The talk as it is now; another report of it waits."""
    query = select(Talk).where(Talk.event_id == event_id).with_for_update(of=Talk)
    found = db.session.scalars(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotAllowed
    return found


def _check_figure(data: ReportData, named: int) -> None:
    """One figure, the names or the heads, and never both."""
    if data.reach is Reach.NAMED:
        if data.headcount is not None or data.counted_by.strip():
            raise InvalidInput(
                _l(
                    "Either the names from the door or a head count, never both. Empty the head "
                    "count, or choose it above."
                ),
                field="headcount",
            )
        if not named:
            raise InvalidInput(
                _l("Nobody is checked in at the door. Enter a head count."), field="reach"
            )
        return
    if data.headcount is None:
        raise InvalidInput(_l("Enter how many people were counted."), field="headcount")
    if not 0 <= data.headcount <= MOST_SERVED:
        raise InvalidInput(_l("Between 0 and 10,000 people."), field="headcount")
    if not data.counted_by.strip():
        raise InvalidInput(_l("Say who counted: a role is enough."), field="counted_by")
    if data.count_method is None:
        raise InvalidInput(_l("Choose how it was counted."), field="count_method")


def _write(talk: Talk, data: ReportData, *, by: User) -> None:
    """Put the checked ``data`` into the talk; who reported first stays."""
    counted = data.reach is Reach.HEADCOUNT
    materials = {material.id: material for material in usable_materials(talk)}
    if set(data.material_ids) - set(materials):
        raise InvalidInput(_l("Choose only from the list."), field="materials")
    _write_questions(talk, data.questions)
    talk.reach = data.reach
    talk.headcount = data.headcount if counted else None
    talk.counted_by = data.counted_by.strip() if counted else ""
    talk.count_method = data.count_method if counted else None
    talk.materials = [m for number, m in materials.items() if number in data.material_ids]
    talk.note = data.note.strip()
    if talk.reported_at is None:
        talk.reported_at, talk.reported_by_id = clock.now(), by.id
    db.session.flush()


def _write_questions(talk: Talk, asked: Sequence[Asked]) -> None:
    """A question whose words stay the same stays, with whether it is settled."""
    topics = {topic.id for topic in topics_asked_about(talk)}
    present = {row.question: row for row in talk.questions}
    kept: dict[str, TalkQuestion] = {}
    for item in asked:
        words = item.question.strip()
        if not words:
            continue
        if item.topic_id is not None and item.topic_id not in topics:
            raise InvalidInput(_l("Choose one from the list."))
        row = present.get(words) or TalkQuestion(question=words, created_at=clock.now())
        row.topic_id = item.topic_id
        kept[words] = row
    talk.questions = list(kept.values())


def _figures(talk: Talk, named: int) -> dict[str, object]:
    """What the audit trail keeps of a report: figures, no words of anybody."""
    if talk.reach is None:
        return {}
    return {
        "reach": talk.reach,
        "reached": reached_by(talk, named),
        "count_method": talk.count_method,
        "questions": len(talk.questions),
        "materials": len(talk.materials),
    }


def _complete_lecturers(talk: Talk, absent: Sequence[int], *, by: User) -> None:
    """Whoever was there and did not check out is done by the roster, those marked absent not."""
    waiting = [
        a
        for a in lecturers_on(talk.event_id)
        if a.status in (S.CONFIRMED, S.CHECKED_IN) and a.user.erased_at is None
    ]
    if set(absent) - {a.id for a in waiting if a.status is S.CONFIRMED}:
        raise WrongState(
            _l("Somebody marked as missing has checked in, or left the talk. Look again.")
        )
    for assignment in waiting:
        if assignment.id in absent:
            mark_no_show(assignment.id, by=by)
            continue
        done, record = complete_by_report(assignment.id, by=by)
        if record is not None:
            record.content = _content(done, talk)
            record.language = _language(done)
    db.session.flush()


def _content(assignment: Assignment, talk: Talk) -> str:
    """``Your first evening: Traffic, Renting``, in Chinese as all that records say by themselves;
    topics that the title names are not said twice."""
    title = assignment.duty.text("zh").title
    names = [topic.text("zh").name for topic in talk.topics]
    topics = "、".join(name for name in names if name not in title)
    return f"{title}：{topics}" if topics else title


def _language(assignment: Assignment) -> str:
    """The language in which the lecturer spoke; of several the first foreign one."""
    codes = [need.language for need in assignment.duty.languages]
    return next((code for code in codes if code != "zh"), codes[0] if codes else "")


def _tell_records(talk: Talk, reached: int | None, *, by: User) -> None:
    """How many were reached, in the records that nobody has decided yet (rule 12). What somebody
    wrote as a correction stays theirs."""
    for record in records_of_talk(talk.event_id):
        if record.status not in UNDECIDED or record.corrects_id is not None:
            continue
        if record.people_served == reached:
            continue
        before, record.people_served = record.people_served, reached
        db.session.flush()
        audit.record(
            "count",
            "service_record",
            record.id,
            by=by,
            before={"people_served": before},
            after={"people_served": reached},
        )
