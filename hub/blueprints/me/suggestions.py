"""One's own suggestions, and those that one stands behind."""

from flask import Response, url_for

from hub.blueprints.me.routes import me, myself
from hub.integrations.signing import suggestion_token
from hub.queries.public_suggestions import backed_by, suggestions_of
from hub.web.access import account_only
from hub.web.htmx import render
from hub.web.suggestion_cards import foreign, stands


@me.get("/suggestions")
@account_only
def suggestions() -> Response:
    user = myself()
    own = [
        (row, url_for("suggestions.mine", token=suggestion_token(row.code or "")), stands(row))
        for row in suggestions_of(user)
    ]
    shown = [b for b in backed_by(user) if b.suggestion.public]
    texts = [(b, b.suggestion.text()) for b in shown]
    backed = [(b, text.title, foreign(text.language)) for b, text in texts]
    return render("me/suggestions.html", own=own, backed=backed)
