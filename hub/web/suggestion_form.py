"""What a suggestion is asked for: by the page for everybody, and by that of assistants."""

from typing import Any

from flask import request
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, StopValidation

from hub.enums import SuggestionCategory
from hub.exceptions import InvalidInput
from hub.i18n import _, _l, current_language
from hub.integrations.contacts import Contact, parse_contact
from hub.integrations.pictures import Picture
from hub.integrations.signing import new_token
from hub.queries.places import all_communities
from hub.services.suggestions import LONGEST, MOST_PLACE
from hub.web.forms import ChoiceField, paragraphs, single_line, strip
from hub.web.picture_field import MOST_SENT, read_picture
from hub.web.spoken import spoken_choices

C = SuggestionCategory
# What to do instead, or first, by category; each is readable without JavaScript.
NOTICES = {
    C.PUBLIC_SPACE: _l("If something is about to fall or to burst, call 12345 at once."),
    C.HOUSING: _l("If you smell gas or see smoke, leave the house and call 119."),
    C.TRAFFIC: _l("After an accident call 110, and 120 if somebody is hurt."),
    C.COMPLAINT: _l(
        "A complaint goes to the body that must deal with it, and is never shown in public. "
        "You hear to whom. At any time you can also call 12345."
    ),
    C.ACCUSATION: _l(
        "A report of something unlawful goes to the body that must deal with it, and is never "
        "shown in public. If it is happening now, call 110."
    ),
    C.RIGHTS: _l(
        "A claim goes to the body that decides about it, and is never shown in public. Mind its "
        "deadlines: writing here does not stop them."
    ),
}


def allow_photo() -> None:
    """Let a suggestion come with a photo: more than a form of words."""
    request.max_content_length = MOST_SENT


class SuggestionFields:
    """Mixin: what is said, about what, where, in which language, with a photo, and the consent."""

    text = TextAreaField(
        _l("What should be better?"),
        description=_l("One thing at a time. Leave out names and numbers of other people."),
        filters=[paragraphs],
        validators=[
            DataRequired(_l("Write a sentence or more: between 10 and 4,000 characters.")),
            Length(max=LONGEST, message=_l("At most 4,000 characters.")),
        ],
    )
    category = ChoiceField(_l("What is it about?"), choices=[])
    place = StringField(
        _l("Where is it?"),
        description=_l("In words, such as: the bus stop in front of the north gate."),
        filters=[single_line],
        validators=[Length(max=MOST_PLACE, message=_l("At most 200 characters."))],
    )
    community_id = ChoiceField(_l("Community"), coerce=int, choices=[], default=0)
    language = ChoiceField(_l("Language of the text"), choices=spoken_choices)
    picture = FileField(
        _l("Photo"),
        description=_l(
            "JPEG, PNG or WebP, up to 8 MB, best without faces. Place and camera are taken out of "
            "the file. Only the office sees it, unless you agree below and the office shows it."
        ),
    )
    contact = StringField(
        _l("E-mail or phone number"),
        filters=[strip],
        validators=[Length(max=254, message=_l("At most 254 characters."))],
    )
    may_publish = BooleanField(
        _l("The office may show this suggestion to everybody, without name and contact.")
    )
    once = HiddenField()

    photo: Picture | None = None
    parsed_contact: Contact | None = None

    def offer_choices(self: Any) -> None:
        """Fill the lists, and what a fresh form says of itself."""
        self.category.choices = [
            ("", _("Choose one")),
            *((c.value, str(c.label)) for c in SuggestionCategory),
        ]
        self.community_id.choices = [
            (0, _("I do not know, or several")),
            *((c.id, c.name) for c in all_communities()),
        ]
        if self.language.data is None:
            self.language.data = current_language()
        if not self.once.data:
            self.once.data = new_token()

    def validate_category(self: Any, field: Any) -> None:
        if not field.data and not field.errors:
            raise StopValidation(_("Choose what it is about."))

    def validate_picture(self, field: Any) -> None:
        if field.data:
            self.photo = read_picture(field)

    def read_contact(self, field: Any) -> None:
        """Raises StopValidation if it is neither an address nor a number."""
        try:
            self.parsed_contact = parse_contact(field.data)
        except InvalidInput as error:
            raise StopValidation(str(error.message)) from None

    def words(self: Any) -> dict[str, Any]:
        """What a valid form says of the suggestion itself, for ``Saying``."""
        return {
            "text": self.text.data,
            "category": SuggestionCategory(self.category.data),
            "language": self.language.data,
            "place": self.place.data or "",
            "community_id": self.community_id.data or None,
            "may_publish": self.may_publish.data,
            "picture": self.photo,
            "once": self.once.data or "",
        }
