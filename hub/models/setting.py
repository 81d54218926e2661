"""What an administrator sets for the whole site."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.extensions import Model
from hub.models.types import UtcDateTime


class Setting(Model):
    """One setting. Which there are, and what they are without a row: hub/queries/settings.py."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[object] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
