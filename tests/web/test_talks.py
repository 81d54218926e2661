"""Law talks for everybody: topics, materials, asking, and the private page of a request."""

import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import ConsentPurpose, TalkRequestStatus
from hub.extensions import db
from hub.integrations.contacts import parse_contact
from hub.integrations.documents import read_document
from hub.integrations.files import MATERIALS, remove
from hub.integrations.signing import talk_request_token
from hub.models import Message, TalkRequest, TopicText
from hub.services.consents import set_consents
from hub.services.materials import withdraw_material
from hub.services.talk_requests import decline_request, plan_request
from hub.transaction import unit_of_work
from hub.web.mails import write_mail
from tests.mails import text_of
from tests.people import EVE
from tests.tables import changed, dump
from tests.talk_factories import (
    make_lecturer,
    make_material,
    make_talk,
    make_talk_request,
    make_topic,
)

PDF = b"%PDF-1.7\n1 0 obj"
ASK = "/en/talks/ask"
FORM = "#ask-form form"


@pytest.fixture(autouse=True)
def no_wait(app):
    """Forms come back at once here."""
    before = app.config["FORM_MIN_SECONDS"]
    app.config["FORM_MIN_SECONDS"] = 0
    yield
    app.config["FORM_MIN_SECONDS"] = before


@pytest.fixture
def topic(db_session):
    made = make_topic("renting", "Renting a flat")
    with unit_of_work():
        made.texts["en"].summary = "What to sign, and what not."
        made.texts["en"].essentials = "Register **within 24 hours**. <script>alert(1)</script>"
    return made


def path_of(asked: TalkRequest, more: str = "") -> str:
    return f"/en/talks/requests/{talk_request_token(asked.code)}{more}"


def the_request() -> TalkRequest:
    return db.session.scalars(select(TalkRequest)).one()


# --- topics -------------------------------------------------------------------------------------


def test_page_of_the_talks_says_what_they_are_about_and_when(client, venue, alice, topic):
    make_talk(venue, [topic], alice)
    page = client.get_page("/en/talks")
    for words in ("Renting a flat", "What to sign", "Dumplings for all", "Ask for a talk"):
        assert words in page.text
    assert not page.has("#lecturers")
    client.get_page(page.link("Renting a flat"))


def test_page_without_topics_and_talks_says_so(client, db_session):
    assert "No topic yet" in client.get_page("/en/talks").text
    assert "No public talk is planned now" in client.get_page("/en/talks").text


def test_rule_19_lecturer_is_named_only_while_the_consent_holds(client, db_session):
    carol = make_lecturer("carolina")
    assert "Carolina" not in client.get_page("/en/talks").text
    for purposes, named in (({ConsentPurpose.PUBLICATION}, True), (set(), False)):
        with unit_of_work():
            set_consents(carol, purposes, "en")
        assert ("Carolina" in client.get_page("/en/talks").text) is named


def test_page_of_a_topic_shows_essentials_that_are_harmless(client, topic):
    page = client.get_page("/en/talks/topics/renting")
    assert page.one(".prose strong").get_text() == "within 24 hours"
    assert not page.has(".prose script")
    assert "not legal advice" in page.text and "Version 1" in page.text


def test_topic_in_another_language_only_says_so(client, topic):
    with unit_of_work():
        topic.texts = {"zh": TopicText(language="zh", name="租房")}
    page = client.get_page("/en/talks/topics/renting")
    assert "only in Chinese" in page.text and page.one("h1").find_parent(lang="zh-Hans")


def test_topic_out_of_use_is_not_there(client, topic):
    with unit_of_work():
        topic.active = False
    client.get_page("/en/talks/topics/renting", 404)
    client.get_page("/en/talks/topics/nothing", 404)
    assert "Renting" not in client.get_page("/en/talks").text


def test_materials_stand_in_the_language_of_the_reader_first(client, topic, sue):
    for code, title in (("ru", "Листовка"), ("zh", "传单"), ("en", "Leaflet")):
        make_material(topic, sue, title=title, language=code)
    for language, first in (("en", "Leaflet"), ("zh", "传单")):
        page = client.get_page(f"/{language}/talks/topics/renting")
        assert first in page.all(".material__title")[0].get_text()
        assert len(page.all(".material")) == 3


# --- materials ----------------------------------------------------------------------------------


def test_public_document_is_a_download_for_everybody(client, topic, sue):
    material = make_material(topic, sue, read_document(PDF, 'wéird "name.pdf'))
    page = client.get_page("/en/talks/topics/renting")
    answer = client.get(page.link("Leaflet"))
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
    headers = answer.headers
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert material.stored_name not in str(headers)


