"""The eyes of the other tests: what they must see is shown to them once."""

import pytest

from tests.e2e.conftest import AXE, HERE, PHONE, Open, Watch
from tests.e2e.server import Site

WRONGS = {
    "a console error": ("console.error('ouch')", "ouch"),
    "an uncaught error": ("setTimeout(() => { throw new Error('ouch') })", "page error: .*ouch"),
    "the world": ("fetch('https://example.com/').catch(() => 0)", "Content Security Policy"),
    "an image": ("document.body.append(Object.assign(new Image(), {src: '//x.test/'}))", "Content"),
    "an inline style": ("document.body.setAttribute('style', 'color: red')", "Content Security"),
    "an inline script": (
        "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
        "Content Security Policy",
    ),
}


@pytest.mark.parametrize("name", WRONGS)
def test_the_watch_sees(site: Site, open_page: Open, watch: Watch, name: str) -> None:
    script, pattern = WRONGS[name]
    page = open_page(site)
    page.goto("/en/")
    page.evaluate(f"() => {{ {script} }}")
    page.wait_for_timeout(200)
    assert watch.problems
    watch.allow(pattern)
    seen, watch.problems = watch.problems, []
    for problem in seen:
        watch.add(problem)


def test_an_address_elsewhere_is_refused(site: Site, open_page: Open, watch: Watch) -> None:
    page = open_page(site)
    with pytest.raises(Exception, match="ERR_FAILED"):
        page.goto("https://example.com/")
    assert watch.problems == ["asked the world for https://example.com/"]
    watch.problems.clear()


# A node that is wrong in one way: tag, words, style.
FLAWS = {
    "overflow": ("p", "wide", {"inlineSize": "900px"}),
    "clipped": ("p", "cut " * 90, {"blockSize": "1rem", "overflow": "hidden"}),
    "targets": ("button", "x", {}),
}


@pytest.mark.parametrize("check", FLAWS)
def test_the_eyes_see(site: Site, open_page: Open, check: str) -> None:
    page = open_page(site, size=PHONE)
    page.goto("/en/")
    page.evaluate((HERE / "look.js").read_text())
    assert page.evaluate(f"look.{check}()") == []
    page.evaluate(
        """([tag, words, style]) => {
            const node = document.createElement(tag);
            node.textContent = words;
            Object.assign(node.style, style);
            document.querySelector("main").append(node);
        }""",
        list(FLAWS[check]),
    )
    assert page.evaluate(f"look.{check}()")


def test_axe_sees(site: Site, open_page: Open) -> None:
    page = open_page(site)
    page.goto("/en/")
    page.evaluate(AXE.read_text())
    page.evaluate("() => document.querySelector('main').append(document.createElement('button'))")
    page.evaluate("() => { document.querySelector('#how').style.color = '#ddd'; }")
    found = {v["id"] for v in page.evaluate("() => axe.run()")["violations"]}
    assert {"button-name", "color-contrast"} <= found
