"""Service records: what somebody did, when, for how long, and who says so."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from hub.enums import Provenance, RecordStatus
from hub.extensions import Model
from hub.models.account import User
from hub.models.community import Community
from hub.models.event import Event
from hub.models.translated import LanguageRow, Translated
from hub.models.types import UtcDateTime, choice


class ActivityText(LanguageRow, Model):
    __tablename__ = "activity_texts"

    activity_id: Mapped[int] = mapped_column(
        ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(120))


class Activity(Translated[ActivityText], Model):
    """A kind of service from the list that staff keep: translation, filing, a visit …

    ``counts`` is false for what is no service by law, such as training and paid work (Decree 67
    art. 8, 19): it cannot be logged. One that is not used any more stays (``active``).
    """

    __tablename__ = "activities"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    counts: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
    texts: Mapped[dict[str, ActivityText]] = relationship(
        collection_class=attribute_keyed_dict("language"),
        cascade="all, delete-orphan",
        lazy="selectin",
    )

    @property
    def name(self) -> str:
        return self.text().name


class ServiceRecord(Model):
    """One piece of service, with what Decree 67 art. 10 asks: activity, date, place, content,
    minutes, organising unit, person in charge.

    ``minutes`` are those between start and end, both moments of one Chinese day. A correction is
    a new row that ``corrects`` the approved one (rule 12). Triggers refuse two records of one
    person that claim the same time (rule 11), and any change of what an approved one says.
    """

    __tablename__ = "service_records"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="times"),
        CheckConstraint("minutes > 0 AND minutes <= 1440", name="minutes"),
        CheckConstraint("people_served IS NULL OR people_served >= 0", name="people_served"),
        Index("ix_service_records_user_id_starts_at", "user_id", "starts_at"),
        Index("ix_service_records_status", "status", "starts_at", "id"),
        Index("ix_service_records_community_id_status", "community_id", "status", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"), index=True)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("service_records.id"), index=True)
    provenance: Mapped[Provenance] = mapped_column(choice(Provenance, "provenance"))
    status: Mapped[RecordStatus] = mapped_column(
        choice(RecordStatus, "status"), default=RecordStatus.DRAFT
    )
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(200), default="")
    content: Mapped[str] = mapped_column(Text, default="")
    people_served: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(8), default="")
    organising_unit: Mapped[str] = mapped_column(String(200), default="")
    in_charge_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(String(1000), default="")

    user: Mapped[User] = relationship(foreign_keys=[user_id], innerjoin=True)
    community: Mapped[Community] = relationship(lazy="joined", innerjoin=True)
    activity: Mapped[Activity] = relationship(lazy="joined", innerjoin=True)
    event: Mapped[Event | None] = relationship()
    in_charge: Mapped[User | None] = relationship(foreign_keys=[in_charge_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    corrects: Mapped["ServiceRecord | None"] = relationship(remote_side=[id])
    evidence: Mapped[list["EvidenceFile"]] = relationship(
        cascade="all, delete-orphan", order_by="EvidenceFile.id"
    )


class EvidenceFile(Model):
    """A picture that goes with a record: kept outside the web root under ``stored_name``, without
    the metadata it came with, and served only to those who may see the record."""

    __tablename__ = "evidence_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("service_records.id"), index=True)
    stored_name: Mapped[str] = mapped_column(String(60), unique=True)
    shown_name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
