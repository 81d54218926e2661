"""What all forms share: their token, texts that a database can hold, languages side by side."""

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import current_app, request
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms import Form as PlainForm
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from hub import clock
from hub.exceptions import HubError
from hub.i18n import LANGUAGES, _, _l
from hub.integrations.signing import form_age, form_stamp
from hub.web.site import language_codes

FORM_MAX_SECONDS = 12 * 3600


class HubForm(FlaskForm):
    """A form with a CSRF token. What was typed is kept when the token is stale or forged."""

    def validate(self, extra_validators: Any = None) -> bool:
        _refuse_control_characters(self)
        valid = super().validate(extra_validators=extra_validators)
        _write_errors(self)
        unseen = [f for f in self if isinstance(f, HiddenField) and f.errors]
        for field in unseen:
            field.errors = []  # the token's own words help nobody, and their link leads nowhere
        if unseen:
            self.form_errors.append(_stale())
        if any(getattr(field, "refused", False) for field in self):
            return False
        return valid

    def apply_error(self, error: HubError) -> None:
        """Show the refusal of a service at the field that it names, else above the form."""
        field: Any = self
        for part in (error.field or "").split("."):
            field = field._fields.get(part) if hasattr(field, "_fields") else None
        if field is not None and error.field and not hasattr(field, "_fields"):
            field.errors = [*field.errors, str(error.message)]
        else:
            self.form_errors.append(str(error.message))


class ActionForm(HubForm):
    """A button that changes something: nothing but the token."""


class GuardedForm(HubForm):
    """A form for visitors without an account, with our own guard against machines.

    A field that people do not see must stay empty, and the form must have been on the screen for
    about two seconds: the time is signed into it. No third party is asked anything.
    """

    website = StringField(_l("Leave this field empty"))
    shown = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        refusal = self._refusal()
        if refusal and refusal not in self.form_errors:
            self.form_errors.append(refusal)
        self.shown.data = form_stamp(type(self).__name__)
        self.shown.raw_data = None
        return valid and not refusal

    def _refusal(self) -> str | None:
        if self.website.data:
            return _("Leave the field “website” empty: it is a trap for machines.")
        age = form_age(self.shown.data or "", type(self).__name__, FORM_MAX_SECONDS)
        if age is None:
            return _stale()
        if age < current_app.config["FORM_MIN_SECONDS"]:
            return _("That was very quick. Look once more at what you typed, then send it again.")
        return None

    def stamp(self) -> None:
        """Sign the present time into a form that is about to be shown."""
        self.shown.data = form_stamp(type(self).__name__)


def _stale() -> str:
    return _("This form was open for too long. Your text is kept: send it again.")


def strip(value: str | None) -> str | None:
    """Filter: no blanks around a text."""
    return value.strip() if isinstance(value, str) else value


def single_line(value: str | None) -> str | None:
    """Filter: blanks and line breaks inside become one blank each."""
    return " ".join(value.split()) if isinstance(value, str) else value


def _refuse_control_characters(form: Any) -> None:
    """A NUL byte or another control character is an error at its field, never in the database."""
    for field in form:
        if isinstance(field, FormField):
            _refuse_control_characters(field.form)
            continue
        typed = " ".join(v for v in (field.raw_data or []) if isinstance(v, str))
        field.refused = any(
            unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\r\n" for c in typed
        )
        if field.refused:
            field.validators = [_stop, *field.validators]


def _write_errors(form: Any) -> None:
    """Lazy messages become texts: the macros tell messages from nested errors by their type."""
    for field in form:
        if isinstance(field, FormField):
            _write_errors(field.form)
        else:
            field.errors = [str(error) for error in field.errors]


def _stop(form: Any, field: Field) -> None:
    raise StopValidation(_("This contains characters that cannot be used. Type it again."))


class LocalTimeField(DateTimeLocalField):
    """A date and time on the clocks of Hangzhou; ``data`` is an aware moment in UTC (rule 21)."""

    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("format", ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"])
        super().__init__(*args, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Enter a date and a time, such as 2026-12-05 14:00.")) from None
        if self.data is not None:
            if not 2020 <= self.data.year <= 2100:
                self.data = None
                raise ValueError(_("Enter a date between 2020 and 2100."))
            self.data = clock.from_local(self.data)

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        moment: datetime | None = self.data
        return clock.to_local(moment).strftime("%Y-%m-%dT%H:%M") if moment else ""


class DayField(DateField):
    """A day; what cannot be one is an error in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = read_day(valuelist[0]) if valuelist else None
        if valuelist and valuelist[0].strip() and self.data is None:
            raise ValueError(_("Enter a day between 2020 and 2100, such as 2026-12-05."))


def with_languages(base: type[HubForm], row: type[PlainForm]) -> type[HubForm]:
    """``base`` with one ``row`` form for each language that is switched on, as ``text_<code>``."""
    codes = language_codes()
    rows = {f"text_{code}": FormField(row, label=LANGUAGES[code].name) for code in codes}
    return type(base.__name__, (base,), rows)


def language_rows(form: HubForm) -> dict[str, Any]:
    """The row forms of ``form`` by language code."""
    return {
        name.removeprefix("text_"): field
        for name, field in form._fields.items()
        if name.startswith("text_")
    }


def is_submitted() -> bool:
    return request.method == "POST"


def one_of(message: str) -> Callable[[Any, Field], None]:
    """Validator: something was chosen."""

    def check(form: Any, field: Field) -> None:
        if not field.data:
            raise ValidationError(message)

    return check


class WholeNumberField(IntegerField):
    """A whole number; what cannot be one is an error in our words."""

    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("invalid_value_message", _l("Enter a whole number."))
        super().__init__(*args, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and not valuelist[0].strip():
            self.data = None  # empty: for InputRequired or Optional to judge
            return
        super().process_formdata(valuelist)

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation


class ChoiceField(SelectField):
    """One of a list; anything else is an error in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        message = _l("Choose one from the list.")
        kwargs.setdefault("invalid_value_message", message)
        kwargs.setdefault("invalid_choice_message", message)
        super().__init__(*args, **kwargs)


class RadioChoiceField(RadioField):
    """One of few that all stand on the page; anything else is an error in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        message = _l("Choose one from the list.")
        kwargs.setdefault("invalid_value_message", message)
        kwargs.setdefault("invalid_choice_message", message)
        super().__init__(*args, **kwargs)


class ChoicesField(SelectMultipleField):
    """Any number of a list, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        message = _l("Choose only from the list.")
        kwargs.setdefault("invalid_value_message", message)
        kwargs.setdefault("invalid_choice_message", message)
        super().__init__(*args, **kwargs)


def paragraphs(value: str | None) -> str | None:
    """Filter: a text of several lines; browsers send CRLF, we keep LF."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def search_words(typed: str) -> str:
    """What was typed into a search box, made harmless: at most 100 printable characters."""
    return "".join(c for c in typed if c.isprintable())[:100].strip()


def read_day(typed: str) -> date | None:
    """A day from an address, ``2026-12-05``, within the years that the site knows."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if 2020 <= day.year <= 2100 else None


def read_id(name: str) -> int | None:
    """An id from the query of the address: the place in a list from which it goes on."""
    typed = request.args.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None
