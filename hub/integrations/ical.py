"""Calendar feeds and single events as iCalendar bytes (RFC 5545, RFC 7986).

The only module that imports `icalendar`. Pure functions over frozen dataclasses: the caller says
which entries stand in a calendar, in which order and language, and puts the word "cancelled"
before a title; the same input gives the same bytes, so that an ETag over them holds.

Done here because `icalendar` 7.3 does not: the VTIMEZONE (its own carry RDATE lists and COMMENT,
which some readers refuse), the escaping of TEXT (see `_Text`) and the removal of characters no
reader may meet. Its folding, at 75 octets between characters (RFC 5545 §3.1), is used as it is.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, Literal, TypeAlias

from icalendar import Calendar, Event, Timezone, TimezoneStandard
from icalendar.prop import vDatetime, vDuration, vInt, vText, vUnknown, vUri, vUTCOffset

Status: TypeAlias = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]

PRODID: Final = "-//Linqiao//Community Hub//EN"
TZID: Final = "Asia/Shanghai"
SUMMARY_LIMIT: Final = 255  # characters; longer titles end in an ellipsis
SINGLE_METHODS: Final = frozenset({"PUBLISH"})  # others need an ATTENDEE (RFC 5546 §3.2)

# One constant for the VTIMEZONE and for shifting times: they cannot disagree, as they would with
# the zone database, whose Shanghai had summer time until 1991.
_OFFSET: Final = timedelta(hours=8)
_SHANGHAI: Final = timezone(_OFFSET)

_LINE_BREAKS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
_GAPS: Final = re.compile(r"[\n\t]+")
_UNSAFE_IN_URL: Final = re.compile(r"[^!-~]")
_NAME_REPLACEMENTS: Final = str.maketrans({",": "\uff0c", ";": "\uff1b", "\\": "\uff3c"})
_ZERO_WIDTH_JOINER: Final = "\u200d"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One session as it stands in a feed, a download or a mail: one VEVENT with its own UID.

    Datetimes are aware, in any zone, and written in whole seconds. Texts are plain text in the
    reader's language; an empty one leaves its property out. `url` is absolute and ASCII.
    `latitude` and `longitude` are degrees (WGS 84); GEO is written when both are given.
    `last_modified` is when the row last changed (never "now") and also serves as DTSTAMP
    (RFC 5545 §3.8.7.2); `sequence` is the stored revision number (§3.8.7.4).
    `transparent` leaves the reader's time free (§3.8.2.7); `private` is CLASS:PRIVATE (§3.8.1.3).
    No field holds a person: names and addresses of people never stand in a feed.

    Raises ValueError for an empty UID, a negative sequence, a datetime without zone, an end not
    after its start (RFC 5545 §3.8.2.2), a relative or unencoded URL, or a position off the globe.
    """

    uid: str
    sequence: int
    status: Status
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    last_modified: datetime
    summary: str
    description: str = ""
    url: str = ""
    place: str = ""
    address: str = ""
    categories: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    private: bool = False
    transparent: bool = False

    def __post_init__(self) -> None:
        """Refuse what could only be written as a broken VEVENT."""
        if not self.uid or self.sequence < 0:
            raise ValueError(f"no UID ({self.uid!r}) or negative sequence ({self.sequence})")
        for moment in (self.starts_at, self.ends_at, self.created_at, self.last_modified):
            if moment.utcoffset() is None:
                raise ValueError(f"{self.uid}: {moment} has no time zone")
        if self.ends_at <= self.starts_at:
            raise ValueError(f"{self.uid}: ends at {self.ends_at}, not after {self.starts_at}")
        _check_url(self.url)
        for degrees, limit in ((self.latitude, 90), (self.longitude, 180)):
            if degrees is not None and not -limit <= degrees <= limit:  # also refuses NaN
                raise ValueError(f"{self.uid}: {degrees} is not on the globe")


@dataclass(frozen=True, slots=True)
class CalendarInfo:
    """What a calendar says about itself (RFC 7986 §5).

    `name` and `description` are plain text in the feed's language; `url` is the absolute address
    of the page people read; `colour` is a CSS colour name such as "teal" (RFC 7986 §5.9);
    `last_modified` is aware, and without it the newest entry's is taken; `refresh` is how often
    readers should ask again; `private` marks every entry CLASS:PRIVATE; `uid` stays the same for
    the life of the calendar (RFC 7986 §5.3).

    Raises ValueError for a colour that is no name, a refresh below one second, a `last_modified`
    without zone, or a relative or unencoded URL.
    """

    name: str
    description: str = ""
    url: str = ""
    colour: str = ""
    last_modified: datetime | None = None
    refresh: timedelta = timedelta(hours=1)
    private: bool = False
    uid: str | None = None

    def __post_init__(self) -> None:
        """Refuse what readers would reject or misread."""
        if self.colour and not (self.colour.isascii() and self.colour.isalpha()):
            raise ValueError(f"{self.colour!r} is not a CSS colour name")
        if self.refresh < timedelta(seconds=1):
            raise ValueError(f"a calendar cannot be refreshed every {self.refresh}")
        if self.last_modified is not None and self.last_modified.utcoffset() is None:
            raise ValueError(f"{self.last_modified} has no time zone")
        _check_url(self.url)


