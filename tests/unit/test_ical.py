"""Calendars as bytes: the feed rules of the design, each by a test whose name says it.

Everything is looked at twice: parsed back with `icalendar`, and by a second reader on the raw bytes
(`octet_lines`, `unfolded`, `values`) that shares no code with it.
"""

import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.integrations.ical import (
    PRODID,
    CalendarEntry,
    CalendarInfo,
    _event_bytes,
    feed,
    single,
)
from hub.integrations.invitations import Attendee, Parties, Party

CHANGED = datetime(2026, 3, 2, 4, 5, 6, tzinfo=UTC)
INFO = CalendarInfo(
    name="Linqiao: all events",
    description="Everything in Liuxia, for all",
    url="https://hub.example/en/events",
    colour="teal",
    last_modified=CHANGED,
    uid="calendar-all@hub.example",
)
ENTRY = CalendarEntry(
    uid="session-7@hub.example",
    sequence=3,
    status="CONFIRMED",
    starts_at=datetime(2026, 5, 1, 11, 0, tzinfo=UTC),
    ends_at=datetime(2026, 5, 1, 13, 30, tzinfo=UTC),
    created_at=datetime(2026, 3, 1, tzinfo=UTC),
    last_modified=CHANGED,
    summary="Dumplings; tea, music 🎉",
    description="Bring a friend.\n欢迎来包饺子，认识新邻居。",
    url="https://hub.example/en/events/7",
    place="Liuxia Centre",
    address="西溪路 900 号",
    categories=("Festival", "Food, drink"),
    latitude=30.245,
    longitude=120.05,
)
BARE = CalendarEntry(
    uid="session-8@hub.example",
    sequence=0,
    status="TENTATIVE",
    starts_at=datetime(2026, 5, 2, 1, 0, tzinfo=UTC),
    ends_at=datetime(2026, 5, 2, 2, 0, tzinfo=UTC),
    created_at=CHANGED,
    last_modified=CHANGED,
    summary="Law talk",
)
GOLDEN = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Linqiao//Community Hub//EN
CALSCALE:GREGORIAN
UID:calendar-all@hub.example
NAME:Linqiao: all events
X-WR-CALNAME:Linqiao: all events
X-WR-CALDESC:Everything in Liuxia\\, for all
X-WR-TIMEZONE:Asia/Shanghai
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
COLOR:teal
LAST-MODIFIED:20260302T040506Z
URL:https://hub.example/en/events
BEGIN:VTIMEZONE
TZID:Asia/Shanghai
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0800
TZOFFSETTO:+0800
TZNAME:CST
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:session-7@hub.example
DTSTAMP:20260302T040506Z
DTSTART;TZID=Asia/Shanghai:20260501T190000
DTEND;TZID=Asia/Shanghai:20260501T213000
SEQUENCE:3
STATUS:CONFIRMED
TRANSP:OPAQUE
CREATED:20260301T000000Z
LAST-MODIFIED:20260302T040506Z
SUMMARY:Dumplings\\; tea\\, music 🎉
DESCRIPTION:Bring a friend.\\n欢迎来包饺子，认识新邻居。\\n\\nht
 tps://hub.example/en/events/7
