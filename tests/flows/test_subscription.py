"""Calendars read by real programs: vdirsyncer fetches over HTTP, khal shows, two more parsers read.

What they say is compared with what was planned, in Hangzhou and for a reader in New York.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import ics
import pytest
import vobject
from sqlalchemy import insert, select

from hub.enums import EventStatus, FeedKind
from hub.extensions import db
from hub.models import Event, EventText, User
from hub.services.event_data import data_of
from hub.services.events import cancel_event, publish_event, update_event
from hub.services.feeds import make_feed
from hub.transaction import unit_of_work
from tests.conftest import NOON
from tests.e2e.server import Site, running_site
from tests.factories import local, make_community, make_event, make_user, make_venue
from tests.service_factories import make_assistant

BIN = Path(sys.executable).parent
SESSIONS = 2_000
SHANGHAI, NEW_YORK = "Asia/Shanghai", "America/New_York"
LINE = "{start-long}|{end-long}|{title}"

VDIRSYNCER = """
[general]
status_path = "{folder}/status/"

[pair hub]
a = "site"
b = "folder"
collections = null

[storage site]
type = "http"
url = "{url}"

[storage folder]
type = "filesystem"
path = "{folder}/events/"
fileext = ".ics"
"""
KHAL = """
[calendars]
[[hub]]
path = {folder}/events/
readonly = True

[locale]
local_timezone = {zone}
default_timezone = {zone}
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M

[sqlite]
path = {folder}/khal-{name}.db
"""


@pytest.fixture
def site(loopback, worker: str) -> Iterator[Site]:
    with running_site(f"subscription_{worker}", NOON) as running:
        yield running


class Reader:
    """Somebody's calendar program: a folder that vdirsyncer fills and khal shows."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        (folder / "events").mkdir(parents=True)
        self._write("vdirsyncer.conf", VDIRSYNCER.format(folder=folder, url=url))
        self._run("vdirsyncer", "discover", answer="y\n" * 9)

    def sync(self) -> None:
        self._run("vdirsyncer", "sync")

    def shows(self, start: str, days: int = 1, zone: str = SHANGHAI) -> list[str]:
        """The lines of those days as a reader in ``zone`` sees them."""
        name = zone.replace("/", "-")
        self._write("khal.conf", KHAL.format(folder=self.folder, zone=zone, name=name))
        told = self._run(
            "khal", "list", "--once", "--day-format", "", "--format", LINE, start, f"{days}d",
            zone=zone,
        )  # fmt: skip
        return [line for line in told.splitlines() if "|" in line]

    def _write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def _run(self, program: str, *words: str, answer: str = "", zone: str = SHANGHAI) -> str:
        config = str(self.folder / f"{program}.conf")
        done = subprocess.run(
            [str(BIN / program), "-c", config, *words],
            input=answer,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, "HOME": str(self.folder), "TZ": zone, "LC_ALL": "C.UTF-8"},
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout


def fetch(url: str, etag: str = "") -> tuple[int, str, bytes]:
    """Status, ETag and bytes, asked with the ETag of the copy one has."""
    request = Request(url, headers={"If-None-Match": etag} if etag else {})
    try:
        with closing(urlopen(request, timeout=60)) as answer:
            return answer.status, answer.headers["ETag"], answer.read()
    except HTTPError as error:
        return error.code, error.headers["ETag"], b""


@pytest.fixture
def cast(site: Site) -> Iterator[tuple[User, Callable[..., Event]]]:
    """A staff member, and a way to plan an event: (title, start, end) on the clocks of Hangzhou."""
    with site.database():
        venue = make_venue(make_community("heyuan"))
        alice = make_user("alice")

        def plan(title: str, start: str, end: str, **more: object) -> Event:
            times = {"starts_at": local(start), "ends_at": local(end)}
            return make_event(venue=venue, title=title, **times, **more)

        yield alice, plan


def test_subscription_follows_publish_move_and_cancel(site, cast, tmp_path):
    alice, plan = cast
    url = f"{site.url}/calendar/public.ics?text=en"
    reader = Reader(tmp_path, url)
    draft = plan("Tea", "2026-11-28 14:00", "2026-11-28 16:00", status=EventStatus.DRAFT)
    reader.sync()
    status, empty, _body = fetch(url)
    assert status == 200
    assert reader.shows("2026-11-28") == []

    with unit_of_work():
        publish_event(draft.id, by=alice)
    status, published, _body = fetch(url, empty)
    assert status == 200
    reader.sync()
    assert reader.shows("2026-11-28") == ["2026-11-28 14:00|2026-11-28 16:00|Tea"]
    assert fetch(url, published)[0] == 304

    data = data_of(draft)
    data.starts_at += timedelta(days=1, hours=1)
    data.ends_at += timedelta(days=1, hours=1)
    with unit_of_work():
        update_event(draft.id, data, by=alice)
    status, moved, _body = fetch(url, published)
    assert status == 200
    reader.sync()
    assert reader.shows("2026-11-28") == []
    assert reader.shows("2026-11-29") == ["2026-11-29 15:00|2026-11-29 17:00|Tea"]
    assert len(list((tmp_path / "events").iterdir())) == 1

    with unit_of_work():
        cancel_event(draft.id, {"en": "Rain."}, by=alice)
    status, cancelled, body = fetch(url, moved)
    assert status == 200
    assert b"STATUS:CANCELLED" in body
    reader.sync()
    (line,) = reader.shows("2026-11-29")
    assert line.endswith("Cancelled: Tea")
    assert len({empty, published, moved, cancelled}) == 4
    assert fetch(url, cancelled)[0] == 304


