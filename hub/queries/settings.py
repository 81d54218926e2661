"""What an administrator sets for the whole site, and what holds until one does."""

from dataclasses import dataclass, fields
from typing import Any

from flask import current_app
from sqlalchemy import select

from hub.enums import Programme
from hub.extensions import db
from hub.models import Setting


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The settings as they hold now. Texts stand by language code."""

    site_name: dict[str, str]
    recording_unit: dict[str, str]
    certificate_wording: dict[str, str]
    retention_days: int
    languages: list[str]
    second_factor_required: bool
    recruiting: list[str]


def site_settings() -> SiteSettings:
    """The settings: the administrator's rows over what the site starts with.

    Of the languages only those count that this installation still has (HUB_LANGUAGES).
    """
    given: dict[str, Any] = {row.key: row.value for row in db.session.scalars(select(Setting))}
    values = {**_defaults(), **given}
    built: list[str] = current_app.config["LANGUAGE_CODES"]
    values["languages"] = [c for c in built if c in values["languages"]] or list(built)
    return SiteSettings(**{f.name: values[f.name] for f in fields(SiteSettings)})


def reader_language(wanted: str) -> str:
    """The language in which somebody is written to who wants ``wanted``: the site's first one
    where that is switched off."""
    codes = site_settings().languages
    return wanted if wanted in codes else codes[0]


def default_settings() -> SiteSettings:
    """What holds without a row."""
    return SiteSettings(**_defaults())


def _defaults() -> dict[str, Any]:
    return {
        "site_name": {"en": "邻桥 Linqiao", "zh": "邻桥 Linqiao"},
        "recording_unit": {
            "en": "Liuxia Subdistrict Office, Xihu District, Hangzhou",
            "zh": "杭州市西湖区留下街道办事处",
        },
        "certificate_wording": {
            "en": "This is to certify the volunteer service below.",
            "zh": "兹证明以下志愿服务属实。",
        },
        "retention_days": current_app.config["RETENTION_DAYS"],
        "languages": list(current_app.config["LANGUAGE_CODES"]),
        "second_factor_required": False,
        "recruiting": [programme.value for programme in Programme],
    }
