"""Venues and communities at the desk."""

import pytest

from hub.extensions import db
from hub.models import Community, User, Venue
from tests.browser import HubClient
from tests.factories import make_venue

VENUES = "/en/desk/venues"
COMMUNITIES = "/en/desk/communities"


@pytest.mark.parametrize("path", ["", "/new", "/1/edit"])
def test_venue_pages_need_a_desk(client: HubClient, venue: Venue, path: str) -> None:
    assert "/account/login" in client.get_page(VENUES + path, 303).location
    assert client.get(VENUES + path, headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.parametrize("path", ["", "/new", "/{id}/edit"])
def test_community_pages_are_for_administrators(
    client: HubClient, alice: User, community: Community, path: str
) -> None:
    url = COMMUNITIES + path.format(id=community.id)
    assert "/account/login" in client.get_page(url, 303).location
    client.log_in(alice).get_page(url, 404)
    if path:
        client.post_page(url, {}, 404)


# --- venues ------------------------------------------------------------------------------------


def test_venue_list_shows_the_own_ones(
    client: HubClient, alice: User, venue: Venue, other_community: Community
) -> None:
    make_venue(other_community, names={"en": "Their hall"})
    page = client.log_in(alice).get_page(VENUES)
    assert "Neighbours' Hall" in page.text and "Their hall" not in page.text


def test_venue_list_empty_teaches(client: HubClient, alice: User) -> None:
    assert client.log_in(alice).get_page(VENUES).link("Add a venue")


def test_venue_pages_without_a_community(client: HubClient, ada: User) -> None:
    client.log_in(ada)
    assert "no community yet" in client.get_page(VENUES).text
    page = client.get_page(f"{VENUES}/new")
    assert "no community yet" in page.text and not page.has("main form")


def test_new_venue(client: HubClient, alice: User) -> None:
    page = client.log_in(alice).get_page(f"{VENUES}/new")
    typed = {"text_en-name": "Tea room", "text_zh-name": "茶室", "text_zh-address": "西溪路1号"}
    page = client.follow(client.submit(page, **typed, map_url="https://map.example/1"))
    assert "The venue “Tea room” is saved." in page.text
    venue = db.session.query(Venue).one()
    assert venue.texts["zh"].address == "西溪路1号"
    assert venue.map_url == "https://map.example/1"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Give a name in at least one language."),
        ({"text_en-address": "1 Road"}, "Give a name in this language too"),
        ({"text_en-name": "x" * 121}, "At most 120 characters."),
        ({"text_en-name": "Hall", "map_url": "ftp://map.example"}, "must start with https://"),
    ],
)
def test_venue_invalid_keeps_what_was_typed(
    client: HubClient, alice: User, typed: dict[str, str], words: str
) -> None:
    page = client.log_in(alice).get_page(f"{VENUES}/new")
    page = client.submit(page, status=422, **typed)
    assert words in page.one(".error-summary").get_text()
    for name, value in typed.items():
        assert page.one(f"[name={name}]")["value"] == value


def test_edit_venue(client: HubClient, alice: User, venue: Venue) -> None:
    page = client.log_in(alice).get_page(f"{VENUES}/{venue.id}/edit")
    assert page.one("[name=text_zh-name]")["value"] == "邻里中心"
    client.submit(
        page, **{"text_en-name": "The new hall", "text_zh-name": "", "text_zh-address": ""}
    )
    db.session.expire_all()
    assert {c: t.name for c, t in db.session.get_one(Venue, venue.id).texts.items()} == {
        "en": "The new hall"
    }


def test_venue_of_another_community_is_not_found(
    client: HubClient, sam: User, venue: Venue, community: Community
) -> None:
    client.log_in(sam)
    client.get_page(f"{VENUES}/{venue.id}/edit", 404)
    client.post_page(f"{VENUES}/{venue.id}/edit", {}, 404)
    client.get_page(f"{VENUES}/999/edit", 404)
    page = client.get_page(f"{VENUES}/new")
    token = page.one("main [name=csrf_token]")["value"]
    data = {"csrf_token": token, "community_id": community.id, "text_en-name": "Mine now"}
    answer = client.post_page(f"{VENUES}/new", data, 422)
    assert "Choose one from the list." in answer.text


# --- communities -------------------------------------------------------------------------------


def test_communities_are_made_and_changed(client: HubClient, ada: User) -> None:
    client.log_in(ada)
    page = client.get_page(client.get_page(COMMUNITIES).link("Make a community"))
    typed = {"slug": "heyuan", "text_en-name": "Heyuan", "text_zh-name": "和院"}
    page = client.follow(client.submit(page, **typed))
    page = client.get_page(page.one("main .card__title a")["href"])
    assert page.one("[name=slug]")["value"] == "heyuan"
    client.submit(page, **{"text_en-name": "Heyuan East"})
    assert db.session.query(Community).one().texts["en"].name == "Heyuan East"
    client.get_page(f"{COMMUNITIES}/999/edit", 404)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"slug": "", "text_en-name": "A"}, "Enter a short name."),
        ({"slug": "Big Letters", "text_en-name": "A"}, "Small letters, digits and hyphens"),
        ({"slug": "good"}, "Give a name in at least one language."),
        ({"slug": "heyuan", "text_en-name": "A"}, "Another community has this short name."),
    ],
)
def test_community_invalid_keeps_what_was_typed(
    client: HubClient, ada: User, community: Community, typed: dict[str, str], words: str
) -> None:
    page = client.log_in(ada).get_page(f"{COMMUNITIES}/new")
    page = client.submit(page, status=422, **typed)
    assert words in page.one(".error-summary").get_text()
    assert page.one("[name=slug]")["value"] == typed["slug"]


def test_desk_navigation_marks_where_one_is(client: HubClient, ada: User, venue: Venue) -> None:
    client.log_in(ada)
    for path, label in [
        ("/en/desk", "Today"),
        ("/en/desk/events/new", "Events"),
        (f"{VENUES}/{venue.id}/edit", "Venues"),
        (f"{COMMUNITIES}/new", "Communities"),
    ]:
        page = client.get_page(path)
        assert page.one(".desk-nav [aria-current]").get_text(strip=True) == label


@pytest.mark.usefixtures("community")
def test_position_of_a_venue_is_kept(client: HubClient, alice: User) -> None:
    page = client.log_in(alice).get_page(f"{VENUES}/new")
    refused = client.submit(page, status=422, **{"text_en-name": "Hall"}, position="near the river")
    assert "Latitude, then longitude" in refused.text
    client.follow(client.submit(page, **{"text_en-name": "Hall"}, position="30.2412, 120.0518"))
    venue = db.session.query(Venue).one()
    assert (venue.latitude, venue.longitude) == (30.2412, 120.0518)
    again = client.get_page(f"{VENUES}/{venue.id}/edit")
    assert again.one("[name=position]")["value"] == "30.2412, 120.0518"
