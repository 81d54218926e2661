"""Calendar feeds and single events as iCalendar bytes (RFC 5545, RFC 7986).

Only this module and invitations.py import `icalendar`. Pure functions over frozen dataclasses: the
caller says which entries stand in a calendar, in which order and language, and puts the word
"cancelled" before a title; the same input gives the same bytes, so that an ETag over them holds.

Done here because `icalendar` 7.3 does not: the VTIMEZONE (its own carry RDATE lists and COMMENT,
which some readers refuse), the escaping of TEXT (see `_Text`) and the removal of characters no
reader may meet. Its folding, at 75 octets between characters (RFC 5545 §3.1), is used as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from icalendar import Calendar, Event, Timezone, TimezoneStandard
from icalendar.prop import vDate, vDatetime, vDuration, vInt, vText, vUnknown, vUri, vUTCOffset

from hub.integrations.ical_text import check_url as _check_url
from hub.integrations.ical_text import clean as _clean
from hub.integrations.ical_text import one_line as _one_line
from hub.integrations.ical_text import shortened as _shortened
from hub.integrations.invitations import NOBODY, Parties

Status: TypeAlias = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]

PRODID: Final = "-//Linqiao//Community Hub//EN"
TZID: Final = "Asia/Shanghai"

# One constant for the VTIMEZONE and for shifting times: they cannot disagree, as they would with
# the zone database, whose Shanghai had summer time until 1991.
_OFFSET: Final = timedelta(hours=8)
_SHANGHAI: Final = timezone(_OFFSET)

_NAME_REPLACEMENTS: Final = str.maketrans({",": "\uff0c", ";": "\uff1b", "\\": "\uff3c"})


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One session as it stands in a feed, a download or a mail: one VEVENT with its own UID.

    Datetimes are aware, in any zone, and written in whole seconds. Texts are plain text in the
    reader's language; an empty one leaves its property out. `url` is absolute and ASCII.
    `latitude` and `longitude` are degrees (WGS 84); GEO is written when both are given.
    `last_modified` is when the row last changed (never "now") and also serves as DTSTAMP
    (RFC 5545 §3.8.7.2); `sequence` is the stored revision number (§3.8.7.4).
    `transparent` leaves the reader's time free (§3.8.2.7); `private` is CLASS:PRIVATE (§3.8.1.3).
    `all_day` writes dates without a time (§3.6.1); start and end are then midnights in Shanghai,
    and the end is the first day after it.
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
    all_day: bool = False

    def __post_init__(self) -> None:
        """Refuse what could only be written as a broken VEVENT."""
        if not self.uid or self.sequence < 0:
            raise ValueError(f"no UID ({self.uid!r}) or negative sequence ({self.sequence})")
        for moment in (self.starts_at, self.ends_at, self.created_at, self.last_modified):
            if moment.utcoffset() is None:
                raise ValueError(f"{self.uid}: {moment} has no time zone")
        if self.ends_at <= self.starts_at:
            raise ValueError(f"{self.uid}: ends at {self.ends_at}, not after {self.starts_at}")
        if self.all_day and any(
            moment.astimezone(_SHANGHAI).time() != time.min
            for moment in (self.starts_at, self.ends_at)
        ):
            raise ValueError(f"{self.uid}: {self.starts_at}–{self.ends_at} are not whole days")
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
    head, end, rest = _to_bytes(calendar).rpartition(b"END:VCALENDAR")
    return head + b"".join(_event_bytes(entry, info.private) for entry in listed) + end + rest


def single(
    info: CalendarInfo, entry: CalendarEntry, *, method: str | None = None, who: Parties = NOBODY
) -> bytes:
    """Return one event as UTF-8 bytes: a download (no `method`) or the part of a mail.

    Of `info` only `private` matters: what describes a subscription (name, colour, refresh, …) is
    left out, as Outlook opens a new calendar when it finds a name ([MS-OXCICAL] §2.1.3.1.1.17).
    Raises ValueError for a method outside `METHODS`, or one that does not go with `who`.
    """
    who.check(method)
    calendar = _empty_calendar()
    if method is not None:
        calendar["METHOD"] = _Text(method)
    event = _event(entry, private=info.private)
    who.add_to(event)
    calendar.subcomponents += [_timezone(), event]
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


@lru_cache(maxsize=4096)
def _event_bytes(entry: CalendarEntry, private: bool) -> bytes:
    """Return a VEVENT as it is written. Remembered: of thousands in a feed, few have changed."""
    written: bytes = _event(entry, private=private).to_ical(sorted=False)
    return written


def _event(entry: CalendarEntry, *, private: bool) -> Event:
    """Return one entry as a VEVENT (RFC 5545 §3.6.1) without attendee, organiser or alarm."""
    event = Event()
    changed = _utc(entry.last_modified)
    event["UID"] = _Text(_one_line(entry.uid))
    event["DTSTAMP"] = changed
    when = _day if entry.all_day else _local
    event["DTSTART"], event["DTEND"] = when(entry.starts_at), when(entry.ends_at)
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


def _day(moment: datetime) -> vDate:
    """Return the day of a moment in Shanghai as a date alone (RFC 5545 §3.3.4)."""
    day = vDate(moment.astimezone(_SHANGHAI).date())
    day.params["VALUE"] = "DATE"
    return day


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


def _to_bytes(calendar: Calendar) -> bytes:
    """Return the calendar folded, CRLF-ended and in UTF-8, properties in the order set here."""
    written: bytes = calendar.to_ical(sorted=False)
    return written
