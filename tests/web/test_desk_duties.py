"""Duties at the desk: the list, the roster, offers, and what staff decide about people on them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import AssignmentStatus, LanguageLevel, Skill
from hub.extensions import db
from hub.models import Assignment, Duty, User
from hub.services.people import ProfileData, save_profile
from hub.transaction import unit_of_work
from tests.factories import local, make_event, make_user, make_venue
from tests.people import EVE
from tests.service_factories import (
    make_activity,
    make_appointment,
    make_assignment,
    make_assistant,
    make_duty,
)

S = AssignmentStatus
START = local("2026-11-26 14:00")
DESK = "/en/desk/duties"
TYPED = {
    "text_en-title": "Translation desk",
    "text_zh-title": "翻译服务台",
    "starts_at": "2026-11-26T14:00",
    "ends_at": "2026-11-26T16:00",
    "people_needed": "2",
    "need_0-language": "ar",
    "need_0-level": "B2",
    "skills": ["writing"],
}


@pytest.fixture
def bob(community) -> User:
    bob = make_assistant("bob", community)
    with unit_of_work():
        data = ProfileData(
            "Bob Kamau", weekdays=frozenset({3}), languages={"ar": (LanguageLevel.B2, None)}
        )
        save_profile(bob, data, by=bob)
    return bob


@pytest.fixture
def duty(venue, alice) -> Duty:
    return make_duty(
        venue, alice, starts_at=START, title="Tea stall", languages={"ar": LanguageLevel.B1}
    )


def status(number: int = 1) -> AssignmentStatus:
    return db.session.get_one(Assignment, number).status


# --- making and changing --------------------------------------------------------------------------


def test_a_duty_is_made_changed_and_cancelled(client, venue, alice, bob):
    make_activity()
    client.log_in(alice)
    page = client.get_page(f"{DESK}/new")
    shown = client.follow(client.submit(page, **TYPED))
    assert "Translation desk" in shown.text and "Arabic B2 · Writing and filing" in shown.text
    page = client.get_page(shown.link("Edit"))
    client.submit(page, people_needed="3", **{"need_1-language": "fr"})
    (duty,) = db.session.scalars(select(Duty)).all()
    assert (duty.people_needed, [row.language for row in duty.languages]) == (3, ["ar", "fr"])
    assert [row.skill for row in duty.skills] == [Skill.WRITING]
    page = client.get_page(f"{DESK}/{duty.id}/cancel")
    assert "Say why" in client.submit(page, status=422).one(".error-summary").get_text()
    shown = client.follow(client.submit(page, reason="No translators needed."))
    assert "No translators needed." in shown.text
    assert not client.get_page(f"{DESK}/{duty.id}/edit").has("main form")
    assert not client.get_page(f"{DESK}/{duty.id}/cancel").has("main form")


def test_a_standing_need_is_repeated_weekly(client, venue, alice):
    make_activity()
    page = client.log_in(alice).get_page(f"{DESK}/new")
    shown = client.follow(client.submit(page, **TYPED, times="4"))
    assert "4 duties are made" in shown.text
    assert len({d.batch for d in db.session.scalars(select(Duty))}) == 1


def test_a_duty_of_an_event_has_its_time_and_place(client, event, alice):
    make_activity()
    page = client.log_in(alice).get_page(f"/en/desk/events/{event.id}")
    page = client.get_page(page.link("New duty"))
    assert page.one("#starts_at")["value"] == "2026-11-24T14:00"
    assert not page.has("#times")
    client.submit(page, **{"text_en-title": "Dumpling stall"})
    (duty,) = db.session.scalars(select(Duty)).all()
    assert (duty.event_id, duty.venue_id) == (event.id, event.venue_id)
    page = client.get_page(f"/en/desk/events/{event.id}")
    assert "0 of 1 person" in page.one("section:has(#duties)").get_text(" ", strip=True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text_en-title": "", "text_zh-title": ""}, "title in at least one language"),
        ({"ends_at": "2026-11-26T13:00"}, "The end must be after the start."),
        ({"ends_at": "2026-11-27T13:00"}, "begins and ends on one day"),
        ({"people_needed": "0"}, "Between 1 and 200 people."),
        ({"starts_at": ""}, "Enter when it starts."),
    ],
)
def test_wrong_shape_is_told_and_kept(client, venue, alice, change, words):
    make_activity()
    page = client.log_in(alice).get_page(f"{DESK}/new")
    page = client.submit(page, status=422, **{**TYPED, **change})
    assert words in page.one(".error-summary").get_text()
    assert page.one("#need_0-language option[selected]")["value"] == "ar"


def test_without_venue_or_activity_the_page_says_what_to_do(client, community, alice):
    client.log_in(alice)
    assert "Add a venue" in client.get_page(f"{DESK}/new").text
    make_venue(community)
    assert "There is no activity yet" in client.get_page(f"{DESK}/new").text


# --- the list -------------------------------------------------------------------------------------


def test_list_says_how_many_are_missing(client, duty, alice, bob, venue):
    make_assignment(make_duty(venue, alice, starts_at=START, people=3, title="Photos"), bob)
    make_duty(venue, alice, starts_at=START - timedelta(days=9), title="Long ago")
    page = client.log_in(alice).get_page(DESK)
    assert "1 of 3 people" in page.text and "2 people missing" in page.text
    assert "Long ago" not in page.text
    assert "Long ago" in client.get_page(f"{DESK}?view=past").text
    assert "Tea stall" in client.get_page("/en/desk").one("section:has(#short)").get_text()


def test_filter_by_event(client, duty, alice, event, venue):
    make_duty(venue, alice, starts_at=START, title="Dumplings", event_id=event.id)
    page = client.log_in(alice).get_page(f"{DESK}?event={event.id}")
    assert "Dumplings" in page.text and "Tea stall" not in page.text
    assert "No duty fits" in client.get_page(f"{DESK}?event=999").text


def test_list_goes_on(client, duty, alice, venue):
    for _ in range(31):
        make_duty(venue, alice, starts_at=START)
    page = client.log_in(alice).get_page(DESK)
    assert len(page.all(".desk-row--duty")) == 30
    assert len(client.get_page(page.link("More duties")).all(".desk-row--duty")) == 2


def test_rule_08_a_broken_term_is_flagged_in_list_and_roster(client, duty, alice, bob):
    make_assignment(duty, bob)
    with unit_of_work():
        bob.appointments[0].ended_on = date(2026, 11, 25)
    page = client.log_in(alice).get_page(DESK)
    assert "term does not hold" in page.text
    roster = client.get_page(f"{DESK}/{duty.id}").one("section:has(#roster)")
    assert "The term does not hold on that day." in roster.get_text(" ")


# --- the roster -----------------------------------------------------------------------------------


def test_matches_are_explained_and_one_tap_offers(client, duty, alice, bob, community):
    make_assistant("carol", community)
    page = client.log_in(alice).get_page(f"{DESK}/{duty.id}")
    first, second = page.all("section:has(#matches) li[id]")
    words = first.get_text(" ", strip=True)
    assert "speaks Arabic B2 · often free on Thu · no duty that month" in words
    assert "Fits" in words
    assert "Needs Arabic at B1 or better." in second.get_text(" ")
    page = client.follow(client.submit(page, f"form[action$='/offer/{bob.id}']"))
    assert "Offered" in page.one("section:has(#roster)").get_text(" ")
    client.submit(page, "form[action$='/withdraw-offer']")
    assert status() is S.WITHDRAWN


def test_rule_08_an_offer_all_the_same_shows_its_reason(client, duty, alice, community):
    carol = make_assistant("carol", community)
    page = client.log_in(alice).get_page(f"{DESK}/{duty.id}")
    page = client.get_page(page.link("Offer with a reason"))
    page = client.submit(page, status=422)
    page = client.follow(client.submit(page, reason="She learns fast."))
    row = page.one("section:has(#roster)").get_text(" ")
    assert "She learns fast." in row and "Needs Arabic at B1" in row
    assert carol.id == db.session.get_one(Assignment, 1).user_id


def test_rule_09_who_is_busy_cannot_be_asked(client, duty, alice, bob, venue):
    make_assignment(make_duty(venue, alice, starts_at=START, title="Photos"), bob)
    page = client.log_in(alice).get_page(f"{DESK}/{duty.id}")
    assert "Cannot be asked" in page.one(f"#match-{bob.id}").get_text(" ")
    page = client.get_page(f"{DESK}/{duty.id}/offer/{bob.id}")
    assert not page.has("main form")


def test_people_are_checked_in_and_out_by_staff(client, duty, alice, bob):
    make_assignment(duty, bob)
    client.log_in(alice)
    with clock.fixed_at(START):
        page = client.get_page(f"{DESK}/{duty.id}")
        client.submit(page, "form[action$='/check-in']")
    with clock.fixed_at(START + timedelta(hours=1)):
        page = client.get_page(f"{DESK}/{duty.id}")
        page = client.follow(client.submit(page, "form[action$='/check-out']"))
    assert "Came at 14:00, left at 15:00" in page.text
    assert status() is S.COMPLETED


def test_a_missing_check_out_is_entered(client, duty, alice, bob):
    make_assignment(duty, bob)
    client.log_in(alice)
    with clock.fixed_at(START):
        client.submit(client.get_page(f"{DESK}/{duty.id}"), "form[action$='/check-in']")
    with clock.fixed_at(START + timedelta(hours=5)):
        page = client.get_page(f"{DESK}/{duty.id}")
        page = client.get_page(page.link("Enter the end"))
        assert page.one("#ended_at")["value"] == "2026-11-26T16:00"
        wrong = client.submit(page, status=422, ended_at="2026-11-26T13:00")
        assert "after the check-in" in wrong.one(".error-summary").get_text()
        client.submit(wrong, ended_at="2026-11-26T15:30")
    assert status() is S.COMPLETED


def test_not_come_and_taken_off_have_a_page_that_asks(client, duty, alice, bob):
    make_assignment(duty, bob)
    page = client.log_in(alice).get_page(f"{DESK}/{duty.id}")
    page = client.get_page(page.link("Take off the duty"))
    assert status() is S.CONFIRMED
    client.submit(page, reason="The stall is smaller.")
    assert status() is S.CANCELLED
    make_assignment(duty, bob)
    with clock.fixed_at(START + timedelta(minutes=40)):
        page = client.get_page(f"{DESK}/{duty.id}")
        page = client.get_page(page.link("Did not come"))
        client.submit(page)
    assert status(2) is S.NO_SHOW
    page = client.get_page(f"{DESK}/{duty.id}/people/1/take-off")
    assert not page.has("main form")


def test_rule_05_staff_who_are_assistants_do_not_decide_about_themselves(
    client, duty, alice, community
):
    make_appointment(alice, community)
    make_assignment(duty, alice)
    client.log_in(alice)
    with clock.fixed_at(START):
        page = client.get_page(f"{DESK}/{duty.id}")
        assert "This is you" in page.text and not page.has("#assignment-1 form")
        page = client.get_page(f"{DESK}/{duty.id}/people/1/no-show")
        assert "own case" in page.text and not page.has("main form")


def test_rule_20_people_of_another_duty_or_community_are_not_found(
    client, duty, alice, bob, sam, venue
):
    make_assignment(duty, bob)
    other = make_duty(venue, alice, starts_at=START)
    client.log_in(alice)
    for word in ("take-off", "no-show", "end"):
        client.get_page(f"{DESK}/{other.id}/people/1/{word}", 404)
    client.post_page(f"{DESK}/{other.id}/people/1/check-in", {}, 404)
    client.get_page(f"{DESK}/{duty.id}/offer/{make_user('rita', role=None).id}", 404)
    stranger = EVE(client.application).log_in(sam)
    for path in (f"/{duty.id}", f"/{duty.id}/edit", f"/new?event={make_event(venue=venue).id}"):
        stranger.get_page(DESK + path, 404)
    assert "Tea stall" not in stranger.get_page(DESK).text


def test_stale_button_changes_nothing(client, duty, alice, bob):
    make_assignment(duty, bob)
    client.log_in(alice)
    answer = client.post_page(f"{DESK}/{duty.id}/people/1/check-in", {}, 303)
    assert "open for too long" in client.follow(answer).text
    assert status() is S.CONFIRMED
