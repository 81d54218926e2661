"""Events at the desk: list, one event, new, edit, series."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event as sqlalchemy_event

from hub.enums import EventKind, EventStatus, Visibility
from hub.extensions import db
from hub.models import Community, Event, User, Venue
from hub.services.event_data import data_of
from hub.services.events import update_event
from hub.transaction import unit_of_work
from tests.browser import HubClient
from tests.factories import local, make_event, make_sign_up, make_venue

EVENTS = "/en/desk/events"
TYPED: dict[str, Any] = {
    "starts_at": "2026-12-05T14:00",
    "ends_at": "2026-12-05T16:00",
    "capacity": "30",
    "kind": "festival",
    "languages": ["zh", "ar"],
    "text_en-title": "Tea and talk",
    "text_en-summary": "Come by.",
    "text_zh-title": "茶话会",
}


@pytest.fixture
def desk(client: HubClient, alice: User) -> HubClient:
    return client.log_in(alice)


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The statements that are run inside the block."""
    statements: list[str] = []

    def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
        statements.append(statement)

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)


def the_only_event() -> Event:
    return db.session.query(Event).one()


# --- who may come in ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["", "/new", "/{id}", "/{id}/edit", "/{id}/publish", "/{id}/cancel", "/{id}/capacity"]
)
def test_event_pages_are_for_those_who_manage_the_event(
    client: HubClient, sam: User, event: Event, path: str
) -> None:
    url = EVENTS + path.format(id=event.id)
    assert "/account/login" in client.get_page(url, 303).location
    assert "HX-Redirect" in client.get_page(url, 401, htmx=True).response.headers
    client.log_in(sam)
    client.get_page(url, 404 if "{id}" in path else 200)


@pytest.mark.parametrize("action", ["edit", "publish", "cancel", "capacity", "copy"])
def test_event_changes_of_another_community_are_not_found(
    client: HubClient, sam: User, event: Event, action: str
) -> None:
    url = f"{EVENTS}/{event.id}/{action}"
    assert "/account/login" in client.post_page(url, {}, 303).location
    assert client.post(url, headers={"HX-Request": "true"}).status_code == 401
    client.log_in(sam)
    client.post_page(url, {}, 404)


# --- the list ----------------------------------------------------------------------------------


def test_event_list_has_three_tabs(desk: HubClient, venue: Venue) -> None:
    make_event(venue=venue, title="Coming one")
    make_event(venue=venue, title="Draft one", status=EventStatus.DRAFT)
    make_event(venue=venue, title="Past one", starts_at=local("2026-11-01 14:00"))
    for view, title in [("upcoming", "Coming"), ("drafts", "Draft"), ("past", "Past")]:
        page = desk.get_page(f"{EVENTS}?view={view}")
        rows = [row.get_text() for row in page.all(".desk-row__title")]
        assert len(rows) == 1 and title in rows[0]
        assert page.one(".tabs [aria-current]")["href"].endswith(view)


def test_event_list_searches_and_its_fragment_is_part_of_the_page(
    desk: HubClient, venue: Venue
) -> None:
    make_event(venue=venue, title="Paper cutting")
    make_event(venue=venue, title="Football")
    url = f"{EVENTS}?view=upcoming&q=paper"
    page = desk.get_page(url)
    part = desk.get_page(url, htmx=True)
    assert "Paper cutting" in part.text and "Football" not in part.text
    assert str(page.one("#desk-event-list")) == str(part.one("#desk-event-list"))
    found = desk.submit(desk.get_page(EVENTS), "main form[role=search]", q="nothing like it")
    assert "No event fits" in found.text


def test_event_list_pages_by_keyset(desk: HubClient, venue: Venue) -> None:
    for number in range(25):
        make_event(venue=venue, title=f"Event {number:02}")
    first = desk.get_page(EVENTS)
    second = desk.get_page(first.link("Later events"))
    assert (len(first.all(".desk-row")), len(second.all(".desk-row"))) == (20, 5)
    assert len(desk.get_page(second.link("From the start")).all(".desk-row")) == 20


@pytest.mark.parametrize("view", ["upcoming", "drafts", "past"])
def test_event_list_empty_teaches(desk: HubClient, view: str) -> None:
    assert desk.get_page(f"{EVENTS}?view={view}").has(".empty-state")


def test_event_list_takes_any_query(desk: HubClient) -> None:
    desk.get_page(f"{EVENTS}?view=%00x&q=%00%F0&after=zz-zz")


# --- new ---------------------------------------------------------------------------------------


