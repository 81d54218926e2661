"""Questions from talks made ready for the desk's list, under the names of their topics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from hub.i18n import _
from hub.models import Topic
from hub.queries.talk_questions import AskedAt
from hub.web.filters import day


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """One question: at which talk it was asked, and the button that settles or opens it."""

    question: str
    talk: str
    talk_url: str
    when: str
    settled: str
    url: str


def question_groups(
    found: Sequence[AskedAt], topics: Sequence[Topic], wanted: Mapping[str, Any]
) -> list[tuple[str, list[QuestionCard]]]:
    """By topic, as they come. ``wanted`` is the filter, to which the buttons lead back."""
    names = {topic.id: topic.name for topic in topics}
    groups: dict[str, list[QuestionCard]] = {}
    for row in found:
        topic_id = row.question.topic_id
        name = names[topic_id] if topic_id is not None else _("Something else")
        groups.setdefault(name, []).append(_card(row, wanted))
    return list(groups.items())


def _card(row: AskedAt, wanted: Mapping[str, Any]) -> QuestionCard:
    question, settled = row.question, ""
    if question.settled_at is not None:
        settled = _(
            "Settled on %(day)s by %(name)s",
            day=day(question.settled_at),
            name=row.settled_by or _("a deleted account"),
        )
    step = "reopen" if settled else "settle"
    return QuestionCard(
        question=question.question,
        talk=row.event.title,
        talk_url=url_for("desk_talk_reports.report", event_id=row.event.id),
        when=day(row.event.starts_at),
        settled=settled,
        url=url_for("desk_talk_questions.act", question_id=question.id, step=step, **wanted),
    )
