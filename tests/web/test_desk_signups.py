"""The sign-ups of an event at the desk."""

from typing import Any

import pytest

from hub.enums import EventStatus, SignUpStatus
from hub.extensions import db
from hub.integrations.signing import ticket_token
from hub.models import Event, SignUp, User, Venue
from tests.browser import HubClient
from tests.factories import local, make_event, make_sign_up
from tests.web.test_desk_events import counted_queries

PERSON: dict[str, Any] = {"name": "Mina", "contact": "mina@example.com", "party_size": "2"}


@pytest.fixture
def desk(client: HubClient, alice: User) -> HubClient:
    return client.log_in(alice)


def of(event: Event, path: str = "") -> str:
    return f"/en/desk/events/{event.id}/sign-ups{path}"


def newest() -> SignUp:
    return db.session.query(SignUp).order_by(SignUp.id.desc()).first()


# --- who may come in ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/new", "/print", "/{id}/release", "/{id}/replace"])
def test_sign_up_pages_are_for_those_who_manage_the_event(
    client: HubClient, sam: User, event: Event, path: str
) -> None:
    url = of(event, path.format(id=make_sign_up(event).id))
    assert "/account/login" in client.get_page(url, 303).location
    assert "HX-Redirect" in client.get_page(url, 401, htmx=True).response.headers
    client.log_in(sam).get_page(url, 404)
    if path not in ("", "/print"):
        client.post_page(url, {}, 404)


def test_sign_up_of_another_event_is_not_found(desk: HubClient, event: Event, venue: Venue) -> None:
    elsewhere = make_sign_up(make_event(venue=venue))
    desk.get_page(of(event, f"/{elsewhere.id}/release"), 404)
    desk.get_page(of(event, f"/{elsewhere.id}/replace"), 404)
    desk.get_page(of(event, "/2147483647/release"), 404)


# --- the list ----------------------------------------------------------------------------------


def test_sign_up_list_says_how_full_it_is(desk: HubClient, event: Event) -> None:
    ann = make_sign_up(event, party_size=4, name="Ann")
    make_sign_up(event, party_size=4)
    waiting = make_sign_up(event, party_size=4)
    page = desk.get_page(of(event))
    assert "8 of 10 places taken, 1 party waiting" in page.text
    assert "Number 1 in the queue" in page.one(f"#sign-up-{waiting.id}").get_text()
    ticket = page.all("tbody a[href*='/tickets/']")[0]["href"]
    assert ticket.endswith(ticket_token(ann.code))
    assert page.response.headers["Referrer-Policy"] == "no-referrer"


def test_sign_up_list_searches_filters_and_its_fragment_is_part_of_the_page(
    desk: HubClient, event: Event
) -> None:
    ann = make_sign_up(event, name="Ann Ågren", contact="ann@example.com")
    make_sign_up(event, name="Ben", contact="ben@example.com")
    for typed in ("ann", "ANN@EXAMPLE", ann.number.lower(), "ågren"):
        page = desk.submit(desk.get_page(of(event)), "main form[role=search]", q=typed)
        assert [row.get_text() for row in page.all("tbody th > bdi")] == ["Ann Ågren"]
    part = desk.get_page(of(event, "?q=ann"), htmx=True)
    whole = desk.get_page(of(event, "?q=ann"))
    assert str(part.one("#sign-up-list")) == str(whole.one("#sign-up-list"))
    assert "Nobody fits" in desk.get_page(of(event, "?status=waitlisted")).text
    desk.get_page(of(event, "?status=nonsense&q=%00"))


def test_sign_up_list_has_the_same_number_of_queries_for_1_and_for_30(
    desk: HubClient, venue: Venue
) -> None:
    event = make_event(venue=venue, capacity=100)
    make_sign_up(event)
    with counted_queries() as one:
        desk.get_page(of(event))
    for _number in range(29):
        make_sign_up(event)
    with counted_queries() as many:
        desk.get_page(of(event))
    assert len(one) == len(many)


def test_sign_up_list_empty_teaches(desk: HubClient, event: Event, venue: Venue) -> None:
    assert "Nobody has signed up yet" in desk.get_page(of(event)).text
    draft = make_event(venue=venue, status=EventStatus.DRAFT)
    page = desk.get_page(of(draft))
    assert "Still a draft" in page.text and "Add a person" not in page.text


def test_sign_up_list_to_print_has_those_with_a_place(desk: HubClient, event: Event) -> None:
    make_sign_up(event, party_size=4, name="Zoe")
    make_sign_up(event, party_size=4, name="Ann")
    make_sign_up(event, party_size=4, name="Waits")
    page = desk.get_page(of(event, "/print"))
    assert [row.get_text() for row in page.all("tbody th")] == ["Ann", "Zoe"]


# --- add ---------------------------------------------------------------------------------------


def test_add_a_person(desk: HubClient, event: Event) -> None:
    page = desk.follow(desk.submit(desk.get_page(of(event, "/new")), **PERSON, language="zh"))
    assert "Mina is signed up." in page.text
    added = newest()
    assert (added.party_size, added.language, added.status) == (2, "zh", SignUpStatus.CONFIRMED)


def test_add_to_a_full_event_goes_to_the_waiting_list(desk: HubClient, venue: Venue) -> None:
    event = make_event(venue=venue, capacity=2)
    make_sign_up(event, party_size=2)
    page = desk.get_page(of(event, "/new"))
    assert "joins the waiting list" in page.text
    page = desk.follow(desk.submit(page, **PERSON))
    assert "Mina is on the waiting list." in page.text