LOCATION:Liuxia Centre\\, 西溪路 900 号
URL:https://hub.example/en/events/7
GEO:30.245000;120.050000
CATEGORIES:Festival,Food\\, drink
END:VEVENT
BEGIN:VEVENT
UID:session-8@hub.example
DTSTAMP:20260302T040506Z
DTSTART;TZID=Asia/Shanghai:20260502T090000
DTEND;TZID=Asia/Shanghai:20260502T100000
SEQUENCE:0
STATUS:TENTATIVE
TRANSP:OPAQUE
CREATED:20260302T040506Z
LAST-MODIFIED:20260302T040506Z
SUMMARY:Law talk
END:VEVENT
END:VCALENDAR
"""


# --- the second reader: raw bytes only ---------------------------------------------------------


def octet_lines(data: bytes) -> list[bytes]:
    """Split into physical lines, checking RFC 5545 §3.1 on the way: CRLF only, ≤ 75 octets."""
    assert data.endswith(b"\r\n")
    lines = data[:-2].split(b"\r\n")
    for line in lines:
        assert 0 < len(line) <= 75, line
        assert b"\r" not in line, line
        assert b"\n" not in line, line
        line.decode("utf-8")  # a fold inside a character would fail here
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line), line
    assert not data.startswith(b"\xef\xbb\xbf")
    return lines


def unfolded(data: bytes) -> list[str]:
    """Return the logical lines: a line that begins with a space continues the one before."""
    logical: list[bytes] = []
    for line in octet_lines(data):
        if line.startswith(b" "):
            logical[-1] += line[1:]
        else:
            logical.append(line)
    return [line.decode("utf-8") for line in logical]


def values(data: bytes, name: str, component: str) -> list[str]:
    """Return the raw values, parameters included, of `name` directly in each `component`."""
    found, path = [], []
    for line in unfolded(data):
        if line.startswith("BEGIN:"):
            path.append(line[6:])
        elif line.startswith("END:"):
            assert path.pop() == line[4:]
        elif path[-1] == component and re.split("[:;]", line, maxsplit=1)[0] == name:
            found.append(line[len(name) + 1 :])
    assert path == []
    return found


def in_event(entry: CalendarEntry, name: str, info: CalendarInfo = INFO) -> list[str]:
    """Return the raw values of `name` in the VEVENT of a feed with this one entry."""
    return values(feed(info, [entry]), name, "VEVENT")


def in_calendar(info: CalendarInfo, name: str) -> list[str]:
    """Return the raw values of the calendar property `name` of a feed with one entry."""
    return values(feed(info, [ENTRY]), name, "VCALENDAR")


def unescaped(value: str) -> str:
    r"""Undo RFC 5545 §3.3.11; any backslash other than \\ \; \, \n fails."""
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value), value
    pieces = re.findall(r"\\[\\;,n]|[^\\]", value, flags=re.DOTALL)
    assert "".join(pieces) == value, value
    return "".join("\n" if piece == "\\n" else piece[-1] for piece in pieces)


def parsed(data: bytes) -> Any:
    """Return the first VEVENT as `icalendar` reads it."""
    return icalendar.Calendar.from_ical(data).walk("VEVENT")[0]


def test_feed_bytes_are_these_and_no_others() -> None:
    assert feed(INFO, [ENTRY, BARE]).decode() == GOLDEN.replace("\n", "\r\n")


# --- rule 1: times ----------------------------------------------------------------------------


def test_rule_1_times_are_local_with_tzid() -> None:
    assert in_event(ENTRY, "DTSTART") == ["TZID=Asia/Shanghai:20260501T190000"]
    assert in_event(ENTRY, "DTEND") == ["TZID=Asia/Shanghai:20260501T213000"]


@pytest.mark.parametrize("method", [None, "PUBLISH"])
def test_rule_1_every_tzid_has_its_vtimezone_before_it(method: str | None) -> None:
    for data in (feed(INFO, [ENTRY, BARE]), single(INFO, ENTRY, method=method)):
        text = data.decode()
        assert set(re.findall(r";TZID=([^:;]+)", text)) == {"Asia/Shanghai"}
        assert values(data, "TZID", "VTIMEZONE") == ["Asia/Shanghai"]
        assert text.index("END:VTIMEZONE") < text.index("BEGIN:VEVENT")


def test_rule_1_vtimezone_is_one_standard_block_and_nothing_else() -> None:
    text = feed(INFO, [ENTRY]).decode()
    block = text[text.index("BEGIN:VTIMEZONE") : text.index("END:VTIMEZONE")].split("\r\n")
    assert block == [
        "BEGIN:VTIMEZONE",
        "TZID:Asia/Shanghai",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0800",
        "TZOFFSETTO:+0800",
        "TZNAME:CST",
        "END:STANDARD",
        "",
    ]


def test_rule_1_no_time_is_floating() -> None:
    for line in unfolded(feed(INFO, [ENTRY, BARE])):
        if re.search(r"\d{8}T\d{6}", line) and line != "DTSTART:19700101T000000":
            assert line.endswith("Z") != (";TZID=" in line), line


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("America/New_York"), timezone(timedelta(hours=8))])
def test_rule_1_zone_of_the_input_does_not_matter(zone: Any) -> None:
    entry = replace(
        ENTRY,
        starts_at=ENTRY.starts_at.astimezone(zone),
        ends_at=ENTRY.ends_at.astimezone(zone),
        created_at=ENTRY.created_at.astimezone(zone),
        last_modified=ENTRY.last_modified.astimezone(zone),
    )
    assert feed(INFO, [entry]) == feed(INFO, [ENTRY])


def test_rule_1_summer_times_of_old_shanghai_agree_with_our_vtimezone() -> None:
    summer = datetime(1988, 7, 1, 0, 0, tzinfo=UTC)  # +09:00 in the zone database
    entry = replace(ENTRY, starts_at=summer, ends_at=summer + timedelta(hours=1))
    assert in_event(entry, "DTSTART") == ["TZID=Asia/Shanghai:19880701T080000"]


def test_rule_1_times_have_whole_seconds_and_parse_back() -> None:
    entry = replace(ENTRY, starts_at=ENTRY.starts_at + timedelta(microseconds=999_999))
    event = parsed(feed(INFO, [entry]))
    assert event["DTSTART"].dt == ENTRY.starts_at
    assert event["DTEND"].dt == ENTRY.ends_at


@given(st.timedeltas(timedelta(0), timedelta(days=365 * 900)))
def test_rule_21_times_round_trip_to_the_second(since_1992: timedelta) -> None:
    moment = datetime(1992, 1, 1, tzinfo=UTC) + since_1992
    entry = replace(ENTRY, starts_at=moment, ends_at=moment + timedelta(days=1))
    assert parsed(feed(INFO, [entry]))["DTSTART"].dt == moment.replace(microsecond=0)


# --- rule 2: UID ------------------------------------------------------------------------------


def test_rule_2_uid_is_the_same_in_feed_download_and_mail() -> None:
    for data in (feed(INFO, [ENTRY]), single(INFO, ENTRY), single(INFO, ENTRY, method="PUBLISH")):
        assert values(data, "UID", "VEVENT") == ["session-7@hub.example"]


def test_rule_2_uid_does_not_depend_on_language_title_or_order() -> None:
    translated = replace(ENTRY, summary="包饺子", url="https://other.example/zh/events/7")
    data = feed(replace(INFO, name="全部活动", url=""), [BARE, translated])
    assert values(data, "UID", "VEVENT") == ["session-8@hub.example", "session-7@hub.example"]


def test_rule_2_one_vevent_per_entry_in_the_order_given() -> None:
    entries = [replace(BARE, uid=f"session-{n}@hub.example") for n in (3, 1, 2)]
    data = feed(INFO, iter(entries))
    assert values(data, "UID", "VEVENT") == [entry.uid for entry in entries]
    assert values(data, "RRULE", "VEVENT") == values(data, "RECURRENCE-ID", "VEVENT") == []


# --- rule 3: DTSTAMP, LAST-MODIFIED, SEQUENCE --------------------------------------------------


def test_rule_3_dtstamp_and_last_modified_are_when_the_row_changed() -> None:
    assert in_event(ENTRY, "DTSTAMP") == in_event(ENTRY, "LAST-MODIFIED") == ["20260302T040506Z"]
    event = parsed(feed(INFO, [ENTRY]))
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == CHANGED


def test_rule_3_sequence_is_the_stored_one() -> None:
    assert in_event(ENTRY, "SEQUENCE") == ["3"]
    assert in_event(BARE, "SEQUENCE") == ["0"]


def test_rule_3_same_input_gives_same_bytes_in_another_process() -> None:
    code = (
        "import sys; sys.path[:0] = ['tests/unit', '.']; from test_ical import *;"
        "sys.stdout.buffer.write(feed(INFO, [ENTRY, BARE]))"
    )
    root = Path(__file__).parents[2]
    for seed in ("1", "2"):
        other = subprocess.run(
            [sys.executable, "-c", code],
            cwd=root,
            env={"PYTHONHASHSEED": seed, "TZ": "America/New_York"},
            capture_output=True,
            check=True,
        )
        assert other.stdout == feed(INFO, [ENTRY, BARE])


# --- rule 4: cancelled ------------------------------------------------------------------------


def test_rule_4_cancelled_session_stays_with_its_status_and_title() -> None:
    entry = replace(ENTRY, status="CANCELLED", sequence=4, summary="Cancelled: Dumplings")
    assert in_event(entry, "STATUS") == ["CANCELLED"]
    assert in_event(entry, "SEQUENCE") == ["4"]
    assert in_event(entry, "SUMMARY") == ["Cancelled: Dumplings"]
    assert in_event(entry, "UID") == ["session-7@hub.example"]


# --- rule 5: bytes and text -------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["x", "é", "邻", "🎉", "👩‍👩‍👧", "\\", ";", ",", "\n", "a邻🎉\\,"])
def test_rule_5_lines_are_folded_at_75_octets_between_characters(unit: str) -> None:
    for shift in range(1, 9):
        entry = replace(ENTRY, description="." * shift + unit * 200 + ".", url="")
        data = feed(INFO, [entry])
        (raw,) = values(data, "DESCRIPTION", "VEVENT")  # checks the lengths as well
        assert unescaped(raw) == entry.description
        assert str(parsed(data)["DESCRIPTION"]) == entry.description


def test_rule_5_a_line_as_long_as_allowed_is_used() -> None:
    data = feed(INFO, [replace(ENTRY, description="x" * 500)])
    assert max(map(len, octet_lines(data))) == 75


def test_rule_5_utf_8_without_bom_at_the_start_or_in_a_text() -> None:
    info = replace(INFO, name="\ufeff邻桥", description="\ufeff")
    data = feed(info, [replace(ENTRY, summary="邻\ufeff桥", place="\ufeff", address="")])
    assert data.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert "\ufeff" not in data.decode()
    assert values(data, "LOCATION", "VEVENT") == []


def test_rule_5_control_characters_and_lone_surrogates_are_stripped() -> None:
    dirt = "".join(chr(n) for n in [*range(0x20), *range(0x7F, 0xA0), 0xD800, 0xDFFF])
    entry = replace(ENTRY, summary=f"a{dirt}b", description=f"a{dirt}b", place=f"a{dirt}b")
    data = feed(replace(INFO, name=f"a{dirt}b", description=f"a{dirt}b"), [entry])
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", data.decode())
    assert values(data, "SUMMARY", "VEVENT") == ["a b"]
    assert values(data, "X-WR-CALNAME", "VCALENDAR") == ["a b"]


@pytest.mark.parametrize("mark", ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_rule_5_every_kind_of_line_break_is_written_as_backslash_n(mark: str) -> None:
    entry = replace(ENTRY, summary=f"a{mark}b", description=f"a{mark}b", url="")
    assert in_event(entry, "DESCRIPTION") == ["a\\nb"]
    assert in_event(entry, "SUMMARY") == ["a b"]


def test_rule_5_a_text_cannot_add_a_property() -> None:
    attack = "x\r\nATTENDEE:mailto:eve@example.org\nEND:VEVENT"
    info = replace(INFO, name=attack, description=attack, uid=attack)
    entry = replace(
        ENTRY, uid=attack, summary=attack, description=attack, place=attack, categories=(attack,)
    )
    names = [re.split("[:;]", line)[0] for line in unfolded(feed(info, [entry]))]
    clean = [re.split("[:;]", line)[0] for line in unfolded(feed(INFO, [ENTRY]))]
    assert names == clean


def test_rule_5_backslash_semicolon_comma_and_line_break_escaped_and_nothing_else() -> None:
    entry = replace(ENTRY, description="a\\b;c,d\ne:f\"g'h%i=j^k\tl", url="")
    assert in_event(entry, "DESCRIPTION") == ["a\\\\b\\;c\\,d\\ne:f\"g'h%i=j^k\tl"]


@pytest.mark.parametrize("text", ["C:\\New", "\\N", "\\n", "\\\\N", "\\;", "\\,", "\\"])
def test_rule_5_a_backslash_in_a_text_is_not_taken_for_an_escape(text: str) -> None:
    entry = replace(ENTRY, summary=text, description=text, url="", categories=(text,))
    event = parsed(feed(INFO, [entry]))
    assert [str(event["SUMMARY"]), str(event["DESCRIPTION"])] == [text, text]
    assert event["CATEGORIES"].ical_value == [text]


@pytest.mark.parametrize("unit", ["x", "邻", "🎉"])
def test_rule_5_summary_is_one_line_of_at_most_255(unit: str) -> None:
    (exact,) = in_event(replace(ENTRY, summary=unit * 255), "SUMMARY")
    assert exact == unit * 255
    (cut,) = in_event(replace(ENTRY, summary=unit * 256), "SUMMARY")
    assert cut == unit * 254 + "…"


@pytest.mark.parametrize("pair", ["e\u0301", "\u2764\ufe0f", "👩\u200d🌾"])
def test_rule_5_a_long_summary_is_not_cut_inside_a_letter_or_emoji(pair: str) -> None:
    for lead in range(len(pair)):
        summary = "." * lead + pair * 200
        (cut,) = in_event(replace(ENTRY, summary=summary), "SUMMARY")
        assert len(cut) <= 255
        assert re.fullmatch(rf"\.{{{lead}}}({pair})+…", cut), cut


def test_rule_5_a_summary_of_nothing_but_accents_still_ends() -> None:
    (cut,) = in_event(replace(ENTRY, summary="\u0301" * 300), "SUMMARY")
    assert cut == "\u0301" * 254 + "…"


def test_rule_5_description_is_plain_text_with_the_link_as_last_line() -> None:
    (raw,) = in_event(ENTRY, "DESCRIPTION")
    assert unescaped(raw).split("\n")[-1] == ENTRY.url
    assert in_event(replace(BARE, url=ENTRY.url), "DESCRIPTION") == [ENTRY.url]
    assert in_event(
        replace(ENTRY, description="a\n\n \n", url="https://x.example/"), "DESCRIPTION"
    )[0] == ("a\\n\\nhttps://x.example/")


def expected_text(text: str) -> str:
    """Say by Unicode category, not by the module's patterns, what must be left of a text."""
    for mark in ("\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"):
        text = text.replace(mark, "\n")
    text = text.replace("\ufeff", "")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def expected_line(text: str) -> str:
    """Say what must be left of a text that stands on one line."""
    return re.sub(r"[\n\t]+", " ", expected_text(text)).strip()


