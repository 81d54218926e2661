"""Suggestions come in: from anybody, or written down by an assistant (rules 15, 16)."""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from hub import clock
from hub.enums import MessageKind, SuggestionCategory, SuggestionIdentity
from hub.exceptions import InvalidInput, NotAllowed
from hub.extensions import db
from hub.i18n import SPOKEN, _l
from hub.integrations.contacts import Contact, fold
from hub.integrations.files import SUGGESTIONS, date_file
from hub.integrations.pictures import Picture
from hub.integrations.signing import claim_code, new_code, new_token, token_hash
from hub.models import Community, Suggestion, User
from hub.policies.suggestions import can_collect_suggestions
from hub.services import audit
from hub.services.files import keep_file, remove_orphans_in
from hub.services.messages import queue_suggestion_mail
from hub.services.signups import PRIVACY_VERSION

SHORTEST, LONGEST = 10, 4000  # characters
MOST_PLACE, MOST_NAME = 200, 80
FIRST_NUMBER = 100_000_000
# Letters that turn the text around them: they could make a word look like another one.
TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
SAID_TODAY = _l(
    "This very text was sent in today already, and it has arrived. If you have more to say, "
    "write that instead."
)
I = SuggestionIdentity  # noqa: E741 - short as the others


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody said. ``once`` is a random value of the form: the same form sent twice is one
    suggestion. ``collected``: ``by`` writes it down for somebody, who is called ``name``."""

    text: str
    category: SuggestionCategory
    language: str
    identity: SuggestionIdentity
    contact: Contact | None = None
    name: str = ""
    community_id: int | None = None
    place: str = ""
    may_publish: bool = False
    picture: Picture | None = None
    collected: bool = False
    once: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """``seed`` is what the claim code comes from, for the page that shows it once; all but an
    anonymous suggestion have one."""

    suggestion: Suggestion
    claim_code: str | None
    seed: str | None


def submit_suggestion(saying: Saying, *, by: User | None) -> Submitted:
    """Keep what was said, and confirm it by mail if there is an address.

    The same text is taken once a day; the same form (``once``) sent again is answered as before.
    Of an anonymous one nothing is kept but itself and the day. Raises InvalidInput or NotAllowed.
    """
    _check(saying, by)
    anonymous = saying.identity is I.ANONYMOUS
    digest = text_digest(saying.text)
    seed = None if anonymous else token_hash(f"{saying.once or new_token()}:{digest}")
    code = claim_code(seed) if seed is not None else None
    _one_at_a_time(digest)
    earlier = _claimed(code) if code is not None else None
    if earlier is not None:
        return Submitted(earlier, code, seed)
    row = _row(saying, digest, code, None if anonymous else by)
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        if "text_digest" in str(error.orig):
            raise InvalidInput(SAID_TODAY, field="text") from None
        raise
    if saying.picture is not None:
        _keep_photo(row, saying.picture)
    if not anonymous:
        known = by if saying.collected or row.user_id is not None else None
        after: dict[str, object] = {"category": row.category.value, "collected": saying.collected}
        audit.record("suggest", "suggestion", row.id, by=known, after=after)
        queue_suggestion_mail(MessageKind.SUGGESTION_RECEIVED, row)
    db.session.flush()
    return Submitted(row, code, seed)


def plain_words(typed: str) -> str:
    """``typed`` without blanks around it and without letters that turn its direction."""
    return typed.translate(TURNING).strip()


def text_digest(text: str) -> str:
    """What two texts have in common that differ only in width, case and blanks."""
    return hashlib.sha256(" ".join(fold(plain_words(text)).split()).encode()).hexdigest()


def remove_orphans(*, really: bool = True) -> int:
    """Remove photos that no row names and that are a day old; how many there are."""
    known = db.session.scalars(select(Suggestion.photo_name))
    return remove_orphans_in(SUGGESTIONS, known, really=really)


def _check(saying: Saying, by: User | None) -> None:
    length = len(plain_words(saying.text))
    if not SHORTEST <= length <= LONGEST:
        raise InvalidInput(
            _l("Write a sentence or more: between 10 and 4,000 characters."), field="text"
        )
    if saying.language not in SPOKEN:
        raise InvalidInput(_l("Choose one from the list."), field="language")
    if len(saying.place) > MOST_PLACE:
        raise InvalidInput(_l("At most 200 characters."), field="place")
    community = saying.community_id
    if community is not None and db.session.get(Community, community) is None:
        raise InvalidInput(_l("Choose one from the list."), field="community_id")
    if saying.collected:
        _check_collected(saying, by)
    elif saying.identity is I.CONTACT and saying.contact is None and by is None:
        raise InvalidInput(_l("Enter an e-mail address or a phone number."), field="contact")


def _check_collected(saying: Saying, by: User | None) -> None:
    """Both who said it and who wrote it down are known (rule 16)."""
    if by is None or not can_collect_suggestions(by, clock.today()):
        raise NotAllowed
    if not plain_words(saying.name) or len(saying.name) > MOST_NAME:
        raise InvalidInput(_l("Enter the name, as they want to be called."), field="name")
    if saying.identity is I.ANONYMOUS:
        raise InvalidInput(
            _l("Whoever wants to stay anonymous sends it from their own phone."), field="identity"
        )


def _row(saying: Saying, digest: str, code: str | None, by: User | None) -> Suggestion:
    today = clock.today()
    row = Suggestion(
        id=_new_number(),
        identity=saying.identity,
        category=saying.category,
        community_id=saying.community_id,
        place=plain_words(saying.place),
        original=plain_words(saying.text),
        text_digest=digest,
        language=saying.language,
        received_on=today,
        counted_on=today,
        # Complaints, reports and claims are never shown: there is nothing to agree to (rule 15).
        may_publish=saying.may_publish and not saying.category.is_referred,
        privacy_version=PRIVACY_VERSION,
    )
    if code is None:
        return row
    row.code, row.claim_hash = new_code(), token_hash(code)
    if saying.collected and by is not None:
        row.collected_by_id, row.name = by.id, plain_words(saying.name)
        row.identity = I.CONTACT if saying.contact is not None else I.CODE
    if row.identity is I.CONTACT:
        if saying.contact is not None:
            row.contact_kind, row.contact = saying.contact.kind, saying.contact.value
        if by is not None and not saying.collected:
            row.user_id = by.id
    return row


def _new_number() -> int:
    """A random number of nine digits that no suggestion has: nothing tells which came first."""
    while True:
        number = FIRST_NUMBER + secrets.randbelow(9 * FIRST_NUMBER)
        if db.session.get(Suggestion, number) is None:
            return number


def _keep_photo(row: Suggestion, picture: Picture) -> None:
    """The file says no more than the row does: on which day it came."""
    row.photo_name = keep_file(SUGGESTIONS, picture.body, "jpg")
    date_file(SUGGESTIONS, row.photo_name, clock.day_start(row.received_on).timestamp())


def _claimed(code: str) -> Suggestion | None:
    return db.session.scalar(select(Suggestion).where(Suggestion.claim_hash == token_hash(code)))


def _one_at_a_time(digest: str) -> None:
    """Two sends of one text come one after the other. SQLite has but one writer."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(digest))))
