"""The form that makes an account from an invitation."""

from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, Length, StopValidation

from hub.enums import ContactKind
from hub.exceptions import InvalidInput
from hub.i18n import _, _l
from hub.integrations.contacts import parse_contact
from hub.web.forms import HubForm, single_line, strip

MIN_PASSWORD = 10


class InvitationForm(HubForm):
    name = StringField(
        _l("Your name"),
        filters=[single_line],
        validators=[
            DataRequired(_l("Enter your name.")),
            Length(max=120, message=_l("At most 120 characters.")),
        ],
    )
    email = EmailField(
        _l("E-mail address"),
        filters=[strip],
        validators=[
            DataRequired(_l("Enter your e-mail address.")),
            Length(max=254, message=_l("At most 254 characters.")),
        ],
    )
    password = PasswordField(
        _l("Password"),
        validators=[
            DataRequired(_l("Choose a password.")),
            Length(min=MIN_PASSWORD, max=200, message=_l("Between 10 and 200 characters.")),
        ],
    )
    again = PasswordField(
        _l("The same password again"),
        validators=[EqualTo("password", _l("The two passwords differ."))],
    )

    def person(self) -> dict[str, str]:
        """Who they are, as the service takes it."""
        return {n: self[n].data or "" for n in ("email", "name", "password")}

    def validate_email(self, field: EmailField) -> None:
        try:
            contact = parse_contact(field.data or "")
        except InvalidInput as error:
            raise StopValidation(str(error.message)) from None
        if contact.kind is not ContactKind.EMAIL:
            raise StopValidation(_("Enter your e-mail address."))