# Ends, marks and widths that have to do with the format, mixed with any text at all.
AWKWARD = [*"\\;,:\"'Nn \n\r\t\v\x00\x7f\x85\u2028\ufeff\ud800邻🎉\u200d\u0301", "\r\n", "x" * 70]
ANY_TEXT = st.lists(st.sampled_from(AWKWARD) | st.text(max_size=9), max_size=60).map("".join)


@given(summary=ANY_TEXT, description=ANY_TEXT, place=ANY_TEXT, address=ANY_TEXT)
@example(summary="C:\\New", description="\\\\N\n", place="\\", address=";")
@example(summary="\ud800", description="\n\n a \n", place="\t", address="\u2029b\x00")
def test_rule_5_any_text_round_trips(
    summary: str, description: str, place: str, address: str
) -> None:
    entry = replace(
        BARE, summary=summary, description=description, place=place, address=address, url=""
    )
    data = feed(INFO, [entry])
    parts = [expected_line(place), expected_line(address)]
    wanted = {
        "SUMMARY": expected_line(summary),
        "DESCRIPTION": expected_text(description).rstrip().lstrip("\n"),
        "LOCATION": ", ".join(part for part in parts if part),
    }
    event = parsed(data)
    for name, text in wanted.items():
        raw = values(data, name, "VEVENT")
        assert [unescaped(value) for value in raw] == ([text] if text else [])
        assert str(event.get(name, "")) == text


