"""Communities and venues: where events happen and who runs them."""

import re
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from hub import clock
from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.i18n import _l
from hub.models import Community, CommunityText, Duty, Event, User, Venue, VenueText
from hub.policies import can_manage_community, is_admin
from hub.queries.events import CALENDAR_PAST
from hub.queries.places import uses_of
from hub.services import audit

Named = TypeVar("Named", CommunityText, VenueText)


@dataclass(frozen=True, slots=True)
class VenueData:
    """All that the form of a venue holds; names and addresses by language.

    ``position`` is latitude and longitude in degrees (WGS 84), for calendars on phones.
    """

    community_id: int
    names: dict[str, str]
    addresses: dict[str, str]
    map_url: str = ""
    position: tuple[float, float] | None = None


def save_community(
    community: Community | None, slug: str, names: dict[str, str], *, by: User
) -> Community:
    """Make a community, or change one. Raises NotAllowed or InvalidInput."""
    if not is_admin(by):
        raise NotAllowed
    names = {c: n.strip() for c, n in names.items() if n.strip()}
    if not names:
        raise InvalidInput(_l("Give a name in at least one language."), field="texts")
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,39}", slug):
        raise InvalidInput(
            _l("Small letters, digits and hyphens, such as heyuan-east."), field="slug"
        )
    holder = db.session.scalars(select(Community).where(Community.slug == slug)).first()
    if holder is not None and holder is not community:
        raise InvalidInput(_l("Another community has this short name."), field="slug")
    action = "create" if community is None else "update"
    community = community or Community()
    before: dict[str, object] = {"slug": community.slug} if action == "update" else {}
    community.slug = slug
    community.texts = {
        c: _named(community.texts.get(c) or CommunityText(language=c), n) for c, n in names.items()
    }
    db.session.add(community)
    db.session.flush()
    audit.record(
        action,
        "community",
        community.id,
        by=by,
        before=before,
        after={"slug": slug, "names": names},
    )
    return community


def delete_community(community: Community, *, by: User) -> None:
    """Remove a community to which nobody and nothing belongs. Raises NotAllowed or WrongState."""
    if not is_admin(by):
        raise NotAllowed
    refusal = WrongState(
        _l("People, venues, events or invitations belong to this community. It stays.")
    )
    if uses_of(community.id).any:
        raise refusal
    community_id, slug = community.id, community.slug
    db.session.delete(community)
    try:
        db.session.flush()
    except IntegrityError as error:  # somebody was faster
        raise refusal from error
    audit.record("delete", "community", community_id, by=by, before={"slug": slug})


def save_venue(venue: Venue | None, data: VenueData, *, by: User) -> Venue:
    """Make a venue, or change one. Raises NotAllowed or InvalidInput."""
    if not can_manage_community(by, data.community_id):
        raise NotAllowed
    if venue is not None and not can_manage_community(by, venue.community_id):
        raise NotAllowed
    names = {c: n.strip() for c, n in data.names.items() if n.strip()}
    if not names:
        raise InvalidInput(_l("Give a name in at least one language."), field="texts")
    if data.map_url and not data.map_url.startswith(("https://", "http://")):
        raise InvalidInput(_l("The map link must start with https://"), field="map_url")
    latitude, longitude = data.position or (None, None)
    if data.position and not (abs(data.position[0]) <= 90 and abs(data.position[1]) <= 180):
        raise InvalidInput(
            _l("Latitude, then longitude, such as 30.2412, 120.0518."), field="position"
        )
    action = "create" if venue is None else "update"
    venue = venue or Venue()
    before = _venue_facts(venue) if action == "update" else {}
    venue.community_id = data.community_id
    venue.map_url = data.map_url
    venue.latitude, venue.longitude = latitude, longitude
    rows: dict[str, VenueText] = {}
    for code, name in names.items():
        rows[code] = _named(venue.texts.get(code) or VenueText(language=code), name)
        rows[code].address = data.addresses.get(code, "").strip()
    venue.texts = rows
    db.session.add(venue)
    db.session.flush()
    # Readers of calendars see the place: what they fetched of it is old now.
    for table in (Event, Duty):
        db.session.execute(
            update(table)
            .where(table.venue_id == venue.id, table.ends_at > clock.now() - CALENDAR_PAST)
            .values(changed_at=clock.now())
            .execution_options(synchronize_session=False)
        )
    audit.record(action, "venue", venue.id, by=by, before=before, after=_venue_facts(venue))
    return venue


def _venue_facts(venue: Venue) -> dict[str, object]:
    return {
        "community_id": venue.community_id,
        "names": {code: row.name for code, row in sorted(venue.texts.items())},
        "addresses": {code: row.address for code, row in sorted(venue.texts.items())},
        "map_url": venue.map_url,
    }


def _named(row: Named, name: str) -> Named:
    row.name = name
    return row
