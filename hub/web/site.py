"""The administrator's settings as a request sees them: read once, used everywhere."""

import logging

from flask import current_app, has_request_context, request
from sqlalchemy.exc import SQLAlchemyError

from hub.i18n import current_language, fallback_chain
from hub.queries.settings import SiteSettings, default_settings, site_settings

KEPT_AS = "hub.site_settings"
log = logging.getLogger(__name__)


def site() -> SiteSettings:
    """The settings that hold now. A request reads them once; they change for the next one.

    Without a database the site's own words still stand: error pages need no database.
    """
    # Kept with the request, not in ``g``: a worker's ``g`` outlives many of its requests.
    kept = request.environ if has_request_context() else {}
    known: SiteSettings | None = kept.get(KEPT_AS)
    if known is not None:
        return known
    try:
        settings = site_settings()
    except SQLAlchemyError:
        log.warning("the settings could not be read", exc_info=True)
        settings = default_settings()
    kept[KEPT_AS] = settings
    return settings


def language_codes() -> list[str]:
    """The languages that are switched on, the site's first language first."""
    return site().languages


def built_languages() -> list[str]:
    """The languages that this installation can show, switched on or not (HUB_LANGUAGES)."""
    codes: list[str] = current_app.config["LANGUAGE_CODES"]
    return codes


def site_name(language: str = "") -> str:
    """The name of the site in ``language``, else in that of the page."""
    return said_in(site().site_name, language or current_language())


def said_in(texts: dict[str, str], language: str) -> str:
    """The text in ``language`` or the next best one."""
    return next((texts[code] for code in fallback_chain(language) if texts.get(code)), "")