def test_new_event_is_a_draft_with_all_that_was_typed(desk: HubClient, venue: Venue) -> None:
    page = desk.follow(desk.submit(desk.get_page(f"{EVENTS}/new"), **TYPED))
    event = the_only_event()
    assert event.status is EventStatus.DRAFT
    assert (event.starts_at, event.ends_at) == (
        local("2026-12-05 14:00"),
        local("2026-12-05 16:00"),
    )
    assert (event.kind, event.capacity, event.languages) == (EventKind.FESTIVAL, 30, ["zh", "ar"])
    assert {code: row.title for code, row in event.texts.items()} == {
        "en": "Tea and talk",
        "zh": "茶话会",
    }
    assert "The draft is saved" in page.text


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("capacity", "99999999999", "Between 1 and 100,000 places."),
        ("capacity", "9" * 5000, "Enter a whole number."),
        ("capacity", "forty", "Enter a whole number."),
        ("capacity", "", "Enter a number."),
        ("party_limit", "21", "Between 1 and 20 people under one name."),
        ("starts_at", "soon", "Enter a date and a time"),
        ("starts_at", "9999-01-01T00:00", "between 2020 and 2100"),
        ("ends_at", "2026-12-05T13:00", "The end must be after the start."),
        ("sign_up_opens_at", "2026-12-05T15:00", "Sign-up must open before it closes."),
        ("text_en-title", "x" * 201, "At most 200 characters."),
        ("text_en-title", "", "Give a title in this language too"),
        ("text_en-title", "a\x00b", "characters that cannot be used"),
    ],
)
def test_new_event_invalid_keeps_what_was_typed(
    desk: HubClient, venue: Venue, field: str, typed: str, words: str
) -> None:
    page = desk.submit(desk.get_page(f"{EVENTS}/new"), status=422, **{**TYPED, field: typed})
    assert words in page.one(".error-summary").get_text()
    assert page.one("[name=text_zh-title]")["value"] == "茶话会"
    assert page.one(f"[name={field}]").has_attr("aria-invalid")
    assert db.session.query(Event).count() == 0


def test_new_event_refuses_choices_that_are_not_offered(
    desk: HubClient, venue: Venue, other_community: Community
) -> None:
    theirs = make_venue(other_community)
    page = desk.get_page(f"{EVENTS}/new")
    offered = [option.get_text() for option in page.all("#venue_id option")]
    assert offered == ["Neighbours' Hall"]
    data = {"csrf_token": page.one("main [name=csrf_token]")["value"], **TYPED}
    data |= {"community_id": other_community.id, "venue_id": theirs.id, "visibility": "secret"}
    answer = desk.post_page(f"{EVENTS}/new", {**data, "languages": ["xx"]}, 422)
    assert answer.text.count("Choose one from the list.") >= 3
    assert "Choose only from the list." in answer.text


def test_new_event_without_a_title_says_so(desk: HubClient, venue: Venue) -> None:
    typed = {**TYPED, "text_en-title": "", "text_zh-title": "", "text_en-summary": ""}
    page = desk.submit(desk.get_page(f"{EVENTS}/new"), status=422, **typed)
    assert "Give the event a title" in page.one(".error-summary").get_text()


def test_new_event_without_a_token_is_not_made(desk: HubClient, venue: Venue) -> None:
    data = {**TYPED, "community_id": venue.community_id, "venue_id": venue.id}
    page = desk.post_page(f"{EVENTS}/new", data, 422)
    assert "open for too long" in page.text
    assert page.one("[name=text_en-title]")["value"] == "Tea and talk"


def test_new_event_needs_a_venue_first(
    client: HubClient, sam: User, other_community: Community
) -> None:
    page = client.log_in(sam).get_page(f"{EVENTS}/new")
    assert page.link("Add a venue").endswith("/desk/venues/new")
    assert not page.has("main form")


# --- series ------------------------------------------------------------------------------------


def test_new_event_every_week_makes_a_series_that_is_published_at_once(
    desk: HubClient, venue: Venue
) -> None:
    page = desk.get_page(f"{EVENTS}/new")
    page = desk.follow(desk.submit(page, **TYPED, repeat="weekly", times="4"))
    assert len(page.all(".desk-row")) == 4
    page = desk.follow(desk.submit(page))
    assert "4 events are published" in page.text
    events = db.session.query(Event).order_by(Event.starts_at).all()
    assert [event.status for event in events] == [EventStatus.PUBLISHED] * 4
    assert events[3].starts_at == local("2026-12-26 14:00")
    assert not page.has("main form")
    shown = desk.get_page(f"{EVENTS}/{events[0].id}")
    assert len(shown.all("section[aria-labelledby=sessions] .desk-row")) == 4


