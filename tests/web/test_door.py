"""The door of one event: its list, and who helps there."""

from datetime import timedelta

import pytest

from hub import clock
from hub.enums import EventKind, StaffRole
from hub.extensions import db
from hub.models import DoorHelper, Event, Invitation, User
from hub.services.signups import cancel_sign_up
from hub.transaction import unit_of_work
from tests.browser import HubClient
from tests.factories import make_event, make_sign_up, make_user
from tests.people import EVE


@pytest.fixture
def helper(event: Event) -> User:
    """Somebody who works the door of ``event`` and nothing else."""
    user = make_user("hope", role=None)
    with unit_of_work():
        db.session.add(DoorHelper(event_id=event.id, user_id=user.id, created_at=clock.now()))
    return user


def door(event: Event, rest: str = "") -> str:
    return f"/en/door/{event.id}{rest}"


def test_anonymous_is_sent_to_log_in(client: HubClient, event: Event) -> None:
    for rest in ("", "/helpers/new", "/helpers/1/remove"):
        assert "/account/login" in client.get_page(door(event, rest), 303).location
    assert client.get(door(event), headers={"HX-Request": "true"}).status_code == 401


def test_rule_20_door_is_for_staff_and_its_helpers(
    client: HubClient, event: Event, alice: User, sam: User, sue: User, ada: User, helper: User
) -> None:
    other = make_event(title="Another")
    police = make_user("pol", role=StaffRole.POLICE)
    talk = make_event(kind=EventKind.LAW_TALK, title="A talk")
    stranger = make_user("rita", role=None)
    for who in (alice, sue, ada, helper):
        EVE(client.application).log_in(who).get_page(door(event))
    for who in (sam, stranger, police):
        EVE(client.application).log_in(who).get_page(door(event), 404)
    EVE(client.application).log_in(police).get_page(door(talk))
    client.log_in(helper).get_page(door(other), 404)
    client.get_page("/en/door/999", 404)


def test_rule_20_helper_sees_no_more_than_the_door(
    client: HubClient, event: Event, helper: User
) -> None:
    client.log_in(helper)
    for path in (
        *(f"/en/desk/events/{event.id}", f"/en/desk/events/{event.id}/sign-ups", "/en/desk"),
        *(
            "/en/desk/people",
            door(event, "/helpers/new"),
            door(event, f"/helpers/{helper.id}/remove"),
        ),
    ):
        client.get_page(path, 404)


def test_rule_20_helper_is_let_go_a_day_after_the_end(
    client: HubClient, event: Event, helper: User
) -> None:
    late = event.ends_at + timedelta(hours=23)
    with clock.fixed_at(late):
        EVE(client.application).log_in(helper).get_page(door(event))
    with clock.fixed_at(late + timedelta(hours=1)):
        client.log_in(helper).get_page(door(event), 404)


def test_list_has_names_and_no_contacts(
    client: HubClient, event: Event, helper: User, alice: User
) -> None:
    first = make_sign_up(event, name="Zhang Wei", contact="zhang@example.com", party_size=3)
    make_sign_up(event, name="Amina", contact="138 0000 1111")
    gone = make_sign_up(event, name="Gone Away", contact="gone@example.com")
    with unit_of_work():
        cancel_sign_up(gone.id)
    for who in (helper, alice):
        page = EVE(client.application).log_in(who).get_page(door(event))
        names = [th.get_text() for th in page.all("tbody th")]
        assert names == ["Amina", "Zhang Wei"]
        assert first.number in page.text and "4 of 10 places taken" in page.text
        assert "zhang@example.com" not in page.text and "138" not in page.text
        assert page.response.headers["Cache-Control"] == "private, no-store"


def test_waiting_parties_stand_apart(client: HubClient, venue: object, alice: User) -> None:
    event = make_event(capacity=1)
    make_sign_up(event, name="In")
    make_sign_up(event, name="Waits")
    page = client.log_in(alice).get_page(door(event))
    tables = page.all("table")
    assert "In" in tables[0].get_text() and "Waits" in tables[1].get_text()


