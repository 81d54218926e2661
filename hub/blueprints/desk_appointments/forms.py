"""The forms of terms at the desk."""

from datetime import timedelta
from typing import Any

from wtforms.validators import InputRequired, Optional

from hub import clock
from hub.i18n import _l
from hub.models import Appointment
from hub.web.forms import ChoiceField, DayField, HubForm
from hub.web.programme_forms import ReasonForm, TermForm

YEAR = timedelta(days=365)


class OfferForm(TermForm):
    """A term without an application."""

    programme = ChoiceField(_l("Programme"), choices=[])


class RenewForm(HubForm):
    """The last day of the term that follows."""

    ends_on = DayField(
        _l("Last day of the new term"), validators=[InputRequired(_l("Choose a day."))]
    )


class SuspendForm(ReasonForm):
    """From when to when a term does not hold, and why."""

    starts_on = DayField(_l("From"), validators=[InputRequired(_l("Choose a day."))])
    ends_on = DayField(
        _l("To"),
        description=_l("The last day of the suspension. Empty: until you resume the term."),
        validators=[Optional()],
    )


class RevokeForm(ReasonForm):
    """Why a term is taken away."""


def renew_form(appointment: Appointment) -> Any:
    return RenewForm(data={"ends_on": appointment.last_day + YEAR})


def suspend_form() -> Any:
    return SuspendForm(data={"starts_on": clock.today()})
