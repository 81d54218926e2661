"""Settings of the whole site."""

from collections.abc import Mapping
from dataclasses import fields

from flask import current_app

from hub import clock
from hub.enums import Programme
from hub.exceptions import InvalidInput, NotAllowed
from hub.extensions import db
from hub.i18n import _l
from hub.models import Setting, User
from hub.policies import is_admin
from hub.queries.settings import SiteSettings, site_settings
from hub.services import audit

KEYS = {field.name for field in fields(SiteSettings)}


def change_settings(values: Mapping[str, object], *, by: User) -> SiteSettings:
    """Change the settings named in ``values``; the audit trail keeps what they were before.

    Raises NotAllowed or InvalidInput.
    """
    if not is_admin(by):
        raise NotAllowed
    if unknown := values.keys() - KEYS:
        raise ValueError(f"no such setting: {sorted(unknown)}")
    _check(values)
    now = site_settings()
    changed = {k: v for k, v in values.items() if v != getattr(now, k)}
    for key, value in changed.items():
        row = db.session.get(Setting, key) or Setting(key=key)
        row.value, row.changed_at, row.changed_by_id = value, clock.now(), by.id
        db.session.add(row)
    if changed:
        before = {key: getattr(now, key) for key in changed}
        audit.record("update", "settings", 0, by=by, before=before, after=dict(changed))
    db.session.flush()
    return site_settings()


def _check(values: Mapping[str, object]) -> None:
    days = values.get("retention_days", 30)
    if type(days) is not int or not 1 <= days <= 3650:
        raise InvalidInput(_l("Between 1 and 3,650 days."), field="retention_days")
    codes = values.get("languages", current_app.config["LANGUAGE_CODES"])
    built: list[str] = current_app.config["LANGUAGE_CODES"]
    if not isinstance(codes, list) or not codes or not set(codes) <= set(built):
        raise InvalidInput(_l("Leave at least one language switched on."), field="languages")
    programmes = values.get("recruiting", [])
    if not isinstance(programmes, list) or not set(programmes) <= set(Programme):
        raise InvalidInput(_l("Choose only from the list."), field="recruiting")
    for key in ("site_name", "recording_unit", "certificate_wording"):
        texts = values.get(key)
        if texts is not None and not any(str(t).strip() for t in dict(texts).values()):  # type: ignore[call-overload]
            raise InvalidInput(_l("This cannot be empty."), field=key)
