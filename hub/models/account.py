"""Accounts, what people may do with them, and how they come to be."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from flask_security import AsaList, RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.enums import StaffRole
from hub.extensions import Model
from hub.models.appointment import Appointment
from hub.models.community import Community
from hub.models.types import UtcDateTime, choice

if TYPE_CHECKING:
    from hub.models.person import Profile


class Membership(RoleMixin, Model):
    """What a person may do, and where: staff of one community, or (none named) of all of them."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "community_id"),
        CheckConstraint("role <> 'admin' OR community_id IS NULL", name="admin_is_everywhere"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[StaffRole] = mapped_column(choice(StaffRole, "role"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"))
    community: Mapped[Community | None] = relationship(lazy="joined")

    @property
    def name(self) -> str:  # type: ignore[override]  # derived, never written
        """The role's name as Flask-Security reads it."""
        return self.role.value


class Passkey(WebAuthnMixin, Model):
    """A WebAuthn credential, as Flask-Security keeps it."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    create_datetime: Mapped[datetime] = mapped_column(UtcDateTime)
    lastuse_datetime: Mapped[datetime] = mapped_column(UtcDateTime)
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(64))


class User(UserMixin, Model):
    """A person with an account. The columns below ``created_at`` are Flask-Security's."""

    __tablename__ = "users"
    __table_args__ = (
        Index("uq_users_fs_webauthn_user_handle", "fs_webauthn_user_handle", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(8), default="zh")
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    us_totp_secrets: Mapped[str | None] = mapped_column(Text)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(  # type: ignore[assignment]
        String(64)
    )
    # Flask-Security asks for these; the site sends no codes to phones, so they are never stored.
    tf_phone_number: ClassVar[str | None] = None  # type: ignore[misc]
    us_phone_number: ClassVar[str | None] = None  # type: ignore[misc]
    # Whether a person must have a second factor; hub/web/log_ins.py puts the site's rule here.
    second_factor_rule: ClassVar[Callable[["User"], bool]] = staticmethod(lambda user: False)

    roles: Mapped[list[Membership]] = relationship(  # type: ignore[assignment]
        cascade="all, delete-orphan", lazy="selectin", order_by=Membership.id
    )
    webauthn: Mapped[list[Passkey]] = relationship(  # type: ignore[assignment]
        cascade="all, delete-orphan", order_by=Passkey.id
    )
    profile: Mapped["Profile | None"] = relationship(
        back_populates="user", cascade="all, delete-orphan"
    )
    appointments: Mapped[list[Appointment]] = relationship(
        lazy="selectin",
        order_by="Appointment.starts_on",
        foreign_keys=[Appointment.user_id],
    )

    def check_tf_required(
        self, tf_setup_methods: list[tuple[str, str]], tf_fresh: bool
    ) -> tuple[bool, list[tuple[str, str]]]:
        """Whether logging in takes a second factor: who has one, and who must have one."""
        return bool(tf_setup_methods) or self.check_tf_required_setup(), tf_setup_methods

    def check_tf_required_setup(self) -> bool:
        """Whether the person may not be without a second factor."""
        return type(self).second_factor_rule(self)


class LogIn(Model):
    """One log-in on one device, so that its owner can see and end it. Holds no address."""

    __tablename__ = "log_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Invitation(Model):
    """A one-time link that makes an account with a role. Only the token's SHA-256 is kept."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[StaffRole | None] = mapped_column(choice(StaffRole, "role"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"))
    email: Mapped[str] = mapped_column(String(254), server_default=text("''"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    community: Mapped[Community | None] = relationship(lazy="joined")


class DoorHelper(Model):
    """Somebody who may work the door of one event, and nothing else of it."""

    __tablename__ = "door_helpers"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
