"""Settings, invitations, communities and the audit trail at the desk."""

import csv
import sys
from datetime import timedelta
from io import StringIO

import pytest
from flask import Flask

from hub import clock
from hub.enums import StaffRole
from hub.extensions import db
from hub.models import AuditEntry, Community, Event, Invitation, Profile, User, Venue
from hub.queries.settings import site_settings
from hub.services import audit
from hub.services.accounts import invite, revoke_invitation
from hub.transaction import unit_of_work
from tests.browser import HubClient, Page
from tests.factories import make_community, make_event, make_sign_up, make_user
from tests.people import EVE
from tests.tables import changed, dump

SETTINGS = "/en/desk/settings"
INVITATIONS = "/en/desk/invitations"
AUDIT = "/en/desk/audit"
ADMIN_PAGES = (SETTINGS, INVITATIONS, f"{INVITATIONS}/new", AUDIT, f"{AUDIT}/export")


@pytest.mark.parametrize("path", ADMIN_PAGES)
def test_rule_20_pages_are_for_administrators(
    client: HubClient, alice: User, sue: User, path: str
) -> None:
    assert "/account/login" in client.get_page(path, 303).location
    assert client.get(path, headers={"HX-Request": "true"}).status_code == 401
    for who in (alice, sue, make_user("pol", role=StaffRole.POLICE), make_user("rita", role=None)):
        other = EVE(client.application).log_in(who)
        other.get_page(path, 404)
        if path not in (INVITATIONS, AUDIT):
            other.post_page(path, {}, 404)


def test_navigation_of_an_administrator(client: HubClient, ada: User, alice: User) -> None:
    client.log_in(ada)
    for path, label in (
        (SETTINGS, "Settings"),
        (f"{INVITATIONS}/new", "Invitations"),
        (f"{AUDIT}/export", "Audit trail"),
    ):
        assert client.get_page(path).one(".desk-nav [aria-current]").get_text(strip=True) == label
    nav = EVE(client.application).log_in(alice).get_page("/en/desk").one(".desk-nav").get_text(" ")
    assert "People" in nav
    assert not {"Settings", "Invitations", "Audit"} & set(nav.split())


# --- settings ------------------------------------------------------------------------------------


def test_settings_take_effect_at_once(client: HubClient, ada: User, event: Event) -> None:
    page = client.log_in(ada).get_page(SETTINGS)
    typed = {"text_en-site_name": "Liuxia Bridge", "text_zh-site_name": "留下桥"}
    page = client.submit(page, **typed, retention_days="120")
    assert "Liuxia Bridge" in client.follow(page).one("title").get_text()
    visitor = EVE(client.application)
    home = visitor.get_page("/en/")
    assert home.one(".brand__name").get_text() == "Liuxia Bridge"
    assert visitor.get_page("/zh/").one(".brand__name").get_text() == "留下桥"
    assert "120 days" in visitor.get_page("/en/privacy").text
    form = visitor.get_page(f"/en/events/{event.id}/sign-up")
    assert "24 Mar 2027" in form.text  # 120 days after tomorrow
    feed = visitor.get("/calendar/events.ics?text=en")
    if feed.status_code == 200:
        assert "Liuxia Bridge" in feed.get_data(as_text=True)


def test_language_that_is_switched_off(client: HubClient, ada: User, event: Event) -> None:
    page = client.log_in(ada).get_page(SETTINGS)
    visitor = EVE(client.application)
    open_form = visitor.get_page(f"/zh/events/{event.id}/sign-up")
    client.submit(page, languages=["en"])
    assert visitor.get_page("/zh/events?q=a%20b&kind=culture", 302).location == (
        "/en/events?q=a%20b&kind=culture"
    )
    assert visitor.get_page("/zh/", 302).location == "/en/"
    assert visitor.get_page("/zh/nothing-here", 404).one("html")["lang"] == "en"
    assert [a["hreflang"] for a in visitor.get_page("/en/").all(".menu [hreflang]")] == ["en"]
    assert visitor.get("/", headers={"Accept-Language": "zh"}).location.endswith("/en/")
    answer = visitor.submit(open_form, status=422, name="Mina")  # what was typed is not lost
    assert answer.one("html")["lang"] == "en" and answer.one("[name=name]")["value"] == "Mina"
    assert not client.get_page("/en/desk/communities/new").has("[name=text_zh-name]")
    assert client.get_page(SETTINGS).has("[name=languages][value=zh]")
    client.submit(client.get_page(SETTINGS), languages=["en", "zh"])
    assert visitor.get_page("/zh/").one("html")["lang"] == "zh-Hans"


