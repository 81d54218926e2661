"""What assistants see and do: my next duty, duties I can take, one tap for each step."""

from datetime import timedelta

import pytest

from hub import clock
from hub.enums import AssignmentStatus, LanguageLevel
from hub.extensions import db
from hub.models import Assignment, Duty, User
from hub.queries.duties import live_assignment
from hub.services.duties import cancel_duty
from hub.transaction import unit_of_work
from tests.browser import HubClient
from tests.factories import local, make_user, make_venue
from tests.people import EVE
from tests.service_factories import (
    make_appointment,
    make_assignment,
    make_assistant,
    make_duty,
)

S = AssignmentStatus
START = local("2026-11-26 14:00")
SERVICE = "/en/service"
STEPS = (
    *("take", "take-over", "accept", "decline", "withdraw", "ask-swap", "keep", "check-in"),
    "check-out",
)


@pytest.fixture
def bob(community) -> User:
    return make_assistant("bob", community)


@pytest.fixture
def duty(venue, alice) -> Duty:
    return make_duty(venue, alice, starts_at=START, title="Tea stall")


def press(client: HubClient, page, step: str, duty: Duty):
    """The button of that step on the page."""
    return client.submit(page, f"form[action='{SERVICE}/duties/{duty.id}/{step}']")


def mine(duty: Duty, user: User) -> Assignment | None:
    return live_assignment(duty.id, user.id)


# --- who may --------------------------------------------------------------------------------------


def test_rule_20_pages_are_for_people_with_a_term(client, duty, alice):
    pages = ["", "/duties", f"/duties/{duty.id}", f"/duties/{duty.id}/release"]
    for path in pages:
        client.get_page(SERVICE + path, 303)
    rita = make_user("rita", role=None)
    make_appointment(rita, accepted=False)
    client.log_in(rita)
    for path in pages:
        client.get_page(SERVICE + path, 404)
    for step in STEPS:
        client.post_page(f"{SERVICE}/duties/{duty.id}/{step}", {}, 404)
    assert "Service" not in client.get_page("/en/").one("header").get_text()


def test_rule_20_another_programme_or_no_duty_is_not_found(client, duty, bob):
    client.log_in(bob)
    client.get_page(f"{SERVICE}/duties/999", 404)
    client.post_page(f"{SERVICE}/duties/999/take", {}, 404)
    client.get_page(f"{SERVICE}/duties/{duty.id}/dance", 404)
    with unit_of_work():
        db.session.execute(db.text("UPDATE duties SET programme = 'lecturer'"))
    client.get_page(f"{SERVICE}/duties/{duty.id}", 404)


def test_an_assistant_finds_the_service_in_the_navigation(client, duty, bob):
    page = client.log_in(bob).get_page("/en/")
    assert len(page.all("nav.site-nav a, .bottom-nav a")) <= 10
    assert page.link("Service") == SERVICE
    assert "Calendars" not in {a.get_text(strip=True) for a in page.all("header nav a")}


# --- taking ---------------------------------------------------------------------------------------


def test_one_tap_takes_a_duty(client, duty, bob):
    page = client.log_in(bob).get_page(f"{SERVICE}/duties")
    answer = client.follow(press(client, page, "take", duty))
    assert "The duty is yours" in answer.text and "Confirmed" in answer.text
    assert mine(duty, bob).status is S.CONFIRMED
    assert "Tea stall" in client.get_page(SERVICE).one("#next-duty").get_text()


def test_others_say_in_words_why_not(client, duty, venue, alice, bob, other_community):
    make_duty(venue, alice, starts_at=START, title="Arabic corner",
              languages={"ar": LanguageLevel.B2})  # fmt: skip
    make_duty(make_venue(other_community), alice, starts_at=START, title="Far away")
    make_duty(venue, alice, starts_at=START + timedelta(days=30), title="After my term")
    with unit_of_work():
        bob.appointments[0].ends_on = clock.today() + timedelta(days=7)
    busy = make_duty(venue, alice, starts_at=START + timedelta(hours=1), title="Dumplings")
    make_assignment(busy, bob)
    page = client.log_in(bob).get_page(f"{SERVICE}/duties")
    not_now = page.one("section:has(#not-now-title)").get_text(" ")
    for words in (
        "Overlaps with “Dumplings”, 15:00–17:00.",
        "Needs Arabic at B2 or better.",
        "The term does not hold on that day.",
        "In another community",
    ):
        assert words in not_now
    assert not page.has("section:has(#not-now-title) form")


