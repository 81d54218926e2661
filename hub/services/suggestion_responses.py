"""Official responses to suggestions: versions, a draft each until it is published (rule 15)."""

from collections.abc import Mapping

from hub import clock
from hub.enums import MessageKind, SuggestionOutcome, SuggestionStatus
from hub.exceptions import InvalidInput, WrongState
from hub.extensions import db
from hub.i18n import LANGUAGES, SPOKEN, _l
from hub.models import ResponseText, Suggestion, SuggestionResponse, User
from hub.policies.suggestions import why_not_publish, why_not_respond
from hub.services import audit
from hub.services.backers import tell_followers
from hub.services.messages import queue_suggestion_mail
from hub.services.suggestion_steps import MOST_WORDS, managed, move, refuse

S = SuggestionStatus
SAY_WHY_NOT = _l("Say why it is not adopted. The submitter reads it.")
CONCLUDED = _l("This suggestion is concluded: its response can say more, but not decide otherwise.")


def save_response(
    suggestion_id: int,
    outcome: SuggestionOutcome,
    reason: str,
    texts: Mapping[str, str],
    *,
    by: User,
) -> SuggestionResponse:
    """Write the open draft anew, or begin the next version. ``texts`` by language; nothing has to
    be complete before it is published.

    Raises NotAllowed, OwnCase, WrongState or InvalidInput, which names the field ``text_<code>``.
    """
    row = managed(suggestion_id, by)
    refuse(why_not_respond(by, row), row, by)
    reason = reason.strip()
    if outcome is SuggestionOutcome.NOT_ADOPTED and not reason:
        raise InvalidInput(SAY_WHY_NOT, field="reason")
    written = {code: text.strip() for code, text in texts.items() if text.strip()}
    for code, text in written.items():
        if code not in SPOKEN and code not in LANGUAGES:
            raise InvalidInput(_l("Choose only from the list."))
        if len(text) > MOST_WORDS:
            raise InvalidInput(_l("At most 4,000 characters."), field=f"text_{code}")
    draft = draft_of(row) or _next_version(row, by)
    draft.outcome, draft.reason, draft.written_by_id = outcome, reason, by.id
    for code in set(draft.texts) - set(written):
        del draft.texts[code]
    for code, text in written.items():
        if code in draft.texts:
            draft.texts[code].text = text
        else:
            draft.texts[code] = ResponseText(language=code, text=text)
    db.session.flush()
    after: dict[str, object] = {"version": draft.version, "outcome": outcome}
    audit.record("write", "suggestion", row.id, by=by, after=after)
    return draft


def publish_response(suggestion_id: int, *, by: User) -> SuggestionResponse:
    """Publish the open draft. The first one answers the suggestion; a later one corrects it, and
    decides about the suggestion only while nothing has followed from it.

    Raises NotAllowed, OwnCase, WrongState, or InvalidInput, which names the language that is
    missing as the field ``text_<code>``.
    """
    row = managed(suggestion_id, by)
    refuse(why_not_publish(by, row), row, by)
    draft = draft_of(row)
    if draft is None:
        raise WrongState(_l("There is no draft to publish. Look at the response again."))
    for code in needed_languages(row):
        if code not in draft.texts:
            said = _l("The response must stand in Chinese and in the submitter’s language.")
            raise InvalidInput(said, field=f"text_{code}")
    if row.status.is_final and draft.outcome is not row.outcome:
        raise WrongState(CONCLUDED)
    draft.published_at, draft.published_by_id = clock.now(), by.id
    db.session.flush()
    _answer(row, draft, by)
    queue_suggestion_mail(MessageKind.SUGGESTION_ANSWERED, row)
    if row.public:
        tell_followers(row)
    db.session.expire(row, ["responses"])
    return draft


def draft_of(row: Suggestion) -> SuggestionResponse | None:
    """The version that is being written, if there is one."""
    return next((r for r in row.responses if r.published_at is None), None)


def needed_languages(row: Suggestion) -> tuple[str, ...]:
    """In which languages a response must stand: Chinese, and that of who made the suggestion."""
    return tuple(dict.fromkeys(("zh", row.language)))


def _answer(row: Suggestion, response: SuggestionResponse, by: User) -> None:
    """What the published ``response`` means for the suggestion: its outcome, dates and state."""
    row.outcome, row.paused_on = response.outcome, None
    row.answered_on = row.answered_on or clock.today()
    facts: dict[str, object] = {"version": response.version, "outcome": response.outcome}
    refused = response.outcome is SuggestionOutcome.NOT_ADOPTED
    if refused:
        row.reason = response.reason
    status = row.status
    if status is S.IN_PROGRESS:
        status = S.RESPONDED
    move(row, status, "publish", by=by, reason=response.reason, **facts)
    if status is S.RESPONDED and refused:
        row.concluded_on = clock.today()
        move(row, S.NOT_ADOPTED, "conclude", by=by, reason=response.reason)


def _next_version(row: Suggestion, by: User) -> SuggestionResponse:
    response = SuggestionResponse(
        suggestion_id=row.id,
        version=max((r.version for r in row.responses), default=0) + 1,
        outcome=SuggestionOutcome.ADOPTED,
        written_by_id=by.id,
    )
    row.responses.append(response)
    return response
