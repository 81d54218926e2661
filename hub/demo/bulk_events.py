"""Events by the thousand, drawn at random: three years back, four months ahead."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app

from hub import clock
from hub.demo.programme import COMING, PAST, TALKS
from hub.demo.texts import words_of
from hub.enums import EventKind, EventStatus, Visibility
from hub.i18n import SPOKEN
from hub.integrations.contacts import fold
from hub.models import AuditEntry, Event, EventLanguage, EventText

DAYS_BACK, DAYS_AHEAD = 1100, 120
SHARE_TO_COME = 0.1
SESSIONS = 10  # of a series
SEATS_PER_SIGN_UP = 1.33  # what the parties of bulk_signups.py come to, withdrawn ones counted in

Row = dict[str, Any]


@dataclass(slots=True)
class BulkEvent:
    """One event, and how many sign-ups it gets."""

    id: int
    uid: str
    kind: EventKind
    status: EventStatus
    visibility: Visibility
    venue_id: int
    community_id: int
    series_id: int | None
    starts_at: datetime
    ends_at: datetime
    capacity: int
    sign_ups: int
    languages: list[str]
    key: str

    @property
    def published_at(self) -> datetime:
        return self.starts_at - timedelta(days=21)

    @property
    def titles(self) -> dict[str, str]:
        return {code: words.title for code, words in words_of(self.key).items()}


def draw_events(
    rng: random.Random,
    now: datetime,
    venues: list[tuple[int, int]],
    wanted: int,
    sign_ups: int,
    series: int,
) -> list[BulkEvent]:
    """``wanted`` events in order of their start, with ``sign_ups`` spread over them unevenly."""
    begins = sorted(_begin(rng, now, ahead=n < wanted * SHARE_TO_COME) for n in range(wanted))
    keys = [(p.key, p.kind) for p in (*PAST, *COMING)]
    keys += [(session[0], EventKind.LAW_TALK) for session in TALKS.sessions]
    events = []
    for number, starts in enumerate(begins, 1):
        key, kind = rng.choice(keys)
        venue_id, community_id = rng.choice(venues)
        in_series = number <= series * SESSIONS and number % 3 == 0
        event = BulkEvent(
            id=number,
            uid=f"{UUID(int=rng.getrandbits(128), version=4)}@{current_app.config['UID_DOMAIN']}",
            kind=kind,
            status=_status(rng),
            visibility=Visibility.UNLISTED if rng.random() < 0.03 else Visibility.PUBLIC,
            venue_id=venue_id,
            community_id=community_id,
            series_id=number % series + 1 if in_series else None,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=rng.choice((60, 90, 120, 180))),
            capacity=0,
            sign_ups=0,
            languages=["zh", *rng.sample(SPOKEN[1:], rng.choice((0, 1, 1, 2)))],
            key=key,
        )
        events.append(event)
    _spread(rng, events, sign_ups)
    return events


def _begin(rng: random.Random, now: datetime, *, ahead: bool) -> datetime:
    """A quarter of an hour by day, on a day that is over or still to come."""
    days = rng.randrange(1, DAYS_AHEAD) if ahead else -rng.randrange(1, DAYS_BACK)
    midnight = clock.day_start(clock.to_local(now).date() + timedelta(days=days))
    return midnight + timedelta(minutes=15 * rng.randrange(7 * 4, 20 * 4))


def _status(rng: random.Random) -> EventStatus:
    draw = rng.random()
    if draw < 0.01:
        return EventStatus.DRAFT
    return EventStatus.CANCELLED if draw < 0.04 else EventStatus.PUBLISHED


def _spread(rng: random.Random, events: list[BulkEvent], sign_ups: int) -> None:
    """A few crowds, many small rounds (log-normal), and capacities: one event in five is full."""
    live = [e for e in events if e.status is not EventStatus.DRAFT]
    weights = [rng.lognormvariate(0, 0.9) for _ in live]
    scale = sign_ups / sum(weights)
    for event, weight in zip(live, weights, strict=True):
        event.sign_ups = max(1, int(weight * scale))
    live[0].sign_ups += sign_ups - sum(e.sign_ups for e in live)
    for event in events:
        room = rng.uniform(0.8, 1.0) if rng.random() < 0.2 else rng.uniform(1.0, 2.2)
        event.capacity = max(8, round(event.sign_ups * SEATS_PER_SIGN_UP * room))


def event_rows(events: list[BulkEvent], actor_id: int) -> Iterator[tuple[type[Any], Iterator[Row]]]:
    """(model, rows) in the order in which they can be inserted."""
    yield Event, (_event_row(e) for e in events)
    yield EventText, (row for e in events for row in _text_rows(e))
    yield (
        EventLanguage,
        ({"event_id": e.id, "language": code} for e in events for code in e.languages),
    )
    audit = sorted(
        (row for e in events for row in _audit_rows(e, actor_id)), key=lambda row: row["at"]
    )
    yield AuditEntry, iter(audit)


def _event_row(event: BulkEvent) -> Row:
    return {
        "id": event.id,
        "uid": event.uid,
        "sequence": {EventStatus.DRAFT: 0, EventStatus.CANCELLED: 2}.get(event.status, 1),
        "kind": event.kind,
        "status": event.status,
        "visibility": event.visibility,
        "community_id": event.community_id,
        "venue_id": event.venue_id,
        "series_id": event.series_id,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "capacity": event.capacity,
        "party_limit": 4,
        "has_waiting_list": True,
        "created_at": event.published_at - timedelta(days=1),
        "changed_at": event.published_at,
    }


def _text_rows(event: BulkEvent) -> Iterator[Row]:
    cancelled = event.status is EventStatus.CANCELLED
    reasons = {"en": "The hall is being repaired.", "zh": "场地维修。"}
    for code, words in words_of(event.key).items():
        # The number makes titles differ, so that a search for one of them finds few.
        title = f"{words.title} · {event.id}"
        yield {
            "event_id": event.id,
            "language": code,
            "title": title,
            "summary": words.summary,
            "description": words.description,
            "cancellation_reason": reasons[code] if cancelled else "",
            "search_key": fold(f"{title}\n{words.summary}"),
        }


def _audit_rows(event: BulkEvent, actor_id: int) -> Iterator[Row]:
    """The decisions of each event. Those of each sign-up are left out: they would double it all."""
    steps = [("create", -1, {"status": EventStatus.DRAFT.value})]
    if event.status is not EventStatus.DRAFT:
        steps.append(("published", 0, {"status": EventStatus.PUBLISHED.value}))
    if event.status is EventStatus.CANCELLED:
        steps.append(("cancelled", 20, {"status": EventStatus.CANCELLED.value}))
    for action, days, after in steps:
        yield {
            "at": event.published_at + timedelta(days=days),
            "actor_id": actor_id,
            "action": action,
            "subject": "event",
            "subject_id": event.id,
            "before": {},
            "after": after,
            "reason": "The hall is being repaired." if action == "cancelled" else "",
        }
