"""The inspection pack: who may take it, that it is written down, that it tells the truth."""

import json
from datetime import date
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import CertificateStatus, Provenance, RecordStatus, StaffRole
from hub.extensions import db
from hub.models import AuditEntry, ServiceRecord, User
from hub.services import audit
from hub.services.certificates import end_certificate, issue_certificate
from hub.transaction import unit_of_work
from tests.factories import local, make_user
from tests.people import EVE
from tests.service_factories import make_appointment, make_assistant, make_record

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
WHY = "The civil affairs bureau inspects the year."


@pytest.fixture
def bob(community) -> User:
    return make_assistant("bob", community)


@pytest.fixture
def records(bob, community, alice) -> list[ServiceRecord]:
    """One approved, one that corrects another, one of a formula, one before the period."""
    made = [
        make_record(
            bob,
            community,
            starts_at=local(f"2026-{day} 14:00"),
            status=RecordStatus.APPROVED,
            decided_by=alice,
            provenance=Provenance.BACK_ENTERED,
            by=alice,
        )
        for day in ("11-10", "11-11", "02-01")
    ]
    correction = make_record(bob, community, starts_at=local("2026-11-12 14:00"), minutes=60)
    with unit_of_work():
        correction.corrects_id = made[0].id
        correction.content = '=HYPERLINK("http://evil.example")'
        correction.reason = "早退 one hour"
        audit.record("approve", "service_record", made[0].id, by=alice, after={"status": "x"})
    return [*made, correction]


def take(app, user: User, *, language: str = "en", **typed: object) -> ZipFile:
    client = EVE(app).log_in(user)
    page = client.get_page(f"/{language}/desk/inspection")
    values = {"since": "2026-11-01", "until": "2026-11-30", "reason": WHY, **typed}
    form = page.one("main form[method=post]")
    data = {str(i["name"]): str(i.get("value", "")) for i in form.select("input[name]")}
    data["community_id"] = str(form.select_one("select option")["value"])
    answer = client.post(f"/{language}/desk/inspection", data=data | values, buffered=True)
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    assert answer.headers["Cache-Control"] == "private, no-store"
    pack = ZipFile(BytesIO(answer.data))
    assert pack.testzip() is None
    return pack


def told(pack: ZipFile, name: str) -> list[dict]:
    return json.loads(pack.read(f"{name}.json"))


def sheet(pack: ZipFile, name: str) -> list[list[str]]:
    """The cells of a workbook as texts; formulas would be found here too."""
    with ZipFile(BytesIO(pack.read(f"{name}.xlsx"))) as book:
        root = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert root.find(f".//{MAIN}f") is None, "a formula"
    rows = []
    for row in root.iter(f"{MAIN}row"):
        cells = {}
        for cell in row.iter(f"{MAIN}c"):
            column = "".join(c for c in str(cell.get("r")) if c.isalpha())
            value = cell.find(f"{MAIN}v")
            text = "".join(t.text or "" for t in cell.iter(f"{MAIN}t"))
            cells[column] = text if value is None else str(value.text)
        rows.append([cells.get(chr(65 + i), "") for i in range(26)])
    return rows


def test_rule_22_pack_says_what_the_database_says(app, bob, records, alice):
    pack = take(app, alice)
    rows = told(pack, "records")
    assert [row["id"] for row in rows] == [records[0].id, records[1].id, records[3].id]
    first, _second, correction = rows
    assert first == {
        "id": records[0].id,
        "version": 1,
        "corrects": None,
        "corrected_by": correction["id"],
        "person": "Bob",
        "person_id": bob.id,
        "activity": "Translation",
        "event": "",
        "date": "2026-11-10",
        "from": "14:00",
        "to": "15:30",
        "minutes": 90,
        "place": "Community hall",
        "content": "Translated at the desk.",
        "community": "Heyuan",
        "organising_unit": "杭州市西湖区留下街道办事处",
        "person_in_charge": "Alice",
        "people_served": None,
        "provenance": "back_entered",
        "status": "approved",
        "entered_by": "Alice",
        "submitted_at": "2026-11-23T12:00:00+08:00",
        "decided_by": "Alice",
        "decided_at": "2026-11-23T12:00:00+08:00",
        "reason": "",
    }
    assert (correction["version"], correction["corrects"]) == (2, records[0].id)
    assert (correction["decided_by"], correction["decided_at"]) == ("", None)


def test_rule_22_workbook_says_the_same_and_has_no_formula(app, bob, records, alice):
    pack = take(app, alice)
    head, *rows = sheet(pack, "records")
    assert head[:2] == ["Number", "Version"]
    assert len(rows) == 3
    assert "Approved" in rows[0] and "90" in rows[0] and "2026-11-10" in rows[0]
    assert '=HYPERLINK("http://evil.example")' in rows[2], "a text, as it was typed"


