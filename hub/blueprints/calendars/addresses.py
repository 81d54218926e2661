"""What the address of a calendar asks for. All of it stands in the query: ``text`` is the language
of the words, the rest are filters."""

from collections.abc import Iterable

from flask import g, request

from hub.enums import DeadlineKind, EventKind, FeedKind
from hub.exceptions import InvalidInput
from hub.i18n import SPOKEN, _
from hub.queries.events import EventFilter
from hub.queries.feed_marks import Mark
from hub.web.feeds import Narrowed
from hub.web.site import built_languages, language_codes

PUBLIC = {"community", "kind", "language", "text"}
DESK = {"community", "with", "text"}


class BadQuery(InvalidInput):
    """The address of a feed asks for something that is not there."""

    status = 400


def read_public_query() -> EventFilter:
    """Raises BadQuery with words."""
    args = request.args
    _check_names(PUBLIC)
    kind, language = args.get("kind", ""), args.get("language", "")
    if language and language not in SPOKEN:
        raise _unknown("language")
    if kind and kind not in list(EventKind):
        raise _unknown("kind")
    return EventFilter(
        kind=EventKind(kind) if kind else None,
        community=_slug(),
        language=language,
    )


def read_private_query(kind: FeedKind) -> Narrowed:
    """Deadlines and a community are asked for at the desk alone. Raises BadQuery with words."""
    _check_names(DESK if kind is FeedKind.STAFF else {"text"})
    chosen = [name for name in request.args.get("with", "").split(",") if name]
    if not set(chosen) <= set(DeadlineKind):
        raise _unknown("with")
    return Narrowed(_slug(), frozenset(map(DeadlineKind, chosen)))


def speak_as_asked(marks: list[Mark]) -> None:
    """From here on, write in the language of the address: that of ``text``, else that of the filter
    if the site speaks it, else the site's first. Raises BadQuery for a community without a mark.

    A calendar outlives the day on which its language is switched off.
    """
    if (asked := request.args.get("text")) is not None:
        g.lang = asked
    else:
        codes, language = language_codes(), request.args.get("language")
        g.lang = language if language in codes else codes[0]
    if request.args.get("community") and not any(mark[0] == "c" for mark in marks):
        raise _unknown("community")


def _check_names(known: Iterable[str]) -> None:
    args = request.args
    if args.get("text", built_languages()[0]) not in built_languages():
        raise _unknown("text")
    unknown = sorted(set(args) - set(known))
    if unknown:
        _speak()
        raise BadQuery(_("Unknown filter: %(names)s", names=", ".join(unknown)[:100]))


def _slug() -> str:
    """The community asked for; what no slug can be is not asked of the database."""
    slug = request.args.get("community", "")
    if len(slug) > 40 or not slug.isprintable():
        raise _unknown("community")
    return slug


def _unknown(name: str) -> BadQuery:
    _speak()
    return BadQuery(_("Unknown value of “%(name)s”.", name=name))


def _speak() -> None:
    """The refusal too is in the language of the address, if it names one that is on."""
    text, codes = request.args.get("text"), language_codes()
    g.lang = text if text in codes else codes[0]
