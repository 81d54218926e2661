"""Private calendars that people subscribe to."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.enums import FeedKind
from hub.extensions import Model
from hub.models.account import User
from hub.models.types import UtcDateTime, choice


class CalendarFeed(Model):
    """The address of one private calendar in one program of its owner ("my phone").

    Of the secret in its address only the hash is kept: the address is shown once, and a new one is
    made where it was lost. What stands in it, and in which language, is said by the address.
    """

    __tablename__ = "calendar_feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[FeedKind] = mapped_column(choice(FeedKind, "kind"))
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(innerjoin=True)
