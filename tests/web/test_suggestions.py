"""Suggestions on the site: making, finding, following, backing (rules 15, 16, 18, 19, 20, 24)."""

import json
import re
import time
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import event as sqla_event
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from hub import clock
from hub.enums import (
    MessageKind,
    SuggestionCategory,
    SuggestionEntryKind,
    SuggestionIdentity,
    SuggestionOutcome,
    SuggestionStatus,
    Verdict,
)
from hub.extensions import db
from hub.integrations.signing import backer_token, suggestion_token
from hub.models import AuditEntry, Backer, Message, Suggestion, SuggestionEntry
from hub.queries.public_suggestions import me_too_count
from hub.transaction import unit_of_work
from tests.browser import HubClient, Page
from tests.factories import make_user
from tests.people import EVE
from tests.tables import changed, dump
from tests.unit.test_suggestions import CODE_ONLY, PHOTO, submit
from tests.voice_factories import make_backer, make_public, make_response, make_suggestion

NEW = "/en/suggestions/new"
FORM = "#suggest"
S = SuggestionStatus
TYPED = {
    "text": "Please put a bench at the bus stop.",
    "category": "public_space",
    "contact": "mina@example.com",
}


def send(client: HubClient, status: int | None = None, **typed: object) -> Page:
    return client.submit(client.get_page(NEW), FORM, status=status, **(TYPED | typed))


def the_row() -> Suggestion:
    return db.session.scalars(select(Suggestion)).unique().one()


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Suggestion))


def mine(row: Suggestion, more: str = "") -> str:
    return f"/en/suggestions/mine/{suggestion_token(row.code)}{more}"


def picture(size: int = 0) -> FileStorage:
    out = BytesIO()
    Image.new("RGB", (20, 20), "green").save(out, "PNG")
    body = out.getvalue() + b"\0" * size
    return FileStorage(BytesIO(body), filename="gate.png", content_type="image/png")


# --- making one -----------------------------------------------------------------------------


def test_notices_come_first_and_all_are_readable_without_javascript(client):
    page = client.get_page(NEW)
    assert "In danger call 110 (police), 120 (ambulance), 119 (fire)" in page.text
    assert "12345" in page.text
    assert len(page.all(".voice-note")) == 6
    assert not page.one("#may_publish").has_attr("checked")


def test_sent_with_an_address_shows_number_code_and_date_once(client):
    page = client.follow(send(client))
    row = the_row()
    assert row.number in page.text
    assert "You hear by Thu 26 Nov" in page.text
    code = page.one(".voice-code").get_text("", strip=True)
    assert re.fullmatch(r"(\w{4}-){2}\w{4}", code)
    assert page.has("svg.qr")
    assert page.one(".copy-text input")["value"].endswith(mine(row))
    found = client.submit(client.get_page("/en/suggestions/follow"), code=code.lower())
    assert client.follow(found).one("h1").get_text() == "It has arrived"
    again = client.get_page(page.url)
    assert again.one(".voice-code").get_text("", strip=True) == code


def test_same_form_sent_again_is_harmless(client):
    page = client.get_page(NEW)
    first, second = (client.submit(page, FORM, **TYPED) for _time in range(2))
    assert count() == 1
    codes = {client.follow(p).one(".voice-code").get_text() for p in (first, second)}
    assert len(codes) == 1


def test_same_text_of_somebody_else_is_refused_with_words(app, client):
    send(client)
    page = send(EVE(app), 422, contact="omar@example.com")
    assert "has arrived" in page.one("#text-error").get_text()
    assert page.one("#contact")["value"] == "omar@example.com"
    assert "mina" not in page.text


def test_rule_16_anonymous_leaves_no_trace_and_no_cookie(client):
    before = dump()
    page = send(client, identity="anonymous", contact="mina@example.com")
    assert page.location.endswith("/en/suggestions/sent")
    assert "hub=;" in page.response.headers["Set-Cookie"]
    row = the_row()
    assert (row.identity, row.contact, row.code) == (SuggestionIdentity.ANONYMOUS, "", None)
    assert set(changed(before, dump())) == {"suggestions"}
    thanks = client.follow(page)
    assert row.number not in thanks.text
    assert "no name, no address" in thanks.text


