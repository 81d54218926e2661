"""Recurrence rules of RFC 5545 §3.3.10 (dateutil)."""

import re
from datetime import datetime, timedelta
from itertools import islice

from dateutil.rrule import rrulestr

from hub.clock import LOCAL, to_local
from hub.exceptions import InvalidInput
from hub.i18n import _l

MAX_SESSIONS = 60
HORIZON = timedelta(days=5 * 366)

_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY"}
_PARTS |= {"BYSETPOS", "BYWEEKNO", "BYYEARDAY"}


def expand(rule: str, first: datetime) -> list[datetime]:
    """The starts that ``rule`` gives from ``first`` (aware) on, aware, ``first`` included.

    The rule counts on the clocks of Hangzhou: "every Tuesday at 14:00" stays at 14:00 there.
    Sessions lie within five years. Raises InvalidInput for a rule that cannot be read, has no end,
    or gives more than 60 sessions.
    """
    parts = _read(rule)
    if ("COUNT" in parts) == ("UNTIL" in parts):
        raise InvalidInput(
            _l("The rule needs an end: COUNT=9, or UNTIL=20270630T000000."), field="rule"
        )
    if parts.get("FREQ", "DAILY") not in _FREQUENCIES:
        raise InvalidInput(_l("Sessions repeat daily, weekly, monthly or yearly."), field="rule")
    local_first = to_local(first).replace(tzinfo=None)
    # A rule that never comes true (30 February) would be followed to the year 9999.
    horizon = local_first + HORIZON
    count = int(parts.pop("COUNT", MAX_SESSIONS + 1))
    try:
        until = _local_until(parts["UNTIL"]) if "UNTIL" in parts else horizon
        parts["UNTIL"] = f"{min(until, horizon):%Y%m%dT%H%M%S}"
        text = ";".join(f"{name}={value}" for name, value in parts.items())
        found = rrulestr(text, dtstart=local_first)
        starts = list(islice(found, min(count, MAX_SESSIONS + 1)))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        raise _unreadable() from None
    if local_first not in starts:
        starts.insert(0, local_first)
    if len(starts) > MAX_SESSIONS:
        raise InvalidInput(_l("At most 60 sessions can be made at once."), field="rule")
    return [start.replace(tzinfo=LOCAL) for start in starts]


def _read(rule: str) -> dict[str, str]:
    """The parts of the rule by name. A whole calendar block (DTSTART, EXDATE) is no rule."""
    pairs = re.findall(r"([A-Z]+)=([A-Z0-9,+-]+)(?:;|$)", rule.strip().upper())
    parts = dict(pairs)
    spelled = ";".join(f"{name}={value}" for name, value in parts.items())
    counts = [parts[name] for name in ("COUNT", "INTERVAL") if name in parts]
    if (
        rule.strip().upper().removeprefix("RRULE:") != spelled
        or not parts.keys() <= _PARTS
        or any(re.fullmatch(r"0*[1-9]\d{0,3}", count) is None for count in counts)
    ):
        raise _unreadable()
    return parts


def _local_until(text: str) -> datetime:
    """UNTIL on the clocks of Hangzhou: ``…Z`` is UTC, and a mere date means all of that day."""
    if text.endswith("Z"):
        moment = datetime.strptime(f"{text[:-1]}+0000", "%Y%m%dT%H%M%S%z")
        return to_local(moment).replace(tzinfo=None)
    whole = text if "T" in text else f"{text}T235959"
    return datetime.strptime(whole, "%Y%m%dT%H%M%S")  # noqa: DTZ007  # a wall clock


def _unreadable() -> InvalidInput:
    return InvalidInput(
        _l("This rule cannot be read. An example: FREQ=WEEKLY;BYDAY=TU;COUNT=9"), field="rule"
    )
