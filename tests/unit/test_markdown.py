"""Markdown as staff write it: what is shown is harmless, whatever was typed."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from hub.integrations.markdown import to_html, to_text

TAGS = {
    *("p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code", "pre", "hr"),
    *("h3", "h4", "table", "thead", "tbody", "tr", "th", "td"),
}


def harmless(html: str) -> bool:
    for tag in BeautifulSoup(html, "html.parser").find_all(True):
        if tag.name not in TAGS:
            return False
        allowed = {"title", "lang", "href", "rel"} if tag.name == "a" else {"title", "lang"}
        if not set(tag.attrs) <= allowed:
            return False
        href = str(tag.get("href", "https:")).lower()
        if not href.startswith(("http:", "https:", "mailto:", "tel:", "/", "#", "?")) and (
            ":" in href.partition("/")[0]
        ):
            return False
    return True


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**bold** and *soft*", "<p><strong>bold</strong> and <em>soft</em></p>\n"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"),
        ("# Big", "<h3>Big</h3>\n"),
        ("## Smaller", "<h3>Smaller</h3>\n"),
        ("### Small", "<h3>Small</h3>\n"),
        ("##### Tiny", "<h4>Tiny</h4>\n"),
        (
            "[map](https://map.example)",
            '<p><a href="https://map.example" rel="noopener nofollow">map</a></p>\n',
        ),
        ("", ""),
    ],
)
def test_markdown_becomes_html(source, html):
    assert to_html(source) == html


def test_tables_are_tables():
    assert "<td>14:00</td>" in to_html("| When |\n|---|\n| 14:00 |")


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
        "[x](vbscript:msgbox(1))",
        "[x](//evil.example)",
        "<javascript:alert(1)>",
        "![x](https://evil.example/pixel.png)",
        '[x](https://a.example "onmouseover=alert(1)")',
        "<style>body{display:none}</style>",
        "<iframe src='https://evil.example'></iframe>",
        "<svg/onload=alert(1)>",
        "<form action='https://evil.example'><input></form>",
        "```\n</code><script>alert(1)</script>\n```",
        '[x]: https://a.example "<script>"\n[x]',
        "<p style='position:fixed'>x</p>",
        "<h1 id=csrf_token>x</h1>",
    ],
)
def test_attack_is_shown_as_text_or_not_at_all(source):
    html = to_html(source)
    assert harmless(html), html
    assert "<script" not in html
    links = BeautifulSoup(html, "html.parser").select("a[href]")
    assert not [a for a in links if "script:" in str(a["href"]).lower()]


@given(st.text(alphabet="<>[]()!*_`#|&;:/\"'= \nahrefjscipton", max_size=80))
def test_whatever_is_typed_the_html_is_harmless(source):
    assert harmless(to_html(source))


def test_links_tell_nobody_where_the_reader_came_from():
    assert 'rel="noopener nofollow"' in to_html("<https://a.example>")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("# Big\n\n**bold** [map](https://map.example)", "Big\nbold map"),
        ("one\ntwo", "one\ntwo"),
        ("```\ncode\n```", "code"),
        ("- a\n- b", "a\nb"),
        ("& < >", "& < >"),
        ("", ""),
    ],
)
def test_markdown_becomes_plain_text(source, text):
    assert to_text(source) == text
