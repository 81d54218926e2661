"""The steps of a suggestion at the desk, from the acknowledgement to the end (rules 5, 6, 15)."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from flask_babel import LazyString
from sqlalchemy import select
from sqlalchemy.orm import lazyload

from hub import clock
from hub.enums import MessageKind, SuggestionCategory, SuggestionEntryKind, SuggestionStatus
from hub.exceptions import InvalidInput, NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.i18n import _l
from hub.models import Community, Suggestion, SuggestionEntry, SuggestionText, User
from hub.policies.suggestions import (
    can_manage_suggestion,
    is_own_suggestion,
    usual_due,
    why_not_ask_submitter,
    why_not_handle,
    why_not_move,
    why_not_take_apart,
    why_not_triage,
)
from hub.services import audit
from hub.services.backers import tell_followers
from hub.services.messages import queue_note, queue_suggestion_mail

S = SuggestionStatus
MOST_WORDS = 4000
CHANGES_IN = ("zh", "en")  # in which languages at least it is said what changed


def acknowledge(suggestion_id: int, *, by: User) -> Suggestion:
    """Tell whoever made it that it has been read. Raises NotAllowed, OwnCase or WrongState."""
    row = _ready(suggestion_id, S.ACKNOWLEDGED, by)
    row.acknowledged_on = clock.today()
    move(row, S.ACKNOWLEDGED, "acknowledge", by=by)
    queue_suggestion_mail(MessageKind.SUGGESTION_ACKNOWLEDGED, row)
    return row


def triage(
    suggestion_id: int,
    category: SuggestionCategory,
    owner_id: int,
    due_on: date | None,
    *,
    by: User,
    community_id: int | Literal["same"] | None = "same",
    reason: str = "",
) -> Suggestion:
    """Say what it is about, who answers it and by when (None: the usual day); also again, with a
    reason, while it is worked on. ``community_id`` None: the whole subdistrict.

    Raises NotAllowed, OwnCase, WrongState or InvalidInput.
    """
    row = managed(suggestion_id, by)
    refuse(why_not_triage(by, row), row, by)
    again = row.status in (S.TRIAGED, S.IN_PROGRESS)
    said = audit.needed_reason(reason) if again else reason.strip()
    due = due_on or usual_due(clock.today())
    if due < clock.today():
        raise InvalidInput(_l("This day has passed. Choose a later one."), field="due_on")
    before, earlier_owner = _assigned(row), row.owner_id
    row.category = category
    if category.is_referred:
        row.public = False  # rule 15
    if community_id != "same":
        _to_community(row, community_id)
    row.owner_id, row.due_on = _owner(row, owner_id).id, due
    if not again:
        row.status = S.TRIAGED
    db.session.flush()
    db.session.refresh(row, ["community", "owner"])
    audit.record(
        "triage", "suggestion", row.id, by=by, before=before, after=_assigned(row), reason=said
    )
    if row.owner is not None and row.owner.id not in (by.id, earlier_owner if again else None):
        queue_note(MessageKind.SUGGESTION_OWNED, row.owner, row.id)
    return row


def start_work(suggestion_id: int, *, by: User) -> Suggestion:
    """Somebody works on it now. Raises NotAllowed, OwnCase or WrongState."""
    row = _ready(suggestion_id, S.IN_PROGRESS, by)
    move(row, S.IN_PROGRESS, "start", by=by)
    return row


def ask_submitter(suggestion_id: int, text: str, *, by: User) -> SuggestionEntry:
    """Ask whoever made it for something; the clock stands until they answer.

    Raises NotAllowed, OwnCase, WrongState or InvalidInput.
    """
    row = managed(suggestion_id, by)
    refuse(why_not_ask_submitter(by, row), row, by)
    entry = SuggestionEntry(
        suggestion_id=row.id,
        kind=SuggestionEntryKind.QUESTION,
        text=needed_text(text, _l("Write your question first."), "text"),
        by_id=by.id,
        on=clock.today(),
    )
    db.session.add(entry)
    row.paused_on = clock.today()
    db.session.flush()
    db.session.expire(row, ["entries"])
    audit.record("ask", "suggestion", row.id, by=by)
    queue_suggestion_mail(MessageKind.SUGGESTION_QUESTION, row)
    return entry


def refer(suggestion_id: int, to: str, reference: str, reason: str, *, by: User) -> Suggestion:
    """Hand it over to whoever must deal with it; it is shown to nobody any more (rule 15).

    ``to``: the body, ``reference``: its number for it, perhaps none. Raises NotAllowed, OwnCase,
    WrongState or InvalidInput.
    """
    row = _ready(suggestion_id, S.REFERRED, by)
    if not to.strip():
        raise InvalidInput(_l("Say to whom it is handed over."), field="to")
    row.reason = audit.needed_reason(reason)
    row.referred_to, row.reference = to.strip(), reference.strip()
    row.public = False
    _conclude(row)
    move(row, S.REFERRED, "refer", by=by, reason=row.reason, referred_to=row.referred_to)
    queue_suggestion_mail(MessageKind.SUGGESTION_REFERRED, row)
    return row


def join_duplicate(suggestion_id: int, of_id: int, *, by: User) -> Suggestion:
    """It says the same as another one, whose answer answers both. If that one is joined with a
    third one, so is this. Whoever says "me too" stays where they said it.

    Raises NotAllowed, OwnCase, WrongState or InvalidInput.
    """
    for one in sorted({suggestion_id, of_id}):  # in one order: two joins cannot wait for each other
        lock_suggestion(one)
    row = _ready(suggestion_id, S.DUPLICATE, by)
    found = db.session.get(Suggestion, of_id)
    if found is None or not (found.public or can_manage_suggestion(by, found)):
        raise InvalidInput(_l("There is no suggestion with this number at your desk."), field="of")
    root = found.duplicate_of or found
    if root.id == row.id:
        raise InvalidInput(_l("This is the suggestion itself. Choose another one."), field="of")
    if db.session.scalar(select(Suggestion.id).where(Suggestion.duplicate_of_id == row.id)):
        raise WrongState(_l("Others are joined with this one. Join it the other way round."))
    row.duplicate_of_id = root.id
    _conclude(row)
    move(row, S.DUPLICATE, "join", by=by, number=root.number)
    db.session.expire(root, ["duplicates"])
    db.session.expire(row, ["duplicate_of"])
    queue_suggestion_mail(MessageKind.SUGGESTION_JOINED, row)
    return row


def take_apart(suggestion_id: int, *, by: User) -> Suggestion:
    """It was joined with another one by mistake: its owner answers it after all.

    Raises NotAllowed, OwnCase or WrongState.
    """
    row = managed(suggestion_id, by)
    refuse(why_not_take_apart(by, row), row, by)
    root = row.duplicate_of
    row.duplicate_of_id = row.concluded_on = None
    move(row, S.TRIAGED, "take_apart", by=by)
    if root is not None:
        db.session.expire(root, ["duplicates"])
    db.session.expire(row, ["duplicate_of"])
    return row


def conclude(suggestion_id: int, changes: Mapping[str, str], *, by: User) -> Suggestion:
    """Say what has changed, by language, in Chinese and English at least: it is done.

    Raises NotAllowed, OwnCase, WrongState or InvalidInput, which names the field ``did_<code>``.
    """
    row = _ready(suggestion_id, S.DONE, by)
    for code in CHANGES_IN:
        if not changes.get(code, "").strip():
            said = _l("Say what has changed, in Chinese and in English at least.")
            raise InvalidInput(said, field=f"did_{code}")
    for code, words in changes.items():
        did = words.strip()[:MOST_WORDS]
        if code in row.texts:
            row.texts[code].did = did
        elif did:
            row.texts[code] = SuggestionText(language=code, title="", did=did, by_id=by.id)
    _conclude(row)
    move(row, S.DONE, "conclude", by=by)
    queue_suggestion_mail(MessageKind.SUGGESTION_DONE, row)
    if row.public:
        tell_followers(row)
    return row


# --- for this module and those of responses and texts --------------------------------------------


def lock_suggestion(suggestion_id: int) -> Suggestion | None:
    """The suggestion, read anew under a lock of its row."""
    return db.session.execute(
        select(Suggestion)
        .where(Suggestion.id == suggestion_id)
        .options(lazyload("*"))
        .with_for_update(of=Suggestion)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def managed(suggestion_id: int, by: User) -> Suggestion:
    """The suggestion under a lock, if it is one of ``by``'s desk. Raises NotAllowed."""
    row = lock_suggestion(suggestion_id)
    if row is None or not can_manage_suggestion(by, row):
        raise NotAllowed
    return row


