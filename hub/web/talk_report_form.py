"""The form of a report after a talk: a lecturer's own, and the desk's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request
from wtforms import Form, FormField, RadioField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from hub import clock
from hub.enums import AssignmentStatus, CountMethod, Reach
from hub.i18n import _, _l, current_language, language_name, ngettext
from hub.models import Talk
from hub.policies import why_not_correct_report, why_not_report
from hub.queries.talk_reports import (
    lecturers_by_name,
    named_at,
    over_at,
    reached_by,
    sealed_records,
    topics_asked_about,
    usable_materials,
)
from hub.services.record_checks import MOST_SERVED
from hub.services.talk_reports import Asked, ReportData
from hub.web.cards import foreign_tag
from hub.web.changes import Outcome, try_change
from hub.web.filters import day, period
from hub.web.forms import (
    ChoiceField,
    ChoicesField,
    HubForm,
    WholeNumberField,
    paragraphs,
    single_line,
)

EMPTY_ROWS, MORE_ROWS, MOST_ROWS = 5, 3, 40
S = AssignmentStatus


class QuestionRow(Form):
    """A question that was asked, and what it was about; 0 is none of our topics."""

    question = StringField(
        _l("Question"),
        filters=[single_line],
        validators=[Length(max=500, message=_l("At most 500 characters."))],
    )
    topic_id = ChoiceField(_l("About"), coerce=int, choices=[], default=0)


class ReportForm(HubForm):
    """What came of a talk; ``report_form`` adds the rows for questions as ``question_<n>``."""

    reach = RadioField(_l("How is it known?"), invalid_choice_message=_l("Choose how it is known."))
    headcount = WholeNumberField(
        _l("How many people"),
        validators=[Optional(), NumberRange(0, MOST_SERVED, _l("Between 0 and 10,000 people."))],
    )
    counted_by = StringField(
        _l("Counted by"),
        description=_l("A role is enough, such as class teacher. No names."),
        filters=[single_line],
        validators=[Length(max=120, message=_l("At most 120 characters."))],
    )
    count_method = ChoiceField(_l("How it was counted"), choices=[], default="")
    absent = ChoicesField(_l("Who did not come?"), coerce=int, choices=[])
    materials = ChoicesField(_l("Tick what was used"), coerce=int, choices=[])
    note = TextAreaField(
        _l("Note"),
        description=_l("What the next talk should know. Leave out the names of those who came."),
        filters=[paragraphs],
        validators=[Length(max=2000, message=_l("At most 2,000 characters."))],
    )

    @property
    def rows(self) -> list[Any]:
        return [f for name, f in self._fields.items() if name.startswith("question_")]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What a page of a report says of its talk. ``why_not``: why there is nothing to type."""

    title: str
    title_lang: str | None
    when: str
    place: str
    school: str
    topics: list[str]
    expected: int
    reported: str
    counted: str
    why_not: str
    lecturers: list[tuple[str, str, str]]


def wants_more_rows() -> bool:
    """Whether the button for more rows was pressed: nothing is saved then."""
    return "more" in request.form


def try_report(form: Any, report: Callable[[], Talk]) -> Outcome[int]:
    """Run ``report`` if the form was sent to be saved."""
    if wants_more_rows():
        return Outcome(False)
    return try_change(form, lambda: report().event_id)


def report_form(talk: Talk, *, manages: bool) -> Any:
    """The form as it was sent, else as the report is, with empty rows for questions."""
    rows = {f"question_{n}": FormField(QuestionRow) for n in range(_how_many_rows(talk))}
    form: Any = type("ReportForm", (ReportForm,), rows)(data=_stored(talk))
    named = named_at([talk.event_id]).get(talk.event_id, 0)
    words = ngettext(
        "Names from the door: %(num)d person is checked in",
        "Names from the door: %(num)d people are checked in",
        named,
    )
    form.reach.choices = [
        (Reach.NAMED.value, words),
        (Reach.HEADCOUNT.value, _("A head count")),
    ]
    if not form.is_submitted() and talk.reach is None:
        form.reach.data = Reach.NAMED.value if named else Reach.HEADCOUNT.value
    form.count_method.choices = [("", _("Choose")), *((m.value, m.label) for m in CountMethod)]
    topics = [(t.id, t.name) for t in topics_asked_about(talk)]
    form.materials.choices = _materials(talk, dict(topics))
    first = talk.topics[0].id if talk.topics else 0
    for row in form.rows:
        row.form.topic_id.choices = [*topics, (0, _("Something else"))]
        if not form.is_submitted() and not row.form.question.data:
            row.form.topic_id.data = first
    _offer_absent(form, talk, manages=manages)
    return form


