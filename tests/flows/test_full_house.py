"""From publishing to a promoted guest with an entry in the calendar, by plain forms and by htmx."""

from datetime import timedelta

import icalendar
import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import EventStatus, MessageKind
from hub.extensions import db
from hub.models import Event, Message, SignUp
from hub.queries.invariants import violations
from tests.browser import HubClient, Page
from tests.factories import make_event
from tests.people import EVE

SIGN_UP = "form[action$='/sign-up']"


@pytest.fixture(params=[False, True], ids=["plain", "htmx"])
def htmx(request) -> bool:
    return request.param


def come(visitor: HubClient, found: Page, htmx: bool, **typed: object) -> Page:
    """From the event's page to the ticket."""
    words = "Sign up" if "Sign up" in found.text else "Join the waiting list"
    form = visitor.get_page(found.link(words))
    ticket = visitor.follow(visitor.submit(form, SIGN_UP, htmx=htmx, agreed=True, **typed))
    assert ticket.url.startswith("/en/tickets/")
    return ticket


def headline(visitor: HubClient, ticket: Page) -> str:
    return visitor.get_page(ticket.url).one("h1").get_text()


def find(visitor: HubClient, htmx: bool) -> Page:
    """Search as a person does, and open what is found."""
    start = visitor.get_page(visitor.get_page("/en/").link("See what is on"))
    found = visitor.submit(start, "main form[role=search]", htmx=htmx, q="lantern", kind="")
    return visitor.get_page(found.link("Lantern evening"))


def test_full_house_and_a_guest_who_moves_up(app, client, venue, alice, htmx):
    draft = make_event(
        venue=venue, title="Lantern evening", status=EventStatus.DRAFT, capacity=3, party_limit=3
    )
    bob, carol, dmitri, fatima = EVE(app), EVE(app), EVE(app), EVE(app)
    assert "Lantern" not in bob.get_page("/en/events").text

    # alice publishes at her desk
    staff = EVE(app).log_in(alice)
    desk = staff.get_page(f"/en/desk/events/{draft.id}/publish")
    staff.follow(staff.submit(desk, "main form[method=post]"))

    # two parties fill the house, two wait
    first = come(bob, find(bob, htmx), htmx, name="Bob", contact="bob@example.com", party_size=2)
    assert headline(bob, first) == "Your place is confirmed"
    assert "1 of 3 places left" in find(carol, htmx).text
    second = come(carol, find(carol, htmx), htmx, name="Carol", contact="carol@example.com")
    assert headline(carol, second) == "Your place is confirmed"
    page = find(dmitri, htmx)
    assert "Full. The first place on the waiting list is free." in page.text
    third = come(dmitri, page, htmx, name="Dmitri", contact="13812345678", party_size=3)
    assert headline(dmitri, third) == "You are number 1 on the waiting list"
    fourth = come(fatima, find(fatima, htmx), htmx, name="Fatima", contact="fatima@example.com")
    assert headline(fatima, fourth) == "You are number 2 on the waiting list"

    # carol cannot come: dmitri's three do not fit, fatima does (rule 3)
    ask = carol.get_page(second.link("I can’t come"))
    done = carol.follow(carol.submit(ask, "main form[method=post]"))
    assert done.one("h1").get_text() == "You are not signed up any more"
    assert headline(dmitri, third) == "You are number 1 on the waiting list"
    assert headline(fatima, fourth) == "Your place is confirmed"

    # bob comes alone: still no room for three; dmitri comes with one, and moves up
    shrunk = bob.submit(first, "form[action$='/party-size']", htmx=htmx, party_size=1)
    assert "Your party has changed." in bob.follow(shrunk).text
    assert headline(dmitri, third) == "You are number 1 on the waiting list"
    fewer = dmitri.submit(third, "form[action$='/party-size']", htmx=htmx, party_size=1)
    ticket = dmitri.follow(fewer)
    assert ticket.one("h1").get_text() == "Your place is confirmed"

    # the entry for dmitri's calendar, and the one in everybody's feed, are the same
    (entry,) = icalendar.Calendar.from_ical(
        dmitri.get(ticket.link("Add to my calendar")).data
    ).walk("VEVENT")
    (public,) = icalendar.Calendar.from_ical(client.get("/calendar/public.ics").data).walk("VEVENT")
    event = db.session.get_one(Event, draft.id)
    for said in (entry, public):
        assert (str(said["UID"]), said["SEQUENCE"]) == (event.uid, event.sequence)
        assert (said["DTSTART"].dt, said["DTEND"].dt) == (event.starts_at, event.ends_at)
        assert str(said["SUMMARY"]) == "Lantern evening"

    # the books agree, and each person was written to once for each thing that happened
    assert list(violations()) == []
    assert (event.seats_taken, event.parties_waiting) == (3, 0)
    told = db.session.execute(
        select(SignUp.name, Message.kind)
        .join(SignUp, SignUp.id == Message.sign_up_id)
        .order_by(Message.id)
    )
    assert [tuple(row) for row in told] == [
        ("Bob", MessageKind.CONFIRMED),
        ("Carol", MessageKind.CONFIRMED),
        ("Fatima", MessageKind.WAITLISTED),
        ("Carol", MessageKind.WITHDRAWN),
        ("Fatima", MessageKind.PROMOTED),
        ("Bob", MessageKind.PARTY_CHANGED),
    ]


def test_newcomer_never_takes_a_freed_seat_before_the_queue(app, venue, htmx):
    make_event(venue=venue, title="Lantern evening", capacity=1)
    bob, carol, fatima = EVE(app), EVE(app), EVE(app)
    first = come(bob, find(bob, htmx), htmx, name="Bob", contact="bob@example.com")
    early = fatima.get_page(find(fatima, htmx).link("Join the waiting list"))
    second = come(carol, find(carol, htmx), htmx, name="Carol", contact="carol@example.com")
    ask = bob.get_page(first.link("I can’t come"))
    bob.submit(ask, "main form[method=post]")
    late = fatima.submit(
        early, SIGN_UP, htmx=htmx, name="Fatima", contact="fatima@example.com", agreed=True
    )
    assert headline(carol, second) == "Your place is confirmed"
    assert headline(fatima, fatima.follow(late)) == "You are number 1 on the waiting list"


def test_ticket_from_sign_up_to_the_day_after(app, venue):
    event = make_event(venue=venue, title="Lantern evening")
    bob = EVE(app)
    ticket = come(bob, find(bob, False), False, name="Bob", contact="bob@example.com")
    with clock.fixed_at(event.starts_at + timedelta(minutes=10)):
        assert headline(bob, ticket) == "Your place is confirmed"
        assert "Sign-up has closed" in bob.get_page(f"/en/events/{event.id}").text
    with clock.fixed_at(event.ends_at + timedelta(days=1)):
        page = bob.get_page(ticket.url)
        assert not page.has("form[action$='/party-size'], a[href$='/cancel']")
        assert "Lantern" not in bob.get_page("/en/events").text
        assert "Lantern" in bob.get_page("/en/events/month").text
        assert "Lantern" in bob.get("/calendar/public.ics").text
