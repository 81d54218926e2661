"""What the page of survey results is asked for; its export; translations of a comment."""

from datetime import timedelta
from typing import Any

from flask import request
from wtforms import Form as PlainForm
from wtforms import TextAreaField
from wtforms.validators import Length

from hub import clock
from hub.enums import EventKind
from hub.i18n import SPOKEN, _l
from hub.models import SurveyAnswer
from hub.queries.survey_results import OTHERS, Wanted
from hub.services.survey_comments import MAX_TRANSLATION
from hub.web.forms import HubForm, language_rows, paragraphs, read_day, read_id, with_languages

YEAR = timedelta(days=365)
TOGETHER = "others"  # how OTHERS stands in an address


class TranslationRow(PlainForm):
    text = TextAreaField(
        _l("Translation"),
        filters=[paragraphs],
        validators=[Length(max=MAX_TRANSLATION, message=_l("At most 2,000 characters."))],
    )


def translation_form(answer: SurveyAnswer) -> Any:
    """A text for each language of the site but that of the comment."""
    form: Any = with_languages(HubForm, TranslationRow)()
    if f"text_{answer.language}" in form._fields:
        del form[f"text_{answer.language}"]
    if not form.is_submitted():
        for code, row in language_rows(form).items():
            present = answer.translations.get(code)
            row.form.text.data = present.text if present is not None else ""
    return form


def typed_texts(form: Any) -> dict[str, str]:
    return {code: row.form.text.data or "" for code, row in language_rows(form).items()}


def wanted_answers() -> Wanted:
    """What the address asks for: all of the last twelve months if it says nothing."""
    since, until = (read_day(request.args.get(name, "")) for name in ("since", "until"))
    until = until or clock.today()
    kind = request.args.get("kind", "")
    language = request.args.get("language", "")
    return Wanted(
        since=min(since or until - YEAR, until),
        until=until,
        kind=EventKind(kind) if kind in list(EventKind) else None,
        series_id=read_id("series"),
        community_id=read_id("community"),
        language=OTHERS if language == TOGETHER else language if language in SPOKEN else None,
    )


def as_args(wanted: Wanted) -> dict[str, Any]:
    """The same as a query."""
    language = TOGETHER if wanted.language == OTHERS else wanted.language
    args = {
        "since": wanted.since.isoformat(),
        "until": wanted.until.isoformat(),
        "kind": wanted.kind.value if wanted.kind else "",
        "series": str(wanted.series_id or ""),
        "community": str(wanted.community_id or ""),
        "language": language or "",
    }
    return {name: value for name, value in args.items() if value}
