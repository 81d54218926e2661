"""Column types shared by the tables."""

from datetime import UTC, datetime
from enum import StrEnum
from uuid import uuid4

from flask import current_app
from sqlalchemy import DateTime, Dialect, Enum, TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC on every engine (rule 21). Naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice(kind: type[StrEnum], name: str, *, length: int = 20) -> Enum:
    """A column of ``kind``'s values, held to them by a CHECK constraint called ``name``."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=length,
        values_callable=lambda members: [member.value for member in members],
    )


def new_uid() -> str:
    """A random name for a calendar entry or a mail (RFC 5545 §3.8.4.7, RFC 5322 §3.6.4). It says
    nothing of the host it comes from, and stays what it is when that changes."""
    return f"{uuid4()}@{current_app.config['UID_DOMAIN']}"
