"""E-mail addresses as people type them: of accounts, and on invitations."""

import unicodedata
from typing import Any

from wtforms import EmailField
from wtforms.validators import Length, StopValidation

from hub.enums import ContactKind
from hub.exceptions import InvalidInput
from hub.i18n import _, _l
from hub.integrations.contacts import parse_contact
from hub.web.forms import strip

MAX_LENGTH = 254


def read_address(typed: str) -> str:
    """The address as accounts keep it, folded. Asks no name server. Raises InvalidInput."""
    if not typed.strip():
        raise InvalidInput(_l("Enter your e-mail address."))
    refusal = InvalidInput(
        _l("This is not a complete e-mail address. An example: mina@example.com")
    )
    try:
        contact = parse_contact(typed)
    except InvalidInput:
        raise refusal from None
    if contact.kind is not ContactKind.EMAIL or len(contact.key) > MAX_LENGTH:
        raise refusal
    return contact.key


class OptionalEmail:
    """Mixin: an e-mail address, or nothing."""

    email = EmailField(
        _l("E-mail address"),
        description=_l("If you give one, only this address can use the link."),
        filters=[strip],
        validators=[Length(max=MAX_LENGTH, message=_l("At most 254 characters."))],
    )

    def validate_email(self: Any, field: Any) -> None:
        if not field.data or field.errors:
            return
        if "@" not in unicodedata.normalize("NFKC", field.data):
            raise StopValidation(_("Enter an e-mail address, or nothing."))
        try:
            parse_contact(field.data)
        except InvalidInput as error:
            raise StopValidation(str(error.message)) from None
