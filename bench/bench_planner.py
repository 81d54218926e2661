"""How long the planner takes with ten times the people and talks of the office.

500 lecturers, 10,000 talks, each with a lecturer. Run: ``python bench/bench_planner.py [URL]``;
without an address in a SQLite file that is thrown away. A PostgreSQL database must be empty.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from random import Random
from statistics import median

from flask_migrate import upgrade
from sqlalchemy import insert, select

from hub import clock, create_app
from hub import models as m
from hub.extensions import db
from hub.queries.planner import plan_for, proposals
from hub.services.activities import seed_activities
from hub.transaction import unit_of_work

LECTURERS, TALKS, TOPICS, LANGUAGES = 500, 10_000, 8, ("en", "fr", "ru", "ar")
DAY = timedelta(days=1)


def rows(count: int, make: Callable[[int], dict[str, object]]) -> list[dict[str, object]]:
    return [make(number) for number in range(1, count + 1)]


def fill(random: Random) -> None:
    """People with a term and three topics in one language each; talks over a year."""
    now, today = clock.now(), clock.today()
    with unit_of_work():
        seed_activities()
        db.session.add(m.Community(slug="heyuan"))
        db.session.flush()
        community = db.session.scalars(select(m.Community.id)).first()
        venue = m.Venue(community_id=community)
        db.session.add(venue)
        db.session.flush()
        users = rows(LECTURERS, lambda n: user(n, now))
        put(m.User, users)
        put(
            m.Profile,
            rows(LECTURERS, lambda n: {"user_id": n, "weekdays": n % 128, "updated_at": now}),
        )
        put(
            m.Appointment,
            rows(
                LECTURERS,
                lambda n: {
                    "user_id": n,
                    "programme": "lecturer",
                    "starts_on": today - 300 * DAY,
                    "ends_on": today + 300 * DAY,
                    "accepted_at": now,
                    "created_at": now,
                },
            ),
        )
        put(m.Topic, rows(TOPICS, lambda n: {"id": n, "slug": f"topic-{n}", "position": n}))
        put(
            m.TopicText,
            rows(TOPICS, lambda n: {"topic_id": n, "language": "en", "name": f"Topic {n}"}),
        )
        put(
            m.Qualification,
            [
                {
                    "user_id": n,
                    "topic_id": topic,
                    "language": LANGUAGES[n % 4],
                    "examiner": "Police",
                    "valid_from": today - 300 * DAY,
                    "valid_until": today + 300 * DAY,
                    "created_at": now,
                }
                for n in range(1, LECTURERS + 1)
                for topic in random.sample(range(1, TOPICS + 1), 3)
            ],
        )
        activity = db.session.scalars(select(m.Activity.id)).first()
        talks(venue.id, community, activity, random)


def user(number: int, now: object) -> dict[str, object]:
    return {
        "id": number,
        "email": f"l{number}@example.com",
        "name": f"Lecturer {number}",
        "language": "en",
        "active": True,
        "fs_uniquifier": f"bench-{number}",
        "created_at": now,
        "password": "x",
    }


def talks(venue: int, community: object, activity: object, random: Random) -> None:
    now, first = clock.now(), clock.day_start(clock.today()) - 180 * DAY
    starts = {n: first + timedelta(minutes=52 * n) for n in range(1, TALKS + 1)}
    hour = timedelta(hours=1)
    put(
        m.Event,
        rows(
            TALKS,
            lambda n: {
                "id": n,
                "uid": f"bench-{n}",
                "kind": "law_talk",
                "status": "published",
                "visibility": "public",
                "community_id": community,
                "venue_id": venue,
                "starts_at": starts[n],
                "ends_at": starts[n] + hour,
                "capacity": 160,
                "created_at": now,
                "changed_at": now,
            },
        ),
    )
    put(
        m.Talk, rows(TALKS, lambda n: {"event_id": n, "school": f"School {n % 3}", "expected": 160})
    )
    put(m.TalkTopic, rows(TALKS, lambda n: {"event_id": n, "topic_id": 1 + n % TOPICS}))
    put(
        m.Duty,
        rows(
            TALKS,
            lambda n: {
                "id": n,
                "programme": "lecturer",
                "community_id": community,
                "event_id": n,
                "venue_id": venue,
                "activity_id": activity,
                "starts_at": starts[n],
                "ends_at": starts[n] + hour,
                "people_needed": 2,
                "created_by_id": 1,
                "created_at": now,
            },
        ),
    )
    put(m.DutyText, rows(TALKS, lambda n: {"duty_id": n, "language": "en", "title": f"Talk {n}"}))
    put(
        m.DutyLanguage,
        rows(TALKS, lambda n: {"duty_id": n, "language": LANGUAGES[n % 4], "level": "B2"}),
    )
    put(
        m.Assignment,
        rows(
            TALKS,
            lambda n: {
                "duty_id": n,
                "user_id": 1 + (n * 7) % LECTURERS,
                "status": "confirmed",
                "created_at": now,
                "accepted_at": now,
            },
        ),
    )


def put(model: type, values: list[dict[str, object]]) -> None:
    for start in range(0, len(values), 500):
        db.session.execute(insert(model), values[start : start + 500])


def measure(name: str, work: Callable[[], object]) -> None:
    times = []
    for _ in range(7):
        db.session.rollback()
        db.session.expire_all()
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    print(f"{name:<24} {median(times):7.1f} ms (median of 7; worst {max(times):.1f} ms)")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bench.db"
        app = create_app({"SQLALCHEMY_DATABASE_URI": url, "SECRET_KEY": "bench"})
        with app.app_context():
            upgrade()
            fill(Random(2026))
            coming = select(m.Duty.id).where(m.Duty.starts_at > clock.now() + 7 * DAY)
            ids = db.session.scalars(coming.order_by(m.Duty.id).limit(9 * 100)).all()[::100]
            by = db.session.get_one(m.User, LECTURERS)

            def duties(chosen: list[int]) -> list[m.Duty]:
                return list(
                    db.session.scalars(select(m.Duty).where(m.Duty.id.in_(chosen))).unique()
                )

            print(f"{len(proposals(duties(ids[:1])[0], by))} proposals for one talk")
            measure("one talk", lambda: proposals(duties(ids[:1])[0], by))
            measure("a series of nine", lambda: plan_for(duties(list(ids)), by))


if __name__ == "__main__":
    main()