def test_a_full_duty_has_a_waiting_list(client, duty, bob, community):
    make_assignment(duty, make_assistant("carol", community))
    page = client.log_in(bob).get_page(f"{SERVICE}/duties")
    answer = client.follow(press(client, page, "take", duty))
    assert "You are on the waiting list" in answer.text and "number 1" in answer.text
    assert "number 1" in client.get_page(SERVICE).text
    left = client.follow(press(client, answer, "withdraw", duty))
    assert "off the waiting list" in left.text
    assert mine(duty, bob) is None


def test_an_offer_is_accepted_or_declined(client, duty, bob):
    make_assignment(duty, bob, S.OFFERED)
    page = client.log_in(bob).get_page(SERVICE)
    press(client, page, "decline", duty)
    assert mine(duty, bob) is None
    make_assignment(duty, bob, S.OFFERED)
    page = client.get_page(f"{SERVICE}/duties/{duty.id}")
    assert "Confirmed" in client.follow(press(client, page, "accept", duty)).text


def test_rule_09_a_refusal_is_shown_with_the_present_state(client, duty, venue, alice, bob):
    page = client.log_in(bob).get_page(f"{SERVICE}/duties/{duty.id}")
    make_assignment(make_duty(venue, alice, starts_at=START, title="Dumplings"), bob)
    form = f"form[action='{SERVICE}/duties/{duty.id}/take']"
    answer = client.submit(page, form, status=409)
    assert "Overlaps with “Dumplings”" in answer.one(".error-summary").get_text()
    assert not answer.has(form)


def test_without_a_token_nothing_happens(client, duty, bob):
    client.log_in(bob)
    for step in STEPS:
        client.post_page(f"{SERVICE}/duties/{duty.id}/{step}", {}, 422)
    assert mine(duty, bob) is None


# --- giving back, swap ----------------------------------------------------------------------------


def test_giving_back_early_and_late(client, duty, bob):
    make_assignment(duty, bob)
    page = client.log_in(bob).get_page(f"{SERVICE}/duties/{duty.id}")
    page = client.get_page(page.link("I cannot come"))
    with clock.fixed_at(START - timedelta(hours=3)):
        refused = client.submit(page, status=422)
        assert "less than 48 hours" in refused.one(".error-summary").get_text()
        client.submit(refused, reason="I am ill.")
    assert db.session.get_one(Assignment, 1).status is S.RELEASED
    page = client.get_page(f"{SERVICE}/duties/{duty.id}/release")
    assert not page.has("main form")


def test_swap_from_one_assistant_to_another(client, duty, bob, community):
    carol = make_assistant("carol", community)
    make_assignment(duty, bob)
    page = client.log_in(bob).get_page(f"{SERVICE}/duties/{duty.id}")
    page = client.follow(press(client, page, "ask-swap", duty))
    page = client.follow(press(client, page, "keep", duty))
    client.follow(press(client, page, "ask-swap", duty))
    other = EVE(client.application).log_in(carol)
    page = other.get_page(f"{SERVICE}/duties")
    assert "Bob" not in page.text
    assert "taken over" in other.follow(press(other, page, "take-over", duty)).text
    assert (mine(duty, bob), mine(duty, carol).status) == (None, S.CONFIRMED)


# --- on the day -----------------------------------------------------------------------------------


def test_check_in_and_out_with_one_tap_each(client, duty, bob):
    make_assignment(duty, bob)
    client.log_in(bob)
    assert "30 minutes before" in client.get_page(SERVICE).text
    with clock.fixed_at(START - timedelta(minutes=25)):
        page = client.get_page(SERVICE)
        page = client.follow(press(client, page, "check-in", duty))
        assert "You came at 13:35" in page.text
    with clock.fixed_at(START + timedelta(hours=2, minutes=5)):
        page = client.get_page(SERVICE)
        page = client.follow(press(client, page, "check-out", duty))
    assert "waits for approval" in page.text and "Done" in page.text


def test_a_cancelled_duty_says_why(client, duty, bob, alice):
    make_assignment(duty, bob)
    with unit_of_work():
        cancel_duty(duty.id, "Heavy rain.", by=alice)
    page = client.log_in(bob).get_page(f"{SERVICE}/duties/{duty.id}")
    assert "Heavy rain." in page.text and not page.has("#duty-actions form")


def test_pages_are_private(client, duty, bob):
    client.log_in(bob)
    for path in ("", "/duties", f"/duties/{duty.id}"):
        headers = client.get(SERVICE + path).headers
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["X-Robots-Tag"].startswith("noindex")


@pytest.mark.parametrize("path", ["", "/duties"])
def test_empty_pages_teach(client, bob, path):
    page = client.log_in(bob).get_page(SERVICE + path)
    assert page.has(".empty-state a")
