"""Who an invitation is from and for (iTIP, RFC 5546), as properties of an `icalendar` event.

Used by hub/integrations/ical.py, which lays out everything else.
"""

import unicodedata
from dataclasses import dataclass
from typing import Final

from icalendar import Event
from icalendar.prop import vCalAddress, vText

METHODS: Final = frozenset({"PUBLISH", "REQUEST", "CANCEL"})
NAME_LIMIT: Final = 80  # characters of a name beside an address


@dataclass(frozen=True, slots=True)
class Party:
    """A mail address and the name that stands beside it.

    Raises ValueError for what cannot be an address.
    """

    address: str
    name: str = ""

    def __post_init__(self) -> None:
        """Refuse what would end the line or the address."""
        odd = any(c.isspace() or unicodedata.category(c) in ("Cc", "Cs") for c in self.address)
        if odd or "@" not in self.address:
            raise ValueError(f"{self.address!r} is not a mail address")


@dataclass(frozen=True, slots=True)
class Attendee(Party):
    """The one reader of an invitation, and whether they have said yes."""

    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Parties:
    """Who stands in the calendar part of a mail, beside the entry itself."""

    organizer: Party | None = None
    attendee: Attendee | None = None

    def check(self, method: str | None) -> None:
        """Raise ValueError for a method we do not write, or one that these do not go with:
        REQUEST and CANCEL need both, anything else has no attendee (RFC 5546 §3.2)."""
        if method is not None and method not in METHODS:
            raise ValueError(f"METHOD {method!r} is not one of {sorted(METHODS)}")
        asks = method in ("REQUEST", "CANCEL")
        if asks != (self.attendee is not None) or (asks and self.organizer is None):
            raise ValueError(f"METHOD {method!r} does not go with {self}")

    def add_to(self, event: Event) -> None:
        """Add ORGANIZER and the only ATTENDEE (RFC 5545 §3.8.4), each if there is one.

        Who has not said yes is asked to answer (RSVP, §3.2.17), unless all is called off.
        """
        if self.organizer is not None:
            event["ORGANIZER"] = _address(self.organizer)
        if self.attendee is None:
            return
        address = _address(self.attendee)
        address.params["CUTYPE"] = vText("INDIVIDUAL")
        address.params["ROLE"] = vText("REQ-PARTICIPANT")
        address.params["PARTSTAT"] = vText("ACCEPTED" if self.attendee.accepted else "NEEDS-ACTION")
        if not self.attendee.accepted and event["STATUS"] != "CANCELLED":
            address.params["RSVP"] = vText("TRUE")
        event["ATTENDEE"] = address


NOBODY: Final = Parties()


def _address(party: Party) -> vCalAddress:
    """Return the address; its name quoted by icalendar (RFC 6868), on one line."""
    address = vCalAddress(f"mailto:{party.address}")
    kept = (" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in party.name)
    if name := " ".join("".join(kept).split())[:NAME_LIMIT]:
        address.params["CN"] = vText(name)
    return address
