"""Why somebody does what stands in the audit trail: asked in the same words everywhere."""

from typing import Any

from flask_babel import LazyString
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from hub.i18n import _l
from hub.web.forms import paragraphs

LABEL = _l("Reason")
DESCRIPTION = _l("It stands in the audit trail.")


def reason_field(label: LazyString = LABEL, description: LazyString = DESCRIPTION) -> Any:
    """A required text of at most 500 characters."""
    return TextAreaField(
        label,
        description=description,
        filters=[paragraphs],
        validators=[
            DataRequired(_l("Say why.")),
            Length(max=500, message=_l("At most 500 characters.")),
        ],
    )
