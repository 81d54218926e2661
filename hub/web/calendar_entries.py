"""Events as calendar entries in the language of the reader, and the answers that carry them."""

from datetime import UTC, datetime
from urllib.parse import quote

from flask import Response, current_app, request, url_for
from werkzeug.http import generate_etag

from hub.enums import EventStatus
from hub.i18n import _, language_name
from hub.integrations.ical import CalendarEntry, CalendarInfo
from hub.integrations.markdown import to_text
from hub.models import Event
from hub.web.i18n import current_code
from hub.web.site import site_name

MIMETYPE = "text/calendar"
MAX_AGE = 900  # seconds; the feeds themselves ask for an hour


def event_entry(event: Event) -> CalendarEntry:
    """One session, in the language that is being written."""
    text = event.text()
    language = current_code()
    cancelled = event.status is EventStatus.CANCELLED
    summary = _("Cancelled: %(title)s", title=text.title) if cancelled else text.title
    names = ", ".join(language_name(code, language) for code in event.languages)
    parts = [
        text.cancellation_reason if cancelled else "",
        text.summary,
        to_text(text.description),
        _("Languages: %(names)s", names=names) if names else "",
    ]
    venue = event.venue.text()
    return CalendarEntry(
        uid=event.uid,
        sequence=event.sequence,
        status="CANCELLED" if cancelled else "CONFIRMED",
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        created_at=event.created_at,
        last_modified=event.changed_at,
        summary=summary,
        description="\n\n".join(part for part in parts if part),
        url=current_app.config["BASE_URL"] + url_for("events.show", event_id=event.id),
        place=venue.name,
        address=venue.address,
        categories=(str(event.kind.label),),
        latitude=event.venue.latitude,
        longitude=event.venue.longitude,
    )


def calendar_info(last_modified: datetime | None = None, name: str = "") -> CalendarInfo:
    """What a calendar says about itself."""
    return CalendarInfo(
        name=name or site_name(),
        description=_("Events of the communities of Liuxia Subdistrict, Hangzhou"),
        url=current_app.config["BASE_URL"] + url_for("events.index"),
        colour="seagreen",
        last_modified=last_modified,
    )


def download(body: bytes, event: Event) -> Response:
    """One event as a file to open: ASCII name, and the title as ``filename*`` (RFC 6266)."""
    response = Response(body, content_type=f"{MIMETYPE}; charset=utf-8")
    name = f"linqiao-{event.id}.ics"
    title = quote(f"{event.title[:60]}.ics", safe="")
    response.headers["Content-Disposition"] = (
        f"attachment; filename={name}; filename*=UTF-8''{title}"
    )
    return response


def feed_response(body: bytes, last_modified: datetime | None) -> Response:
    """A feed as calendar programs want it: strong ETag over the bytes, 304, no cookie."""
    response = Response(body, content_type=f"{MIMETYPE}; charset=utf-8")
    response.set_etag(generate_etag(body))
    if last_modified is not None:
        response.last_modified = last_modified.astimezone(UTC)
    response.cache_control.public = True
    response.cache_control.max_age = MAX_AGE
    response.make_conditional(request)
    return response