def test_add_where_nobody_can_wait_says_what_helps(desk: HubClient, venue: Venue) -> None:
    event = make_event(venue=venue, capacity=2, has_waiting_list=False)
    page = desk.get_page(of(event, "/new"))
    make_sign_up(event, party_size=2)
    page = desk.submit(page, status=409, **PERSON)
    assert page.one("[name=name]")["value"] == "Mina"
    page = desk.get_page(of(event, "/new"))
    assert "replace somebody" in page.text and not page.has("main form")


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "Enter a name."),
        ("contact", "nobody", "Enter an e-mail address or a phone number."),
        ("party_size", "21", "Enter a number between 1 and 20."),
        ("party_size", "99999999999", "Enter a number between 1 and 20."),
        ("party_size", "two", "Enter a whole number."),
        ("party_size", "5", "Between 1 and 4 people"),
    ],
)
def test_add_invalid_keeps_what_was_typed(
    desk: HubClient, event: Event, field: str, typed: str, words: str
) -> None:
    page = desk.submit(desk.get_page(of(event, "/new")), status=422, **{**PERSON, field: typed})
    assert words in page.one(".error-summary").get_text()
    assert page.one(f"[name={field}]")["value"] == typed
    assert db.session.query(SignUp).count() == 0


def test_add_rule_2_somebody_twice_is_refused(desk: HubClient, event: Event) -> None:
    make_sign_up(event, contact="mina@example.com")
    page = desk.submit(
        desk.get_page(of(event, "/new")), status=409, **{**PERSON, "contact": "ＭINA@example.com"}
    )
    assert "already signed up" in page.one("#contact-error").get_text()


# --- release -----------------------------------------------------------------------------------


def test_release_with_a_reason_promotes_the_queue(desk: HubClient, venue: Venue) -> None:
    event = make_event(venue=venue, capacity=2)
    first, waiting = make_sign_up(event, party_size=2, name="Ann"), make_sign_up(event)
    page = desk.get_page(
        desk.get_page(of(event)).one(f"#sign-up-{first.id}").select("a")[-1]["href"]
    )
    page = desk.submit(page, status=422)
    assert "Say why" in page.one(".error-summary").get_text()
    page = desk.follow(desk.submit(page, reason="The list was wrong."))
    assert "Ann is released and is told why." in page.text
    assert "The list was wrong." in page.one(f"#sign-up-{first.id}").get_text()
    assert db.session.get_one(SignUp, waiting.id).status is SignUpStatus.CONFIRMED


def test_release_twice_is_refused(desk: HubClient, event: Event) -> None:
    party = make_sign_up(event)
    url = of(event, f"/{party.id}/release")
    page = desk.get_page(url)
    desk.submit(page, reason="Once.")
    refused = desk.submit(page, status=409, reason="Twice.")
    assert "This sign-up is cancelled." in refused.text
    assert not desk.get_page(url).has("main form")


# --- replace -----------------------------------------------------------------------------------


def test_replace_on_a_full_event(desk: HubClient, venue: Venue) -> None:
    event = make_event(venue=venue, capacity=2)
    old, waiting = make_sign_up(event, party_size=2), make_sign_up(event)
    page = desk.get_page(of(event, f"/{old.id}/replace"))
    assert page.one("[name=party_size]")["value"] == "2"
    page = desk.follow(desk.submit(page, **PERSON, reason="She asked us."))
    assert "The places now belong to Mina." in page.text
    assert newest().status is SignUpStatus.CONFIRMED
    assert db.session.get_one(SignUp, waiting.id).status is SignUpStatus.WAITLISTED
    assert db.session.get_one(SignUp, old.id).status is SignUpStatus.CANCELLED


def test_replace_invalid_or_refused_keeps_what_was_typed(desk: HubClient, event: Event) -> None:
    old = make_sign_up(event, party_size=2)
    make_sign_up(event, contact="taken@example.com")
    page = desk.get_page(of(event, f"/{old.id}/replace"))
    page = desk.submit(page, status=422, **PERSON)
    assert "Say why" in page.one(".error-summary").get_text()
    larger = {**PERSON, "party_size": "3", "reason": "Because."}
    page = desk.submit(page, status=422, **larger)
    assert "cannot be larger" in page.text
    taken = {**larger, "party_size": "1", "contact": "taken@example.com"}
    page = desk.submit(page, status=409, **taken)
    assert "already signed up" in page.text
    assert page.one("[name=name]")["value"] == "Mina"


def test_replace_of_a_waiting_party_is_refused(desk: HubClient, venue: Venue) -> None:
    event = make_event(venue=venue, capacity=2)
    first, waiting = make_sign_up(event, party_size=2), make_sign_up(event)
    url = of(event, f"/{waiting.id}/replace")
    assert "Only a confirmed place" in desk.get_page(url).text
    links = desk.get_page(of(event)).one(f"#sign-up-{waiting.id}").get_text()
    assert "Release" in links and "Replace" not in links
    token = desk.get_page(of(event, f"/{first.id}/replace")).one("main [name=csrf_token]")["value"]
    data = {**PERSON, "party_size": "1", "reason": "No.", "language": "en", "csrf_token": token}
    desk.post_page(url, data, 409)


def test_sign_ups_of_what_is_over_can_only_be_read(desk: HubClient, venue: Venue) -> None:
    over = make_event(venue=venue, starts_at=local("2026-11-01 14:00"))
    party = make_sign_up(over)
    page = desk.get_page(of(over))
    assert "This event is over." in page.text
    assert not page.one(f"#sign-up-{party.id}").select(".button")
    assert not desk.get_page(of(over, f"/{party.id}/release")).has("main form")