def feed(info: CalendarInfo, entries: Iterable[CalendarEntry]) -> bytes:
    """Return a subscribable calendar with `entries` in the order given, as UTF-8 bytes.

    METHOD is absent: with one, readers treat a subscription as a message (RFC 5545 §3.7.2).
    No entry at all is a valid calendar too, as it keeps its VTIMEZONE (§3.4, §3.6).
    """
    listed = tuple(entries)
    calendar = _empty_calendar()
    _describe(calendar, info, listed)
    calendar.subcomponents.append(_timezone())
    calendar.subcomponents.extend(_event(entry, private=info.private) for entry in listed)
    return _to_bytes(calendar)


def single(info: CalendarInfo, entry: CalendarEntry, *, method: str | None = None) -> bytes:
    """Return one event as UTF-8 bytes: a download (no `method`) or the part of a mail.

    Of `info` only `private` matters: what describes a subscription (name, colour, refresh, …) is
    left out, as Outlook opens a new calendar when it finds a name ([MS-OXCICAL] §2.1.3.1.1.17).
    Raises ValueError for a method outside `SINGLE_METHODS`.
    """
    if method is not None and method not in SINGLE_METHODS:
        raise ValueError(f"METHOD {method!r} is not one of {sorted(SINGLE_METHODS)}")
    calendar = _empty_calendar()
    if method is not None:
        calendar["METHOD"] = _Text(method)
    calendar.subcomponents += [_timezone(), _event(entry, private=info.private)]
    return _to_bytes(calendar)


class _Text(vText):
    r"""A TEXT value, escaped as RFC 5545 §3.3.11 says and in no other way.

    `vText` turns a backslash before a capital N into a line break ("C:\New" loses its N).
    """

    __slots__ = ()

    def to_ical(self) -> bytes:
        """Return the escaped value as UTF-8; the text holds no line break other than LF."""
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return escaped.replace("\n", "\\n").encode()


def _empty_calendar() -> Calendar:
    """Return a VCALENDAR with the properties every object of ours has (RFC 5545 §3.7)."""
    calendar = Calendar()
    calendar["VERSION"] = _Text("2.0")
    calendar["PRODID"] = _Text(PRODID)
    calendar["CALSCALE"] = _Text("GREGORIAN")
    return calendar


def _describe(calendar: Calendar, info: CalendarInfo, entries: tuple[CalendarEntry, ...]) -> None:
    """Add what a subscriber sees of the calendar itself (RFC 7986 §5 and its older X- twins)."""
    if info.uid:
        calendar["UID"] = _Text(_one_line(info.uid))
    if name := _one_line(info.name).translate(_NAME_REPLACEMENTS):
        # Neither writers nor readers escape a calendar's name, so nothing to escape may be in it.
        calendar["NAME"] = vUnknown(name)
        calendar["X-WR-CALNAME"] = vUnknown(name)
    if description := _one_line(info.description):
        calendar["X-WR-CALDESC"] = _Text(description)
    calendar["X-WR-TIMEZONE"] = vUnknown(TZID)
    calendar["REFRESH-INTERVAL"] = vDuration(info.refresh, params={"VALUE": "DURATION"})
    calendar["X-PUBLISHED-TTL"] = vDuration(info.refresh)
    if info.colour:
        calendar["COLOR"] = _Text(info.colour)
    changed = info.last_modified or max((e.last_modified for e in entries), default=None)
    if changed:
        calendar["LAST-MODIFIED"] = _utc(changed)
    if info.url:
        calendar["URL"] = vUri(info.url)


