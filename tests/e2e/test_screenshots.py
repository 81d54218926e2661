"""The pictures of the README. They are made from the sample data of one fixed Monday.

Those that are missing are written: delete one to have it made anew. The others are looked at and
thrown away.
"""

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from hub.demo.accounts import ASSISTANT
from tests.e2e import crawl, steps
from tests.e2e.conftest import DESKTOP, PHONE, Open, in_language
from tests.e2e.server import Site

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
MAX_FOLDER = 2_000_000


@dataclass(frozen=True, slots=True)
class Picture:
    """``kind`` is that of the page in crawl.py, or an address that the demo assistant opens."""

    name: str
    kind: str
    size: tuple[int, int] = DESKTOP
    scheme: str = "light"
    language: str = "en"


PICTURES = (
    Picture("home", "site.home"),
    Picture("home-chinese-phone-dark", "site.home", PHONE, "dark", "zh"),
    Picture("event", "events.show open"),
    Picture("ticket-phone", "signups.show confirmed False", PHONE),
    Picture("service-phone", "/en/service", PHONE),
    Picture("log-phone", "/en/service/records/new", PHONE),
    Picture("certificate", "/en/service/certificates/2"),
    Picture("talks-phone", "talks.index", PHONE),
    Picture("coverage", "desk_coverage.index"),
    Picture("calendars-phone", "calendars.subscribe", PHONE),
    Picture("message", "desk_messages.preview"),
    Picture("changes", "changes.index"),
    Picture("suggest-phone", "suggestions.new", PHONE),
    Picture("desk-suggestions", "desk_suggestions.index"),
    Picture("desk-records", "desk_records.index"),
    Picture("desk", "desk.today"),
    Picture("desk-sign-ups-phone", "desk_signups.index waiting", PHONE),
)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_picture(
    demo_site: Site,
    demo_pages: dict[str, str],
    open_page: Open,
    picture: Picture,
    tmp_path: Path,
) -> None:
    kept = FOLDER / f"{picture.name}.png"
    path = tmp_path / kept.name if kept.exists() else kept
    page = open_page(demo_site, size=picture.size, scheme=picture.scheme, language=picture.language)
    if picture.kind.startswith("desk"):
        steps.log_in(page, crawl.ADMIN_EMAIL, crawl.ADMIN_PASSWORD, picture.language)
    if picture.kind.startswith("/"):
        steps.log_in(page, ASSISTANT.email, ASSISTANT.password, picture.language, to="me")
    address = demo_pages.get(picture.kind, picture.kind)
    page.goto(in_language(address, picture.language), wait_until="networkidle")
    page.screenshot(path=path)
    width, height, colours = _look(path)
    assert (width, height) == picture.size
    assert colours > 50, "the picture is blank"


def test_the_pictures_stay_small() -> None:
    assert sum(file.stat().st_size for file in FOLDER.glob("*.png")) < MAX_FOLDER
    stray = {file.stem for file in FOLDER.glob("*")} - {picture.name for picture in PICTURES}
    assert not stray, "pictures that no test makes"


def _look(path: Path) -> tuple[int, int, int]:
    """Width, height, and how many different bytes the unpacked picture has."""
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    packed, at = b"", 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        packed += data[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += length + 12
    return width, height, len(set(zlib.decompress(packed)))
