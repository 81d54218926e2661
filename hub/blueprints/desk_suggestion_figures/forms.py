"""What the figures are asked for, and why their table is taken home."""

from dataclasses import dataclass
from typing import Any

from flask import request

from hub import clock
from hub.i18n import _l
from hub.models import Community, User
from hub.policies import can_manage_community
from hub.queries.coverage import Season, half_year, half_year_before
from hub.web.forms import HubForm, read_day, read_id
from hub.web.reason_field import reason_field


@dataclass(frozen=True, slots=True)
class Wanted:
    """The days, perhaps one community; ``args`` say the same as a query."""

    season: Season
    preset: str
    community: Community | None
    args: dict[str, Any]


class ExportForm(HubForm):
    """Why a table is taken home (rule 22)."""

    reason = reason_field(
        _l("What do you need it for?"), _l("It stands in the audit trail, with your name.")
    )


def own_communities(user: User, all_of_them: list[Community]) -> list[Community]:
    return [place for place in all_of_them if can_manage_community(user, place.id)]


def wanted_figures(places: list[Community]) -> Wanted | None:
    """What the address asks for: this half-year if it says nothing; None for a community that is
    not one of ``places``."""
    today = clock.today()
    since, until = (read_day(request.args.get(name, "")) for name in ("since", "until"))
    season, preset = half_year(today), "this"
    if request.args.get("season") == "last":
        season, preset = half_year_before(today), "last"
    elif since is not None and until is not None and since <= until:
        season, preset = Season(since, until), ""
    args: dict[str, Any] = {"season": preset} if preset else _days(season)
    place_id = read_id("community")
    if place_id is None:
        return Wanted(season, preset, None, args)
    place = next((one for one in places if one.id == place_id), None)
    if place is None:
        return None
    return Wanted(season, preset, place, args | {"community": place.id})


def _days(season: Season) -> dict[str, Any]:
    return {"since": season.since.isoformat(), "until": season.until.isoformat()}
