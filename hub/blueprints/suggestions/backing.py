""" "Me too" and following: one tap with an account, a link by e-mail without one."""

from typing import Any

from flask import Response, abort, flash, url_for

from hub.blueprints.suggestions.forms import WISHES, BackForm, BackingForm, WishForm
from hub.blueprints.suggestions.routes import show_page, suggestion_rate, suggestions
from hub.extensions import db, limiter
from hub.i18n import _
from hub.integrations.signing import read_backer_token
from hub.models import Backer
from hub.services.backers import ask_to_back, back_suggestion, confirm_backing
from hub.web.access import actor
from hub.web.changes import try_change
from hub.web.htmx import render, see_other
from hub.web.i18n import current_code
from hub.web.suggestion_cards import foreign
from hub.web.voice_access import public_suggestion


@suggestions.post("/<id:suggestion_id>/back")
@limiter.limit(suggestion_rate)
def back(suggestion_id: int) -> Response:
    row = public_suggestion(suggestion_id)
    return _with_account(row.id) if actor() is not None else _by_mail(row.id)


@suggestions.route("/backing/<token>", methods=["GET", "POST"])
@limiter.limit(suggestion_rate, methods=["POST"])
def backing(token: str) -> Response:
    row = _backer(token)
    form: Any = BackingForm()
    if not form.is_submitted():
        form.me_too.data, form.follows.data = row.me_too, row.follows
    said: Any = try_change(
        form,
        lambda: confirm_backing(row.id, me_too=form.me_too.data, follows=form.follows.data),
    )
    if said.done:
        gone = not (form.me_too.data or form.follows.data)
        words = _("You are taken off the list.") if gone else _("Thank you. It counts now.")
        flash(words, "success")
        return see_other(url_for(".show", suggestion_id=row.suggestion_id))
    return _backing_page(_backer(token), token, form, said.status)


def _backing_page(row: Backer, token: str, form: Any, status: int) -> Response:
    text = row.suggestion.text()
    return render(
        "suggestions/backing.html",
        None,
        status,
        form=form,
        backer=row,
        text=text,
        text_tag=foreign(text.language),
        token=token,
    )


def _with_account(suggestion_id: int) -> Response:
    user: Any = actor()
    form: Any = WishForm()
    done: Any = try_change(
        form, lambda: back_suggestion(suggestion_id, by=user, **WISHES[form.wish.data])
    )
    if done.done:
        flash(_("Saved. It holds from now on."), "success")
    for words in form.form_errors:
        flash(words, "warning")
    return see_other(url_for(".show", suggestion_id=suggestion_id))


def _by_mail(suggestion_id: int) -> Response:
    form: Any = BackForm()
    asked: Any = try_change(
        form,
        lambda: ask_to_back(
            suggestion_id,
            form.parsed_contact,
            me_too=form.me_too.data,
            follows=form.follows.data,
            language=current_code(),
        ),
    )
    if not asked.done:
        return show_page(public_suggestion(suggestion_id), form, asked.status)
    flash(_("We have sent you a link. It counts once you have opened that."), "success")
    return see_other(url_for(".show", suggestion_id=suggestion_id))


def _backer(token: str) -> Backer:
    """Whose link it is, or 404: forged, taken back, or not public any more."""
    number = read_backer_token(token)
    row = db.session.get(Backer, number) if number is not None else None
    if row is None or not row.suggestion.public:
        abort(404)
    return row
