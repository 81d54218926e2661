"""What a first visit costs a phone: at most 45 KB and six requests, on every public page."""

from urllib.parse import urlsplit

import pytest

from tests.factories import make_event
from tests.people import EVE

LIMIT = 45 * 1024
REQUESTS = 6
HTMX = int(13.4 * 1024)  # htmx 4.0.1 as its host sends it, brotli
HEADERS = 350  # per answer, HTTP/2


@pytest.fixture
def full_list(venue) -> int:
    """A list of twenty."""
    for number in range(21):
        event = make_event(venue=venue, title=f"Law talk {number}: renting a flat in Liuxia")
    return event.id


@pytest.mark.parametrize("coding", ["br", "gzip"])
@pytest.mark.parametrize(
    "path", ["/en/", "/zh/", "/en/events", "/zh/events", "/en/events/month", "/en/events/{event}",
             "/en/events/{event}/sign-up", "/en/calendars", "/en/talks", "/zh/talks/ask"],
)  # fmt: skip
def test_first_view_is_light(app, full_list, path, coding):
    client = EVE(app)
    url = path.format(event=full_list)
    page = client.get_page(url)
    wanted = {str(tag["src"]) for tag in page.all("script[src], img[src]")}
    wanted |= {str(tag["href"]) for tag in page.all("link[rel~=stylesheet], link[rel~=icon]")}
    wanted |= {str(tag["href"]).partition("#")[0] for tag in page.all("use[href]")}
    sizes = {url: transferred(client, url, coding)}
    for address in sorted(wanted):
        foreign = urlsplit(address).netloc
        sizes[address] = HTMX if foreign else transferred(client, address, coding)
    assert len(sizes) <= REQUESTS, sorted(sizes)
    total = sum(sizes.values()) + HEADERS * len(sizes)
    assert total <= LIMIT, f"{total} bytes: {sizes}"


def transferred(client, url: str, coding: str) -> int:
    answer = client.get(url, headers={"Accept-Encoding": coding}, buffered=True)
    assert answer.status_code == 200
    small = len(answer.data) < 600
    assert small or answer.headers.get("Content-Encoding") == coding, f"{url} is not compressed"
    return len(answer.data)


def test_style_sheet_imports_nothing(app):
    css = EVE(app).get("/assets/site.css").text
    assert "@import" not in css
    assert "url(" not in css.replace("url(data:", "")


def test_pictures_do_not_move_the_page(app, full_list):
    page = EVE(app).get_page("/en/")
    for picture in page.all("svg.icon, img"):
        assert picture.get("width") and picture.get("height"), picture