def test_rule_16_anonymous_with_an_account_is_not_tied_to_it(client, sue):
    client.log_in(sue)
    before = dump()
    values = {name: value for name, value in TYPED.items() if name != "contact"}
    client.submit(client.get_page(NEW), FORM, identity="anonymous", **values)
    assert the_row().user_id is None
    assert set(changed(before, dump())) <= {"suggestions", "log_ins"}
    assert client.get_page("/en/me").status == 200  # still logged in


def test_account_needs_no_contact_and_finds_it_among_its_things(client):
    rita = make_user("rita", role=None)
    page = client.log_in(rita).get_page(NEW)
    assert not page.has("#contact")
    values = {name: value for name, value in TYPED.items() if name != "contact"}
    client.submit(page, FORM, **values)
    listed = client.get_page("/en/me/suggestions")
    assert "You will hear by Thu 26 Nov." in listed.text
    assert client.get_page(listed.link("Please put a bench")).status == 200
    assert client.get_page("/en/me").link("My suggestions")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"text": "short"}, "text"),
        ({"text": "A\0B is here and more than ten"}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"category": ""}, "category"),
        ({"contact": ""}, "contact"),
        ({"contact": "nobody"}, "contact"),
        ({"place": "x" * 201}, "place"),
    ],
)
def test_wrong_form_says_so_at_the_field_and_keeps_what_was_typed(client, typed, field):
    page = send(client, 422, **typed)
    assert page.has(f"#{field}-error")
    if field != "text":
        assert page.one("#text").get_text(strip=True) == TYPED["text"]
    assert count() == 0


def test_machines_are_kept_out(client, app):
    page = send(client, 422, website="https://spam.example")
    assert "trap for machines" in page.text
    app.config["FORM_MIN_SECONDS"] = 2
    try:
        assert "very quick" in send(client, 422).text
    finally:
        app.config["FORM_MIN_SECONDS"] = 0
    assert count() == 0


def test_html_and_text_that_turns_round_are_harmless(client, alice):
    text = "<script>alert(1)</script> ‮gnp.exe and <b>more</b>"
    send(client, text=text, place="<img src=x onerror=alert(1)>")
    row = the_row()
    assert "‮" not in row.original
    page = client.get_page(mine(row))
    assert "<script>alert(1)</script>" in page.text
    assert not page.has("blockquote script, blockquote b, main img")
    make_public(row, alice, en="<i>Signs</i>", zh="<i>标</i>")
    for url in ("/en/suggestions", f"/en/suggestions/{row.id}"):
        shown = client.get_page(url)
        assert "<i>Signs</i>" in shown.text
        assert not shown.has("main i")


# --- the photo ------------------------------------------------------------------------------


def post_photo(client: HubClient, file: FileStorage) -> Page:
    """As a browser would; the body is handed over as bytes, so that no file stays open."""
    page = client.get_page(NEW)
    hidden = {t["name"]: t["value"] for t in page.all(f"{FORM} input[type=hidden]")}
    data = hidden | TYPED | {"identity": "contact", "language": "en", "community_id": "0"}
    boundary, body = encode_multipart(data | {"picture": file})
    response = client.post(
        NEW, data=body, content_type=f'multipart/form-data; boundary="{boundary}"'
    )
    return client._look(NEW, response, response.status_code, htmx=False)


def test_photo_is_written_anew_and_seen_through_the_private_link_only(client, app, alice):
    assert post_photo(client, picture()).status == 303
    row = the_row()
    answer = client.get(mine(row, "/photo"))
    assert (answer.mimetype, answer.data[:2]) == ("image/jpeg", b"\xff\xd8")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    public = f"/en/suggestions/{row.id}/photo"
    assert client.get(public).status_code == 404
    make_public(row, alice)
    assert client.get(public).status_code == 404
    with unit_of_work():
        row.photo_public = True
    assert client.get(public).status_code == 200


