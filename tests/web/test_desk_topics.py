"""Topics, materials and requests for talks at the desk."""

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import TalkRequestStatus
from hub.extensions import db
from hub.models import TalkRequest, Topic, TopicMaterial
from hub.services.materials import withdraw_material
from hub.services.talk_requests import erase_request, withdraw_request
from hub.transaction import unit_of_work
from tests.browser import HubClient, Page
from tests.factories import make_community, make_venue
from tests.people import EVE
from tests.talk_factories import make_material, make_talk, make_talk_request, make_topic

TOPICS = "/en/desk/topics"
REQUESTS = "/en/desk/talk-requests"
PDF = b"%PDF-1.7\n1 0 obj"


@pytest.fixture
def browser(app, sue) -> HubClient:
    return EVE(app).log_in(sue)


def send_file(browser: HubClient, page: Page, body: bytes, **typed: str):
    """Send the form of a material as a browser does, in several parts."""
    token = str(page.one("main form input[name=csrf_token]")["value"])
    values = {
        "csrf_token": token, "title": "Slides", "language": "en", "url": "",
        "valid_from": "2026-11-23", "valid_until": "", **typed,
    }  # fmt: skip
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in values.items()
    ]
    head = "".join(parts) + '--edge\r\nContent-Disposition: form-data; name="file"; '
    head += 'filename="wéird.exe"\r\nContent-Type: text/html\r\n\r\n'
    data = head.encode() + body + b"\r\n--edge--\r\n"
    return browser.post(page.url, data=data, content_type="multipart/form-data; boundary=edge")


# --- topics -------------------------------------------------------------------------------------


def test_topic_is_written_in_both_languages_and_read_by_everybody(browser, client):
    page = browser.get_page(browser.get_page(TOPICS).link("Write the first topic"))
    answer = browser.submit(
        page, slug="renting", valid_until="2027-11-23",
        **{"text_en-name": "Renting", "text_zh-name": "租房", "text_en-essentials": "- Register"},
    )  # fmt: skip
    shown = browser.follow(answer)
    assert "Renting" in shown.text and "A topic of law talks was made." in shown.text
    assert "not read through yet" in shown.text and "valid until" in shown.text
    assert "租房" in client.get_page("/zh/talks/topics/renting").text
    assert client.get_page(shown.link("As everybody sees it")).one(".prose li")


def test_topic_is_changed_and_read_through(browser):
    topic = make_topic("renting", "Renting")
    page = browser.get_page(browser.get_page(f"{TOPICS}/{topic.id}").link("Edit"))
    assert not page.has("[name=slug]")
    shown = browser.follow(
        browser.submit(page, read_through=True, active=False, **{"text_en-name": "Renting a flat"})
    )
    assert "Version 2 · read through on" in shown.text and "Not in use" in shown.text
    assert "Renting a flat" not in browser.get_page(TOPICS).text
    assert "Renting a flat" in browser.get_page(f"{TOPICS}?view=all").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"slug": "Renting a flat"}, "Small letters"),
        ({"slug": "traffic"}, "Another topic has this short name."),
        ({"position": "-1"}, "Between 0 and 9,999."),
        ({"valid_until": "2026-11-22"}, "Choose a day from today on"),
        ({"text_en-name": ""}, "Give a name in at least one language."),
        ({"text_zh-summary": "一句话"}, "Give a name in this language too"),
    ],
)
def test_topic_that_cannot_be_is_refused_and_kept_in_the_form(browser, typed, words):
    make_topic("traffic")
    values = {"slug": "renting", "text_en-name": "Renting", "text_en-essentials": "Kept."} | typed
    if not values["text_en-name"]:
        values["text_en-essentials"] = ""
    page = browser.submit(browser.get_page(f"{TOPICS}/new"), status=422, **values)
    assert words in page.text
    assert [t.slug for t in db.session.scalars(select(Topic))] == ["traffic"]


def test_topic_whose_time_has_passed_is_flagged(app, sue, now):
    topic = make_topic("renting", "Renting")
    with unit_of_work():
        topic.valid_until = clock.today()
    with clock.fixed_at(now.replace(day=25)):
        browser = EVE(app).log_in(sue)
        assert "needs a new reading" in browser.get_page(TOPICS).text
        assert "needs a new reading" in browser.get_page(f"{TOPICS}/{topic.id}").text


