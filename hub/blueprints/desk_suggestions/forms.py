"""The filter of the list of suggestions, and the forms of one."""

from typing import Any

from flask import request
from wtforms import BooleanField, Form, FormField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from hub import clock
from hub.enums import SuggestionCategory, SuggestionOutcome, SuggestionStatus
from hub.i18n import _, _l, current_language, language_name
from hub.models import Suggestion, SuggestionResponse, User
from hub.policies.suggestions import TRIAGE_AGAIN, usual_due
from hub.queries.places import all_communities
from hub.queries.suggestions import SuggestionFilter, possible_owners
from hub.web.forms import (
    ChoiceField,
    DayField,
    HubForm,
    RadioChoiceField,
    paragraphs,
    read_id,
    search_words,
    single_line,
)

MOST = Length(max=4000, message=_l("At most 4,000 characters."))


def wanted_suggestions() -> tuple[SuggestionFilter, dict[str, Any]]:
    """What the address asks for, and the same as its query; what cannot be read is left out."""
    state, category = request.args.get("state", ""), request.args.get("category", "")
    community = request.args.get("community", "")
    here = 0 if community == "0" else read_id("community")
    wanted = SuggestionFilter(
        mine=bool(request.args.get("mine")),
        status=SuggestionStatus(state) if state in list(SuggestionStatus) else None,
        concluded=state == "concluded",
        category=SuggestionCategory(category) if category in list(SuggestionCategory) else None,
        community=here,
        owner=read_id("owner"),
        overdue=bool(request.args.get("overdue")),
        words=search_words(request.args.get("q", "")),
    )
    args = {
        "q": wanted.words,
        "state": "concluded" if wanted.concluded else wanted.status.value if wanted.status else "",
        "category": wanted.category.value if wanted.category else "",
        "community": "" if here is None else str(here),
        "owner": str(wanted.owner) if wanted.owner else "",
        "mine": "1" if wanted.mine else "",
        "overdue": "1" if wanted.overdue else "",
    }
    return wanted, {name: value for name, value in args.items() if value}


class TriageForm(HubForm):
    """What it is about, who answers it and by when."""

    category = ChoiceField(_l("Category"), coerce=SuggestionCategory, choices=[])
    community_id = ChoiceField(
        _l("Community"),
        coerce=int,
        choices=[],
        description=_l("In another community only its staff and the subdistrict see it."),
    )
    owner_id = ChoiceField(_l("Who answers it"), coerce=int, choices=[])
    due_on = DayField(_l("Answer due"), validators=[InputRequired(_l("Choose a day."))])
    reason = TextAreaField(
        _l("Reason"),
        description=_l("It stands in the audit trail."),
        filters=[paragraphs],
        validators=[Length(max=500, message=_l("At most 500 characters."))],
    )


def triage_form(user: User, row: Suggestion) -> Any:
    again = row.status in TRIAGE_AGAIN
    form: Any = TriageForm(
        data={
            "category": row.category,
            "community_id": row.community_id or 0,
            "owner_id": row.owner_id or user.id,
            "due_on": row.due_on if again else usual_due(clock.today()),
        }
    )
    names = {c.id: c.name for c in all_communities()}
    form.category.choices = [(c, c.label) for c in SuggestionCategory]
    form.community_id.choices = [(0, _("The whole subdistrict")), *names.items()]
    form.owner_id.choices = [(u.id, _owner_words(u, names)) for u in possible_owners()]
    if not again:
        del form.reason
    return form


def owner_choices() -> list[tuple[str, str]]:
    """For the filter of the list."""
    return [(str(user.id), user.name) for user in possible_owners()]


def _owner_words(user: User, names: dict[int, str]) -> str:
    at = [names.get(m.community_id or 0, _("The whole subdistrict")) for m in user.roles]
    return _("%(name)s (%(place)s)", name=user.name, place=", ".join(dict.fromkeys(at)))


class AskForm(HubForm):
    text = TextAreaField(
        _l("Your question"),
        description=_l("The clock stands until it is answered."),
        filters=[paragraphs],
        validators=[DataRequired(_l("Write your question first.")), MOST],
    )


class ReferForm(HubForm):
    """To whom it is handed over."""

    to = StringField(
        _l("Handed over to"),
        description=_l("The body that must deal with it, such as the 12345 hotline."),
        filters=[single_line],
        validators=[
            DataRequired(_l("Say to whom it is handed over.")),
            Length(max=120, message=_l("At most 120 characters.")),
        ],
    )
    reference = StringField(
        _l("Their number for it"),
        filters=[single_line],
        validators=[Length(max=80, message=_l("At most 80 characters."))],
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l("The submitter reads this as you write it."),
        filters=[paragraphs],
        validators=[
            DataRequired(_l("Say why.")),
            Length(max=1000, message=_l("At most 1,000 characters.")),
        ],
    )


