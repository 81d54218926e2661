"""The audit trail in plain words: what was done to what, by whom, from what to what, and why."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import url_for

from hub import clock
from hub.enums import (
    ApplicationStatus,
    AssessmentResult,
    AssignmentStatus,
    CertificateStatus,
    ConsentPurpose,
    CountMethod,
    EventKind,
    EventStatus,
    MessageChoice,
    Moderation,
    Programme,
    Provenance,
    Reach,
    RecordStatus,
    SignUpStatus,
    StaffRole,
    SuggestionCategory,
    SuggestionOutcome,
    SuggestionStatus,
    Verdict,
    Visibility,
)
from hub.i18n import LANGUAGES, _, current_language, language_name
from hub.models import AuditEntry
from hub.queries.audit import Names, names_in
from hub.web.audit_sentences import fact_labels, papers, sentences, subject_labels
from hub.web.filters import day, moment


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One decision: what, about which thing, by whom, when, why; ``details`` are from → to."""

    what: str
    who: str
    when: str
    reason: str
    id: int = 0
    about: str = ""
    url: str = ""
    details: list[str] = field(default_factory=list)


def audit_lines(trail: list[tuple[AuditEntry, str | None]]) -> list[AuditLine]:
    names = names_in(entry for entry, _name in trail)
    return [
        AuditLine(
            what=what(entry),
            who=who(entry, name),
            when=moment(entry.at),
            reason=entry.reason,
            id=entry.id,
            about=_about(entry, names),
            url=_url(entry, names),
            details=details(entry, names),
        )
        for entry, name in trail
    ]


def csv_row(entry: AuditEntry, name: str | None, names: Names) -> list[object]:
    """One entry as a line of the export; ``EXPORT_HEAD`` names the columns."""
    return [
        entry.id,
        clock.to_local(entry.at).isoformat(sep=" ", timespec="seconds"),
        entry.actor_id,
        who(entry, name),
        what(entry),
        _about(entry, names),
        "; ".join(details(entry, names)),
        entry.reason,
    ]


def csv_head() -> list[str]:
    return [
        *(_("Number"), _("When"), _("Account"), _("Who"), _("What"), _("About"), _("Details")),
        _("Reason"),
    ]


def what(entry: AuditEntry) -> str:
    known = sentences().get((entry.subject, entry.action))
    return known or f"{entry.subject}: {entry.action}"


def who(entry: AuditEntry, name: str | None) -> str:
    if entry.actor_id is None:
        return _("a visitor")
    return name or _("Account %(number)s", number=entry.actor_id)


def details(entry: AuditEntry, names: Names) -> list[str]:
    """What changed, from what to what. That an event was published says its sentence already."""
    if entry.subject == "event" and entry.action not in ("update", "remove_helper"):
        return []
    labels, found = fact_labels(), []
    for name in dict.fromkeys([*entry.before, *entry.after]):
        if name not in labels:
            continue
        old, new = (_said(name, facts.get(name), names) for facts in (entry.before, entry.after))
        if name in entry.before and old == new:
            continue
        if name in entry.before:
            found.append(_("%(what)s: %(old)s → %(new)s", what=labels[name], old=old, new=new))
        elif entry.after[name] is not None:
            found.append(_("%(what)s: %(value)s", what=labels[name], value=new))
    return found


def _about(entry: AuditEntry, names: Names) -> str:
    """What the entry speaks of: by name if it still has one."""
    known = {
        "event": names.events,
        "community": names.communities,
        "venue": names.venues,
        "user": names.people,
    }.get(entry.subject, {})
    if name := known.get(entry.subject_id):
        return name
    label = subject_labels().get(entry.subject, entry.subject)
    if not entry.subject_id:
        return label
    return _("%(thing)s %(number)s", thing=label, number=entry.subject_id)


def _url(entry: AuditEntry, names: Names) -> str:
    """Where the thing can be looked at, if there is such a page."""
    if entry.subject == "event" and entry.subject_id in names.events:
        return url_for("desk_events.show", event_id=entry.subject_id)
    if entry.subject == "talk":
        return url_for("desk_talks.show", event_id=entry.subject_id)
    if entry.subject == "talk_plan":
        return url_for("desk_talks.series", series_id=entry.subject_id)
    if entry.subject == "duty":
        return url_for("desk_duties.show", duty_id=entry.subject_id)
    if entry.subject == "user" and names.people.get(entry.subject_id):
        return url_for("desk_people.show", user_id=entry.subject_id)
    if entry.subject == "community" and entry.subject_id in names.communities:
        return url_for("desk_places.community", community_id=entry.subject_id)
    if entry.subject == "venue" and entry.subject_id in names.venues:
        return url_for("desk_places.venue", venue_id=entry.subject_id)
    if entry.subject == "topic":
        return url_for("desk_topics.show", topic_id=entry.subject_id)
    if entry.subject == "talk_request":
        return url_for("desk_talk_requests.show", request_id=entry.subject_id)
    if entry.subject == "message":
        return url_for("desk_messages.index", q=entry.subject_id)
    if entry.subject == "suggestion":
        return url_for("desk_suggestions.show", suggestion_id=entry.subject_id)
    if entry.subject == "certificate":
        return url_for("desk_certificates.show", certificate_id=entry.subject_id)
    return ""


def _said(name: str, value: Any, names: Names) -> str:
    """A value of the trail, as people say it. One that no enum knows any more stays as it is."""
    if value is None or value == "" or value == {}:
        return "–"
    try:
        return _known(name, value, names)
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration):
        return str(value)


def _known(name: str, value: Any, names: Names) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name in ENUMS:
        return str(ENUMS[name](value).label)
    if name in MOMENTS:
        return moment(datetime.fromisoformat(value))
    if name == "status":
        kinds: tuple[Any, ...] = (SignUpStatus, EventStatus, RecordStatus, CertificateStatus)
        kinds += (AssignmentStatus, ApplicationStatus, SuggestionStatus)
        return next(str(kind(value).label) for kind in kinds if value in list(kind))
    if name == "paper":
        return papers()[value]
    if name == "language":
        return language_name(value, current_language())
    if name == "recruiting":
        return ", ".join(str(Programme(code).label) for code in value) or "–"
    if name == "topics":
        return ", ".join(value) or "–"
    if name == "languages":
        return ", ".join(LANGUAGES[code].name if code in LANGUAGES else code for code in value)
    if name in DAYS:
        return day(date.fromisoformat(value))
    if isinstance(value, dict):
        here = value.get(current_language())
        return " / ".join(str(v) for v in value.values()) if name == "titles" or not here else here
    return {
        "venue_id": names.venues,
        "community_id": names.communities,
        "event_id": names.events,
        "user_id": names.people,
    }.get(name, {}).get(value) or str(value)


ENUMS: dict[str, Any] = {
    "kind": EventKind,
    "visibility": Visibility,
    "role": StaffRole,
    "purpose": ConsentPurpose,
    "provenance": Provenance,
    "programme": Programme,
    "result": AssessmentResult,
    "reach": Reach,
    "count_method": CountMethod,
    "choice": MessageChoice,
    "category": SuggestionCategory,
    "outcome": SuggestionOutcome,
    "moderation": Moderation,
    "verdict": Verdict,
}
DAYS = ("checked_on", "valid_until", "due_on")
MOMENTS = ("starts_at", "ends_at", "sign_up_opens_at", "sign_up_closes_at")
