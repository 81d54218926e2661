"""Suggestions at the desk: every page and every button (rules 5, 15, 18, 20)."""

import pytest
from flask import Flask

from hub import clock
from hub.enums import (
    Moderation,
    SuggestionCategory,
    SuggestionEntryKind,
    SuggestionIdentity,
    SuggestionOutcome,
    SuggestionStatus,
)
from hub.extensions import db
from hub.integrations.files import SUGGESTIONS, keep
from hub.models import AuditEntry, Community, ResponseTemplate, Suggestion, SuggestionEntry, User
from hub.services.response_templates import save_template
from hub.services.suggestion_steps import acknowledge, triage
from hub.transaction import unit_of_work
from tests.browser import HubClient, Page
from tests.contracts.test_query_counts import counted
from tests.factories import make_community, make_user
from tests.voice_factories import make_public, make_response, make_suggestion

DESK = "/en/desk/suggestions"
S = SuggestionStatus
EVIL = '<script>alert("x")</script>\u202e gnihton'


@pytest.fixture
def browser(client: HubClient, alice: User) -> HubClient:
    return client.log_in(alice)


def made(community: Community, alice: User, status: S = S.RECEIVED, **fields) -> Suggestion:
    return make_suggestion(community=community, status=status, owner=alice, **fields)


def at(row: Suggestion, page: str = "") -> str:
    return f"{DESK}/{row.id}{page}"


def again(row: Suggestion) -> Suggestion:
    db.session.refresh(row)
    return row


def primary(page: Page) -> str:
    return " ".join(page.one("main .button--primary").get_text(" ").split())


# --- the list ---------------------------------------------------------------------------------


def test_list_shows_the_desk_of_ones_community(browser, community, alice):
    row = made(community, alice, original=f"Signs please {EVIL}")
    make_suggestion("Elsewhere", community=make_community())
    page = browser.get_page(DESK)
    assert "Signs please" in page.text
    assert "Elsewhere" not in page.text
    assert not page.has("main script")
    assert "1 waits for me" in page.text
    fragment = browser.get_page(f"{DESK}?q=signs", htmx=True)
    assert fragment.has("#suggestion-list")
    assert not fragment.has("h1")
    assert row.number in fragment.text


def test_list_is_narrowed_by_its_form(browser, community, alice, sue):
    late = made(community, alice, S.TRIAGED, due_on=clock.today().replace(day=2))
    made(community, alice, S.DONE)
    page = browser.get_page(DESK)
    assert "Overdue since" in page.text
    found = browser.submit(page, "form[role=search]", q=late.number)
    assert len(found.all("#suggestion-list li")) == 1
    found = browser.submit(page, "form[role=search]", state="concluded")
    assert len(found.all("#suggestion-list li")) == 1
    found = browser.submit(page, "form[role=search]", q="nobody says this")
    assert "Nothing fits" in found.text
    assert len(browser.get_page(f"{DESK}?overdue=1").all("#suggestion-list li")) == 1
    odd = f"{DESK}?state=x&category=x&community=x&owner=x&page=x&q=%00%E2%80%AE"
    assert browser.get_page(odd).status == 200


def test_list_goes_on_page_by_page(browser, community, alice):
    for _ in range(31):
        make_suggestion(community=community)
    page = browser.get_page(DESK)
    assert len(page.all("#suggestion-list li")) == 30
    later = browser.get_page(page.link("Later"))
    assert len(later.all("#suggestion-list li")) == 1
    assert later.link("Earlier")


def test_empty_desk_says_what_will_stand_here(browser):
    assert "No suggestion is open" in browser.get_page(DESK).text


def test_police_and_strangers_have_no_such_desk(app: Flask, client, police, community, alice):
    row = made(community, alice)
    assert "/account/login" in client.get_page(DESK, 303).location
    client.log_in(police)
    for path in (DESK, at(row)):
        client.get_page(path, 404)


