"""The questions that everybody who applies to a programme is asked."""

from dataclasses import dataclass, field

from sqlalchemy import func, select

from hub.enums import Programme, QuestionKind
from hub.exceptions import InvalidInput, NotAllowed
from hub.extensions import db
from hub.i18n import _l
from hub.models import Question, QuestionText, User
from hub.policies import sees_all_people
from hub.services import audit


@dataclass(frozen=True, slots=True)
class QuestionData:
    """All that the form of a question holds; words by language."""

    programme: Programme
    kind: QuestionKind
    labels: dict[str, str]
    hints: dict[str, str] = field(default_factory=dict)
    required: bool = True
    active: bool = True
    position: int = 0


def save_question(question: Question | None, data: QuestionData, *, by: User | None) -> Question:
    """Ask something new, or change a question; what was sent already keeps the old words.

    ``by`` is None while the site is set up. Raises NotAllowed or InvalidInput.
    """
    if by is not None and not sees_all_people(by):
        raise NotAllowed
    labels = {c: words.strip() for c, words in data.labels.items() if words.strip()}
    if not labels:
        raise InvalidInput(_l("Write the question in at least one language."))
    action = "create" if question is None else "update"
    question = question or Question()
    question.programme, question.kind = data.programme, data.kind
    question.required, question.active = data.required, data.active
    question.position = data.position
    texts = {}
    for code, label in labels.items():
        text = question.texts.get(code) or QuestionText(language=code)
        text.label, text.hint = label, data.hints.get(code, "").strip()
        texts[code] = text
    question.texts = texts
    db.session.add(question)
    db.session.flush()
    after: dict[str, object] = {"programme": data.programme, "active": data.active}
    audit.record(action, "question", question.id, by=by, after=after)
    return question


def seed_questions() -> int:
    """Write the first questions if there are none; how many were written."""
    if db.session.scalar(select(func.count()).select_from(Question)):
        return 0
    for programme, asked in FIRST_QUESTIONS.items():
        for number, (kind, required, labels) in enumerate(asked):
            data = QuestionData(
                programme, kind, labels, required=required, position=10 * (number + 1)
            )
            save_question(None, data, by=None)
    return sum(len(asked) for asked in FIRST_QUESTIONS.values())


STAY = {
    "en": "Until when will you be in Hangzhou?",
    "zh": "您预计在杭州待到什么时候？",
}
BEFORE = {
    "en": "Have you volunteered before? Where, and what did you do?",
    "zh": "您以前做过志愿服务吗？在哪里，做什么？",
}
# Content that staff change as they like: kind, whether it must be answered, words by language.
FIRST_QUESTIONS: dict[Programme, tuple[tuple[QuestionKind, bool, dict[str, str]], ...]] = {
    Programme.ASSISTANT: (
        (
            QuestionKind.LONG,
            True,
            {
                "en": "Why do you want to be a community assistant?",
                "zh": "您为什么想做社区洋助理？",
            },
        ),
        (
            QuestionKind.SHORT,
            True,
            {
                "en": "How many hours a week can you give?",
                "zh": "您每周大约能抽出几个小时？",
            },
        ),
        (QuestionKind.SHORT, True, STAY),
        (QuestionKind.LONG, False, BEFORE),
        (QuestionKind.YES_NO, True, {"en": "Are you 18 or older?", "zh": "您是否已满18周岁？"}),
    ),
    Programme.LECTURER: (
        (
            QuestionKind.LONG,
            True,
            {
                "en": "Which laws should newcomers know best, and why?",
                "zh": "您觉得新来的同学最该了解哪些法律？为什么？",
            },
        ),
        (
            QuestionKind.SHORT,
            True,
            {
                "en": "In which languages could you give a talk?",
                "zh": "您可以用哪些语言宣讲？",
            },
        ),
        (
            QuestionKind.YES_NO,
            True,
            {
                "en": "Can you come to the training of the police unit, about six hours in all?",
                "zh": "您能参加派出所的培训吗？总共约六个小时。",
            },
        ),
        (QuestionKind.SHORT, True, STAY),
        (QuestionKind.LONG, False, BEFORE),
    ),
}
