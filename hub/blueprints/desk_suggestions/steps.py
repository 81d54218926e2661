"""The steps of one suggestion, each on a small page of its own."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import LazyString

from hub.blueprints.desk_suggestions.forms import (
    AskForm,
    JoinForm,
    ReferForm,
    conclude_form,
    triage_form,
)
from hub.blueprints.desk_suggestions.routes import desk_suggestions, facts_of, similar_rows
from hub.enums import SuggestionStatus
from hub.i18n import _
from hub.models import Suggestion, User
from hub.policies.suggestions import (
    TRIAGE_AGAIN,
    can_manage_suggestion,
    why_not_ask_submitter,
    why_not_move,
    why_not_take_apart,
    why_not_triage,
)
from hub.services.suggestion_steps import (
    CHANGES_IN,
    ask_submitter,
    join_duplicate,
    take_apart,
)
from hub.services.suggestion_steps import (
    conclude as conclude_it,
)
from hub.services.suggestion_steps import (
    refer as refer_it,
)
from hub.services.suggestion_steps import (
    triage as triage_it,
)
from hub.web.access import the_actor
from hub.web.changes import try_change
from hub.web.forms import ActionForm, search_words
from hub.web.htmx import render, see_other
from hub.web.site import language_codes
from hub.web.suggestion_desk_cards import language_tag
from hub.web.voice_access import managed_suggestion, suggestions_only

S = SuggestionStatus
WhyNot = Callable[[User, Suggestion], LazyString | None]


@desk_suggestions.route("/<id:suggestion_id>/triage", methods=["GET", "POST"])
@suggestions_only
def triage(suggestion_id: int) -> Response:
    row, user = managed_suggestion(suggestion_id), the_actor()
    again = row.status in TRIAGE_AGAIN
    form = triage_form(user, row)
    done = try_change(
        form,
        lambda: can_manage_suggestion(
            user,
            triage_it(
                suggestion_id, form.category.data, form.owner_id.data, form.due_on.data, by=user,
                community_id=form.community_id.data or None,
                reason=form.reason.data if again else "",
            ),
        ),
    )  # fmt: skip
    if done.done:
        flash(_("Assigned. Who answers it is told."), "success")
        return _back(suggestion_id) if done.result else see_other(url_for(".index"))
    return _page("triage", suggestion_id, form, done.status, why_not_triage, again=again)


@desk_suggestions.route("/<id:suggestion_id>/ask", methods=["GET", "POST"])
@suggestions_only
def ask(suggestion_id: int) -> Response:
    managed_suggestion(suggestion_id)
    user, form = the_actor(), AskForm()
    done = try_change(form, lambda: ask_submitter(suggestion_id, form.text.data, by=user).id)
    if done.done:
        flash(_("Asked. The clock stands until the answer comes."), "success")
        return _back(suggestion_id)
    return _page("ask", suggestion_id, form, done.status, why_not_ask_submitter)


@desk_suggestions.route("/<id:suggestion_id>/refer", methods=["GET", "POST"])
@suggestions_only
def refer(suggestion_id: int) -> Response:
    managed_suggestion(suggestion_id)
    user, form = the_actor(), ReferForm()
    done = try_change(
        form,
        lambda: (
            refer_it(suggestion_id, form.to.data, form.reference.data, form.reason.data, by=user).id
        ),
    )
    if done.done:
        flash(_("Handed over. The submitter is told to whom."), "success")
        return _back(suggestion_id)
    return _page("refer", suggestion_id, form, done.status, _why_not(S.REFERRED))


@desk_suggestions.route("/<id:suggestion_id>/join", methods=["GET", "POST"])
@suggestions_only
def join(suggestion_id: int) -> Response:
    row = managed_suggestion(suggestion_id)
    user, form = the_actor(), JoinForm(data={"of": search_words(request.args.get("of", ""))})
    done = try_change(form, lambda: join_duplicate(suggestion_id, form.number, by=user).id)
    if done.done:
        flash(_("Joined. Both lead to each other; you can take them apart again."), "success")
        return _back(suggestion_id)
    return _page(
        "join", suggestion_id, form, done.status, _why_not(S.DUPLICATE), similar=similar_rows(row)
    )


@desk_suggestions.route("/<id:suggestion_id>/apart", methods=["GET", "POST"])
@suggestions_only
def apart(suggestion_id: int) -> Response:
    managed_suggestion(suggestion_id)
    user, form = the_actor(), ActionForm()
    done = try_change(form, lambda: take_apart(suggestion_id, by=user).id)
    if done.done:
        flash(_("Taken apart. It is answered on its own again."), "success")
        return _back(suggestion_id)
    return _page("apart", suggestion_id, form, done.status, why_not_take_apart)


@desk_suggestions.route("/<id:suggestion_id>/conclude", methods=["GET", "POST"])
@suggestions_only
def conclude(suggestion_id: int) -> Response:
    row, user = managed_suggestion(suggestion_id), the_actor()
    codes = list(dict.fromkeys((*CHANGES_IN, row.language, *language_codes())))
    form = conclude_form(codes, row)
    done = try_change(
        form,
        lambda: (
            conclude_it(suggestion_id, {c: form[f"did_{c}"].data or "" for c in codes}, by=user).id
        ),
    )
    if done.done:
        flash(_("Done. The submitter and everybody who follows it are told."), "success")
        return _back(suggestion_id)
    boxes = [(form[f"did_{c}"], language_tag(c), c in CHANGES_IN) for c in codes]
    return _page("conclude", suggestion_id, form, done.status, _why_not(S.DONE), boxes=boxes)


def _why_not(to: SuggestionStatus) -> WhyNot:
    return lambda user, row: why_not_move(user, row, to)


def _back(suggestion_id: int) -> Response:
    return see_other(url_for("desk_suggestions.show", suggestion_id=suggestion_id))


def _page(
    name: str, suggestion_id: int, form: Any, status: int, why_not: WhyNot, **more: object
) -> Response:
    row = managed_suggestion(suggestion_id)
    refused = why_not(the_actor(), row)
    page = f"desk/suggestions/{name}.html"
    return render(page, None, status, form=form, why_not=refused, **more, **facts_of(row))
