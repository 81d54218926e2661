"""What is held of a person about suggestions, as tables to take along. Reads only."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from hub.extensions import db
from hub.models import Backer, Suggestion, SuggestionEntry, User
from hub.queries.own_tables import Table, table_of

SUGGESTION = (
    *("number", "category", "community", "place", "original", "language", "name"),
    *("contact_kind", "contact", "identity", "status", "received_on", "acknowledged_on"),
    *("answered_on", "concluded_on", "verdict", "may_publish", "public", "photo_name"),
    "privacy_version",
)
ENTRY = ("suggestion_id", "kind", "text", "on")
BACKER = ("suggestion_id", "me_too", "follows", "language", "made_on", "confirmed_on")
COLLECTED = ("number", "category", "community", "received_on", "status")


def suggestion_tables(user: User) -> list[Table]:
    """What the owner of the account suggested, collected for others, and stands behind."""
    own = _rows(Suggestion.user_id == user.id)
    backed = select(Backer).where(Backer.user_id == user.id).order_by(Backer.id)
    return [
        table_of("suggestions", SUGGESTION, own),
        entries_of([row.id for row in own]),
        table_of("backed_suggestions", BACKER, db.session.scalars(backed)),
        table_of("collected_suggestions", COLLECTED, _rows(Suggestion.collected_by_id == user.id)),
    ]


def entries_of(ids: Sequence[int]) -> Table:
    """What was asked and answered about these suggestions."""
    query = select(SuggestionEntry).where(SuggestionEntry.suggestion_id.in_(ids))
    found = db.session.scalars(query.order_by(SuggestionEntry.id))
    return table_of("suggestion_entries", ENTRY, found)


def _rows(condition: ColumnElement[bool]) -> list[Suggestion]:
    query = select(Suggestion).where(condition)
    return list(db.session.scalars(query.order_by(Suggestion.received_on, Suggestion.id)).unique())
