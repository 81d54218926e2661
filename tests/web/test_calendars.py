"""The public feed, as calendar programs fetch it, and the page that explains how to subscribe."""

import gzip
from datetime import timedelta
from email.utils import format_datetime

import brotli
import icalendar
import pytest

from hub import clock
from hub.enums import EventKind, EventStatus, Visibility
from hub.services.event_data import Words, data_of
from hub.services.events import cancel_event, publish_event, update_event
from hub.transaction import unit_of_work
from tests.factories import local, make_event, make_sign_up, make_venue
from tests.people import BOB, CAROL, DMITRI

FEED = "/calendar/public.ics"


def entries(client, query: str = "") -> list[icalendar.Event]:
    answer = client.get(f"{FEED}?{query}" if query else FEED)
    assert answer.status_code == 200
    return icalendar.Calendar.from_ical(answer.data).walk("VEVENT")


def titles(client, query: str = "") -> list[str]:
    return [str(entry["SUMMARY"]) for entry in entries(client, query)]


# --- what stands in it --------------------------------------------------------------------


def test_feed_holds_the_public_events_in_order(client, venue, now):
    make_event(venue=venue, title="Second", starts_at=now + timedelta(days=2))
    make_event(venue=venue, title="First", starts_at=now + timedelta(days=1))
    make_event(venue=venue, title="Lately", starts_at=now - timedelta(days=29))
    make_event(venue=venue, title="Long ago", starts_at=now - timedelta(days=31))
    make_event(venue=venue, title="Draft", status=EventStatus.DRAFT)
    make_event(venue=venue, title="Hidden", visibility=Visibility.UNLISTED)
    assert titles(client) == ["Lately", "First", "Second"]


def test_feed_without_events_is_a_calendar(client):
    answer = client.get(FEED)
    calendar = icalendar.Calendar.from_ical(answer.data)
    assert len(calendar.walk("VTIMEZONE")) == 1
    assert answer.status_code == 200
    assert "METHOD" not in calendar


def test_entry_matches_the_row(client, event):
    (entry,) = entries(client)
    assert str(entry["UID"]) == event.uid
    assert entry["SEQUENCE"] == event.sequence
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (event.starts_at, event.ends_at)
    assert str(entry["LOCATION"]) == "Neighbours' Hall, 12 Xixi Road"
    assert entry["CATEGORIES"].to_ical() == b"Culture"
    assert str(entry["DESCRIPTION"]).endswith(f"http://hub.test/en/events/{event.id}")
    assert entry["CREATED"].dt <= entry["LAST-MODIFIED"].dt


def test_cancelled_event_stays_for_thirty_days_and_says_so(client, event, alice):
    with unit_of_work():
        cancel_event(event.id, {"en": "Heavy rain.", "zh": "大雨。"}, by=alice)
    (entry,) = entries(client)
    assert str(entry["STATUS"]) == "CANCELLED"
    assert entry["SEQUENCE"] == 2
    assert str(entry["SUMMARY"]) == "Cancelled: Dumplings for all"
    with clock.fixed_at(event.ends_at + timedelta(days=30) - timedelta(seconds=1)):
        assert len(entries(client)) == 1
    with clock.fixed_at(event.ends_at + timedelta(days=30)):
        assert entries(client) == []


def test_rule_19_feed_names_nobody(client, event, alice):
    for person in (BOB, CAROL, DMITRI):
        booked = make_sign_up(event, person)
    for query in ("", "text=zh"):
        body = client.get(f"{FEED}?{query}").text
        for secret in (
            "Bob", "Kamau", "卡罗尔", "Dmitri", "@example.com", "13812345678", booked.code,
            booked.number, "tickets", "Alice", "ATTENDEE", "ORGANIZER", "VALARM",
        ):  # fmt: skip
            assert secret not in body, secret


# --- filters and language -----------------------------------------------------------------


