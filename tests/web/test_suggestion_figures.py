"""The page of figures and its export."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from hub.enums import SuggestionCategory, SuggestionStatus
from hub.extensions import db
from hub.models import AuditEntry
from tests.people import EVE
from tests.voice_factories import make_suggestion

WHY = "For the yearly report"
HERE = "/en/desk/suggestions/figures"
S = SuggestionStatus


@pytest.fixture
def some(alice, community) -> None:
    make_suggestion(status=S.DONE, owner=alice, community=community, name="Kim Min-seo")
    make_suggestion(
        status=S.TRIAGED,
        owner=alice,
        community=community,
        category=SuggestionCategory.TRAFFIC,
        due_on=date(2026, 11, 20),
        received_on=date(2026, 11, 2),
    )


def test_page_shows_figures_pictures_and_the_same_numbers_in_tables(app, some, sue):
    page = EVE(app).log_in(sue).get_page(HERE)
    for words in (
        *("Acknowledged in time", "Days to the first answer", "1 overdue", "Traffic"),
        *("Signs and directions", "November 2026", "1 July 2026 to 31 December 2026"),
    ):
        assert words in page.text, words
    assert page.all("figure.chart svg")
    assert "Kim Min-seo" not in page.text


def test_page_says_what_will_stand_there(app, sue):
    page = EVE(app).log_in(sue).get_page(HERE)
    assert "No suggestion came in these days" in page.text
    assert not [a for a in page.all("main a") if "export" in a["href"]]


def test_rule_20_community_of_others_is_404(app, some, alice, sam, community, other_community):
    browser = EVE(app).log_in(sam)
    assert browser.get(f"{HERE}?community={community.id}").status_code == 404
    assert browser.get(f"{HERE}/export?community={community.id}").status_code == 404
    assert "No suggestion came" in browser.get_page(HERE).text
    assert "Received" in EVE(app).log_in(alice).get_page(f"{HERE}?community={community.id}").text
    assert EVE(app).log_in(alice).get(f"{HERE}?community={other_community.id}").status_code == 404


def export(app, user, kind: str, reason: str = WHY):
    browser = EVE(app).log_in(user)
    page = browser.get_page(f"{HERE}/export")
    token = str(page.one("main [name=csrf_token]")["value"])
    data = {"csrf_token": token, "format": kind, "reason": reason}
    return browser.post(f"{HERE}/export", data=data)


def test_rule_22_csv_has_a_mark_no_words_and_no_names(app, some, sue):
    text = export(app, sue, "csv").data.decode()
    assert text.startswith("\ufeffNumber,Received,Category")
    assert len(text.splitlines()) == 3
    for secret in ("Kim", "mina@example.com", "Please put signs"):
        assert secret not in text


def test_rule_22_workbook_has_a_line_for_each(app, some, sue):
    answer = export(app, sue, "xlsx")
    sheet = ZipFile(BytesIO(answer.data)).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 3 and "<f>" not in sheet


def test_rule_22_export_is_written_down_with_who_and_why(app, some, sue):
    assert export(app, sue, "csv", reason=" ").status_code == 422
    export(app, sue, "csv")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).one()
    assert (entry.subject, entry.actor_id, entry.reason) == ("suggestion", sue.id, WHY)
    assert entry.after["rows"] == 2


def test_days_that_make_no_sense_count_as_this_half_year(app, some, sue):
    browser = EVE(app).log_in(sue)
    for query in ("since=2026-12-31&until=2026-01-01", "since=x&until=y", "community=&season=z"):
        assert "1 July 2026 to 31 December 2026" in browser.get_page(f"{HERE}?{query}").text
    assert "No suggestion came" in browser.get_page(f"{HERE}?season=last").text
