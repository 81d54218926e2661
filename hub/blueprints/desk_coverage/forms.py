"""What the coverage page is asked for, and why its table is taken home."""

from dataclasses import dataclass
from typing import Any

from flask import request

from hub import clock
from hub.i18n import _l
from hub.models import TalkPlan
from hub.queries.coverage import Season, half_year, half_year_before
from hub.web.forms import HubForm, read_day, read_id
from hub.web.reason_field import reason_field


@dataclass(frozen=True, slots=True)
class Wanted:
    """A series, or else all talks of a season; ``args`` say the same as a query."""

    plan: TalkPlan | None
    season: Season
    preset: str
    args: dict[str, Any]


class ExportForm(HubForm):
    """Why a table is taken home (rule 22)."""

    reason = reason_field(
        _l("What do you need it for?"), _l("It stands in the audit trail, with your name.")
    )


def wanted_talks(plans: list[TalkPlan]) -> Wanted | None:
    """What the address asks for: this half-year if it says nothing; None for a series that is
    not one of ``plans``."""
    today = clock.today()
    since, until = (read_day(request.args.get(name, "")) for name in ("since", "until"))
    season, preset = half_year(today), "this"
    if request.args.get("season") == "last":
        season, preset = half_year_before(today), "last"
    elif since is not None and until is not None and since <= until:
        season, preset = Season(since, until), ""
    series_id = read_id("series")
    if series_id is not None:
        plan = next((p for p in plans if p.series_id == series_id), None)
        return Wanted(plan, season, "", {"series": series_id}) if plan is not None else None
    args = {"season": preset}
    if not preset:
        args = {"since": season.since.isoformat(), "until": season.until.isoformat()}
    return Wanted(None, season, preset, args)
