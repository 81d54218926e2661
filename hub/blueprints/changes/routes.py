""" "You said, we did": by month, for everybody, and as a poster to print."""

from datetime import date

from flask import Blueprint, Response, abort, current_app, url_for

from hub import clock
from hub.i18n import LANGUAGES, _, in_language, ngettext
from hub.integrations.qr import to_svg
from hub.queries.changes import (
    NEWEST_MONTHS,
    Change,
    changes_between,
    month_after,
    month_figures,
    months_of_changes,
)
from hub.web.change_cards import change_cards, poster_items, poster_languages
from hub.web.filters import month_name
from hub.web.htmx import render

changes = Blueprint("changes", __name__)
FIRST_YEAR = 2020


@changes.get("")
def index() -> Response:
    months = months_of_changes()
    shown = [month for month in months if month.done][:NEWEST_MONTHS]
    found = changes_between(shown[-1].first, month_after(shown[0].first)) if shown else []
    done = [change for change in found if change.is_done]
    return render(
        "changes/index.html",
        months=months,
        shown=[(month, change_cards(_of_month(done, month.first))) for month in shown],
    )


@changes.get("/<int:year>/<int:month>")
def month(year: int, month: int) -> Response:
    first = _first_day(year, month)
    found = changes_between(first, month_after(first))
    months = [month.first for month in months_of_changes()]
    return render(
        "changes/month.html",
        first=first,
        done=change_cards([change for change in found if change.is_done]),
        not_adopted=change_cards([change for change in found if not change.is_done]),
        figures=month_figures(first),
        before=next((day for day in months if day < first), None),
        later=next((day for day in reversed(months) if day > first), None),
    )


@changes.get("/<int:year>/<int:month>/poster")
def poster(year: int, month: int) -> Response:
    first = _first_day(year, month)
    found = changes_between(first, month_after(first))
    link = current_app.config["BASE_URL"] + url_for(".month", year=year, month=month)
    items = poster_items(found)
    more = sum(change.is_done for change in found) - len(items)
    return render(
        "changes/poster.html",
        first=first,
        items=items,
        more=more,
        heads=[_poster_head(code, first, more) for code in poster_languages()],
        link=link.removeprefix("https://").removeprefix("http://"),
        qr=to_svg(link, title=_("QR code: everything that changed in this month")),
    )


def _first_day(year: int, month: int) -> date:
    """The month of the address, or 404 for one that is none or lies ahead."""
    if not (FIRST_YEAR <= year <= clock.today().year and 1 <= month <= 12):
        abort(404)
    first = date(year, month, 1)
    if first > clock.today():
        abort(404)
    return first


def _of_month(found: list[Change], first: date) -> list[Change]:
    until = month_after(first)
    return [
        c for c in found if c.suggestion.concluded_on and first <= c.suggestion.concluded_on < until
    ]


def _poster_head(code: str, first: date, more: int) -> dict[str, str]:
    """The words of the poster in one of its languages."""
    with in_language(code):
        return {
            "tag": LANGUAGES[code].tag,
            "title": _("You said, we did"),
            "month": month_name(first),
            "rest": ngettext("and %(num)d more", "and %(num)d more", more),
            "more": _("All of it, and your own suggestion: scan the code."),
        }