def refuse(reason: LazyString | None, row: Suggestion, by: User) -> None:
    """Raise what a policy's ``reason`` means, if there is one: OwnCase or WrongState."""
    if reason is not None:
        raise (OwnCase if is_own_suggestion(by, row) else WrongState)(reason)


def needed_text(text: str, refusal: LazyString, field: str) -> str:
    """The text without blanks around it. Raises InvalidInput if there is none or too much."""
    text = text.strip()
    if not text:
        raise InvalidInput(refusal, field=field)
    if len(text) > MOST_WORDS:
        raise InvalidInput(_l("At most 4,000 characters."), field=field)
    return text


def move(
    row: Suggestion,
    status: SuggestionStatus,
    action: str,
    *,
    by: User | None,
    reason: str = "",
    **facts: object,
) -> None:
    """Write the new state and the line of the audit trail (rule 6)."""
    before: dict[str, object] = {"status": row.status}
    row.status = status
    db.session.flush()
    after: dict[str, object] = {"status": status, **facts}
    audit.record(action, "suggestion", row.id, by=by, before=before, after=after, reason=reason)


def _ready(suggestion_id: int, to: SuggestionStatus, by: User) -> Suggestion:
    row = managed(suggestion_id, by)
    refuse(why_not_move(by, row, to), row, by)
    return row


def _conclude(row: Suggestion) -> None:
    row.concluded_on, row.paused_on = clock.today(), None


def _to_community(row: Suggestion, community_id: int | None) -> None:
    if community_id is not None and db.session.get(Community, community_id) is None:
        raise InvalidInput(_l("Choose one from the list."), field="community_id")
    row.community_id = community_id


def _owner(row: Suggestion, owner_id: int) -> User:
    """Who shall answer it: staff who may. Raises InvalidInput."""
    owner = db.session.get(User, owner_id)
    if owner is None or not owner.active or not can_manage_suggestion(owner, row):
        raise InvalidInput(
            _l("Choose somebody of the staff who looks after this community."), field="owner_id"
        )
    if why_not_handle(owner, row):
        raise InvalidInput(
            _l("They made or wrote down this suggestion themselves: choose a colleague."),
            field="owner_id",
        )
    return owner


def _assigned(row: Suggestion) -> dict[str, object]:
    return {
        "status": row.status,
        "category": row.category,
        "community_id": row.community_id,
        "user_id": row.owner_id,
        "due_on": row.due_on.isoformat() if row.due_on else None,
    }
