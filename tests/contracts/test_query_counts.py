"""A list costs the same number of questions to the database, however long it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event as sql_event

from hub.enums import EventStatus
from hub.extensions import db
from hub.services.events import publish_event
from hub.services.series import create_series
from hub.transaction import unit_of_work
from tests.factories import event_data, local, make_community, make_event, make_sign_up, make_venue
from tests.people import EVE

MANY = 30


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are executed inside the block."""
    statements: list[str] = []

    def note(connection, cursor, statement, *_more: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            statements.append(statement)

    sql_event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    sql_event.remove(db.engine, "before_cursor_execute", note)


def more_events(event) -> None:
    """Each with a community, a venue and languages of its own."""
    for number in range(MANY - 1):
        venue = make_venue(make_community())
        spoken = ["zh", "en", "ar", "fr"][: 1 + number % 4]
        make_event(venue=venue, languages=spoken)


def more_drafts(event) -> None:
    for _ in range(MANY):
        make_event(status=EventStatus.DRAFT)


def more_past(event) -> None:
    for number in range(MANY):
        make_event(
            venue=make_venue(make_community()), starts_at=local(f"2026-10-{1 + number:02} 14:00")
        )


def more_sign_ups(event) -> None:
    for _ in range(MANY - 1):
        make_sign_up(event)


def more_sessions(event) -> None:
    by = event_owner()
    with unit_of_work():
        data = replace(event_data(event.venue), starts_at=event.starts_at, ends_at=event.ends_at)
        sessions = create_series(data, f"FREQ=DAILY;COUNT={MANY}", by=by)
        numbers = [session.id for session in sessions]
        series_id = sessions[0].series_id
    for number in numbers:
        with unit_of_work():
            publish_event(number, by=by)
    with unit_of_work():
        event_of(event.id).series_id = series_id


def event_owner():
    from tests.factories import _robot

    return _robot()


def event_of(number):
    from hub.models import Event

    return db.session.get_one(Event, number)


def more_places(event) -> None:
    for _ in range(MANY - 1):
        make_venue(make_community())


LISTS = {
    "/en/": more_events,
    "/en/events": more_events,
    "/en/events?q=dumplings&language=zh": more_events,
    "/en/events/month": more_events,
    "/en/events/month?month=2026-10": more_past,
    "/en/events/{event}": more_sessions,
    "/en/calendars": more_places,
    "/calendar/public.ics": more_events,
    "/calendar/public.ics?text=zh&language=zh": more_events,
    "/en/desk": more_events,
    "/en/desk/events": more_events,
    "/en/desk/events?view=drafts": more_drafts,
    "/en/desk/events?view=past": more_past,
    "/en/desk/events/{event}": more_sessions,
    "/en/desk/events/{event}/sign-ups": more_sign_ups,
    "/en/desk/events/{event}/sign-ups/print": more_sign_ups,
    "/en/desk/venues": more_places,
    "/en/desk/communities": more_places,
    "/en/desk/events/new": more_places,
}
FEW = 26  # statements that no page exceeds


@pytest.mark.parametrize("address", LISTS)
def test_list_costs_the_same_with_one_and_with_thirty(app, event, ada, address):
    for size in (4, 4, 2, 1):  # the last one waits
        make_sign_up(event, party_size=size)
    if LISTS[address] is more_drafts:
        make_event(status=EventStatus.DRAFT)
    if LISTS[address] is more_past:
        make_event(starts_at=local("2026-10-31 09:00"))
    if LISTS[address] is more_sessions:
        with unit_of_work():
            data = event_data(event.venue)
            first = create_series(data, "FREQ=DAILY;COUNT=2", by=event_owner())
            event_of(event.id).series_id = first[0].series_id
            number = first[0].id
        with unit_of_work():
            publish_event(number, by=event_owner())
    client = EVE(app)
    if "/desk" in address:
        client.log_in(ada)
    url = address.format(event=event.id)
    client.get(url)
    with counted() as with_one:
        assert client.get(url).status_code == 200
    LISTS[address](event)
    with counted() as with_many:
        answer = client.get(url)
    assert answer.status_code == 200
    assert len(with_many) == len(with_one), "\n".join(
        sorted(set(with_many), key=with_many.count, reverse=True)
    )
    assert len(with_many) <= FEW, f"{len(with_many)} statements"


def test_lists_are_all_here(app):
    """A GET route whose function loads a list belongs above: those without an id in their path."""
    without = {
        str(rule).replace("<lang:lang>", "en")
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.arguments <= {"lang"}
    }
    known = {address.partition("?")[0] for address in LISTS}
    no_list = {
        "/assets/site.css", "/en/privacy", "/en/account/login", "/en/desk/venues/new",
        "/en/desk/communities/new", "/en/account/verify",
    }  # fmt: skip
    assert without - known == no_list & without
