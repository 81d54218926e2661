"""Accounts of the people who work with the site, and how they come to be."""

from datetime import datetime

from flask_security import RoleMixin, UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hub.enums import StaffRole
from hub.extensions import Model
from hub.models.community import Community
from hub.models.types import UtcDateTime, choice


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
    community: Mapped[Community | None] = relationship()

    @property
    def name(self) -> str:  # type: ignore[override]  # derived, never written
        """The role's name as Flask-Security reads it."""
        return self.role.value


class User(UserMixin, Model):
    """A person with an account."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(8), default="zh")
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    roles: Mapped[list[Membership]] = relationship(  # type: ignore[assignment]
        cascade="all, delete-orphan", lazy="selectin"
    )


class Invitation(Model):
    """A one-time link that makes an account with a role. Only the token's SHA-256 is kept."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[StaffRole] = mapped_column(choice(StaffRole, "role"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
