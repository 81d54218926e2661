"""Calendars written: which entries stand in which one, and what that depends on."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from hub.enums import DeadlineKind, FeedKind, Programme
from hub.i18n import _
from hub.integrations import ical
from hub.integrations.ical import CalendarEntry
from hub.models import CalendarFeed, User
from hub.queries.events import EventFilter, calendar_query
from hub.queries.feed_marks import (
    Mark,
    Part,
    marks_of_deadlines,
    marks_of_desk,
    marks_of_duties,
    marks_of_public,
    marks_of_sign_ups,
    marks_of_site,
    read_marks,
)
from hub.queries.feeds import (
    assignments_in_feed,
    events_for_calendar,
    events_of_desk,
    qualifications_that_end,
    records_due,
    sign_ups_in_feed,
    terms_that_end,
)
from hub.queries.places import all_communities
from hub.queries.signups import queue_positions
from hub.queries.suggestions import due_suggestions
from hub.web.calendar_entries import calendar_info, event_entry
from hub.web.feed_entries import (
    absolute,
    desk_entry,
    duty_entry,
    qualification_deadline,
    record_deadlines,
    sign_up_entry,
    suggestion_deadline,
    term_deadline,
)
from hub.web.site import site_name


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the address of the desk's calendar asks for. ``community`` is a slug or empty."""

    community: str = ""
    deadlines: frozenset[DeadlineKind] = frozenset()


def public_marks(wanted: EventFilter) -> list[Mark]:
    return read_marks([*marks_of_site(wanted.community), *marks_of_public(wanted)])


def private_marks(feed: CalendarFeed, wanted: Narrowed) -> list[Mark]:
    return read_marks([*marks_of_site(wanted.community), *_parts(feed, wanted)])


def write_public(wanted: EventFilter) -> tuple[bytes, datetime | None]:
    """The calendar's bytes, and when the newest of its events changed."""
    events = events_for_calendar(calendar_query(wanted))
    changed = max((event.changed_at for event in events), default=None)
    return ical.feed(calendar_info(changed), [event_entry(event) for event in events]), changed


def write_private(feed: CalendarFeed, wanted: Narrowed, marks: list[Mark]) -> bytes:
    name = _("%(site)s: %(calendar)s", site=site_name(), calendar=feed.kind.label)
    user = feed.user
    if feed.kind is FeedKind.PERSONAL:
        entries = _sign_ups(user)
    elif feed.kind is FeedKind.ASSISTANT:
        entries = _duties(user, Programme.ASSISTANT)
    elif feed.kind is FeedKind.LECTURER:
        entries = [*_duties(user, Programme.LECTURER), *_sign_ups(user, trainings=True)]
    else:
        entries = [*_desk(user, wanted, marks), *_deadlines(user, wanted)]
    info = calendar_info(None, name, private=True)
    return ical.feed(info, sorted(entries, key=lambda e: (e.starts_at, e.uid)))


def _parts(feed: CalendarFeed, wanted: Narrowed) -> list[Part]:
    user = feed.user
    if feed.kind is FeedKind.PERSONAL:
        return marks_of_sign_ups(user, trainings=False)
    if feed.kind is FeedKind.ASSISTANT:
        return marks_of_duties(user, Programme.ASSISTANT)
    if feed.kind is FeedKind.LECTURER:
        talks = marks_of_duties(user, Programme.LECTURER)
        return [*talks, *marks_of_sign_ups(user, trainings=True)]
    due = marks_of_deadlines(wanted.deadlines, user, wanted.community)
    return [*marks_of_desk(user, wanted.community), *due]


def _sign_ups(user: User, *, trainings: bool = False) -> list[CalendarEntry]:
    positions = queue_positions(user.id)
    return [
        sign_up_entry(
            sign_up,
            positions.get(sign_up.id),
            absolute(
                url_for("lecturing.training", event_id=sign_up.event_id)
                if trainings
                else url_for("me.index")
            ),
        )
        for sign_up in sign_ups_in_feed(user.id, trainings=trainings)
    ]


def _duties(user: User, programme: Programme) -> list[CalendarEntry]:
    return [duty_entry(a) for a in assignments_in_feed(user.id, programme)]


def _desk(user: User, wanted: Narrowed, marks: list[Mark]) -> list[CalendarEntry]:
    """The marks say how full each event was when they were read; a newer event has none yet."""
    counted = {mark[2]: mark for mark in marks if mark[0] == "e"}
    names = {c.id: c.name for c in all_communities()}
    return [
        desk_entry(event, counted[event.id], names.get(event.community_id, ""))
        for event in events_for_calendar(events_of_desk(user, wanted.community))
        if event.id in counted
    ]


def _deadlines(user: User, wanted: Narrowed) -> list[CalendarEntry]:
    found, here = [], wanted.community
    if DeadlineKind.RECORDS in wanted.deadlines:
        found += record_deadlines(records_due(user, here))
    if DeadlineKind.TERMS in wanted.deadlines:
        names = {c.id: c.name for c in all_communities()}
        found += [
            term_deadline(t, names.get(t.community_id or 0, "")) for t in terms_that_end(user, here)
        ]
    if DeadlineKind.QUALIFICATIONS in wanted.deadlines:
        found += [qualification_deadline(q) for q in qualifications_that_end(user, here)]
    if DeadlineKind.SUGGESTIONS in wanted.deadlines:
        found += [suggestion_deadline(due) for due in due_suggestions(user, here)]
    return found
