"""A training made ready for the desk: who was asked, who is enrolled, who came and who passed."""

from dataclasses import dataclass, field
from datetime import date

from hub import clock
from hub.enums import SignUpStatus
from hub.i18n import _
from hub.models import Event, SignUp, Training, TrainingInvitation, User
from hub.policies import (
    Learner,
    can_examine,
    can_see_whole_person,
    missing_for,
    why_not_came,
    why_not_take_back_came,
)
from hub.queries.qualifications import learners_of
from hub.queries.trainings import assessments_at, invitations_of, live_sign_ups, students_of
from hub.web.people_cards import person_rows
from hub.web.qualification_cards import ResultLine, result_line


@dataclass(frozen=True, slots=True)
class Outcome:
    """The newest result of a person in a topic and language, and what may follow from it.

    ``missing`` says in words what a qualification still needs; ``grantable`` that nothing is
    missing; ``held`` that there is one for today.
    """

    line: ResultLine
    topic_id: int
    language: str
    passed: bool
    held: bool
    grantable: bool
    missing: list[str]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody with a place, on the waiting list, or who came."""

    sign_up_id: int
    user_id: int | None
    name: str
    status: SignUpStatus
    myself: bool
    can_note: bool
    can_take_back: bool
    outcomes: list[Outcome] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who was asked to come, and what they said."""

    name: str
    on: date
    look: str
    answer: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who can be asked to come."""

    id: int
    name: str
    languages: str
    serves: str


def enrolled(event: Event, training: Training | None, *, by: User) -> list[Enrolled]:
    """Everybody with a live sign-up, in the order of arrival."""
    rows, moment = live_sign_ups(event.id), clock.now()
    results = {(a.user_id, a.topic_id, a.language): a for a in assessments_at(event.id)}
    people = [user for _study, user in students_of(event.id)]
    learners = learners_of(people, {case[1:] for case in results})
    outcomes: dict[int, list[Outcome]] = {}
    for case, learner in learners.items():
        if case in results and training is not None:
            outcomes.setdefault(case[0], []).append(_outcome(training, case, learner, by))
    return [
        Enrolled(
            sign_up_id=row.id,
            user_id=row.user_id,
            name=row.name,
            status=row.status,
            myself=row.user_id == by.id,
            can_note=why_not_came(by, row, moment) is None,
            can_take_back=why_not_take_back_came(by, row, _assessed(row, outcomes)) is None,
            outcomes=outcomes.get(row.user_id or 0, []),
        )
        for row in rows
    ]


def _assessed(row: SignUp, outcomes: dict[int, list[Outcome]]) -> bool:
    return row.user_id in outcomes


def _outcome(training: Training, case: tuple[int, int, str], learner: Learner, by: User) -> Outcome:
    """By the newest result of all, also of another training: that one counts."""
    topic = next(t for t in training.topics if t.id == case[1])
    newest, today = learner.assessment, clock.today()
    assert newest is not None  # it is of this training, or newer
    missing = [str(c.words) for c in missing_for(topic, learner, today)]
    held = any(q.valid_from <= today <= q.last_day for q in learner.held)
    line = result_line(newest)
    return Outcome(
        line=line,
        topic_id=case[1],
        language=case[2],
        passed=line.look == "approved",
        held=held,
        grantable=not missing and can_examine(by) and by.id != case[0],
        missing=[] if held else missing,
    )


def asked(event_id: int, rows: list[Enrolled]) -> list[Asked]:
    """Who was asked, with their answer; whoever enrolled stands in the other list too."""
    there = {row.user_id for row in rows}
    return [_asked(row, row.user_id in there) for row in invitations_of(event_id)]


def _asked(row: TrainingInvitation, enrolled: bool) -> Asked:
    if enrolled:
        look, answer = "confirmed", _("Enrolled")
    elif row.declined_at is not None:
        look, answer = "declined", _("Cannot come")
    else:
        look, answer = "waiting", _("No answer yet")
    name = row.user.name or _("(deleted)")
    return Asked(name, clock.to_local(row.created_at).date(), look, answer)


def candidates(people: list[User], *, by: User) -> list[Candidate]:
    """Lines to choose from: languages, and whether the person serves already."""
    return [
        Candidate(
            id=row.id,
            name=row.name,
            languages=row.languages,
            serves=" · ".join(row.serves) if can_see_whole_person(by, user) else "",
        )
        for row, user in zip(person_rows(people, by=by), people, strict=True)
    ]
