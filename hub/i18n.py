"""Languages of the interface, and the way texts are marked for translation.

A language has three names: the short code in addresses and tables (``zh``), the CLDR locale that
Babel formats with (``zh_Hans_CN``) and the BCP 47 tag that browsers read (``zh-Hans``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from flask_babel import force_locale, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

__all__ = [
    "LANGUAGES",
    "SPOKEN",
    "Language",
    "_",
    "_l",
    "current_language",
    "fallback_chain",
    "in_language",
    "language_name",
    "ngettext",
    "territory_name",
]


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the interface."""

    code: str
    locale: str
    tag: str
    name: str
    rtl: bool = False

    @property
    def direction(self) -> str:
        return "rtl" if self.rtl else "ltr"


LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language("en", "en_GB", "en", "English"),
        Language("zh", "zh_Hans_CN", "zh-Hans", "简体中文"),
        Language("ru", "ru_RU", "ru", "Русский"),
        Language("ko", "ko_KR", "ko", "한국어"),
        Language("vi", "vi_VN", "vi", "Tiếng Việt"),
        Language("fr", "fr_FR", "fr", "Français"),
        Language("ar", "ar", "ar", "العربية", rtl=True),
    )
}

# Languages that an event can be held in: those that the students of the three universities speak.
SPOKEN: tuple[str, ...] = (
    *("zh", "en", "ar", "bn", "de", "es", "fa", "fr", "hi", "id", "it", "ja", "kk", "ko", "lo"),
    *("mn", "ms", "ne", "pt", "ru", "si", "sw", "th", "tr", "ur", "uz", "vi"),
)


def current_language() -> str:
    """The short code of the language that texts are being written in now."""
    locale = get_locale()
    return locale.language if locale is not None else "en"


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Write texts in language ``code`` inside the block: the recipient's, not the visitor's."""
    with force_locale(LANGUAGES[code].locale):
        yield


def fallback_chain(wanted: str) -> tuple[str, ...]:
    """The codes in which a text is looked for, best first."""
    return tuple(dict.fromkeys((wanted, "en", "zh", *LANGUAGES)))


@lru_cache(maxsize=512)
def language_name(code: str, display: str) -> str:
    """The name of spoken language ``code``, written in interface language ``display`` (CLDR)."""
    locale = Locale.parse(LANGUAGES[display].locale)
    name = Locale.parse(code).get_language_name(locale) or code
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=1024)
def territory_name(code: str, display: str) -> str:
    """The name of the country ``code`` (ISO 3166), written in interface language ``display``."""
    if not code:
        return ""
    return str(Locale.parse(LANGUAGES[display].locale).territories.get(code, code))