@given(name=ANY_TEXT, description=ANY_TEXT)
def test_rule_6_any_calendar_name_leaves_a_calendar_that_parses(
    name: str, description: str
) -> None:
    data = feed(replace(INFO, name=name, description=description), [ENTRY])
    for value in values(data, "NAME", "VCALENDAR"):
        assert not set(value) & set(",;\\\n\t")
    assert [unescaped(v) for v in values(data, "X-WR-CALDESC", "VCALENDAR")] == [
        text for text in [expected_line(description)] if text
    ]
    assert parsed(data)["UID"] == ENTRY.uid


# --- rule 6: the calendar ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VERSION", "2.0"),
        ("PRODID", "-//Linqiao//Community Hub//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("NAME", "Linqiao: all events"),
        ("X-WR-CALNAME", "Linqiao: all events"),
        ("X-WR-CALDESC", "Everything in Liuxia\\, for all"),
        ("X-WR-TIMEZONE", "Asia/Shanghai"),
        ("REFRESH-INTERVAL", "VALUE=DURATION:PT1H"),
        ("X-PUBLISHED-TTL", "PT1H"),
        ("COLOR", "teal"),
        ("LAST-MODIFIED", "20260302T040506Z"),
        ("URL", "https://hub.example/en/events"),
        ("UID", "calendar-all@hub.example"),
    ],
)
def test_rule_6_calendar_says(name: str, value: str) -> None:
    assert in_calendar(INFO, name) == [value]