def test_rule_20_what_is_not_of_the_desk_is_not_there(client, community, alice, sam):
    row = made(community, alice)
    client.log_in(sam)
    for page in ("", "/triage", "/ask", "/respond", "/publish", "/texts", "/photo"):
        client.get_page(at(row, page), 404)
    client.get_page(f"{DESK}/999999999", 404)


# --- one suggestion ---------------------------------------------------------------------------


def test_page_shows_all_about_it_and_looking_is_logged_once(browser, community, alice):
    row = made(community, alice, S.TRIAGED, name="Mina", place="Gate 2", language="ko")
    page = browser.get_page(at(row))
    for words in ("Mina", "mina@example.com", "Gate 2", "Korean", row.number, "Due in"):
        assert words in page.text
    assert page.one("p.stored[lang=ko]").get_text() == row.original
    assert primary(page) == "Begin to work on it"
    browser.get_page(at(row))
    query = db.select(AuditEntry).where(AuditEntry.action == "view")
    assert [(e.subject, e.subject_id) for e in db.session.scalars(query)] == [
        ("suggestion", row.id)
    ]


def test_rule_16_looking_at_an_anonymous_one_is_looking_at_nobody(browser, community, alice):
    row = made(community, alice, identity=SuggestionIdentity.ANONYMOUS)
    assert "Nobody knows" in browser.get_page(at(row)).text
    assert not db.session.scalars(db.select(AuditEntry).where(AuditEntry.action == "view")).all()


def test_bad_text_is_harmless(browser, community, alice):
    row = made(community, alice, S.IN_PROGRESS, original=EVIL, place=EVIL, name=EVIL[:80])
    page = browser.get_page(at(row))
    assert not page.has("main script")
    assert '<script>alert("x")</script>' in page.text
    for name in ("/triage", "/ask", "/respond", "/texts", "/publicity"):
        assert not browser.get_page(at(row, name)).has("main script")


def test_rule_05_ones_own_can_be_read_and_nothing_else(browser, community, alice, sue):
    row = made(community, alice, S.TRIAGED, collected_by_id=alice.id)
    page = browser.get_page(at(row))
    assert "a colleague decides about it" in page.text
    assert not page.has("main form[method=post]")
    assert not page.has("main .button--primary")
    for name in ("triage", "ask", "refer", "join", "conclude", "respond", "publish", "texts"):
        refused = browser.get_page(at(row, f"/{name}"))
        assert "colleague" in refused.text, name
        assert not refused.has("main form[method=post]")


def test_page_costs_the_same_however_much_was_said(browser, community, alice):
    def costs(row: Suggestion, number: int) -> int:
        for _ in range(number):
            writer = make_user(community=community)
            make_response(row, writer, outcome=SuggestionOutcome.PARTLY)
            make_suggestion(
                community=community, status=S.DUPLICATE, owner=writer, duplicate_of_id=row.id
            )
            entry = SuggestionEntry(
                suggestion_id=row.id, kind=SuggestionEntryKind.QUESTION, text="Where?",
                by_id=writer.id, on=clock.today(),
            )  # fmt: skip
            with unit_of_work():
                db.session.add(entry)
        browser.get_page(at(row))
        with counted() as statements:
            browser.get_page(at(row))
        return len(statements)

    row = made(community, alice, S.RESPONDED)
    few = costs(row, 2)
    assert costs(row, 8) == few
    assert few <= 30


def test_photo_is_sent_as_a_picture(browser, community, alice):
    with unit_of_work():
        name = keep(SUGGESTIONS, b"\xff\xd8", "jpg")
    row = made(community, alice, photo_name=name)
    assert browser.get_page(at(row)).has(f'img[src="{at(row, "/photo")}"]')
    answer = browser.get(at(row, "/photo"))
    assert (answer.mimetype, answer.data) == ("image/jpeg", b"\xff\xd8")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    browser.get_page(at(made(community, alice), "/photo"), 404)


