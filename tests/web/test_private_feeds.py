"""Private calendars as programs fetch them, and the pages on which their owners keep them."""

import gzip
import logging
from datetime import timedelta

import icalendar
import pytest
from sqlalchemy import func, insert, select

from hub import clock
from hub.enums import AssignmentStatus, EventKind, EventStatus, FeedKind, SuggestionStatus
from hub.extensions import db
from hub.models import Appointment, AuditEntry, CalendarFeed, Event, EventText, SignUp, Topic, User
from hub.services.accounts import join_sign_ups
from hub.services.appointments import revoke
from hub.services.assignments import release_duty
from hub.services.duties import cancel_duty
from hub.services.event_data import Words, data_of
from hub.services.events import cancel_event, publish_event, update_event
from hub.services.feeds import make_feed, revoke_feed, rotate_feed
from hub.services.people import take_role
from hub.services.places import VenueData, save_venue
from hub.services.privacy import erase_user
from hub.services.signups import cancel_sign_up
from hub.services.topics import TopicData, TopicWords, save_topic
from hub.transaction import unit_of_work
from hub.web.feed_cache import KEPT_AS, FeedCache
from tests.browser import HubClient
from tests.contracts.test_query_counts import counted
from tests.factories import make_event, make_sign_up, make_user, make_venue
from tests.people import EVE
from tests.service_factories import (
    make_assignment,
    make_assistant,
    make_duty,
    make_record,
)
from tests.talk_factories import (
    make_lecturer,
    make_lecturing,
    make_talk,
    make_topic,
    make_training,
)
from tests.voice_factories import make_suggestion

S = AssignmentStatus
DAY = timedelta(days=1)


def feed_of(user: User, kind: FeedKind, name: str = "my phone") -> str:
    """The address of a new calendar of the person."""
    with unit_of_work():
        _feed, token = make_feed(kind, name, by=user)
    return f"/calendar/private/{token}.ics"


def entries(client, url: str) -> list[icalendar.Event]:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    return icalendar.Calendar.from_ical(answer.data).walk("VEVENT")


def said(client, url: str) -> list[tuple[str, str]]:
    return [(str(e["SUMMARY"]), str(e["STATUS"])) for e in entries(client, url)]


@pytest.fixture
def bob(db_session) -> User:
    """A resident with an account."""
    return make_user("bob", role=None)


def own_sign_up(event, user, size: int = 1) -> SignUp:
    booked = make_sign_up(event, party_size=size, contact=user.email)
    with unit_of_work():
        join_sign_ups(user)
    return booked


# --- what stands in them ------------------------------------------------------------------


def test_personal_feed_holds_own_sign_ups_alone(client, event, venue, bob, alice):
    other = make_event(venue=venue, title="Somebody else’s", starts_at=event.starts_at + DAY)
    make_sign_up(other)
    full = make_event(venue=venue, title="Full house", capacity=1, starts_at=event.starts_at + DAY)
    make_sign_up(full)
    make_sign_up(full)
    dropped = make_event(venue=venue, title="Dropped", starts_at=event.starts_at + DAY)
    own_sign_up(event, bob, 3)
    own_sign_up(full, bob)
    gone = own_sign_up(dropped, bob)
    with unit_of_work():
        cancel_sign_up(gone.id)
    url = feed_of(bob, FeedKind.PERSONAL)
    assert said(client, url) == [
        ("Dumplings for all", "CONFIRMED"),
        ("Waiting list: Full house", "TENTATIVE"),
    ]
    first, waits = entries(client, url)
    assert "Places for 3 people." in first["DESCRIPTION"]
    assert "number 2 on the waiting list" in waits["DESCRIPTION"]
    assert str(first["URL"]) == "http://hub.test/en/me"
    assert str(first["UID"]) == event.uid
    assert str(first["CLASS"]) == "PRIVATE"