def test_rule_6_prodid_is_constant() -> None:
    assert PRODID == "-//Linqiao//Community Hub//EN"
    assert in_calendar(CalendarInfo(name="另一个"), "PRODID") == [PRODID]
    assert values(single(INFO, BARE), "PRODID", "VCALENDAR") == [PRODID]


def test_rule_6_name_has_no_comma_semicolon_or_backslash() -> None:
    info = replace(INFO, name="Liuxia, Xihu; all\\every")
    assert in_calendar(info, "NAME") == in_calendar(info, "X-WR-CALNAME")
    assert in_calendar(info, "NAME") == ["Liuxia\uff0c Xihu\uff1b all\uff3cevery"]


def test_rule_6_method_is_absent_in_a_feed() -> None:
    assert in_calendar(INFO, "METHOD") == []


def test_rule_6_no_alarm() -> None:
    assert b"VALARM" not in feed(INFO, [ENTRY]) + single(INFO, ENTRY, method="PUBLISH")


def test_rule_6_refresh_interval_and_published_ttl_are_equal() -> None:
    info = replace(INFO, refresh=timedelta(minutes=90))
    assert in_calendar(info, "REFRESH-INTERVAL") == ["VALUE=DURATION:PT1H30M"]
    assert in_calendar(info, "X-PUBLISHED-TTL") == ["PT1H30M"]