def test_photo_of_20_mb_and_disguised_file_are_refused_at_the_field(client):
    big = post_photo(client, picture(20_000_000))
    assert (big.status, "at most 8 MB" in big.one("#picture-error").get_text()) == (422, True)
    assert big.one("#text").get_text(strip=True) == TYPED["text"]
    fake = FileStorage(BytesIO(b"MZ program"), filename="gate.jpg", content_type="image/jpeg")
    page = post_photo(client, fake)
    assert (page.status, "no picture that can be used" in page.text) == (422, True)
    assert count() == 0


def test_rule_20_desk_sees_the_photo_of_its_own_suggestions(client, app, alice, sam, community):
    row = submit(replace(CODE_ONLY, picture=PHOTO, community_id=community.id)).suggestion
    url = f"/en/suggestions/{row.id}/photo"
    assert EVE(app).log_in(alice).get(url).status_code == 200
    assert EVE(app).log_in(sam).get(url).status_code == 404


# --- similar ones ---------------------------------------------------------------------------


def test_similar_ones_are_shown_while_typing_and_without_javascript(client, alice):
    row = make_public(make_suggestion(), alice, en="A bench at the bus stop", zh="车站长椅")
    page = client.get_page(NEW)
    part = client.submit(page, "form[hx-post]", htmx=True)
    assert not part.has("a")
    part = client.post_page(
        "/en/suggestions/similar", {"text": "Please put a bench at the bus stop"}, 200, htmx=True
    )
    assert part.one("#similar a")["href"] == f"/en/suggestions/{row.id}"
    assert part.one("#similar")["aria-live"] == "polite"
    whole = client.post_page("/en/suggestions/similar", TYPED, 200)
    assert whole.has("#similar a")
    assert whole.one("#text").get_text(strip=True) == TYPED["text"]
    assert whole.one("#contact")["value"] == "mina@example.com"
    assert not whole.has(".error-summary")
    assert client.post_page("/en/suggestions/similar", {}, 200, htmx=True).html


# --- following ------------------------------------------------------------------------------


def test_guessed_code_says_the_same_as_an_unreadable_one_and_is_limited(client, rate_limits):
    words = set()
    for typed in ("BCDF-GHJK-MNPQ", "not a code", "x" * 60):
        page = client.submit(client.get_page("/en/suggestions/follow"), status=422, code=typed)
        words.add(page.one("#code-error").get_text())
    assert len(words) == 1
    for _try in range(8):
        last = client.post("/en/suggestions/follow", data={"code": "BCDFGHJKMNPQ"})
    assert last.status_code == 429


def test_code_is_shown_for_an_hour_only(client, monkeypatch):
    page = client.follow(send(client))
    later = time.time() + 3700
    monkeypatch.setattr(time, "time", lambda: later)
    gone = client.get_page(page.url, 303)
    assert gone.location == mine(the_row())


def test_forged_links_lead_nowhere(client, alice):
    row = make_suggestion()
    for url in ("", "/data", "/erase", "/reopen", "/photo"):
        client.get_page(f"/en/suggestions/mine/{row.code}.forged{url}", 404)
    client.get_page("/en/suggestions/backing/1.forged", 404)
    client.get_page("/en/suggestions/sent/forged", 404)
    client.get_page(f"/en/suggestions/{row.id}", 404)


# --- the private page -----------------------------------------------------------------------


def asked(alice) -> Suggestion:
    row = make_suggestion(
        status=S.TRIAGED, owner=alice, due_on=date(2026, 12, 4), paused_on=date(2026, 11, 20)
    )
    with unit_of_work():
        db.session.add(
            SuggestionEntry(
                suggestion_id=row.id, kind=SuggestionEntryKind.QUESTION, text="Which gate?",
                by_id=alice.id, on=date(2026, 11, 20),
            )
        )  # fmt: skip
    return row


