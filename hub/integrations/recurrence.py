"""Recurrence rules of RFC 5545 §3.3.10 (dateutil)."""

from datetime import datetime

from dateutil.rrule import rrulestr

from hub.clock import LOCAL, to_local
from hub.exceptions import InvalidInput
from hub.i18n import _l

MAX_SESSIONS = 60


def expand(rule: str, first: datetime) -> list[datetime]:
    """The starts that ``rule`` gives from ``first`` (aware) on, aware, ``first`` included.

    The rule counts on the clocks of Hangzhou: "every Tuesday at 14:00" stays at 14:00 there.
    Raises InvalidInput for a rule that cannot be read, has no end, or gives more than 60 sessions.
    """
    text = rule.strip().upper().removeprefix("RRULE:")
    if "COUNT=" not in text and "UNTIL=" not in text:
        raise InvalidInput(
            _l("The rule needs an end: COUNT=9, or UNTIL=20270630T000000."), field="rule"
        )
    if "FREQ=SECONDLY" in text or "FREQ=MINUTELY" in text or "FREQ=HOURLY" in text:
        raise InvalidInput(_l("Sessions repeat daily, weekly, monthly or yearly."), field="rule")
    local_first = to_local(first).replace(tzinfo=None)
    try:
        rrule = rrulestr(text.replace("Z", ""), dtstart=local_first)
        starts = [start for start, _n in zip(rrule, range(MAX_SESSIONS + 1), strict=False)]
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        raise InvalidInput(
            _l("This rule cannot be read. An example: FREQ=WEEKLY;BYDAY=TU;COUNT=9"), field="rule"
        ) from None
    if local_first not in starts:
        starts.insert(0, local_first)
    if len(starts) > MAX_SESSIONS:
        raise InvalidInput(_l("At most 60 sessions can be made at once."), field="rule")
    return [start.replace(tzinfo=LOCAL) for start in starts]
