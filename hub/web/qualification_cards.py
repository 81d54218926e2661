"""Qualifications and results made ready to be read; what is missing, in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hub import clock
from hub.enums import AssessmentResult, QualificationState
from hub.i18n import SPOKEN, _, current_language, language_name
from hub.models import Assessment, Qualification, QualificationSuspension, Topic, User
from hub.policies import Condition, ConditionKind, Learner, conditions_for
from hub.queries.qualifications import SOON

LOOKS = {
    QualificationState.TO_COME: "open",
    QualificationState.VALID: "confirmed",
    QualificationState.SUSPENDED: "waiting",
    QualificationState.EXPIRED: "ended",
    QualificationState.REVOKED: "cancelled",
}
RESULT_LOOKS = {
    AssessmentResult.PASSED: "approved",
    AssessmentResult.FAILED: "rejected",
    AssessmentResult.RETAKE: "waiting",
}
# What a topic needs whatever the language; the rest is asked for each language.
SHARED = (ConditionKind.TERM, ConditionKind.TRAINING, ConditionKind.TOPIC)


@dataclass(frozen=True, slots=True)
class QualificationLine:
    """A qualification in words. ``ends_soon``: valid, but within 60 days no more."""

    id: int
    user_id: int
    name: str
    topic: str
    language: str
    starts_on: date
    ends_on: date
    look: str
    state: str
    examiner: str
    ends_soon: bool
    suspensions: list[QualificationSuspension]
    revoke_reason: str


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A result of an assessment in words."""

    topic: str
    language: str
    look: str
    result: str
    day: date
    examiner: str
    note: str


@dataclass(frozen=True, slots=True)
class LanguagePath:
    """How far a person is for a topic in one language: the qualification, or what it needs.
    ``ready``: nothing is missing, only nobody has granted it yet."""

    language: str
    line: QualificationLine | None
    conditions: list[Condition]
    ready: bool


@dataclass(frozen=True, slots=True)
class TopicPath:
    """How far a person is for a topic."""

    id: int
    name: str
    shared: list[Condition]
    languages: list[LanguagePath]

    @property
    def done(self) -> bool:
        return all(path.line is not None for path in self.languages)


def qualification_line(row: Qualification) -> QualificationLine:
    today = clock.today()
    state = row.state(today)
    soon = state is QualificationState.VALID and row.last_day <= today + SOON
    return QualificationLine(
        id=row.id,
        user_id=row.user_id,
        name=row.user.name,
        topic=row.topic.name,
        language=language_name(row.language, current_language()),
        starts_on=row.valid_from,
        ends_on=max(row.valid_from, row.last_day),
        look=LOOKS[state],
        state=str(state.label),
        examiner=row.examiner,
        ends_soon=soon,
        suspensions=list(row.suspensions),
        revoke_reason=row.revoke_reason,
    )


def result_line(row: Assessment) -> ResultLine:
    return ResultLine(
        topic=row.topic.name,
        language=language_name(row.language, current_language()),
        look=RESULT_LOOKS[row.result],
        result=str(row.result.label),
        day=row.examined_on,
        examiner=row.examiner,
        note=row.note,
    )


def topic_paths(
    topics: Sequence[Topic], languages: Sequence[str], learners: dict[tuple[int, int, str], Learner]
) -> list[TopicPath]:
    """For one person: each topic with what is missing in each of the languages, today."""
    by_case = {case[1:]: learner for case, learner in learners.items()}
    return [
        _path(topic, [(code, by_case[topic.id, code]) for code in languages]) for topic in topics
    ]


def _path(topic: Topic, learners: list[tuple[str, Learner]]) -> TopicPath:
    today, paths, shared = clock.today(), [], []
    for code, learner in learners:
        conditions = conditions_for(topic, learner, today)
        shared = [c for c in conditions if c.kind in SHARED]
        now = [q for q in learner.held if q.valid_from <= today <= q.last_day]
        own = [c for c in conditions if c.kind not in SHARED and c.kind is not ConditionKind.FREE]
        paths.append(
            LanguagePath(
                language=language_name(code, current_language()),
                line=qualification_line(now[0]) if now else None,
                conditions=own,
                ready=not now and all(c.met for c in conditions),
            )
        )
    return TopicPath(topic.id, topic.name, shared, paths)


def own_languages(user: User) -> list[str]:
    """The codes of the languages that the person said they speak."""
    rows = user.profile.languages if user.profile is not None else []
    return [row.language for row in rows if row.oral is not None]


def language_choices() -> list[tuple[str, str]]:
    """Every spoken language with its name, Chinese and English first."""
    display = current_language()
    named = [(code, language_name(code, display)) for code in SPOKEN]
    return sorted(named, key=lambda pair: (pair[0] not in ("zh", "en"), pair[1]))


def study_words(minutes: int) -> str:
    """Hours of study, which are no service (rule 11)."""
    hours = f"{minutes / 60:.1f}".removesuffix(".0")
    return _("Study hours: %(hours)s h. Training never counts as service.", hours=hours)
