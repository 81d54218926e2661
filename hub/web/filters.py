"""Moments, texts and names as people read them."""

from datetime import date, datetime

from babel import Locale
from babel.dates import format_date, format_skeleton
from flask import Flask
from markupsafe import Markup

from hub import clock
from hub.i18n import LANGUAGES, _, current_language, language_name
from hub.integrations.markdown import to_html


def init_app(app: Flask) -> None:
    for function in (day, full_day, weekday, clock_time, period, moment, month_name, short_month):
        app.add_template_filter(function)
    app.add_template_filter(duration)
    app.add_template_filter(markdown)
    app.add_template_filter(spoken_name)
    app.add_template_filter(lang_tag)
    app.add_template_filter(datetime.fromisoformat, "from_iso")  # the facts of a message


def _locale() -> Locale:
    return Locale.parse(LANGUAGES[current_language()].locale)


def day(value: datetime | date) -> str:
    """``Sat 5 Dec``; with the year when it is not this one."""
    local = clock.to_local(value) if isinstance(value, datetime) else value
    this_year = local.year == clock.today().year
    midnight = datetime(local.year, local.month, local.day, tzinfo=clock.LOCAL)
    skeleton = "MMMEd" if this_year else "yMMMEd"
    return format_skeleton(skeleton, midnight, locale=_locale()).replace(",", "", 1)


def full_day(value: date) -> str:
    """``5 December 2026``, as papers say it."""
    return format_date(value, "long", locale=_locale())


def weekday(value: datetime | date) -> str:
    local = clock.to_local(value) if isinstance(value, datetime) else value
    return format_date(local, "EEE", locale=_locale())


def weekday_name(number: int) -> str:
    """Monday is 0."""
    names = _locale().days["stand-alone"]["abbreviated"]
    return str(names[number])


def short_month(value: datetime) -> str:
    return format_date(clock.to_local(value), "LLL", locale=_locale())


def short_month_of(value: date) -> str:
    return format_date(value, "LLL", locale=_locale())


def month_name(value: date) -> str:
    return format_skeleton(
        "yMMMM", datetime(value.year, value.month, 1, tzinfo=clock.LOCAL), locale=_locale()
    )


def clock_time(value: datetime) -> str:
    return clock.to_local(value).strftime("%H:%M")


def moment(value: datetime) -> str:
    """``Sat 5 Dec, 14:00``."""
    return _("%(day)s, %(time)s", day=day(value), time=clock_time(value))


def period(start: datetime, end: datetime) -> str:
    """``Sat 5 Dec, 14:00–16:00``, or both days when they differ."""
    if clock.to_local(start).date() == clock.to_local(end).date():
        return _(
            "%(day)s, %(start)s–%(end)s",
            day=day(start), start=clock_time(start), end=clock_time(end),
        )  # fmt: skip
    return _("%(start)s to %(end)s", start=moment(start), end=moment(end))


def duration(minutes: int) -> str:
    """``12 h 30 min``, ``2 h``, ``45 min``."""
    hours, rest = divmod(minutes, 60)
    if hours and rest:
        return _("%(hours)d h %(minutes)d min", hours=hours, minutes=rest)
    if hours:
        return _("%(hours)d h", hours=hours)
    return _("%(minutes)d min", minutes=rest)


def markdown(source: str) -> Markup:
    return Markup(to_html(source))  # noqa: S704  # cleaned by nh3


def spoken_name(code: str) -> str:
    """The name of a spoken language in the language of the page."""
    return language_name(code, current_language())


def lang_tag(code: str) -> str:
    """The BCP 47 tag of a language, of the interface or only spoken."""
    return LANGUAGES[code].tag if code in LANGUAGES else code