def test_question_is_answered_there_and_the_clock_runs_on(client, alice):
    row = asked(alice)
    page = client.get_page(mine(row))
    assert page.one("h1").get_text() == "The office has a question"
    assert "Which gate?" in page.text
    empty = client.submit(page, "form[action$='/answer']", status=422, text="")
    assert empty.has("#text-error")
    after = client.follow(client.submit(page, "form[action$='/answer']", text="The north gate."))
    assert "You will hear by Mon 7 Dec." in after.text
    assert "The north gate." in after.text
    late = client.submit(page, "form[action$='/answer']", status=409, text="Once more.")
    assert "No question is open now" in late.text


def test_rule_15_overdue_is_said_honestly(client, alice):
    row = make_suggestion(status=S.IN_PROGRESS, owner=alice, due_on=date(2026, 11, 20))
    assert "You should have heard by Fri 20 Nov. We are late" in client.get_page(mine(row)).text


@pytest.mark.parametrize("status", list(S))
def test_rule_24_every_state_is_said_in_both_languages(client, alice, status):
    other = make_public(make_suggestion(), alice)
    extra = {"duplicate_of_id": other.id} if status is S.DUPLICATE else {}
    extra |= {"concluded_on": clock.today()} if status is S.DUPLICATE else {}
    row = make_suggestion(status=status, owner=alice, **extra)
    make_public(row, alice)
    for language in ("en", "zh"):
        for url in (mine(row), f"/en/suggestions/{row.id}"):
            page = client.get_page(url.replace("/en/", f"/{language}/"))
            assert page.one("h1").get_text(strip=True)
            assert page.one("main").get_text(strip=True)


def test_responses_stand_side_by_side_with_their_earlier_versions(client, alice):
    row = make_suggestion(status=S.RESPONDED, owner=alice, language="ko")
    make_response(
        row, alice, outcome=SuggestionOutcome.PARTLY, ko="표지판을 설치했습니다.", zh="已部分安装。"
    )
    page = client.get_page(mine(row))
    assert [t["lang"] for t in page.all(".side-by-side")[0].select("p.stored")] == ["ko", "zh-Hans"]
    assert "표지판을" in page.text
    assert "Earlier versions" in page.text


def test_concluded_one_is_opened_again_through_a_page_that_asks(client, alice):
    row = make_suggestion(status=S.DONE, owner=alice)
    page = client.get_page(client.get_page(mine(row)).link("Ask for another look"))
    client.submit(page, status=422, text=" ")
    after = client.follow(client.submit(page, text="It broke again."))
    assert after.one("h1").get_text() == "It is looked at again"
    assert "still being worked on" in client.submit(page, status=409, text="Again.").text


def test_verdict_is_asked_once(client, alice):
    row = make_suggestion(status=S.DONE, owner=alice)
    page = client.get_page(mine(row))
    assert client.submit(page, "form[action$='/verdict']", status=422).has("#verdict-error")
    client.submit(page, "form[action$='/verdict']", verdict="partly", text="One lamp is missing.")
    assert the_row().verdict is Verdict.PARTLY
    after = client.get_page(mine(row))
    assert not after.has("form[action$='/verdict']")
    again = client.submit(page, "form[action$='/verdict']", status=409, verdict="solved")
    assert again.status == 409


def test_rule_18_consent_is_withdrawn_at_once_and_given_again(client, alice):
    row = make_public(make_suggestion(), alice)
    page = client.get_page(mine(row))
    client.submit(page, "form[action$='/forbid']")
    assert client.get(f"/en/suggestions/{row.id}").status_code == 404
    client.submit(client.get_page(mine(row)), "form[action$='/allow']")
    assert (the_row().may_publish, the_row().public) == (True, False)
    complaint = make_suggestion(category=SuggestionCategory.COMPLAINT)
    assert not client.get_page(mine(complaint)).has("form[action*='/publishing/']")


