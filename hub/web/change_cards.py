"""What changed because somebody said so, made ready for its pages, the home page and the poster."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from hub.enums import SuggestionCategory, SuggestionOutcome, SuggestionStatus
from hub.i18n import LANGUAGES, current_language, fallback_chain
from hub.models import Suggestion, SuggestionText
from hub.queries.changes import Change
from hub.web.cards import foreign_tag
from hub.web.filters import lang_tag, spoken_name

C = SuggestionCategory
# The picture of each category that may be public (img/icons.svg).
CATEGORY_ICONS = {
    C.PUBLIC_SPACE: "bamboo",
    C.SIGNS: "flag",
    C.SPORT_AND_CULTURE: "lantern",
    C.HOUSING: "home",
    C.TRAFFIC: "swap",
    C.SERVICES: "desk",
    C.LANGUAGE: "globe",
    C.OTHER: "bulb",
}
ON_POSTER = 3
# Characters of a title, and of what was done, that fit into a column of the paper.
ROOM_ON_POSTER = {"zh": (28, 66), "en": (60, 150)}


@dataclass(frozen=True, slots=True)
class ChangeCard:
    """One suggestion and what came of it, in words. ``tag``: of a text that is not in the language
    of the page. ``did`` is the reason of one that is not adopted."""

    url: str
    icon: str
    category: str
    community: str
    title: str
    said: str
    tag: str | None
    did: str
    did_tag: str | None
    me_too: int
    collected: bool
    partly: bool
    concluded_on: date | None


@dataclass(frozen=True, slots=True)
class PosterWords:
    """A change in one language of the poster."""

    tag: str
    said: str
    did: str


@dataclass(frozen=True, slots=True)
class PosterItem:
    icon: str
    words: list[PosterWords]


def change_cards(changes: Sequence[Change]) -> list[ChangeCard]:
    return [_card(change) for change in changes]


def changed_words(row: Suggestion) -> list[tuple[str, str, str]]:
    """Tag, language and words of what has changed, for whoever made it: in the language it was
    made in and that of the page, or else the next best; empty until it is done."""
    if row.status is not SuggestionStatus.DONE or not row.texts:
        return []
    written = {code for code, text in row.texts.items() if text.did}
    codes = [c for c in dict.fromkeys((row.language, current_language())) if c in written]
    codes = codes or [c for c in fallback_chain(current_language()) if c in written][:1]
    return [(lang_tag(c), spoken_name(c), row.texts[c].did) for c in codes]


def poster_items(changes: Sequence[Change]) -> list[PosterItem]:
    """What most people stood behind, as much as fits on the paper, in Chinese and the language of
    the page (or English)."""
    first = sorted((c for c in changes if c.is_done), key=lambda change: -change.me_too)
    return [
        PosterItem(CATEGORY_ICONS[change.suggestion.category], _on_poster(change.suggestion))
        for change in first[:ON_POSTER]
    ]


def poster_languages() -> list[str]:
    other = "en" if current_language() == "zh" else "zh"
    return [current_language(), other]


def _card(change: Change) -> ChangeCard:
    row = change.suggestion
    text = _text(row)
    did, did_tag = _did(row) if change.is_done else _why_not(row)
    return ChangeCard(
        url=url_for("suggestions.show", suggestion_id=row.id),
        icon=CATEGORY_ICONS[row.category],
        category=str(row.category.label),
        community=row.community.name if row.community is not None else "",
        title=text.title,
        said=text.said,
        tag=foreign_tag(text.language),
        did=did,
        did_tag=did_tag,
        me_too=change.me_too,
        collected=row.collected_by_id is not None,
        partly=row.outcome is SuggestionOutcome.PARTLY,
        concluded_on=row.concluded_on,
    )


def _text(row: Suggestion, language: str | None = None) -> SuggestionText:
    """The best one with a title: a row may say only what changed."""
    return _best(row, "title", language)


def _did(row: Suggestion) -> tuple[str, str | None]:
    best = _best(row, "did")
    return best.did, foreign_tag(best.language)


def _best(row: Suggestion, field: str, language: str | None = None) -> SuggestionText:
    """The first text, from ``language`` (or that of the page) on, in which ``field`` is there."""
    codes = [c for c in fallback_chain(language or current_language()) if c in row.texts]
    return next((row.texts[c] for c in codes if getattr(row.texts[c], field)), row.texts[codes[0]])


def _why_not(row: Suggestion) -> tuple[str, str | None]:
    """What the office answered, if it did so in the language of the page; else its reason, which
    stands in whatever language it was written in."""
    response = row.response
    if response is not None and current_language() in response.texts:
        return response.texts[current_language()].text, None
    return row.reason, None


def _on_poster(row: Suggestion) -> list[PosterWords]:
    found = []
    for code in poster_languages():
        text = _text(row, code)
        title, did = ROOM_ON_POSTER.get(text.language, ROOM_ON_POSTER["en"])
        tag = LANGUAGES[text.language].tag
        found.append(PosterWords(tag, _cut(text.title, title), _cut(text.did, did)))
    return found


def _cut(words: str, room: int) -> str:
    """Shortened between two words, where there are blanks."""
    if len(words) <= room:
        return words
    head = words[: room - 1]
    return f"{head.rpartition(' ')[0] or head}…"
