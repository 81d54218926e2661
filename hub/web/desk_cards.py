"""Events made ready for the desk: one line each, with seats and state."""

from dataclasses import dataclass

from flask import url_for

from hub.enums import EventStatus
from hub.i18n import ngettext
from hub.models import Event
from hub.web.cards import EventCard, event_card


@dataclass(frozen=True, slots=True)
class DeskCard:
    """One event of the desk."""

    card: EventCard
    taken: int
    capacity: int
    places_words: str
    waiting_words: str
    sign_ups_url: str | None


def places_words(event: Event) -> str:
    """``32 of 40 places taken``; of a draft only how many there are."""
    if event.status is EventStatus.DRAFT:
        return ngettext("%(num)d place", "%(num)d places", event.capacity)
    return ngettext(
        "%(taken)s of %(capacity)s place taken",
        "%(taken)s of %(capacity)s places taken",
        event.capacity,
        taken=event.seats_taken,
        capacity=event.capacity,
    )


def waiting_words(event: Event) -> str:
    """``3 parties waiting``, or nothing."""
    if not event.parties_waiting:
        return ""
    return ngettext("%(num)d party waiting", "%(num)d parties waiting", event.parties_waiting)


def desk_card(event: Event) -> DeskCard:
    draft = event.status is EventStatus.DRAFT
    return DeskCard(
        card=event_card(event, url_for("desk_events.show", event_id=event.id)),
        taken=event.seats_taken,
        capacity=event.capacity,
        places_words=places_words(event),
        waiting_words=waiting_words(event),
        sign_ups_url=None if draft else url_for("desk_signups.index", event_id=event.id),
    )


def desk_cards(events: list[Event]) -> list[DeskCard]:
    return [desk_card(event) for event in events]
