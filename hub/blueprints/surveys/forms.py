"""The three questions after an event, and the form that sends a ticket's link again."""

from typing import Any

from flask_babel import LazyString
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation

from hub.enums import SurveyQuestion
from hub.exceptions import InvalidInput
from hub.i18n import _l
from hub.integrations.contacts import Contact, parse_contact
from hub.services.surveys import MAX_COMMENT, Said
from hub.web.forms import GuardedForm, paragraphs, strip
from hub.web.spoken import spoken_choices


def _taps(question: SurveyQuestion, message: LazyString) -> RadioField:
    """The answers of one question, the best one first; ``message`` if none is chosen."""
    return RadioField(
        question.label,
        choices=[SelectChoice(value, label) for value, label in question.choices.items()],
        coerce=_whole,
        validate_choice=True,
        validators=[InputRequired(message)],
        invalid_value_message=message,
        invalid_choice_message=message,
    )


def _whole(value: object) -> int | None:
    """A number, or None for what is not one: the list then refuses it."""
    typed = str(value)
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 1 else None


class SurveyForm(GuardedForm):
    """``place`` is that of the party for which the form was shown: sent twice, it counts once."""

    place = HiddenField()
    enjoyed = _taps(SurveyQuestion.ENJOYED, _l("Tap how it was."))
    understood = _taps(SurveyQuestion.UNDERSTOOD, _l("Tap whether you could follow."))
    again = _taps(SurveyQuestion.AGAIN, _l("Tap whether you would come again."))
    comment = TextAreaField(
        _l("Do you want to tell us more?"),
        filters=[paragraphs],
        validators=[Length(max=MAX_COMMENT, message=_l("At most 1,000 characters."))],
    )
    language = SelectField(_l("I write in"))

    def offer_languages(self, present: str) -> None:
        self.language.choices = spoken_choices()
        if self.language.data is None:
            self.language.data = present

    def said(self) -> Said:
        """What was tapped and written; only after the form was found valid."""
        fields: Any = self
        taps = {question: fields[question.value].data for question in SurveyQuestion}
        return Said(taps, self.language.data, self.comment.data or "")

    def chosen_place(self) -> int:
        """0 for what is none."""
        typed = self.place.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 3 else 0


class LinkForm(GuardedForm):
    contact = StringField(
        _l("The e-mail or phone number you signed up with"),
        filters=[strip],
        validators=[
            DataRequired(_l("Enter an e-mail address or a phone number.")),
            Length(max=254, message=_l("At most 254 characters.")),
        ],
    )

    def validate_contact(self, field: Any) -> None:
        if field.errors:
            return
        try:
            self.parsed_contact: Contact = parse_contact(field.data)
        except InvalidInput as error:
            raise StopValidation(str(error.message)) from None