def test_text_of_a_language_that_is_off_is_kept(client: HubClient, ada: User) -> None:
    page = client.log_in(ada).get_page(SETTINGS)
    client.submit(page, **{"text_zh-site_name": "留下桥"}, languages=["en"])
    client.submit(client.get_page(SETTINGS), retention_days="100")
    assert site_settings().site_name["zh"] == "留下桥"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"retention_days": "0"}, "Between 1 and 3,650 days."),
        ({"retention_days": "soon"}, "Enter a whole number."),
        ({"languages": []}, "Leave at least one language switched on."),
        ({"text_en-site_name": "", "text_zh-site_name": ""}, "This cannot be empty."),
        ({"text_en-site_name": "x" * 61}, "At most 60 characters."),
        ({"retention_days": "30"}, "deleted at the next purge"),
    ],
)
def test_settings_that_cannot_be_used_keep_the_form(
    client: HubClient, ada: User, typed: dict, words: str
) -> None:
    page = client.log_in(ada).get_page(SETTINGS)
    before = dump()
    page = client.submit(page, status=422, **typed, **{"text_en-recording_unit": "Our office"})
    assert words in page.one(".error-summary").get_text()
    assert page.one("[name=text_en-recording_unit]")["value"] == "Our office"
    assert changed(before, dump()) == {}


def test_fewer_days_are_confirmed(client: HubClient, ada: User) -> None:
    page = client.log_in(ada).get_page(SETTINGS)
    assert not page.has("[name=sure]")
    page = client.submit(page, status=422, retention_days="30")
    client.submit(page, sure=True)
    assert site_settings().retention_days == 30


def test_settings_changed_meanwhile_are_not_overwritten(client: HubClient, ada: User) -> None:
    client.log_in(ada)
    first, second = client.get_page(SETTINGS), client.get_page(SETTINGS)
    client.submit(first, retention_days="100")
    page = client.submit(second, status=409, **{"text_en-site_name": "Mine"})
    assert "Somebody else changed this" in page.one(".error-summary").get_text()
    assert site_settings().site_name["en"] != "Mine"
    client.submit(page, retention_days="100")
    assert site_settings().site_name["en"] == "Mine" and site_settings().retention_days == 100


# --- invitations ---------------------------------------------------------------------------------


def write_invitation(client: HubClient, **typed: object) -> Page:
    return client.follow(client.submit(client.get_page(f"{INVITATIONS}/new"), **typed))


def test_invitation_shows_its_link_once(client: HubClient, ada: User, community: Community) -> None:
    client.log_in(ada)
    page = write_invitation(
        client, role="staff", community_id=community.id, email="New@Example.com"
    )
    link = page.one(".copy-text input")["value"]
    assert "Staff, Heyuan" in page.text and "new@example.com" in page.text
    again = client.get_page(page.url)
    assert "shown once" in again.text and not again.has(".copy-text")
    token = link.rsplit("/", 1)[1]
    for table in dump().values():
        assert not any(token in str(value) for row in table for value in row)
    path = link.removeprefix(client.application.config["BASE_URL"])
    visitor = EVE(client.application)
    page = visitor.follow(visitor.get_page(path, 302))
    assert page.has("main form")