@pytest.fixture
def two_events(venue, other_community):
    make_event(
        venue=make_venue(other_community), kind=EventKind.FESTIVAL, languages=["ar"],
        texts={"en": Words("Boats"), "zh": Words("龙舟")}, starts_at=local("2026-12-05 09:00"),
    )  # fmt: skip
    make_event(
        venue=venue, kind=EventKind.LAW_TALK, languages=["zh", "en"],
        texts={"en": Words("Law"), "zh": Words("法律")},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Law", "Boats"]),
        ("kind=festival", ["Boats"]),
        ("community=heyuan", ["Law"]),
        ("community=dongyue", ["Boats"]),
        ("language=ar", ["Boats"]),
        ("language=zh", ["法律"]),
        ("language=zh&text=en", ["Law"]),
        ("language=en", ["Law"]),
        ("text=zh", ["法律", "龙舟"]),
        ("language=fr", []),
        ("kind=festival&community=heyuan", []),
        ("kind=&community=&language=", ["Law", "Boats"]),
    ],
)
def test_feed_is_narrowed_and_speaks_the_language_of_its_address(client, two_events, query, found):
    assert titles(client, query) == found


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("kind=nonsense", "kind"),
        ("kind=FESTIVAL", "kind"),
        ("kind=%00", "kind"),
        ("language=xx", "language"),
        ("language=en,zh", "language"),
        ("community=nowhere", "community"),
        ("community=%27+OR+1=1", "community"),
        ("text=xx", "text"),
        ("text=ru", "text"),
        ("text=", "text"),
        ("unknown=1", "unknown"),
        ("lang=en", "lang"),
        ("q=law", "q"),
        ("%3Cscript%3E=1", "<script>"),
    ],
)
def test_wrong_filter_is_said_and_not_an_empty_calendar(client, two_events, query, words):
    page = client.get_page(f"{FEED}?{query}", 400)
    assert words in page.text
    assert "BEGIN:VCALENDAR" not in page.text
    assert "Set-Cookie" not in page.response.headers


def test_feed_follows_neither_cookie_nor_browser_nor_account(app, client, two_events, alice):
    plain = client.get(FEED).data
    client.set_cookie("lang", "zh")
    assert client.get(FEED, headers={"Accept-Language": "zh"}).data == plain
    staff = app.test_client().log_in(alice)
    answer = staff.get(FEED, headers={"Accept-Language": "zh"})
    assert answer.data == plain
    assert "Set-Cookie" not in answer.headers


# --- the conversation ---------------------------------------------------------------------


def test_feed_answers_as_calendar_programs_want(client, event):
    answer = client.get(FEED)
    headers = answer.headers
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers["Cache-Control"] == "public, max-age=900"
    assert headers["ETag"].startswith('"')
    changed = event.changed_at.replace(microsecond=0)
    assert headers["Last-Modified"] == format_datetime(changed, usegmt=True)
    assert "Set-Cookie" not in headers
    assert "Location" not in headers
    assert "Cookie" not in headers["Vary"]
    assert "Accept-Encoding" in headers["Vary"]


def test_two_fetches_are_the_same_bytes(client, event, now):
    first = client.get(FEED)
    with clock.fixed_at(now + timedelta(hours=5)):
        second = client.get(FEED)
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]


def test_host_has_no_influence(client, event):
    first = client.get(FEED)
    for host in ("evil.example", "evil.example:99", "hub.test:8000"):
        other = client.get(FEED, headers={"Host": host, "X-Forwarded-Host": host})
        assert other.data == first.data
    secure = client.get(FEED, base_url="https://evil.example/")
    assert secure.data == first.data


