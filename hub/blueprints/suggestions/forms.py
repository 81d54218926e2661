"""Forms of visitors who make a suggestion, follow one or stand behind one."""

from typing import Any

from wtforms import BooleanField, EmailField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, StopValidation

from hub.enums import ContactKind, SuggestionIdentity, Verdict
from hub.exceptions import InvalidInput
from hub.i18n import _, _l
from hub.integrations.contacts import Contact, parse_contact
from hub.models import User
from hub.services.suggestion_links import LONGEST
from hub.services.suggestions import Saying
from hub.web.forms import ChoiceField, GuardedForm, HubForm, paragraphs, strip
from hub.web.suggestion_form import SuggestionFields

# What somebody with an account may tap: what it changes (hub/services/backers.py).
WISHES: dict[str, dict[str, bool]] = {
    "me_too": {"me_too": True},
    "not_me_too": {"me_too": False},
    "follow": {"follows": True},
    "not_follow": {"follows": False},
}
I = SuggestionIdentity  # noqa: E741 - short as the others


class SuggestForm(SuggestionFields, GuardedForm):
    """``suggest_form`` fills in the choices."""

    identity = RadioField(
        _l("How can we reach you?"),
        choices=lambda: [(i.value, i.label) for i in I],
        default=I.CONTACT.value,
        validate_choice=False,
    )

    def validate_identity(self, field: Any) -> None:
        if field.data not in [i.value for i in I]:
            raise StopValidation(_("Choose one from the list."))

    def validate_contact(self, field: Any) -> None:
        """Only whoever wants to be reached by it: what else stands there is not even read."""
        if self.identity.data == I.CONTACT.value and field.data and not field.errors:
            self.read_contact(field)

    def saying(self) -> Saying:
        """What was typed; only after the form was found valid."""
        identity = I(self.identity.data)
        contact = self.parsed_contact if identity is I.CONTACT else None
        return Saying(identity=identity, contact=contact, **self.words())


def suggest_form(user: User | None) -> Any:
    form: Any = SuggestForm()
    form.offer_choices()
    labels = {i: i.label for i in I}
    if user is not None:
        labels[I.CONTACT] = _l("Through my account: I see it under “My things”")
        labels[I.CODE] = _l("Only with a code: it is not tied to my account")
    form.identity.choices = [(i.value, label) for i, label in labels.items()]
    return form


class FollowForm(HubForm):
    code = StringField(
        _l("Claim code"),
        description=_l("Twelve letters and digits. Capitals, blanks and dashes do not matter."),
        filters=[strip],
        validators=[DataRequired(_l("Type the code that stands on your slip."))],
    )


class WordsForm(HubForm):
    """A text to the office: an answer, or why it should be looked at again."""

    text = TextAreaField(
        _l("Your answer"),
        filters=[paragraphs],
        validators=[
            DataRequired(_l("Write a sentence.")),
            Length(max=LONGEST, message=_l("At most 2,000 characters.")),
        ],
    )


class ReopenForm(WordsForm):
    text = TextAreaField(
        _l("What is still missing?"),
        filters=[paragraphs],
        validators=[
            DataRequired(_l("Write a sentence.")),
            Length(max=LONGEST, message=_l("At most 2,000 characters.")),
        ],
    )


class JudgeForm(HubForm):
    verdict = RadioField(
        _l("Is it really done?"),
        choices=lambda: [(v.value, v.label) for v in Verdict],
        validate_choice=False,
    )
    text = TextAreaField(
        _l("Anything to add?"),
        filters=[paragraphs],
        validators=[Length(max=LONGEST, message=_l("At most 2,000 characters."))],
    )

    def validate_verdict(self, field: Any) -> None:
        if field.data not in [v.value for v in Verdict]:
            raise StopValidation(_("Choose one of the three."))


class ContactForm(HubForm):
    contact = StringField(
        _l("E-mail or phone number"),
        description=_l("Leave it empty if only the code should open this page."),
        filters=[strip],
        validators=[Length(max=254, message=_l("At most 254 characters."))],
    )

    parsed_contact: Contact | None = None

    def validate_contact(self, field: Any) -> None:
        if field.data and not field.errors:
            self.parsed_contact = _parsed(field.data)


class EraseForm(HubForm):
    with_original = BooleanField(_l("Also delete what I wrote"))


class BackForm(GuardedForm):
    """ "Me too" and following without an account."""

    contact = EmailField(
        _l("E-mail address"),
        description=_l("We send a link to it, and nothing counts before you have opened that."),
        filters=[strip],
        validators=[
            DataRequired(_l("Enter your e-mail address.")),
            Length(max=254, message=_l("At most 254 characters.")),
        ],
    )
    me_too = BooleanField(_l("Me too: I would like this as well"), default=True)
    follows = BooleanField(_l("Follow: write to me when something happens"))

    parsed_contact: Contact | None = None

    def validate_contact(self, field: Any) -> None:
        if field.errors:
            return
        self.parsed_contact = _parsed(field.data)
        if self.parsed_contact.kind is not ContactKind.EMAIL:
            raise StopValidation(_("Enter an e-mail address."))


class BackingForm(HubForm):
    me_too = BooleanField(_l("Me too: I would like this as well"))
    follows = BooleanField(_l("Follow: write to me when something happens"))


class WishForm(HubForm):
    """One tap of somebody with an account: which button it was."""

    wish = ChoiceField(choices=lambda: [(w, w) for w in WISHES])


def _parsed(typed: str) -> Contact:
    try:
        return parse_contact(typed)
    except InvalidInput as error:
        raise StopValidation(str(error.message)) from None
