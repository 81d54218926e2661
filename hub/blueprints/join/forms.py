"""The steps of an application, and leaving a term."""

from typing import Any

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from hub import clock
from hub.enums import QuestionKind
from hub.i18n import _, _l
from hub.models import Application, Question
from hub.queries.places import all_communities
from hub.web.forms import ChoiceField, DayField, HubForm, paragraphs, single_line


class AboutForm(HubForm):
    """Where somebody wishes to serve; 0 is anywhere."""

    community_id = ChoiceField(
        _l("Where would you like to help?"),
        coerce=int,
        choices=[],
        description=_l("The staff of this community read your application."),
    )


class ResignForm(HubForm):
    """The last day of a term that its person leaves."""

    last_day = DayField(_l("My last day"), validators=[InputRequired(_l("Choose a day."))])


def about_form(application: Application | None) -> Any:
    wished = application.community_id if application is not None else None
    form: Any = AboutForm(data={"community_id": wished or 0})
    form.community_id.choices = [
        (0, _("Wherever I am needed")),
        *((c.id, c.name) for c in all_communities()),
    ]
    return form


def resign_form() -> Any:
    return ResignForm(data={"last_day": clock.today()})


def questions_form(questions: list[Question], draft: dict[str, str]) -> Any:
    """One field a question, called ``question_<id>``. A draft may be incomplete."""
    fields = {f"question_{q.id}": _field(q) for q in questions}
    built: Any = type("QuestionsForm", (HubForm,), fields)
    return built(data={f"question_{q.id}": draft.get(str(q.id), "") for q in questions})


def answers_in(form: Any, questions: list[Question]) -> dict[int, str]:
    """What was typed, by question."""
    return {q.id: form[f"question_{q.id}"].data or "" for q in questions}


def _field(question: Question) -> Any:
    text = question.text()
    if question.kind is QuestionKind.YES_NO:
        return RadioField(
            text.label,
            description=text.hint,
            choices=lambda: [("yes", _("Yes")), ("no", _("No"))],
            validate_choice=False,  # nothing may be chosen yet; the service looks at the rest
        )
    if question.kind is QuestionKind.SHORT:
        most = Length(max=300, message=_("At most 300 characters."))
        return StringField(
            text.label, description=text.hint, filters=[single_line], validators=[most]
        )
    most = Length(max=4000, message=_("At most 4,000 characters."))
    return TextAreaField(text.label, description=text.hint, filters=[paragraphs], validators=[most])
