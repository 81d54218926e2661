"""The forms of duties at the desk, and of what happens to the people on them."""

from typing import Any

from wtforms import Form, FormField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from hub.enums import LanguageLevel, Skill
from hub.i18n import SPOKEN, _, _l, current_language, language_name
from hub.models import Duty, Event, User
from hub.queries.duties import usable_activities
from hub.queries.places import managed_venues
from hub.services.duties import MOST_PEOPLE, MOST_TIMES, DutyData, DutyWords
from hub.web.forms import (
    ChoiceField,
    ChoicesField,
    HubForm,
    LocalTimeField,
    WholeNumberField,
    language_rows,
    paragraphs,
    single_line,
    with_languages,
)

NEEDS = 4  # languages that one duty can ask for
AT_MOST = _l("At most 500 characters.")


def _languages() -> list[tuple[str, str]]:
    display = current_language()
    named = [(code, language_name(code, display)) for code in SPOKEN]
    named.sort(key=lambda pair: (pair[0] not in ("zh", "en"), pair[1]))
    return [("", _("None")), *named]


class NeedRow(Form):
    """A language that the duty needs, and how well it is to be spoken."""

    language = ChoiceField(_l("Language"), choices=_languages)
    level = ChoiceField(
        _l("At least"),
        choices=lambda: [(level.value, str(level.label)) for level in LanguageLevel],
        default=LanguageLevel.B1.value,
    )


class DutyRow(Form):
    """What the duty says in one language."""

    title = StringField(
        _l("Title"),
        filters=[single_line],
        validators=[Length(max=120, message=_l("At most 120 characters."))],
    )
    details = TextAreaField(
        _l("What there is to do"),
        filters=[paragraphs],
        validators=[Length(max=2000, message=_l("At most 2,000 characters."))],
    )

    def validate_title(self, field: StringField) -> None:
        if not field.data and self.details.data:
            raise ValidationError(
                _("Give a title in this language too, or empty the other boxes of it.")
            )


class DutyForm(HubForm):
    """A duty; ``with_languages(DutyForm, DutyRow)`` adds its texts."""

    venue_id = ChoiceField(_l("Venue"), coerce=int, choices=[])
    activity_id = ChoiceField(_l("Activity"), coerce=int, choices=[])
    starts_at = LocalTimeField(
        _l("Starts"), validators=[InputRequired(_l("Enter when it starts."))]
    )
    ends_at = LocalTimeField(_l("Ends"), validators=[InputRequired(_l("Enter when it ends."))])
    people_needed = WholeNumberField(
        _l("People needed"),
        default=1,
        validators=[
            InputRequired(_l("Enter a number.")),
            NumberRange(1, MOST_PEOPLE, _l("Between 1 and 200 people.")),
        ],
    )
    skills = ChoicesField(_l("Skills needed"), choices=lambda: [(s.value, s.label) for s in Skill])
    need_0 = FormField(NeedRow, label=_l("Language"))
    need_1 = FormField(NeedRow, label=_l("Language"))
    need_2 = FormField(NeedRow, label=_l("Language"))
    need_3 = FormField(NeedRow, label=_l("Language"))

    @property
    def needs(self) -> list[Any]:
        return [self[f"need_{number}"] for number in range(NEEDS)]

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        titles = [row.form.title for row in language_rows(self).values()]
        if any(title.data for title in titles):
            return valid
        words = _("Give the duty a title in at least one language.")
        titles[0].errors = [*titles[0].errors, words]
        return False


class NewDutyForm(DutyForm):
    """A new duty, or the same one every week."""

    times = WholeNumberField(
        _l("How many weeks in a row"),
        description=_l("1 for a single day. For a standing need, the same duty every week."),
        default=1,
        validators=[
            InputRequired(_l("Enter a number.")),
            NumberRange(1, MOST_TIMES, _l("Enter a number between 1 and 30.")),
        ],
    )


class ReasonForm(HubForm):
    """Why; the people concerned are told, or it stands on the roster."""

    reason = TextAreaField(
        _l("Reason"), filters=[paragraphs], validators=[Length(max=500, message=AT_MOST)]
    )


class EndForm(HubForm):
    """When somebody left who did not check out."""

    ended_at = LocalTimeField(_l("Left at"), validators=[InputRequired(_l("Enter a time."))])


def duty_form(user: User, duty: Duty | None = None, event: Event | None = None) -> Any:
    """The form of a duty as it was sent, else as it is stored; a new one of an event has its
    time and place."""
    values = _stored(duty) if duty is not None else {}
    event = duty.event if duty is not None else event
    if duty is None and event is not None:
        values = {
            "venue_id": event.venue_id, "starts_at": event.starts_at, "ends_at": event.ends_at,
        }  # fmt: skip
    base = NewDutyForm if duty is None and event is None else DutyForm
    form: Any = with_languages(base, DutyRow)(data=values)
    venues = managed_venues(user)
    if event is not None and event.venue_id not in {v.id for v in venues}:
        venues.insert(0, event.venue)
    several = len({v.community_id for v in venues}) > 1
    form.venue_id.choices = [
        (v.id, f"{v.name} ({v.community.name})" if several else v.name) for v in venues
    ]
    activities = usable_activities()
    if duty is not None and duty.activity_id not in {a.id for a in activities}:
        activities.append(duty.activity)
    form.activity_id.choices = [(a.id, a.name) for a in activities]
    return form


def _stored(duty: Duty) -> dict[str, Any]:
    needs = {
        f"need_{number}": {"language": row.language, "level": row.level.value}
        for number, row in enumerate(duty.languages[:NEEDS])
    }
    texts = {f"text_{c}": {"title": t.title, "details": t.details} for c, t in duty.texts.items()}
    return {
        "venue_id": duty.venue_id,
        "activity_id": duty.activity_id,
        "starts_at": duty.starts_at,
        "ends_at": duty.ends_at,
        "people_needed": duty.people_needed,
        "skills": [row.skill.value for row in duty.skills],
        **needs,
        **texts,
    }


def duty_data(form: Any, event_id: int | None = None) -> DutyData:
    """What a valid form says. A language without a title has no texts."""
    return DutyData(
        venue_id=form.venue_id.data,
        activity_id=form.activity_id.data,
        starts_at=form.starts_at.data,
        ends_at=form.ends_at.data,
        people_needed=form.people_needed.data,
        texts={
            code: DutyWords(row.form.title.data or "", row.form.details.data or "")
            for code, row in language_rows(form).items()
        },
        languages={
            row.form.language.data: LanguageLevel(row.form.level.data)
            for row in form.needs
            if row.form.language.data
        },
        skills=frozenset(Skill(value) for value in form.skills.data or ()),
        event_id=event_id,
    )
