"""Appointments: a person's terms in a programme, from the offer to the end."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.enums import AppointmentState, EndKind, Programme
from hub.extensions import Model
from hub.models.community import Community
from hub.models.types import UtcDateTime, choice


class Suspension(Model):
    """Days on which an appointment does not hold; ``ends_on``, the last of them, may be open."""

    __tablename__ = "suspensions"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="days"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(500))

    def holds(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


class Appointment(Model):
    """A person's term in a programme, in one community or (none named) in the subdistrict.

    Whether somebody is an assistant or a lecturer is asked of these rows for a date; it is never
    a flag. An offer holds nothing until its person accepts it. ``ended_on`` is the last day after
    an early end; both ends are included. Renewal is a new row that ``renews`` the one before.
    ``number`` is that of the letter of appointment, given when the offer is accepted. A trigger
    refuses a second accepted term of one person, programme and community on any date (rule 10).
    """

    __tablename__ = "appointments"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="term"),
        Index("ix_appointments_user_id_programme", "user_id", "programme", "starts_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    programme: Mapped[Programme] = mapped_column(choice(Programme, "programme"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"), index=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id"), index=True)
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("appointments.id"))
    number: Mapped[str | None] = mapped_column(String(30), unique=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    offered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_on: Mapped[date | None]
    end_kind: Mapped[EndKind | None] = mapped_column(choice(EndKind, "end_kind"))
    end_reason: Mapped[str] = mapped_column(String(500), default="", server_default=text("''"))
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    community: Mapped[Community | None] = relationship(lazy="joined")
    suspensions: Mapped[list[Suspension]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by="Suspension.starts_on"
    )

    @property
    def last_day(self) -> date:
        """The last day of the term, early ends included."""
        return min(self.ends_on, self.ended_on) if self.ended_on else self.ends_on

    def is_active(self, on: date) -> bool:
        """Whether the appointment holds on that day (rule 8)."""
        if self.accepted_at is None or not self.starts_on <= on <= self.last_day:
            return False
        return not any(suspension.holds(on) for suspension in self.suspensions)

    def state(self, on: date) -> AppointmentState:
        """Where it stands on that day."""
        if self.declined_at is not None:
            return AppointmentState.DECLINED
        if self.accepted_at is None:
            return AppointmentState.OFFERED
        if self.ended_on is not None and on > self.ended_on:
            return {
                EndKind.RESIGNED: AppointmentState.RESIGNED,
                EndKind.REVOKED: AppointmentState.REVOKED,
                None: AppointmentState.EXPIRED,
            }[self.end_kind]
        if on > self.ends_on:
            return AppointmentState.EXPIRED
        if on < self.starts_on:
            return AppointmentState.TO_COME
        return AppointmentState.ACTIVE if self.is_active(on) else AppointmentState.SUSPENDED
