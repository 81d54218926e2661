"""Settings of the whole site: who changes them, what they accept, what stays on record."""

import pytest

from hub.exceptions import InvalidInput, NotAllowed
from hub.extensions import db
from hub.models import AuditEntry, Setting
from hub.queries.settings import site_settings
from hub.services.settings import change_settings
from hub.transaction import unit_of_work
from hub.web.site import language_codes, said_in, site, site_name


def change(by, **values):
    with unit_of_work():
        return change_settings(values, by=by)


def test_settings_start_with_what_the_installation_has(db_session, app):
    now = site_settings()
    assert now.languages == app.config["LANGUAGE_CODES"]
    assert now.retention_days == app.config["RETENTION_DAYS"]
    assert now.site_name["en"] == "邻桥 Linqiao"
    assert not now.second_factor_required


def test_rule_06_change_of_a_setting_is_on_record(ada):
    change(ada, retention_days=30, second_factor_required=True)
    entry = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert (entry.action, entry.subject, entry.actor_id) == ("update", "settings", ada.id)
    assert entry.before == {"retention_days": 90, "second_factor_required": False}
    assert entry.after == {"retention_days": 30, "second_factor_required": True}


def test_setting_that_stays_as_it_was_leaves_no_line(ada):
    before = db.session.query(AuditEntry).count()
    change(ada, retention_days=90)
    assert db.session.query(AuditEntry).count() == before
    assert db.session.query(Setting).count() == 0


def test_rule_20_only_administrators_change_settings(alice, sue):
    for by in (alice, sue):
        with pytest.raises(NotAllowed):
            change(by, retention_days=1)
    assert site_settings().retention_days == 90


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"retention_days": 0}, "retention_days"),
        ({"retention_days": 4000}, "retention_days"),
        ({"retention_days": "90"}, "retention_days"),
        ({"retention_days": True}, "retention_days"),
        ({"languages": []}, "languages"),
        ({"languages": ["tlh"]}, "languages"),
        ({"languages": "en"}, "languages"),
        ({"site_name": {"en": " "}}, "site_name"),
        ({"recording_unit": {}}, "recording_unit"),
        ({"certificate_wording": {"en": ""}}, "certificate_wording"),
    ],
)
def test_setting_that_cannot_be_used(ada, values, field):
    with pytest.raises(InvalidInput) as refused:
        change(ada, **values)
    assert refused.value.field == field
    assert db.session.query(Setting).count() == 0


def test_setting_that_does_not_exist_is_a_fault_of_ours(ada):
    with pytest.raises(ValueError, match="no such setting"):
        change(ada, colour="red")


def test_language_that_the_installation_lost_does_not_count(ada, app):
    change(ada, languages=["zh"])
    assert language_codes() == ["zh"]
    app.config["LANGUAGE_CODES"] = ["en"]
    try:
        assert site_settings().languages == ["en"]
    finally:
        app.config["LANGUAGE_CODES"] = ["en", "zh"]


def test_request_reads_the_settings_once_and_the_next_one_anew(app, ada):
    with app.test_request_context("/en/"):
        assert site() is site()
        change(ada, site_name={"en": "Bridge"})
        assert site_name("en") != "Bridge"
    with app.test_request_context("/en/"):
        assert site_name("en") == site_name("zh") == "Bridge"


def test_text_is_said_in_the_next_best_language():
    assert said_in({"zh": "桥"}, "en") == "桥"
    assert said_in({"zh": "桥", "en": "Bridge"}, "zh") == "桥"
    assert said_in({}, "en") == ""


def test_settings_stand_without_a_database(app, db_session, monkeypatch):
    db.session.rollback()
    monkeypatch.setattr("hub.web.site.site_settings", _no_database)
    with app.test_request_context("/en/"):
        assert site_name("en") == "邻桥 Linqiao"


def _no_database():
    from sqlalchemy.exc import OperationalError

    raise OperationalError("SELECT 1", {}, Exception("gone"))
