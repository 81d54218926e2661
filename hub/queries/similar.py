"""Which suggestions say nearly the same: pairs of letters that two texts share (Dice), which works
for Chinese as for English. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from hub.extensions import db
from hub.integrations.contacts import fold
from hub.models import Suggestion, SuggestionText, User
from hub.policies.suggestions import can_manage_suggestion

ENOUGH = 0.35  # of 1: two texts that say the same in other words share about half
BEST = 5
MOST_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Similar:
    """A suggestion, and how much of its text is the same, from 0 to 1."""

    suggestion: Suggestion
    score: float


def letter_pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring letters of ``text``, folded, without blanks and points."""
    letters = "".join(c for c in fold(text) if c.isalnum())
    return frozenset(letters[i : i + 2] for i in range(len(letters) - 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient: 1 for the same pairs, 0 for none in common."""
    together = len(one) + len(other)
    return 2 * len(one & other) / together if together else 0.0


def similar_public(text: str) -> list[Similar]:
    """Public suggestions that say something like ``text``, the most similar first. Compared with
    what staff wrote for all to read, never with what its submitter wrote."""
    newest = (
        select(Suggestion.id)
        .where(Suggestion.public.is_(True))
        .order_by(Suggestion.received_on.desc(), Suggestion.id.desc())
        .limit(MOST_ROWS)
    )
    rows = db.session.execute(
        select(SuggestionText.suggestion_id, SuggestionText.title, SuggestionText.said).where(
            SuggestionText.suggestion_id.in_(newest)
        )
    )
    return _best(letter_pairs(text), ((row[0], words) for row in rows for words in row[1:]))


def similar_for_desk(user: User, suggestion: Suggestion) -> list[Similar]:
    """Others that ``user`` may see at the desk and that say something like ``suggestion``."""
    query = select(Suggestion.id, Suggestion.original).order_by(
        Suggestion.received_on.desc(), Suggestion.id.desc()
    )
    others = db.session.execute(query.where(Suggestion.id != suggestion.id).limit(MOST_ROWS))
    said = {row.id: row.original for row in others}
    texts = select(SuggestionText.suggestion_id, SuggestionText.said, SuggestionText.title)
    written = db.session.execute(texts.where(SuggestionText.suggestion_id.in_(said)))
    pairs = letter_pairs(suggestion.original)
    candidates = [*said.items(), *((row[0], words) for row in written for words in row[1:])]
    found = _best(pairs, candidates, most=MOST_ROWS)
    return [s for s in found if can_manage_suggestion(user, s.suggestion)][:BEST]


def _best(
    pairs: frozenset[str], candidates: Iterable[tuple[int, str]], most: int = BEST
) -> list[Similar]:
    scores: dict[int, float] = {}
    for number, words in candidates:
        score = likeness(pairs, letter_pairs(words))
        if score >= ENOUGH:
            scores[number] = max(score, scores.get(number, 0.0))
    best = sorted(scores, key=lambda number: (-scores[number], number))[:most]
    rows = {s.id: s for s in db.session.scalars(select(Suggestion).where(Suggestion.id.in_(best)))}
    return [Similar(rows[number], scores[number]) for number in best]
