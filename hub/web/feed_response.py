"""Calendars as calendar programs want them: a strong ETag over the bytes, 304, no cookie."""

from datetime import UTC

from flask import Response, request

from hub.web.calendar_entries import MIMETYPE
from hub.web.feed_cache import Written

MAX_AGE = 900  # seconds; the feeds themselves ask for an hour
CODINGS = ("gzip", "br", "zstd", "deflate")  # Flask-Compress puts them behind the ETag


def public_response(written: Written) -> Response:
    response = _unchanged(written) or _whole(written)
    if written.last_modified is not None:
        response.last_modified = written.last_modified.astimezone(UTC)
    response.cache_control.public = True
    response.cache_control.max_age = MAX_AGE
    response.make_conditional(request)
    return response


def private_response(written: Written) -> Response:
    """Kept by its reader alone, who asks each time. Without a date: what a queue or free seats
    change in it moves none."""
    response = _unchanged(written) or _whole(written)
    response.cache_control.private = True
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


def _whole(written: Written) -> Response:
    response = Response(written.body, content_type=f"{MIMETYPE}; charset=utf-8")
    response.set_etag(written.etag)
    return response


def _unchanged(written: Written) -> Response | None:
    """304 for whoever holds a compressed copy: nothing is packed again only to be compared."""
    for coding in CODINGS:
        tag = f"{written.etag}:{coding}"
        if tag in request.if_none_match and request.accept_encodings.quality(coding) > 0:
            response = Response(status=304)
            response.set_etag(tag)
            return response
    return None