def test_private_subscription_is_fetched_and_ends(site, cast, tmp_path):
    alice, plan = cast
    plan("Plan", "2026-11-28 14:00", "2026-11-28 16:00", status=EventStatus.DRAFT)
    make_assistant("amina", ends_on=date(2026, 11, 30))
    with unit_of_work():
        _feed, token = make_feed(FeedKind.STAFF, "khal", by=alice)
    url = f"{site.url}/calendar/private/{token}.ics?text=en&with=terms"
    reader = Reader(tmp_path, url)
    reader.sync()
    assert reader.shows("2026-11-28") == ["2026-11-28 14:00|2026-11-28 16:00|Draft: Plan"]
    (term,) = reader.shows("2026-11-30", 2)
    assert term == "2026-11-30|2026-11-30|A term ends: Foreign community assistant"
    (abroad,) = reader.shows("2026-11-30", 2, NEW_YORK)
    assert abroad == term  # a day is that day everywhere
    with unit_of_work():
        alice.active = False
    assert fetch(url)[0] == 404


def test_month_end_midnight_and_a_reader_in_new_york(site, cast, tmp_path):
    _alice, plan = cast
    plan("Across the month", "2026-11-30 23:00", "2026-12-01 01:00")
    plan("Until midnight", "2026-12-05 22:00", "2026-12-06 00:00")
    plan("From midnight", "2026-12-08 00:00", "2026-12-08 01:00")
    plan("New Year", "2026-12-31 23:30", "2027-01-01 00:30")
    plan("Before summer time", "2027-03-13 20:00", "2027-03-13 21:00")
    plan("Across the change", "2027-03-14 14:30", "2027-03-14 15:30")
    plan("After summer time", "2027-03-15 20:00", "2027-03-15 21:00")
    plan("Leap into autumn", "2027-11-08 20:00", "2027-11-08 21:00")
    reader = Reader(tmp_path, f"{site.url}/calendar/public.ics?text=en")
    reader.sync()
    assert reader.shows("2026-11-29", 380) == [
        "2026-11-30 23:00|2026-12-01 01:00|Across the month",
        "2026-12-05 22:00|2026-12-06 00:00|Until midnight",
        "2026-12-08 00:00|2026-12-08 01:00|From midnight",
        "2026-12-31 23:30|2027-01-01 00:30|New Year",
        "2027-03-13 20:00|2027-03-13 21:00|Before summer time",
        "2027-03-14 14:30|2027-03-14 15:30|Across the change",
        "2027-03-15 20:00|2027-03-15 21:00|After summer time",
        "2027-11-08 20:00|2027-11-08 21:00|Leap into autumn",
    ]
    assert reader.shows("2026-11-29", 380, NEW_YORK) == [
        "2026-11-30 10:00|2026-11-30 12:00|Across the month",
        "2026-12-05 09:00|2026-12-05 11:00|Until midnight",
        "2026-12-07 11:00|2026-12-07 12:00|From midnight",
        "2026-12-31 10:30|2026-12-31 11:30|New Year",
        "2027-03-13 07:00|2027-03-13 08:00|Before summer time",
        "2027-03-14 01:30|2027-03-14 03:30|Across the change",
        "2027-03-15 08:00|2027-03-15 09:00|After summer time",
        "2027-11-08 07:00|2027-11-08 08:00|Leap into autumn",
    ]


def test_desk_calendar_of_two_thousand_sessions_in_two_other_parsers(site, cast):
    alice, plan = cast
    first = plan("Session 0", "2026-11-24 23:30", "2026-11-25 00:30")
    planned = _many(first)
    with unit_of_work():
        _feed, token = make_feed(FeedKind.STAFF, "parsers", by=alice)
    _status, etag, body = fetch(f"{site.url}/calendar/private/{token}.ics?text=en")
    text = body.decode()
    read = {
        str(e.uid.value): (e.dtstart.value.astimezone(UTC), e.dtend.value.astimezone(UTC))
        for e in vobject.readOne(text).vevent_list
    }
    assert read == planned
    other = {
        e.uid: (e.begin.datetime.astimezone(UTC), e.end.datetime.astimezone(UTC))
        for e in ics.Calendar(text).events
    }
    assert other == planned
    assert fetch(f"{site.url}/calendar/private/{token}.ics?text=en", etag)[0] == 304


def _many(first: Event) -> dict[str, tuple[datetime, datetime]]:
    """2,000 sessions, one every five hours and a bit: every hour of the day, every month's end."""
    hour = timedelta(hours=1)
    start, columns = first.starts_at, Event.__table__.columns.keys()
    row = db.session.execute(select(Event.__table__).where(Event.id == first.id)).one()
    common = {name: getattr(row, name) for name in columns if name not in ("id", "uid")}
    times = {n: start + n * timedelta(minutes=307) for n in range(SESSIONS)}
    with unit_of_work():
        for n in range(1, SESSIONS):
            new = {"uid": f"session-{n}@linqiao.example"}
            new |= {"starts_at": times[n], "ends_at": times[n] + hour}
            made = db.session.execute(insert(Event).values(common | new).returning(Event.id))
            words = {"event_id": made.scalar_one(), "language": "en", "search_key": ""}
            words |= {"title": f"Session {n}; with, commas", "description": "Come **early**."}
            db.session.execute(insert(EventText).values(words))
    found = db.session.execute(select(Event.uid, Event.starts_at, Event.ends_at))
    return {uid: (begins, ends) for uid, begins, ends in found}