def test_list_tells_the_state_of_each(client: HubClient, ada: User) -> None:
    with unit_of_work():
        invite(StaffRole.STAFF, by=ada, email="open@example.com")
        gone = invite(StaffRole.POLICE, by=ada)[0].id
        used = invite(StaffRole.ADMIN, by=ada)[0]
        used.used_at, used.used_by_id = clock.now(), ada.id
        old = invite(StaffRole.STAFF, by=ada)[0]
        old.expires_at = clock.now() - timedelta(days=1)
    with unit_of_work():
        revoke_invitation(gone, by=ada)
    page = client.log_in(ada).get_page(INVITATIONS)
    rows = [row.get_text(" ") for row in page.all(".desk-list > li")]
    assert ["Ran out" in rows[0], "Used by Ada" in rows[1], "Revoked" in rows[2]] == [True] * 3
    assert "Open until" in rows[3] and "open@example.com" in rows[3]
    assert len(page.all(".desk-list a")) == 1  # only the open one can be revoked


def test_invitation_is_revoked(client: HubClient, ada: User) -> None:
    client.log_in(ada)
    page = write_invitation(client, role="police")
    link = page.one(".copy-text input")["value"].rsplit("/", 1)[1]
    confirm = client.get_page(page.link("Revoke"))
    page = client.follow(client.submit(confirm))
    assert "opens nothing any more" in page.text and "Revoked" in page.text
    EVE(client.application).get_page(f"/en/account/set-up/{link}", 404)
    again = client.submit(confirm, status=409)
    assert again.has(".error-summary") and not again.has("main form")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email": "not an address"}, "Enter an e-mail address, or nothing."),
        ({"email": "half@"}, "not a complete e-mail address"),
        ({"email": "13812345678"}, "Enter an e-mail address, or nothing."),
        ({"role": "police", "community_id": "one"}, "Only staff belong to one community."),
    ],
)
def test_invitation_that_makes_no_sense_keeps_the_form(
    client: HubClient, ada: User, community: Community, typed: dict, words: str
) -> None:
    if "community_id" in typed:
        typed = typed | {"community_id": community.id}
    page = client.log_in(ada).get_page(f"{INVITATIONS}/new")
    page = client.submit(page, status=422, **typed)
    assert words in page.one(".error-summary").get_text()
    if "email" in typed:
        assert page.one("[name=email]")["value"] == typed["email"]
    assert db.session.query(Invitation).count() == 0


def test_rule_20_invitation_of_somebody_else_is_not_found(
    client: HubClient, ada: User, alice: User
) -> None:
    with unit_of_work():
        number = invite(StaffRole.STAFF, by=ada)[0].id
    client.log_in(alice)
    for path in (f"{INVITATIONS}/{number}", f"{INVITATIONS}/{number}/revoke"):
        client.get_page(path, 404)
    client.post_page(f"{INVITATIONS}/{number}/revoke", {}, 404)
    client.get_page(f"{INVITATIONS}/999", 404)


def test_today_tells_of_invitations_that_run_out(client: HubClient, ada: User) -> None:
    with unit_of_work():
        invite(StaffRole.STAFF, by=ada, email="soon@example.com")
    client.log_in(ada)
    assert "soon@example.com" not in client.get_page("/en/desk").text
    with clock.fixed_at(clock.now() + timedelta(days=6)):
        page = EVE(client.application).log_in(ada).get_page("/en/desk")
    assert "1 invitation runs out by tomorrow" in page.text and "soon@example.com" in page.text


# --- communities ---------------------------------------------------------------------------------


def test_empty_community_is_deleted(client: HubClient, ada: User) -> None:
    place = make_community("mistake", en="Mistake")
    page = client.log_in(ada).get_page(f"/en/desk/communities/{place.id}/edit")
    page = client.follow(client.submit(client.get_page(page.link("Delete the community"))))
    assert "“Mistake” is deleted" in page.text
    assert db.session.query(Community).count() == 0
    entry = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert (entry.action, entry.before) == ("delete", {"slug": "mistake"})


