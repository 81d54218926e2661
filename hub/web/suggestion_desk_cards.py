"""Suggestions made ready for the desk: a line of the list, when it is due, what can be done."""

from dataclasses import dataclass
from datetime import date

from flask import url_for

from hub import clock
from hub.enums import SuggestionStatus
from hub.i18n import LANGUAGES, SPOKEN, _, current_language, language_name
from hub.integrations.workdays import is_known, working_days_between
from hub.models import Suggestion, User
from hub.policies.suggestions import (
    due_day,
    why_not_ask_submitter,
    why_not_handle,
    why_not_move,
    why_not_publish,
    why_not_respond,
    why_not_take_apart,
    why_not_triage,
)
from hub.queries.records import Due
from hub.services.suggestion_responses import draft_of
from hub.web.filters import day
from hub.web.record_cards import due_words

S = SuggestionStatus
# How a state looks: one of the looks of hub/static/css/components/badge.css and its neighbours.
LOOKS = {
    S.RECEIVED: "waiting",
    S.ACKNOWLEDGED: "waiting",
    S.TRIAGED: "requested",
    S.IN_PROGRESS: "checked_in",
    S.RESPONDED: "offered",
    S.DONE: "completed",
    S.NOT_ADOPTED: "declined",
    S.REFERRED: "released",
    S.DUPLICATE: "superseded",
    S.REOPENED: "waiting",
}


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """One suggestion in a list. ``title_tag`` is the language of its title, if it is another."""

    id: int
    url: str
    number: str
    title: str
    category: str
    community: str
    owner: str
    look: str
    state: str
    due: str
    late: bool
    since: str


@dataclass(frozen=True, slots=True)
class Step:
    """Something that can be done now. ``posts``: a button that does it at once; else a link."""

    words: str
    url: str
    icon: str
    posts: bool = False


def suggestion_row(row: Suggestion) -> SuggestionRow:
    due, late = when_due(row)
    return SuggestionRow(
        id=row.id,
        url=url_for("desk_suggestions.show", suggestion_id=row.id),
        number=row.number,
        title=row.title or _("(deleted)"),
        category=str(row.category.label),
        community=place_of(row),
        owner=row.owner.name if row.owner is not None else "",
        look=LOOKS[row.status],
        state=str(row.status.label),
        due=due,
        late=late,
        since=_("received %(day)s", day=day(row.received_on)),
    )


def place_of(row: Suggestion) -> str:
    return row.community.name if row.community is not None else _("The whole subdistrict")


def when_due(row: Suggestion) -> tuple[str, bool]:
    """When the next step is due in words, and whether that has passed."""
    if row.paused_on is not None and not row.status.is_final:
        return _("The clock stands: its submitter was asked something"), False
    due = due_day(row)
    if due is None:
        return "", False
    words = due_words(_due(due))
    return words, due < clock.today()


def what_is_due(row: Suggestion) -> str:
    """Which step the clock runs for."""
    return {
        S.RECEIVED: _("To be acknowledged"),
        S.REOPENED: _("To be looked at again"),
        S.ACKNOWLEDGED: _("To be assigned"),
        S.TRIAGED: _("To be answered"),
        S.IN_PROGRESS: _("To be answered"),
    }.get(row.status, "")


def next_steps(user: User, row: Suggestion) -> tuple[Step | None, list[Step]]:
    """The step that comes next, if there is one, and the others that are possible."""
    found = _possible(user, row)
    first = _FIRST.get(row.status, "")
    if row.status is S.TRIAGED and row.category.is_referred:
        first = "refer"
    if row.status is S.IN_PROGRESS and "publish" in found:
        first = "publish"
    return found.pop(first, None), list(found.values())


def language_tag(code: str) -> str:
    """The BCP 47 tag of a language, of the interface or not."""
    return LANGUAGES[code].tag if code in LANGUAGES else code


def spoken_in(code: str) -> str:
    known = code in SPOKEN or code in LANGUAGES
    return language_name(code, current_language()) if known else code


_FIRST = {
    S.RECEIVED: "acknowledge",
    S.REOPENED: "triage",
    S.ACKNOWLEDGED: "triage",
    S.TRIAGED: "start",
    S.IN_PROGRESS: "respond",
    S.RESPONDED: "conclude",
}


def _possible(user: User, row: Suggestion) -> dict[str, Step]:
    """By name, in the order in which they are shown."""

    def step(name: str, words: str, icon: str, *, posts: bool = False) -> Step:
        return Step(words, url_for(f"desk_suggestions.{name}", suggestion_id=row.id), icon, posts)

    if why_not_handle(user, row):
        return {}
    found: dict[str, Step] = {}
    if why_not_move(user, row, S.ACKNOWLEDGED) is None:
        found["acknowledge"] = step("acknowledge", _("Acknowledge"), "check", posts=True)
    if why_not_move(user, row, S.IN_PROGRESS) is None:
        found["start"] = step("start", _("Begin to work on it"), "forward", posts=True)
    draft = draft_of(row)
    if draft is not None and why_not_publish(user, row) is None:
        found["publish"] = step("publish", _("Publish the response"), "megaphone")
    if why_not_move(user, row, S.DONE) is None:
        found["conclude"] = step("conclude", _("Say what has changed"), "flag")
    if why_not_respond(user, row) is None:
        words = _("Edit the draft") if draft else _("Write a response")
        if draft is None and row.response is not None:
            words = _("Correct the response")
        found["respond"] = step("respond", words, "pencil")
    if why_not_ask_submitter(user, row) is None:
        found["ask"] = step("ask", _("Ask the submitter"), "speech")
    if why_not_triage(user, row) is None:
        words = _("Assign it again") if row.status in (S.TRIAGED, S.IN_PROGRESS) else _("Assign it")
        found["triage"] = step("triage", words, "person")
    if why_not_move(user, row, S.REFERRED) is None:
        found["refer"] = step("refer", _("Hand it over"), "exit")
    if why_not_move(user, row, S.DUPLICATE) is None:
        found["join"] = step("join", _("Join with another one"), "link")
    if why_not_take_apart(user, row) is None:
        found["apart"] = step("apart", _("Take apart"), "swap")
    return found


def _due(due: date) -> Due:
    today = clock.today()
    left = working_days_between(today, due) if today <= due else -1
    return Due(due, left, is_known(due))
