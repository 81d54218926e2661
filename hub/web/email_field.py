"""The e-mail address for which an invitation is written, if it is written for one."""

import unicodedata
from typing import Any

from wtforms import EmailField
from wtforms.validators import Length, StopValidation

from hub.exceptions import InvalidInput
from hub.i18n import _, _l
from hub.integrations.contacts import parse_contact
from hub.web.forms import strip


class OptionalEmail:
    """Mixin: an e-mail address, or nothing."""

    email = EmailField(
        _l("E-mail address"),
        description=_l("If you give one, only this address can use the link."),
        filters=[strip],
        validators=[Length(max=254, message=_l("At most 254 characters."))],
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
