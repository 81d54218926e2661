"""The fields that say who comes: shared by the visitors' form and the desk's."""

from typing import Any

from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, StopValidation

from hub.exceptions import InvalidInput
from hub.i18n import LANGUAGES, _l, current_language
from hub.integrations.contacts import Contact, parse_contact
from hub.models.event import MAX_PARTY
from hub.services.signups import Person
from hub.web.forms import WholeNumberField, single_line, strip
from hub.web.site import language_codes


def name_field() -> StringField:
    """The name on a ticket."""
    return StringField(
        _l("Your name"),
        filters=[single_line],
        validators=[
            DataRequired(_l("Enter your name.")),
            Length(max=80, message=_l("At most 80 characters.")),
        ],
    )


class PersonFields:
    """Mixin: who comes, how to reach them, how many they are, and in what language we write."""

    name = name_field()
    contact = StringField(
        _l("E-mail or phone number"),
        filters=[strip],
        validators=[
            DataRequired(_l("Enter an e-mail address or a phone number.")),
            Length(max=254, message=_l("At most 254 characters.")),
        ],
    )
    party_size = WholeNumberField(
        _l("How many people come, you included"),
        default=1,
        validators=[
            InputRequired(_l("Enter a number.")),
            NumberRange(1, MAX_PARTY, _l("Enter a number between 1 and 20.")),
        ],
    )
    language = SelectField(_l("We write to you in"))

    def offer_languages(self: Any) -> None:
        """Fill the choice of language; the one of the page is set."""
        self.language.choices = [(code, LANGUAGES[code].name) for code in language_codes()]
        if self.language.data is None:
            self.language.data = current_language()

    def validate_contact(self: Any, field: Any) -> None:
        if field.errors:  # one thing at a time
            return
        try:
            self.parsed_contact: Contact = parse_contact(field.data)
        except InvalidInput as error:
            raise StopValidation(str(error.message)) from None

    def person(self: Any) -> Person:
        """Who was typed in; only after the form was found valid."""
        return Person(self.name.data, self.parsed_contact, self.language.data)