def test_waiting_party_moves_up_in_its_calendar(client, venue, bob):
    full = make_event(venue=venue, capacity=1)
    first, second = make_sign_up(full), make_sign_up(full)
    own_sign_up(full, bob)
    url = feed_of(bob, FeedKind.PERSONAL)
    (before,), tag = entries(client, url), client.get(url).headers["ETag"]
    with unit_of_work():
        cancel_sign_up(second.id)
    assert client.get(url).headers["ETag"] != tag
    assert "number 1 on" in entries(client, url)[0]["DESCRIPTION"]
    with unit_of_work():
        cancel_sign_up(first.id)
    (after,) = entries(client, url)
    assert (str(before["STATUS"]), str(after["STATUS"])) == ("TENTATIVE", "CONFIRMED")
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_cancelled_event_stays_in_the_personal_feed_for_thirty_days(client, event, bob, alice):
    own_sign_up(event, bob)
    url = feed_of(bob, FeedKind.PERSONAL)
    with unit_of_work():
        cancel_event(event.id, {"en": "Rain."}, by=alice)
    assert said(client, url) == [("Cancelled: Dumplings for all", "CANCELLED")]
    with clock.fixed_at(event.ends_at + 30 * DAY):
        assert said(client, url) == []


def test_released_party_sees_that_its_place_is_gone(client, event, bob, alice):
    booked = own_sign_up(event, bob, 4)
    url = feed_of(bob, FeedKind.PERSONAL)
    data = data_of(event)
    data.capacity = 2
    with unit_of_work():
        update_event(
            event.id, data, by=alice, release=[booked.id], release_reason="A smaller room."
        )
    assert said(client, url) == [("Cancelled: Dumplings for all", "CANCELLED")]


def test_assistant_feed_follows_its_duties(client, venue, alice):
    person = make_assistant("amina")
    url = feed_of(person, FeedKind.ASSISTANT)
    held = make_assignment(make_duty(venue, alice, title="Held"), person)
    later = clock.now() + 2 * DAY
    make_assignment(make_duty(venue, alice, title="Asked", starts_at=later), person, S.OFFERED)
    waits = make_duty(venue, alice, title="Queue", starts_at=later + DAY)
    make_assignment(waits, person, S.REQUESTED)
    make_assignment(make_duty(venue, alice, title="Other"), make_assistant("omar"))
    assert said(client, url) == [("Held", "CONFIRMED"), ("Offer: Asked", "TENTATIVE")]
    entry = entries(client, url)[0]
    assert str(entry["UID"]) == held.uid
    assert str(entry["URL"]) == f"http://hub.test/en/service/duties/{held.duty_id}"
    with unit_of_work():
        cancel_duty(held.duty_id, "Rain.", by=alice)
    (cancelled, _offer) = entries(client, url)
    assert (str(cancelled["SUMMARY"]), str(cancelled["STATUS"])) == ("Cancelled: Held", "CANCELLED")
    assert cancelled["SEQUENCE"] > entry["SEQUENCE"]
    assert cancelled["LAST-MODIFIED"].dt >= entry["LAST-MODIFIED"].dt


def test_own_release_vanishes(client, venue, alice):
    person = make_assistant("amina")
    held = make_assignment(make_duty(venue, alice, starts_at=clock.now() + 5 * DAY), person)
    url = feed_of(person, FeedKind.ASSISTANT)
    assert len(entries(client, url)) == 1
    with unit_of_work():
        release_duty(held.id, "", by=person)
    assert entries(client, url) == []


def test_offer_of_a_cancelled_duty_says_so_and_a_declined_one_is_gone(client, venue, alice):
    person = make_assistant("amina")
    duty = make_duty(venue, alice)
    offer = make_assignment(duty, person, S.OFFERED)
    with unit_of_work():
        offer.offered_by_id = alice.id
    url = feed_of(person, FeedKind.ASSISTANT)
    with unit_of_work():
        cancel_duty(duty.id, "Rain.", by=alice)
    assert [status for _title, status in said(client, url)] == ["CANCELLED"]


