"""The tables, one file an entity. Importing this package registers all of them."""

from hub.models.account import Invitation, Membership, User
from hub.models.audit import AuditEntry
from hub.models.community import Community, CommunityText, Venue, VenueText
from hub.models.event import Event, EventLanguage, EventText, Series, SeriesText
from hub.models.message import Message
from hub.models.signup import SignUp

__all__ = [
    "AuditEntry",
    "Community",
    "CommunityText",
    "Event",
    "EventLanguage",
    "EventText",
    "Invitation",
    "Membership",
    "Message",
    "Series",
    "SeriesText",
    "SignUp",
    "User",
    "Venue",
    "VenueText",
]
