"""Events as calendar entries in the language of the reader, and one of them as a file."""

from datetime import datetime
from urllib.parse import quote

from flask import Response, current_app, url_for

from hub.enums import EventStatus
from hub.i18n import _, language_name
from hub.integrations.ical import CalendarEntry, CalendarInfo
from hub.integrations.markdown import to_text
from hub.models import Event
from hub.web.i18n import current_code
from hub.web.site import site_name

MIMETYPE = "text/calendar"


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


def calendar_info(
    last_modified: datetime | None = None, name: str = "", *, private: bool = False
) -> CalendarInfo:
    """What a calendar says about itself."""
    about = _("Events of the communities of Liuxia Subdistrict, Hangzhou")
    return CalendarInfo(
        name=name or site_name(),
        description="" if private else about,
        url=current_app.config["BASE_URL"] + url_for("events.index"),
        colour="seagreen",
        last_modified=last_modified,
        private=private,
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
