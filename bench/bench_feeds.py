"""How long calendars of 2,000 sessions take: written, from memory, and unchanged.

Run: ``python -m bench.bench_feeds [URL]``; without an address in a SQLite file that is thrown away.
A PostgreSQL database must be empty. Each request goes through the whole application.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import insert

from hub import clock, create_app
from hub import models as m
from hub.enums import FeedKind, StaffRole
from hub.extensions import db
from hub.integrations import ical
from hub.integrations.markdown import to_text
from hub.services.accounts import create_user
from hub.services.activities import seed_activities
from hub.services.feeds import make_feed
from hub.transaction import unit_of_work
from hub.web.feed_cache import KEPT_AS, FeedCache

SESSIONS, VENUES = 2_000, 40


def fill() -> str:
    """2,000 sessions with words in two languages and a duty each; the token of a desk's feed."""
    now, day = clock.now(), timedelta(days=1)
    with unit_of_work():
        seed_activities()
        user = create_user(
            email="a@example.com", name="A", password="bench", language="en", role=StaffRole.STAFF
        )
        community = m.Community(slug="heyuan")
        community.texts = {"en": m.CommunityText(language="en", name="Heyuan")}
        db.session.add(community)
        db.session.flush()
        numbers, ids = range(1, SESSIONS + 1), range(1, VENUES + 1)
        put(m.Venue, [{"id": n, "community_id": community.id} for n in ids])
        named = [{"venue_id": n, "name": f"Hall {n}", "address": "Xixi Road"} for n in ids]
        put(m.VenueText, [row | {"language": code} for row in named for code in ("en", "zh")])
        when = {n: now + timedelta(minutes=261 * n) for n in numbers}
        common = {"community_id": community.id, "created_at": now}
        sessions = [
            common
            | {"id": n, "uid": f"{n}@bench", "venue_id": 1 + n % VENUES, "capacity": 40}
            | {"kind": "culture", "status": "published", "visibility": "public"}
            | {"starts_at": when[n], "ends_at": when[n] + day / 12, "changed_at": now}
            for n in numbers
        ]
        put(m.Event, sessions)
        about = "Bring **a friend**, a cup and an hour. We begin on time.\n\n" * 4
        texts = [
            {"event_id": n, "title": f"Session {n}", "summary": "Come as you are."}
            | {"description": f"{about}Hall {n}.", "search_key": ""}
            for n in numbers
        ]
        put(m.EventText, [row | {"language": code} for row in texts for code in ("en", "zh")])
        put(m.EventLanguage, [{"event_id": n, "language": "en"} for n in numbers])
        duties = [
            common
            | {"id": n, "event_id": n, "programme": "assistant", "venue_id": 1 + n % VENUES}
            | {"activity_id": 1, "people_needed": 2, "created_by_id": user.id}
            | {"starts_at": when[n], "ends_at": when[n] + day / 12}
            for n in numbers
        ]
        put(m.Duty, duties)
        _feed, token = make_feed(FeedKind.STAFF, "bench", by=user)
    return token


def put(model: type, values: list[dict[str, object]]) -> None:
    for start in range(0, len(values), 500):
        db.session.execute(insert(model), values[start : start + 500])


def measure(name: str, work: Callable[[], object], before: Callable[[], object] = int) -> None:
    times = []
    for _ in range(7):
        before()
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    print(f"{name:<34} {median(times):8.1f} ms (median of 7; worst {max(times):.1f} ms)")


def measure_feed(app: Flask, name: str, path: str) -> None:
    client = app.test_client()
    gzip = {"Accept-Encoding": "gzip"}
    body, etag = client.get(path).data, client.get(path).headers["ETag"]
    packed = client.get(path, headers=gzip).headers["ETag"]
    print(f"{name}: {len(body) / 1024:.0f} KB")

    def forget() -> None:
        app.extensions[KEPT_AS] = FeedCache()

    def forget_all() -> None:
        forget()
        ical._event_bytes.cache_clear()
        to_text.cache_clear()

    measure("  written in a new process", lambda: client.get(path), forget_all)
    measure("  written after a change", lambda: client.get(path), forget)
    measure("  from memory", lambda: client.get(path))
    measure("  from memory, packed", lambda: client.get(path, headers=gzip))
    measure("  unchanged (304)", lambda: client.get(path, headers={"If-None-Match": etag}))
    asked = gzip | {"If-None-Match": packed}
    measure("  unchanged, packed (304)", lambda: client.get(path, headers=asked))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bench.db"
        app = create_app({"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "bench"})
        with app.app_context():
            upgrade()
            token = fill()
        measure_feed(app, "public", "/calendar/public.ics?text=en")
        measure_feed(app, "desk", f"/calendar/private/{token}.ics?text=en&with=records,terms")


if __name__ == "__main__":
    main()
