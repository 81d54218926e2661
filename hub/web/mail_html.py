"""The HTML of a mail, made of its text, so that no mail is written twice.

Paragraphs stand apart by a blank line, the foot after a line "--". What else the text means is
seen from its form: a paragraph "words: address of ours" is a button, lines "  label: value", set in
by two blanks, are facts, lines "- words" are a list, and what else follows a paragraph that ends in
a colon is a quotation.
"""

import re
from dataclasses import dataclass, field

from flask import current_app, render_template
from markupsafe import Markup, escape

from hub.i18n import _

LABELLED = re.compile(r"  ([^:：]{1,40})(?::\s+|：\s*)(\S.*)")
BUTTON = re.compile(r"(.+?)\s*[:：]\s*(https?://\S+)")
ADDRESS = re.compile(r"https?://[^\s<>\"'，。；）]+[^\s<>\"'，。；）.,;:!?)]")
LONGEST_LABEL = 40  # characters; longer words stand above their button
LINK_STYLE = "color:#1d6350;text-decoration:underline"  # --tea; mail programs read no style sheets


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a mail; of the fields those are filled that its ``kind`` needs."""

    kind: str  # text, quote, list, facts, button
    lines: list[Markup] = field(default_factory=list)
    facts: list[tuple[str, Markup]] = field(default_factory=list)
    label: str = ""
    url: str = ""
    primary: bool = False


def html_of(subject: str, body: str) -> str:
    """The page of a mail. All of the text is escaped; only addresses of this site are links."""
    main, _dashes, foot = f"\n{body}".partition("\n--\n")
    return render_template(
        "email/layout.html",
        heading=" ".join(subject.split()),
        blocks=_blocks(main),
        foot=[_line(line) for line in foot.splitlines() if line.strip()],
    )


def _blocks(text: str) -> list[Block]:
    blocks: list[Block] = []
    for paragraph in re.split(r"\n{2,}", text.strip("\n")):
        lines = [line.rstrip() for line in paragraph.splitlines() if line.strip()]
        leads = [found for line in lines if (found := _leads(line))]
        if lines and len(leads) == len(lines) == 1:
            blocks += _button(leads[0], first=not any(b.kind == "button" for b in blocks))
        else:
            points = [line[2:] for line in lines if line.startswith("- ")]
            lines = [line for line in lines if not line.startswith("- ")]
            if lines:
                blocks.append(_words_block(lines, blocks))
            if points:
                blocks.append(Block("list", lines=[_line(point) for point in points]))
    return blocks


def _button(leads: re.Match[str], *, first: bool) -> list[Block]:
    label, url = leads[1].strip(), leads[2]
    if len(label) <= LONGEST_LABEL:
        label = label[:1].upper() + label[1:]
        return [Block("button", label=label, url=url, primary=first)]
    words = Block("text", lines=[escape(f"{label}:")])
    return [words, Block("button", label=_("Open the link"), url=url, primary=first)]


def _words_block(lines: list[str], before: list[Block]) -> Block:
    facts = [LABELLED.fullmatch(line) for line in lines]
    if all(facts):
        return Block("facts", facts=[(fact[1], _linked(fact[2])) for fact in facts if fact])
    said = len(before) > 1 and before[-1].kind == "text" and before[-1].lines[-1][-1:] in ":："
    return Block("quote" if said else "text", lines=[_line(line) for line in lines])


def _line(line: str) -> Markup:
    """Its address, if it ends in one of ours, behind its words."""
    leads = _leads(line.strip())
    return _link(leads[2], leads[1]) if leads else _linked(line)


def _leads(line: str) -> re.Match[str] | None:
    """The match of a line "words: address of ours"."""
    found = BUTTON.fullmatch(line)
    return found if found and _is_ours(found[2]) else None


def _linked(line: str) -> Markup:
    """The line escaped, addresses of ours as links: what strangers wrote leads nowhere."""
    parts, end = [], 0
    for found in ADDRESS.finditer(line):
        if _is_ours(found[0]):
            parts += [escape(line[end : found.start()]), _link(found[0], found[0])]
            end = found.end()
    return Markup("").join([*parts, escape(line[end:])])


def _link(url: str, words: str) -> Markup:
    return Markup('<a href="{}" class="link" style="{}">{}</a>').format(url, LINK_STYLE, words)


def _is_ours(url: str) -> bool:
    base: str = current_app.config["BASE_URL"]
    return url.startswith(f"{base}/")
