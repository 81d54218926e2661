"""The forms of trainings at the desk."""

from collections.abc import Sequence
from typing import Any

from wtforms import StringField
from wtforms.validators import DataRequired, InputRequired, Length

from hub import clock
from hub.enums import AssessmentResult
from hub.i18n import _, _l
from hub.models import Event, StudyRecord, Topic, Training, User
from hub.services.assessments import Result
from hub.services.trainings import TrainingData
from hub.web.forms import ChoiceField, ChoicesField, DayField, HubForm, one_of, single_line


class TrainingForm(HubForm):
    """What a training is for lecturers."""

    unit = StringField(
        _l("Run by"),
        description=_l("The unit that teaches and examines, such as the police station."),
        filters=[single_line],
        validators=[
            DataRequired(_l("Say who runs the training.")),
            Length(max=120, message=_l("At most 120 characters.")),
        ],
    )
    topics = ChoicesField(
        _l("Topics taught"), coerce=int, validators=[one_of(_l("Choose at least one topic."))]
    )


class InviteForm(HubForm):
    """Who is asked to come."""

    people = ChoicesField(
        _l("People"),
        coerce=int,
        validators=[one_of(_l("Choose at least one person from the list."))],
    )


class WalkInForm(HubForm):
    """Somebody who came without a sign-up."""

    person = ChoiceField(_l("Who came"), coerce=int, choices=[])


class SheetForm(HubForm):
    """The head of a sheet of results; ``sheet_form`` adds a line for each person."""

    examined_on = DayField(
        _l("Day of the assessment"), validators=[InputRequired(_l("Choose a day."))]
    )
    examiner = StringField(
        _l("Examiner"),
        description=_l("The unit, or the officer."),
        filters=[single_line],
        validators=[Length(max=120, message=_l("At most 120 characters."))],
    )


def training_form(training: Training | None, topics: Sequence[Topic]) -> Any:
    """As it was sent, else as it is stored; a topic out of use stays to be chosen if it is."""
    stored = {"unit": training.unit, "topics": [t.id for t in training.topics]} if training else {}
    form: Any = TrainingForm(data=stored)
    kept = [t for t in (training.topics if training else []) if t not in topics]
    form.topics.choices = [(t.id, t.name) for t in [*topics, *kept]]
    return form


def training_data(form: Any) -> TrainingData:
    return TrainingData(form.unit.data, frozenset(form.topics.data))


def sheet_form(event: Event, training: Training, students: list[tuple[StudyRecord, User]]) -> Any:
    """A result and a note for each who came; dated the day of the training, if that is over."""
    day = min(clock.today(), clock.to_local(event.starts_at).date())
    results = [("", _("No result")), *((r.value, str(r.label)) for r in AssessmentResult)]
    fields: dict[str, Any] = {}
    for _study, person in students:
        fields[f"result_{person.id}"] = ChoiceField(
            _("Result of %(name)s", name=person.name), choices=lambda: results
        )
        fields[f"note_{person.id}"] = StringField(
            _("Note on %(name)s", name=person.name),
            filters=[single_line],
            validators=[Length(max=500, message=_l("At most 500 characters."))],
        )
    form = type("SheetForm", (SheetForm,), fields)
    return form(data={"examined_on": day, "examiner": training.unit})


def results_of(form: Any, students: list[tuple[StudyRecord, User]]) -> list[Result]:
    """The lines in which something was chosen."""
    return [
        Result(person.id, AssessmentResult(chosen), form[f"note_{person.id}"].data or "")
        for _study, person in students
        if (chosen := form[f"result_{person.id}"].data)
    ]