def test_each_state_offers_its_next_step(browser, community, alice):
    expected = {
        S.RECEIVED: "Acknowledge",
        S.ACKNOWLEDGED: "Assign it",
        S.REOPENED: "Assign it",
        S.TRIAGED: "Begin to work on it",
        S.IN_PROGRESS: "Write a response",
        S.RESPONDED: "Say what has changed",
    }
    for status, words in expected.items():
        assert primary(browser.get_page(at(made(community, alice, status)))) == words
    for status in (S.DONE, S.NOT_ADOPTED, S.REFERRED):
        page = browser.get_page(at(made(community, alice, status)))
        assert not page.has("main .button--primary")
    complaint = made(community, alice, S.TRIAGED, category=SuggestionCategory.COMPLAINT)
    assert primary(browser.get_page(at(complaint))) == "Hand it over"


# --- the steps --------------------------------------------------------------------------------


def test_story_from_receipt_to_done(browser, community, alice):
    row = made(
        community, alice, may_publish=True, language="ko", original="영어 표지판을 세워 주세요."
    )
    page = browser.follow(browser.submit(browser.get_page(at(row))))
    assert "Acknowledged. Its submitter is told" in page.text
    page = browser.get_page(page.link("Assign it"))
    page = browser.follow(browser.submit(page, category="language"))
    assert "Who answers it Alice" in page.text
    page = browser.follow(browser.submit(page))
    assert again(row).status is S.IN_PROGRESS
    page = browser.get_page(page.link("Write a response"))
    page = browser.submit(page, outcome="adopted", text_zh="好的。", text_ko="네.")
    page = browser.follow(page)
    assert page.one("h1").get_text() == "Publish this response?"
    page = browser.follow(browser.submit(page))
    assert "Published. The submitter reads it now." in page.text
    page = browser.get_page(page.link("Write the texts"))
    words = {
        "text_zh-title": "英文指示牌", "text_zh-said": "请装英文指示牌。",
        "text_en-title": "Signs", "text_en-said": "Put up signs.",
    }  # fmt: skip
    page = browser.follow(browser.submit(page, **words))
    assert "ko" not in again(row).texts  # the original was only offered
    page = browser.get_page(page.link("Show or hide"))
    page = browser.follow(browser.submit(page, choice="show"))
    assert again(row).public
    page = browser.get_page(page.link("Say what has changed"))
    page = browser.follow(browser.submit(page, did_zh="已装好。", did_en="They are up."))
    assert again(row).status is S.DONE
    assert "They are up." in page.text
    assert "Concluded" in page.text or "concluded" in page.text


def test_second_of_two_colleagues_reads_what_happened(browser, community, alice, sue):
    row = made(community, alice)
    page = browser.get_page(at(row))
    with unit_of_work():
        acknowledge(row.id, by=sue)
    refused = browser.submit(page, status=409)
    assert "This step is not possible now" in refused.text
    assert primary(refused) == "Assign it"


def test_triage_says_what_is_wrong_and_needs_a_reason_the_second_time(
    browser, community, other_community, alice, sam
):
    row = made(community, alice, S.TRIAGED)
    page = browser.get_page(at(row, "/triage"))
    refused = browser.submit(page, status=422, reason=" ")
    assert "Say why." in refused.text
    refused = browser.submit(page, status=422, due_on="2026-11-01", reason="x")
    assert "This day has passed" in refused.text
    refused = browser.submit(page, status=422, owner_id=str(sam.id), reason="x")
    assert "looks after this community" in refused.text
    moved = browser.submit(
        page, owner_id=str(sam.id), community_id=str(other_community.id), reason="Their gate."
    )
    assert moved.location.endswith(DESK)  # it is not of this desk any more
    assert again(row).community_id == other_community.id
    browser.get_page(at(row), 404)


def test_history_tells_only_what_an_assignment_changed(browser, community, alice):
    row = made(community, alice, S.ACKNOWLEDGED)
    with unit_of_work():
        triage(row.id, row.category, alice.id, None, by=alice)
    told = browser.get_page(at(row)).text
    assert "State: Acknowledged → Assigned" in told
    assert "Category: Signs" not in told and "Heyuan → Heyuan" not in told


