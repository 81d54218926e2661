"""The form of days away."""

from wtforms.validators import InputRequired

from hub.i18n import _l
from hub.web.forms import DayField, HubForm


class AwayForm(HubForm):
    """Days on which one cannot serve."""

    starts_on = DayField(_l("First day away"), validators=[InputRequired(_l("Choose a day."))])
    ends_on = DayField(_l("Last day away"), validators=[InputRequired(_l("Choose a day."))])
