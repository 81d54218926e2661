"""The forms of approval: why something is decided, and which records are ticked."""

from flask import request
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from hub.i18n import _l
from hub.web.forms import HubForm, paragraphs


class ReasonForm(HubForm):
    """Why a record is returned, rejected or voided."""

    reason = TextAreaField(
        _l("Reason"),
        description=_l("The person reads it."),
        filters=[paragraphs],
        validators=[
            DataRequired(_l("Say why.")),
            Length(max=500, message=_l("At most 500 characters.")),
        ],
    )


def ticked_ids() -> list[int]:
    """The ids of the records whose boxes are ticked."""
    typed = request.form.getlist("record")
    return [int(t) for t in typed if t.isascii() and t.isdigit() and len(t) < 10]