def _timezone() -> Timezone:
    """Return the one VTIMEZONE: a single STANDARD block, China time for ever (RFC 5545 §3.6.5)."""
    standard = TimezoneStandard()
    epoch = datetime(1970, 1, 1, tzinfo=_SHANGHAI)
    standard["DTSTART"] = vDatetime(epoch.replace(tzinfo=None))  # local by definition, no TZID
    standard["TZOFFSETFROM"] = vUTCOffset(_OFFSET)
    standard["TZOFFSETTO"] = vUTCOffset(_OFFSET)
    standard["TZNAME"] = _Text("CST")
    zone = Timezone()
    zone["TZID"] = _Text(TZID)
    zone.subcomponents.append(standard)
    return zone


def _event(entry: CalendarEntry, *, private: bool) -> Event:
    """Return one entry as a VEVENT (RFC 5545 §3.6.1) without attendee, organiser or alarm."""
    event = Event()
    changed = _utc(entry.last_modified)
    event["UID"] = _Text(_one_line(entry.uid))
    event["DTSTAMP"] = changed
    event["DTSTART"] = _local(entry.starts_at)
    event["DTEND"] = _local(entry.ends_at)
    event["SEQUENCE"] = vInt(entry.sequence)
    event["STATUS"] = _Text(entry.status)
    event["TRANSP"] = _Text("TRANSPARENT" if entry.transparent else "OPAQUE")
    event["CREATED"] = _utc(min(entry.created_at, entry.last_modified))
    event["LAST-MODIFIED"] = changed
    if private or entry.private:
        event["CLASS"] = _Text("PRIVATE")
    for name, text in (
        ("SUMMARY", _shortened(_one_line(entry.summary))),
        ("DESCRIPTION", _description(entry)),
        ("LOCATION", ", ".join(filter(None, map(_one_line, (entry.place, entry.address))))),
    ):
        if text:
            event[name] = _Text(text)
    if entry.url:
        event["URL"] = vUri(entry.url)
    if entry.latitude is not None and entry.longitude is not None:
        # vGeo writes Python floats, "1e-05" among them; six decimals are one metre (§3.8.1.6).
        event["GEO"] = vUnknown(f"{entry.latitude:.6f};{entry.longitude:.6f}")
    if labels := [_Text(label) for label in map(_one_line, entry.categories) if label]:
        # vCategory would make each a vText again, whose escaping is not ours.
        event["CATEGORIES"] = vUnknown(b",".join(label.to_ical() for label in labels))
    return event


def _description(entry: CalendarEntry) -> str:
    """Return the plain-text description with the link, if any, as its last line."""
    text = _clean(entry.description).rstrip().lstrip("\n")
    return "\n\n".join(filter(None, (text, entry.url)))


def _utc(moment: datetime) -> vDatetime:
    """Return an aware datetime as UTC with a "Z" (RFC 5545 §3.3.5, form 2)."""
    return vDatetime(moment.astimezone(UTC))


def _local(moment: datetime) -> vDatetime:
    """Return an aware datetime as local time with TZID (RFC 5545 §3.3.5, form 3)."""
    local = vDatetime(moment.astimezone(_SHANGHAI).replace(tzinfo=None))
    local.params["TZID"] = TZID  # afterwards: the constructor drops it from a naive datetime
    return local


def _clean(text: str) -> str:
    """Return `text` with LF as its only line break; no control but tab, no surrogate, no BOM.

    RFC 5545 §3.1 forbids CONTROL in a value. Unicode's other line breaks become LF as well, for
    readers that split lines the way Python does.
    """
    return _UNWRITABLE.sub("", _LINE_BREAKS.sub("\n", text))


def _one_line(text: str) -> str:
    """Return `text` cleaned, each run of line breaks and tabs a space, without outer spaces."""
    return _GAPS.sub(" ", _clean(text)).strip()


def _shortened(text: str) -> str:
    """Return at most SUMMARY_LIMIT characters, no accent or joined emoji cut in two."""
    if len(text) <= SUMMARY_LIMIT:
        return text
    cut = SUMMARY_LIMIT - 1
    while cut and (
        _ZERO_WIDTH_JOINER in text[cut - 1 : cut + 1] or unicodedata.category(text[cut])[0] == "M"
    ):
        cut -= 1
    return text[: cut or SUMMARY_LIMIT - 1].rstrip() + "…"


def _check_url(url: str) -> None:
    """Raise ValueError unless `url` is empty or absolute and in ASCII (RFC 3986 §4.3, §2)."""
    if url and (_UNSAFE_IN_URL.search(url) or not url.startswith(("https://", "http://"))):
        raise ValueError(f"{url!r} is not an absolute, percent-encoded URL")


def _to_bytes(calendar: Calendar) -> bytes:
    """Return the calendar folded, CRLF-ended and in UTF-8, properties in the order set here."""
    written: bytes = calendar.to_ical(sorted=False)
    return written
