"""Texts made fit for iCalendar (RFC 5545): no character that a reader may not meet."""

import re
import unicodedata
from typing import Final

SUMMARY_LIMIT: Final = 255  # characters; longer titles end in an ellipsis

_LINE_BREAKS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
_GAPS: Final = re.compile(r"[\n\t]+")
_UNSAFE_IN_URL: Final = re.compile(r"[^!-~]")
_ZERO_WIDTH_JOINER: Final = "\u200d"


def clean(text: str) -> str:
    """Return `text` with LF as its only line break; no control but tab, no surrogate, no BOM.

    RFC 5545 §3.1 forbids CONTROL in a value. Unicode's other line breaks become LF as well, for
    readers that split lines the way Python does.
    """
    return _UNWRITABLE.sub("", _LINE_BREAKS.sub("\n", text))


def one_line(text: str) -> str:
    """Return `text` cleaned, each run of line breaks and tabs a space, without outer spaces."""
    return _GAPS.sub(" ", clean(text)).strip()


def shortened(text: str) -> str:
    """Return at most SUMMARY_LIMIT characters, no accent or joined emoji cut in two."""
    if len(text) <= SUMMARY_LIMIT:
        return text
    cut = SUMMARY_LIMIT - 1
    while cut and (
        _ZERO_WIDTH_JOINER in text[cut - 1 : cut + 1] or unicodedata.category(text[cut])[0] == "M"
    ):
        cut -= 1
    return text[: cut or SUMMARY_LIMIT - 1].rstrip() + "…"


def check_url(url: str) -> None:
    """Raise ValueError unless `url` is empty or absolute and in ASCII (RFC 3986 §4.3, §2)."""
    if url and (_UNSAFE_IN_URL.search(url) or not url.startswith(("https://", "http://"))):
        raise ValueError(f"{url!r} is not an absolute, percent-encoded URL")
