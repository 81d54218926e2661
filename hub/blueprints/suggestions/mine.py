"""The private page of a suggestion: where it stands, its answers, and what its submitter can do."""

from typing import Any

from flask import Response, current_app, flash, url_for

from hub.blueprints.suggestions.forms import FollowForm, JudgeForm, ReopenForm, WordsForm
from hub.blueprints.suggestions.routes import suggestion_rate, suggestions
from hub.enums import SuggestionEntryKind, Verdict
from hub.extensions import limiter
from hub.i18n import LANGUAGES, _
from hub.integrations.signing import read_claim_code, suggestion_token, token_hash
from hub.models import Suggestion
from hub.policies.suggestions import why_not_answer, why_not_judge, why_not_reopen
from hub.queries.public_suggestions import suggestion_of_claim
from hub.services.suggestion_links import allow_publishing, answer_question
from hub.services.suggestion_links import judge as judge_suggestion
from hub.services.suggestion_links import reopen as reopen_suggestion
from hub.web.change_cards import changed_words
from hub.web.changes import try_change
from hub.web.filters import lang_tag, spoken_name
from hub.web.forms import ActionForm
from hub.web.htmx import render, see_other
from hub.web.suggestion_cards import photo_answer, published, side_by_side, stands, timeline
from hub.web.voice_access import suggestion_behind


def guess_rate() -> str:
    rate: str = current_app.config["LOG_IN_RATE"]
    return rate


@suggestions.route("/follow", methods=["GET", "POST"])
@limiter.limit(guess_rate, methods=["POST"])
def follow() -> Response:
    form: Any = FollowForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            # What cannot be a code is looked up as well: no answer is quicker than another.
            row = suggestion_of_claim(token_hash(read_claim_code(form.code.data) or ""))
            if row is not None and row.code is not None:
                return see_other(url_for(".mine", token=suggestion_token(row.code)))
            form.code.errors = [_("No suggestion has this code. Look at the slip again.")]
    return render("suggestions/follow.html", None, status, form=form)


@suggestions.get("/mine/<token>")
def mine(token: str) -> Response:
    return _page(suggestion_behind(token), token, 200)


@suggestions.get("/mine/<token>/photo")
def own_photo(token: str) -> Response:
    return photo_answer(suggestion_behind(token))


@suggestions.post("/mine/<token>/answer")
@limiter.limit(suggestion_rate)
def answer(token: str) -> Response:
    row, form = suggestion_behind(token), _form(WordsForm)
    done = try_change(form, lambda: answer_question(row.id, form.text.data).id)
    if done.done:
        flash(_("Thank you. The work goes on."), "success")
        return see_other(url_for(".mine", token=token))
    return _page(suggestion_behind(token), token, done.status, answer_form=form)


@suggestions.route("/mine/<token>/reopen", methods=["GET", "POST"])
@limiter.limit(suggestion_rate, methods=["POST"])
def reopen(token: str) -> Response:
    row, form = suggestion_behind(token), _form(ReopenForm)
    done = try_change(form, lambda: reopen_suggestion(row.id, form.text.data).id)
    if done.done:
        flash(_("It is looked at again. Thank you for telling us."), "success")
        return see_other(url_for(".mine", token=token))
    row = suggestion_behind(token)
    why_not = why_not_reopen(row)
    return render(
        "suggestions/reopen.html", None, done.status, form=form, why_not=why_not,
        **page_context(row, token),
    )  # fmt: skip


@suggestions.post("/mine/<token>/verdict")
@limiter.limit(suggestion_rate)
def judge(token: str) -> Response:
    row, form = suggestion_behind(token), _form(JudgeForm)
    done = try_change(
        form, lambda: judge_suggestion(row.id, Verdict(form.verdict.data), form.text.data or "").id
    )
    if done.done:
        flash(_("Thank you for telling us."), "success")
        return see_other(url_for(".mine", token=token))
    return _page(suggestion_behind(token), token, done.status, judge_form=form)


@suggestions.post("/mine/<token>/publishing/<any('allow','forbid'):choice>")
@limiter.limit(suggestion_rate)
def publishing(token: str, choice: str) -> Response:
    row, form = suggestion_behind(token), ActionForm()
    done = try_change(form, lambda: allow_publishing(row.id, choice == "allow").id)
    if done.done:
        allowed = _("The office may show it to everybody now.")
        flash(allowed if choice == "allow" else _("It is not shown any more."), "success")
        return see_other(url_for(".mine", token=token))
    for words in form.form_errors:
        flash(words, "warning")
    return see_other(url_for(".mine", token=token))


def page_context(row: Suggestion, token: str) -> dict[str, Any]:
    """What each page behind the private link is given."""
    return {
        "row": row,
        "token": token,
        "original_tag": lang_tag(row.language),
        "original_language": spoken_name(row.language),
    }


def _form(kind: type[Any]) -> Any:
    return kind()


def _page(
    row: Suggestion, token: str, status: int, *, answer_form: Any = None, judge_form: Any = None
) -> Response:
    heading, following = stands(row)
    joined = row.duplicate_of
    asked = [e for e in row.entries if e.kind is SuggestionEntryKind.QUESTION]
    return render(
        "suggestions/mine.html",
        None,
        status,
        heading=heading,
        following=following,
        question=asked[-1] if asked and why_not_answer(row) is None else None,
        answer_form=answer_form or WordsForm(),
        judge_form=judge_form or JudgeForm(),
        action_form=ActionForm(),
        can_judge=why_not_judge(row) is None,
        can_reopen=why_not_reopen(row) is None,
        responses=[(r, _columns(r, row.language)) for r in published(row)],
        changed=changed_words(row),
        steps=timeline(row),
        joined=joined if joined is not None and joined.public else None,
        link=current_app.config["BASE_URL"] + url_for(".mine", token=token),
        **page_context(row, token),
    )


def _columns(response: Any, reader: str) -> list[tuple[str, str, str]]:
    """Tag, name of the language, text: the submitter's and Chinese."""
    return [
        (lang_tag(code), LANGUAGES[code].name if code in LANGUAGES else spoken_name(code), text)
        for code, text in side_by_side(response, reader)
    ]
