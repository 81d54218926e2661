"""Markdown as staff write it, made into HTML that is safe to show."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

_parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
_TAGS = {
    *("p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code", "pre", "hr"),
    *("h3", "h4", "table", "thead", "tbody", "tr", "th", "td"),
}
# A page has its own h1 and h2: headings inside a text start below them.
_HEADINGS = {"h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4"}


def to_html(source: str) -> str:
    """``source`` (CommonMark and tables) as HTML of a few harmless tags."""
    tokens = _parser.parse(source)
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
    html = _parser.renderer.render(tokens, _parser.options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener nofollow",
    )


@lru_cache(maxsize=4096)
def to_text(source: str) -> str:
    """``source`` as plain text, for calendars and mails; remembered for feeds of thousands."""
    lines: list[str] = []
    for token in _parser.parse(source):
        if token.type == "inline" and token.children:
            lines.append(
                "".join(
                    "\n" if c.type in ("softbreak", "hardbreak") else c.content
                    for c in token.children
                )
            )
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.rstrip())
    return "\n".join(lines)
