"""Invitations: what they make of a person, and what they refuse."""

from datetime import timedelta

import pytest

from hub import clock
from hub.enums import StaffRole
from hub.extensions import db
from hub.models import DoorHelper, User
from hub.services.accounts import invite, open_invitation, revoke_invitation
from hub.transaction import unit_of_work
from tests.accounts import account_mails, link_in, user_called
from tests.factories import PASSWORD
from tests.people import EVE
from tests.tables import dump

NEW = {"name": "Noor", "email": "noor@example.com", "password": PASSWORD, "again": PASSWORD}


def invited(by: User, role: StaffRole | None = StaffRole.STAFF, **where: object) -> str:
    """The address of the page of a new invitation."""
    with unit_of_work():
        _invitation, token = invite(role, by=by, **where)
    return f"/en/account/set-up/{token}"


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (StaffRole.STAFF, "You become staff of the subdistrict, for all communities."),
        (StaffRole.POLICE, "You join the police unit"),
        (StaffRole.ADMIN, "You become an administrator of this site."),
    ],
)
def test_page_says_what_one_becomes(client, ada, role, words):
    assert words in client.get_page(invited(ada, role)).text


def test_stranger_makes_an_account_with_the_role(client, ada, community):
    page = client.get_page(invited(ada, community_id=community.id, email="Noor@example.com"))
    assert "You become staff of Heyuan." in page.text
    assert page.one("[name=email]")["value"] == "noor@example.com"
    done = client.follow(client.submit(page, **NEW))
    assert "Your account is ready. Log in with it." in done.text
    user = user_called("noor@example.com")
    assert [(m.role, m.community_id) for m in user.roles] == [(StaffRole.STAFF, community.id)]
    client.log_in(user)
    client.get_page("/en/desk")


def test_open_invitation_wants_the_address_confirmed(client, ada):
    done = client.submit(client.get_page(invited(ada)), **NEW)
    assert "open the link in the mail" in client.follow(done).text
    assert user_called("noor@example.com").confirmed_at is None
    client.get_page(link_in(account_mails("noor@example.com")[0]), 302)
    client.log_in(user_called("noor@example.com"))
    client.get_page("/en/desk")


def test_door_helper_is_named_for_the_event(client, alice, event):
    page = client.get_page(invited(alice, None, event_id=event.id, email="noor@example.com"))
    assert "You help at the door of “Dumplings for all”." in page.text
    client.submit(page, **NEW)
    user = user_called("noor@example.com")
    assert user.roles == []
    assert db.session.get(DoorHelper, (event.id, user.id)) is not None


def test_somebody_logged_in_takes_it_up_with_their_account(client, ada, alice, other_community):
    client.log_in(alice)
    page = client.get_page(invited(ada, community_id=other_community.id))
    assert "You are logged in as Alice (alice@staff.example.com)." in page.text
    client.submit(page, "form[action$='/take-up']")
    assert len(user_called(alice.email).roles) == 2
    client.get_page(page.url, 404)


def test_invitation_for_somebody_else_is_refused(app, client, ada, alice):
    path = invited(ada, StaffRole.ADMIN, email="noor@example.com")
    client.log_in(alice)
    page = client.get_page(path)
    before = dump()
    refused = client.submit(page, "form[action$='/take-up']", status=422)
    assert "written for another e-mail address" in refused.text
    stranger = EVE(app)
    page = stranger.get_page(path)
    refused = stranger.submit(page, status=422, **(NEW | {"email": "mallory@example.com"}))
    assert refused.has(".error-summary a[href='#email']")
    assert dump() == before


def test_link_that_is_gone_says_so_and_changes_nothing(app, client, ada, alice, now):
    used, revoked, expired = (invited(ada, email="noor@example.com") for _ in range(3))
    pages = {path: client.get_page(path) for path in (used, revoked, expired)}
    EVE(app).submit(pages[used], "form[data-keep]", status=422, **NEW)  # another browser's token
    client.submit(pages[used], **NEW)
    with unit_of_work():
        token = revoked.rpartition("/")[2]
        revoke_invitation(open_invitation(token).id, by=db.session.get_one(User, ada.id))
    inside = EVE(app).log_in(alice)
    for path in (used, revoked, "/en/account/set-up/x"):
        before = dump()
        gone = client.get_page(path, 404)
        assert "has expired or was taken back. Ask for a new one." in gone.text
        client.post_page(path, NEW, 404)
        inside.post_page(f"{path}/take-up", {}, 404)
        assert dump() == before
    with clock.fixed_at(now + timedelta(days=7)):
        client.get_page(expired, 404)


def test_taking_up_needs_an_account_and_a_fresh_form(client, ada, alice):
    path = invited(ada)
    before = dump()
    client.post_page(f"{path}/take-up", {}, 303)
    assert dump() == before
    client.log_in(alice)
    before = dump()
    refused = client.post_page(f"{path}/take-up", {}, 422)
    assert refused.has(".error-summary")
    assert dump() == before
