"""Certificates of volunteer service: what was certified stays as it was."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.enums import CertificateStatus
from hub.extensions import Model
from hub.models.account import User
from hub.models.types import UtcDateTime, choice


class CertificateRecord(Model):
    """A record that a certificate counts, so that a correction finds the certificate (rule 12)."""

    __tablename__ = "certificate_records"

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), primary_key=True)
    record_id: Mapped[int] = mapped_column(
        ForeignKey("service_records.id"), primary_key=True, index=True
    )


class Certificate(Model):
    """An immutable snapshot of a person's approved records of a period (Decree 67 art. 15).

    ``snapshot`` holds wording and recording unit by language, and the records as they were.
    ``code`` is random and public: who holds it may ask whether the certificate is valid.
    ``holder_name`` alone is emptied when its person is erased. Triggers refuse other changes.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        CheckConstraint("period_until >= period_from", name="period"),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    holder_name: Mapped[str] = mapped_column(String(120))
    period_from: Mapped[date]
    period_until: Mapped[date]
    minutes: Mapped[int]
    status: Mapped[CertificateStatus] = mapped_column(
        choice(CertificateStatus, "status"), default=CertificateStatus.ISSUED
    )
    snapshot: Mapped[dict[str, object]] = mapped_column(JSON)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(500), default="")
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"))

    user: Mapped[User] = relationship(foreign_keys=[user_id], innerjoin=True)
    records: Mapped[list[CertificateRecord]] = relationship(cascade="all, delete-orphan")

    @property
    def number(self) -> str:
        """The code as people read it out: ``K7MX-QPDR-3TZW-9BCF``."""
        return "-".join(self.code[i : i + 4] for i in range(0, len(self.code), 4))
