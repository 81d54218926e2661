"""Suggestions for everybody: the list, and one of them."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, request, url_for

from hub.blueprints.suggestions.forms import BackForm
from hub.enums import SuggestionCategory
from hub.extensions import db
from hub.models import Community, Suggestion
from hub.policies.suggestions import can_manage_suggestion, why_not_back
from hub.queries.places import all_communities
from hub.queries.public_suggestions import (
    PublicFilter,
    PublicState,
    SuggestionOrder,
    backing_of,
    me_too_count,
    public_state,
    public_suggestions,
)
from hub.web.access import actor
from hub.web.forms import search_words
from hub.web.headers import keep_private
from hub.web.htmx import render
from hub.web.suggestion_cards import (
    backed_words,
    foreign,
    photo_answer,
    published,
    suggestion_card,
    timeline,
)
from hub.web.voice_access import public_suggestion

suggestions = Blueprint("suggestions", __name__)
PUBLIC = ("suggestions.index", "suggestions.show", "suggestions.photo")
MOST_PAGES = 500


@suggestions.after_request
def private(response: Response) -> Response:
    """All but what everybody may see: behind a private link, or on the way to one."""
    return response if request.endpoint in PUBLIC else keep_private(response)


def suggestion_rate() -> str:
    rate: str = current_app.config["SIGN_UP_RATE"]
    return rate


@suggestions.get("")
def index() -> Response:
    communities = all_communities()
    wanted, args = _read_filter(communities)
    page = _page_number()
    found, more = public_suggestions(wanted, page)
    return render(
        "suggestions/index.html",
        "suggestions/_list.html",
        cards=[suggestion_card(listed) for listed in found],
        wanted=wanted,
        args=args,
        communities=communities,
        categories=[c for c in SuggestionCategory if not c.is_referred],
        states=list(PublicState),
        orders=list(SuggestionOrder),
        first_url=url_for(".index", **args) if page > 1 else None,
        next_url=url_for(".index", **args, page=page + 1) if more else None,
    )


@suggestions.get("/<id:suggestion_id>")
def show(suggestion_id: int) -> Response:
    return show_page(public_suggestion(suggestion_id), BackForm(), 200)


@suggestions.get("/<id:suggestion_id>/photo")
def photo(suggestion_id: int) -> Response:
    row = db.session.get(Suggestion, suggestion_id)
    if row is not None and can_manage_suggestion(actor(), row):
        return keep_private(photo_answer(row))
    if row is None or not (row.public and row.photo_public):
        abort(404)
    return photo_answer(row)


def show_page(row: Suggestion, form: Any, status: int) -> Response:
    """The page of a public suggestion, with the form of those without an account."""
    form.stamp()
    user, text = actor(), row.text()
    joined = row.duplicate_of
    return render(
        "suggestions/show.html",
        None,
        status,
        row=row,
        text=text,
        text_tag=foreign(text.language),
        state=public_state(row.status),
        responses=[(r, r.text(), foreign(r.text().language)) for r in published(row)],
        steps=timeline(row),
        backed=backed_words(me_too_count(row.id)),
        backing=backing_of(user, row.id) if user is not None else None,
        why_not=why_not_back(user, row),
        user=user,
        form=form,
        joined=joined if joined is not None and joined.public else None,
        manages=can_manage_suggestion(user, row),
    )


def _read_filter(communities: list[Community]) -> tuple[PublicFilter, dict[str, Any]]:
    """What the address asks for, and the same as arguments; what is no choice is left out."""
    given = request.args
    chosen = next((c for c in communities if c.slug == given.get("community")), None)
    wanted = PublicFilter(
        q=search_words(given.get("q", "")),
        category=_one_of(SuggestionCategory, given.get("category")),
        community_id=chosen.id if chosen is not None else None,
        state=_one_of(PublicState, given.get("state")),
        order=_one_of(SuggestionOrder, given.get("order")) or SuggestionOrder.NEWEST,
    )
    args = {
        "q": wanted.q,
        "category": wanted.category.value if wanted.category else "",
        "community": chosen.slug if chosen is not None else "",
        "state": wanted.state.value if wanted.state else "",
        "order": "" if wanted.order is SuggestionOrder.NEWEST else wanted.order.value,
    }
    return wanted, {name: value for name, value in args.items() if value}


def _one_of(choices: Any, typed: str | None) -> Any:
    return next((choice for choice in choices if choice.value == typed), None)


def _page_number() -> int:
    typed = request.args.get("page", "")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 1
    return min(max(number, 1), MOST_PAGES)
