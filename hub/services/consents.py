"""The consent ledger (PIPL art. 14, 15, 23, 25, 29): lines are added, the newest one holds."""

from sqlalchemy import select

from hub import clock
from hub.enums import CONSENT_VERSION, ConsentPurpose
from hub.exceptions import WrongState
from hub.extensions import db
from hub.i18n import _l, in_language
from hub.models import Consent, User
from hub.queries.consents import newest_lines
from hub.services import audit


def set_consents(
    user: User, wanted: set[ConsentPurpose], language: str, *, version: str = CONSENT_VERSION
) -> list[Consent]:
    """Give the purposes in ``wanted`` and withdraw the others; takes effect at once.

    Only what changes is written, with the words that the person read; a consent to an earlier
    text is given anew. Only the person themselves can do this, so the actor is ``user``. Raises
    WrongState if the texts are no longer those of ``version``, which the person read.
    """
    if version != CONSENT_VERSION:
        raise WrongState(_l("The texts have changed while the page was open. Read them again."))
    # Two sends of one form come one after the other: the second finds nothing to change.
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())
    newest = newest_lines(user.id)
    lines = []
    for purpose in ConsentPurpose:
        line = newest.get(purpose)
        holds = line is not None and line.given
        current = line is not None and line.version == CONSENT_VERSION
        if purpose in wanted and not (holds and current):
            lines.append(_add_line(user, purpose, language, given=True))
        elif purpose not in wanted and holds:
            lines.append(_add_line(user, purpose, language, given=False))
    db.session.flush()
    return lines


def _add_line(user: User, purpose: ConsentPurpose, language: str, *, given: bool) -> Consent:
    with in_language(language):
        text = str(purpose.text)
    line = Consent(
        user_id=user.id,
        purpose=purpose,
        given=given,
        version=CONSENT_VERSION,
        language=language,
        text=text,
        at=clock.now(),
    )
    db.session.add(line)
    verb = "give_consent" if given else "withdraw_consent"
    audit.record(verb, "user", user.id, by=user, after={"purpose": purpose})
    return line