@pytest.mark.parametrize("q", ["zh", "ZH", "ｗｅｉ", "张伟", " wei "])
def test_two_letters_find_a_name(client: HubClient, event: Event, helper: User, q: str) -> None:
    make_sign_up(event, name="Zhang Wei 张伟", contact="a@example.com")
    make_sign_up(event, name="Amina", contact="weizh@example.com")
    client.log_in(helper)
    page = client.get_page(door(event) + f"?q={q}")
    assert [th.get_text() for th in page.all("tbody th")] == ["Zhang Wei 张伟"]
    fragment = client.get_page(door(event) + f"?q={q}", htmx=True)
    assert str(fragment.one("#door-list")) == str(page.one("#door-list"))


def test_ticket_number_finds_and_a_contact_does_not(
    client: HubClient, event: Event, helper: User
) -> None:
    party = make_sign_up(event, name="Amina", contact="138 0000 1111")
    client.log_in(helper)
    assert "Amina" in client.get_page(f"{door(event)}?q={party.number}").text
    assert "Amina" not in client.get_page(f"{door(event)}?q=13800001111").text
    assert "Amina" not in client.get_page(f"{door(event)}?q=0000").text


def test_empty_door_teaches(client: HubClient, event: Event, alice: User) -> None:
    page = client.log_in(alice).get_page(door(event))
    assert "Nobody has signed up yet" in page.text


# --- helpers -------------------------------------------------------------------------------------


def test_helper_is_invited_from_the_event(client: HubClient, event: Event, alice: User) -> None:
    page = client.log_in(alice).get_page(f"/en/desk/events/{event.id}")
    page = client.get_page(page.link("Invite a helper"))
    page = client.follow(client.submit(page, email="hope@example.com"))
    assert page.one(".copy-text input")["value"].startswith("http")
    assert f"Helper at the door: {event.title}" in page.text
    invitation = db.session.query(Invitation).one()
    assert (invitation.role, invitation.event_id) == (None, event.id)
    page = client.get_page(f"/en/desk/events/{event.id}")
    assert "hope@example.com" in page.one("#door-helpers").get_text()
    page = client.follow(client.submit(client.get_page(page.link("Revoke"))))
    assert "hope@example.com" not in page.text


def test_link_to_the_door_opens_it(client: HubClient, event: Event, alice: User) -> None:
    client.log_in(alice)
    page = client.follow(client.submit(client.get_page(door(event, "/helpers/new"))))
    token = page.one(".copy-text input")["value"].rsplit("/", 1)[1]
    assert EVE(client.application).get_page(f"/en/account/set-up/{token}").has("main form")


@pytest.mark.parametrize("email", ["nonsense", "13812345678"])
def test_helper_with_a_wrong_address(
    client: HubClient, event: Event, alice: User, email: str
) -> None:
    page = client.log_in(alice).get_page(door(event, "/helpers/new"))
    page = client.submit(page, status=422, email=email)
    assert page.one("[name=email]")["value"] == email
    assert db.session.query(Invitation).count() == 0


def test_helper_is_taken_off(client: HubClient, event: Event, alice: User, helper: User) -> None:
    page = client.log_in(alice).get_page(f"/en/desk/events/{event.id}")
    confirm = client.get_page(page.link("Take off"))
    page = client.follow(client.submit(confirm))
    assert "Hope does not work this door any more." in page.text
    assert "A helper was taken off the door." in page.text
    EVE(client.application).log_in(helper).get_page(door(event), 404)
    client.submit(confirm, status=404)


def test_rule_20_helpers_of_other_events(
    client: HubClient, event: Event, sam: User, helper: User
) -> None:
    client.log_in(sam)
    for rest in ("/helpers/new", f"/helpers/{helper.id}/remove"):
        client.get_page(door(event, rest), 404)
        client.post_page(door(event, rest), {}, 404)
    assert db.session.query(DoorHelper).count() == 1