@pytest.mark.parametrize("what", ["person", "staff", "venue", "event", "invitation"])
def test_community_in_use_stays(client: HubClient, ada: User, what: str) -> None:
    place = make_community("used", en="Used")
    url = f"/en/desk/communities/{place.id}/delete"
    confirm = client.log_in(ada).get_page(url)
    if what == "staff":
        make_user("new", community=place)
    with unit_of_work():
        if what == "person":
            person = Profile(user_id=ada.id, community_id=place.id, updated_at=clock.now())
            db.session.add(person)
        if what == "venue":
            db.session.add(Venue(community_id=place.id))
        if what == "invitation":
            invite(StaffRole.STAFF, by=ada, community_id=place.id)
    if what == "event":
        from tests.factories import make_venue

        make_event(venue=make_venue(place))
    page = client.submit(confirm, status=409)
    assert "It stays." in page.one(".error-summary").get_text()
    assert "cannot be deleted" in page.text and not page.has("main form")
    assert (
        "Delete the community" not in client.get_page(f"/en/desk/communities/{place.id}/edit").text
    )
    assert db.session.get(Community, place.id) is not None


def test_rule_20_only_administrators_delete_communities(
    client: HubClient, alice: User, community: Community
) -> None:
    client.log_in(alice)
    client.get_page(f"/en/desk/communities/{community.id}/delete", 404)
    client.post_page(f"/en/desk/communities/{community.id}/delete", {}, 404)


# --- the audit trail -----------------------------------------------------------------------------


def test_rule_06_trail_reads_in_plain_words(
    client: HubClient, ada: User, alice: User, event: Event, community: Community
) -> None:
    client.log_in(ada)
    page = client.get_page(f"/en/desk/people/{alice.id}/roles/{alice.roles[0].id}/take")
    client.submit(page, reason="She moved.")
    client.submit(client.get_page(SETTINGS), retention_days="120")
    make_sign_up(event)
    page = client.get_page(AUDIT)
    lines = [" ".join(li.get_text(" ").split()) for li in page.all(".timeline > li")]
    assert lines[0].startswith("A party signed up.") and "a visitor" in lines[0]
    assert "Days until deletion: 90 → 120" in lines[1]
    assert "A role was taken away. Alice" in lines[2]
    assert "Role: Staff → –" in lines[2] and "Community: Heyuan → –" in lines[2]
    assert "Reason: She moved." in lines[2] and "Ada" in lines[2]
    assert any(event.title in line for line in lines)


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("who=ada", "settings", "party signed up"),
        ("who=ADA@staff", "settings", "party signed up"),
        ("action=sign_up", "party signed up", "settings"),
        ("subject=settings", "settings", "party signed up"),
        ("since=2026-11-23&until=2026-11-23", "settings", "yesterday's"),
        ("until=2026-11-22", "yesterday's", "settings"),
    ],
)
def test_trail_is_narrowed(
    client: HubClient, ada: User, event: Event, query: str, shown: str, hidden: str
) -> None:
    client.log_in(ada)
    make_sign_up(event)
    with unit_of_work():
        audit.record("update", "settings", 0, by=ada)
    with clock.fixed_at(clock.now() - timedelta(days=1)), unit_of_work():
        audit.record("odd", "thing", 1, by=None, reason="yesterday's")
    page = client.get_page(f"{AUDIT}?{query}")
    found = page.one("#audit-list").get_text()
    assert shown in found and hidden not in found
    fragment = client.get_page(f"{AUDIT}?{query}", htmx=True)
    assert str(fragment.one("#audit-list")) == str(page.one("#audit-list"))


def test_trail_by_number_of_an_account(client: HubClient, ada: User, event: Event) -> None:
    client.log_in(ada)
    with unit_of_work():
        audit.record("update", "settings", 0, by=ada)
    page = client.get_page(f"{AUDIT}?who={ada.id}")
    assert "The settings were changed." in page.text
    assert "No entry fits" in client.get_page(f"{AUDIT}?who=99999999999").text


@pytest.mark.parametrize(
    "query", ["since=x&until=9999-99-99&action=x&subject=x&before=x", "who=%25"]
)
def test_nonsense_in_the_address_is_left_out(client: HubClient, ada: User, query: str) -> None:
    client.log_in(ada).get_page(f"{AUDIT}?{query}")


