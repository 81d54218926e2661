"""The form of an activity."""

from typing import Any

from wtforms import BooleanField, Form, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from hub.i18n import _l
from hub.models import Activity
from hub.queries.records import all_activities
from hub.services.activities import ActivityData
from hub.web.forms import HubForm, WholeNumberField, language_rows, single_line, with_languages


class NameRow(Form):
    """A name in one language."""

    name = StringField(
        _l("Name"),
        filters=[single_line],
        validators=[Length(max=120, message=_l("At most 120 characters."))],
    )


class ActivityForm(HubForm):
    """``with_languages(ActivityForm, NameRow)`` adds the names."""

    counts = BooleanField(
        _l("Counts as volunteer service"),
        description=_l("Not training, and nothing that is paid (Decree 67, articles 8 and 19)."),
    )
    active = BooleanField(_l("In use"), description=_l("Offered when somebody logs service."))
    position = WholeNumberField(
        _l("Place in the list"),
        validators=[
            InputRequired(_l("Enter a number.")),
            NumberRange(0, 9999, _l("Between 0 and 9,999.")),
        ],
    )


def activity_form(activity: Activity | None) -> Any:
    """The form as it was sent, else as it is stored; a new one comes last."""
    last = max((a.position for a in all_activities()), default=0)
    values: dict[str, Any] = {"counts": True, "active": True, "position": last + 10}
    if activity is not None:
        rows = {f"text_{code}": {"name": row.name} for code, row in activity.texts.items()}
        values = {
            "counts": activity.counts,
            "active": activity.active,
            "position": activity.position,
            **rows,
        }
    return with_languages(ActivityForm, NameRow)(data=values)


def activity_data(form: Any, activity: Activity | None) -> ActivityData:
    """What a valid form says; languages that it does not ask for keep their names."""
    names = {c: t.name for c, t in activity.texts.items()} if activity is not None else {}
    names |= {code: row.form.name.data or "" for code, row in language_rows(form).items()}
    return ActivityData(names, form.counts.data, form.active.data, form.position.data)