def test_rule_20_inner_document_is_for_lecturers_and_the_desk(app, client, topic, sue, alice):
    material = make_material(topic, sue, read_document(PDF, "plan.pdf"), public=False)
    url, page = f"/en/talks/materials/{material.id}", "/en/talks/topics/renting"
    client.get_page(url, 404)
    assert "Leaflet" not in client.get_page(page).text
    for user in (make_lecturer("carol"), alice):
        browser = EVE(app).log_in(user)
        answer = browser.get(url)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "For lecturers" in browser.get_page(page).text
    today = clock.today()
    before = make_lecturer("old", starts_on=today - timedelta(9), ends_on=today - timedelta(1))
    EVE(app).log_in(before).get_page(url, 404)


def test_withdrawn_document_link_and_lost_file_are_not_found(app, client, topic, sue):
    gone = make_material(topic, sue, read_document(PDF, "a.pdf"))
    with unit_of_work():
        withdraw_material(gone.id, by=sue)
    lost = make_material(topic, sue, read_document(PDF, "a.pdf"))
    remove(MATERIALS, lost.stored_name)
    for number in (gone.id, lost.id, make_material(topic, sue).id, 999):
        client.get_page(f"/en/talks/materials/{number}", 404)
    assert EVE(app).log_in(sue).get(f"/en/talks/materials/{gone.id}").status_code == 200


# --- asking -------------------------------------------------------------------------------------


def ask(client, status=None, **typed):
    values = {
        "organisation": "Zhejiang Gongshang University",
        "name": "Mina Rashid",
        "contact": "mina@example.com",
        "people": "80",
        "agreed": True,
    } | typed
    return client.submit(client.get_page(ASK), FORM, status=status, **values)


def test_asking_leads_to_a_private_page(client, topic, community):
    answer = ask(
        client, topics=[topic.id], languages=["ru"], community_id=community.id,
        wished_on="2026-12-05", wishes="In the evening.",
    )  # fmt: skip
    page = client.follow(answer)
    for words in ("has arrived", "Gongshang", "80", "Renting a flat", "Russian", "Heyuan",
                  "In the evening.", "Keep this link"):  # fmt: skip
        assert words in page.text
    assert page.response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert the_request().wished_on.isoformat() == "2026-12-05"


def test_pressing_twice_shows_the_same_page(client, db_session):
    first, again = ask(client), ask(client)
    assert first.location == again.location
    assert the_request().name == "Mina Rashid"


def test_rule_20_organisation_and_contact_do_not_open_an_earlier_request(client, db_session):
    first, other = ask(client), ask(client, name="Eve")
    assert first.location != other.location
    assert "Mina" not in client.get_page(other.location).text


def test_rule_18_form_says_why_and_until_when(client, db_session):
    page = client.get_page(ASK)
    assert "deleted on Sun 21 Feb" in page.text and "Only so that we can answer you" in page.text
    assert not page.one("input[name=agreed]").has_attr("checked")
    assert "Without this we cannot answer you" in ask(client, 422, agreed=False).text
    assert db.session.scalars(select(TalkRequest)).first() is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"organisation": ""}, "Say who asks"),
        ({"name": ""}, "Enter your name."),
        ({"contact": "mina@"}, "not a complete e-mail address"),
        ({"people": "0"}, "Between 1 and 100,000"),
        ({"people": "many"}, "Enter a whole number."),
        ({"wished_on": "2026-11-01"}, "This day has passed"),
        ({"website": "https://spam.example"}, "a trap for machines"),
    ],
)
def test_what_cannot_be_is_said_and_the_rest_is_kept(client, db_session, typed, words):
    page = ask(client, 422, **{"wishes": "Kept."} | typed)
    assert words in page.text and page.one("textarea[name=wishes]").get_text().strip() == "Kept."
    assert db.session.scalars(select(TalkRequest)).first() is None


def test_forged_choice_is_refused(client, db_session):
    page = client.get_page(ASK)
    token = page.one("#ask-token")["value"]
    sent = {"csrf_token": token, "topics": "999", "languages": "tlh", "community_id": "77"}
    assert client.post(ASK, data=sent).status_code == 422


def test_machine_that_is_too_quick_is_asked_again(app, client, db_session):
    app.config["FORM_MIN_SECONDS"] = 2
    assert "very quick" in ask(client, 422).text


def test_requests_from_one_place_are_limited(app, client, db_session, rate_limits):
    for _ in range(60):
        client.post(ASK, data={})
    assert client.post(ASK, data={}).status_code == 429
    assert client.get(ASK).status_code == 200


# --- the private page ---------------------------------------------------------------------------


def test_forged_link_opens_nothing(client, db_session):
    asked = make_talk_request()
    for more in ("", "/data", "/data/delete", "/take-back"):
        client.get_page(f"/en/talks/requests/{asked.code}{more}", 404)
        client.get_page(f"/en/talks/requests/{asked.code}.forged{more}", 404)
    for more in ("/data", "/data/export", "/data/delete", "/take-back"):
        client.post_page(f"/en/talks/requests/{asked.code}.forged{more}", {}, 404)