def test_same_etag_is_not_modified(client, event):
    first = client.get(FEED)
    again = client.get(FEED, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Set-Cookie" not in again.headers
    listed = client.get(FEED, headers={"If-None-Match": f'"other", {first.headers["ETag"]}'})
    assert listed.status_code == 304


def test_same_date_is_not_modified(client, event):
    date = client.get(FEED).headers["Last-Modified"]
    assert client.get(FEED, headers={"If-Modified-Since": date}).status_code == 304
    earlier = format_datetime(event.changed_at - timedelta(hours=1), usegmt=True)
    assert client.get(FEED, headers={"If-Modified-Since": earlier}).status_code == 200


def test_etag_outranks_the_date(client, event):
    first = client.get(FEED).headers
    new = {"If-None-Match": '"other"', "If-Modified-Since": first["Last-Modified"]}
    assert client.get(FEED, headers=new).status_code == 200
    old = {"If-None-Match": first["ETag"], "If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT"}
    assert client.get(FEED, headers=old).status_code == 304


@pytest.mark.parametrize("garbage", ["", "x", '"', 'W/"', "*" * 5000, "\xff"])
def test_conditions_that_cannot_be_read_do_no_harm(client, event, garbage):
    for name in ("If-None-Match", "If-Modified-Since", "Range", "If-Range", "Accept-Encoding"):
        assert client.get(FEED, headers={name: garbage}).status_code in (200, 304)


def test_head_is_get_without_the_bytes(client, event):
    got, head = client.get(FEED), client.head(FEED)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Last-Modified", "Content-Type", "Content-Length", "Cache-Control"):
        assert head.headers[name] == got.headers[name], name


@pytest.mark.parametrize(
    ("coding", "unpack"), [("gzip", gzip.decompress), ("br", brotli.decompress)]
)
def test_compressed_feed_has_its_own_etag(client, venue, coding, unpack):
    for number in range(5):
        make_event(venue=venue, title=f"Talk {number}")
    plain = client.get(FEED)
    packed = client.get(FEED, headers={"Accept-Encoding": coding})
    assert packed.headers["Content-Encoding"] == coding
    assert unpack(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    assert packed.headers["ETag"].startswith('"')
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    asked = {"Accept-Encoding": coding, "If-None-Match": packed.headers["ETag"]}
    again = client.get(FEED, headers=asked)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == packed.headers["ETag"]
    head = client.head(FEED, headers={"Accept-Encoding": coding})
    assert head.headers["ETag"] == packed.headers["ETag"]


@pytest.mark.parametrize("accept", ["text/calendar", "text/html", "*/*", "image/png", ""])
def test_any_accept_gets_the_calendar(client, event, accept):
    answer = client.get(FEED, headers={"Accept": accept})
    assert answer.mimetype == "text/calendar"


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_feed_is_only_read(client, event, method):
    assert getattr(client, method)(FEED).status_code == 405


def test_etag_changes_with_every_change_that_readers_see(client, venue, alice, now):
    seen = set()

    def look() -> None:
        seen.add(client.get(FEED).headers["ETag"])

    look()
    event = make_event(venue=venue, status=EventStatus.DRAFT)
    look()  # a draft is nobody's business
    assert len(seen) == 1
    with unit_of_work():
        publish_event(event.id, by=alice)
    look()
    data = data_of(event)
    data.starts_at += timedelta(hours=1)
    data.ends_at += timedelta(hours=1)
    with unit_of_work():
        update_event(event.id, data, by=alice)
    look()
    data.venue_id = make_venue(names={"en": "Garden"}).id
    with unit_of_work():
        update_event(event.id, data, by=alice)
    look()
    data.texts["en"] = Words("Noodles for all")
    with unit_of_work():
        update_event(event.id, data, by=alice)
    look()
    with unit_of_work():
        cancel_event(event.id, {"en": "Rain."}, by=alice)
    look()
    assert len(seen) == 6


def test_signing_up_does_not_change_the_feed(client, event):
    before = client.get(FEED).headers["ETag"]
    make_sign_up(event, BOB, 4)
    assert client.get(FEED).headers["ETag"] == before


def test_moved_event_keeps_its_uid_and_raises_its_sequence(client, event, alice):
    (before,) = entries(client)
    data = data_of(event)
    data.starts_at += timedelta(days=1)
    data.ends_at += timedelta(days=1)
    with unit_of_work():
        update_event(event.id, data, by=alice)
    (after,) = entries(client)
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["DTSTART"].dt - before["DTSTART"].dt == timedelta(days=1)


# --- the page -----------------------------------------------------------------------------


def test_page_gives_the_address_of_the_feed_in_its_language(client, event):
    page = client.get_page("/zh/calendars")
    address = page.one(".copy-text input")["value"]
    assert address == "http://hub.test/calendar/public.ics?text=zh"
    assert page.one("a[href^='webcal://']")["href"] == "webcal" + address.removeprefix("http")


def test_every_address_on_the_page_is_a_feed(client, event, other_community):
    page = client.get_page("/en/calendars")
    for name in ("community", "kind", "language", "text"):
        for option in page.all(f"form.filters select[name={name}] option"):
            asked = client.get_page(f"/en/calendars?{name}={option['value']}")
            link = str(asked.one(".copy-text input")["value"])
            answer = client.get(link.removeprefix("http://hub.test"))
            assert answer.mimetype == "text/calendar", link


def test_page_does_not_follow_the_host_that_was_asked(client):
    page = client.get_page("/en/calendars", Host="evil.example")
    assert "evil.example" not in page.response.text