def test_staff_of_a_community_read_topics_and_change_none(app, alice, sue):
    topic = make_topic("renting", "Renting")
    material = make_material(topic, sue)
    browser = EVE(app).log_in(alice)
    assert "Renting" in browser.get_page(TOPICS).text
    page = browser.get_page(f"{TOPICS}/{topic.id}")
    assert "Leaflet" in page.text
    for words in ("Edit", "Withdraw", "Add a material", "New version"):
        assert words not in page.one("main").get_text()
    paths = [f"{TOPICS}/new", f"{TOPICS}/{topic.id}/edit", f"{TOPICS}/{topic.id}/materials/new"]
    one = f"{TOPICS}/{topic.id}/materials/{material.id}"
    paths += [f"{one}/{verb}" for verb in ("edit", "replace", "withdraw")]
    for path in paths:
        browser.get_page(path, 404)
        browser.post_page(path, {}, 404)


# --- materials ----------------------------------------------------------------------------------


def test_document_is_added_replaced_and_withdrawn(browser):
    topic = make_topic("renting", "Renting")
    page = browser.get_page(browser.get_page(f"{TOPICS}/{topic.id}").link("Add a material"))
    assert send_file(browser, page, PDF).status_code == 303
    (first,) = db.session.scalars(select(TopicMaterial))
    assert (first.media_type, first.shown_name, first.public) == (
        "application/pdf", "wéird.pdf", False,
    )  # fmt: skip
    shown = browser.get_page(f"{TOPICS}/{topic.id}")
    assert "PDF · 1 KB" in shown.text and "Lecturers and desk" in shown.text
    page = browser.get_page(shown.link("New version"))
    assert send_file(browser, page, PDF + b"2", public="y").status_code == 303
    shown = browser.get_page(f"{TOPICS}/{topic.id}")
    assert "Version 2" in shown.text and "Taken out of use" in shown.text and "Public" in shown.text
    asked = browser.get_page(shown.one("a[href$='/withdraw']")["href"])
    browser.follow(browser.submit(asked))
    assert all(m.withdrawn_at for m in db.session.scalars(select(TopicMaterial)))


@pytest.mark.parametrize(
    ("body", "typed", "words"),
    [
        (b"MZ\x90", {}, "This file cannot be used"),
        (b"<script>", {}, "This file cannot be used"),
        (PDF, {"url": "https://example.com/"}, "one of them"),
        (PDF, {"title": ""}, "Give it a title."),
        (PDF, {"language": "tlh"}, "Choose one from the list."),
        (PDF, {"valid_until": "2026-11-01"}, "lies before the first one"),
    ],
)
def test_file_that_cannot_be_is_refused_and_the_words_stay(browser, body, typed, words):
    topic = make_topic()
    page = browser.get_page(f"{TOPICS}/{topic.id}/materials/new")
    answer = send_file(browser, page, body, **typed)
    assert answer.status_code == 422 and words in answer.text
    assert typed or "Slides" in answer.text
    assert db.session.scalars(select(TopicMaterial)).first() is None


def test_more_than_any_file_is_cut_off(browser):
    topic = make_topic()
    page = browser.get_page(f"{TOPICS}/{topic.id}/materials/new")
    answer = send_file(browser, page, PDF + b" " * (20 * 1024 * 1024))
    assert answer.status_code == 422 and "at most 20 MB" in answer.text
    assert send_file(browser, page, PDF + b" " * (64 * 1024 * 1024)).status_code == 413


def test_link_is_added_and_changed(browser):
    topic = make_topic()
    page = browser.get_page(f"{TOPICS}/{topic.id}/materials/new")
    wrong = browser.submit(page, title="Film", url="http://example.com/", status=422)
    assert "starts with https://" in wrong.text
    assert "one of them" in browser.submit(page, title="Film", status=422).text
    shown = browser.follow(browser.submit(page, title="Film", url="https://example.com/film"))
    page = browser.get_page(shown.one("a[href$='/edit'][href*=materials]")["href"])
    assert not page.has("[name=url]")
    browser.follow(browser.submit(page, title="A film", public=True, language="ru"))
    (material,) = db.session.scalars(select(TopicMaterial))
    assert (material.title, material.public, material.language, material.version) == (
        "A film", True, "ru", 1,
    )  # fmt: skip


def test_withdrawn_material_is_not_changed_any_more(browser, sue):
    topic = make_topic()
    material = make_material(topic, sue)
    one = f"{TOPICS}/{topic.id}/materials/{material.id}"
    pages = [browser.get_page(f"{one}/{verb}") for verb in ("edit", "replace", "withdraw")]
    with unit_of_work():
        withdraw_material(material.id, by=sue)
    for page in pages:
        values = {"url": "https://example.com/"} if page.has("[name=url]") else {}
        assert "is withdrawn" in browser.submit(page, status=409, **values).text
        again = browser.get_page(page.url)
        assert "is withdrawn" in again.text and not again.has("main form[method=post]")


