"""People coming to an event: who signs up when, and who withdraws."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from hub.demo.people import visitors
from hub.demo.timeline import Timeline
from hub.extensions import db
from hub.models import Event
from hub.services.signups import Person, cancel_sign_up, sign_up

SIZES, WEIGHTS = (1, 2, 3, 4, 5, 6), (52, 26, 12, 7, 2, 1)


@dataclass(frozen=True, slots=True)
class Demand:
    """How many want to come.

    ``fill`` is the share of the capacity that is asked for; above 1, people wait. ``parties``
    gives the sizes of the parties in their order instead. ``withdrawals`` say they cannot come.
    """

    fill: float = 0.5
    parties: tuple[int, ...] = ()
    withdrawals: int = 0


def plan_crowd(
    timeline: Timeline,
    event_id: int,
    demand: Demand,
    rng: random.Random,
    *,
    until: datetime | None = None,
) -> None:
    """Let people sign up from publication to the close of sign-up, or ``until`` if given."""
    event = db.session.get_one(Event, event_id)
    opens = max(event.changed_at, event.sign_up_opens_at or event.changed_at)
    closes = min(timeline.now, until or event.sign_up_closes_at or event.starts_at)
    seconds = (closes - opens).total_seconds() - 60
    if seconds <= 0:
        return
    sizes = demand.parties or _sizes(event, demand.fill, rng)
    people = visitors(rng)[: len(sizes)]
    sizes = sizes[: len(people)]
    offsets = sorted(rng.uniform(30, seconds) for _ in sizes)
    # Who came early has a place; who leaves late leaves it to the queue.
    early = range((len(sizes) + 1) // 2)
    leaving = set(rng.sample(early, min(demand.withdrawals, len(early))))
    for index, (person, size, offset) in enumerate(zip(people, sizes, offsets, strict=True)):
        arrives = opens + timedelta(seconds=offset)
        leaves = closes - timedelta(seconds=rng.uniform(0, seconds - offset) / 3)
        visit = partial(
            _visit, timeline, event_id, person, size, leaves if index in leaving else None
        )
        timeline.at(arrives, visit)


def _visit(
    timeline: Timeline, event_id: int, person: Person, size: int, leaves: datetime | None
) -> None:
    signed_up = sign_up(event_id, person, size)
    if signed_up is not None and leaves is not None:
        timeline.at(leaves, partial(cancel_sign_up, signed_up.id))


def _sizes(event: Event, fill: float, rng: random.Random) -> tuple[int, ...]:
    """Sizes of parties that ask for the wanted share of the seats, exactly."""
    limit = min(event.party_limit, event.capacity)
    left = round(event.capacity * fill)
    sizes: list[int] = []
    while left > 0:
        size = min(rng.choices(SIZES, WEIGHTS)[0], limit, left)
        sizes.append(size)
        left -= size
    if fill > 1:  # who comes late to a full event comes alone, so that no seat stays empty
        sizes.extend([1, 1])
    return tuple(sizes)