def test_rule_6_last_modified_defaults_to_the_newest_entry() -> None:
    info = replace(INFO, last_modified=None)
    newer = replace(BARE, last_modified=CHANGED + timedelta(days=1))
    data = feed(info, [newer, ENTRY])
    assert values(data, "LAST-MODIFIED", "VCALENDAR") == ["20260303T040506Z"]
    assert values(feed(info, []), "LAST-MODIFIED", "VCALENDAR") == []


def test_rule_6_a_feed_without_entries_is_still_a_calendar() -> None:
    calendar = icalendar.Calendar.from_ical(feed(INFO, []))
    assert [component.name for component in calendar.subcomponents] == ["VTIMEZONE"]


# --- rule 7: the event ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", "https://hub.example/en/events/7"),
        ("STATUS", "CONFIRMED"),
        ("TRANSP", "OPAQUE"),
        ("CATEGORIES", "Festival,Food\\, drink"),
        ("LOCATION", "Liuxia Centre\\, 西溪路 900 号"),
        ("GEO", "30.245000;120.050000"),
        ("CREATED", "20260301T000000Z"),
    ],
)
def test_rule_7_event_says(name: str, value: str) -> None:
    assert in_event(ENTRY, name) == [value]


def test_rule_7_event_parses_back_with_values_of_the_right_type() -> None:
    event = parsed(feed(INFO, [ENTRY]))
    assert event["CATEGORIES"].ical_value == ["Festival", "Food, drink"]
    assert (event["GEO"].latitude, event["GEO"].longitude) == (30.245, 120.05)
    assert event["LOCATION"] == "Liuxia Centre, 西溪路 900 号"
    assert event["SEQUENCE"] == 3
    assert event.errors == []


@pytest.mark.parametrize("status", ["CONFIRMED", "TENTATIVE", "CANCELLED"])
def test_rule_7_status_is_always_there(status: Any) -> None:
    assert in_event(replace(BARE, status=status), "STATUS") == [status]


def test_rule_7_transparent_entry_leaves_the_time_free() -> None:
    assert in_event(replace(ENTRY, transparent=True), "TRANSP") == ["TRANSPARENT"]


def test_rule_7_created_is_never_after_last_modified() -> None:
    late = replace(ENTRY, created_at=CHANGED + timedelta(days=9))
    assert in_event(late, "CREATED") == in_event(late, "LAST-MODIFIED") == ["20260302T040506Z"]


def test_rule_7_class_is_private_in_private_feeds_only() -> None:
    assert in_event(ENTRY, "CLASS") == []
    assert in_event(replace(ENTRY, private=True), "CLASS") == ["PRIVATE"]
    private = replace(INFO, private=True)
    assert in_event(ENTRY, "CLASS", private) == ["PRIVATE"]
    assert values(single(private, ENTRY), "CLASS", "VEVENT") == ["PRIVATE"]


