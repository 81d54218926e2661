"""What the figures are asked for, and why their table is taken home."""

from dataclasses import dataclass
from typing import Any

from hub.models import Community, User
from hub.policies import can_manage_community
from hub.queries.coverage import Season
from hub.web.forms import read_id
from hub.web.season import read_season


@dataclass(frozen=True, slots=True)
class Wanted:
    """The days, perhaps one community; ``args`` say the same as a query."""

    season: Season
    preset: str
    community: Community | None
    args: dict[str, Any]


def own_communities(user: User, all_of_them: list[Community]) -> list[Community]:
    return [place for place in all_of_them if can_manage_community(user, place.id)]


def wanted_figures(places: list[Community]) -> Wanted | None:
    """What the address asks for: this half-year if it says nothing; None for a community that is
    not one of ``places``."""
    asked = read_season()
    place_id = read_id("community")
    if place_id is None:
        return Wanted(asked.season, asked.preset, None, dict(asked.args))
    place = next((one for one in places if one.id == place_id), None)
    if place is None:
        return None
    return Wanted(asked.season, asked.preset, place, {**asked.args, "community": place.id})