class JoinForm(HubForm):
    """Which other one says the same."""

    of = StringField(
        _l("Number of the other suggestion"),
        description=_l("Nine digits, such as 412-607-935."),
        filters=[single_line],
        validators=[DataRequired(_l("Enter the number of the other suggestion."))],
    )

    def validate_of(self, field: StringField) -> None:
        digits = "".join(c for c in field.data or "" if c not in "- ")
        if not (digits.isascii() and digits.isdigit() and len(digits) == 9):
            raise ValidationError(_("A number has nine digits, such as 412-607-935."))

    @property
    def number(self) -> int:
        return int("".join(c for c in self.of.data or "" if c.isdigit()))


class ResponseForm(HubForm):
    """``response_form`` adds a text for each language."""

    outcome = RadioChoiceField(
        _l("Outcome"),
        coerce=SuggestionOutcome,
        choices=lambda: [(o, o.label) for o in SuggestionOutcome],
        validators=[InputRequired(_l("Choose one."))],
    )
    reason = TextAreaField(
        _l("Reason"),
        description=_l("Needed if it is not adopted. The submitter reads it."),
        filters=[paragraphs],
        validators=[Length(max=1000, message=_l("At most 1,000 characters."))],
    )


def response_form(
    codes: list[str],
    needed: tuple[str, ...],
    draft: SuggestionResponse | None,
    data: dict[str, Any],
) -> Any:
    """A box for each of ``codes``, filled with the draft, or with ``data`` of a template."""
    boxes = {f"text_{code}": _text_box(code, code in needed) for code in codes}
    given = data
    if draft is not None:
        given = {f"text_{code}": text.text for code, text in draft.texts.items()} | {
            "outcome": draft.outcome,
            "reason": draft.reason,
        }
    return type("ResponseForm", (ResponseForm,), boxes)(data=given)


def _text_box(code: str, needed: bool) -> TextAreaField:
    name = language_name(code, current_language())
    hint = _("Needed before it can be published.") if needed else None
    return TextAreaField(
        name, description=hint, filters=[paragraphs], validators=[Optional(), MOST]
    )


class ConcludeForm(HubForm):
    """``conclude_form`` adds what has changed, in each language."""


def conclude_form(codes: list[str], row: Suggestion) -> Any:
    boxes = {
        f"did_{code}": TextAreaField(
            language_name(code, current_language()),
            filters=[paragraphs],
            validators=[MOST],
        )
        for code in codes
    }
    data = {f"did_{code}": text.did for code, text in row.texts.items()}
    return type("ConcludeForm", (ConcludeForm,), boxes)(data=data)


class WordingRow(Form):
    """A suggestion in one language."""

    title = StringField(
        _l("Title"),
        filters=[single_line],
        validators=[Length(max=120, message=_l("At most 120 characters."))],
    )
    said = TextAreaField(_l("What was said"), filters=[paragraphs], validators=[MOST])


class DidRow(WordingRow):
    """One that is concluded."""

    did = TextAreaField(_l("What has changed"), filters=[paragraphs], validators=[MOST])


class TextsForm(HubForm):
    """``texts_form`` adds the languages."""

    photo_public = BooleanField(_l("Show the photo, too: nobody can be recognised in it"))


def texts_form(codes: list[str], row: Suggestion) -> Any:
    """The texts as they are; the original stands in its own language until it is edited."""
    kind = DidRow if row.status is SuggestionStatus.DONE else WordingRow
    label = {code: language_name(code, current_language()) for code in codes}
    rows = {f"text_{code}": FormField(kind, label=label[code]) for code in codes}
    data: dict[str, Any] = {"photo_public": row.photo_public}
    for code in codes:
        text = row.texts.get(code)
        said = row.original if code == row.language else ""
        data[f"text_{code}"] = {
            "title": text.title if text else "",
            "said": text.said if text else said,
            "did": text.did if text else "",
        }
    form: Any = type("TextsForm", (TextsForm,), rows)(data=data)
    if row.photo_name is None:
        del form.photo_public
    return form


class PublicityForm(HubForm):
    """Whether it is shown to all."""

    choice = RadioChoiceField(
        _l("What shall be done?"), choices=[], validators=[InputRequired(_l("Choose one."))]
    )
