"""The form of a question that everybody who applies is asked."""

from typing import Any

from wtforms import BooleanField, Form, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from hub.enums import Programme, QuestionKind
from hub.i18n import _l
from hub.models import Question
from hub.services.questions import QuestionData
from hub.web.forms import (
    ChoiceField,
    HubForm,
    WholeNumberField,
    language_rows,
    single_line,
    with_languages,
)

AT_MOST = _l("At most 300 characters.")


class QuestionRow(Form):
    """The words of a question in one language."""

    label = StringField(
        _l("Question"), filters=[single_line], validators=[Length(max=300, message=AT_MOST)]
    )
    hint = StringField(
        _l("Hint"),
        description=_l("Stands under the question."),
        filters=[single_line],
        validators=[Length(max=300, message=AT_MOST)],
    )


class QuestionForm(HubForm):
    """``with_languages(QuestionForm, QuestionRow)`` adds the words."""

    programme = ChoiceField(
        _l("Programme"), choices=lambda: [(p.value, p.label) for p in Programme]
    )
    kind = ChoiceField(
        _l("Kind of answer"), choices=lambda: [(k.value, k.label) for k in QuestionKind]
    )
    position = WholeNumberField(
        _l("Place in the form"),
        description=_l("Questions with smaller numbers come first."),
        validators=[
            InputRequired(_l("Enter a number.")),
            NumberRange(0, 9999, _l("Between 0 and 9,999.")),
        ],
    )
    required = BooleanField(_l("Must be answered"))
    active = BooleanField(_l("In use: new applications are asked this"))


def question_form(question: Question | None) -> Any:
    """The form as it was sent, else as the question is stored."""
    values: dict[str, Any] = {"required": True, "active": True, "position": 100}
    if question is not None:
        values = {
            "programme": question.programme.value,
            "kind": question.kind.value,
            "position": question.position,
            "required": question.required,
            "active": question.active,
        }
        for code, text in question.texts.items():
            values[f"text_{code}"] = {"label": text.label, "hint": text.hint}
    return with_languages(QuestionForm, QuestionRow)(data=values)


def question_data(form: Any, question: Question | None) -> QuestionData:
    """What a valid form says; languages that it does not ask for keep their words."""
    texts = question.texts if question is not None else {}
    labels = {code: text.label for code, text in texts.items()}
    hints = {code: text.hint for code, text in texts.items()}
    for code, row in language_rows(form).items():
        labels[code], hints[code] = row.form.label.data or "", row.form.hint.data or ""
    return QuestionData(
        programme=Programme(form.programme.data),
        kind=QuestionKind(form.kind.data),
        labels=labels,
        hints=hints,
        required=form.required.data,
        active=form.active.data,
        position=form.position.data,
    )
