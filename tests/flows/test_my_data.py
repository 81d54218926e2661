"""One person's story with their own data: tell, allow, take a copy, go."""

import csv
import json
from datetime import datetime
from io import BytesIO, StringIO
from zipfile import ZipFile

from sqlalchemy import func, select

from hub import clock
from hub.extensions import db
from hub.models import (
    Consent,
    DataRequest,
    LogIn,
    Message,
    PaperSeen,
    PersonLanguage,
    Profile,
    SignUp,
    User,
)
from hub.queries.invariants import violations
from hub.services.accounts import create_user
from hub.services.people import note_paper_seen
from hub.transaction import unit_of_work
from tests.factories import PASSWORD, local, make_event, make_sign_up
from tests.people import BOB, EVE
from tests.tables import dump


def opened(body: bytes) -> tuple[dict[str, list[dict[str, object]]], dict[str, list[list[str]]]]:
    """data.json, and the CSV files as a spreadsheet reads them."""
    with ZipFile(BytesIO(body)) as archive:
        assert archive.testzip() is None
        told = json.loads(archive.read("data.json"))
        tables = {
            name.removesuffix(".csv"): list(
                csv.reader(StringIO(archive.read(name).decode("utf-8-sig")))
            )
            for name in archive.namelist()
            if name.endswith(".csv")
        }
    return told, tables


def same(row: dict[str, object], kept: object, *names: str) -> None:
    """The row of the export says what the database holds."""
    for name in names:
        value = getattr(kept, name)
        if isinstance(value, datetime):
            assert datetime.fromisoformat(str(row[name])) == value
            assert str(row[name]).endswith("+08:00")
        elif value is None or isinstance(value, bool | int):
            assert row[name] == value
        else:
            assert row[name] == str(getattr(value, "value", value))


def test_rule_18_tell_allow_copy_correct_and_go(app, venue, community, sue):
    make_sign_up(make_event(venue=venue, title="Before"), BOB, 2)
    past = make_event(venue=venue, starts_at=local("2026-11-01 14:00"))
    make_sign_up(past, BOB, 3)
    with unit_of_work():
        bob = create_user(email=BOB.contact.value, name=BOB.name, password=PASSWORD, language="en")
    browser = EVE(app).log_in(bob)
    page = browser.get_page("/en/me")
    assert "Before" in page.text

    page = browser.get_page(page.link("Complete my profile"))
    language = {"spoken_0-language": "sw", "spoken_0-oral": "native", "spoken_0-written": "C2"}
    browser.submit(
        page, "form[action$='/profile']", spoken_name="=Bobby", country="KE",
        community_id=community.id, weekdays=[2], **language,
    )  # fmt: skip
    page = browser.get_page("/en/me/consents")
    browser.submit(page, "form[action$='/consents']", publication=True)
    with unit_of_work():
        note_paper_seen(bob, "student_card", None, by=sue)
    page = browser.get_page("/en/me/profile")
    browser.submit(page, "form[action$='/profile']", name="Robert Kamau")

    # the copy
    page = browser.get_page("/en/me/data")
    answer = browser.submit(page, "form[action$='/export']", status=200).response
    told, tables = opened(answer.data)
    user = db.session.get_one(User, bob.id)
    (account,) = told["account"]
    same(account, user, "id", "email", "name", "language", "created_at", "confirmed_at")
    (profile,) = told["profile"]
    same(profile, db.session.get_one(Profile, bob.id), "spoken_name", "country", "updated_at")
    assert (profile["community"], profile["weekdays"]) == ("Heyuan", [3])
    for name, model, columns in (
        ("languages", PersonLanguage, ("language", "oral", "written")),
        ("consents", Consent, ("purpose", "given", "version", "language", "text", "at")),
        ("sign_ups", SignUp, ("number", "status", "name", "contact", "party_size", "created_at")),
        ("log_ins", LogIn, ("device", "created_at", "seen_at", "ended_at")),
        ("papers_seen", PaperSeen, ("paper",)),
        ("requests", DataRequest, ("kind", "requested_at", "fulfilled_at")),
    ):
        kept = db.session.scalars(select(model).order_by(*model.__table__.primary_key)).all()
        assert len(told[name]) == len(kept) > 0, name
        for row, thing in zip(told[name], kept, strict=True):
            same(row, thing, *columns)
    assert len(told["messages"]) == db.session.scalar(select(func.count()).select_from(Message))
    assert [r["kind"] for r in told["requests"]] == ["correct", "export"]
    assert user.password not in repr(told)
    for name, rows in tables.items():
        assert [len(rows) - 1, rows[0]] == [
            len(told[name]), list(told[name][0]) if told[name] else rows[0],
        ]  # fmt: skip
    assert tables["profile"][1][0] == "'=Bobby"

    # and the end
    seats = past.seats_taken
    page = browser.get_page(browser.get_page("/en/me/data").link("Delete my account"))
    page = browser.follow(browser.submit(page, "main form"))
    assert "Your account and what it held are deleted." in page.text
    browser.get_page("/en/me", 303)
    left = repr(dump()).lower()
    assert not [word for word in ("bob@example", "kamau", "bobby") if word in left]
    assert db.session.get_one(type(past), past.id).seats_taken == seats == 3
    assert list(violations()) == []
    login = EVE(app)
    page = login.get_page("/en/account/login")
    login.submit(
        page, "form:has(input[name=password])", status=200, email="bob@example.com",
        password=PASSWORD,
    )  # fmt: skip
    with clock.fixed_at(clock.now()):
        login.get_page("/en/me", 303)
