"""htmx is added to what works without it; templates hold no scripts and ask no questions."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import before_render_template, template_rendered
from sqlalchemy import event as sql_event

from hub.extensions import db
from tests.contracts.crawl import crawl
from tests.people import EVE

TEMPLATES = Path(__file__).resolve().parents[2] / "hub" / "templates"
JINJA = r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}"
QUOTED = rf'"(?:{JINJA}|[^"])*"' + "|" + rf"'(?:{JINJA}|[^'])*'"
TAG = re.compile(rf"<([a-z][\w-]*)((?:{JINJA}|{QUOTED}|[^<>\"'])*)>", re.DOTALL)
ATTRIBUTE = re.compile(rf"([\w:.@-]+)=({QUOTED})", re.DOTALL)


def files() -> list[Path]:
    return sorted(p for p in TEMPLATES.rglob("*") if p.is_file())


def tags(source: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Name, attributes and text of each tag as it stands in a template."""
    for match in TAG.finditer(source):
        pairs = ATTRIBUTE.findall(match[2])
        yield match[1], {name: value[1:-1] for name, value in pairs}, match[0]


# QR codes that are drawn on the server: both SVG of ours (integrations/qr.py)
PICTURES = ("{{qr|safe}}", "{{authr_qrcode|safe}}")


def problems(source: str) -> Iterator[str]:
    """What a template may not hold."""
    for name, attributes, text in tags(source):
        get, post = attributes.get("hx-get"), attributes.get("hx-post")
        if get is not None:
            fits = {"a": attributes.get("href") == get}
            method = attributes.get("method", "get").lower()
            fits["form"] = attributes.get("action") == get and method == "get"
            if not fits.get(name):
                yield f"hx-get without the same link or form: {text}"
        if post is not None:
            same = attributes.get("action") == post and attributes.get("method") == "post"
            button = name == "button" and attributes.get("formaction") == post
            if not (name == "form" and same) and not button:
                yield f"hx-post without the same form: {text}"
        for attribute, value in attributes.items():
            if attribute.startswith(("hx-on", "on", "@")) or attribute == "style":
                yield f"{attribute}: {text}"
            if attribute in ("hx-put", "hx-patch", "hx-delete", "hx-vals", "hx-vars", "hx-eval"):
                yield f"{attribute}: {text}"
            if re.match(r"\s*(js|javascript):", value, re.IGNORECASE):
                yield f"script in {attribute}: {text}"
            if attribute == "hx-trigger" and "[" in value:
                yield f"condition in hx-trigger: {text}"
            if attribute == "method" and value.lower() not in ("get", "post"):
                yield f"method {value}: {text}"
        if name == "style":
            yield f"style sheet in the page: {text}"
        if name == "script" and "src" not in attributes:
            yield f"script in the page: {text}"
    for word in (
        r"\bdb\.",
        r"\.query\b",
        r"\bselect\(",
        r"\.scalars?\(",
        r"\bsession\b",
    ):
        for code in re.findall(JINJA, source, re.DOTALL):
            said = re.sub(r'"[^"]*"', '""', code)  # words for people are no code
            if not code.startswith("{#") and re.search(word, said):
                yield f"a question to the database: {code}"
    if re.search(r"\|\s*safe\b", source):
        for code in re.findall(r"\{\{[^}]*\|\s*safe[^}]*\}\}", source):
            if code.replace(" ", "") not in PICTURES:
                yield f"unescaped: {code}"


# Mail programs read no style sheets: the one template of their HTML holds its own.
STYLED = TEMPLATES / "email" / "layout.html"


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_template_keeps_to_the_house(path):
    found = problems(path.read_text())
    if path == STYLED:
        found = (problem for problem in found if not problem.startswith("style"))
    assert list(found) == []


@pytest.mark.parametrize(
    "bad",
    [
        '<a href="/a" hx-get="/b">x</a>',
        '<button hx-get="{{ url_for("x") }}">x</button>',
        '<form method="get" action="/a" hx-post="/a">',
        '<form method="post" action="{{ a }}" hx-post="{{ b }}">',
        '<div hx-post="/a">',
        '<a href="javascript:x()">',
        '<p onclick="x()">',
        '<p hx-on:click="x()">',
        '<p style="color: red">',
        "<p style='color: red'>",
        '<form hx-get="/a" action="/a" hx-trigger="keyup[ctrlKey]">',
        '<form method="delete" action="/a">',
        '<button hx-delete="/a">',
        "<style>p {}</style>",
        "<script>x()</script>",
        "{% for e in Event.query.all() %}",
        "{{ db.session.get(x) }}",
        "{{ text|safe }}",
        '<p hx-vals="js:{a: 1}">',
    ],
)
def test_the_check_sees(bad):
    assert list(problems(bad))


def test_the_check_reads_every_htmx_attribute_there_is():
    written = sum(len(re.findall(r"\shx-(?:get|post)=", p.read_text())) for p in files())
    read = sum(
        ("hx-get" in attributes) + ("hx-post" in attributes)
        for p in files()
        for _name, attributes, _text in tags(p.read_text())
    )
    assert read == written > 5


@pytest.fixture
def queries_while_rendering(app, site) -> Iterator[list[str]]:
    """The statements that reach the database while a template is being written."""
    rendering: list[str] = []
    found: list[str] = []

    def begin(sender: object, template: object, **_more: object) -> None:
        rendering.append(str(getattr(template, "name", "")))

    def end(sender: object, **_more: object) -> None:
        rendering.pop()

    def look(connection, cursor, statement, *_more: object) -> None:
        if rendering and statement.lstrip().upper().startswith("SELECT"):
            found.append(f"{rendering[-1]}: {statement[:100]}")

    sql_event.listen(db.engine, "before_cursor_execute", look)
    with before_render_template.connected_to(begin, app), template_rendered.connected_to(end, app):
        yield found
    sql_event.remove(db.engine, "before_cursor_execute", look)


@pytest.mark.parametrize("who", ["anybody", "ada", "nadia"])
def test_templates_ask_the_database_nothing(app, site, walk, queries_while_rendering, who):
    client = EVE(app)
    if who != "anybody":
        client.log_in(getattr(site, who))
    pages = crawl(client, walk[who]).pages
    assert len(pages) > 10
    assert sorted(set(queries_while_rendering)) == []


def test_every_htmx_request_of_the_site_is_answered_with_a_part(app, site, walk):
    client = EVE(app).log_in(site.ada)
    for page in crawl(client, walk["ada"]).pages.values():
        for tag in page.all("[hx-get]"):
            part = client.get_page(str(tag["hx-get"]), htmx=True)
            goal = str(tag["hx-target"])
            assert goal.startswith("#")
            assert part.one(goal), f"{page.url}: {tag['hx-get']} does not bring {goal}"
            assert page.one(goal), f"{page.url} has no {goal}"
            assert tag["hx-swap"].startswith("outerHTML")
