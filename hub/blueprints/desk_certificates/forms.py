"""The forms of certificates at the desk."""

from datetime import date

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from hub import clock
from hub.i18n import _, _l
from hub.models import User
from hub.policies import own_community_ids, sees_all_people
from hub.queries.places import all_communities
from hub.web.forms import ChoiceField, ChoicesField, DayField, HubForm, paragraphs

DAY = DataRequired(_l("Enter a day."))


class IssueForm(HubForm):
    """The period of a certificate, and the older ones that it replaces."""

    since = DayField(_l("From"), validators=[DAY])
    until = DayField(_l("Until"), validators=[DAY])
    supersedes = ChoicesField(
        _l("Replace these valid certificates"),
        coerce=int,
        choices=[],
        description=_l("Whoever checks an old one then reads that a newer one stands."),
        validators=[Optional()],
    )


class RevokeForm(HubForm):
    """Why a certificate is taken back."""

    reason = TextAreaField(
        _l("Reason"),
        description=_l("The person reads it, and it stands in the audit trail."),
        filters=[paragraphs],
        validators=[
            DataRequired(_l("Say why.")),
            Length(max=500, message=_l("At most 500 characters.")),
        ],
    )


class InspectionForm(HubForm):
    """Which records are taken along, and why."""

    since = DayField(_l("From"), validators=[DAY])
    until = DayField(_l("Until"), validators=[DAY])
    community_id = ChoiceField(_l("Community"), coerce=int, choices=[])
    reason = TextAreaField(
        _l("Reason"),
        description=_l("It stands in the audit trail, with your name."),
        filters=[paragraphs],
        validators=[
            DataRequired(_l("Say why.")),
            Length(max=500, message=_l("At most 500 characters.")),
        ],
    )

    def validate_until(self, field: DayField) -> None:
        if self.since.data and field.data and field.data < self.since.data:
            raise ValidationError(_("The last day comes before the first."))

    def offer(self, user: User) -> None:
        """The communities whose records ``user`` may take; 0 is all of them."""
        wide, here = sees_all_people(user), own_community_ids(user)
        communities = [(c.id, c.name) for c in all_communities() if wide or c.id in here]
        everything = [(0, _("All communities (subdistrict)"))] if wide else []
        self.community_id.choices = [*everything, *communities]


def this_year() -> tuple[date, date]:
    """From New Year to today."""
    today = clock.today()
    return today.replace(month=1, day=1), today
