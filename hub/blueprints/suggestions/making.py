"""Making a suggestion: the form, others that say the same, and what is told once afterwards."""

from typing import Any

from flask import Response, current_app, request, session, url_for

from hub.blueprints.suggestions.forms import suggest_form
from hub.blueprints.suggestions.routes import suggestion_rate, suggestions
from hub.enums import SuggestionIdentity
from hub.extensions import db, limiter
from hub.i18n import _
from hub.integrations.qr import to_svg
from hub.integrations.signing import slip_token, suggestion_token
from hub.models import User
from hub.queries.similar import similar_public
from hub.services.suggestions import LONGEST, Submitted, submit_suggestion
from hub.web.access import actor
from hub.web.changes import try_change
from hub.web.htmx import render, see_other
from hub.web.site import site
from hub.web.slip import read_slip
from hub.web.suggestion_cards import hear_by, similar_links
from hub.web.suggestion_form import NOTICES, allow_photo


@suggestions.before_request
def photos() -> None:
    if request.endpoint in ("suggestions.new", "suggestions.similar"):
        allow_photo()


@suggestions.route("/new", methods=["GET", "POST"])
@limiter.limit(suggestion_rate, methods=["POST"])
def new() -> Response:
    user = _myself()
    form: Any = suggest_form(user)
    sent = try_change(form, lambda: _address(submit_suggestion(form.saying(), by=user)))
    if sent.done:
        if user is None and form.identity.data == SuggestionIdentity.ANONYMOUS.value:
            session.clear()  # the cookie of the form goes as well (rule 16)
        return see_other(str(sent.result))
    return _form_page(form, sent.status)


@suggestions.post("/similar")
@limiter.limit(suggestion_rate)
def similar() -> Response:
    """By POST, though it changes nothing: what somebody is typing belongs in no log of
    addresses (docs/decisions/0018)."""
    return _form_page(suggest_form(_myself()), 200)


@suggestions.get("/sent")
def sent_anonymous() -> Response:
    return render("suggestions/sent_anonymous.html")


@suggestions.get("/sent/<token>")
def sent(token: str) -> Response:
    slip = read_slip(token)
    private = suggestion_token(slip.row.code or "")
    if slip.claim_code is None:
        return see_other(url_for(".mine", token=private))
    link = current_app.config["BASE_URL"] + url_for(".mine", token=private)
    return render(
        "suggestions/sent.html",
        slip=slip,
        token=private,
        link=link,
        qr=to_svg(link, title=_("Square of dots that opens your suggestion")),
        hear_by=hear_by(slip.row),
    )


def _address(made: Submitted) -> str:
    """The page that tells what is told once; of an anonymous one no address may tell anything."""
    code, seed = made.suggestion.code, made.seed
    if code is None or seed is None:
        return url_for(".sent_anonymous")
    return url_for(".sent", token=slip_token(code, seed))


def _form_page(form: Any, status: int) -> Response:
    form.stamp()
    looked = request.endpoint == "suggestions.similar"
    found = similar_public((form.text.data or "")[:LONGEST]) if looked else []
    return render(
        "suggestions/new.html",
        "suggestions/_similar.html",
        status,
        form=form,
        found=similar_links(found),
        looked=looked,
        notices=NOTICES,
        days=site().retention_days,
        user=actor(),
    )


def _myself() -> User | None:
    user = actor()
    return db.session.get_one(User, user.id) if user is not None else None
