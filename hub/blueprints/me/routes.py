"""One's own things: sign-ups, and what one allows."""

from typing import Any

from flask import Blueprint, Response, flash, url_for

from hub.blueprints.me.forms import consents_form
from hub.enums import ConsentPurpose
from hub.extensions import db
from hub.i18n import _
from hub.integrations.signing import survey_token, ticket_token
from hub.models import SignUp, User
from hub.policies import has_term
from hub.queries.consents import consent_history, newest_lines
from hub.queries.people import profile_of
from hub.queries.signups import coming_sign_ups, past_sign_ups, queue_positions
from hub.queries.surveys import open_surveys
from hub.services.consents import set_consents
from hub.web.access import account_only, the_actor
from hub.web.cards import foreign_tag
from hub.web.changes import try_change
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.i18n import current_code
from hub.web.term_cards import my_programmes

me = Blueprint("me", __name__)


@me.after_request
def private(response: Response) -> Response:
    return keep_private(response)


def myself() -> User:
    """The account that is logged in, itself and not a stand-in for it."""
    return db.session.get_one(User, the_actor().id)


@me.get("")
@account_only
def index() -> Response:
    user = myself()
    positions = queue_positions(user.id)
    return render(
        "me/index.html",
        user=user,
        profile=profile_of(user),
        coming=_rows(coming_sign_ups(user.id), positions),
        past=_rows(past_sign_ups(user.id), positions),
        links=[*([_service_link()] if has_term(user) else []), *_links()],
        programmes=my_programmes(user),
    )


@me.route("/consents", methods=["GET", "POST"])
@account_only
def consents() -> Response:
    user = myself()
    form: Any = consents_form(newest_lines(user.id))
    saved = try_change(
        form,
        lambda: len(
            set_consents(user, form.wanted(), current_code(), version=form.version.data or "")
        ),
    )
    if saved.done:
        flash(
            _("Saved. It holds from now on.") if saved.result else _("Nothing changed."), "success"
        )
        return see_other(url_for(".consents"))
    if saved.status == 409:  # the texts are others now: they are read and ticked anew
        errors, form = form.form_errors, consents_form(newest_lines(user.id), fresh=True)
        form.form_errors = errors
    return _consents_page(user, form, saved.status)


def _consents_page(user: User, form: Any, status: int) -> Response:
    return render(
        "me/consents.html",
        "me/_consents_form.html",
        status,
        form=form,
        purposes=list(ConsentPurpose),
        newest=newest_lines(user.id),
        history=consent_history(user.id),
    )


def _links() -> list[tuple[str, str, str, str]]:
    """Endpoint, picture, title and words of each page about oneself."""
    return [
        (
            "me.profile",
            "person",
            _("My profile"),
            _("Name, languages, free days, how to reach me."),
        ),
        (
            "me.consents",
            "heart",
            _("What I allow"),
            _("My name and photos in public, and sharing."),
        ),
        (
            "me.messages",
            "mail",
            _("My messages"),
            _("Which mails you get, and which always come."),
        ),
        (
            "calendars.subscribe",
            "calendar",
            _("My calendars"),
            _("My sign-ups and duties in my own calendar program."),
        ),
        (
            "me.suggestions",
            "speech",
            _("My suggestions"),
            _("What I suggested, what I follow, and what came of it."),
        ),
        ("me.data", "eye", _("My data"), _("See what is held, take a copy, correct or delete it.")),
        ("accounts.security", "lock", _("Security"), _("Password, second step, my devices.")),
    ]


def _service_link() -> tuple[str, str, str, str]:
    """For those who have been appointed."""
    return ("service.today", "heart", _("My service"), _("Duties, hours and certificates."))


def _rows(found: list[SignUp], positions: dict[int, int]) -> list[dict[str, Any]]:
    """With the way to the three questions where they can be answered now."""
    asked = open_surveys(found)
    links = {s.id: url_for("surveys.answer", token=survey_token(s.code)) for s in found}
    return [
        _row(s, positions) | {"survey_url": links[s.id] if s.id in asked else None} for s in found
    ]


def _row(sign_up: SignUp, positions: dict[int, int]) -> dict[str, Any]:
    """A sign-up ready for the list."""
    text = sign_up.event.text()
    return {
        "sign_up": sign_up,
        "event": sign_up.event,
        "title": text.title,
        "title_tag": foreign_tag(text.language),
        "url": url_for("signups.show", token=ticket_token(sign_up.code)),
        "position": positions.get(sign_up.id),
    }
