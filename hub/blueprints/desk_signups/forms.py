"""The forms of the sign-up list at the desk."""

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from hub.i18n import _l
from hub.models.event import MAX_PARTY
from hub.web.forms import HubForm, WholeNumberField, paragraphs, single_line
from hub.web.person_fields import PersonFields


class PersonForm(PersonFields, HubForm):
    """Somebody who is signed up by staff."""

    name = StringField(
        _l("Name"),
        filters=[single_line],
        validators=[
            DataRequired(_l("Enter a name.")),
            Length(max=80, message=_l("At most 80 characters.")),
        ],
    )
    party_size = WholeNumberField(
        _l("How many people come"),
        default=1,
        validators=[
            InputRequired(_l("Enter a number.")),
            NumberRange(1, MAX_PARTY, _l("Enter a number between 1 and 20.")),
        ],
    )


class ReasonField:
    """Mixin: why a place is taken away. The person is told."""

    reason = TextAreaField(
        _l("Reason"),
        description=_l("The person is told this, in your words."),
        filters=[paragraphs],
        validators=[
            DataRequired(_l("Say why: the person is told.")),
            Length(max=500, message=_l("At most 500 characters.")),
        ],
    )


class ReleaseForm(ReasonField, HubForm):
    """Give a party's places free."""


class ReplaceForm(ReasonField, PersonForm):
    """Hand a party's places to somebody else."""
