"""What whoever made a suggestion does with it, through its private page (rules 15, 16, 18)."""

from hub import clock
from hub.enums import (
    MessageKind,
    RequestKind,
    SuggestionEntryKind,
    SuggestionIdentity,
    SuggestionStatus,
    Verdict,
)
from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.i18n import _l
from hub.integrations.contacts import Contact
from hub.models import Suggestion, SuggestionEntry, User
from hub.policies.suggestions import why_not_answer, why_not_judge, why_not_reopen
from hub.services import audit
from hub.services.messages import queue_note
from hub.services.privacy import note_request
from hub.services.suggestion_erasure import empty_suggestion, go_on
from hub.services.suggestion_steps import lock_suggestion, move
from hub.services.suggestions import plain_words

LONGEST = 2000  # characters of what is written beside the suggestion itself


def answer_question(suggestion_id: int, text: str) -> Suggestion:
    """Answer what the office asked: the clock runs again, later by the working days for which it
    stood. Raises WrongState or InvalidInput."""
    row = _locked(suggestion_id)
    if reason := why_not_answer(row):
        raise WrongState(reason)
    _write(row, SuggestionEntryKind.ANSWER, text)
    go_on(row)
    audit.record("answer", "suggestion", row.id, by=None)
    _tell_owner(row)
    db.session.flush()
    return row


def reopen(suggestion_id: int, text: str) -> Suggestion:
    """What is concluded is looked at again, from the first step. Raises WrongState or
    InvalidInput."""
    row = _locked(suggestion_id)
    if reason := why_not_reopen(row):
        raise WrongState(reason)
    _write(row, SuggestionEntryKind.REOPENED, text)
    row.concluded_on, row.counted_on = None, clock.today()
    row.asked_on, row.verdict, row.duplicate_of_id = None, None, None
    move(row, SuggestionStatus.REOPENED, "reopen", by=None)
    _tell_owner(row)
    db.session.flush()
    return row


def judge(suggestion_id: int, verdict: Verdict, text: str) -> Suggestion:
    """Say whether what is said to be done is done. Raises WrongState or InvalidInput."""
    row = _locked(suggestion_id)
    if reason := why_not_judge(row):
        raise WrongState(reason)
    row.verdict = verdict
    _write(row, SuggestionEntryKind.VERDICT, text, needed=False)
    audit.record("judge", "suggestion", row.id, by=None, after={"verdict": verdict.value})
    db.session.flush()
    return row


def allow_publishing(suggestion_id: int, allowed: bool) -> Suggestion:
    """Give or withdraw the consent to show it to all; withdrawn, it is hidden at once (rule 18).
    Raises WrongState."""
    row = _locked(suggestion_id)
    if row.erased_on is not None:
        raise WrongState(_l("This data has been deleted already."))
    if allowed and row.category.is_referred:
        raise WrongState(_l("Complaints, reports and claims are handed over and never shown."))
    if allowed == row.may_publish:
        return row
    row.may_publish = allowed
    if not allowed:
        row.public, row.photo_public = False, False
    action = "allow_publishing" if allowed else "forbid_publishing"
    audit.record(action, "suggestion", row.id, by=None)
    db.session.flush()
    return row


def correct_contact(suggestion_id: int, contact: Contact | None) -> Suggestion:
    """Write to another address, or to none: then only the code opens it. Raises WrongState."""
    row = _locked(suggestion_id)
    if row.erased_on is not None:
        raise WrongState(_l("This data has been deleted already."))
    if row.user_id is not None:
        raise WrongState(_l("This suggestion belongs to an account: change your address there."))
    if contact is not None:
        row.contact_kind, row.contact = contact.kind, contact.value
        row.identity = SuggestionIdentity.CONTACT
    else:
        row.contact, row.identity = "", SuggestionIdentity.CODE
    note_request(RequestKind.CORRECT, "suggestion", row.id)
    audit.record("correct", "suggestion", row.id, by=None)
    db.session.flush()
    return row


def erase_suggestion(suggestion_id: int, *, with_original: bool) -> None:
    """Delete the person from a suggestion, and what they wrote if they wish. The link and the
    code open nothing any more. Raises WrongState if it was done before."""
    row = _locked(suggestion_id)
    if row.erased_on is not None:
        raise WrongState(_l("This data has been deleted already."))
    empty_suggestion(row, with_original=with_original)
    note_request(RequestKind.DELETE, "suggestion", row.id)
    audit.record("erase", "suggestion", row.id, by=None, after={"original": with_original})
    db.session.flush()


def _locked(suggestion_id: int) -> Suggestion:
    """Raises NotAllowed if it is not there."""
    row = lock_suggestion(suggestion_id)
    if row is None:
        raise NotAllowed
    return row


def _write(row: Suggestion, kind: SuggestionEntryKind, text: str, *, needed: bool = True) -> None:
    words = plain_words(text)
    if needed and not words:
        raise InvalidInput(_l("Write a sentence."), field="text")
    if len(words) > LONGEST:
        raise InvalidInput(_l("At most 2,000 characters."), field="text")
    db.session.add(SuggestionEntry(suggestion_id=row.id, kind=kind, text=words, on=clock.today()))


def _tell_owner(row: Suggestion) -> None:
    if row.owner_id is not None:
        owner = db.session.get_one(User, row.owner_id)
        queue_note(MessageKind.SUGGESTION_BACK, owner, row.id)
