"""Log-ins: each device's session can be seen and ended by its owner."""

from datetime import timedelta

from sqlalchemy import update

from hub import clock
from hub.exceptions import NotAllowed
from hub.extensions import db
from hub.integrations.signing import new_token, token_hash
from hub.models import LogIn, User
from hub.services import audit

SEEN_STEP = timedelta(hours=1)


def begin_log_in(user: User, device: str) -> str:
    """Note a log-in from ``device`` (browser and system in words); the key for its session."""
    key = new_token()
    moment = clock.now()
    db.session.add(
        LogIn(
            user_id=user.id,
            key_hash=token_hash(key),
            device=device[:120],
            created_at=moment,
            seen_at=moment,
        )
    )
    db.session.flush()
    return key


def touch_log_in(log_in: LogIn) -> None:
    """Note that the session was used. Once an hour is enough."""
    log_in.seen_at = clock.now()


def end_log_in(log_in_id: int, *, by: User) -> None:
    """End one of one's own sessions; it is logged out at its next request. Raises NotAllowed."""
    log_in = db.session.get(LogIn, log_in_id)
    if log_in is None or log_in.user_id != by.id:
        raise NotAllowed
    if log_in.ended_at is None:
        log_in.ended_at = clock.now()
        audit.record("end_log_in", "user", by.id, by=by)


def end_all_log_ins(user: User, *, keep_key: str | None = None) -> None:
    """End every session of ``user`` but the one with ``keep_key``."""
    query = update(LogIn).where(LogIn.user_id == user.id, LogIn.ended_at.is_(None))
    if keep_key is not None:
        query = query.where(LogIn.key_hash != token_hash(keep_key))
    db.session.execute(query.values(ended_at=clock.now()))


def close_log_in(key: str) -> None:
    """The session with ``key`` was logged out by its owner."""
    db.session.execute(
        update(LogIn)
        .where(LogIn.key_hash == token_hash(key), LogIn.ended_at.is_(None))
        .values(ended_at=clock.now())
    )
