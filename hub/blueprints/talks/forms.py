"""The form of somebody who asks for a talk."""

from typing import Any

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from hub.i18n import _l
from hub.queries.places import all_communities
from hub.queries.topics import topics_in_use
from hub.services.talk_requests import MOST_PEOPLE, Asking
from hub.web.forms import (
    ChoiceField,
    ChoicesField,
    DayField,
    GuardedForm,
    WholeNumberField,
    paragraphs,
    single_line,
)
from hub.web.person_fields import PersonFields
from hub.web.spoken import spoken_choices


class AskForm(PersonFields, GuardedForm):
    """Who asks is asked as on a sign-up; how many come, of all who are to listen."""

    party_size = None  # type: ignore[assignment]  # WTForms: the field is left out

    organisation = StringField(
        _l("School, company or house that asks"),
        filters=[single_line],
        validators=[
            DataRequired(_l("Say who asks: a school, a company, a house.")),
            Length(max=120, message=_l("At most 120 characters.")),
        ],
    )
    people = WholeNumberField(
        _l("About how many people"),
        validators=[
            InputRequired(_l("Enter a number.")),
            NumberRange(1, MOST_PEOPLE, _l("Between 1 and 100,000 people.")),
        ],
    )
    wished_on = DayField(_l("A day that would suit you"), validators=[Optional()])
    topics = ChoicesField(_l("What it should be about"), coerce=int, choices=[])
    languages = ChoicesField(_l("Languages of the listeners"), choices=spoken_choices)
    community_id = ChoiceField(_l("Community in which you are"), coerce=int, choices=[], default=0)
    wishes = TextAreaField(
        _l("What else we should know"),
        description=_l("Write nothing about the health or the papers of single people."),
        filters=[paragraphs],
        validators=[Length(max=1000, message=_l("At most 1,000 characters."))],
    )
    agreed = BooleanField(
        _l(
            "I agree that the community office and the police unit that plans talks use my name "
            "and contact to answer this request."
        ),
        validators=[DataRequired(_l("Without this we cannot answer you."))],
    )


def ask_form() -> Any:
    form: Any = AskForm()
    form.topics.choices = [(t.id, t.name) for t in topics_in_use()]
    form.community_id.choices = [
        (0, _l("I do not know, or several")),
        *((c.id, c.name) for c in all_communities()),
    ]
    form.offer_languages()
    return form


def asking(form: Any) -> Asking:
    """What was typed; only after the form was found valid."""
    return Asking(
        organisation=form.organisation.data,
        name=form.name.data,
        contact=form.parsed_contact,
        people=form.people.data,
        language=form.language.data,
        wished_on=form.wished_on.data,
        topics=list(form.topics.data or []),
        languages=list(form.languages.data or []),
        community_id=form.community_id.data or None,
        wishes=form.wishes.data or "",
    )