@pytest.mark.parametrize("method", [None, "PUBLISH"])
def test_rule_7_and_19_no_person_in_any_calendar(method: str | None) -> None:
    for data in (feed(INFO, [ENTRY]), single(INFO, ENTRY, method=method)):
        for name in ("ATTENDEE", "ORGANIZER", "CONTACT", "COMMENT"):
            assert values(data, name, "VEVENT") == []
        assert b"mailto:" not in data.lower()


def test_rule_7_an_empty_optional_property_is_absent() -> None:
    names = {re.split("[:;]", line)[0] for line in unfolded(feed(CalendarInfo(name=""), [BARE]))}
    optional = {"DESCRIPTION", "URL", "LOCATION", "CATEGORIES", "GEO", "CLASS", "COLOR"}
    assert not names & (optional | {"NAME", "X-WR-CALNAME", "X-WR-CALDESC"})
    blank = replace(BARE, summary=" \n", description="\t\n", place=" ", categories=("", "\x00"))
    assert not {"SUMMARY", "DESCRIPTION", "LOCATION", "CATEGORIES"} & {
        re.split("[:;]", line)[0] for line in unfolded(feed(INFO, [blank]))
    }
    assert all(not line.endswith(":") for line in unfolded(feed(INFO, [blank, BARE])))


@pytest.mark.parametrize(
    ("place", "address", "location"),
    [("Hall", "", "Hall"), ("", "Road 9", "Road 9"), ("Hall", "Road 9", "Hall\\, Road 9")],
)
def test_rule_7_location_is_place_and_address(place: str, address: str, location: str) -> None:
    assert in_event(replace(BARE, place=place, address=address), "LOCATION") == [location]


@pytest.mark.parametrize("half", [{"latitude": None}, {"longitude": None}])
def test_rule_7_geo_needs_both_halves(half: Any) -> None:
    assert in_event(replace(ENTRY, **half), "GEO") == []


def test_rule_7_geo_has_no_exponent() -> None:
    entry = replace(ENTRY, latitude=0.00001, longitude=-0.0000123)
    assert in_event(entry, "GEO") == ["0.000010;-0.000012"]


# --- one event --------------------------------------------------------------------------------


def test_single_download_has_no_method() -> None:
    data = single(INFO, ENTRY)
    assert values(data, "METHOD", "VCALENDAR") == []
    assert len(values(data, "UID", "VEVENT")) == 1


def test_single_mail_part_has_its_method() -> None:
    assert values(single(INFO, ENTRY, method="PUBLISH"), "METHOD", "VCALENDAR") == ["PUBLISH"]


def test_single_has_the_same_vevent_as_the_feed() -> None:
    def vevent(data: bytes) -> bytes:
        return data[data.index(b"BEGIN:VEVENT") : data.index(b"END:VEVENT")]

    wanted = vevent(feed(INFO, [ENTRY]))
    assert vevent(single(INFO, ENTRY)) == wanted
    assert vevent(single(INFO, ENTRY, method="PUBLISH")) == wanted


def test_single_does_not_pose_as_a_calendar() -> None:
    lines = unfolded(single(INFO, ENTRY))
    assert lines[1:4] == ["VERSION:2.0", f"PRODID:{PRODID}", "CALSCALE:GREGORIAN"]
    assert lines[4] == "BEGIN:VTIMEZONE"


@pytest.mark.parametrize("method", ["REPLY", "COUNTER", "publish", "", "PUBLISH\r\nX-A:b"])
def test_single_refuses_a_method_it_cannot_lay_out(method: str) -> None:
    with pytest.raises(ValueError, match="METHOD"):
        single(INFO, ENTRY, method=method)


HUB = Party("hub@example.org", "邻桥")
BOB = Attendee("bob@example.com", 'Bob "the\r\nBuilder"; Kamau, 阿宝 🥟')


@pytest.mark.parametrize(
    ("method", "who"),
    [
        ("REQUEST", Parties()),
        ("REQUEST", Parties(organizer=HUB)),
        ("CANCEL", Parties(attendee=BOB)),
        ("PUBLISH", Parties(HUB, BOB)),
        (None, Parties(HUB, BOB)),
    ],
)
def test_single_refuses_parties_that_do_not_go_with_the_method(method, who) -> None:
    with pytest.raises(ValueError, match="METHOD"):
        single(INFO, ENTRY, method=method, who=who)


