"""What every page is given: the site, its languages and the ways through it."""

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_wtf.csrf import generate_csrf

from hub import clock
from hub.enums import Programme
from hub.i18n import LANGUAGES, _
from hub.policies import (
    can_handle_programmes,
    can_run_talks,
    has_term,
    is_active_in,
    is_admin,
    is_staff,
    lectures,
    manages_communities,
    sees_all_people,
)
from hub.policies.suggestions import can_handle_suggestions
from hub.web.access import actor
from hub.web.i18n import current_code, language_links
from hub.web.site import site_name


@dataclass(frozen=True, slots=True)
class NavItem:
    label: str
    url: str
    icon: str
    current: bool


OWN_SERVICE = ("service.", "records.", "lecturing.", "talk_reports.", "collecting.")
OWN_CERTIFICATES = ("certificates.mine", "certificates.show")


def init_app(app: Flask) -> None:
    app.context_processor(_context)
    app.add_template_global(generate_csrf, "csrf_token")


def _context() -> dict[str, object]:
    language = LANGUAGES[current_code()]
    return {
        "site_name": site_name(),
        "lang_tag": language.tag,
        "text_direction": language.direction,
        "language_links": language_links(),
        "htmx_src": current_app.config["HTMX_URL"],
        "htmx_integrity": current_app.config["HTMX_INTEGRITY"],
        "home_url": url_for("site.home"),
        "nav_items": _nav(),
        "desk_nav_items": _desk_nav() if is_staff(actor()) and _at_the_desk() else [],
        "account_items": _account_items(),
        "privacy_url": url_for("site.privacy"),
        "join_links": _join_links(),
        "keeps_questions": sees_all_people(actor()),
        "calendars_url": url_for("calendars.subscribe"),
        "certificates_url": url_for("certificates.verify"),
        "sign_in_url": url_for("security.login"),
        "sign_out_url": url_for("security.logout"),
    }


def _item(label: str, endpoint: str, icon: str, *prefixes: str) -> NavItem:
    here = request.endpoint or ""
    current = any(here.startswith(prefix) for prefix in prefixes or (endpoint,))
    return NavItem(label, url_for(endpoint), icon, current)


def _nav() -> list[NavItem]:
    items = [
        _item(_("Home"), "site.home", "home"),
        _item(_("Events"), "events.index", "calendar", "events.", "signups."),
        _item(_("Suggestions"), "suggestions.index", "speech", "suggestions."),
        _item(_("Service"), "service.today", "heart", *OWN_SERVICE, *OWN_CERTIFICATES)
        if _serves()
        else _item(_("Calendars"), "calendars.subscribe", "bell"),
    ]
    if is_staff(actor()):
        items.append(_item(_("Desk"), "desk.today", "desk", "desk", "door."))
    if actor() is not None:
        items.append(_item(_("Me"), "me.index", "person", "me.", "join.a"))
    return items


def _serves() -> bool:
    """Whether the visitor is an assistant or a lecturer today."""
    return any(is_active_in(actor(), programme, clock.today()) for programme in Programme)


def _join_links() -> list[NavItem]:
    """What changed, the law talks, and the two ways to lend a hand, for the foot of each page."""
    words = {"assistants": _("Become an assistant"), "lecturers": _("Become a lecturer")}
    changed = NavItem(_("You said, we did"), url_for("changes.index"), "megaphone", current=False)
    talks = NavItem(_("Law talks"), url_for("talks.index"), "scales", current=False)
    return [changed, talks] + [
        NavItem(label, url_for("join.programme", slug=slug), "heart", current=False)
        for slug, label in words.items()
    ]


def _account_items() -> list[NavItem]:
    """What stands in the menu under one's name."""
    if actor() is None:
        return []
    return [
        _item(_("My things"), "me.index", "person"),
        *([_item(_("My service records"), "records.index", "clock")] if has_term(actor()) else []),
        *([_item(_("My lecturing"), "lecturing.index", "scales")] if lectures(actor()) else []),
        _item(_("Password and security"), "accounts.security", "lock"),
    ]


def _at_the_desk() -> bool:
    return (request.blueprint or "").startswith(("desk", "door"))


def _desk_nav() -> list[NavItem]:
    items = [
        _item(_("Today"), "desk.today", "home"),
        _item(
            _("Events"), "desk_events.index", "calendar", "desk_events.", "desk_signups.", "door."
        ),
        _item(_("People"), "desk_people.index", "people", "desk_people."),
    ]
    if manages_communities(actor()):
        items.append(_item(_("Duties"), "desk_duties.index", "heart", "desk_duties."))
        certificates = ("desk_certificates.",)
        items.append(_item(_("Certificates"), "desk_certificates.index", "seal", *certificates))
        venues = ("desk_places.venue", "desk_places.new_venue")
        items.append(_item(_("Venues"), "desk_places.venues", "pin", *venues))
        records = ("desk_records.", "desk_activities.")
        items.append(_item(_("Records"), "desk_records.index", "clock", *records))
    talks = ("desk_talk", "desk_coverage.", "desk_topics.", "desk_trainings.", "desk_qualifi")
    if can_run_talks(actor()):
        items.append(_item(_("Law talks"), "desk_talks.index", "scales", *talks))
    if can_handle_programmes(actor()):
        volunteers = ("desk_applications.", "desk_appointments.", "desk_questions.")
        items.append(_item(_("Applications"), "desk_applications.index", "seal", *volunteers))
    if can_handle_suggestions(actor()):
        answers = ("desk_suggestion", "desk_response")
        items.append(_item(_("Suggestions"), "desk_suggestions.index", "bulb", *answers))
    items.append(_item(_("What people say"), "desk_surveys.index", "chart", "desk_surveys."))
    items.append(_item(_("Messages"), "desk_messages.index", "mail", "desk_messages."))
    return items + (_admin_nav() if is_admin(actor()) else [])


def _admin_nav() -> list[NavItem]:
    places = ("desk_places.communit", "desk_places.new_community", "desk_places.delete_community")
    return [
        _item(_("Communities"), "desk_places.communities", "map", *places),
        _item(_("Invitations"), "desk_admin.invitations", "key", "desk_admin.invit"),
        _item(_("Settings"), "desk_admin.settings", "settings"),
        _item(_("Audit trail"), "desk_admin.audit", "list", "desk_admin.audit"),
    ]