def test_appointments_and_a_letter_for_each_that_has_a_number(app, community, bob, alice):
    offered = make_assistant("dora", community)
    term = bob.appointments[0]
    with unit_of_work():
        term.number = "LX-2026-0007"
    make_appointment(
        make_user("old", role=None),
        community,
        starts_on=date(2020, 1, 1),
        ends_on=date(2020, 12, 31),
    )
    pack = take(app, alice)
    rows = told(pack, "appointments")
    assert [row["person"] for row in rows] == ["Bob", "Dora"]
    assert rows[0]["number"] == "LX-2026-0007"
    assert rows[0]["status"] == "active"
    assert rows[1]["id"] == offered.appointments[0].id
    letters = [name for name in pack.namelist() if name.startswith("letters/")]
    assert letters == [f"letters/appointment-{term.id}.html"]
    letter = pack.read(letters[0]).decode()
    for words in ("LX-2026-0007", "Bob", "24 October 2026"):
        assert words in letter


def test_rule_06_decisions_about_what_is_in_the_pack_and_nothing_else(app, bob, records, alice):
    with unit_of_work():
        issued = issue_certificate(bob, date(2026, 11, 1), date(2026, 11, 23), by=alice)
    with unit_of_work():
        end_certificate(issued, CertificateStatus.REVOKED, "Wrong day.", by=alice)
    with unit_of_work():
        audit.record("approve", "service_record", records[2].id, by=alice)
        audit.record("view", "user", bob.id, by=alice)
    rows = told(take(app, alice), "decisions")
    assert [(r["subject"], r["action"], r["subject_id"]) for r in rows] == [
        ("service_record", "approve", records[0].id),
        ("certificate", "issue", issued.id),
        ("certificate", "revoked", issued.id),
    ]
    assert rows[2]["who"] == "Alice"
    assert (rows[2]["before"], rows[2]["reason"]) == ({"status": "issued"}, "Wrong day.")
    assert rows[2]["at"] == "2026-11-23T12:00:00+08:00"


def test_rule_22_taking_the_pack_is_written_down_with_who_and_why(app, bob, records, alice):
    take(app, alice)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.subject == "inspection")).one()
    assert (entry.action, entry.actor_id, entry.reason) == ("export", alice.id, WHY)
    assert entry.after == {
        "rows": 3,
        "since": "2026-11-01",
        "until": "2026-11-30",
        "community_id": records[0].community_id,
    }


@pytest.mark.parametrize("missing", ["reason", "since", "until"])
def test_rule_22_no_pack_without_reason_and_days(app, alice, missing):
    client = EVE(app).log_in(alice)
    page = client.get_page("/en/desk/inspection")
    values = {"since": "2026-11-01", "until": "2026-11-30", "reason": WHY} | {missing: " "}
    refused = client.submit(page, status=422, **values)
    assert refused.has(".error-summary")
    assert not db.session.scalars(
        select(AuditEntry).where(AuditEntry.subject == "inspection")
    ).all()


def test_days_in_the_wrong_order_are_refused(app, alice):
    client = EVE(app).log_in(alice)
    page = client.get_page("/en/desk/inspection")
    refused = client.submit(page, status=422, since="2026-11-30", until="2026-11-01", reason=WHY)
    assert "The last day comes before the first." in refused.text


def test_rule_20_staff_of_a_community_take_only_its_records(
    app, bob, records, other_community, sam, sue
):
    mira = make_assistant("mira", other_community)
    theirs = make_record(mira, other_community, starts_at=local("2026-11-15 14:00"))
    assert [row["id"] for row in told(take(app, sam), "records")] == [theirs.id]
    assert len(told(take(app, sue), "records")) == 4
    page = EVE(app).log_in(sam).get_page("/en/desk/inspection")
    assert len(page.all("main select option")) == 1
    form = {"since": "2026-11-01", "until": "2026-11-30", "reason": WHY, "community_id": "0"}
    form["csrf_token"] = str(page.one("main [name=csrf_token]")["value"])
    client = EVE(app).log_in(sam)
    client.get_page("/en/desk/inspection")
    assert client.post("/en/desk/inspection", data=form).status_code == 422


def test_rule_20_police_have_no_inspection_pack(app, community):
    police = make_user("pia", role=StaffRole.POLICE)
    EVE(app).log_in(police).get_page("/en/desk/inspection", 404)


def test_pack_is_the_same_twice(app, bob, records, alice):
    one, two = take(app, alice), take(app, alice)
    assert one.namelist() == two.namelist()
    assert all(one.read(name) == two.read(name) for name in one.namelist())
    assert {info.date_time for info in one.infolist()} == {clock_parts()}


def clock_parts() -> tuple[int, ...]:
    return tuple(clock.to_local(clock.now()).timetuple()[:6])


def test_empty_pack_is_a_pack(app, alice):
    pack = take(app, alice, since="2025-01-01", until="2025-01-02")
    assert told(pack, "records") == told(pack, "decisions") == []
    assert len(sheet(pack, "records")) == 1
