"""Assistants write a suggestion down for somebody and give them a slip (rules 16, 18, 20)."""

import pytest
from sqlalchemy import select

from hub.enums import SuggestionIdentity
from hub.extensions import db
from hub.models import Suggestion
from tests.factories import make_user
from tests.people import EVE
from tests.service_factories import make_assistant
from tests.voice_factories import make_suggestion

URL = "/en/service/suggestions"
TYPED = {
    "text": "외국어로 된 운동 안내가 필요합니다.",
    "category": "sport_and_culture",
    "language": "ko",
    "name": "김민지",
}


@pytest.fixture
def nadia(community):
    return make_assistant("nadia", community)


@pytest.fixture
def browser(app, nadia):
    return EVE(app).log_in(nadia)


def collect(browser, status=None, **typed):
    return browser.submit(
        browser.get_page(f"{URL}/new"), "main form", status=status, **TYPED | typed
    )


def the_row() -> Suggestion:
    return db.session.scalars(select(Suggestion)).unique().one()


def test_rule_16_collected_with_a_slip_that_opens_it(app, browser, nadia):
    slip = browser.follow(collect(browser))
    row = the_row()
    assert (row.collected_by_id, row.name, row.language) == (nadia.id, "김민지", "ko")
    assert (row.identity, row.user_id, row.may_publish) == (SuggestionIdentity.CODE, None, False)
    paper = slip.one(".slip")
    assert paper["lang"] == "en"  # Korean is not switched on
    assert row.number in paper.get_text()
    assert "hub.test/en/suggestions/follow" in paper.get_text() or "follow" in paper.get_text()
    code = paper.select_one(".voice-code").get_text("", strip=True)
    resident = EVE(app)
    found = resident.submit(resident.get_page("/en/suggestions/follow"), code=code)
    assert "운동 안내가" in resident.follow(found).text


def test_slip_speaks_the_language_of_whoever_takes_it(browser):
    slip = browser.follow(collect(browser, language="zh"))
    assert slip.one(".slip")["lang"] == "zh-Hans"
    assert slip.one("html")["lang"] == "en"


def test_list_says_the_state_and_no_contact(browser, nadia):
    collect(browser, contact="min@example.com")
    page = browser.get_page(URL)
    assert "Received" in page.text
    assert "김민지" in page.text
    assert "min@example.com" not in page.response.text
    assert page.one(".record-row .stored")["lang"] == "ko"
    assert browser.get_page("/en/service").link("Collect a suggestion")


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"name": ""}, "name"), ({"contact": "nobody"}, "contact"), ({"text": "no"}, "text")],
)
def test_wrong_form_says_so_and_keeps_the_words(browser, typed, field):
    page = collect(browser, 422, **typed)
    assert page.has(f"#{field}-error")
    assert db.session.scalars(select(Suggestion)).first() is None


def test_same_form_sent_twice_is_one_with_the_same_slip(browser):
    page = browser.get_page(f"{URL}/new")
    codes = {
        browser.follow(browser.submit(page, "main form", **TYPED)).one(".voice-code").get_text()
        for _time in range(2)
    }
    assert len(codes) == 1
    the_row()


def test_rule_20_slip_is_for_its_collector_only(app, browser, community):
    slip = browser.follow(collect(browser))
    other = EVE(app).log_in(make_assistant("omar", community))
    other.get_page(slip.url, 404)
    browser.get_page(f"{URL}/slip/forged", 404)
    assert "김민지" not in other.get_page(URL).text


def test_only_assistants_and_staff_collect(app, alice):
    make_suggestion()
    assert EVE(app).get(URL).status_code == 303
    rita = EVE(app).log_in(make_user("rita", role=None))
    for url in (URL, f"{URL}/new"):
        rita.get_page(url, 404)
    staff = EVE(app).log_in(alice)
    assert staff.get_page(staff.get_page("/en/desk/suggestions").link("Collect")).url == URL
