"""The address of a calendar in its three shapes, and the private one that is shown once."""

from dataclasses import dataclass

from flask import current_app, session, url_for

from hub.i18n import _
from hub.integrations.qr import to_svg

KEPT_AS = "calendar_feed"


@dataclass(frozen=True, slots=True)
class FeedLink:
    """``url`` to copy, ``webcal`` to open in a calendar program, ``qr`` an SVG for a phone."""

    url: str
    webcal: str
    qr: str


def public_link(path: str) -> FeedLink:
    """The calendar at ``path``, under the address of the site that the settings name."""
    url = str(current_app.config["BASE_URL"]) + path
    webcal = "webcal://" + url.partition("://")[2]
    return FeedLink(url, webcal, to_svg(webcal, title=_("QR code of the calendar’s address")))


def keep_address(feed_id: int, token: str, filters: dict[str, str]) -> None:
    """Keep the address for the next page, in the cookie of its owner: it is stored nowhere."""
    session[KEPT_AS] = [feed_id, token, filters]


def kept_link(feed_id: int) -> FeedLink | None:
    """The address, if it was made just now. It is forgotten with this."""
    kept = session.get(KEPT_AS)
    if not kept or kept[0] != feed_id:
        return None
    session.pop(KEPT_AS)
    return public_link(url_for("feeds.private", token=kept[1], **kept[2]))


def forget_address() -> None:
    session.pop(KEPT_AS, None)
