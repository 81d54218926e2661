"""Who says "me too" to a public suggestion, or follows it: once a person (rule 16).

Without an account an e-mail address counts once its owner has opened the link that is sent there;
nobody else learns whether it was there already.
"""

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from hub import clock
from hub.enums import ContactKind, MessageKind
from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.i18n import _l
from hub.integrations.contacts import Contact
from hub.integrations.signing import contact_digest
from hub.models import Backer, Message, Suggestion, User
from hub.policies.suggestions import why_not_back
from hub.services.messages import queue_backer_mail


def back_suggestion(
    suggestion_id: int, *, by: User, me_too: bool | None = None, follows: bool | None = None
) -> None:
    """Say "me too", follow, or take it back; None leaves it as it is. Raises NotAllowed for what
    is not public, or WrongState."""
    suggestion = _public(suggestion_id)
    row = _of_account(suggestion_id, by)
    wishes = (
        me_too if me_too is not None else row is not None and row.me_too,
        follows if follows is not None else row is not None and row.follows,
    )
    if any(wishes) and (reason := why_not_back(by, suggestion)):
        raise WrongState(reason)
    if row is None and any(wishes):
        row = _insert(
            Backer(suggestion_id=suggestion_id, user_id=by.id, confirmed_on=clock.today()),
            wishes,
            by.language,
        )
    elif row is not None and not any(wishes):
        db.session.delete(row)
    elif row is not None:
        row.me_too, row.follows = wishes
    db.session.flush()


def ask_to_back(
    suggestion_id: int, contact: Contact, *, me_too: bool, follows: bool, language: str
) -> None:
    """Send a link to ``contact`` that confirms the wish; the same for an address that is there
    already. Raises NotAllowed or InvalidInput."""
    _public(suggestion_id)
    if contact.kind is not ContactKind.EMAIL:
        raise InvalidInput(_l("Enter an e-mail address."), field="contact")
    if not (me_too or follows):
        raise InvalidInput(_l("Choose at least one of the two."), field="wishes")
    key = contact_digest(contact.key)
    row = db.session.scalar(
        select(Backer).where(Backer.suggestion_id == suggestion_id, Backer.contact_key == key)
    )
    if row is None:
        fresh = Backer(suggestion_id=suggestion_id, contact_key=key)
        row = _insert(fresh, (me_too, follows), language)
        if row is None:  # somebody sent the same at this moment
            return
    elif row.confirmed_on is None:
        row.me_too, row.follows = me_too, follows
    row.email, row.language, row.made_on = contact.value, language, clock.today()
    db.session.flush()
    once = f"suggestion_confirm:{row.id}:{clock.today()}"
    if not db.session.scalar(select(exists().where(Message.once == once))):
        queue_backer_mail(MessageKind.SUGGESTION_CONFIRM, row, once=once)
    db.session.flush()


def confirm_backing(backer_id: int, *, me_too: bool, follows: bool) -> None:
    """The owner of the address says what they wish; neither takes it back wholly. Who only says
    "me too" leaves no address behind. Raises NotAllowed."""
    row = db.session.get(Backer, backer_id)
    if row is None:
        raise NotAllowed
    if not (me_too or follows):
        db.session.delete(row)
    else:
        row.me_too, row.follows = me_too, follows
        row.confirmed_on = row.confirmed_on or clock.today()
        if not follows:
            row.email = ""
    db.session.flush()


def tell_followers(suggestion: Suggestion) -> None:
    """Queue the news of it to everybody who follows it and has confirmed that."""
    followers = select(Backer).where(
        Backer.suggestion_id == suggestion.id,
        Backer.follows.is_(True),
        Backer.confirmed_on.is_not(None),
    )
    for backer in db.session.scalars(followers.order_by(Backer.id)):
        queue_backer_mail(MessageKind.SUGGESTION_NEWS, backer)


def _public(suggestion_id: int) -> Suggestion:
    row = db.session.get(Suggestion, suggestion_id)
    if row is None or not row.public:
        raise NotAllowed
    return row


def _of_account(suggestion_id: int, user: User) -> Backer | None:
    query = select(Backer).where(Backer.suggestion_id == suggestion_id, Backer.user_id == user.id)
    return db.session.scalar(query)


def _insert(row: Backer, wishes: tuple[bool, bool], language: str) -> Backer | None:
    """``row``, or None if the database has one of the same person."""
    row.me_too, row.follows = wishes
    row.language, row.made_on = language, clock.today()
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        return None
    return row
