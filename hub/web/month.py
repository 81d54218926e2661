"""A month as weeks of days with their events, from Monday on."""

import calendar
from dataclasses import dataclass
from datetime import date

from hub import clock
from hub.models import Event
from hub.web.cards import EventCard, event_cards


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    in_month: bool
    is_today: bool
    cards: list[EventCard]


def month_weeks(first: date, events: list[Event]) -> list[list[Day]]:
    """The weeks that the month of ``first`` touches; events stand on the day they start."""
    by_day: dict[date, list[EventCard]] = {}
    for event, card in zip(events, event_cards(events), strict=True):
        by_day.setdefault(clock.to_local(event.starts_at).date(), []).append(card)
    today = clock.today()
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return [
        [Day(day, day.month == first.month, day == today, by_day.get(day, [])) for day in week]
        for week in weeks
    ]