def test_page_says_when_and_where_the_talk_is(client, venue, alice):
    asked, talk = make_talk_request(), make_talk(venue, [], alice)
    with unit_of_work():
        plan_request(asked.id, talk.event_id, by=alice)
    page = client.get_page(path_of(asked))
    assert "Your talk is planned" in page.text and "Neighbours' Hall" in page.text
    client.get_page(page.link("About the event"))
    assert not page.has("a[href$='take-back']")


def test_page_says_why_not(client, sue):
    asked = make_talk_request()
    with unit_of_work():
        decline_request(asked.id, "No lecturer speaks it.", by=sue)
    assert "No lecturer speaks it." in client.get_page(path_of(asked)).text


def test_request_is_taken_back_after_a_question(client, db_session):
    asked = make_talk_request()
    page = client.get_page(client.get_page(path_of(asked)).link("Take the request back"))
    assert client.follow(client.submit(page)).one("h1").get_text() == "You took the request back"
    assert the_request().status is TalkRequestStatus.WITHDRAWN
    again = client.get_page(path_of(asked, "/take-back"))
    assert "was taken back" in again.text and not again.has("main form[method=post]")


def test_taking_back_what_was_answered_meanwhile_is_refused(client, sue):
    asked = make_talk_request()
    page = client.get_page(path_of(asked, "/take-back"))
    with unit_of_work():
        decline_request(asked.id, "No.", by=sue)
    assert "was declined" in client.submit(page, status=409).text


def test_rule_18_name_is_corrected_through_the_link(client, db_session):
    asked = make_talk_request()
    page = client.get_page(client.get_page(path_of(asked)).link("My data"))
    form = "form[action$='/data']"
    assert "Enter your name." in client.submit(page, form, name="", status=422).text
    assert "is corrected" in client.follow(client.submit(page, form, name="Mina R.")).text
    assert the_request().name == "Mina R."


def test_rule_18_copy_is_downloaded_through_the_link(client, db_session):
    asked = make_talk_request(wishes="In the evening.")
    page = client.get_page(path_of(asked, "/data"))
    answer = client.submit(page, "form[action$='/export']", status=200).response
    with ZipFile(BytesIO(answer.data)) as archive:
        told = json.loads(archive.read("data.json"))
    assert told["talk_request"][0]["wishes"] == "In the evening."
    assert [r["kind"] for r in told["requests"]] == ["export"]
    assert "took a copy" not in client.get_page(path_of(asked)).text
    stale = client.post_page(path_of(asked, "/data/export"), {}, 303)
    assert "open for too long" in client.follow(stale).text


def test_rule_18_data_is_deleted_through_the_link(client, db_session):
    asked = make_talk_request(name="Mina Secret")
    page = client.get_page(client.get_page(path_of(asked, "/data")).link("Delete my data"))
    assert "taken back" in page.text
    assert "are deleted" in client.follow(client.submit(page)).text
    assert "Secret" not in str(dump())
    for more in ("", "/data", "/data/delete", "/take-back"):
        assert "was deleted" in client.get_page(path_of(asked, more), 410).text


def test_looking_changes_nothing(client, db_session):
    asked = make_talk_request()
    before = dump()
    for more in ("", "/data", "/data/delete", "/take-back"):
        client.get_page(path_of(asked, more))
    client.get_page(ASK)
    assert changed(before, dump()) == {}


# --- mails --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("has arrived", "is planned", "was declined")), ("zh", ())],
)
def test_rule_24_mails_tell_who_asked_in_their_language(app, venue, alice, language, words):
    mina = {"contact": parse_contact("mina@example.com"), "language": language}
    planned = make_talk_request(**mina)
    declined = make_talk_request(**mina, organisation="Another")
    talk = make_talk(venue, [], alice)
    with unit_of_work():
        plan_request(planned.id, talk.event_id, by=alice)
        decline_request(declined.id, "All lecturers are away.", by=alice)
    with app.test_request_context("/"):
        mails = [write_mail(m) for m in db.session.scalars(select(Message).order_by(Message.id))]
    first, _second, second, third = mails
    for mail, asked, said in zip(
        (first, second, third), (planned, planned, declined), words or ("",) * 3, strict=True
    ):
        body = text_of(mail)
        assert mail["To"] == "mina@example.com" and said in mail["Subject"]
        assert f"/{language}/talks/requests/{talk_request_token(asked.code)}" in body
        assert "Mina Rashid" in body
    assert talk.event.text(language).title in second["Subject"]
    assert "All lecturers are away." in text_of(third)
