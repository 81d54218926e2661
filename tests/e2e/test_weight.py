"""A first view is light, asks little of the network, and does not jump about."""

import gzip
from typing import Any

import pytest

from tests.e2e.conftest import HTMX, PHONE, Open
from tests.e2e.server import Site

MAX_BYTES = 45 * 1024
MAX_REQUESTS = 6
MAX_SHIFT = 0.02
PAGES = {"home": "/en/", "list": "/en/events", "event": "/en/events/1", "chinese": "/zh/events"}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_first_view_is_light(demo_site: Site, open_page: Open, path: str) -> None:
    page = open_page(demo_site, size=PHONE)
    wire = page.context.new_cdp_session(page)
    addresses: dict[str, str] = {}
    weights: dict[str, float] = {}

    def asked(event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith("data:"):
            addresses[event["requestId"]] = event["request"]["url"]

    def came(event: dict[str, Any]) -> None:
        if event["requestId"] in addresses:
            weights[addresses[event["requestId"]]] = event["encodedDataLength"]

    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.loadingFinished", came)
    wire.send("Network.enable")
    page.goto(path, wait_until="networkidle")
    # The stand-in for the CDN does not compress; the CDN does, and at least so well.
    htmx = demo_site.app.config["HTMX_URL"]
    assert htmx in weights
    weights[htmx] = len(gzip.compress(HTMX.read_bytes(), 9)) + 400
    assert all(weights.values()), weights
    assert len(addresses) <= MAX_REQUESTS, weights
    assert sum(weights.values()) <= MAX_BYTES, weights


SHIFTS = """() => new Promise((done) => {
    let sum = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(sum), 300);
})"""


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_first_view_does_not_jump(demo_site: Site, open_page: Open, path: str) -> None:
    page = open_page(demo_site, size=PHONE)
    page.goto(path, wait_until="networkidle")
    assert page.evaluate(SHIFTS) < MAX_SHIFT


def test_a_jump_would_be_seen(demo_site: Site, open_page: Open) -> None:
    """The measure itself: a block that appears late above the content counts."""
    page = open_page(demo_site, size=PHONE)
    page.goto("/en/", wait_until="networkidle")
    page.evaluate(
        """() => new Promise((done) => {
            const block = document.createElement("p");
            block.textContent = "late ".repeat(200);
            document.body.prepend(block);
            requestAnimationFrame(() => requestAnimationFrame(done));
        })"""
    )
    assert page.evaluate(SHIFTS) > MAX_SHIFT
