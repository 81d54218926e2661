"""What every page is given: the site, its languages and the ways through it."""

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_wtf.csrf import generate_csrf

from hub.i18n import LANGUAGES, _
from hub.policies import is_admin, is_staff
from hub.web.access import actor
from hub.web.i18n import current_code, language_links

SITE_NAME = "邻桥 Linqiao"


@dataclass(frozen=True, slots=True)
class NavItem:
    label: str
    url: str
    icon: str
    current: bool


def init_app(app: Flask) -> None:
    app.context_processor(_context)
    app.add_template_global(generate_csrf, "csrf_token")


def _context() -> dict[str, object]:
    language = LANGUAGES[current_code()]
    return {
        "site_name": SITE_NAME,
        "lang_tag": language.tag,
        "text_direction": language.direction,
        "language_links": language_links(),
        "htmx_src": current_app.config["HTMX_URL"],
        "htmx_integrity": current_app.config["HTMX_INTEGRITY"],
        "home_url": url_for("site.home"),
        "nav_items": _nav(),
        "desk_nav_items": _desk_nav() if (request.blueprint or "").startswith("desk") else [],
        "privacy_url": url_for("site.privacy"),
        "calendars_url": url_for("calendars.subscribe"),
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
        _item(_("Calendars"), "calendars.subscribe", "bell"),
    ]
    if is_staff(actor()):
        items.append(_item(_("Desk"), "desk.today", "desk", "desk"))
    return items


def _desk_nav() -> list[NavItem]:
    items = [
        _item(_("Today"), "desk.today", "home"),
        _item(_("Events"), "desk_events.index", "calendar", "desk_events.", "desk_signups."),
        _item(
            _("Venues"), "desk_places.venues", "pin", "desk_places.venue", "desk_places.new_venue"
        ),
    ]
    if is_admin(actor()):
        items.append(
            _item(
                _("Communities"),
                "desk_places.communities",
                "people",
                "desk_places.communit",
                "desk_places.new_community",
            )
        )
    return items
