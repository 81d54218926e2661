"""The filter of the event list: a GET form. What cannot be read is left out, never an error."""

from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from hub.enums import EventKind
from hub.i18n import SPOKEN
from hub.queries.events import EventFilter


def read_filter(args: "MultiDict[str, str]") -> EventFilter:
    """The filter that the query string asks for."""
    kind = args.get("kind", "")
    language = args.get("language", "")
    return EventFilter(
        q="".join(c for c in args.get("q", "") if c.isprintable())[:100].strip(),
        kind=EventKind(kind) if kind in list(EventKind) else None,
        community="".join(c for c in args.get("community", "")[:40] if c.isalnum() or c == "-"),
        language=language if language in SPOKEN else "",
        day=_date(args.get("day", "")),
    )


def read_month(args: "MultiDict[str, str]", today: date) -> date:
    """The first day of the month asked for as ``2026-12``, else of this month."""
    month = _date(args.get("month", "") + "-01")
    return month if month is not None else today.replace(day=1)


def filter_args(wanted: EventFilter) -> dict[str, Any]:
    """The query string that asks for ``wanted``."""
    values = {
        "q": wanted.q,
        "kind": wanted.kind.value if wanted.kind else "",
        "community": wanted.community,
        "language": wanted.language,
        "day": wanted.day.isoformat() if wanted.day else "",
    }
    return {name: value for name, value in values.items() if value}


def _date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None
