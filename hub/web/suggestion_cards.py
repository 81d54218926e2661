"""Suggestions made ready for pages: cards, where one stands in words, its responses by language."""

from dataclasses import dataclass
from datetime import date

from flask import Response, abort, url_for

from hub import clock
from hub.enums import SuggestionStatus
from hub.i18n import _, current_language, ngettext
from hub.integrations.files import SUGGESTIONS, read
from hub.integrations.pictures import MEDIA_TYPE
from hub.models import Suggestion, SuggestionResponse
from hub.policies.suggestions import acknowledge_by, due_day, is_overdue
from hub.queries.public_suggestions import Listed, public_state
from hub.queries.similar import Similar
from hub.web.filters import day, lang_tag

S = SuggestionStatus


@dataclass(frozen=True, slots=True)
class SuggestionCard:
    """One suggestion in a list, all in words."""

    url: str
    title: str
    title_lang: str | None
    category: str
    community: str
    state: str
    state_label: str
    when: str
    backed: str
    came_of_it: str
    came_lang: str | None


def foreign(language: str) -> str | None:
    """The tag of a text that is not in the language of the page, for its ``lang`` attribute."""
    return lang_tag(language) if language != current_language() else None


def suggestion_card(listed: Listed) -> SuggestionCard:
    row = listed.suggestion
    text, state = row.text(), public_state(row.status)
    return SuggestionCard(
        url=url_for("suggestions.show", suggestion_id=row.id),
        title=text.title,
        title_lang=foreign(text.language),
        category=str(row.category.label),
        community=row.community.name if row.community is not None else "",
        state=state.value,
        state_label=str(row.status.label if row.status.is_final else state.label),
        when=day(row.received_on),
        backed=backed_words(listed.me_too),
        came_of_it=text.did if row.status is S.DONE else "",
        came_lang=foreign(text.language),
    )


def backed_words(number: int) -> str:
    """``3 people say “me too”``, or nothing."""
    if not number:
        return ""
    return ngettext("%(num)d person says “me too”", "%(num)d people say “me too”", number)


def similar_links(found: list[Similar]) -> list[tuple[str, str, str | None, str]]:
    """Address, title, its language if it is another one, and state of each."""
    texts = [(s.suggestion, s.suggestion.text()) for s in found]
    return [
        (
            url_for("suggestions.show", suggestion_id=row.id),
            text.title,
            foreign(text.language),
            str(public_state(row.status).label),
        )
        for row, text in texts
    ]


def stands(row: Suggestion) -> tuple[str, str]:
    """Where it stands, as its submitter reads it: a heading, and what comes next by when."""
    heading = {
        S.RECEIVED: _("It has arrived"),
        S.ACKNOWLEDGED: _("The office has read it"),
        S.TRIAGED: _("Somebody is in charge of it"),
        S.IN_PROGRESS: _("Somebody works on it"),
        S.RESPONDED: _("You have an answer"),
        S.DONE: _("It is done"),
        S.NOT_ADOPTED: _("It is not adopted"),
        S.REFERRED: _("It was handed over"),
        S.DUPLICATE: _("Somebody said the same"),
        S.REOPENED: _("It is looked at again"),
    }[row.status]
    if row.paused_on is not None:
        return _("The office has a question"), _(
            "Since %(day)s it waits for your answer below. Then the work goes on.",
            day=day(row.paused_on),
        )
    return heading, _next(row) or _concluded(row)


def _next(row: Suggestion) -> str:
    due = due_day(row)
    if due is None:
        return ""
    if is_overdue(row, clock.today()):
        return _("You should have heard by %(day)s. We are late, and we are sorry.", day=day(due))
    if row.status is S.ACKNOWLEDGED:
        return _("By %(day)s this page says who is in charge of it.", day=day(due))
    return _("You will hear by %(day)s.", day=day(due))


def _concluded(row: Suggestion) -> str:
    if row.status is S.RESPONDED:
        return _("The answer stands below. This page tells you when something has changed.")
    if row.status is S.DUPLICATE:
        return _("It goes on together with another suggestion. What comes of it counts for both.")
    if row.status is S.REFERRED:
        return _("%(who)s deals with it now.", who=row.referred_to)
    if row.concluded_on is not None:
        return _("Since %(day)s. The answer stands below.", day=day(row.concluded_on))
    return ""


def timeline(row: Suggestion) -> list[tuple[str, date]]:
    """What happened so far, by day, as everybody may know it."""
    steps: list[tuple[str, date | None]] = [
        (_("It came in"), row.received_on),
        (_("The office confirmed that it has read it"), row.acknowledged_on),
        *(
            (_("The office answered"), clock.to_local(r.published_at).date())
            for r in row.responses
            if r.published_at is not None
        ),
        (str(row.status.label), row.concluded_on),
    ]
    return sorted(((w, on) for w, on in steps if on is not None), key=lambda step: step[1])


def published(row: Suggestion) -> list[SuggestionResponse]:
    """The official responses, the newest first."""
    return [r for r in reversed(row.responses) if r.published_at is not None]


def side_by_side(response: SuggestionResponse, reader: str) -> list[tuple[str, str]]:
    """The response in ``reader`` (or the next best language) and in Chinese: code and text."""
    first = response.text(reader)
    both = {first.language: first.text}
    if "zh" in response.texts:
        both.setdefault("zh", response.texts["zh"].text)
    return list(both.items())


def hear_by(row: Suggestion) -> date:
    """By when whoever sent it hears that it was read."""
    return acknowledge_by(row.counted_on)


def photo_answer(row: Suggestion) -> Response:
    """The photo, or 404."""
    body = read(SUGGESTIONS, row.photo_name) if row.photo_name is not None else None
    if body is None:
        abort(404)
    response = Response(body, mimetype=MEDIA_TYPE)
    response.headers.set("Content-Disposition", "inline", filename=f"{row.number}.jpg")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response