def test_new_event_by_a_rule(desk: HubClient, venue: Venue) -> None:
    page = desk.get_page(f"{EVENTS}/new")
    rule = "FREQ=MONTHLY;BYDAY=1SA;COUNT=3"
    page = desk.follow(desk.submit(page, **TYPED, repeat="rule", rule=rule))
    assert len(page.all(".desk-row")) == 3
    assert rule in page.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"repeat": "weekly", "times": "1"}, "between 2 and 60"),
        ({"repeat": "weekly", "times": ""}, "between 2 and 60"),
        ({"repeat": "weekly", "times": "99999999999"}, "between 2 and 60"),
        ({"repeat": "rule", "rule": ""}, "Enter a rule"),
        ({"repeat": "rule", "rule": "FREQ=DAILY"}, "needs an end"),
        ({"repeat": "rule", "rule": "every day"}, "cannot be read"),
    ],
)
def test_new_event_with_a_rule_that_cannot_be_used(
    desk: HubClient, venue: Venue, typed: dict[str, str], words: str
) -> None:
    page = desk.submit(desk.get_page(f"{EVENTS}/new"), status=422, **TYPED, **typed)
    assert words in page.one(".error-summary").get_text()
    assert db.session.query(Event).count() == 0


def test_series_of_another_community_is_not_found(
    desk: HubClient, client: HubClient, venue: Venue, sam: User
) -> None:
    desk.submit(desk.get_page(f"{EVENTS}/new"), **TYPED, repeat="weekly", times="2")
    series_id = db.session.query(Event).first().series_id
    stranger = client.application.test_client()
    url = f"{EVENTS}/series/{series_id}"
    assert "/account/login" in stranger.get_page(url, 303).location
    stranger.log_in(sam)
    stranger.get_page(url, 404)
    stranger.post_page(f"{url}/publish", {}, 404)
    stranger.get_page(f"{EVENTS}/series/999", 404)
    stale = desk.follow(desk.post_page(f"{url}/publish", {}, 303))
    assert "nothing to publish" in stale.text


# --- one event ---------------------------------------------------------------------------------


def test_event_page_offers_what_the_policies_allow(desk: HubClient, venue: Venue) -> None:
    draft = make_event(venue=venue, status=EventStatus.DRAFT)
    over = make_event(venue=venue, starts_at=local("2026-11-01 14:00"))
    live = make_event(venue=venue)

    def links(event: Event) -> str:
        return desk.get_page(f"{EVENTS}/{event.id}").one("#desk-event-actions").get_text(" ")

    assert "Publish" in links(draft) and "Cancel the event" not in links(draft)
    assert "Cancel the event" in links(live) and "See the sign-ups" in links(live)
    assert "cannot be edited" in links(over) and "Cancel the event" not in links(over)


def test_event_page_previews_each_language_and_tells_what_happened(
    desk: HubClient, alice: User, event: Event
) -> None:
    with unit_of_work():
        data = data_of(db.session.get_one(Event, event.id))
        data.capacity, data.visibility = 12, Visibility.UNLISTED
        data.kind, data.has_waiting_list = EventKind.TRAINING, False
        data.starts_at = local("2026-11-24 13:00")
        update_event(event.id, data, by=alice)
    page = desk.get_page(f"{EVENTS}/{event.id}")
    assert page.one("[lang=zh-Hans] h3").get_text() == "一起包饺子"
    assert page.has(".prose strong")
    trail = page.one(".timeline").get_text(" ")
    assert "The draft was made." in trail and "The event was published." in trail
    assert "Places: 10 → 12" in trail and "Alice" in trail
    assert "Starts: Tue 24 Nov, 14:00 → Tue 24 Nov, 13:00" in trail
    assert "Waiting list: Yes → No" in trail


def test_event_page_in_chinese(desk: HubClient, event: Event) -> None:
    page = desk.get_page(f"/zh/desk/events/{event.id}")
    assert page.one("h1").get_text() == "一起包饺子"


# --- edit --------------------------------------------------------------------------------------


def test_edit_changes_the_event(desk: HubClient, event: Event) -> None:
    page = desk.get_page(f"{EVENTS}/{event.id}/edit")
    assert page.one("[name=starts_at]")["value"] == "2026-11-24T14:00"
    moved = {"starts_at": "2026-11-25T14:00", "ends_at": "2026-11-25T15:00"}
    answer = desk.submit(page, **moved, **{"text_en-title": "Noodles"})
    assert desk.follow(answer).one("h1").get_text() == "Noodles"
    event = the_only_event()
    assert event.starts_at == local("2026-11-25 14:00")
    assert event.languages == ["zh", "en"]


