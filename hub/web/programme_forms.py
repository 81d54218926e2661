"""Forms about applications and terms that several pages share."""

from datetime import timedelta
from typing import Any

from wtforms import TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from hub import clock
from hub.enums import Programme
from hub.i18n import _, _l
from hub.models import User
from hub.policies import can_appoint
from hub.queries.places import all_communities
from hub.web.forms import ChoiceField, DayField, HubForm, paragraphs

YEAR = timedelta(days=364)


class MessageForm(HubForm):
    """One message of a conversation."""

    body = TextAreaField(
        _l("Your message"),
        filters=[paragraphs],
        validators=[
            DataRequired(_l("Write your message first.")),
            Length(max=4000, message=_l("At most 4,000 characters.")),
        ],
    )


class ReasonForm(HubForm):
    """Why something is decided against somebody."""

    reason = TextAreaField(
        _l("Reason"),
        description=_l(
            "The person reads this as you write it, and it stands in the audit trail. "
            "Write nothing about health or private life."
        ),
        filters=[paragraphs],
        validators=[
            DataRequired(_l("Say why.")),
            Length(max=500, message=_l("At most 500 characters.")),
        ],
    )


class TermForm(HubForm):
    """Where and when a term is served."""

    community_id = ChoiceField(_l("Community"), coerce=int, choices=[])
    starts_on = DayField(_l("First day"), validators=[InputRequired(_l("Choose a day."))])
    ends_on = DayField(
        _l("Last day"),
        description=_l("Both days belong to the term."),
        validators=[InputRequired(_l("Choose a day."))],
    )


def term_form(user: User, programme: Programme, wished: int | None, form: type[TermForm]) -> Any:
    """A form for a term that ``user`` may offer: from today for a year, where it is wished."""
    today = clock.today()
    built: Any = form(
        data={"community_id": wished or 0, "starts_on": today, "ends_on": today + YEAR}
    )
    offered = [(c.id, c.name) for c in all_communities() if can_appoint(user, programme, c.id)]
    if can_appoint(user, programme, None):
        offered.insert(0, (0, _("All communities (subdistrict)")))
    built.community_id.choices = offered
    return built