def test_lecturer_feed_holds_talks_and_trainings(client, venue, alice):
    topic = make_topic()
    person = make_lecturer("leo", [topic])
    talk = make_talk(venue, [topic], alice)
    make_lecturing(talk, person)
    training = make_training(venue, [topic], starts_at=clock.now() + 3 * DAY)
    own_sign_up(training.event, person)
    own_sign_up(make_event(venue=venue, starts_at=clock.now() + 4 * DAY), person)
    url = feed_of(person, FeedKind.LECTURER)
    links = [str(entry["URL"]) for entry in entries(client, url)]
    assert links[1] == f"http://hub.test/en/lecturing/trainings/{training.event_id}"
    assert len(links) == 2
    assert "/service/duties/" in links[0]


def test_staff_feed_holds_what_one_manages_with_numbers(client, venue, other_community, alice):
    there = make_venue(other_community)
    make_event(venue=there, title="Not ours")
    event = make_event(venue=venue, title="Ours")
    make_event(venue=venue, title="Plan", status=EventStatus.DRAFT, starts_at=clock.now() + 9 * DAY)
    make_sign_up(event, party_size=4)
    make_sign_up(event, party_size=4)
    make_sign_up(event, party_size=4)
    make_duty(venue, alice, people=3, event_id=event.id, starts_at=event.starts_at)
    make_talk(venue, [make_topic()], alice, starts_at=clock.now() + 5 * DAY, lecturers=2)
    url = feed_of(alice, FeedKind.STAFF)
    assert said(client, url) == [
        ("Ours", "CONFIRMED"),
        ("Dumplings for all", "CONFIRMED"),
        ("Draft: Plan", "TENTATIVE"),
    ]
    ours, talk, _draft = (str(entry["DESCRIPTION"]) for entry in entries(client, url))
    assert "Seats taken: 8 of 10" in ours
    assert "1 party is waiting." in ours
    assert "3 people for the duties are missing." in ours
    assert "Heyuan" in ours
    assert "2 lecturers are missing." in talk
    assert f"http://hub.test/en/desk/events/{event.id}" in ours


def test_police_see_their_kinds(client, venue, alice, police):
    make_event(venue=venue, kind=EventKind.FESTIVAL, title="Boats")
    make_event(venue=venue, kind=EventKind.TRAINING, title="Law school")
    url = feed_of(police, FeedKind.STAFF)
    assert said(client, url + "?with=records,terms,qualifications") == [("Law school", "CONFIRMED")]


def test_deadlines_stand_as_whole_days(client, venue, alice, sue):
    assistant = make_assistant("amina", venue.community, ends_on=clock.today() + 20 * DAY)
    make_record(assistant, venue.community)
    topic = make_topic()
    make_lecturer("leo", [topic], community=venue.community)
    url = feed_of(alice, FeedKind.STAFF)
    assert entries(client, url) == []
    found = {str(e["SUMMARY"]): e for e in entries(client, url + "?with=records,terms")}
    assert set(found) == {
        "1 record to decide",
        "A term ends: Foreign community assistant",
        "A term ends: Peer legal lecturer",
    }
    term = found["A term ends: Foreign community assistant"]
    assert term["DTSTART"].dt == clock.today() + 20 * DAY
    assert term["DTEND"].dt == clock.today() + 21 * DAY
    assert term["DTSTART"].params["VALUE"] == "DATE"
    assert str(term["TRANSP"]) == "TRANSPARENT"
    (only,) = entries(client, url + "?with=qualifications")
    assert "A qualification ends" in only["SUMMARY"]
    assert entries(client, feed_of(sue, FeedKind.STAFF) + "?community=heyuan&with=terms")


