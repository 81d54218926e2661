"""Suggestions and surveys to test with: rows as the services leave them, in any state."""

import hashlib
from datetime import date
from itertools import count
from typing import Any

from hub import clock
from hub.enums import (
    Moderation,
    SignUpStatus,
    SuggestionCategory,
    SuggestionIdentity,
    SuggestionOutcome,
    SuggestionStatus,
    SurveyQuestion,
)
from hub.extensions import db
from hub.integrations.contacts import parse_contact
from hub.integrations.signing import new_code
from hub.models import (
    Backer,
    Community,
    Event,
    ResponseText,
    SignUp,
    Suggestion,
    SuggestionResponse,
    SuggestionText,
    SurveyAnswer,
    User,
)
from hub.policies.suggestions import usual_due
from hub.services.surveys import Said, give_answer
from hub.transaction import unit_of_work
from tests.factories import make_sign_up

S = SuggestionStatus
Q = SurveyQuestion
_numbers = count(100_000_001)
WORDS = "Please put signs in English at the gate."


def make_suggestion(
    original: str = "",
    *,
    status: SuggestionStatus = S.RECEIVED,
    community: Community | None = None,
    category: SuggestionCategory = SuggestionCategory.SIGNS,
    contact: str = "mina@example.com",
    identity: SuggestionIdentity = SuggestionIdentity.CONTACT,
    owner: User | None = None,
    **fields: Any,
) -> Suggestion:
    """A suggestion with an e-mail address. A state after triage needs ``owner``; one with a
    response gets a published one by ``owner``. ``fields`` are columns."""
    number = next(_numbers)
    text = original or f"{WORDS} ({number})"
    today: date = fields.pop("received_on", clock.today())
    reached = parse_contact(contact) if contact and identity is SuggestionIdentity.CONTACT else None
    values: dict[str, Any] = {
        "id": number,
        "code": None if identity is SuggestionIdentity.ANONYMOUS else new_code(),
        "identity": identity,
        "contact": reached.value if reached else "",
        "category": category,
        "community_id": community.id if community else None,
        "original": text,
        "text_digest": hashlib.sha256(text.encode()).hexdigest(),
        "language": "en",
        "status": status,
        "received_on": today,
        "counted_on": today,
        **_dates(status, today, owner),
        **fields,
    }
    if reached is not None:
        values.setdefault("contact_kind", reached.kind)
    with unit_of_work():
        row = Suggestion(**values)
        db.session.add(row)
    if row.answered_on is not None and owner is not None:
        make_response(row, owner, outcome=row.outcome or SuggestionOutcome.ADOPTED)
    return row


def _dates(status: SuggestionStatus, today: date, owner: User | None) -> dict[str, Any]:
    if status is S.RECEIVED:
        return {}
    dates: dict[str, Any] = {"acknowledged_on": today}
    if status is S.ACKNOWLEDGED:
        return dates
    dates |= {"owner_id": owner.id if owner else None, "due_on": usual_due(today)}
    if status in (S.RESPONDED, S.DONE, S.NOT_ADOPTED):
        dates |= {"answered_on": today, "outcome": SuggestionOutcome.ADOPTED}
    if status is S.NOT_ADOPTED:
        dates |= {"outcome": SuggestionOutcome.NOT_ADOPTED, "reason": "There is no room for it."}
    if status is S.REFERRED:
        dates |= {"referred_to": "12345", "reference": "2026-88", "reason": "It is theirs to do."}
    if status.is_final:
        dates["concluded_on"] = today
    return dates


def make_response(
    suggestion: Suggestion,
    by: User,
    *,
    outcome: SuggestionOutcome = SuggestionOutcome.ADOPTED,
    published: bool = True,
    **texts: str,
) -> SuggestionResponse:
    """An official response; ``texts`` by language."""
    with unit_of_work():
        response = SuggestionResponse(
            suggestion_id=suggestion.id,
            version=len(suggestion.responses) + 1,
            outcome=outcome,
            reason="There is no room for it." if outcome is SuggestionOutcome.NOT_ADOPTED else "",
            written_by_id=by.id,
        )
        words = texts or {"en": "We have put up the signs.", "zh": "指示牌已经装好。"}
        response.texts = {c: ResponseText(language=c, text=t) for c, t in words.items()}
        db.session.add(response)
        db.session.flush()
        if published:
            response.published_by_id, response.published_at = by.id, clock.now()
    db.session.refresh(suggestion)
    return response


def make_public(suggestion: Suggestion, by: User, **titles: str) -> Suggestion:
    """Show it to all, with a title in Chinese and English (or ``titles`` by language)."""
    words = titles or {"en": "Signs in English", "zh": "增设英文指示牌"}
    with unit_of_work():
        for code, title in words.items():
            suggestion.texts[code] = SuggestionText(
                language=code, title=title, said=title, did=title, by_id=by.id
            )
        suggestion.may_publish, suggestion.public = True, True
        suggestion.moderation = Moderation.FIT
    return suggestion


def make_backer(suggestion: Suggestion, user: User, **fields: Any) -> Backer:
    """Somebody with an account who says "me too"."""
    with unit_of_work():
        row = Backer(
            suggestion_id=suggestion.id,
            user_id=user.id,
            language=user.language,
            made_on=clock.today(),
            confirmed_on=clock.today(),
            **fields,
        )
        db.session.add(row)
    return row


def make_answers(event: Event, number: int = 5, **fields: Any) -> list[SurveyAnswer]:
    """Answers that are in the results."""
    values = {"language": "en", "enjoyed": 5, "understood": 3, "again": 3, "shown": True, **fields}
    with unit_of_work():
        rows = [
            SurveyAnswer(id=f"{next(_numbers):032x}", event_id=event.id, **values)
            for _number in range(number)
        ]
        db.session.add_all(rows)
    return rows


def make_attended(event: Event, party_size: int = 1, **who: str) -> SignUp:
    """A party that was checked in at the door."""
    booked = make_sign_up(event, party_size=party_size, **who)
    with unit_of_work():
        row = db.session.get_one(SignUp, booked.id)
        row.status = SignUpStatus.ATTENDED
    return row


def said(enjoyed: int = 5, understood: int = 3, again: int = 3, **more: str) -> Said:
    """Three taps; ``more``: language (English), comment."""
    taps = {Q.ENJOYED: enjoyed, Q.UNDERSTOOD: understood, Q.AGAIN: again}
    return Said(taps, more.get("language", "en"), more.get("comment", ""))


def answer(sign_up: SignUp, place: int = 1, **taps: Any) -> bool:
    """An answer through the service."""
    with unit_of_work():
        return give_answer(sign_up.id, place, said(**taps))


def hear(event: Event, number: int, **taps: Any) -> None:
    """So many people came alone, and each answered the same."""
    for _number in range(number):
        answer(make_attended(event), **taps)
