"""Spoken languages to choose from."""

from hub.i18n import SPOKEN, current_language, language_name


def spoken_choices() -> list[tuple[str, str]]:
    """Code and name of each, Chinese and English first, the others by name."""
    display = current_language()
    named = [(code, language_name(code, display)) for code in SPOKEN]
    return sorted(named, key=lambda pair: (pair[0] != "zh", pair[0] != "en", pair[1]))
