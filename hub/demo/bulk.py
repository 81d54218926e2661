"""Sizes to measure with: rows by the hundred thousand, inserted past the services for speed.

The database's own guards stay on: triggers count the seats, constraints refuse an overbooking.
``flask hub check`` finds nothing to say about the result.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask_security import hash_password
from sqlalchemy import Table, func, insert, select, text

from hub import clock
from hub.demo.accounts import STAFF, Staff
from hub.demo.bulk_events import BulkEvent, draw_events, event_rows
from hub.demo.bulk_signups import sign_up_rows
from hub.demo.places import Places
from hub.extensions import db
from hub.integrations.signing import new_token
from hub.models import (
    Event,
    Series,
    SeriesText,
    SignUp,
    User,
    Venue,
)
from hub.services.places import VenueData, save_community, save_venue
from hub.transaction import unit_of_work

BATCH = 2_000

Row = dict[str, Any]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Sizes:
    """The "Scale" of domain.md, as far as its tables exist."""

    communities: int
    users: int
    events: int
    sign_ups: int
    series: int


SCALES = {
    "1x": Sizes(communities=8, users=12_000, events=1_000, sign_ups=100_000, series=30),
    "10x": Sizes(communities=20, users=120_000, events=10_000, sign_ups=1_000_000, series=300),
}


def load_bulk(seed: int, scale: str, say: Say) -> None:
    """Fill the empty database to ``scale``."""
    sizes, rng = SCALES[scale], random.Random(f"{seed}:{scale}")
    staff, venues = _places(sizes.communities)
    say(f"{sizes.communities} communities, {len(venues)} venues")
    _insert(User, _user_rows(sizes.users - len(STAFF)))  # the staff have names
    say(f"{sizes.users:,} users")
    events = draw_events(rng, clock.now(), venues, sizes.events, sizes.sign_ups, sizes.series)
    _write_events(events, sizes.series, staff)
    say(f"{sizes.events:,} events")
    _insert(SignUp, sign_up_rows(rng, clock.now(), events, sizes.users), say)
    say(f"{db.session.scalar(select(func.count()).select_from(SignUp)):,} sign-ups")
    _look_at_tables()


def _places(wanted: int) -> tuple[Staff, list[tuple[int, int]]]:
    """(venue id, community id) of all venues: those of the story, and more of the same."""
    staff, places = Staff(), Places()
    with unit_of_work():
        places.found(staff)
        for number in range(len(places.communities) + 1, wanted + 1):
            names = {"en": f"Community {number}", "zh": f"第{number}社区"}
            community = save_community(None, f"community-{number}", names, by=staff.admin)
            for hall in range(1, 4):
                data = VenueData(
                    community_id=community.id,
                    names={"en": f"Hall {number}-{hall}", "zh": f"{number}社区{hall}号厅"},
                    addresses={"en": f"{hall} Road {number}", "zh": f"{number}号路{hall}号"},
                )
                save_venue(None, data, by=staff.office)
        rows = db.session.execute(select(Venue.id, Venue.community_id).order_by(Venue.id))
        return staff, [(venue_id, community_id) for venue_id, community_id in rows]


def _user_rows(wanted: int) -> Iterator[Row]:
    """Accounts without a role. One password for all, which nobody knows: hashing is slow."""
    password, moment = hash_password(new_token()), clock.now()
    for number in range(wanted):
        yield {
            "email": f"person{number}@students.example",
            "name": f"Person {number}",
            "password": password,
            "active": True,
            "language": "zh" if number % 4 == 0 else "en",
            "fs_uniquifier": f"bulk-{number}",
            "created_at": moment,
        }


def _write_events(events: list[BulkEvent], series: int, staff: Staff) -> None:
    communities = {e.series_id: e.community_id for e in events if e.series_id}
    titles = {e.series_id: e.titles for e in events if e.series_id}
    _insert(
        Series,
        (
            {
                "id": n,
                "community_id": communities.get(n, events[0].community_id),
                "rule": "FREQ=WEEKLY;COUNT=10",
            }
            for n in range(1, series + 1)
        ),
    )
    _insert(
        SeriesText,
        (
            {"series_id": n, "language": code, "title": title}
            for n in sorted(titles)
            for code, title in titles[n].items()
        ),
    )
    with unit_of_work():
        actor_id = staff.office.id
    for model, rows in event_rows(events, actor_id):
        _insert(model, rows)


def _insert(model: type[Any], rows: Iterable[Mapping[str, Any]], say: Say | None = None) -> None:
    """Insert in batches, each a transaction of its own.

    The triggers write an event's row once for each of its sign-ups, and PostgreSQL can clean up
    old versions of a row only between transactions: long ones get slower and slower.
    """
    table: Table = model.__table__
    done, source = 0, iter(rows)
    while batch := list(islice(source, BATCH)):
        with unit_of_work():
            db.session.execute(insert(table), batch)
        done += len(batch)
        if say is not None and done % 100_000 == 0:
            say(f"    {done:,} {table.name}")


def _look_at_tables() -> None:
    """Set the counters that explicit ids passed by, and let PostgreSQL know what is in the tables.

    Autovacuum would do the latter within a minute; a measurement starts at once.
    """
    if db.engine.dialect.name != "postgresql":
        return
    with unit_of_work():
        for table in (Event.__tablename__, Series.__tablename__):
            db.session.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "  # noqa: S608
                    f"(SELECT MAX(id) FROM {table}))"
                )
            )
        db.session.execute(text("ANALYZE"))
