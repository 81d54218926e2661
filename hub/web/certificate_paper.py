"""Certificates made ready to read: in Chinese and English side by side, and masked in public."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from babel.dates import format_date
from flask import current_app, url_for

from hub import clock
from hub.i18n import LANGUAGES, _, current_language, in_language, ngettext
from hub.integrations.qr import to_svg
from hub.models import Certificate, ServiceRecord
from hub.web.i18n import current_code
from hub.web.site import said_in

ON_PAPER = ("zh", "en")
# So much fits the first page; what is longer is summed there and listed on the next.
MOST_ROWS, MOST_LINES = 14, 37
GAP = 0.4  # between two rows, in lines
NARROW, WIDE = 20, 68  # columns of the table, in Latin letters


@dataclass(frozen=True, slots=True)
class Said:
    """Words, and the language that they are in (BCP 47)."""

    tag: str
    words: str


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One record of a certificate."""

    date: str
    time: str
    activity: list[Said]
    event: list[Said]
    place: str
    content: str
    minutes: int
    unit: str
    in_charge: str


@dataclass(frozen=True, slots=True)
class PaperSum:
    """All records of one activity."""

    activity: list[Said]
    number: int
    minutes: int
    length: str


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on a certificate. ``labels`` by name, in both languages."""

    labels: dict[str, list[Said]]
    holder: str
    number: str
    wording: list[Said]
    period: list[Said]
    total: list[Said]
    unit: list[Said]
    issued_on: list[Said]
    rows: list[PaperRow]
    sums: list[PaperSum]
    has_annex: bool
    qr: str
    check_url: str
    stamp: list[Said]


def paper(certificate: Certificate) -> Paper:
    """The certificate as it is printed."""
    snapshot: Any = certificate.snapshot
    rows = [_row(record) for record in snapshot["records"]]
    link = public_link(certificate)
    valid = certificate.ended_at is None
    return Paper(
        labels=_labels_in_both(),
        holder=certificate.holder_name,
        number=certificate.number,
        wording=_said(snapshot["wording"]),
        period=both(lambda: period_words(certificate.period_from, certificate.period_until)),
        total=both(lambda: hours_words(certificate.minutes)),
        unit=_said(snapshot["recording_unit"]),
        issued_on=both(lambda: day_words(clock.to_local(certificate.issued_at).date())),
        rows=rows,
        sums=_sums(rows),
        has_annex=len(rows) > MOST_ROWS or sum(_lines(row) + GAP for row in rows) > MOST_LINES,
        qr=to_svg(link, title=_("QR code: check this certificate")),
        check_url=link.partition("://")[2].partition("/certificates/")[0] + "/certificates",
        stamp=[] if valid else both(lambda: str(certificate.status.label)),
    )


def public_link(certificate: Certificate) -> str:
    """The address behind the QR code. Without a language: each reader gets their own."""
    path = url_for("certificates.public", code=certificate.number)
    base: str = current_app.config["BASE_URL"]
    return base + path.removeprefix(f"/{current_code()}")


def both(make: Callable[[], str]) -> list[Said]:
    """What ``make`` says in each language of the paper; the same words stand there once."""
    found: list[Said] = []
    for code in ON_PAPER:
        with in_language(code):
            words = make()
        if words not in [said.words for said in found]:
            found.append(Said(LANGUAGES[code].tag, words))
    return found


def hours_words(minutes: int) -> str:
    """``12 hours 30 minutes``."""
    hours, rest = divmod(minutes, 60)
    said = [ngettext("%(num)d hour", "%(num)d hours", hours)] if hours else []
    if rest or not hours:
        said.append(ngettext("%(num)d minute", "%(num)d minutes", rest))
    return " ".join(said)


def day_words(day: date) -> str:
    """``1 November 2026``."""
    return str(format_date(day, "long", locale=LANGUAGES[current_language()].locale))


def period_words(since: date, until: date) -> str:
    return _("%(start)s to %(end)s", start=day_words(since), end=day_words(until))


def masked(name: str) -> str:
    """``A*** E*****`` or ``王**``: who knows the person recognises the name, nobody learns it."""
    plain = unicodedata.normalize("NFC", name)
    return "".join(
        part if number % 2 else _masked_word(part)
        for number, part in enumerate(re.split(r"([\s·•・.\-‐]+)", plain))
    )


def _masked_word(word: str) -> str:
    letters = [c for c in word if unicodedata.category(c)[0] != "M" and c.isprintable()]
    return letters[0] + "*" * (len(letters) - 1) if len(letters) > 1 else "*" * len(letters)


def record_row(record: ServiceRecord) -> dict[str, Any]:
    """A record ready for the list of what a certificate would count."""
    return {
        "record": record,
        "activity": record.activity.name,
        "length": hours_words(record.minutes),
    }


def _row(record: dict[str, Any]) -> PaperRow:
    return PaperRow(
        date=record["date"],
        time=f"{record['starts']}–{record['ends']}",
        activity=_said(record["activity"]),
        event=_said(record["event"]),
        place=record["place"],
        content=record["content"],
        minutes=record["minutes"],
        unit=record["organising_unit"],
        in_charge=record["in_charge"],
    )


def _said(texts: dict[str, str]) -> list[Said]:
    """The texts in the languages of the paper, or in the next best one."""
    found = [Said(LANGUAGES[code].tag, texts[code]) for code in ON_PAPER if texts.get(code)]
    if not found and (words := said_in(texts, ON_PAPER[0])):
        code = next(c for c, text in texts.items() if text == words)
        found = [Said(LANGUAGES[code].tag, words)]
    return found


def _sums(rows: list[PaperRow]) -> list[PaperSum]:
    """By activity, the most first."""

    def name(row: PaperRow) -> str:
        return " ".join(said.words for said in row.activity)

    groups = [list(group) for _name, group in groupby(sorted(rows, key=name), key=name)]
    sums = [_sum(group, sum(row.minutes for row in group)) for group in groups]
    return sorted(sums, key=lambda found: -found.minutes)


def _sum(rows: list[PaperRow], minutes: int) -> PaperSum:
    length = " / ".join(said.words for said in both(lambda: hours_words(minutes)))
    return PaperSum(rows[0].activity, len(rows), minutes, length)


def _lines(row: PaperRow) -> int:
    """How many lines of the table the record fills."""
    details = " · ".join([row.content, *(said.words for said in row.event), row.place])
    activity = sum(-(-_width(said.words) // NARROW) for said in row.activity)
    return max(2, activity, -(-_width(details) // WIDE))


def _width(text: str) -> int:
    """In Latin letters: Chinese characters are twice as wide."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _labels_in_both() -> dict[str, list[Said]]:
    def label(name: str) -> Callable[[], str]:
        return lambda: _labels()[name]

    return {name: both(label(name)) for name in _labels()}


def _labels() -> dict[str, str]:
    return {
        "title": _("Certificate of volunteer service"),
        "holder": _("Awarded to"),
        "period": _("Period of service"),
        "total": _("Total service time"),
        "content": _("Service given"),
        "unit": _("Recording unit"),
        "issued_on": _("Date of issue"),
        "number": _("Verification code"),
        "check": _("Check it here"),
        "seal": _("Seal"),
        "when": _("When"),
        "activity": _("Activity"),
        "details": _("Content and place"),
        "minutes": _("Minutes"),
        "times": _("Times"),
        "length": _("Time"),
        "annex": _("Annex: all records"),
        "in_annex": _("Each record stands in the annex."),
        "organised": _("Organising unit and person in charge"),
        "deleted": _("The name was deleted at the person’s wish."),
    }