def test_rule_20_material_of_another_topic_is_not_found(browser, sue):
    material, other = make_material(make_topic(), sue), make_topic("other")
    for verb in ("edit", "replace", "withdraw"):
        path = f"{TOPICS}/{other.id}/materials/{material.id}/{verb}"
        browser.get_page(path, 404)
        browser.post_page(path, {}, 404)
    browser.get_page(f"{TOPICS}/999", 404)


# --- requests -----------------------------------------------------------------------------------


def the_request() -> TalkRequest:
    return db.session.scalars(select(TalkRequest)).one()


def test_request_waits_in_the_list_and_is_answered_with_a_talk(browser, venue, sue):
    topic = make_topic("renting", "Renting")
    make_talk_request(topics=[topic.id], languages=["ru"], wishes="In the evening.")
    page = browser.get_page(browser.get_page(REQUESTS).link("Zhejiang University"))
    for words in ("Mina Rashid", "Renting", "Russian", "In the evening.", "Somebody asked"):
        assert words in page.text
    empty = browser.get_page(page.link("Answer with a talk"))
    assert "Make one first" in empty.text
    talk = make_talk(venue, [topic], sue)
    page = browser.get_page(empty.url)
    shown = browser.follow(browser.submit(page, event_id=talk.event_id))
    assert "Answered with this talk" in shown.text
    assert the_request().status is TalkRequestStatus.PLANNED
    assert "No request waits" in browser.get_page(REQUESTS).text
    assert "Zhejiang" in browser.get_page(f"{REQUESTS}?status=planned").text


def test_request_is_declined_with_a_reason(browser):
    make_talk_request()
    page = browser.get_page(browser.get_page(REQUESTS).link("Zhejiang University"))
    page = browser.get_page(page.link("Decline"))
    assert "Say why." in browser.submit(page, reason="", status=422).text
    shown = browser.follow(browser.submit(page, reason="No lecturer speaks it."))
    assert "No lecturer speaks it." in shown.text
    assert the_request().status is TalkRequestStatus.DECLINED


def test_request_that_was_taken_back_meanwhile_cannot_be_answered(browser, venue, sue):
    asked, talk = make_talk_request(), make_talk(venue, [], sue)
    pages = [browser.get_page(f"{REQUESTS}/{asked.id}/{verb}") for verb in ("plan", "decline")]
    with unit_of_work():
        withdraw_request(asked.id)
    assert "was taken back" in browser.submit(pages[0], event_id=talk.event_id, status=409).text
    assert "was taken back" in browser.submit(pages[1], reason="No.", status=409).text


def test_talk_that_is_not_offered_is_refused(app, alice, venue, sue):
    asked = make_talk_request()
    talk = make_talk(venue, [], sue)
    elsewhere = make_talk(make_venue(make_community()), [], sue)
    browser = EVE(app).log_in(alice)
    page = browser.get_page(f"{REQUESTS}/{asked.id}/plan")
    token = page.one("main input[name=csrf_token]")["value"]
    for wrong in (elsewhere.event_id, 999, "x"):
        browser.post_page(page.url, {"csrf_token": token, "event_id": wrong}, 422)
    browser.submit(page, event_id=talk.event_id)


def test_rule_20_request_for_another_community_is_not_found(app, alice, other_community):
    asked = make_talk_request(community_id=other_community.id, organisation="Secret School")
    browser = EVE(app).log_in(alice)
    assert "Secret School" not in browser.get_page(REQUESTS).text
    for more in ("", "/plan", "/decline"):
        browser.get_page(f"{REQUESTS}/{asked.id}{more}", 404)
    for more in ("/plan", "/decline"):
        browser.post_page(f"{REQUESTS}/{asked.id}{more}", {}, 404)


def test_request_whose_person_is_deleted_keeps_its_figures(browser):
    asked = make_talk_request(name="Mina Secret")
    with unit_of_work():
        erase_request(asked.id)
    page = browser.get_page(f"{REQUESTS}/{asked.id}")
    assert "are deleted" in page.text and "160" in page.text and "Secret" not in page.text
    assert f"Request {asked.id}" in browser.get_page(f"{REQUESTS}?status=withdrawn").text


def test_long_list_goes_on_on_the_next_page(browser):
    for number in range(31):
        make_talk_request(organisation=f"School {number}")
    page = browser.get_page(REQUESTS)
    assert len(page.all(".desk-row")) == 30
    more = browser.get_page(page.link("More requests"))
    assert "School 30" in more.text and len(more.all(".desk-row")) == 1
    assert more.link("From the start")
