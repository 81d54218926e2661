"""Reads of communities and venues."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from hub.extensions import db
from hub.models import (
    Application,
    Appointment,
    Community,
    Event,
    Invitation,
    Membership,
    Profile,
    Series,
    User,
    Venue,
)
from hub.policies import can_manage_community, manageable_kinds


def all_communities() -> list[Community]:
    """Every community, in the order in which they were made."""
    return list(db.session.scalars(select(Community).order_by(Community.id)))


def managed_communities(user: User) -> list[Community]:
    """The communities in which ``user`` may work."""
    return [c for c in all_communities() if can_manage_community(user, c.id)]


def managed_venues(user: User) -> list[Venue]:
    """The venues of the communities in which ``user`` may work, by community and age."""
    return [v for v in _all_venues() if can_manage_community(user, v.community_id)]


def usable_communities(user: User) -> list[Community]:
    """The communities in which ``user`` may run events of some kind."""
    return [c for c in all_communities() if manageable_kinds(user, c.id)]


def usable_venues(user: User) -> list[Venue]:
    """The venues at which ``user`` may run events of some kind."""
    return [v for v in _all_venues() if manageable_kinds(user, v.community_id)]


def _all_venues() -> list[Venue]:
    return list(db.session.scalars(select(Venue).order_by(Venue.community_id, Venue.id)))


@dataclass(frozen=True, slots=True)
class Uses:
    """How much refers to a community."""

    people: int
    venues: int
    events: int
    invitations: int

    @property
    def any(self) -> bool:
        return bool(self.people or self.venues or self.events or self.invitations)


def uses_of(community_id: int) -> Uses:
    """Who and what belongs to the community; while anything does, it cannot be deleted."""

    def count(*columns: InstrumentedAttribute) -> int:
        queries = [select(func.count()).where(column == community_id) for column in columns]
        return sum(db.session.scalar(query) or 0 for query in queries)

    return Uses(
        people=count(
            Profile.community_id,
            Membership.community_id,
            Appointment.community_id,
            Application.community_id,
        ),
        venues=count(Venue.community_id),
        events=count(Event.community_id, Series.community_id),
        invitations=count(Invitation.community_id),
    )
