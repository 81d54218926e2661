"""The data behind a ticket, without an account: see, copy, correct, delete."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import RequestKind, SignUpStatus
from hub.extensions import db
from hub.integrations import signing
from hub.models import AuditEntry, DataRequest, SignUp
from hub.services.privacy import erase_sign_up
from hub.transaction import unit_of_work
from tests.factories import local, make_event, make_sign_up
from tests.people import BOB, DMITRI, EVE
from tests.tables import changed, dump

NAME = "form[action$='/data']"
EXPORT = "form[action$='/export']"


def path_of(sign_up: SignUp, more: str = "/data") -> str:
    return f"/en/tickets/{signing.ticket_token(sign_up.code)}{more}"


def test_ticket_leads_to_its_data(client, event):
    booked = make_sign_up(event, BOB, 2)
    page = client.get_page(client.get_page(path_of(booked, "")).link("My data"))
    for words in (BOB.name, "bob@example.com", "Dumplings for all", "deleted on Mon 22 Feb"):
        assert words in page.text
    assert "noindex" in page.response.headers["X-Robots-Tag"]
    assert page.response.headers["Cache-Control"] == "private, no-store"


def test_forged_link_opens_nothing(client, event):
    booked = make_sign_up(event, BOB)
    for more in ("/data", "/data/delete"):
        client.get_page(f"/en/tickets/{booked.code}{more}", 404)
        client.post_page(f"/en/tickets/{booked.code}.forged{more}", {}, 404)
    client.post_page(f"/en/tickets/{booked.code}/data/export", {}, 404)


def test_looking_changes_nothing(client, event):
    booked = make_sign_up(event, BOB)
    before = dump()
    client.get_page(path_of(booked))
    client.get_page(path_of(booked, "/data/delete"))
    client.get_page(path_of(booked, "/data/export"), 405)
    assert changed(before, dump()) == {}


def test_rule_18_export_is_what_the_database_holds(client, event):
    booked, other = make_sign_up(event, BOB, 2), make_sign_up(event, DMITRI)
    answer = client.submit(client.get_page(path_of(booked)), EXPORT, status=200).response
    assert answer.mimetype == "application/zip"
    assert "linqiao-my-data-2026-11-23.zip" in answer.headers["Content-Disposition"]
    with ZipFile(BytesIO(answer.data)) as archive:
        assert set(archive.namelist()) == {
            "data.json",
            "sign_up.csv",
            "messages.csv",
            "requests.csv",
        }
        told = json.loads(archive.read("data.json"))
        table = archive.read("sign_up.csv").decode("utf-8-sig")
    (row,) = told["sign_up"]
    kept = db.session.get_one(SignUp, booked.id)
    for name in ("name", "contact", "party_size", "language", "number", "status", "event_id"):
        assert row[name] == getattr(kept, name)
    assert row["created_at"] == clock.to_local(kept.created_at).isoformat()
    assert "Bob Kamau" in table
    assert DMITRI.name not in repr(told)
    assert other.number not in repr(told)
    assert [r["kind"] for r in told["requests"]] == ["export"]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).one()
    assert (entry.subject, entry.subject_id, entry.actor_id) == ("sign_up", booked.id, None)


def test_rule_22_names_cannot_be_formulas(client, event):
    booked = make_sign_up(event, name="=HYPERLINK(1)", contact="x@example.com")
    answer = client.submit(client.get_page(path_of(booked)), EXPORT, status=200).response
    with ZipFile(BytesIO(answer.data)) as archive:
        table = archive.read("sign_up.csv")
        told = json.loads(archive.read("data.json"))
    assert table.startswith(b"\xef\xbb\xbf")
    assert "'=HYPERLINK(1)" in table.decode()
    assert told["sign_up"][0]["name"] == "=HYPERLINK(1)"


def test_name_is_corrected_and_contact_is_not(client, event):
    booked = make_sign_up(event, BOB)
    page = client.get_page(path_of(booked))
    assert "cancel on the ticket and sign up again" in page.text
    page = client.follow(client.submit(page, NAME, name=" Robert  Kamau "))
    assert "The name is corrected." in page.text
    assert "Correction" in page.text
    assert db.session.get_one(SignUp, booked.id).name == "Robert Kamau"
    request = db.session.scalars(select(DataRequest)).one()
    assert (request.kind, request.subject_id) == (RequestKind.CORRECT, booked.id)


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b"])
@pytest.mark.parametrize("htmx", [False, True])
def test_name_that_cannot_be_used_is_kept_in_the_form(client, event, name, htmx):
    booked = make_sign_up(event, BOB)
    page = client.get_page(path_of(booked))
    before = dump()
    wrong = client.submit(page, NAME, status=422, htmx=htmx, name=name)
    assert wrong.has(".error-summary")
    assert changed(before, dump()) == {}


def test_posts_need_their_token(client, event):
    booked = make_sign_up(event, BOB)
    before = dump()
    client.post_page(path_of(booked), {"name": "Mallory"}, 422)
    client.post_page(path_of(booked, "/data/export"), {}, 303)
    client.post_page(path_of(booked, "/data/delete"), {}, 422)
    assert changed(before, dump()) == {}


def test_rule_18_deletion_says_what_happens_and_does_it(client, venue):
    event = make_event(venue=venue, capacity=2)
    booked, waiting = make_sign_up(event, BOB, 2), make_sign_up(event, DMITRI)
    page = client.get_page(path_of(booked, "/data/delete"))
    assert "Your 2 places go to the people who wait" in page.text
    page = client.follow(client.submit(page, "main form"))
    assert "Your name and contact are deleted." in page.text
    assert db.session.get_one(SignUp, booked.id).contact == ""
    assert db.session.get_one(SignUp, waiting.id).status is SignUpStatus.CONFIRMED


def test_deletion_of_a_past_sign_up_promises_no_cancelling(client, venue):
    event = make_event(venue=venue, starts_at=local("2026-11-01 14:00"))
    booked = make_sign_up(event, BOB)
    page = client.get_page(path_of(booked, "/data/delete"))
    assert "is cancelled" not in page.text
    client.submit(page, "main form")
    assert db.session.get_one(SignUp, booked.id).status is SignUpStatus.CONFIRMED


def test_second_click_on_delete_meets_a_kind_page(client, event):
    booked = make_sign_up(event, BOB)
    page = client.get_page(path_of(booked, "/data/delete"))
    client.submit(page, "main form")
    again = client.submit(page, "main form", status=410)
    assert "This data was deleted" in again.text


@pytest.mark.parametrize("more", ["", "/cancel", "/data", "/data/delete", "/event.ics"])
@pytest.mark.parametrize("htmx", [False, True])
def test_ticket_of_deleted_data_says_so(client, event, more, htmx):
    booked = make_sign_up(event, BOB)
    with unit_of_work():
        erase_sign_up(booked.id)
    page = client.get_page(path_of(booked, more), 410, htmx=htmx)
    assert "This data was deleted" in page.text


@pytest.mark.parametrize(
    "more", ["/party-size", "/cancel", "/data", "/data/export", "/data/delete"]
)
def test_nothing_can_be_done_with_a_deleted_ticket(client, event, more):
    booked = make_sign_up(event, BOB)
    with unit_of_work():
        erase_sign_up(booked.id)
    before = dump()
    client.post_page(path_of(booked, more), {"party_size": "2"}, 410)
    assert changed(before, dump()) == {}


def test_desk_lists_a_deleted_party_without_a_name(app, venue, alice):
    event = make_event(venue=venue, starts_at=local("2026-11-23 11:00"))
    booked = make_sign_up(event, BOB, 2)
    with unit_of_work():
        erase_sign_up(booked.id)
    desk = EVE(app).log_in(alice)
    for more in ("", "/print", "?q=bob"):
        page = desk.get_page(f"/en/desk/events/{event.id}/sign-ups{more}")
        assert ("(deleted)" in page.text) == (more != "?q=bob")
        assert "erased-" not in page.text
    for more in ("release", "replace"):
        assert (
            "(deleted)"
            in desk.get_page(f"/en/desk/events/{event.id}/sign-ups/{booked.id}/{more}").text
        )
