"""Mails about suggestions: to whom they go, and what their templates speak of.

Those to the staff go to accounts (NOTE_PAGES in hub/web/mails.py); they name the suggestion and
say nothing of what stands in it, because a complaint is nobody else's to read.
"""

from collections.abc import Callable
from typing import Any

from hub.enums import MessageKind, SuggestionEntryKind, SuggestionStatus
from hub.extensions import db
from hub.integrations.signing import backer_token, suggestion_token
from hub.models import Backer, Message, Suggestion
from hub.policies.suggestions import due_day
from hub.queries.settings import site_settings

K = MessageKind
ABOUT_SUGGESTIONS = tuple(kind for kind in K if kind.value.startswith("suggestion_"))
TO_STAFF = (K.SUGGESTION_OWNED, K.SUGGESTION_BACK, K.SUGGESTION_OVERDUE)
TO_BACKERS = (K.SUGGESTION_CONFIRM, K.SUGGESTION_NEWS)
BEGINNING = 60  # characters of a text that stand for its title

AddressOf = Callable[..., str]  # absolute_url of hub/web/mails.py


def suggestion_reader(message: Message) -> tuple[str, str] | None:
    """Address and language of its reader; no address if they are gone. None: it goes to nobody who
    made a suggestion or stands behind one."""
    if (row := message.suggestion) is not None:
        return ("", "") if row.erased_on is not None else _reached(row, row.contact)
    if (backer := message.backer) is not None:
        return _reached(backer, backer.email)
    return None


def _reached(person: Suggestion | Backer, contact: str) -> tuple[str, str]:
    """By their account, if they have one."""
    user = person.user
    if user is None:
        return contact, person.language
    return ("", "") if user.erased_at is not None else (user.email or "", user.language)


def suggestion_of(message: Message) -> Suggestion | None:
    """What the message is about, whoever reads it."""
    if message.suggestion is not None:
        return message.suggestion
    if message.backer is not None:
        return message.backer.suggestion
    if message.kind in TO_STAFF and message.subject_id is not None:
        return db.session.get(Suggestion, message.subject_id)
    return None


def suggestion_values(message: Message, code: str, address_of: AddressOf) -> dict[str, Any]:
    """What the templates ``email/suggestion_*.txt`` to people outside speak of."""
    row = suggestion_of(message)
    if row is None:
        raise LookupError("not about a suggestion")
    own = own_language(row, code)
    values: dict[str, Any] = {
        "suggestion": row,
        "title": title_in(row, own),
        "facts": message.facts or {},
        "done": row.status is SuggestionStatus.DONE,
        "response": _response(row, own, code),
        "did": _did(row, own, code),
        "public_url": address_of("suggestions.show", suggestion_id=row.id) if row.public else "",
    }
    if (backer := message.backer) is not None:
        token = backer_token(backer.id)
        name = backer.user.name if backer.user is not None else ""
        return values | {
            "name": name,
            "backing_url": address_of("suggestions.backing", token=token),
        }
    same = row.duplicate_of
    return values | {
        "name": row.name or (row.user.name if row.user is not None else ""),
        "question": _newest_question(row),
        "same_number": same.number if same is not None else "",
        "same_url": address_of("suggestions.show", suggestion_id=same.id)
        if same is not None and same.public
        else "",
        "suggestion_url": address_of("suggestions.mine", token=suggestion_token(row.code or "")),
    }


def note_values(message: Message) -> dict[str, Any]:
    """What the templates to the staff speak of beside the account; empty for other kinds."""
    row = suggestion_of(message)
    if row is None:
        return {}
    reopened = row.status is SuggestionStatus.REOPENED
    return {"suggestion": row, "due": due_day(row), "reopened": reopened}


def own_language(row: Suggestion, code: str) -> str:
    """The language in which its words are quoted in a mail in ``code``: the one it was made in, if
    no mail is written in that."""
    return code if row.language in site_settings().languages else row.language


def title_in(row: Suggestion, code: str) -> str:
    """Its title in ``code``; while there is none, how its text begins."""
    if code in row.texts and row.texts[code].title:
        return row.texts[code].title
    if row.public:
        return row.title
    words = " ".join(row.original.split()) or row.number
    return words if len(words) <= BEGINNING else f"{words[: BEGINNING - 1]}…"


def _response(row: Suggestion, own: str, code: str) -> str:
    said = row.response
    if said is None:
        return ""
    return (said.texts.get(own) or said.text(code)).text


def _did(row: Suggestion, own: str, code: str) -> str:
    if not row.texts:
        return ""
    wanted = row.texts.get(own)
    return (wanted if wanted is not None and wanted.did else row.text(code)).did


def _newest_question(row: Suggestion) -> str:
    asked = [entry.text for entry in row.entries if entry.kind is SuggestionEntryKind.QUESTION]
    return asked[-1] if asked else ""
