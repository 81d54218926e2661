"""Decisions about an event: copy, publish, cancel, number of places."""

import pytest

from hub.enums import EventStatus, MessageKind, SignUpStatus
from hub.extensions import db
from hub.models import Event, Message, SignUp, User, Venue
from hub.services.events import publish_event
from hub.transaction import unit_of_work
from tests.browser import HubClient
from tests.factories import TEXTS, local, make_event, make_sign_up

EVENTS = "/en/desk/events"


@pytest.fixture
def desk(client: HubClient, alice: User) -> HubClient:
    return client.log_in(alice)


def stored(event: Event) -> Event:
    return db.session.get_one(Event, event.id, populate_existing=True)


# --- copy --------------------------------------------------------------------------------------


def test_copy_makes_a_draft_a_week_later(desk: HubClient, event: Event) -> None:
    page = desk.get_page(f"{EVENTS}/{event.id}")
    page = desk.follow(desk.submit(page, "form[action$='/copy']"))
    copied = db.session.query(Event).order_by(Event.id.desc()).first()
    assert page.url.endswith(f"/{copied.id}/edit")
    assert copied.status is EventStatus.DRAFT
    assert copied.starts_at == local("2026-12-01 14:00")


def test_copy_without_a_token_makes_nothing(desk: HubClient, event: Event) -> None:
    page = desk.follow(desk.post_page(f"{EVENTS}/{event.id}/copy", {}, 303))
    assert "Try again" in page.text
    assert db.session.query(Event).count() == 1


# --- publish -----------------------------------------------------------------------------------


def test_publish_after_a_look(desk: HubClient, venue: Venue) -> None:
    draft = make_event(venue=venue, status=EventStatus.DRAFT)
    page = desk.get_page(desk.get_page(f"{EVENTS}/{draft.id}").link("Publish"))
    assert "Neighbours' Hall" in page.text
    assert "no text yet" not in page.text
    page = desk.follow(desk.submit(page))
    assert "The event is published." in page.text
    assert stored(draft).status is EventStatus.PUBLISHED


def test_publish_warns_of_a_language_without_text(desk: HubClient, venue: Venue) -> None:
    draft = make_event(venue=venue, status=EventStatus.DRAFT, texts={"zh": TEXTS["zh"]})
    assert "no text yet in: English" in desk.get_page(f"{EVENTS}/{draft.id}/publish").text


def test_publish_twice_is_refused(desk: HubClient, alice: User, venue: Venue) -> None:
    draft = make_event(venue=venue, status=EventStatus.DRAFT)
    page = desk.get_page(f"{EVENTS}/{draft.id}/publish")
    with unit_of_work():
        publish_event(draft.id, by=alice)
    page = desk.submit(page, status=409)
    assert "Only a draft can be published." in page.text
    assert not desk.get_page(f"{EVENTS}/{draft.id}/publish").has("main form")


def test_publish_without_a_token(desk: HubClient, venue: Venue) -> None:
    draft = make_event(venue=venue, status=EventStatus.DRAFT)
    desk.post_page(f"{EVENTS}/{draft.id}/publish", {}, 422)
    assert stored(draft).status is EventStatus.DRAFT


# --- cancel ------------------------------------------------------------------------------------


def test_cancel_says_who_is_told_and_tells_them(desk: HubClient, event: Event) -> None:
    make_sign_up(event)
    make_sign_up(event, contact="138 1234 5678")
    page = desk.get_page(f"{EVENTS}/{event.id}/cancel")
    assert "1 party gets a mail." in page.text
    assert "1 party gave only a phone number" in page.text
    reasons = {"text_en-reason": "A storm comes.", "text_zh-reason": "台风要来。"}
    page = desk.follow(desk.submit(page, **reasons))
    assert "A storm comes." in page.text and "台风要来。" in page.text
    told = db.session.query(Message).filter_by(kind=MessageKind.EVENT_CANCELLED).count()
    assert told == 1


def test_cancel_without_a_reason(desk: HubClient, event: Event) -> None:
    page = desk.submit(desk.get_page(f"{EVENTS}/{event.id}/cancel"), status=422)
    assert "Say why" in page.one(".error-summary").get_text()
    too_long = {"text_en-reason": "x" * 501, "text_zh-reason": "下雨"}
    page = desk.submit(page, status=422, **too_long)
    assert page.one("[name=text_zh-reason]").get_text().strip() == "下雨"
    assert stored(event).status is EventStatus.PUBLISHED


