"""What people allowed, and what they asked of their own data."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hub.enums import ConsentPurpose, RequestKind
from hub.extensions import Model
from hub.models.types import UtcDateTime, choice


class Consent(Model):
    """One line of the ledger: given or withdrawn. The newest line of a purpose is what holds.

    ``text`` is what the person read, word for word, in ``language``.
    """

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_user_id_purpose", "user_id", "purpose", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    purpose: Mapped[ConsentPurpose] = mapped_column(choice(ConsentPurpose, "purpose"))
    given: Mapped[bool]
    version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class DataRequest(Model):
    """A person used a right to their own data. Fulfilled at once, and kept as proof of it.

    Names nobody: ``subject`` is ``user`` or ``sign_up`` and an id that points at nothing personal
    once the data is erased.
    """

    __tablename__ = "data_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RequestKind] = mapped_column(choice(RequestKind, "kind"))
    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    fulfilled_at: Mapped[datetime] = mapped_column(UtcDateTime)
