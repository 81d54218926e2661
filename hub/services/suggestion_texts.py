"""What is said to all of a suggestion: its texts by language, and whether it is shown at all."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.enums import Moderation
from hub.exceptions import InvalidInput
from hub.extensions import db
from hub.i18n import LANGUAGES, SPOKEN, _l
from hub.models import Suggestion, SuggestionText, User
from hub.policies.suggestions import why_not_handle, why_not_show
from hub.services import audit
from hub.services.suggestion_steps import CHANGES_IN, MOST_WORDS, managed, refuse

MOST_TITLE = 120
INCOMPLETE = _l("Write a title and what was said, in Chinese and in English at least.")


@dataclass(frozen=True, slots=True)
class Wording:
    """A suggestion in one language, as a person wrote it. ``did`` None: what changed stays as it
    was."""

    title: str
    said: str
    did: str | None = None


def save_texts(
    suggestion_id: int,
    texts: Mapping[str, Wording],
    *,
    by: User,
    photo_public: bool | None = None,
) -> Suggestion:
    """Write the texts by language; one that is emptied is deleted. ``photo_public``: whether the
    photo is shown with them (None: as it was).

    Raises NotAllowed, OwnCase or InvalidInput, which names the field ``text_<code>.title``.
    """
    row = managed(suggestion_id, by)
    refuse(why_not_handle(by, row), row, by)
    for code, words in texts.items():
        _check(code, words)
        _write(row, code, words, by)
    if photo_public is not None:
        row.photo_public = photo_public and row.photo_name is not None
    if row.public and missing_texts(row):
        raise InvalidInput(INCOMPLETE)
    db.session.flush()
    after: dict[str, object] = {"languages": sorted(texts)}
    audit.record("translate", "suggestion", row.id, by=by, after=after)
    return row


def show_to_all(suggestion_id: int, *, by: User) -> Suggestion:
    """Show it on the public list; that a person looked at it is noted with it.

    Raises NotAllowed, OwnCase, WrongState or InvalidInput.
    """
    row = managed(suggestion_id, by)
    refuse(why_not_show(by, row), row, by)
    if missing_texts(row):
        raise InvalidInput(INCOMPLETE)
    row.moderation, row.public = Moderation.FIT, True
    _note(row, "show", by)
    return row


def hide(suggestion_id: int, *, by: User) -> Suggestion:
    """Show it to nobody any more. Raises NotAllowed or OwnCase."""
    row = managed(suggestion_id, by)
    refuse(why_not_handle(by, row), row, by)
    row.public = False
    _note(row, "hide", by)
    return row


def moderate(suggestion_id: int, moderation: Moderation, *, by: User) -> Suggestion:
    """Note whether it may be shown to all; what may not is hidden. Raises NotAllowed or OwnCase."""
    row = managed(suggestion_id, by)
    refuse(why_not_handle(by, row), row, by)
    row.moderation = moderation
    row.public = row.public and moderation is Moderation.FIT
    _note(row, "moderate", by)
    return row


def missing_texts(row: Suggestion) -> list[str]:
    """The languages in which title or text are still to be written before it can be shown."""
    written = {code for code, text in row.texts.items() if text.title and text.said}
    return [code for code in CHANGES_IN if code not in written]


def _check(code: str, words: Wording) -> None:
    if code not in SPOKEN and code not in LANGUAGES:
        raise InvalidInput(_l("Choose only from the list."))
    if len(words.title.strip()) > MOST_TITLE:
        raise InvalidInput(_l("At most 120 characters."), field=f"text_{code}.title")
    for name, text in (("said", words.said), ("did", words.did or "")):
        if len(text.strip()) > MOST_WORDS:
            raise InvalidInput(_l("At most 4,000 characters."), field=f"text_{code}.{name}")
    if words.said.strip() and not words.title.strip():
        raise InvalidInput(_l("Give it a title, too."), field=f"text_{code}.title")


def _write(row: Suggestion, code: str, words: Wording, by: User) -> None:
    kept = row.texts.get(code)
    earlier = kept.did if kept else ""
    did = earlier if words.did is None else words.did.strip()
    new = (words.title.strip(), words.said.strip(), did)
    if not any(new):
        row.texts.pop(code, None)
    elif kept is None:
        title, said, did = new
        row.texts[code] = SuggestionText(
            language=code, title=title, said=said, did=did, by_id=by.id
        )
    elif new != (kept.title, kept.said, kept.did):
        kept.title, kept.said, kept.did = new
        kept.by_id = by.id


def _note(row: Suggestion, action: str, by: User) -> None:
    db.session.flush()
    after: dict[str, object] = {"public": row.public, "moderation": row.moderation}
    audit.record(action, "suggestion", row.id, by=by, after=after)
