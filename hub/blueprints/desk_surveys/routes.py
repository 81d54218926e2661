"""What people said after events: the figures of all, those of one with its comments, the export."""

from typing import Any

from flask import Blueprint, Response, abort, flash, url_for

from hub import clock
from hub.blueprints.desk_surveys.forms import (
    TOGETHER,
    as_args,
    translation_form,
    typed_texts,
    wanted_answers,
)
from hub.enums import EventKind
from hub.extensions import db
from hub.i18n import _
from hub.models import Event, Series, SurveyAnswer, User
from hub.policies.surveys import survey_closes
from hub.queries.places import all_communities, usable_communities
from hub.queries.survey_results import (
    Results,
    asked_series,
    comments_of,
    events_by_id,
    people_checked_in,
    results_for,
    results_of,
)
from hub.services.people import note_export
from hub.services.survey_comments import translate_comment
from hub.web import survey_cards
from hub.web.access import managed_event, staff_only, the_actor
from hub.web.cards import foreign_tag
from hub.web.changes import try_change
from hub.web.export import ExportForm, table_file
from hub.web.filters import day, month_name
from hub.web.forms import language_rows
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.spoken import spoken_choices
from hub.web.survey_cards import TapsLine, lines_of, taps_line

desk_surveys = Blueprint("desk_surveys", __name__)

MOST_EVENTS = 50  # on the page; the export has all


@desk_surveys.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_surveys.get("")
@staff_only
def index() -> Response:
    user, wanted = the_actor(), wanted_answers()
    found, series = results_for(user, wanted), asked_series(user)
    event_lines, more = _event_lines(found)
    return render(
        "desk/surveys/index.html",
        "desk/surveys/_results.html",
        wanted=wanted,
        args=as_args(wanted),
        export_url=url_for(".export", **as_args(wanted)),
        total=found.total,
        figures=survey_cards.figures(found.total),
        questions=survey_cards.question_lines(found.total),
        groups=_groups(series, found),
        event_lines=event_lines,
        more=more,
        head=survey_cards.taps_head(),
        key=survey_cards.colour_key(),
        **_filters(user, series),
    )


@desk_surveys.get("/<id:event_id>")
@staff_only
def event(event_id: int) -> Response:
    row = managed_event(event_id)
    found = results_of(row)
    languages = survey_cards.language_lines(found)
    return render(
        "desk/surveys/event.html",
        event=row,
        title_tag=foreign_tag(row.text().language),
        total=found.total,
        figures=survey_cards.figures(found.total),
        questions=survey_cards.question_lines(found.total),
        languages=languages if len(languages) > 1 else [],
        head=survey_cards.taps_head(),
        key=survey_cards.colour_key(),
        comments=comments_of(row),
        checked_in=people_checked_in(event_id),
        closes_at=survey_closes(row),
        is_open=row.has_started(clock.now()) and clock.now() < survey_closes(row),
    )


@desk_surveys.route("/<id:event_id>/comments/<answer_id>", methods=["GET", "POST"])
@staff_only
def translate(event_id: int, answer_id: str) -> Response:
    user, row, answer = the_actor(), managed_event(event_id), _comment(event_id, answer_id)
    form = translation_form(answer)
    saved = try_change(form, lambda: translate_comment(answer_id, typed_texts(form), by=user).id)
    if saved.done:
        flash(_("The translation is saved."), "success")
        return see_other(url_for(".event", event_id=event_id) + "#comments")
    return render(
        "desk/surveys/translate.html",
        None,
        saved.status,
        event=managed_event(row.id),
        answer=_comment(event_id, answer_id),
        form=form,
        rows=language_rows(form),
    )


@desk_surveys.route("/export", methods=["GET", "POST"])
@staff_only
def export() -> Response:
    user, form, wanted = the_actor(), ExportForm(), wanted_answers()
    found = results_for(user, wanted)
    rows = len(found.by(lambda part: part.event_id))
    scope = {**as_args(wanted), "format": "csv" if form.as_csv else "xlsx"}
    noted = try_change(
        form, lambda: note_export("surveys", 0, rows, form.reason.data, by=user, **scope)
    )
    if noted.done:
        return _table(found, user, as_csv=form.as_csv)
    return render(
        "desk/surveys/export.html",
        None,
        noted.status,
        form=form,
        wanted=wanted,
        rows=rows,
        here=url_for(".export", **as_args(wanted)),
        back=url_for(".index", **as_args(wanted)),
    )


def _comment(event_id: int, answer_id: str) -> SurveyAnswer:
    """A comment on that event that is shown, or 404."""
    answer = db.session.get(SurveyAnswer, answer_id)
    if answer is None or answer.event_id != event_id or not answer.shown or not answer.comment:
        abort(404)
    return answer


def _event_lines(found: Results) -> tuple[list[TapsLine], int]:
    """The newest events, and how many more there are."""
    sums = found.by(lambda part: part.event_id)
    newest = list(sums.items())[:MOST_EVENTS]
    events = events_by_id(number for number, _tally in newest)
    lines = [
        taps_line(_named(events[number]), tally, url_for(".event", event_id=number))
        for number, tally in newest
    ]
    return lines, len(sums) - len(newest)


def _named(event: Event) -> str:
    return f"{day(event.starts_at)} · {event.title}"


def _groups(asked: list[Series], found: Results) -> list[tuple[str, str, list[TapsLine]]]:
    """Heading, name of the first column, lines. What belongs to no series is none of them."""
    months = found.by(lambda part: clock.to_local(part.starts_at).date().replace(day=1))
    kinds = found.by(lambda part: part.kind)
    names = {series.id: series.text().title for series in asked}
    series = found.by(lambda part: part.series_id)
    series.pop(None, None)
    places = {community.id: community.name for community in all_communities()}
    communities = found.by(lambda part: part.community_id)
    return [
        (_("Month by month"), _("Month"), lines_of((month_name(m), t) for m, t in months.items())),
        (_("By kind"), _("Kind"), lines_of((str(k.label), t) for k, t in kinds.items())),
        (_("By series"), _("Series"), lines_of((names[n], t) for n, t in series.items() if n)),
        (
            _("By community"),
            _("Community"),
            lines_of((places[n], t) for n, t in communities.items()),
        ),
        (_("By language"), _("Language"), survey_cards.language_lines(found)),
    ]


def _filters(user: User, asked: list[Series]) -> dict[str, Any]:
    together = (TOGETHER, survey_cards.told_language(""))
    return {
        "kinds": [(kind.value, str(kind.label)) for kind in EventKind],
        "series": [(str(row.id), row.text().title) for row in asked],
        "communities": [(str(row.id), row.name) for row in usable_communities(user)],
        "languages": [*spoken_choices(), together],
    }


def _table(found: Results, user: User, *, as_csv: bool) -> Response:
    events = events_by_id({part.event_id for part in found.parts})
    names = {series.id: series.text().title for series in asked_series(user)}
    head = survey_cards.table_head()
    rows = survey_cards.table_rows(found, events, names, all_communities())
    return table_file("what-people-say", _("Survey results"), head, rows, as_csv=as_csv)