def report_data(form: Any) -> ReportData:
    """What a valid form says."""
    method = form.count_method.data
    return ReportData(
        reach=Reach(form.reach.data),
        headcount=form.headcount.data,
        counted_by=form.counted_by.data or "",
        count_method=CountMethod(method) if method else None,
        questions=[
            Asked(row.form.question.data, row.form.topic_id.data or None)
            for row in form.rows
            if row.form.question.data
        ],
        material_ids=form.materials.data or [],
        note=form.note.data or "",
        absent=(form.absent.data or []) if "absent" in form else [],
    )


def report_page(talk: Talk, *, manages: bool) -> ReportPage:
    event, text = talk.event, talk.event.text()
    reason = why_not_report(event, over_at(talk), clock.now())
    if reason is None and talk.reported_at is not None:
        reason = why_not_correct_report(manages, sealed_records(talk.event_id))
    return ReportPage(
        title=text.title,
        title_lang=foreign_tag(text.language),
        when=period(event.starts_at, event.ends_at),
        place=event.venue.name,
        school=talk.school,
        topics=[topic.name for topic in talk.topics],
        expected=talk.expected,
        reported=day(talk.reported_at) if talk.reported_at is not None else "",
        counted=_counted(talk),
        why_not=str(reason or ""),
        lecturers=_lecturers(talk) if manages else [],
    )


def _counted(talk: Talk) -> str:
    """``152 people (head count by class teacher)``."""
    named = named_at([talk.event_id]).get(talk.event_id, 0)
    people = reached_by(talk, named)
    if people is None:
        return ""
    if talk.reach is Reach.NAMED:
        return ngettext(
            "%(num)d person, by the names from the door",
            "%(num)d people, by the names from the door",
            people,
        )
    return ngettext(
        "%(num)d person, by a head count (%(who)s)",
        "%(num)d people, by a head count (%(who)s)",
        people,
        who=talk.counted_by,
    )


def _lecturers(talk: Talk) -> list[tuple[str, str, str]]:
    """Name, state and its words."""
    return [
        (name or _("a deleted account"), status.value, str(status.label))
        for _number, status, name in lecturers_by_name(talk.event_id)
    ]


def _offer_absent(form: Any, talk: Talk, *, manages: bool) -> None:
    """Staff say who of those that never checked in did not come; a lecturer is not asked."""
    rows = lecturers_by_name(talk.event_id) if manages else []
    form.absent.choices = [(n, name) for n, status, name in rows if status is S.CONFIRMED]
    if not form.absent.choices:
        del form.absent


def _how_many_rows(talk: Talk) -> int:
    if request.method != "POST":
        return min(len(talk.questions) + EMPTY_ROWS, MOST_ROWS)
    sent = [n for n in range(MOST_ROWS) if f"question_{n}-question" in request.form]
    rows = sent[-1] + 1 if sent else EMPTY_ROWS
    return min(rows + MORE_ROWS, MOST_ROWS) if wants_more_rows() else rows


def _stored(talk: Talk) -> dict[str, Any]:
    questions = {
        f"question_{n}": {"question": row.question, "topic_id": row.topic_id or 0}
        for n, row in enumerate(talk.questions[:MOST_ROWS])
    }
    return {
        "reach": talk.reach.value if talk.reach is not None else None,
        "headcount": talk.headcount,
        "counted_by": talk.counted_by,
        "count_method": talk.count_method.value if talk.count_method is not None else "",
        "materials": [material.id for material in talk.materials],
        "note": talk.note,
        **questions,
    }


def _materials(talk: Talk, topics: dict[int, str]) -> list[tuple[int, str]]:
    """``Traffic: Slides (English, version 2)``."""
    return [
        (
            material.id,
            _(
                "%(topic)s: %(title)s (%(language)s, version %(version)s)",
                topic=topics.get(material.topic_id, "–"),
                title=material.title,
                language=language_name(material.language, current_language()),
                version=material.version,
            ),
        )
        for material in usable_materials(talk)
    ]
