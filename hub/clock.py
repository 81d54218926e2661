"""The one source of the current time: aware datetimes in UTC, shown in Asia/Shanghai (rule 21)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")

_fixed: ContextVar[datetime | None] = ContextVar("fixed_now", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _fixed.get() or datetime.now(UTC)


@contextmanager
def fixed_at(moment: datetime) -> Iterator[None]:
    """Hold the clock at ``moment`` (aware) inside the block: for tests and previews."""
    token = _fixed.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)


def to_local(moment: datetime) -> datetime:
    """``moment`` (aware) on the clocks of Hangzhou."""
    return moment.astimezone(LOCAL)


def from_local(naive: datetime) -> datetime:
    """A wall-clock time of Hangzhou (naive), as an aware moment in UTC."""
    return naive.replace(tzinfo=LOCAL).astimezone(UTC)


def day_start(day: date) -> datetime:
    """The moment at which ``day`` begins in Hangzhou, in UTC."""
    return from_local(datetime.combine(day, time.min))


def today() -> date:
    """The date it is now in Hangzhou."""
    return to_local(now()).date()
