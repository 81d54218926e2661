"""The desk's first page."""

from datetime import timedelta

from flask import Flask

from hub import clock
from hub.enums import EventStatus, MessageState
from hub.extensions import db
from hub.models import Community, Event, Message, User, Venue
from hub.services.outbox import beat
from hub.transaction import unit_of_work
from tests.browser import HubClient
from tests.factories import make_event, make_sign_up

DESK = "/en/desk"


def test_desk_anonymous_is_sent_to_log_in(client: HubClient) -> None:
    page = client.get_page(DESK, 303)
    assert "/account/login" in page.location
    assert "next" in page.location
    htmx = client.get_page(DESK, 401, htmx=True)
    assert "/account/login" in htmx.response.headers["HX-Redirect"]


def test_desk_of_an_empty_site_leads_an_administrator_to_the_first_event(
    client: HubClient, ada: User
) -> None:
    client.log_in(ada)
    page = client.get_page(DESK)
    page = client.get_page(page.link("Make a community"))
    page = client.follow(
        client.submit(page, slug="heyuan", **{"text_en-name": "Heyuan", "text_zh-name": "和院"})
    )
    assert "Heyuan" in page.text
    page = client.get_page(client.get_page(DESK).link("Add a venue"))
    page = client.follow(client.submit(page, **{"text_en-name": "Hall"}))
    page = client.get_page(client.get_page(DESK).one(".steps").select_one("a")["href"])
    page = client.follow(
        client.submit(
            page,
            starts_at="2026-12-05T14:00",
            ends_at="2026-12-05T16:00",
            **{"text_en-title": "Dumplings"},
        )
    )
    assert page.one("h1").get_text() == "Dumplings"
    assert not client.get_page(DESK).has("#first-steps")


def test_desk_without_a_community_says_whom_staff_ask(client: HubClient, sue: User) -> None:
    page = client.log_in(sue).get_page(DESK)
    assert "Ask your administrator" in page.text
    assert "Make a community" not in page.text


def test_desk_shows_today_drafts_and_coming(client: HubClient, alice: User, venue: Venue) -> None:
    now = clock.now()
    make_event(venue=venue, title="Tonight", starts_at=now + timedelta(hours=6))
    make_event(venue=venue, title="Later")
    make_event(venue=venue, title="Unfinished", status=EventStatus.DRAFT)
    page = client.log_in(alice).get_page(DESK)
    sections = {s["aria-labelledby"]: s.get_text() for s in page.all("main section")}
    assert "Tonight" in sections["tonight"] and "Tonight" not in sections["coming"]
    assert "Later" in sections["coming"]
    assert "Unfinished" in sections["drafts"]
    assert "0 of 10 places taken" in sections["tonight"]


def test_desk_shows_only_the_own_community(client: HubClient, sam: User, event: Event) -> None:
    page = client.log_in(sam).get_page(DESK)
    assert event.title not in page.text


def test_desk_tells_of_messages_that_failed_or_are_late(
    client: HubClient, alice: User, sam: User, event: Event
) -> None:
    make_sign_up(event)
    make_sign_up(event)
    with unit_of_work():
        first, second = db.session.query(Message).order_by(Message.id)
        first.state = MessageState.FAILED
        second.due_at = clock.now() - timedelta(hours=1)
        beat()
    page = client.log_in(alice).get_page(DESK)
    assert "1 message could not be sent" in page.text
    assert "1 message has been waiting" in page.text
    other = client.application.test_client()
    assert "1 message" not in other.log_in(sam).get_page(DESK).text


def test_desk_of_a_community_without_a_venue(
    client: HubClient, alice: User, community: Community
) -> None:
    page = client.log_in(alice).get_page(DESK)
    assert page.link("Add a venue")


def test_desk_says_that_a_message_came_back(client: HubClient, alice: User, event: Event) -> None:
    make_sign_up(event)
    with unit_of_work():
        db.session.query(Message).one().state = MessageState.BOUNCED
    assert "1 message came back" in client.log_in(alice).get_page(DESK).text


def test_desk_says_that_nobody_sends_mails_and_how_to_start_it(
    client: HubClient, alice: User, ada: User, event: Event, app: Flask, monkeypatch
) -> None:
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1:1")
    assert "Nobody sends" not in client.log_in(alice).get_page(DESK).text  # nothing waits
    make_sign_up(event)
    assert "Tell your administrator" in client.get_page(DESK).text
    boss = app.test_client().log_in(ada)
    assert "no worker was ever seen" in boss.get_page(DESK).text
    with unit_of_work():
        beat()
    assert "worker" not in boss.get_page(DESK).text
    with clock.fixed_at(clock.now() + timedelta(minutes=6)):
        page = boss.get_page(DESK)
    assert "the worker was last seen Mon 23 Nov, 12:00" in page.text
    assert "flask --app hub hub worker" in page.text


def test_desk_says_that_no_mail_server_is_set(client: HubClient, ada: User, event: Event) -> None:
    make_sign_up(event)
    assert "HUB_SMTP_URL" in client.log_in(ada).get_page(DESK).text
