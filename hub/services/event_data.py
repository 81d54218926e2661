"""What an event's form holds and what the audit trail compares, apart from the database's rows."""

from dataclasses import dataclass, field
from datetime import datetime

from hub.enums import EventKind, Visibility
from hub.models import Event

# A change of one of these raises SEQUENCE (time, place, title, status).
SEQUENCE_FACTS = {"starts_at", "ends_at", "venue_id", "titles", "status"}


@dataclass(frozen=True, slots=True)
class Words:
    """What an event says in one language."""

    title: str
    summary: str = ""
    description: str = ""


@dataclass(slots=True)
class EventData:
    """All that the form of an event holds. Times are aware."""

    kind: EventKind
    community_id: int
    venue_id: int
    starts_at: datetime
    ends_at: datetime
    capacity: int
    texts: dict[str, Words]
    languages: list[str] = field(default_factory=list)
    party_limit: int = 4
    has_waiting_list: bool = True
    visibility: Visibility = Visibility.PUBLIC
    sign_up_opens_at: datetime | None = None
    sign_up_closes_at: datetime | None = None


def data_of(event: Event) -> EventData:
    """The event as its form shows it."""
    return EventData(
        kind=event.kind,
        community_id=event.community_id,
        venue_id=event.venue_id,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        capacity=event.capacity,
        texts={c: Words(t.title, t.summary, t.description) for c, t in event.texts.items()},
        languages=list(event.languages),
        party_limit=event.party_limit,
        has_waiting_list=event.has_waiting_list,
        visibility=event.visibility,
        sign_up_opens_at=event.sign_up_opens_at,
        sign_up_closes_at=event.sign_up_closes_at,
    )


def facts_of(event: Event) -> dict[str, object]:
    """What the audit trail compares: plain values."""
    return {
        "status": event.status.value,
        "kind": event.kind.value,
        "community_id": event.community_id,
        "venue_id": event.venue_id,
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
        "capacity": event.capacity,
        "party_limit": event.party_limit,
        "has_waiting_list": event.has_waiting_list,
        "visibility": event.visibility.value,
        "languages": list(event.languages),
        "sign_up_opens_at": _iso(event.sign_up_opens_at),
        "sign_up_closes_at": _iso(event.sign_up_closes_at),
        "titles": {code: row.title for code, row in sorted(event.texts.items())},
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
