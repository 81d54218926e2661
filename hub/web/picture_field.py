"""A picture that comes with a form: looked into and written anew before anything keeps it."""

from typing import Any

from wtforms.validators import ValidationError

from hub.exceptions import InvalidInput
from hub.integrations.pictures import MAX_BYTES, Picture, clean_picture

# Above what is accepted, so that a picture that is too large is refused by a form which keeps
# all that was typed.
MOST_SENT = 32 * 1024 * 1024


def read_picture(field: Any) -> Picture:
    """The picture of a field that has one. Raises ValidationError with words for people."""
    try:
        sent = field.data.stream.read(MAX_BYTES + 1)
        return clean_picture(sent, field.data.filename or "")
    except InvalidInput as error:
        raise ValidationError(str(error.message)) from None
