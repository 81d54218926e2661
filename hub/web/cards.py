"""Events made ready for lists: what the ``event_card`` macro shows."""

from dataclasses import dataclass

from flask import url_for

from hub import clock
from hub.enums import EventStatus, SignUpPhase
from hub.i18n import LANGUAGES, _, current_language, language_name, ngettext
from hub.models import Event
from hub.policies import sign_up_phase
from hub.web.filters import clock_time, period, short_month, weekday


@dataclass(frozen=True, slots=True)
class EventCard:
    """One event in a list, all in words."""

    id: int
    url: str
    title: str
    title_lang: str | None
    kind: str
    kind_label: str
    summary: str
    day: str
    month: str
    weekday: str
    when: str
    time: str
    place: str
    languages: list[str]
    state: str
    state_label: str
    seats_words: str
    cancelled: bool


def foreign_tag(language: str) -> str | None:
    """The tag of a text that is not in the language of the page, for its ``lang`` attribute."""
    return LANGUAGES[language].tag if language != current_language() else None


def seats_words(event: Event, phase: SignUpPhase) -> str:
    """``12 of 40 places left``, or what stands instead."""
    if phase is SignUpPhase.OPEN:
        return ngettext(
            "%(left)s of %(capacity)s place left",
            "%(left)s of %(capacity)s places left",
            event.capacity,
            left=event.seats_left,
            capacity=event.capacity,
        )
    if phase is SignUpPhase.WAITING:
        if not event.parties_waiting:
            return _("Full. The first place on the waiting list is free.")
        return ngettext(
            "Full. %(num)d party is waiting.",
            "Full. %(num)d parties are waiting.",
            event.parties_waiting,
        )
    if phase is SignUpPhase.FULL:
        return _("All %(capacity)s places are taken", capacity=event.capacity)
    return ""


def event_card(event: Event, url: str) -> EventCard:
    phase = sign_up_phase(event, clock.now())
    text = event.text()
    start = clock.to_local(event.starts_at)
    display = current_language()
    return EventCard(
        id=event.id,
        url=url,
        title=text.title,
        title_lang=foreign_tag(text.language),
        kind=event.kind.value,
        kind_label=str(event.kind.label),
        summary=text.summary,
        day=str(start.day),
        month=short_month(start),
        weekday=weekday(start),
        when=period(event.starts_at, event.ends_at),
        time=clock_time(event.starts_at),
        place=event.venue.name,
        languages=[language_name(code, display) for code in event.languages],
        state=phase.value,
        state_label=str(phase.label),
        seats_words=seats_words(event, phase),
        cancelled=event.status is EventStatus.CANCELLED,
    )


def event_cards(events: list[Event]) -> list[EventCard]:
    """Cards that lead to the public pages."""
    return [event_card(e, url_for("events.show", event_id=e.id)) for e in events]