def test_rule_15_suggestions_stand_on_the_day_on_which_they_are_due(
    client, community, other_community, alice, sue
):
    """By category and number; what was said, and who said it, is in no calendar (rule 19)."""
    due = clock.today() + 9 * DAY
    row = make_suggestion(
        community=community, status=SuggestionStatus.TRIAGED, owner=alice, due_on=due, name="Mina"
    )
    new = make_suggestion(community=other_community)
    url = feed_of(sue, FeedKind.STAFF) + "?with=suggestions"
    found = {str(e["SUMMARY"]): e for e in entries(client, url)}
    first = f"Suggestion {row.number} is due: Signs and directions"
    assert set(found) == {first, f"Suggestion {new.number} is due: Signs and directions"}
    assert found[first]["DTSTART"].dt == due
    assert str(found[first]["URL"]).endswith(f"/desk/suggestions/{row.id}")
    body = client.get(url).get_data(as_text=True)
    assert "Mina" not in body
    assert "mina@example.com" not in body
    assert "put signs" not in body
    assert len(entries(client, url + "&community=dongyue")) == 1
    with unit_of_work():
        row.due_on = due + DAY  # what is shown changes, so do the bytes
    found = {str(e["SUMMARY"]): e for e in entries(client, url)}
    assert found[first]["DTSTART"].dt == due + DAY
    with unit_of_work():
        row.paused_on = clock.today()
    assert len(entries(client, url)) == 1


def test_community_narrows_the_desk(client, venue, other_community, sue):
    make_event(venue=venue, title="Here")
    make_event(venue=make_venue(other_community), title="There")
    url = feed_of(sue, FeedKind.STAFF)
    assert len(entries(client, url)) == 2
    assert said(client, url + "?community=dongyue") == [("There", "CONFIRMED")]


def test_words_are_in_the_language_of_the_address(client, event, bob):
    own_sign_up(event, bob)
    url = feed_of(bob, FeedKind.PERSONAL)
    client.set_cookie("lang", "zh")
    assert said(client, url + "?text=zh") == [("一起包饺子", "CONFIRMED")]
    assert said(client, url + "?text=en") == [("Dumplings for all", "CONFIRMED")]


def test_rule_19_no_private_feed_names_anybody(client, venue, alice, sue):
    topic = make_topic()
    lecturer, assistant = make_lecturer("leonid", [topic]), make_assistant("amina")
    talk = make_talk(venue, [topic], alice)
    make_lecturing(talk, lecturer)
    talk_event = db.session.get_one(Event, talk.event_id)
    own_sign_up(talk_event, lecturer)
    make_assignment(make_duty(venue, alice), assistant)
    make_record(assistant, venue.community)
    booked = make_sign_up(talk_event, name="Bob Kamau", contact="bob.kamau@example.com")
    urls = [
        feed_of(lecturer, FeedKind.PERSONAL),
        feed_of(lecturer, FeedKind.LECTURER),
        feed_of(assistant, FeedKind.ASSISTANT),
        feed_of(sue, FeedKind.STAFF) + "?with=records,terms,qualifications",
    ]
    for url in urls:
        body = client.get(url).text
        token = url.split("/")[3].split(".ics")[0]
        for secret in (
            "Leonid", "Amina", "Alice", "Sue", "Bob", "Kamau", "@example.com", "@staff", "ATTENDEE",
            "ORGANIZER", "VALARM", "tickets", booked.code, token,
        ):  # fmt: skip
            assert secret not in body, (url, secret)
        assert "CLASS:PRIVATE" in body


# --- refusals -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "query", "words"),
    [
        (FeedKind.PERSONAL, "with=records", "with"),
        (FeedKind.PERSONAL, "community=heyuan", "community"),
        (FeedKind.PERSONAL, "kind=culture", "kind"),
        (FeedKind.PERSONAL, "text=xx", "text"),
        (FeedKind.PERSONAL, "text=", "text"),
        (FeedKind.STAFF, "with=nonsense", "with"),
        (FeedKind.STAFF, "with=records,nonsense", "with"),
        (FeedKind.STAFF, "community=nowhere", "community"),
        (FeedKind.STAFF, "community=%00", "community"),
        (FeedKind.STAFF, "language=en", "language"),
        (FeedKind.STAFF, "%3Cscript%3E=1", "<script>"),
    ],
)
def test_wrong_filter_is_said(client, alice, kind, query, words):
    url = feed_of(alice, kind)
    page = client.get_page(f"{url}?{query}", 400)
    assert words in page.text
    assert "Set-Cookie" not in page.response.headers
    assert page.response.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("token", ["x", "x" * 32, "%00", "é", "x" * 3000, "../public"])
