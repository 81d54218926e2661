"""The words of a law talk's event, as they are proposed until somebody writes better ones."""

from collections.abc import Sequence

from babel.lists import format_list

from hub.i18n import LANGUAGES, _, in_language
from hub.models import Series, Topic
from hub.queries.settings import site_settings
from hub.services.event_data import Words

LONGEST = 120  # a duty's title has to hold it too


def proposed_words(topics: Sequence[Topic], series: Series | None) -> dict[str, Words]:
    """Title and summary in each language of the site in which every topic has a name."""
    spoken = [c for c in site_settings().languages if all(c in t.texts for t in topics)]
    return {code: _words(code, topics, series) for code in spoken or site_settings().languages[:1]}


def _words(code: str, topics: Sequence[Topic], series: Series | None) -> Words:
    names = [topic.text(code).name for topic in topics]
    with in_language(code):
        joined = format_list(names, locale=LANGUAGES[code].locale) if names else ""
        title = _("Law talk: %(topics)s", topics=joined) if names else _("Law talk")
        summary = ""
        if series is not None and code in series.texts:
            summary = _("One of the talks “%(series)s”.", series=series.texts[code].title)
    if len(title) > LONGEST:
        title = f"{title[: LONGEST - 1]}…"
    return Words(title, summary)