def test_cancel_of_a_draft_is_refused(desk: HubClient, event: Event, venue: Venue) -> None:
    draft = make_event(venue=venue, status=EventStatus.DRAFT)
    page = desk.get_page(f"{EVENTS}/{draft.id}/cancel")
    assert "Only a published event can be cancelled." in page.text
    token = desk.get_page(f"{EVENTS}/{event.id}/cancel").one("main [name=csrf_token]")["value"]
    data = {"csrf_token": token, "text_en-reason": "No."}
    desk.post_page(f"{EVENTS}/{draft.id}/cancel", data, 409)


# --- number of places (rule 4) -----------------------------------------------------------------


def test_more_places_go_to_the_queue(desk: HubClient, event: Event) -> None:
    make_sign_up(event, party_size=4)
    make_sign_up(event, party_size=4)
    waiting = make_sign_up(event, party_size=3)
    assert waiting.status is SignUpStatus.WAITLISTED
    page = desk.follow(desk.submit(desk.get_page(f"{EVENTS}/{event.id}/capacity"), capacity="12"))
    assert "11 of 12 places taken" in page.text
    assert db.session.get_one(SignUp, waiting.id).status is SignUpStatus.CONFIRMED


def test_rule_4_fewer_places_need_a_choice_and_a_reason(desk: HubClient, event: Event) -> None:
    first = make_sign_up(event, party_size=4, name="Ann")
    second = make_sign_up(event, party_size=4, name="Ben")
    page = desk.submit(desk.get_page(f"{EVENTS}/{event.id}/capacity"), status=409, capacity="4")
    assert "At least 4 places must become free." in page.text
    assert page.one("[name=capacity]")["value"] == "4"
    page = desk.submit(page, status=422, release=[str(second.id)])
    assert "Say why" in page.text
    page = desk.follow(desk.submit(page, reason="A smaller room."))
    assert "4 of 4 places taken" in page.text
    assert db.session.get_one(SignUp, first.id).status is SignUpStatus.CONFIRMED
    released = db.session.get_one(SignUp, second.id)
    assert (released.status, released.release_reason) == (
        SignUpStatus.CANCELLED,
        "A smaller room.",
    )


def test_rule_4_too_few_released_changes_nothing(desk: HubClient, event: Event) -> None:
    small = make_sign_up(event, party_size=1)
    make_sign_up(event, party_size=4)
    page = desk.submit(desk.get_page(f"{EVENTS}/{event.id}/capacity"), status=409, capacity="3")
    page = desk.submit(page, status=409, release=[str(small.id)], reason="A smaller room.")
    assert "At least 2 places must become free." in page.text
    assert (stored(event).capacity, stored(event).seats_taken) == (10, 5)


def test_capacity_releases_nobody_of_another_event(
    desk: HubClient, event: Event, venue: Venue
) -> None:
    other = make_sign_up(make_event(venue=venue), party_size=3)
    make_sign_up(event, party_size=3)
    page = desk.submit(desk.get_page(f"{EVENTS}/{event.id}/capacity"), status=409, capacity="1")
    data = {
        "csrf_token": page.one("main [name=csrf_token]")["value"],
        "seen": page.one("[name=seen]")["value"],
        "capacity": "1",
        "reason": "A smaller room.",
        "release": [other.id],
    }
    answer = desk.post_page(f"{EVENTS}/{event.id}/capacity", data, 422)
    assert "Choose only from the list." in answer.text
    assert db.session.get_one(SignUp, other.id).status is SignUpStatus.CONFIRMED


@pytest.mark.parametrize("typed", ["", "0", "99999999999", "many"])
def test_capacity_invalid(desk: HubClient, event: Event, typed: str) -> None:
    page = desk.submit(desk.get_page(f"{EVENTS}/{event.id}/capacity"), status=422, capacity=typed)
    assert page.one("[name=capacity]")["value"] == typed


def test_capacity_conflict_is_told_once(desk: HubClient, alice: User, venue: Venue) -> None:
    draft = make_event(venue=venue, status=EventStatus.DRAFT)
    page = desk.get_page(f"{EVENTS}/{draft.id}/capacity")
    with unit_of_work():
        publish_event(draft.id, by=alice)
    page = desk.submit(page, status=409, capacity="12")
    assert "Somebody else changed this" in page.text
    desk.submit(page)
    assert stored(draft).capacity == 12


def test_capacity_of_what_is_over(desk: HubClient, venue: Venue) -> None:
    over = make_event(venue=venue, starts_at=local("2026-11-01 14:00"))
    page = desk.get_page(f"{EVENTS}/{over.id}/capacity")
    assert "cannot be edited" in page.text and not page.has("main form")
