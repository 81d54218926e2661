"""Settings: read from the environment once; what cannot be used is refused with words."""

import stat

import pytest

from hub.config import ConfigError, load_settings

SECRET = "s" * 32


def load(tmp_path, **environ: str) -> dict[str, object]:
    return load_settings(tmp_path, {"HUB_SECRET_KEY": SECRET} | environ)


def test_defaults_run_on_this_machine(tmp_path):
    settings = load(tmp_path)
    assert settings["BASE_URL"] == "http://127.0.0.1:8000"
    assert settings["LANGUAGE_CODES"] == ["en", "zh"]
    assert settings["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path}/hub.db"
    assert settings["SECRET_KEY"] == SECRET
    assert settings["SESSION_COOKIE_SECURE"] is False
    assert settings["DEMO"] is False


def test_https_site_keeps_its_cookies_to_itself(tmp_path):
    settings = load(tmp_path, HUB_BASE_URL="https://hub.example/")
    assert settings["BASE_URL"] == "https://hub.example"
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["SESSION_COOKIE_NAME"] == "__Host-hub"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u@h/db", "postgresql+psycopg://u@h/db"),
        ("postgresql://u@h/db", "postgresql+psycopg://u@h/db"),
        ("postgresql+psycopg://u@h/db", "postgresql+psycopg://u@h/db"),
        ("sqlite:////srv/hub.db", "sqlite:////srv/hub.db"),
    ],
)
def test_database_address_is_taken_in_the_usual_spellings(tmp_path, given, used):
    assert load(tmp_path, HUB_DATABASE_URL=given)["SQLALCHEMY_DATABASE_URI"] == used


@pytest.mark.parametrize("codes", ["en,xx", "", ",", "english"])
def test_unknown_language_is_refused_by_name(tmp_path, codes):
    with pytest.raises(ConfigError, match="HUB_LANGUAGES"):
        load(tmp_path, HUB_LANGUAGES=codes)


def test_languages_keep_their_order(tmp_path):
    assert load(tmp_path, HUB_LANGUAGES="zh, ar ,en")["LANGUAGE_CODES"] == ["zh", "ar", "en"]


@pytest.mark.parametrize("address", ["hub.example", "ftp://hub.example", ""])
def test_base_url_that_is_none_is_refused(tmp_path, address):
    with pytest.raises(ConfigError, match="HUB_BASE_URL"):
        load(tmp_path, HUB_BASE_URL=address)


@pytest.mark.parametrize("secret", ["", "secret", "changeme", "s" * 31])
def test_weak_secret_is_refused_with_a_way_out(tmp_path, secret):
    with pytest.raises(ConfigError, match="token_urlsafe"):
        load(tmp_path, HUB_SECRET_KEY=secret)
    assert list(tmp_path.iterdir()) == []


def test_secret_key_file_is_made_once_for_the_owner_only(tmp_path):
    instance = tmp_path / "instance"
    first = load_settings(instance, {})["SECRET_KEY"]
    path = instance / "secret_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(str(first)) >= 48
    assert load_settings(instance, {})["SECRET_KEY"] == first
    assert [p.name for p in instance.iterdir()] == ["secret_key"]


def test_given_secret_leaves_no_file(tmp_path):
    load(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_old_keys_are_listed(tmp_path):
    settings = load(tmp_path, HUB_OLD_SECRET_KEYS=" one two ")
    assert settings["SECRET_KEY_FALLBACKS"] == ["one", "two"]


def test_demo_is_switched_on_by_one_only(tmp_path):
    assert load(tmp_path, HUB_DEMO="1")["DEMO"] is True
    assert load(tmp_path, HUB_DEMO="yes")["DEMO"] is False


@pytest.mark.parametrize("name", ["HUB_RETENTION_DAYS", "HUB_FORM_MIN_SECONDS"])
@pytest.mark.parametrize("value", ["soon", "-3", "1e9"])
def test_number_that_cannot_be_used_is_named(tmp_path, name, value):
    with pytest.raises(ConfigError, match=name):
        load_settings(tmp_path, {name: value})
