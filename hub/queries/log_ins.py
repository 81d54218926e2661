"""Reads of log-ins."""

from sqlalchemy import select

from hub.extensions import db
from hub.integrations.signing import token_hash
from hub.models import LogIn, User


def live_log_in(key: str) -> LogIn | None:
    """The session that ``key`` belongs to, unless it was ended."""
    return db.session.scalars(
        select(LogIn).where(LogIn.key_hash == token_hash(key), LogIn.ended_at.is_(None))
    ).first()


def live_log_ins(user: User) -> list[LogIn]:
    """The sessions of ``user`` that are open, the last used first."""
    return list(
        db.session.scalars(
            select(LogIn)
            .where(LogIn.user_id == user.id, LogIn.ended_at.is_(None))
            .order_by(LogIn.seen_at.desc())
        )
    )


def last_log_in(user_id: int) -> LogIn | None:
    """The newest log-in of that account, open or ended."""
    return db.session.scalars(
        select(LogIn).where(LogIn.user_id == user_id).order_by(LogIn.id.desc()).limit(1)
    ).first()
