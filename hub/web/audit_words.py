"""The audit trail of an event in plain words."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hub.enums import EventKind, EventStatus, Visibility
from hub.extensions import db
from hub.i18n import _
from hub.models import AuditEntry, Community, Venue
from hub.web.filters import moment


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One decision: what, by whom, when, why; ``details`` are from what to what."""

    what: str
    who: str
    when: str
    reason: str
    details: list[str] = field(default_factory=list)


def audit_lines(trail: list[tuple[AuditEntry, str | None]]) -> list[AuditLine]:
    return [
        AuditLine(
            what=_what(entry),
            who=name or _("a visitor"),
            when=moment(entry.at),
            reason=entry.reason,
            details=_details(entry),
        )
        for entry, name in trail
    ]


def _what(entry: AuditEntry) -> str:
    return {
        "create": _("The draft was made."),
        "update": _("The event was changed."),
        EventStatus.PUBLISHED.value: _("The event was published."),
        EventStatus.CANCELLED.value: _("The event was cancelled."),
    }.get(entry.action, entry.action)


def _details(entry: AuditEntry) -> list[str]:
    if entry.action != "update":
        return []
    labels = _labels()
    return [
        _("%(what)s: %(old)s → %(new)s", what=labels[name], old=old, new=new)
        for name in entry.after
        if name in labels
        for old, new in [(_said(name, entry.before.get(name)), _said(name, entry.after[name]))]
    ]


def _labels() -> dict[str, str]:
    return {
        "kind": _("Kind"),
        "community_id": _("Community"),
        "venue_id": _("Venue"),
        "starts_at": _("Starts"),
        "ends_at": _("Ends"),
        "capacity": _("Places"),
        "party_limit": _("Most people under one name"),
        "has_waiting_list": _("Waiting list"),
        "visibility": _("Who sees it"),
        "titles": _("Title"),
    }


def _said(name: str, value: Any) -> str:
    """A value of the trail, as people say it."""
    if value is None:
        return "–"
    if name in ("starts_at", "ends_at"):
        return moment(datetime.fromisoformat(value))
    if name == "kind":
        return str(EventKind(value).label)
    if name == "visibility":
        return str(Visibility(value).label)
    if name == "has_waiting_list":
        return _("Yes") if value else _("No")
    if name == "titles":
        return " / ".join(value.values())
    if name in ("venue_id", "community_id"):
        venue, community = (Venue, value), (Community, value)
        thing = db.session.get(*venue) if name == "venue_id" else db.session.get(*community)
        return thing.name if thing is not None else "–"
    return str(value)