def test_trail_has_pages_and_costs_the_same(app: Flask, client: HubClient, ada: User) -> None:
    from sqlalchemy import event as sqlalchemy_event

    client.log_in(ada)

    def look() -> tuple[Page, int]:
        seen: list[str] = []

        def note(*args: object) -> None:
            seen.append(str(args[2]))

        sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
        page = client.get_page(AUDIT)
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)
        return page, len(seen)

    few = look()[1]
    for _ in range(60):
        person = make_user(role=None)
        assert person
    page, many = look()
    assert many == few
    assert len(page.all(".timeline > li")) == 50
    page = client.get_page(page.one("a[rel=next]")["href"])
    assert 10 <= len(page.all(".timeline > li")) < 50
    client.get_page(page.link("From the newest"))


def test_values_that_nothing_knows_do_no_harm(client: HubClient, ada: User) -> None:
    with unit_of_work():
        audit.record(
            "update", "event", 999, by=ada,
            before={"kind": "gone", "starts_at": "never", "titles": 5, "venue_id": None},
            after={"kind": ["x"], "starts_at": 7, "titles": {}, "venue_id": 999, "new": "fact"},
        )  # fmt: skip
        audit.record("give_role", "user", 999, by=ada, after={"role": "king"})
    page = client.log_in(ada).get_page(AUDIT)
    assert "Event 999" in page.text and "Role: king" in page.text


# --- export --------------------------------------------------------------------------------------


def export(client: HubClient, query: str = "", **typed: str) -> list[list[str]]:
    page = client.get_page(f"{AUDIT}{query}")
    page = client.get_page(page.link("Export what is found"))
    answer = client.submit(page, status=200, **typed)
    text = answer.response.get_data().decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))


def test_rule_22_export_is_what_was_found(client: HubClient, ada: User, event: Event) -> None:
    client.log_in(ada)
    make_sign_up(event)
    stored = [e.id for e in db.session.query(AuditEntry).order_by(AuditEntry.id.desc())]
    rows = export(client, reason="Yearly report")
    assert rows[0][0] == "Number"
    assert [int(row[0]) for row in rows[1:]] == stored
    narrowed = export(client, "?action=sign_up", reason="Yearly report")
    assert len(narrowed) == 2 and narrowed[1][4] == "A party signed up."
    assert narrowed[1][1] == "2026-11-23 12:00:00+08:00"


def test_rule_22_export_neutralises_formulas(client: HubClient, ada: User) -> None:
    with unit_of_work():
        audit.record("update", "settings", 0, by=ada, reason="=HYPERLINK(1)")
        ada.name = "@SUM(A1)"
    client.log_in(ada)
    row = export(client, "?subject=settings", reason="r")[1]
    assert row[3] == "'@SUM(A1)" and row[7] == "'=HYPERLINK(1)"


def test_rule_22_export_is_logged_with_who_and_why(client: HubClient, ada: User) -> None:
    client.log_in(ada)
    page = client.get_page(f"{AUDIT}/export")
    before = dump()
    page = client.submit(page, status=422, reason=" ")
    assert "Say why." in page.one(".error-summary").get_text()
    assert changed(before, dump()) == {}
    count = db.session.query(AuditEntry).count()
    client.submit(page, status=200, reason="Yearly report")
    entry = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert (entry.action, entry.subject, entry.actor_id) == ("export", "audit", ada.id)
    assert (entry.reason, entry.after) == ("Yearly report", {"rows": count})


def test_long_trail_is_exported_whole(client: HubClient, ada: User) -> None:
    with unit_of_work():
        for number in range(1203):
            audit.record("update", "settings", number, by=None)
    client.log_in(ada)
    rows = export(client, "?subject=settings", reason="all of it")
    assert len(rows) == 1204 and len({row[0] for row in rows}) == 1204


def test_trail_that_is_too_long_for_a_spreadsheet(
    client: HubClient, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = sys.modules["hub.blueprints.desk_admin.audit"]
    monkeypatch.setattr(module, "MOST_ROWS", 0)
    page = client.log_in(ada).get_page(f"{AUDIT}/export")
    page = client.submit(page, status=422, reason="all of it")
    assert "Choose fewer days." in page.one(".error-summary").get_text()
    assert page.one("[name=reason]").get_text().strip() == "all of it"
