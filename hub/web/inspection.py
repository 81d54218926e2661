"""The inspection pack: a zip of tables (XLSX and JSON) and of the letters of appointment."""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from enum import Enum
from tempfile import TemporaryFile
from typing import IO, Any

from flask import render_template

from hub import clock
from hub.i18n import _
from hub.integrations.archive import open_pack
from hub.integrations.workbook import write_workbook
from hub.models import Appointment
from hub.queries.inspection import (
    Row,
    Scope,
    appointment_rows,
    appointments_in,
    decision_rows,
    record_rows,
)
from hub.web.certificate_paper import Said, both, day_words, period_words


def write_pack(scope: Scope) -> IO[bytes]:
    """The pack in a temporary file, at its beginning. Whoever asked for it closes it."""
    now = clock.to_local(clock.now())
    tables = {
        "records": (_record_words(), record_rows(scope)),
        "appointments": (_appointment_words(), appointment_rows(scope)),
        "decisions": (_decision_words(), decision_rows(scope)),
    }
    file = TemporaryFile()  # noqa: SIM115 - sent, then closed
    with open_pack(file, now) as entry:
        for name, (words, rows) in tables.items():
            _write_table(entry, name, words, rows, now)
        for appointment, person, _offerer in appointments_in(scope):
            if appointment.number:
                with entry(f"letters/appointment-{appointment.id}.html") as out:
                    out.write(_letter(appointment, person).encode())
    file.seek(0)
    return file


def _write_table(
    entry: Callable[[str], IO[bytes]],
    name: str,
    words: dict[str, str],
    rows: Iterable[Row],
    now: datetime,
) -> None:
    """Both files from one reading, so that they say the same."""
    with TemporaryFile() as told:
        with entry(f"{name}.xlsx") as out:
            cells = _cells(rows, words, told)
            write_workbook(out, name, list(words.values()), cells, now)
        told.seek(0)
        with entry(f"{name}.json") as out:
            shutil.copyfileobj(told, out)


def _cells(rows: Iterable[Row], words: dict[str, str], told: IO[bytes]) -> Iterator[list[object]]:
    """Each row as cells; on the way it is told to the JSON file, a line each."""
    before = "[\n"
    for row in rows:
        plain = {name: _plain(row[name]) for name in words}
        told.write((before + json.dumps(plain, ensure_ascii=False)).encode())
        before = ",\n"
        yield [_cell(row[name]) for name in words]
    told.write(b"\n]\n" if before == ",\n" else b"[]\n")


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return clock.to_local(value).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def _cell(value: Any) -> object:
    if isinstance(value, Enum) and hasattr(value, "label"):
        return str(value.label)
    if isinstance(value, datetime):
        return clock.to_local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return _plain(value)


def _letter(appointment: Appointment, person: str) -> str:
    """The letter of appointment, in both languages of the house's papers."""
    community, ended = appointment.community, appointment.ended_on
    first, last = appointment.starts_on, appointment.ends_on
    facts: list[tuple[list[Said], str | list[Said] | None]] = [
        (both(lambda: _("Number")), appointment.number),
        (both(lambda: _("Volunteer")), person),
        (both(lambda: _("Programme")), both(lambda: str(appointment.programme.label))),
        (
            both(lambda: _("Community")),
            both(lambda: community.text().name if community else _("All communities")),
        ),
        (both(lambda: _("Term")), both(lambda: period_words(first, last))),
    ]
    if ended is not None:
        facts.append((both(lambda: _("Ended early on")), both(lambda: day_words(ended))))
    return render_template(
        "desk/certificates/letter.html",
        title=both(lambda: _("Letter of appointment")),
        number=appointment.number,
        facts=facts,
    )


def _record_words() -> dict[str, str]:
    return {
        "id": _("Number"),
        "version": _("Version"),
        "corrects": _("Corrects number"),
        "corrected_by": _("Corrected by number"),
        "person": _("Volunteer"),
        "person_id": _("Account"),
        "activity": _("Activity"),
        "event": _("Event"),
        "date": _("Date"),
        "from": _("Starts"),
        "to": _("Ends"),
        "minutes": _("Minutes"),
        "place": _("Place"),
        "content": _("Content"),
        "community": _("Community"),
        "organising_unit": _("Organising unit"),
        "person_in_charge": _("Person in charge"),
        "people_served": _("People served"),
        "provenance": _("How the time is known"),
        "status": _("State"),
        "entered_by": _("Entered by"),
        "submitted_at": _("Sent in"),
        "decided_by": _("Decided by"),
        "decided_at": _("Decided at"),
        "reason": _("Reason"),
    }


def _appointment_words() -> dict[str, str]:
    return {
        "id": _("Number"),
        "number": _("Number of the letter"),
        "person": _("Volunteer"),
        "person_id": _("Account"),
        "programme": _("Programme"),
        "community": _("Community"),
        "starts_on": _("Starts"),
        "ends_on": _("Ends"),
        "status": _("State"),
        "ended_on": _("Ended early on"),
        "reason": _("Reason"),
        "offered_by": _("Offered by"),
        "accepted_at": _("Accepted"),
        "renews": _("Renews number"),
        "application": _("Number of the application"),
    }


def _decision_words() -> dict[str, str]:
    return {
        "id": _("Number"),
        "at": _("When"),
        "who": _("Who acted"),
        "account": _("Account"),
        "subject": _("About"),
        "subject_id": _("Number of the thing"),
        "action": _("What"),
        "before": _("Before"),
        "after": _("After"),
        "reason": _("Reason"),
    }
