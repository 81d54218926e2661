"""Forms about oneself: the profile, and what one allows."""

import re
import unicodedata
from functools import cache
from typing import Any

from babel import Locale
from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, FormField, HiddenField, StringField, TelField
from wtforms.validators import DataRequired, Length, StopValidation, ValidationError

from hub.enums import CONSENT_VERSION, ConsentPurpose, ContactKind, LanguageLevel, Skill
from hub.exceptions import InvalidInput
from hub.i18n import LANGUAGES, SPOKEN, _, _l, current_language, language_name
from hub.integrations.contacts import parse_contact
from hub.models import Consent, Profile, User
from hub.queries.places import all_communities
from hub.services.people import ProfileData
from hub.web.filters import weekday_name
from hub.web.forms import ChoiceField, ChoicesField, HubForm, is_submitted, single_line, strip

MOST_ROWS = len(SPOKEN)
ROW = re.compile(r"spoken_([0-9]{1,2})-(language|oral|written)")
# Not countries, though CLDR names them: unions, test regions, islands that belong to others.
NO_COUNTRIES = frozenset(
    ("AC", "AN", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ")
)
AT_MOST = _l("At most 120 characters.")


@cache
def countries(display: str) -> list[tuple[str, str]]:
    """Code and name of every country and region, in the order of language ``display``."""
    names = Locale.parse(LANGUAGES[display].locale).territories
    known = [(c, n) for c, n in names.items() if re.fullmatch("[A-Z]{2}", c)]
    return sorted(
        ((code, name) for code, name in known if code not in NO_COUNTRIES),
        key=lambda pair: _in_order(pair[1], display),
    )


def _in_order(name: str, display: str) -> bytes:
    """GB 18030 has the common characters in the order of pinyin; elsewhere marks do not count."""
    if display == "zh":
        return name.encode("gb18030")
    bare = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in bare if not unicodedata.combining(c)).encode()


def _languages() -> list[tuple[str, str]]:
    display = current_language()
    named = [(code, language_name(code, display)) for code in SPOKEN]
    named.sort(key=lambda pair: (pair[0] not in ("zh", "en"), _in_order(pair[1], display)))
    return [("", _("Choose a language")), *named]


def _levels() -> list[tuple[str, str]]:
    return [("", _("Not at all")), *((level.value, str(level.label)) for level in LanguageLevel)]


def _homes() -> list[tuple[int, str]]:
    return [(0, _("I would rather not say")), *((c.id, c.name) for c in all_communities())]


class SpokenRow(Form):
    """A language, and how well it is spoken and written."""

    language = ChoiceField(_l("Language"), choices=_languages)
    oral = ChoiceField(_l("I speak it"), choices=_levels)
    written = ChoiceField(_l("I write it"), choices=_levels)

    def validate_language(self, field: ChoiceField) -> None:
        if not field.data and (self.oral.data or self.written.data):
            raise ValidationError(_("Choose the language, or remove this line."))

    def validate_oral(self, field: ChoiceField) -> None:
        if self.language.data and not field.data and not self.written.data:
            raise ValidationError(_("Say how well you speak or write it, or remove this line."))


class ProfileForm(HubForm):
    """``profile_form`` adds the lines of languages, as ``spoken_0``, ``spoken_1`` …"""

    name = StringField(
        _l("Name as it is written"),
        filters=[single_line],
        validators=[DataRequired(_l("Enter your name.")), Length(max=120, message=AT_MOST)],
    )
    spoken_name = StringField(
        _l("Name as we should say it"),
        filters=[single_line],
        validators=[Length(max=120, message=AT_MOST)],
    )
    school = StringField(
        _l("School or university"),
        filters=[single_line],
        validators=[Length(max=120, message=AT_MOST)],
    )
    country = ChoiceField(
        _l("Country or region"),
        choices=lambda: [("", _("I would rather not say")), *countries(current_language())],
    )
    community_id: Any  # ``_with_rows`` adds it, with the communities of the moment
    phone = TelField(
        _l("Phone number"),
        filters=[strip],
        validators=[Length(max=40, message=_l("At most 40 characters."))],
    )
    weekdays = ChoicesField(
        _l("Days on which I am often free"),
        coerce=int,
        choices=lambda: [(day, weekday_name(day)) for day in range(7)],
    )

    skills = ChoicesField(
        _l("What I can do"), choices=lambda: [(skill.value, skill.label) for skill in Skill]
    )

    def validate_phone(self, field: TelField) -> None:
        self.parsed_phone = ""
        if not field.data:
            return
        try:
            contact = parse_contact(field.data)
        except InvalidInput:
            contact = None
        if contact is None or contact.kind is not ContactKind.PHONE:
            raise StopValidation(
                _("This is no phone number. One from another country starts with + and its code.")
            )
        self.parsed_phone = contact.value

    @property
    def rows(self) -> list[Any]:
        """The lines of languages."""
        return [field for name, field in self._fields.items() if name.startswith("spoken_")
                and name != "spoken_name"]  # fmt: skip

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        seen: set[str] = set()
        for row in self.rows:
            language = row.form.language
            if language.data and language.data in seen and not language.errors:
                language.errors = [_("This language stands here twice.")]
                valid = False
            seen.add(language.data)
        return valid

    def profile_data(self) -> ProfileData:
        """What was typed; only after the form was found valid."""
        languages = {
            row.form.language.data: (_level(row.form.oral.data), _level(row.form.written.data))
            for row in self.rows
            if row.form.language.data
        }
        return ProfileData(
            name=self.name.data,
            spoken_name=self.spoken_name.data or "",
            school=self.school.data or "",
            country=self.country.data,
            phone=self.parsed_phone,
            community_id=self.community_id.data or None,
            weekdays=frozenset(self.weekdays.data),
            languages=languages,
            skills=frozenset(Skill(value) for value in self.skills.data),
        )