def test_rule_18_copy_correction_and_deletion_need_nobody(client, alice):
    row = submit(replace(CODE_ONLY, picture=PHOTO, place="Gate")).suggestion
    page = client.get_page(mine(row, "/data"))
    assert "none: only the code" in page.text
    wrong = client.submit(page, "form[action$='/data']", status=422, contact="nobody")
    assert wrong.has("#contact-error")
    client.submit(page, "form[action$='/data']", contact="new@example.com")
    assert the_row().contact == "new@example.com"
    answer = client.post(
        mine(row, "/data/export"),
        data={"csrf_token": page.one("#export-token")["value"]},
        buffered=True,
    )
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        held = json.loads(archive.read("data.json"))
        assert any(name.startswith("photo/") for name in archive.namelist())
    assert "new@example.com" in json.dumps(held)
    ask = client.get_page(mine(row, "/erase"))
    assert not ask.one("#with_original").has_attr("checked")
    url = mine(row)
    client.submit(ask, with_original=True)
    assert (the_row().original, the_row().contact) == ("", "")
    client.get_page(url, 404)


# --- the public list ------------------------------------------------------------------------


@pytest.fixture
def three(alice, community):
    """One that is open, one answered, one done; the open one has two people behind it."""
    rows = [
        make_suggestion(community=community, received_on=date(2026, 11, 10)),
        make_suggestion(
            status=S.RESPONDED, owner=alice, category=SuggestionCategory.TRAFFIC,
            received_on=date(2026, 11, 12),
        ),
        make_suggestion(status=S.DONE, owner=alice, received_on=date(2026, 11, 14)),
    ]  # fmt: skip
    names = ("A bench", "A bicycle path", "Lamps")
    for row, name in zip(rows, names, strict=True):
        make_public(row, alice, en=name, zh=f"{name} 中文")
    for name in ("rita", "omar"):
        make_backer(rows[0], make_user(name, role=None))
    make_suggestion("Nobody may see this one, it is private.")
    return rows


def titles(page: Page) -> list[str]:
    return [t.get_text(strip=True) for t in page.all(".voice-card__title")]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Lamps", "A bicycle path", "A bench"]),
        ("order=backed", ["A bench", "Lamps", "A bicycle path"]),
        ("q=BENCH", ["A bench"]),
        ("q=中文", ["Lamps", "A bicycle path", "A bench"]),
        ("q=%25", []),
        ("category=traffic", ["A bicycle path"]),
        ("community=heyuan", ["A bench"]),
        ("state=open", ["A bench"]),
        ("state=answered", ["A bicycle path"]),
        ("state=done", ["Lamps"]),
        ("state=none&category=x&order=y&page=z", ["Lamps", "A bicycle path", "A bench"]),
        ("page=9999", []),
    ],
)
def test_list_is_searched_filtered_and_sorted(client, three, query, expected):
    page = client.get_page(f"/en/suggestions?{query}")
    assert titles(page) == expected
    assert titles(client.get_page(f"/en/suggestions?{query}", htmx=True)) == expected
    assert "private" not in page.one("main").get_text()


def test_cards_say_what_came_of_it_and_how_many_want_it(client, three):
    page = client.get_page("/en/suggestions")
    assert "2 people say “me too”" in page.text
    done = page.one(".voice-card.voice-done")
    assert done.select_one(".voice-card__came").get_text(strip=True) == "Lamps"


def test_empty_list_teaches(client):
    assert "Make the first one" in client.get_page("/en/suggestions").text
    assert "No suggestion fits" in client.get_page("/en/suggestions?q=xyz").text


def test_long_list_has_pages(client, alice):
    for number in range(21):
        make_public(make_suggestion(), alice, en=f"Number {number}", zh="号")
    first = client.get_page("/en/suggestions")
    second = client.get_page(first.link("More suggestions"))
    assert (len(titles(first)), len(titles(second))) == (20, 1)
    assert not set(titles(first)) & set(titles(second))