def test_unknown_token_is_not_there(client, event, token):
    answer = client.get(f"/calendar/private/{token}.ics")
    assert answer.status_code == 404
    assert "BEGIN:VCALENDAR" not in answer.text


def test_token_is_kept_as_a_hash_and_stands_in_no_log(client, alice, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    url = feed_of(alice, FeedKind.STAFF)
    token = url.split("/")[3].removesuffix(".ics")
    client.get(url)
    client.get(f"{url}?nonsense=1")
    client.get(f"/calendar/private/{token}x.ics")
    stored = [str(row) for row in db.session.execute(select(CalendarFeed.__table__))]
    stored += [str(row) for row in db.session.execute(select(AuditEntry.__table__))]
    out, err = capfd.readouterr()
    for text in (*stored, caplog.text, out, err):
        assert token not in text


def test_revoked_and_rotated_addresses_open_nothing(client, bob):
    with unit_of_work():
        feed, old = make_feed(FeedKind.PERSONAL, "my phone", by=bob)
    with unit_of_work():
        _feed, new = rotate_feed(feed.id, by=bob)
    assert client.get(f"/calendar/private/{old}.ics").status_code == 404
    assert client.get(f"/calendar/private/{new}.ics").status_code == 200
    with unit_of_work():
        revoke_feed(feed.id, by=bob)
    assert client.get(f"/calendar/private/{new}.ics").status_code == 404


def test_feed_ends_with_the_role_that_is_taken_away(client, alice, ada):
    url = feed_of(alice, FeedKind.STAFF)
    mine = feed_of(alice, FeedKind.PERSONAL)
    with unit_of_work():
        take_role(alice, alice.roles[0].id, "Moved on.", by=ada)
    feeds = db.session.scalars(select(CalendarFeed).order_by(CalendarFeed.id)).all()
    assert [feed.revoked_at is None for feed in feeds] == [False, True]
    assert client.get(url).status_code == 404
    assert client.get(mine).status_code == 200


def test_feed_ends_with_the_term_that_is_revoked(client, community, alice):
    person = make_assistant("amina", community)
    url = feed_of(person, FeedKind.ASSISTANT)
    term = db.session.scalars(select(Appointment).where(Appointment.user_id == person.id)).one()
    with unit_of_work():
        revoke(term.id, "Broke the rules.", by=alice)
    assert client.get(url).status_code == 404
    assert db.session.scalars(select(CalendarFeed)).one().revoked_at is not None


def test_fetch_finds_the_term_that_ran_out(client):
    person = make_assistant("amina", ends_on=clock.today() + 3 * DAY)
    url = feed_of(person, FeedKind.ASSISTANT)
    with clock.fixed_at(clock.day_start(clock.today() + 4 * DAY) - timedelta(seconds=1)):
        assert client.get(url).status_code == 200
    with clock.fixed_at(clock.day_start(clock.today() + 4 * DAY)):
        assert client.get(url).status_code == 404
        assert client.get(url).status_code == 404
    assert db.session.scalars(select(CalendarFeed)).one().revoked_at is not None
    ended = AuditEntry.action == "end"
    assert db.session.scalar(select(func.count()).select_from(AuditEntry).where(ended)) == 1


def test_rule_18_erased_account_leaves_no_calendar(client, bob):
    url = feed_of(bob, FeedKind.PERSONAL)
    with unit_of_work():
        erase_user(bob)
    assert client.get(url).status_code == 404
    assert db.session.scalars(select(CalendarFeed)).all() == []


# --- the conversation ---------------------------------------------------------------------


def test_answers_are_private(client, event, bob):
    own_sign_up(event, bob)
    url = feed_of(bob, FeedKind.PERSONAL)
    headers = client.get(url).headers
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert set(headers["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["ETag"].startswith('"')
    assert "Last-Modified" not in headers
    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers["Vary"]
    assert "Accept-Encoding" in headers["Vary"]


def test_304_head_and_gzip(client, venue, alice):
    for number in range(6):
        make_event(venue=venue, title=f"Talk {number}")
    url = feed_of(alice, FeedKind.STAFF)
    plain = client.get(url)
    again = client.get(url, headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == plain.headers["ETag"]
    head = client.head(url)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", plain.headers["ETag"])
    packed = client.get(url, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] not in ("", plain.headers["ETag"])
    same = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    again = client.get(url, headers=same)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == packed.headers["ETag"]
    assert set(again.headers["Cache-Control"].split(", ")) == {"private", "no-cache"}


def test_host_cookie_and_log_in_have_no_influence(app, client, event, alice):
    url = feed_of(alice, FeedKind.STAFF)
    plain = client.get(url).data
    for host in ("evil.example", "hub.test:8000"):
        assert client.get(url, headers={"Host": host, "X-Forwarded-Host": host}).data == plain
    staff = EVE(app).log_in(alice)
    answer = staff.get(url, headers={"Accept-Language": "zh"})
    assert answer.data == plain
    assert "Set-Cookie" not in answer.headers


def test_fetch_is_noted_once_an_hour(client, bob, now):
    url = feed_of(bob, FeedKind.PERSONAL)

    def noted():
        return db.session.scalars(select(CalendarFeed.fetched_at)).one()

    assert noted() is None
    tag = client.get(url).headers["ETag"]
    assert noted() == now
    with clock.fixed_at(now + timedelta(minutes=59)):
        assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
    assert noted() == now
    with clock.fixed_at(now + timedelta(hours=1)):
        assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
    assert noted() == now + timedelta(hours=1)


def test_what_changes_nothing_costs_one_small_question(app, client, venue, alice):
    for number in range(3):
        make_event(venue=venue, title=f"Talk {number}")
    url = feed_of(alice, FeedKind.STAFF) + "?with=records,terms,qualifications"
    for address, most in (("/calendar/public.ics?text=en", 1), (url, 2)):
        tag = client.get(address).headers["ETag"]
        client.get(address)
        with counted() as statements:
            answer = client.get(address, headers={"If-None-Match": tag})
        assert answer.status_code == 304
        assert len(statements) <= most, statements


def test_etag_moves_with_everything_that_readers_see(client, venue, alice, sue):
    """Each step changes the bytes; what is written next is never an older version."""
    url, seen = feed_of(sue, FeedKind.STAFF) + "?with=terms,records,qualifications", []

    def look() -> None:
        seen.append(client.get(url).headers["ETag"])

    look()
    event = make_event(venue=venue, status=EventStatus.DRAFT, capacity=2)
    look()
    with unit_of_work():
        publish_event(event.id, by=alice)
    look()
    booked = make_sign_up(event, party_size=2)
    look()
    make_sign_up(event)
    look()
    with unit_of_work():
        cancel_sign_up(booked.id)
    look()
    data = data_of(event)
    data.texts["en"] = Words("Noodles")
    with unit_of_work():
        update_event(event.id, data, by=alice)
    look()
    duty = make_duty(venue, alice, event_id=event.id, starts_at=event.starts_at)
    look()
    person = make_assistant("amina", venue.community)
    look()
    make_assignment(duty, person)
    look()
    with unit_of_work():
        place = VenueData(venue.community_id, {"en": "Garden"}, {})
        save_venue(venue, place, by=alice)
    look()
    make_record(person, venue.community)
    look()
    topic = make_topic()
    make_lecturer("leo", [topic])
    look()
    with unit_of_work():
        words = {"en": TopicWords("Bicycles")}
        save_topic(db.session.get_one(Topic, topic.id), TopicData("x", words), by=sue)
    look()
    assert len(set(seen)) == len(seen)


def test_venue_of_an_event_that_is_over_changes_too(client, venue, alice, now):
    make_event(venue=venue, starts_at=now - 3 * DAY)
    before = client.get("/calendar/public.ics").headers["ETag"]
    with unit_of_work():
        save_venue(venue, VenueData(venue.community_id, {"en": "Garden"}, {}), by=alice)
    answer = client.get("/calendar/public.ics")
    assert answer.headers["ETag"] != before
    assert "Garden" in answer.text


# --- the pages ----------------------------------------------------------------------------


def logged_in(app, user) -> HubClient:
    return EVE(app).log_in(user)


FORM = "form[action$='/calendars/private']"


def test_calendar_is_made_shown_once_and_listed(app, client, event, bob):
    own_sign_up(event, bob)
    browser = logged_in(app, bob)
    page = browser.get_page("/en/calendars")
    made = browser.submit(page, FORM, name="my tablet", text="zh")
    shown = browser.follow(made)
    address = str(shown.one(".copy-text input")["value"])
    assert address.startswith("http://hub.test/calendar/private/")
    assert address.endswith("?text=zh")
    assert shown.one("svg.qr")
    assert str(shown.one("a[href^='webcal://']")["href"]) == "webcal" + address.removeprefix("http")
    assert "no-store" in shown.response.headers["Cache-Control"]
    assert said(client, address.removeprefix("http://hub.test")) == [("一起包饺子", "CONFIRMED")]
    again = browser.get_page(str(shown.url))
    assert not again.has(".copy-text")
    assert "shown once" in again.text
    page = browser.get_page("/en/calendars")
    assert "my tablet" in page.text
    assert "Last fetched" in page.text


def test_staff_choose_deadlines_for_the_address(app, alice):
    browser = logged_in(app, alice)
    page = browser.get_page("/en/calendars")
    made = browser.submit(page, FORM, kind="staff", deadlines=["records", "terms"])
    address = str(browser.follow(made).one(".copy-text input")["value"])
    assert "with=records,terms" in address.replace("%2C", ",")
    assert browser.get(address.removeprefix("http://hub.test")).status_code == 200


def test_subdistrict_staff_choose_a_community_and_others_need_not(app, sue, alice, other_community):
    browser = logged_in(app, sue)
    page = browser.get_page("/en/calendars")
    made = browser.submit(page, FORM, kind="staff", community="dongyue", deadlines=[])
    address = str(browser.follow(made).one(".copy-text input")["value"])
    assert address.endswith("?community=dongyue&text=en")
    assert not logged_in(app, alice).get_page("/en/calendars").has(f"{FORM} [name=community]")


def test_rotate_and_revoke_from_the_page(app, client, bob):
    url = feed_of(bob, FeedKind.PERSONAL)
    feed_id = db.session.scalars(select(CalendarFeed.id)).one()
    browser = logged_in(app, bob)
    asked = browser.get_page(f"/en/calendars/private/{feed_id}/rotate")
    assert client.get(url).status_code == 200
    shown = browser.follow(browser.submit(asked))
    new = str(shown.one(".copy-text input")["value"]).removeprefix("http://hub.test")
    assert client.get(url).status_code == 404
    assert client.get(new).status_code == 200
    asked = browser.get_page(f"/en/calendars/private/{feed_id}/revoke")
    browser.submit(asked)
    assert client.get(new).status_code == 404
    for page in ("", "/rotate", "/revoke"):
        browser.get_page(f"/en/calendars/private/{feed_id}{page}", 404)


def test_rule_20_pages_of_another_are_not_there(app, bob, ada):
    feed_of(bob, FeedKind.PERSONAL)
    feed_id = db.session.scalars(select(CalendarFeed.id)).one()
    browser = logged_in(app, ada)
    for page in ("", "/rotate", "/revoke"):
        browser.get_page(f"/en/calendars/private/{feed_id}{page}", 404)
    for page in ("/rotate", "/revoke"):
        assert browser.post(f"/en/calendars/private/{feed_id}{page}").status_code == 404


@pytest.mark.parametrize(
    "values",
    [{"kind": "staff"}, {"kind": "x"}, {"name": ""}, {"name": "x" * 61}, {"text": "xx"}],
)
def test_form_says_what_is_wrong(app, bob, values):
    browser = logged_in(app, bob)
    page = browser.get_page("/en/calendars")
    form = {"kind": "personal", "name": "my phone", "text": "en"} | values
    token = page.one(f"{FORM} input[name=csrf_token]")["value"]
    answer = browser.post_page("/en/calendars/private", form | {"csrf_token": token}, 422)
    assert answer.has(".error-summary")
    assert db.session.scalars(select(CalendarFeed)).all() == []


def test_public_page_builds_an_address(client, event, other_community):
    make_event(venue=make_venue(other_community), title="There", kind=EventKind.FESTIVAL)
    page = client.get_page("/en/calendars")
    found = client.submit(
        page, "form.filters", status=200, community="dongyue", kind="festival", text="zh"
    )
    address = str(found.one(".copy-text input")["value"])
    assert "community=dongyue" in address
    assert "kind=festival" in address
    assert "text=zh" in address
    assert len(found.all(".feed-preview li")) == 1
    assert client.get(address.removeprefix("http://hub.test")).mimetype == "text/calendar"
    odd = client.get_page("/en/calendars?community=nowhere&kind=x&language=%00&text=q")
    assert str(odd.one(".copy-text input")["value"]).endswith("/public.ics?text=en")


def test_audit_says_what_happened(app, ada, bob):
    feed_of(bob, FeedKind.PERSONAL)
    page = logged_in(app, ada).get_page("/en/desk/audit?subject=calendar_feed")
    assert "A private calendar was made." in page.text


# --- speed --------------------------------------------------------------------------------


def many_events(first: Event, number: int) -> None:
    """More of the same, each with texts, languages and a duty's worth of work for the database."""
    columns = [c for c in Event.__table__.columns if c.name not in ("id", "uid")]
    row = db.session.execute(select(*columns).where(Event.id == first.id)).one()._asdict()
    with unit_of_work():
        for count in range(number):
            new = row | {"uid": f"many-{number}-{count}@linqiao.example"}
            made = db.session.execute(insert(Event).values(new).returning(Event.id)).scalar_one()
            words = {"event_id": made, "language": "en", "title": f"Talk {count}"}
            db.session.execute(insert(EventText).values(words | {"search_key": ""}))


@pytest.mark.parametrize("kind", ["public", "desk"])
def test_written_feed_costs_the_same_with_two_and_with_hundreds(app, client, event, alice, kind):
    """Also beyond the 500 rows that a ``selectin`` of SQLAlchemy takes at once."""
    url = feed_of(alice, FeedKind.STAFF) if kind == "desk" else "/calendar/public.ics"
    many_events(event, 1)
    client.get(url)
    counts = []
    for number in (0, 600):
        many_events(event, number)
        app.extensions[KEPT_AS] = FeedCache()
        with counted() as statements:
            answer = client.get(url)
        counts.append((len(statements), answer.text.count("BEGIN:VEVENT")))
    assert counts == [(counts[0][0], 2), (counts[0][0], 602)]
    assert counts[0][0] <= 10


def test_own_feeds_cost_the_same_with_one_and_with_ten(app, client, venue, bob, alice):
    person = make_assistant("amina")
    urls = [feed_of(bob, FeedKind.PERSONAL), feed_of(person, FeedKind.ASSISTANT)]

    def add(first: int, last: int) -> None:
        for number in range(first, last):
            start = clock.now() + (number + 1) * DAY
            make_assignment(make_duty(make_venue(), alice, starts_at=start), person)
            make_sign_up(make_event(venue=make_venue(), starts_at=start), contact=bob.email)
        with unit_of_work():
            join_sign_ups(bob)

    add(0, 1)
    for url in urls:
        client.get(url)
    counts = []
    for last in (1, 10):
        add(1, last)
        app.extensions[KEPT_AS] = FeedCache()
        with counted() as statements:
            lengths = [len(entries(client, url)) for url in urls]
        assert lengths == [last, last]
        counts.append(len(statements))
    assert counts[0] == counts[1]
