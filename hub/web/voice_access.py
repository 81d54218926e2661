"""Who may open which page about suggestions, as hub/web/access.py does (rule 20)."""

from flask import abort

from hub import clock
from hub.extensions import db
from hub.integrations.signing import read_suggestion_token
from hub.models import Suggestion, User
from hub.policies.suggestions import (
    can_collect_suggestions,
    can_handle_suggestions,
    can_manage_suggestion,
)
from hub.queries.public_suggestions import suggestion_of_code
from hub.web.access import View, actor, guarded


def suggestions_only(view: View) -> View:
    """The view is for staff at whose desk there are suggestions."""
    return guarded(view, can_handle_suggestions)


def collectors_only(view: View) -> View:
    """The view is for assistants with a term and for staff: they write down what others say."""
    return guarded(view, collects_suggestions)


def collects_suggestions(user: User | None) -> bool:
    return can_collect_suggestions(user, clock.today())


def managed_suggestion(suggestion_id: int) -> Suggestion:
    """The suggestion, if it is one of the visitor's desk, or 404."""
    row = db.session.get(Suggestion, suggestion_id)
    if row is None or not can_manage_suggestion(actor(), row):
        abort(404)
    return row


def public_suggestion(suggestion_id: int) -> Suggestion:
    """The suggestion, if everybody may see it, or 404."""
    row = db.session.get(Suggestion, suggestion_id)
    if row is None or not row.public:
        abort(404)
    return row


def suggestion_behind(token: str) -> Suggestion:
    """The suggestion of a private link, or 404 if the link is forged or the data deleted."""
    row = suggestion_of_code(read_suggestion_token(token))
    if row is None:
        abort(404)
    return row
