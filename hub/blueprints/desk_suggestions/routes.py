"""Suggestions at the desk: the list, and all about one of them on a page."""

from typing import Any

from flask import Blueprint, Response, abort, flash, url_for

from hub import clock
from hub.blueprints.desk_suggestions.forms import owner_choices, wanted_suggestions
from hub.enums import ContactKind, SuggestionCategory, SuggestionIdentity, SuggestionStatus
from hub.i18n import _
from hub.integrations.files import SUGGESTIONS, read
from hub.models import Suggestion
from hub.policies.suggestions import can_manage_suggestion, why_not_handle, why_not_show
from hub.queries.audit import trail_of
from hub.queries.people import has_viewed_today
from hub.queries.places import all_communities
from hub.queries.similar import similar_for_desk
from hub.queries.suggestions import (
    PAGE_SIZE,
    number_of_backers,
    waiting_suggestions,
    whole_suggestion,
)
from hub.queries.suggestions import (
    desk_suggestions as found_suggestions,
)
from hub.services.people import note_view
from hub.services.suggestion_responses import draft_of
from hub.services.suggestion_steps import acknowledge as acknowledge_it
from hub.services.suggestion_steps import start_work
from hub.services.suggestion_texts import missing_texts
from hub.transaction import unit_of_work
from hub.web.access import the_actor
from hub.web.audit_words import audit_lines
from hub.web.changes import try_change
from hub.web.forms import ActionForm, read_id
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.suggestion_desk_cards import (
    LOOKS,
    SuggestionRow,
    language_tag,
    next_steps,
    place_of,
    spoken_in,
    suggestion_row,
    what_is_due,
    when_due,
)
from hub.web.voice_access import managed_suggestion, suggestions_only

desk_suggestions = Blueprint("desk_suggestions", __name__)


@desk_suggestions.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_suggestions.get("")
@suggestions_only
def index() -> Response:
    wanted, args = wanted_suggestions()
    page = read_id("page") or 1
    found = found_suggestions(wanted, by=the_actor(), page=page)
    later = url_for(".index", **args, page=page + 1) if len(found) > PAGE_SIZE else None
    return render(
        "desk/suggestions/index.html",
        "desk/suggestions/_list.html",
        rows=[suggestion_row(row) for row in found[:PAGE_SIZE]],
        args=args,
        waiting=waiting_suggestions(the_actor()),
        states=[*((s.value, s.label) for s in SuggestionStatus), ("concluded", _("All concluded"))],
        categories=[(c.value, c.label) for c in SuggestionCategory],
        communities=[("0", _("The whole subdistrict"))]
        + [(str(c.id), c.name) for c in all_communities()],
        owners=owner_choices(),
        earlier_url=url_for(".index", **args, page=page - 1) if page > 1 else None,
        later_url=later,
    )


@desk_suggestions.get("/<id:suggestion_id>")
@suggestions_only
def show(suggestion_id: int) -> Response:
    row = managed_suggestion(suggestion_id)
    page = show_page(suggestion_id)
    if row.contact or row.name or row.user_id is not None:
        _log_the_look(suggestion_id)
    return page


@desk_suggestions.get("/<id:suggestion_id>/photo")
@suggestions_only
def photo(suggestion_id: int) -> Response:
    name = managed_suggestion(suggestion_id).photo_name
    body = read(SUGGESTIONS, name) if name is not None else None
    if body is None:
        abort(404)
    response = Response(body, mimetype="image/jpeg")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


@desk_suggestions.post("/<id:suggestion_id>/acknowledge")
@suggestions_only
def acknowledge(suggestion_id: int) -> Response:
    managed_suggestion(suggestion_id)
    user, form = the_actor(), ActionForm()
    done = try_change(form, lambda: acknowledge_it(suggestion_id, by=user).id)
    if done.done:
        flash(_("Acknowledged. Its submitter is told that it has been read."), "success")
        return see_other(url_for(".show", suggestion_id=suggestion_id))
    return show_page(suggestion_id, done.status, form)


@desk_suggestions.post("/<id:suggestion_id>/start")
@suggestions_only
def start(suggestion_id: int) -> Response:
    managed_suggestion(suggestion_id)
    user, form = the_actor(), ActionForm()
    done = try_change(form, lambda: start_work(suggestion_id, by=user).id)
    if done.done:
        flash(_("It is in progress now."), "success")
        return see_other(url_for(".show", suggestion_id=suggestion_id))
    return show_page(suggestion_id, done.status, form)


def show_page(suggestion_id: int, status: int = 200, form: ActionForm | None = None) -> Response:
    """All about one suggestion; ``form``: the button that was refused."""
    whole_suggestion(suggestion_id)
    row, user = managed_suggestion(suggestion_id), the_actor()
    first, others = next_steps(user, row)
    return render(
        "desk/suggestions/show.html",
        None,
        status,
        form=form or ActionForm(formdata=None),
        first=first,
        others=others,
        own=why_not_handle(user, row),
        why_not_show=why_not_show(user, row),
        missing=[spoken_in(code) for code in missing_texts(row)],
        draft=draft_of(row),
        published=[r for r in reversed(row.responses) if r.published_at is not None],
        joined=_linked([row.duplicate_of] if row.duplicate_of else []),
        duplicates=_linked(row.duplicates),
        similar=similar_rows(row),
        backers=number_of_backers(row.id),
        trail=audit_lines([e for e in trail_of("suggestion", row.id) if e[0].action != "view"]),
        **facts_of(row),
    )


def similar_rows(row: Suggestion) -> list[SuggestionRow]:
    """Others at the visitor's desk that say something like it and are not joined with it."""
    joined = {one.id for one in row.duplicates} | {row.duplicate_of_id}
    found = similar_for_desk(the_actor(), row)
    return [suggestion_row(s.suggestion) for s in found if s.suggestion.id not in joined]


def facts_of(row: Suggestion) -> dict[str, Any]:
    """What every page about one suggestion says of it."""
    due, late = when_due(row)
    return {
        "row": row,
        "here": url_for("desk_suggestions.show", suggestion_id=row.id),
        "heading": row.title or _("Suggestion %(number)s", number=row.number),
        "look": LOOKS[row.status],
        "place": place_of(row),
        "due": due,
        "late": late,
        "due_for": what_is_due(row),
        "by_mail": row.contact_kind is ContactKind.EMAIL,
        "anonymous": row.identity is SuggestionIdentity.ANONYMOUS,
        "language": spoken_in(row.language),
        "tag_of": language_tag,
        "spoken_in": spoken_in,
        "today": clock.today(),
    }


def _linked(rows: list[Suggestion]) -> list[SuggestionRow]:
    """Other suggestions as lines; of those that the visitor may not see only the number."""
    user = the_actor()
    return [suggestion_row(row) for row in rows if can_manage_suggestion(user, row)]


def _log_the_look(suggestion_id: int) -> None:
    """Once a day, viewer and suggestion (docs/decisions/0008-looking-is-logged.md)."""
    user = the_actor()
    if has_viewed_today(suggestion_id, by=user, subject="suggestion"):
        return
    with unit_of_work():
        note_view(suggestion_id, by=user, subject="suggestion")
