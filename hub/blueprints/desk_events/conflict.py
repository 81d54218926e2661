"""What somebody else stored while a form was open, beside what was typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wtforms import BooleanField, Field, FormField, HiddenField

from hub import clock
from hub.i18n import _
from hub.web.filters import moment
from hub.web.forms import ChoiceField, ChoicesField


@dataclass(frozen=True, slots=True)
class Difference:
    """A field whose stored value is not the one that was typed."""

    field_id: str
    label: str
    stored: str


def differences(sent: Any, stored: Any, prefix: str = "") -> Iterator[Difference]:
    """The fields of ``stored`` that say something else than those of ``sent``."""
    for field in stored:
        if field.short_name not in sent or isinstance(field, HiddenField):
            continue
        other = sent[field.short_name]
        label = str(field.label.text)
        if isinstance(field, FormField):
            yield from differences(other.form, field.form, f"{label}: ")
        elif field.short_name not in ("release", "reason") and _differ(other, field):
            group = "-group" if isinstance(field, ChoicesField) else ""
            yield Difference(f"{other.id}{group}", prefix + label, _said(field))


def _differ(one: Field, other: Field) -> bool:
    first, second = one.data, other.data
    if isinstance(one, ChoicesField):
        return sorted(first or []) != sorted(second or [])
    if isinstance(first, datetime) and isinstance(second, datetime):
        return clock.to_local(first) != clock.to_local(second).replace(second=0, microsecond=0)
    return bool((first or "") != (second or ""))


def _said(field: Any) -> str:
    if isinstance(field, ChoiceField | ChoicesField):
        chosen = field.data if isinstance(field.data, list) else [field.data]
        return ", ".join(str(label) for value, label in field.choices if value in chosen)
    if isinstance(field, BooleanField):
        return _("Yes") if field.data else _("No")
    if isinstance(field.data, datetime):
        return moment(field.data)
    return str(field.data or "–")
