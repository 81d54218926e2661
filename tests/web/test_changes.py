""" "You said, we did": what changed by month, what was not adopted and why, the poster."""

from datetime import date

import pytest

from hub.enums import Moderation, SuggestionOutcome, SuggestionStatus
from hub.extensions import db
from hub.models import Suggestion, SuggestionText, User
from hub.queries.changes import changes_between, month_figures, months_of_changes, newest_changes
from hub.transaction import unit_of_work
from tests.factories import make_user
from tests.people import EVE
from tests.voice_factories import make_backer, make_public, make_suggestion

S = SuggestionStatus
OCTOBER, NOVEMBER = date(2026, 10, 12), date(2026, 11, 9)


def a_change(staff: User, on: date = NOVEMBER, status: SuggestionStatus = S.DONE, **fields):
    row = make_suggestion(status=status, owner=staff, received_on=on, **fields)
    return make_public(row, staff)


def say(row: Suggestion, **texts: tuple[str, str, str]) -> Suggestion:
    """Its title, what it says and what changed, by language."""
    with unit_of_work():
        for code, (title, said, did) in texts.items():
            row.texts[code].title, row.texts[code].said, row.texts[code].did = title, said, did
    return row


@pytest.fixture
def gate(alice) -> Suggestion:
    return say(
        a_change(alice, name="Kim Min-seo", contact="kim@example.com"),
        en=("Signs at the gate", "I could not find the clinic.", "Six signs now stand there."),
        zh=("大门的指示牌", "我找不到卫生站。", "现已设置六块指示牌。"),
    )


def test_page_shows_what_was_said_and_what_was_done(client, gate, community):
    page = client.get_page("/en/changes")
    for words in ("November 2026", "Signs at the gate", "I could not find the clinic.",
                  "Six signs now stand there.", "Signs and directions"):  # fmt: skip
        assert words in page.text, words
    other = client.get_page("/zh/changes")
    assert "现已设置六块指示牌。" in other.text and "Six signs" not in other.text


def test_rule_19_nobody_is_named(client, gate, alice):
    assistant = make_user("bao", role=None)
    with unit_of_work():
        gate.collected_by_id = assistant.id
    for path in ("/en/changes", "/en/changes/2026/11", "/en/changes/2026/11/poster", "/en/"):
        page = client.get_page(path)
        for name in ("Kim Min-seo", "kim@example.com", "Bao", "Alice", gate.original):
            assert name not in page.text, (path, name)
    assert "Collected by a foreign community assistant" in client.get_page("/en/changes").text


def test_rule_15_what_is_not_shown_to_all_stands_nowhere(client, alice):
    hidden = a_change(alice)
    with unit_of_work():
        hidden.public = False
    running = a_change(alice, status=S.RESPONDED)
    assert newest_changes(9) == []
    assert months_of_changes() == []
    page = client.get_page("/en/changes")
    assert "Nothing to tell yet" in page.text
    assert str(hidden.id) not in str(page.html) and str(running.id) not in str(page.html)


def test_month_is_honest_about_what_was_not_adopted(client, gate, alice):
    refused = a_change(alice, status=S.NOT_ADOPTED)
    make_suggestion(received_on=NOVEMBER)
    page = client.get_page("/en/changes/2026/11")
    assert "What we could not do, and why" in page.text
    assert "We have put up the signs." in page.text  # the office's answer to it
    assert str(refused.id) in str(page.html)
    assert month_figures(date(2026, 11, 1)) == month_figures(NOVEMBER.replace(day=1))
    figures = month_figures(date(2026, 11, 1))
    assert (figures.received, figures.answered, figures.done) == (3, 2, 1)


def test_months_lead_to_each_other_and_none_lies_ahead(client, gate, alice):
    a_change(alice, OCTOBER)
    months = months_of_changes()
    assert [(m.first, m.done) for m in months] == [(date(2026, 11, 1), 1), (date(2026, 10, 1), 1)]
    page = client.get_page("/en/changes/2026/10")
    assert page.link("November 2026").endswith("/en/changes/2026/11")
    assert not page.has("nav[aria-label='Other months'] a:nth-of-type(2)"), "nothing before it"
    for path in ("2026/12", "2026/13", "2026/0", "2019/5", "2027/1", "2026/12/poster"):
        assert client.get(f"/en/changes/{path}").status_code == 404


def test_most_backed_ones_come_on_the_poster_in_both_languages(app, client, gate, alice):
    for number in range(5):
        a_change(alice)
        make_backer(gate, make_user(f"reader{number}", role=None))
    (first,) = [c for c in changes_between(date(2026, 11, 1), date(2026, 12, 1)) if c.me_too]
    assert (first.suggestion.id, first.me_too) == (gate.id, 5)
    page = client.get_page("/en/changes/2026/11/poster")
    assert page.all(".poster__item")[0].get_text().find("Signs at the gate") > 0
    assert "现已设置六块指示牌。" in page.text
    assert len(page.all(".poster__item")) == 3 and "and 3 more" in page.text
    assert page.all(".poster__code svg")
    assert "hub.test/en/changes/2026/11" in page.text


def test_home_page_shows_the_newest_three(client, gate, alice):
    for _number in range(4):
        a_change(alice, OCTOBER)
    page = client.get_page("/en/")
    assert "What changed because people said so" in page.text
    assert len(page.all(".changes .change")) == 3
    assert page.all(".changes .change")[0].get_text().find("Signs at the gate") > 0


def test_home_page_says_nothing_when_nothing_has_changed(client, db_session):
    assert "What changed because" not in client.get_page("/en/").text


def test_what_changed_may_stand_in_another_language_and_says_so(client, alice):
    row = a_change(alice, outcome=SuggestionOutcome.PARTLY)
    with unit_of_work():
        row = db.session.get_one(Suggestion, row.id)
        row.texts["en"].did = ""
        row.texts["ko"] = SuggestionText(language="ko", title="", did="설치", by_id=alice.id)
        assert row.moderation is Moderation.FIT
    page = client.get_page("/en/changes")
    assert page.all(".change__did")[0]["lang"] == "zh-Hans"
    assert "Partly adopted" in page.text


def test_html_in_words_stays_words(client, gate, alice):
    with unit_of_work():
        gate.texts["en"].said = "<script>alert(1)</script> \u202eevil"
    page = client.get_page("/en/changes")
    assert not page.all(".change script")
    assert "<script>alert(1)</script>" in page.text


def test_visitor_who_is_logged_in_sees_the_same(app, gate, alice):
    assert "Signs at the gate" in EVE(app).log_in(alice).get_page("/en/changes/2026/11").text
