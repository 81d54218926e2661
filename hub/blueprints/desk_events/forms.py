"""The forms of an event at the desk."""

from datetime import UTC, datetime
from typing import Any

from wtforms import BooleanField, Form, HiddenField, StringField, TextAreaField
from wtforms.validators import (
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from hub.enums import EventKind, Visibility
from hub.i18n import SPOKEN, _, _l, current_language, language_name
from hub.integrations.recurrence import MAX_SESSIONS
from hub.models import User
from hub.models.event import MAX_CAPACITY, MAX_PARTY
from hub.policies import manageable_kinds
from hub.queries.places import usable_communities, usable_venues
from hub.services.event_data import EventData, Words
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

MAX_DESCRIPTION = 20_000


class WordsForm(Form):
    """What the event says in one language."""

    title = StringField(
        _l("Title"),
        filters=[single_line],
        validators=[Length(max=200, message=_l("At most 200 characters."))],
    )
    summary = TextAreaField(
        _l("Summary"),
        description=_l("One or two sentences for the list."),
        filters=[paragraphs],
        validators=[Length(max=500, message=_l("At most 500 characters."))],
    )
    description = TextAreaField(
        _l("Description"),
        description=_l(
            "An empty line starts a paragraph, - starts a list item, **two stars** make bold."
        ),
        filters=[paragraphs],
        validators=[Length(max=MAX_DESCRIPTION, message=_l("At most 20,000 characters."))],
    )

    def validate_title(self, field: StringField) -> None:
        if not field.data and (self.summary.data or self.description.data):
            raise ValidationError(
                _("Give a title in this language too, or empty the other boxes of it.")
            )


class ReleaseFields:
    """Mixin: who is released when there are fewer places than people (rule 4)."""

    release = ChoicesField(_l("Who is released"), coerce=int, choices=[])
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Each person that you release is told this."),
        filters=[paragraphs],
        validators=[Length(max=500, message=_l("At most 500 characters."))],
    )


