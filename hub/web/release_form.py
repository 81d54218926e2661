"""The form with which a duty is given back."""

from wtforms import TextAreaField
from wtforms.validators import Length

from hub.i18n import _l
from hub.web.forms import HubForm, paragraphs


class ReleaseForm(HubForm):
    """Why a duty is given back; late, it must be said (hub/services/assignments.py)."""

    reason = TextAreaField(
        _l("Reason"),
        filters=[paragraphs],
        validators=[Length(max=500, message=_l("At most 500 characters."))],
    )
