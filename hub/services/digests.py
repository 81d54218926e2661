"""The staff's digest: what waits at the desk, each working morning from 08:00 until noon.

Everybody with a desk gets one queued; it is written when its turn comes, and not sent where
nothing waits (hub/queries/still_true.py).
"""

from sqlalchemy import exists, select

from hub import clock
from hub.enums import MessageChoice, MessageKind
from hub.extensions import db
from hub.models import Membership, Message, SwitchedOff, User
from hub.queries.digest import digest_hours
from hub.services.messages import queue_note


def queue_digests() -> int:
    """Queue the digests of this morning that are not queued yet; returns how many."""
    hours = digest_hours(clock.now())
    if hours is None:
        return 0
    query = (
        select(User)
        .where(
            exists().where(Membership.user_id == User.id),
            User.active.is_(True),
            User.erased_at.is_(None),
            User.created_at < hours[0],  # who is new sees the desk itself
            ~exists().where(
                SwitchedOff.user_id == User.id, SwitchedOff.choice == MessageChoice.DIGEST
            ),
            ~exists().where(
                Message.user_id == User.id,
                Message.kind == MessageKind.DIGEST,
                Message.created_at >= hours[0],
            ),
        )
        .order_by(User.id)
    )
    found = list(db.session.scalars(query))
    for user in found:
        once = f"digest:{user.id}:{clock.today():%Y%m%d}"
        queue_note(MessageKind.DIGEST, user, user.id, once=once)
    db.session.flush()
    return len(found)