def test_edit_invalid_keeps_what_was_typed(desk: HubClient, event: Event) -> None:
    page = desk.get_page(f"{EVENTS}/{event.id}/edit")
    page = desk.submit(page, status=422, capacity="", **{"text_en-title": "Noodles"})
    assert page.one("[name=text_en-title]")["value"] == "Noodles"
    assert the_only_event().title == "Dumplings for all"


def test_edit_conflict_shows_what_was_typed_and_what_is_stored(
    desk: HubClient, alice: User, event: Event
) -> None:
    page = desk.get_page(f"{EVENTS}/{event.id}/edit")
    with unit_of_work():
        data = data_of(db.session.get_one(Event, event.id))
        data.capacity, data.kind, data.languages = 25, EventKind.TRAINING, ["en"]
        update_event(event.id, data, by=alice)
    page = desk.submit(page, status=409, **{"text_en-title": "Mine"})
    assert page.one("[name=text_en-title]")["value"] == "Mine"
    stored = page.one("#edit-conflict").get_text(" ")
    assert all(words in stored for words in ("25", "Training", "English", "Dumplings for all"))
    assert "Summary" not in stored
    desk.submit(page)  # the second time it is meant
    assert the_only_event().title == "Mine"
    assert the_only_event().capacity == 10


@pytest.mark.parametrize("seen", ["", "yesterday", "2026-01-01"])
def test_edit_with_a_forged_stamp_is_a_conflict(desk: HubClient, event: Event, seen: str) -> None:
    desk.submit(desk.get_page(f"{EVENTS}/{event.id}/edit"), status=409, seen=seen)


def test_edit_of_what_is_over_is_refused_with_words(desk: HubClient, venue: Venue) -> None:
    over = make_event(venue=venue, starts_at=local("2026-11-01 14:00"))
    page = desk.get_page(f"{EVENTS}/{over.id}/edit")
    assert "cannot be edited" in page.text
    assert not page.has("main form")
    token = desk.get_page(f"{EVENTS}/new").one("main [name=csrf_token]")["value"]
    data = {
        **TYPED,
        "csrf_token": token,
        "venue_id": venue.id,
        "community_id": venue.community_id,
        "party_limit": 4,
        "visibility": "public",
    }
    refused = desk.post_page(f"{EVENTS}/{over.id}/edit", data, 409)
    assert refused.one("[name=text_en-title]")["value"] == "Tea and talk"


def test_edit_below_the_seats_taken_asks_who_is_released(desk: HubClient, event: Event) -> None:
    first, last = make_sign_up(event, party_size=3), make_sign_up(event, party_size=2)
    page = desk.submit(desk.get_page(f"{EVENTS}/{event.id}/edit"), status=409, capacity="3")
    assert "At least 2 places must become free." in page.text
    assert [box["value"] for box in page.all("[name=release]")] == [str(last.id), str(first.id)]
    page = desk.submit(page, status=422, release=[str(last.id)])
    assert "Say why" in page.one(".error-summary").get_text()
    assert page.one(f"#release-{last.id}").has_attr("checked")
    desk.submit(page, reason="The hall is small.")
    stored = the_only_event()
    assert (stored.capacity, stored.seats_taken) == (3, 3)


def test_edit_by_subdistrict_staff_of_any_community(
    client: HubClient, sue: User, event: Event, other_community: Community
) -> None:
    make_venue(other_community)
    page = client.log_in(sue).get_page(f"{EVENTS}/{event.id}/edit")
    assert len(page.all("#community_id option")) == 2
    assert page.all("#venue_id option")[1].get_text() == "Neighbours' Hall (Dongyue)"


def test_event_list_has_the_same_number_of_queries_for_1_and_for_30(
    desk: HubClient, venue: Venue
) -> None:
    make_event(venue=venue)
    with counted_queries() as one:
        desk.get_page(EVENTS)
    for _number in range(19):
        make_event(venue=venue)
    with counted_queries() as many:
        desk.get_page(EVENTS)
    assert len(one) == len(many)


def test_draft_of_another_community_is_not_found(
    client: HubClient, sam: User, venue: Venue
) -> None:
    draft = make_event(venue=venue, status=EventStatus.DRAFT)
    client.log_in(sam).get_page(f"{EVENTS}/{draft.id}", 404)


def test_edit_keeps_line_breaks_as_they_are_stored(desk: HubClient, event: Event) -> None:
    page = desk.get_page(f"{EVENTS}/{event.id}/edit")
    desk.submit(page, **{"text_en-description": "One.\r\n\r\nTwo."})
    assert the_only_event().texts["en"].description == "One.\n\nTwo."
