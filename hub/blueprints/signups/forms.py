"""Forms of a visitor who signs up, and of the ticket."""

from wtforms import BooleanField
from wtforms.validators import DataRequired, InputRequired, NumberRange

from hub.i18n import _l
from hub.models.event import MAX_PARTY
from hub.web.forms import GuardedForm, HubForm, WholeNumberField
from hub.web.person_fields import PersonFields, name_field


class SignUpForm(PersonFields, GuardedForm):
    agreed = BooleanField(
        _l("I agree that the community office uses my name and contact for this event."),
        validators=[DataRequired(_l("Without this we cannot keep a place for you."))],
    )


class NameForm(HubForm):
    name = name_field()


class PartySizeForm(HubForm):
    party_size = WholeNumberField(
        _l("How many people come"),
        validators=[
            InputRequired(_l("Enter a number.")),
            NumberRange(1, MAX_PARTY, _l("Enter a number between 1 and 20.")),
        ],
    )
