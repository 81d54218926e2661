"""Which days a page of figures is asked for."""

from dataclasses import dataclass

from flask import request

from hub import clock
from hub.queries.coverage import Season, half_year, half_year_before
from hub.web.forms import read_day


@dataclass(frozen=True, slots=True)
class AskedSeason:
    """``preset``: ``this`` or ``last`` half-year, empty for days of one's own; ``args`` say the
    same as a query."""

    season: Season
    preset: str
    args: dict[str, str]


def read_season() -> AskedSeason:
    """What the address asks for: this half-year if it says nothing that makes sense."""
    today = clock.today()
    since, until = (read_day(request.args.get(name, "")) for name in ("since", "until"))
    if request.args.get("season") == "last":
        return AskedSeason(half_year_before(today), "last", {"season": "last"})
    if since is not None and until is not None and since <= until:
        days = {"since": since.isoformat(), "until": until.isoformat()}
        return AskedSeason(Season(since, until), "", days)
    return AskedSeason(half_year(today), "this", {"season": "this"})
