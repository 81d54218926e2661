"""The forms of private calendars."""

from typing import Any

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from hub import clock
from hub.enums import DeadlineKind, FeedKind
from hub.i18n import LANGUAGES, _, _l
from hub.models import User
from hub.policies import feed_kinds, sees_all_communities
from hub.queries.places import all_communities
from hub.services.feeds import NAME_LIMIT
from hub.web.forms import ChoiceField, ChoicesField, HubForm, is_submitted, single_line
from hub.web.i18n import current_code
from hub.web.site import language_codes


class AddressForm(HubForm):
    """What the address says: the language of the words, and the desk's deadlines."""

    text = ChoiceField(_l("Language of the entries"), id="feed-text")
    community = ChoiceField(
        _l("Community"), description=_l("Only for the desk’s calendar."), id="feed-community"
    )
    deadlines = ChoicesField(
        _l("Deadlines of the desk"),
        description=_l("They stand in the calendar as whole days. Only for the desk’s calendar."),
        choices=lambda: [(kind.value, kind.label) for kind in DeadlineKind],
    )

    def filters(self, kind: FeedKind) -> dict[str, str]:
        """The query of the address."""
        found = {"text": str(self.text.data)}
        if kind is not FeedKind.STAFF:
            return found
        if "community" in self and self.community.data:
            found["community"] = self.community.data
        if self.deadlines.data:
            found["with"] = ",".join(self.deadlines.data)
        return found


class FeedForm(AddressForm):
    """A new private calendar."""

    kind = ChoiceField(_l("What stands in it"), id="feed-kind")
    name = StringField(
        _l("Name"),
        description=_l("So that you know later which device it is on."),
        filters=[single_line],
        validators=[
            InputRequired(_l("Give it a name of at most 60 characters.")),
            Length(max=NAME_LIMIT, message=_l("At most 60 characters.")),
        ],
    )


def feed_form(user: User) -> Any:
    """With the kinds that the person may have."""
    form = FeedForm()
    kinds = feed_kinds(user, clock.today())
    form.kind.choices = [(kind.value, kind.label) for kind in kinds]
    _offer(form, FeedKind.STAFF in kinds, user)
    if form.name.data is None:
        form.name.data = _("my phone")
    return form


def address_form(kind: FeedKind, user: User) -> Any:
    form = AddressForm()
    _offer(form, kind is FeedKind.STAFF, user)
    return form


def _offer(form: Any, at_desk: bool, user: User) -> None:
    form.text.choices = [(code, LANGUAGES[code].name) for code in language_codes()]
    if form.text.data is None:
        form.text.data = current_code()
    if at_desk and sees_all_communities(user):
        names = [(community.slug, community.name) for community in all_communities()]
        form.community.choices = [("", _("All")), *names]
    else:
        del form.community
    if not at_desk:
        del form.deadlines
    elif not is_submitted():
        form.deadlines.data = [kind.value for kind in DeadlineKind]