def test_submitter_is_asked_and_the_clock_stands(browser, community, alice):
    row = made(community, alice, S.TRIAGED)
    page = browser.get_page(at(row, "/ask"))
    browser.submit(page, status=422, text="")
    page = browser.follow(browser.submit(page, text="Which gate?"))
    assert "The clock stands" in page.text
    assert "Which gate?" in page.text
    refused = browser.get_page(at(row, "/ask"))
    assert "A question is open already" in refused.text


def test_complaint_is_handed_over(browser, community, alice):
    row = made(community, alice, S.TRIAGED, category=SuggestionCategory.COMPLAINT)
    page = browser.get_page(at(row, "/refer"))
    browser.submit(page, status=422)
    page = browser.follow(
        browser.submit(page, to="12345", reference="2026-88", reason="It is theirs.")
    )
    assert "12345 · 2026-88" in page.text
    assert again(row).status is S.REFERRED


def test_duplicates_are_joined_and_taken_apart(browser, community, alice):
    root = made(community, alice, S.IN_PROGRESS)
    row = made(community, alice, S.TRIAGED)
    page = browser.get_page(at(row, "/join"))
    assert root.number in page.text  # it says nearly the same
    for number, words in (
        ("12", "nine digits"),
        ("999-999-999", "There is no suggestion with this number"),
        (row.number, "This is the suggestion itself"),
    ):
        assert words in browser.submit(page, status=422, of=number).text
    page = browser.get_page(page.link("Choose this one"))
    assert page.one("#of")["value"] == root.number
    page = browser.follow(browser.submit(page))
    assert root.number in page.text
    assert row.number in browser.get_page(at(root)).text
    page = browser.get_page(page.link("Take apart"))
    browser.follow(browser.submit(page))
    assert again(row).status is S.TRIAGED
    assert "not joined" in browser.get_page(at(row, "/apart")).text


def test_conclusion_names_the_language_that_is_missing(browser, community, alice):
    row = made(community, alice, S.RESPONDED)
    page = browser.get_page(at(row, "/conclude"))
    refused = browser.submit(page, status=422, did_zh="好的。")
    assert "in Chinese and in English" in refused.one("#did_en-error").get_text()
    assert refused.one("#did_zh").get_text().strip() == "好的。"


# --- responses --------------------------------------------------------------------------------


def test_response_begins_with_words_that_are_ready(browser, community, alice, sue):
    row = made(community, alice, S.IN_PROGRESS)
    with unit_of_work():
        words = {"zh": "感谢您的建议。", "en": "Thank you."}
        template = save_template(None, "Thanks", SuggestionOutcome.PARTLY, words, by=sue)
    page = browser.get_page(at(row, "/respond"))
    chosen = browser.submit(page, "form.filters", template=str(template.id))
    assert chosen.one("#text_en").get_text().strip() == "Thank you."
    assert chosen.one("input[name=outcome][checked]")["value"] == "partly"
    browser.follow(browser.submit(chosen))
    assert again(row).responses[0].texts["zh"].text == "感谢您的建议。"
    browser.get_page(at(row, "/respond?template=999"))


def test_response_not_adopted_needs_a_reason(browser, community, alice):
    row = made(community, alice, S.IN_PROGRESS)
    page = browser.get_page(at(row, "/respond"))
    refused = browser.submit(page, status=422, outcome="not_adopted", text_zh="不行。")
    assert "Say why it is not adopted" in refused.one("#reason-error").get_text()
    browser.submit(page, status=422, text_zh="不行。")  # no outcome
    page = browser.follow(
        browser.submit(page, outcome="not_adopted", reason="No room.", text_zh="不行。")
    )
    assert "Write it first in: English" in page.text
    refused = browser.submit(page, status=422)
    assert "in Chinese and in the submitter’s language" in refused.text
    assert again(row).status is S.IN_PROGRESS


def test_correction_begins_with_what_was_said(browser, community, alice):
    row = made(community, alice, S.RESPONDED)
    page = browser.get_page(at(row))
    page = browser.get_page(page.link("Correct the response"))
    assert page.one("#text_en").get_text().strip() == "We have put up the signs."
    page = browser.follow(browser.submit(page, text_en="We have put up all the signs."))
    page = browser.follow(browser.submit(page))
    assert "Version 2" in page.text
    assert "Earlier versions" in page.text