def test_parties_are_one_line_each_and_nothing_in_them_is_read_as_more() -> None:
    lines = unfolded(single(INFO, ENTRY, method="REQUEST", who=Parties(HUB, BOB)))
    (organizer,) = [line for line in lines if line.startswith("ORGANIZER")]
    (attendee,) = [line for line in lines if line.startswith("ATTENDEE")]
    assert organizer == "ORGANIZER;CN=邻桥:mailto:hub@example.org"
    assert attendee.startswith("ATTENDEE;CN=\"Bob ^'the Builder^'; Kamau, 阿宝 🥟\";")
    assert ";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;" in attendee
    assert attendee.endswith(";RSVP=TRUE:mailto:bob@example.com")
    called_off = replace(ENTRY, status="CANCELLED")
    assert b"RSVP" not in single(INFO, called_off, method="CANCEL", who=Parties(HUB, BOB))


@pytest.mark.parametrize("address", ["", "bob", "a@b\r\nX:y", "a@b c", "a@b\x00"])
def test_what_is_no_address_is_no_party(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        Party(address)


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"uid": ""}, "UID"),
        ({"sequence": -1}, "sequence"),
        ({"starts_at": ENTRY.starts_at.replace(tzinfo=None)}, "time zone"),
        ({"last_modified": CHANGED.replace(tzinfo=None)}, "time zone"),
        ({"ends_at": ENTRY.starts_at}, "not after"),
        ({"url": "/en/events/7"}, "absolute"),
        ({"url": "https://hub.example/活动"}, "percent-encoded"),
        ({"url": "https://hub.example/\r\nATTENDEE:x"}, "percent-encoded"),
        ({"url": "javascript:alert(1)"}, "absolute"),
        ({"latitude": 91.0}, "globe"),
        ({"longitude": float("nan")}, "globe"),
    ],
)
def test_entry_that_cannot_be_written_is_refused(changes: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ENTRY, **changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"colour": "#008080"}, "CSS colour"),
        ({"refresh": timedelta(0)}, "refreshed"),
        ({"last_modified": CHANGED.replace(tzinfo=None)}, "time zone"),
        ({"url": "events"}, "absolute"),
    ],
)
def test_calendar_that_cannot_be_written_is_refused(changes: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(INFO, **changes)


# --- whole days ---------------------------------------------------------------------------

DAY = replace(
    BARE,
    starts_at=datetime(2026, 11, 29, 16, 0, tzinfo=UTC),  # 30 November in Shanghai
    ends_at=datetime(2026, 11, 30, 16, 0, tzinfo=UTC),
    all_day=True,
    transparent=True,
)


def test_all_day_entry_has_dates_and_an_end_that_is_not_part_of_it() -> None:
    assert in_event(DAY, "DTSTART") == ["VALUE=DATE:20261130"]
    assert in_event(DAY, "DTEND") == ["VALUE=DATE:20261201"]
    assert in_event(DAY, "TRANSP") == ["TRANSPARENT"]
    entry = parsed(feed(INFO, [DAY]))
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (date(2026, 11, 30), date(2026, 12, 1))
    assert b"T000000" not in feed(INFO, [DAY]).split(b"BEGIN:VEVENT")[1]


@pytest.mark.parametrize("hours", [1, 16, -8])
def test_all_day_entry_that_is_not_a_whole_day_is_refused(hours: int) -> None:
    with pytest.raises(ValueError, match="whole days"):
        replace(DAY, ends_at=DAY.ends_at + timedelta(hours=abs(hours)))


def test_feed_of_many_is_the_feed_of_each_in_turn() -> None:
    """Entries are remembered as they were written: the bytes are those of a fresh writing."""
    together = feed(INFO, [ENTRY, BARE, DAY])
    _event_bytes.cache_clear()
    assert feed(INFO, [ENTRY, BARE, DAY]) == together
    private = feed(replace(INFO, private=True), [ENTRY, BARE, DAY])
    assert private.count(b"CLASS:PRIVATE") == 3
    assert b"CLASS" not in together
    assert together.endswith(b"END:VEVENT\r\nEND:VCALENDAR\r\n")
