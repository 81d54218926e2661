"""The ticket behind its private link: state in words, QR code, resize, cancel, calendar file."""

import re
from dataclasses import replace
from datetime import timedelta

import icalendar
import pytest
import segno
from sqlalchemy import func, select

from hub import clock
from hub.enums import EventStatus, MessageKind, SignUpStatus
from hub.extensions import db
from hub.integrations import signing
from hub.models import AuditEntry, Event, Message, SignUp
from hub.services.event_data import data_of
from hub.services.events import cancel_event, update_event
from hub.services.signups import cancel_sign_up, release_sign_up
from hub.transaction import unit_of_work
from tests.factories import make_event, make_sign_up, make_venue
from tests.people import BOB, CAROL, DMITRI
from tests.tables import changed, dump

RESIZE = "form[action$='/party-size']"
CANCEL = "form[action$='/cancel']"


def ticket_path(sign_up: SignUp, language: str = "en") -> str:
    return f"/{language}/tickets/{signing.ticket_token(sign_up.code)}"


def status_of(sign_up: SignUp) -> SignUpStatus:
    return db.session.get_one(SignUp, sign_up.id).status


def kinds() -> list[MessageKind]:
    return list(db.session.scalars(select(Message.kind).order_by(Message.id)))


# --- what it says -------------------------------------------------------------------------


def test_confirmed_ticket_says_all_that_one_needs(client, event):
    booked = make_sign_up(event, BOB, 2)
    page = client.get_page(ticket_path(booked))
    assert page.one("h1").get_text() == "Your place is confirmed"
    for words in (
        "We keep 2 places for you", "Tue 24 Nov, 14:00–16:00", "Neighbours' Hall, 12 Xixi Road",
        "Bob Kamau · 2 people", booked.number, "Show this at the door.",
    ):  # fmt: skip
        assert words.replace(", 12", " 12") in page.text
    assert page.link("Add to my calendar").endswith("/event.ics")
    assert page.link("I can’t come").endswith("/cancel")


def test_rule_03_waiting_ticket_says_position_and_rule(client, venue):
    event = make_event(venue=venue, capacity=2)
    make_sign_up(event, party_size=1)
    make_sign_up(event, party_size=2)
    booked = make_sign_up(event, BOB, 2)
    page = client.get_page(ticket_path(booked))
    assert page.one("h1").get_text() == "You are number 2 on the waiting list"
    assert "First come, first served" in page.text
    assert "A smaller party after you may fit earlier; you keep your turn." in page.text


def test_ticket_of_a_cancelled_event_says_why_in_the_language_of_the_page(client, event, alice):
    booked = make_sign_up(event, BOB)
    with unit_of_work():
        cancel_event(event.id, {"en": "Heavy rain.", "zh": "大雨。"}, by=alice)
    page = client.get_page(ticket_path(booked))
    assert page.one("h1").get_text() == "This event is cancelled"
    assert "Heavy rain." in page.text
    assert "大雨。" in client.get_page(ticket_path(booked, "zh")).text
    assert not page.has(f"svg.qr, {RESIZE}, a[href$='/cancel']")


def test_rule_04_released_ticket_says_why(client, event, alice):
    booked = make_sign_up(event, BOB)
    with unit_of_work():
        release_sign_up(booked.id, "The hall is <smaller>.", by=alice)
    page = client.get_page(ticket_path(booked))
    assert page.one("h1").get_text() == "You are not signed up any more"
    assert "The hall is <smaller>." in page.text
    assert not page.has("svg.qr")


@pytest.mark.parametrize("status", [SignUpStatus.ATTENDED, SignUpStatus.NO_SHOW])
def test_ticket_after_the_door(client, event, status):
    booked = make_sign_up(event, BOB)
    with unit_of_work():
        db.session.get_one(SignUp, booked.id).status = status
    page = client.get_page(ticket_path(booked))
    assert page.one("h1").get_text() == str(status.label)
    assert not page.has(RESIZE)
    client.post_page(ticket_path(booked) + "/cancel", {}, 422)


def test_ticket_for_a_phone_says_to_save_the_link(client, event):
    page = client.get_page(ticket_path(make_sign_up(event, DMITRI)))
    assert "Save it now: we cannot send it to a phone number." in page.text


