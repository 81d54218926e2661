"""Reads of communities and venues."""

from sqlalchemy import select

from hub.extensions import db
from hub.models import Community, User, Venue
from hub.policies import can_manage_community, own_community_ids, sees_all_communities


def all_communities() -> list[Community]:
    """Every community, in the order in which they were made."""
    return list(db.session.scalars(select(Community).order_by(Community.id)))


def managed_communities(user: User) -> list[Community]:
    """The communities in which ``user`` may work."""
    return [c for c in all_communities() if can_manage_community(user, c.id)]


def managed_venues(user: User) -> list[Venue]:
    """The venues of the communities in which ``user`` may work, by community and age."""
    query = select(Venue).order_by(Venue.community_id, Venue.id)
    if not sees_all_communities(user):
        query = query.where(Venue.community_id.in_(own_community_ids(user)))
    return list(db.session.scalars(query))
