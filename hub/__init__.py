"""Linqiao 邻桥: the community volunteer hub of Liuxia Subdistrict."""

from pathlib import Path

from flask import Flask

from hub import cli
from hub.config import ROOT, load_settings
from hub.extensions import compress, db, limiter, migrate


def create_app(settings: dict[str, object] | None = None) -> Flask:
    """The application. ``settings`` go over those from the environment (hub/config.py).

    Raises hub.config.ConfigError when a setting is missing or cannot be used.
    """
    from hub import blueprints
    from hub.web import assets, context, errors, feed_cache, filters, headers, htmx, i18n, security

    instance = Path(str((settings or {}).get("INSTANCE", ROOT / "instance")))
    app = Flask(__name__, instance_path=str(instance), static_folder=None)
    app.config.update(load_settings(instance))
    app.config.update(settings or {})
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "hub" / "migrations"))
    limiter.init_app(app)
    for part in (i18n, htmx, headers, errors, filters, assets, context, feed_cache, security):
        part.init_app(app)
    blueprints.init_app(app)
    compress.init_app(app)
    cli.init_app(app)
    return app