def test_list_asks_as_often_for_thirty_as_for_one(client, alice):
    asked = []
    sqla_event.listen(db.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    numbers = []
    for size in (1, 18):
        for _number in range(size):
            make_public(make_suggestion(), alice)
        asked.clear()
        client.get_page("/en/suggestions")
        numbers.append(len(asked))
    assert numbers[0] == numbers[1]


def test_rule_24_translated_text_says_so_and_names_its_language(client, alice):
    row = make_public(make_suggestion(language="ko"), alice)
    page = client.get_page(f"/en/suggestions/{row.id}")
    assert "Translated from Korean by a person." in page.text
    only_chinese = make_public(make_suggestion(language="zh"), alice, zh="路灯")
    page = client.get_page(f"/en/suggestions/{only_chinese.id}")
    assert page.one("h1")["lang"] == "zh-Hans"
    assert "only in Chinese so far" in page.text
    assert "Translated from" not in page.text


def test_rule_19_public_page_names_nobody(client, alice):
    row = make_public(make_suggestion(name="Mina Rashid", place="Gate"), alice)
    make_response(row, alice)
    page = client.get_page(f"/en/suggestions/{row.id}")
    for secret in ("Mina", "mina@example.com", alice.name, row.original):
        assert secret not in page.response.text


# --- standing behind one --------------------------------------------------------------------


def test_me_too_by_mail_counts_after_the_link_and_says_the_same_twice(client, alice):
    row = make_public(make_suggestion(), alice)
    url = f"/en/suggestions/{row.id}"
    page = client.get_page(url)
    says = set()
    for _time in range(2):
        sent = client.submit(page, "#back form", contact="omar@example.com", follows=True)
        says.add(client.follow(sent).one("#flash").get_text(strip=True))
    assert len(says) == 1
    backer = db.session.scalars(select(Backer)).one()
    assert me_too_count(row.id) == 0
    kinds = list(db.session.scalars(select(Message.kind)))
    assert kinds == [MessageKind.SUGGESTION_CONFIRM]
    link = f"/en/suggestions/backing/{backer_token(backer.id)}"
    before = dump()
    confirm = client.get_page(link)
    assert changed(before, dump()) == {}
    client.submit(confirm, follows=False)
    db.session.refresh(backer)
    assert (me_too_count(row.id), backer.email) == (1, "")
    gone = client.submit(client.get_page(link), me_too=False, follows=False)
    assert "taken off" in client.follow(gone).text
    client.get_page(link, 404)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"contact": ""}, "Enter your e-mail address."),
        ({"contact": "138 1234 5678"}, "Enter an e-mail address."),
        ({"contact": "a@b.cn", "me_too": False}, "at least one"),
        ({"contact": "a@b.cn", "website": "x"}, "trap"),
    ],
)
def test_wrong_me_too_says_so_and_keeps_the_page(client, alice, typed, words):
    row = make_public(make_suggestion(), alice)
    page = client.get_page(f"/en/suggestions/{row.id}")
    assert words in client.submit(page, "#back form", status=422, **typed).text
    assert db.session.scalars(select(Backer)).all() == []


def test_account_says_me_too_with_one_tap_and_takes_it_back(client, alice):
    row = make_public(make_suggestion(), alice)
    client.log_in(make_user("rita", role=None))
    url = f"/en/suggestions/{row.id}"
    for wish, number in (("me_too", 1), ("follow", 1), ("not_me_too", 0), ("not_follow", 0)):
        page = client.get_page(url)
        token = page.one("#back input[name=csrf_token]")["value"]
        assert (
            client.post(f"{url}/back", data={"csrf_token": token, "wish": wish}).status_code == 303
        )
        assert me_too_count(row.id) == number
        if wish == "follow":
            assert "Signs in English" in client.get_page("/en/me/suggestions").text
    client.post(f"{url}/back", data={"csrf_token": token, "wish": "everything"})
    assert db.session.scalars(select(Backer)).all() == []


def test_rule_05_own_suggestion_has_no_me_too_button(client, alice):
    rita = make_user("rita", role=None)
    row = make_public(make_suggestion(user_id=rita.id, contact=""), alice)
    page = client.log_in(rita).get_page(f"/en/suggestions/{row.id}")
    assert not page.has("#back form")
    assert "your own suggestion" in page.text


def test_no_trail_names_who_stands_behind(client, alice):
    row = make_public(make_suggestion(), alice)
    page = client.get_page(f"/en/suggestions/{row.id}")
    client.submit(page, "#back form", contact="omar@example.com")
    assert db.session.scalars(select(AuditEntry.subject)).all().count("backer") == 0
