"""The tables, one file an entity. Importing this package registers all of them."""

from hub.models.account import (
    Appointment,
    DoorHelper,
    Invitation,
    LogIn,
    Membership,
    Passkey,
    User,
)
from hub.models.audit import AuditEntry
from hub.models.community import Community, CommunityText, Venue, VenueText
from hub.models.event import Event, EventLanguage, EventText, Series, SeriesText
from hub.models.message import Message
from hub.models.person import PaperSeen, PersonLanguage, Profile
from hub.models.privacy import Consent, DataRequest
from hub.models.qualification import Qualification, Topic, TopicText
from hub.models.setting import Setting
from hub.models.signup import SignUp

__all__ = [
    "Appointment",
    "AuditEntry",
    "Community",
    "CommunityText",
    "Consent",
    "DataRequest",
    "DoorHelper",
    "Event",
    "EventLanguage",
    "EventText",
    "Invitation",
    "LogIn",
    "Membership",
    "Message",
    "PaperSeen",
    "Passkey",
    "PersonLanguage",
    "Profile",
    "Qualification",
    "Series",
    "SeriesText",
    "Setting",
    "SignUp",
    "Topic",
    "TopicText",
    "User",
    "Venue",
    "VenueText",
]
