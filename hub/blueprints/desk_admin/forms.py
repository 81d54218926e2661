"""The forms of settings, invitations and the audit trail."""

import hashlib
from datetime import date
from typing import Any

from flask import request
from wtforms import BooleanField, Form, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from hub.enums import Programme, StaffRole
from hub.i18n import LANGUAGES, _, _l
from hub.queries.audit import AuditFilter
from hub.queries.places import all_communities
from hub.queries.settings import SiteSettings
from hub.web.audit_sentences import action_labels, subject_labels
from hub.web.email_field import OptionalEmail
from hub.web.forms import (
    ChoiceField,
    ChoicesField,
    HubForm,
    WholeNumberField,
    language_rows,
    paragraphs,
    read_day,
    search_words,
    single_line,
    with_languages,
)
from hub.web.site import built_languages

TEXTS = ("site_name", "recording_unit", "certificate_wording")


class SettingsRow(Form):
    """The texts of the site in one language."""

    site_name = StringField(
        _l("Name of the site"),
        filters=[single_line],
        validators=[Length(max=60, message=_l("At most 60 characters."))],
    )
    recording_unit = StringField(
        _l("Recording unit"),
        description=_l("Who stands on certificates as the office that kept the record."),
        filters=[single_line],
        validators=[Length(max=120, message=_l("At most 120 characters."))],
    )
    certificate_wording = TextAreaField(
        _l("Wording of the certificate"),
        filters=[paragraphs],
        validators=[Length(max=1000, message=_l("At most 1,000 characters."))],
    )


class SettingsForm(HubForm):
    """``with_languages(SettingsForm, SettingsRow)`` adds the texts."""

    seen = HiddenField()
    retention_days = WholeNumberField(
        _l("Days after an event until names and contacts are deleted"),
        validators=[
            InputRequired(_l("Enter a number.")),
            NumberRange(1, 3650, _l("Between 1 and 3,650 days.")),
        ],
    )
    sure = BooleanField(_l("Yes, delete sooner than before"))
    languages = ChoicesField(_l("Languages that are switched on"), choices=[])
    second_factor_required = BooleanField(
        _l("Staff and administrators must log in with a second factor")
    )
    recruiting = ChoicesField(
        _l("Programmes that take applications"),
        choices=lambda: [(p.value, p.label) for p in Programme],
    )


class InvitationForm(OptionalEmail, HubForm):
    """Who is invited to what."""

    role = ChoiceField(_l("Role"), choices=lambda: [(r.value, r.label) for r in StaffRole])
    community_id = ChoiceField(
        _l("Community"),
        coerce=int,
        choices=[],
        description=_l("Only staff belong to one community. All others work in all of them."),
    )

    def offer_communities(self) -> None:
        self.community_id.choices = [
            (0, _("All communities (subdistrict)")),
            *((c.id, c.name) for c in all_communities()),
        ]


def settings_form(now: SiteSettings) -> Any:
    """The settings as they were sent, else as they are."""
    texts: dict[str, dict[str, str]] = {}
    for key in TEXTS:
        for code, text in getattr(now, key).items():
            texts.setdefault(f"text_{code}", {})[key] = text
    values = {
        "retention_days": now.retention_days,
        "languages": now.languages,
        "second_factor_required": now.second_factor_required,
        "recruiting": now.recruiting,
        "seen": fingerprint(now),
    }
    form: Any = with_languages(SettingsForm, SettingsRow)(data=values | texts)
    form.languages.choices = [(code, LANGUAGES[code].name) for code in built_languages()]
    return form


def setting_values(form: Any, now: SiteSettings) -> dict[str, object]:
    """What a valid form says. Languages that it does not ask for keep their texts."""
    texts: dict[str, object] = {}
    for key in TEXTS:
        said = dict(getattr(now, key))
        for code, row in language_rows(form).items():
            said[code] = row.form[key].data or ""
        texts[key] = {code: text for code, text in said.items() if text}
    return texts | {
        "retention_days": form.retention_days.data,
        "languages": [c for c in built_languages() if c in (form.languages.data or [])],
        "second_factor_required": form.second_factor_required.data,
        "recruiting": [p.value for p in Programme if p.value in (form.recruiting.data or [])],
    }


def fingerprint(now: SiteSettings) -> str:
    """Changes when a setting does: what a form was built on."""
    return hashlib.sha256(repr(now).encode()).hexdigest()[:16]


def seen_settings(form: Any) -> str:
    return form.seen.data or ""


def wanted_entries() -> tuple[AuditFilter, dict[str, Any]]:
    """What the address or the form asks for, and the same as a query."""
    asked = request.values
    action, subject = asked.get("action", ""), asked.get("subject", "")
    wanted = AuditFilter(
        who=search_words(asked.get("who", "")),
        action=action if action in action_labels() else "",
        subject=subject if subject in subject_labels() else "",
        since=read_day(asked.get("since", "")),
        until=read_day(asked.get("until", "")),
    )
    args = {
        "who": wanted.who,
        "action": wanted.action,
        "subject": wanted.subject,
        "since": _iso(wanted.since),
        "until": _iso(wanted.until),
    }
    return wanted, {name: value for name, value in args.items() if value}


def _iso(day: date | None) -> str:
    return day.isoformat() if day is not None else ""
