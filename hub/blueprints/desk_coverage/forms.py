"""What the coverage page is asked for, and why its table is taken home."""

from dataclasses import dataclass
from typing import Any

from hub.models import TalkPlan
from hub.queries.coverage import Season
from hub.web.forms import read_id
from hub.web.season import read_season


@dataclass(frozen=True, slots=True)
class Wanted:
    """A series, or else all talks of a season; ``args`` say the same as a query."""

    plan: TalkPlan | None
    season: Season
    preset: str
    args: dict[str, Any]


def wanted_talks(plans: list[TalkPlan]) -> Wanted | None:
    """What the address asks for: this half-year if it says nothing; None for a series that is
    not one of ``plans``."""
    asked = read_season()
    series_id = read_id("series")
    if series_id is not None:
        plan = next((p for p in plans if p.series_id == series_id), None)
        return Wanted(plan, asked.season, "", {"series": series_id}) if plan is not None else None
    return Wanted(None, asked.season, asked.preset, dict(asked.args))