class EventForm(HubForm):
    """An event without its texts; ``with_languages(EventForm, WordsForm)`` adds them."""

    seen = HiddenField()
    kind = ChoiceField(_l("Kind"), choices=[])
    community_id = ChoiceField(_l("Community"), coerce=int, choices=[])
    venue_id = ChoiceField(_l("Venue"), coerce=int, choices=[])
    starts_at = LocalTimeField(
        _l("Starts"), validators=[InputRequired(_l("Enter when it starts."))]
    )
    ends_at = LocalTimeField(_l("Ends"), validators=[InputRequired(_l("Enter when it ends."))])
    capacity = WholeNumberField(
        _l("Places"),
        default=40,
        validators=[
            InputRequired(_l("Enter a number.")),
            NumberRange(1, MAX_CAPACITY, _l("Between 1 and 100,000 places.")),
        ],
    )
    party_limit = WholeNumberField(
        _l("Most people under one name"),
        default=4,
        validators=[
            InputRequired(_l("Enter a number.")),
            NumberRange(1, MAX_PARTY, _l("Between 1 and 20 people under one name.")),
        ],
    )
    has_waiting_list = BooleanField(
        _l("Keep a waiting list when all places are taken"), default=True
    )
    languages = ChoicesField(_l("Languages spoken"), choices=[])
    sign_up_opens_at = LocalTimeField(
        _l("Sign-up opens"),
        description=_l("Empty: as soon as the event is published."),
        validators=[Optional()],
    )
    sign_up_closes_at = LocalTimeField(
        _l("Sign-up closes"),
        description=_l("Empty: when the event starts."),
        validators=[Optional()],
    )
    visibility = ChoiceField(
        _l("Who sees it"),
        description=_l("Public events stand in the list and in the calendar."),
        choices=lambda: [(v.value, v.label) for v in Visibility],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        titles = [row.form.title for row in language_rows(self).values()]
        if any(title.data for title in titles):
            return valid
        titles[0].errors = [
            *titles[0].errors,
            _("Give the event a title in at least one language."),
        ]
        return False


class EditEventForm(ReleaseFields, EventForm):
    """An event that is there already."""


class NewEventForm(EventForm):
    """A new event, or a series of them."""

    repeat = ChoiceField(
        _l("How often"),
        choices=lambda: [
            ("once", _l("Once")),
            ("weekly", _l("Every week on the same day")),
            ("rule", _l("By a rule of my own")),
        ],
        default="once",
    )
    times = WholeNumberField(
        _l("How many weeks"),
        description=_l("The first session included; at most 60."),
    )
    rule = StringField(
        _l("Rule"),
        description=_l("RFC 5545, for example FREQ=MONTHLY;BYDAY=1SA;COUNT=6"),
        filters=[single_line],
        validators=[Length(max=250, message=_l("At most 250 characters."))],
    )

    def validate_times(self, field: WholeNumberField) -> None:
        if self.repeat.data == "weekly" and not 2 <= (field.data or 0) <= MAX_SESSIONS:
            raise ValidationError(_("Enter a number between 2 and 60."))

    def validate_rule(self, field: StringField) -> None:
        if self.repeat.data == "rule" and not field.data:
            raise ValidationError(_("Enter a rule, or choose another way to repeat."))

    @property
    def recurrence(self) -> str:
        """The rule of the series, or nothing for a single event."""
        if self.repeat.data == "weekly":
            return f"FREQ=WEEKLY;COUNT={self.times.data}"
        return str(self.rule.data) if self.repeat.data == "rule" else ""


class CapacityForm(ReleaseFields, HubForm):
    """The number of places alone."""

    seen = HiddenField()
    capacity = WholeNumberField(
        _l("Places"),
        validators=[
            InputRequired(_l("Enter a number.")),
            NumberRange(1, MAX_CAPACITY, _l("Between 1 and 100,000 places.")),
        ],
    )


class ReasonRow(Form):
    """Why the event is cancelled, in one language."""

    reason = TextAreaField(
        _l("Reason"),
        filters=[paragraphs],
        validators=[Length(max=500, message=_l("At most 500 characters."))],
    )


class CancelEventForm(HubForm):
    """``with_languages(CancelEventForm, ReasonRow)`` asks for the reason in each language."""


def new_event_form(user: User) -> Any:
    """An empty form; if only one community or venue can be chosen, it is."""
    return _fill_choices(with_languages(NewEventForm, WordsForm)(), user)


def edit_event_form(user: User, data: EventData, seen: datetime, *, stored: bool = False) -> Any:
    """The form of an event as it was sent, else (or if ``stored``) as it is in the database."""
    values = {
        **{name: getattr(data, name) for name in PLAIN},
        "kind": data.kind.value,
        "visibility": data.visibility.value,
        "seen": seen.isoformat(),
        **{f"text_{code}": _row(words) for code, words in data.texts.items()},
    }
    sent = {"formdata": None} if stored else {}
    return _fill_choices(with_languages(EditEventForm, WordsForm)(data=values, **sent), user)


PLAIN = (
    *("community_id", "venue_id", "starts_at", "ends_at", "capacity", "party_limit"),
    *("has_waiting_list", "languages", "sign_up_opens_at", "sign_up_closes_at"),
)


def event_data(form: Any) -> EventData:
    """What a valid form says. A language without a title has no texts."""
    return EventData(
        **{name: form[name].data for name in PLAIN if name != "languages"},
        languages=list(form.languages.data or []),
        kind=EventKind(form.kind.data),
        visibility=Visibility(form.visibility.data),
        texts={
            code: Words(
                row.form.title.data or "",
                row.form.summary.data or "",
                row.form.description.data or "",
            )
            for code, row in language_rows(form).items()
        },
    )


def seen_at(form: Any) -> datetime:
    """The ``changed_at`` on which the form was built; a forged one is older than everything."""
    try:
        seen = datetime.fromisoformat(form.seen.data or "")
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return seen if seen.tzinfo is not None else seen.replace(tzinfo=UTC)


def cancel_reasons(form: Any) -> dict[str, str]:
    return {code: row.form.reason.data or "" for code, row in language_rows(form).items()}


def _row(words: Words) -> dict[str, str]:
    return {"title": words.title, "summary": words.summary, "description": words.description}


def _fill_choices(form: Any, user: User) -> Any:
    communities, venues = usable_communities(user), usable_venues(user)
    kinds = {kind for c in communities for kind in manageable_kinds(user, c.id)}
    form.kind.choices = [(k.value, k.label) for k in EventKind if k in kinds]
    form.community_id.choices = [(c.id, c.name) for c in communities]
    several = len({v.community_id for v in venues}) > 1
    form.venue_id.choices = [
        (v.id, f"{v.name} ({v.community.name})" if several else v.name) for v in venues
    ]
    display = current_language()
    spoken = [(code, language_name(code, display)) for code in SPOKEN]
    form.languages.choices = sorted(
        spoken, key=lambda pair: (pair[0] != "zh", pair[0] != "en", pair[1])
    )
    return form
