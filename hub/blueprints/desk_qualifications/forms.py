"""The forms of qualifications at the desk."""

from typing import Any

from wtforms.validators import InputRequired, Optional

from hub import clock
from hub.i18n import _l
from hub.policies import USUAL_VALIDITY, Learner, first_free_day
from hub.web.forms import DayField, HubForm
from hub.web.programme_forms import ReasonForm


class GrantForm(HubForm):
    """From when to when a qualification holds."""

    valid_from = DayField(_l("First day"), validators=[InputRequired(_l("Choose a day."))])
    valid_until = DayField(
        _l("Last day"),
        description=_l("Both days are included. A year is usual."),
        validators=[InputRequired(_l("Choose a day."))],
    )


class SuspendForm(ReasonForm):
    """From when to when a qualification does not hold, and why."""

    starts_on = DayField(_l("From"), validators=[InputRequired(_l("Choose a day."))])
    ends_on = DayField(
        _l("To"),
        description=_l("The last day of the suspension. Empty: until you resume it."),
        validators=[Optional()],
    )


class RevokeForm(ReasonForm):
    """From when on a qualification does not hold any more, and why."""

    revoked_on = DayField(_l("Does not hold from"), validators=[InputRequired(_l("Choose a day."))])


def grant_form(learner: Learner) -> Any:
    """For a year: from today, or from the day after the qualification that holds."""
    first = first_free_day(learner.held, clock.today())
    return GrantForm(data={"valid_from": first, "valid_until": first + USUAL_VALIDITY})


def suspend_form() -> Any:
    return SuspendForm(data={"starts_on": clock.today()})


def revoke_form() -> Any:
    return RevokeForm(data={"revoked_on": clock.today()})
