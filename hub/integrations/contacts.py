"""E-mail addresses and phone numbers: read what people type, fold it for comparison."""

import unicodedata
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from hub.enums import ContactKind
from hub.exceptions import InvalidInput
from hub.i18n import _l


@dataclass(frozen=True, slots=True)
class Contact:
    """A way to reach somebody. ``key`` is equal for two spellings of the same contact (rule 2)."""

    kind: ContactKind
    value: str
    key: str


def fold(text: str) -> str:
    """``text`` with width and case folded: Unicode NFKC, then casefold."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def parse_contact(typed: str) -> Contact:
    """The contact in ``typed``: an e-mail address, or a phone number (Chinese if no country).

    Raises InvalidInput with a sentence for the person.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    return _email(text) if "@" in text else _phone(text)


def _email(text: str) -> Contact:
    try:
        address = validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        raise InvalidInput(
            _l("This is not a complete e-mail address. An example: mina@example.com"),
            field="contact",
        ) from None
    return Contact(ContactKind.EMAIL, address, fold(address))


def _phone(text: str) -> Contact:
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise InvalidInput(
            _l(
                "Enter an e-mail address or a phone number. "
                "A number from another country starts with + and its code."
            ),
            field="contact",
        )
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Contact(ContactKind.PHONE, value, value)
