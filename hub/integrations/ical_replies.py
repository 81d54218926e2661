"""Answers from calendar programs: the iTIP REPLY to an invitation of ours (RFC 5546 §3.2.3)."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from icalendar import Calendar

Answer: TypeAlias = Literal["ACCEPTED", "DECLINED"]


@dataclass(frozen=True, slots=True)
class Reply:
    """``attendee``: the bare address that answers. ``sequence``: the version of the invitation
    that was answered; 0 if the program does not say."""

    uid: str
    attendee: str
    answer: Answer
    sequence: int


def read_reply(content: bytes) -> Reply | None:
    """The answer in a text/calendar part; None if it is none, or neither a yes nor a no."""
    try:
        calendar = Calendar.from_ical(content)
        if str(calendar.get("METHOD", "")).upper() != "REPLY":
            return None
        event = next(iter(calendar.walk("VEVENT")), None)
        attendee = event.get("ATTENDEE") if event is not None else None
        if event is None or attendee is None or isinstance(attendee, list):
            return None  # exactly one answers
        answer = str(attendee.params.get("PARTSTAT", "")).upper()
        uid, sequence = str(event.get("UID", "")), int(event.get("SEQUENCE", 0))
    except (ValueError, TypeError, AttributeError):  # not a calendar
        return None
    address = str(attendee)
    if address.lower().startswith("mailto:"):
        address = address[len("mailto:") :]
    if answer == "ACCEPTED":
        return Reply(uid, address, "ACCEPTED", sequence)
    return Reply(uid, address, "DECLINED", sequence) if answer == "DECLINED" else None