def test_ticket_speaks_the_language_of_its_address(client, event):
    page = client.get_page(ticket_path(make_sign_up(event, CAROL), "zh"))
    assert page.one("html")["lang"] == "zh-Hans"
    assert page.one(".ticket h2").get_text() == "一起包饺子"


def test_qr_code_holds_the_private_link(client, event, app):
    booked = make_sign_up(event, BOB)
    page = client.get_page(ticket_path(booked))
    link = app.config["BASE_URL"] + ticket_path(booked)
    assert page.one(".copy-text input")["value"] == link
    drawn = page.one("svg.qr path[stroke]")["d"]
    expected = segno.make(link, error="m", micro=False).svg_inline(scale=6, border=3)
    assert f'd="{drawn}"' in expected
    assert page.one("svg.qr title").get_text() == f"QR code of your ticket {booked.number}"


def test_link_and_qr_code_do_not_follow_the_host_that_was_asked(client, event):
    booked = make_sign_up(event, BOB)
    page = client.get_page(ticket_path(booked), Host="evil.example")
    assert "evil.example" not in page.response.text


@pytest.mark.parametrize("more", ["", "/cancel", "/event.ics"])
def test_private_link_is_kept_by_nobody(client, event, more):
    booked = make_sign_up(event, BOB)
    for path in (ticket_path(booked) + more, f"/en/tickets/{booked.code}.forged{more}"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "private, no-store", path
        assert headers["X-Robots-Tag"] == "noindex, nofollow", path
        assert headers["Referrer-Policy"] == "no-referrer", path


# --- whose it is --------------------------------------------------------------------------


def forged_tokens(booked: SignUp, other: SignUp) -> list[str]:
    mine, theirs = (signing.ticket_token(s.code) for s in (booked, other))
    code, signature = mine.split(".")
    return [
        code, f"{code}.", f".{signature}", f"{code}.{theirs.split('.')[1]}", mine + "x",
        mine[:-1], f"{code.lower()}.{signature}", f"{booked.number}.{signature}",
        str(booked.id), "%00", f"{mine}%00", "票", "a" * 5000, "%ff.%fe", "..",
    ]  # fmt: skip


def test_rule_20_forged_link_is_not_found(client, event):
    booked, other = make_sign_up(event, BOB), make_sign_up(event, CAROL)
    before = dump()
    for token in forged_tokens(booked, other):
        for more in ("", "/cancel", "/event.ics"):
            answer = client.get(f"/en/tickets/{token}{more}")
            assert answer.status_code == 404, token
            assert "Bob" not in answer.text
        for more in ("/cancel", "/party-size"):
            answer = client.post(f"/en/tickets/{token}{more}", data={"party_size": 2})
            assert answer.status_code == 404, token
    assert dump() == before


def test_rule_20_link_signed_with_another_key_is_not_found(client, event, app, monkeypatch):
    booked = make_sign_up(event, BOB)
    with monkeypatch.context() as patch:
        patch.setitem(app.config, "SECRET_KEY", "another key that is long enough to be a key")
        foreign = ticket_path(booked)
    client.get_page(foreign, 404)
    monkeypatch.setitem(
        app.config, "SECRET_KEY_FALLBACKS", ["another key that is long enough to be a key"]
    )
    client.get_page(foreign)  # keys can be changed without breaking the links that are out


def test_rule_20_link_opens_one_ticket_alone(client, event):
    bob, carol = make_sign_up(event, BOB), make_sign_up(event, CAROL)
    page = client.get_page(ticket_path(bob))
    for secret in (carol.name, carol.code, carol.contact, str(carol.number)):
        assert secret not in page.response.text


def test_link_of_a_ticket_that_is_gone_is_not_found(client, event):
    with client.application.app_context():
        token = signing.ticket_token("23456789")
    client.get_page(f"/en/tickets/{token}", 404)


# --- more or fewer people -----------------------------------------------------------------


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_party_grows_and_shrinks(client, event, htmx):
    booked = make_sign_up(event, BOB, 2)
    page = client.get_page(ticket_path(booked))
    assert page.one("[name=party_size]")["value"] == "2"
    for size in (4, 1):
        answer = client.submit(page, RESIZE, htmx=htmx, party_size=size)
        page = client.follow(answer)
        assert "Your party has changed." in page.text
        assert page.one("[name=party_size]")["value"] == str(size)
        assert db.session.get_one(Event, event.id).seats_taken == size
    assert kinds()[1:] == [MessageKind.PARTY_CHANGED] * 2


def test_same_size_again_changes_nothing(client, event):
    booked = make_sign_up(event, BOB, 2)
    page = client.get_page(ticket_path(booked))
    before = dump()
    client.submit(page, RESIZE)
    assert dump() == before


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
@pytest.mark.parametrize(
    "size", ["0", "-1", "5", "21", "9" * 20, "9" * 5000, "", "two", "1.5", "\0", "1\0"]
)
def test_wrong_party_is_refused_and_the_ticket_stays(client, event, size, htmx):
    booked = make_sign_up(event, BOB, 2)
    page = client.get_page(ticket_path(booked))
    before = dump()
    answer = client.submit(page, RESIZE, status=422, htmx=htmx, party_size=size)
    assert dump() == before
    assert len(answer.all(".error-summary li")) == 1
    assert answer.one("#party_size-error").get_text().strip()
    assert "Bob Kamau · 2 people" in answer.text


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_party_without_room_to_grow_keeps_what_it_has(client, venue, htmx):
    event = make_event(venue=venue, capacity=3)
    booked = make_sign_up(event, BOB, 2)
    make_sign_up(event, CAROL, 1)
    page = client.get_page(ticket_path(booked))
    before = dump()
    answer = client.submit(page, RESIZE, status=409, htmx=htmx, party_size="3")
    assert dump() == before
    assert "Your places stay as they are." in answer.one("#party_size-error").get_text()
    assert "We keep 2 places for you" in answer.text


def test_rule_03_smaller_party_lets_the_queue_in_at_once(client, venue):
    event = make_event(venue=venue, capacity=3)
    booked = make_sign_up(event, BOB, 3)
    waiting = make_sign_up(event, CAROL, 2)
    client.submit(client.get_page(ticket_path(booked)), RESIZE, party_size="1")
    assert status_of(waiting) is SignUpStatus.CONFIRMED
    assert kinds()[-2:] == [MessageKind.PARTY_CHANGED, MessageKind.PROMOTED]


def test_rule_03_waiting_party_that_shrinks_keeps_its_turn_or_gets_in(client, venue):
    event = make_event(venue=venue, capacity=3)
    make_sign_up(event, party_size=2)
    first = make_sign_up(event, BOB, 3)
    make_sign_up(event, CAROL, 2)
    page = client.get_page(ticket_path(first))
    page = client.follow(client.submit(page, RESIZE, party_size="2"))
    assert page.one("h1").get_text() == "You are number 1 on the waiting list"
    page = client.follow(client.submit(page, RESIZE, party_size="1"))
    assert page.one("h1").get_text() == "Your place is confirmed"


@pytest.mark.parametrize("end", ["cancelled", "over"])
def test_nothing_can_be_changed_any_more(client, event, alice, now, end):
    booked = make_sign_up(event, BOB, 2)
    page = client.get_page(ticket_path(booked))
    confirm = client.get_page(page.link("I can’t come"))
    moment = now
    if end == "cancelled":
        with unit_of_work():
            cancel_event(event.id, {"en": "Rain."}, by=alice)
    else:
        moment = event.ends_at
    before = dump()
    with clock.fixed_at(moment):
        refused = client.submit(page, RESIZE, status=409, party_size="1")
        refused_too = client.submit(confirm, CANCEL, status=409)
    assert dump() == before
    words = "This event is cancelled" if end == "cancelled" else "This event is over"
    assert words in refused.text
    assert words in refused_too.text


# --- cannot come --------------------------------------------------------------------------


def test_confirm_page_changes_nothing(client, event):
    booked = make_sign_up(event, BOB, 2)
    before = dump()
    page = client.get_page(ticket_path(booked) + "/cancel")
    assert dump() == before
    assert "Your 2 places go to the next people on the waiting list" in page.text
    assert page.link("No, I am coming") == ticket_path(booked)


def test_rule_03_cancelling_gives_the_seats_to_the_queue(client, venue):
    event = make_event(venue=venue, capacity=2)
    bob, carol = make_sign_up(event, BOB, 2), make_sign_up(event, CAROL, 2)
    assert "waiting list" in client.get_page(ticket_path(carol)).one("h1").get_text()
    page = client.get_page(ticket_path(bob) + "/cancel")
    page = client.follow(client.submit(page, CANCEL))
    assert "You are not coming any more. Thank you for telling us." in page.text
    assert page.one("h1").get_text() == "You are not signed up any more"
    assert client.get_page(ticket_path(carol)).one("h1").get_text() == "Your place is confirmed"
    assert kinds()[-2:] == [MessageKind.WITHDRAWN, MessageKind.PROMOTED]


def test_waiting_party_gives_up_its_turn(client, venue):
    event = make_event(venue=venue, capacity=1)
    make_sign_up(event)
    booked = make_sign_up(event, BOB)
    page = client.get_page(ticket_path(booked) + "/cancel")
    assert "You give up your turn on the waiting list." in page.text
    client.submit(page, CANCEL)
    assert status_of(booked) is SignUpStatus.CANCELLED
    assert db.session.get_one(Event, event.id).parties_waiting == 0


def test_cancelling_twice_says_that_it_is_done(client, event):
    booked = make_sign_up(event, BOB)
    page = client.get_page(ticket_path(booked) + "/cancel")
    client.submit(page, CANCEL)
    before = dump()
    again = client.submit(page, CANCEL, status=409)
    assert "This sign-up is cancelled." in again.text
    assert dump() == before
    later = client.get_page(ticket_path(booked) + "/cancel")
    assert "This sign-up is cancelled." in later.text
    assert not later.has(CANCEL)


def test_cancelling_without_a_token_is_refused_and_the_button_works_again(client, event):
    booked = make_sign_up(event, BOB)
    client.get_page(ticket_path(booked) + "/cancel")
    before = dump()
    page = client.post_page(ticket_path(booked) + "/cancel", {}, 422)
    assert dump() == before
    assert page.one(".error-summary li").get_text().startswith("This form was open for too long.")
    client.submit(page, CANCEL)
    assert status_of(booked) is SignUpStatus.CANCELLED


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_resizing_without_a_token_is_refused_and_what_was_typed_stays(client, event, htmx):
    booked = make_sign_up(event, BOB)
    client.get_page(ticket_path(booked))
    page = client.post_page(
        ticket_path(booked) + "/party-size", {"party_size": "3"}, 422, htmx=htmx
    )
    assert page.one("[name=party_size]")["value"] == "3"
    client.submit(page, RESIZE)
    assert db.session.get_one(Event, event.id).seats_taken == 3


def test_rule_06_what_was_done_by_the_link_is_in_the_trail(client, event):
    booked = make_sign_up(event, BOB, 2)
    page = client.get_page(ticket_path(booked))
    client.submit(page, RESIZE, party_size="3")
    client.submit(client.get_page(page.link("I can’t come")), CANCEL)
    query = select(AuditEntry).where(AuditEntry.subject == "sign_up").order_by(AuditEntry.id)
    trail = list(db.session.scalars(query))
    assert [entry.action for entry in trail] == ["sign_up", "change_party_size", "cancel"]
    assert (trail[1].before, trail[1].after) == ({"party_size": 2}, {"party_size": 3})
    assert all(entry.actor_id is None for entry in trail)


@pytest.mark.parametrize("more", ["party-size", "cancel"])
def test_sixty_changes_a_minute_pass_and_no_more(client, event, rate_limits, more):
    path = f"{ticket_path(make_sign_up(event, BOB))}/{more}"
    answers = [client.post(path, data={}).status_code for _ in range(61)]
    assert (set(answers[:60]), answers[60]) == ({422}, 429)


# --- calendar file ------------------------------------------------------------------------


def the_entry(client, path: str) -> icalendar.Event:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(answer.data)
    assert "METHOD" not in calendar
    (entry,) = calendar.walk("VEVENT")
    return entry


@pytest.mark.parametrize("of", ["ticket", "event"])
def test_calendar_file_matches_the_row(client, event, of):
    booked = make_sign_up(event, BOB)
    path = {
        "ticket": ticket_path(booked) + "/event.ics",
        "event": f"/en/calendars/events/{event.id}.ics",
    }[of]
    entry = the_entry(client, path)
    assert str(entry["UID"]) == event.uid
    assert entry["SEQUENCE"] == event.sequence == 1
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (event.starts_at, event.ends_at)
    assert entry["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert str(entry["STATUS"]) == "CONFIRMED"
    assert str(entry["SUMMARY"]) == "Dumplings for all"
    seconds = event.changed_at.replace(microsecond=0)
    assert entry["LAST-MODIFIED"].dt == entry["DTSTAMP"].dt == seconds
    assert str(entry["URL"]).endswith(f"/en/events/{event.id}")
    assert "ATTENDEE" not in entry
    assert "Bob" not in entry.to_ical().decode()
    disposition = client.get(path).headers["Content-Disposition"]
    assert disposition.startswith(f"attachment; filename=linqiao-{event.id}.ics; filename*=UTF-8''")


@pytest.mark.parametrize(("language", "words"), [("en", "Dumplings"), ("zh", "一起包饺子")])
def test_calendar_file_of_a_cancelled_event_says_so(client, event, alice, language, words):
    booked = make_sign_up(event, BOB)
    before = the_entry(client, ticket_path(booked, language) + "/event.ics")
    with unit_of_work():
        cancel_event(event.id, {"en": "Heavy rain.", "zh": "大雨。"}, by=alice)
    for path in (
        ticket_path(booked, language) + "/event.ics",
        f"/{language}/calendars/events/{event.id}.ics",
    ):
        entry = the_entry(client, path)
        assert str(entry["STATUS"]) == "CANCELLED"
        assert entry["SEQUENCE"] == before["SEQUENCE"] + 1
        assert entry["UID"] == before["UID"]
        title = str(entry["SUMMARY"])
        assert words in title
        assert not title.startswith(words)
        assert {"en": "Heavy rain.", "zh": "大雨。"}[language] in str(entry["DESCRIPTION"])


def test_file_name_of_any_title_is_one_header(client, venue):
    event = make_event(venue=venue, title='Fun; "with"\r\nSet-Cookie: x=1 饺子 🥟' + "长" * 100)
    header = client.get(f"/en/calendars/events/{event.id}.ics").headers["Content-Disposition"]
    assert header.isascii()
    assert header.isprintable()
    assert '"' not in header


def test_draft_and_unknown_event_have_no_file(app, client, venue, alice):
    draft = make_event(venue=venue, status=EventStatus.DRAFT)
    client.get_page(f"/en/calendars/events/{draft.id}.ics", 404)
    client.get_page("/en/calendars/events/99999999999999999999.ics", 404)
    app.test_client().log_in(alice).get_page(f"/en/calendars/events/{draft.id}.ics", 404)


def test_looking_changes_nothing_at_all(client, event):
    booked = make_sign_up(event, BOB)
    before = dump()
    with clock.fixed_at(clock.now() + timedelta(hours=1)):
        for more in ("", "/cancel", "/event.ics"):
            client.get(ticket_path(booked) + more)
            client.head(ticket_path(booked) + more)
    assert changed(before, dump()) == {}
    assert db.session.scalar(select(func.count()).select_from(SignUp)) == 1


def test_a_ticket_of_a_phone_says_all_that_a_mail_would(client, venue, alice):
    """Waiting, moved up, moved in time and place, and nothing of what was before it."""
    event = make_event(venue=venue, capacity=2)
    elsewhere = make_venue(event.community, names={"en": "Old Mill", "zh": "老磨坊"})
    _move(event, alice, hours=1, minutes=-1)
    first = make_sign_up(event, party_size=2)
    booked = make_sign_up(event, DMITRI, 2)
    url = f"/en/tickets/{signing.ticket_token(booked.code)}"
    page = client.get_page(url)
    assert "You are number 1 on the waiting list" in page.text
    assert "It was planned" not in page.text
    with unit_of_work():
        cancel_sign_up(first.id)
    assert "A place became free for you on" in client.get_page(url).text
    _move(event, alice, hours=2)
    page = client.get_page(url)
    assert re.search("It was planned for: Tue.* 24 Nov.*15:00–17:00", page.text), page.text
    assert "It was planned at" not in page.text
    _move(event, alice, hours=0, venue_id=elsewhere.id)
    page = client.get_page(url)
    assert "It was planned at: Neighbours' Hall" in page.text and "Old Mill" in page.text
    with unit_of_work():
        release_sign_up(booked.id, "The hall is smaller.", by=alice)
    page = client.get_page(url)
    assert "The hall is smaller." in page.text and "It was planned" not in page.text


def _move(event, by, hours, minutes=1, **more) -> None:
    with clock.fixed_at(clock.now() + timedelta(minutes=minutes)), unit_of_work():
        data = data_of(db.session.get_one(Event, event.id))
        data.starts_at += timedelta(hours=hours)
        data.ends_at += timedelta(hours=hours)
        update_event(event.id, replace(data, **more), by=by)