def test_nothing_is_published_without_a_draft(browser, community, alice):
    row = made(community, alice, S.IN_PROGRESS)
    page = browser.get_page(at(row, "/publish"))
    assert "There is no draft to publish" in page.text
    make_response(row, alice, published=False)
    other = made(community, alice, S.TRIAGED)
    make_response(other, alice, published=False)
    assert "Begin to work on it first" in browser.get_page(at(other, "/publish")).text


# --- texts ------------------------------------------------------------------------------------


def test_original_is_offered_in_its_own_language(browser, community, alice):
    row = made(community, alice, language="ko", original="영어 표지판을 세워 주세요.")
    page = browser.get_page(at(row, "/texts"))
    assert page.one("textarea[name=text_ko-said]").get_text().strip() == row.original
    refused = browser.submit(page, status=422, **{"text_zh-said": "请装指示牌。"})
    assert "Give it a title, too." in refused.one("[id=text_zh-title-error]").get_text()


def test_rule_18_only_what_may_be_is_shown(browser, community, alice):
    row = made(community, alice, S.TRIAGED)
    page = browser.get_page(at(row, "/publicity"))
    assert "did not allow" in page.text
    assert not page.has("input[value=show]")
    browser.submit(page, status=422, choice="show")
    make_public(row, alice)
    page = browser.get_page(at(row, "/publicity"))
    browser.submit(page, choice="hide")
    assert not again(row).public
    browser.submit(browser.get_page(at(row, "/publicity")), choice="unfit")
    assert again(row).moderation is Moderation.UNFIT
    page = browser.get_page(at(row, "/publicity"))
    assert not page.has("input[value=show]")
    browser.submit(page, choice="check")
    page = browser.get_page(at(row, "/publicity"))
    browser.submit(page, choice="show")
    assert again(row).public


def test_photo_is_shown_to_all_by_a_tick(browser, community, alice):
    row = made(community, alice, photo_name="a.jpg")
    page = browser.get_page(at(row, "/texts"))
    browser.submit(page, photo_public=True)
    assert again(row).photo_public
    assert not browser.get_page(at(made(community, alice), "/texts")).has("#photo_public")


# --- templates --------------------------------------------------------------------------------


def test_words_for_responses_are_kept_by_the_subdistrict(client, sue, alice):
    client.log_in(sue)
    base = "/en/desk/response-templates"
    page = client.get_page(client.get_page(base).one("main .empty-state a")["href"])
    browser_says = client.submit(page, status=422, name="", outcome="adopted")
    assert "Give it a name." in browser_says.text
    refused = client.submit(page, status=422, name="Thanks", outcome="adopted")
    assert "in one language at least" in refused.text
    page = client.follow(
        client.submit(page, name=EVIL[:80], outcome="adopted", **{"text_en-text": "Thank you."})
    )
    assert not page.has("main script")
    template = f"{base}/{db.session.scalars(db.select(ResponseTemplate.id)).one()}"
    page = client.get_page(template)
    page = client.follow(client.submit(page, name="Thanks"))
    page = client.get_page(page.link("Thanks"))
    page = client.get_page(page.link("Delete"))
    page = client.follow(client.submit(page))
    assert "No words yet" in page.text
    client.get_page(template, 404)


def test_words_for_responses_are_not_for_one_community(client, alice):
    client.log_in(alice).get_page("/en/desk/response-templates", 404)


# --- the first page of the desk ----------------------------------------------------------------


def test_desk_tells_what_waits(browser, community, alice):
    assert "suggestion" not in browser.get_page("/en/desk").one("main").get_text(" ").lower()
    made(community, alice)
    made(community, alice, S.TRIAGED, due_on=clock.today().replace(day=2))
    page = browser.get_page("/en/desk")
    assert "2 suggestions wait for you" in page.text
    assert "1 suggestion is overdue" in page.text
    assert "mine=1" in page.link("Look at the suggestions")