def _level(value: str) -> LanguageLevel | None:
    return LanguageLevel(value) if value else None


def _with_rows(number: int) -> type[ProfileForm]:
    label = _l("Language")
    fields: dict[str, Any] = {
        f"spoken_{i}": FormField(SpokenRow, label=label) for i in range(number)
    }
    homes = _homes()  # asked once: WTForms asks a function again while the page is written
    fields["community_id"] = ChoiceField(
        _l("Community where I live"), coerce=int, choices=lambda: homes
    )
    return type("ProfileForm", (ProfileForm,), fields)


def profile_form(user: User, profile: Profile | None) -> tuple[ProfileForm, bool]:
    """The form as it stands, and whether it was only sent to add or to remove a line."""
    if not is_submitted():
        return _stored_form(user, profile), False
    rows = _typed_rows()
    add, remove = "add" in request.form, request.form.get("remove", "")
    if remove.isdecimal() and int(remove) < len(rows):
        del rows[int(remove)]
    if add or not rows:
        rows.append({})
    typed = MultiDict(
        (name, value) for name, value in request.form.items(multi=True) if not ROW.fullmatch(name)
    )
    for i, row in enumerate(rows):
        typed.update({f"spoken_{i}-{part}": value for part, value in row.items()})
    return _with_rows(len(rows))(formdata=typed), add or bool(remove)


def _typed_rows() -> list[dict[str, str]]:
    rows: dict[int, dict[str, str]] = {}
    for name, value in request.form.items():
        if (found := ROW.fullmatch(name)) is not None:
            rows.setdefault(int(found[1]), {})[found[2]] = value
    return [rows[number] for number in sorted(rows)][:MOST_ROWS]


def _stored_form(user: User, profile: Profile | None) -> ProfileForm:
    if profile is None:
        return _with_rows(2)(name=user.name)
    spoken = {
        f"spoken_{i}": {"language": row.language, "oral": row.oral, "written": row.written}
        for i, row in enumerate(profile.languages)
    }
    return _with_rows(len(spoken) + 1)(
        name=user.name,
        spoken_name=profile.spoken_name,
        school=profile.school,
        country=profile.country,
        phone=profile.phone,
        community_id=profile.community_id or 0,
        weekdays=[day for day in range(7) if profile.weekdays >> day & 1],
        skills=[row.skill.value for row in profile.skills],
        **spoken,
    )


class ConsentsForm(HubForm):
    """One box for each purpose. ``version`` is that of the texts which stand beside them."""

    version = HiddenField(default=CONSENT_VERSION)

    def wanted(self) -> set[ConsentPurpose]:
        return {purpose for purpose in ConsentPurpose if self[purpose.value].data}


def consents_form(holding: dict[ConsentPurpose, Consent], *, fresh: bool = False) -> ConsentsForm:
    """The boxes; ticked is only what the person gave to the texts as they are now."""
    boxes = {p.value: BooleanField(p.label, description=p.text) for p in ConsentPurpose}
    form: type[ConsentsForm] = type("ConsentsForm", (ConsentsForm,), boxes)
    ticked = {
        purpose.value: line.given and line.version == CONSENT_VERSION
        for purpose, line in holding.items()
    }
    return form(formdata=None, data=ticked) if fresh or not is_submitted() else form()
