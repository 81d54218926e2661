"""What machines ask: whether the process answers, and whether it can work. No language, no
session, no cookie, no limit."""

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from hub.extensions import db, limiter
from hub.queries.messages import mail_health

health = Blueprint("health", __name__)


@health.get("/healthz")
@limiter.exempt
def alive() -> Response:
    """The process answers. Asks nothing else: restarting it would mend nothing else."""
    return _answer({"process": "ok"})


@health.get("/readyz")
@limiter.exempt
def ready() -> Response:
    """503 while the database does not answer. Mails that wait take nobody's site away."""
    try:
        db.session.execute(select(1))
        return _answer({"database": "ok", "mail": _mail_word()})
    except SQLAlchemyError:
        db.session.rollback()
        return _answer({"database": "down", "mail": "unknown"}, 503)


def _mail_word() -> str:
    if not current_app.config["SMTP_URL"]:
        return "off"
    mail = mail_health()
    return "waiting" if mail.late or mail.asleep else "ok"


def _answer(words: dict[str, str], status: int = 200) -> Response:
    response = jsonify(words)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
