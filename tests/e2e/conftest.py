"""A real Chromium against a real server. What a page does wrong fails the test that saw it."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    Route,
    sync_playwright,
)

from tests.conftest import NOON
from tests.e2e.server import Site, running_site

if TYPE_CHECKING:
    from tests.e2e.visitors import Visitor

HERE = Path(__file__).parent
HTMX = HERE / "node_modules" / "htmx.org" / "dist" / "htmx.min.js"
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP = (1280, 900)
PHONE = (360, 740)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--font-render-hinting=none",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share a site go to one worker; the long walks through the sample data to two."""
    for item in items:
        if HERE not in item.path.parents:
            continue
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.xdist_group(_group(item)))


def _group(item: pytest.Item) -> str:
    fixtures = getattr(item, "fixturenames", ())
    if "demo_site" in fixtures:
        callspec = getattr(item, "callspec", None)
        language = callspec.params.get("language", "zh") if callspec is not None else "zh"
        return f"browser-demo-{language}"
    return "browser" if "site" in fixtures else f"browser-{item.path.stem}"


@pytest.fixture(scope="session")
def site(worker: str) -> Iterator[Site]:
    """An empty site; the tests make what they need in it, and share it."""
    with running_site(f"e2e_{worker}", NOON) as running:
        yield running


@pytest.fixture(scope="session")
def demo_site(worker: str) -> Iterator[Site]:
    """A site with the sample data, always of the same day."""
    from hub.demo import load_demo

    with running_site(f"e2e_demo_{worker}", NOON) as running:
        with running.database():
            load_demo(seed=2026, scale=None, say=lambda words: None)
        yield running


@pytest.fixture(scope="session")
def demo_pages(demo_site: Site) -> dict[str, str]:
    """An English address for each kind of page of the demo site (crawl.py)."""
    from tests.e2e import crawl

    return crawl.all_pages(demo_site)


@pytest.fixture(scope="session")
def demo_visitors(demo_site: Site, demo_pages: dict[str, str]) -> "list[Visitor]":
    """Who looks at the demo site, and at what."""
    from tests.e2e import visitors

    return visitors.visitors(demo_site, demo_pages)


def in_language(address: str, language: str) -> str:
    return address.replace("/en/", f"/{language}/", 1)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    for file in (HTMX, AXE):
        if not file.exists():
            raise RuntimeError(f"{file} is missing: run `make browser`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        yield browser
        browser.close()


@dataclass
class Watch:
    """Collects what pages must not do. ``allow`` names answers that a test provokes."""

    problems: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, *patterns: str) -> None:
        """Let messages pass that match one of ``patterns``: ``status of 422``."""
        self.allowed += patterns

    def add(self, problem: str) -> None:
        if not any(re.search(pattern, problem) for pattern in self.allowed):
            self.problems.append(problem)

    def look_at(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.add(f"page error: {error.error}"))
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            address = message.location.get("url", "")
            self.add(f"console {message.type}: {message.text} ({address})")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.add(f"{response.status} {response.url}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    seen = Watch()
    yield seen
    assert not seen.problems, "\n".join(dict.fromkeys(seen.problems))


Open = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, watch: Watch) -> Iterator[Open]:
    """``open_page(site, size=PHONE, js=False, …)``: a page in a browser of its own, still empty.

    Nothing leaves this machine: the address of htmx is answered from the npm package, so that
    its checksum is really compared; any other address is refused and fails the test.
    """
    contexts: list[BrowserContext] = []

    def open_one(
        site: Site,
        *,
        size: tuple[int, int] = DESKTOP,
        js: bool = True,
        scheme: str = "light",
        language: str = "en",
        htmx: bytes | None = None,
        **options: object,
    ) -> Page:
        context = chromium.new_context(
            base_url=site.url,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=js,
            color_scheme=scheme,
            locale={"en": "en-GB", "zh": "zh-CN"}[language],
            has_touch=size[0] < 600,
            is_mobile=size[0] < 600,
            reduced_motion="reduce",
            timezone_id="Asia/Shanghai",
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(8000)
        watch.look_at(context)
        body = HTMX.read_bytes() if htmx is None else htmx

        def answer(route: Route) -> None:
            if route.request.url == site.app.config["HTMX_URL"]:
                headers = {"Access-Control-Allow-Origin": "*"}
                route.fulfill(body=body, content_type="application/javascript", headers=headers)
                return
            watch.add(f"asked the world for {route.request.url}")
            route.abort()

        context.route(re.compile(rf"^(?!{re.escape(site.url)}/)"), answer)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
