"""What I did: the pages of assistants."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
from PIL import Image

from hub.enums import Provenance, RecordStatus
from hub.extensions import db
from hub.models import EvidenceFile, ServiceRecord, User
from hub.queries.records import records_of
from hub.services.record_decisions import approve_record, return_record
from hub.transaction import unit_of_work
from hub.web.record_form import MOST_SENT
from tests.browser import HubClient, Page
from tests.factories import make_event, make_user
from tests.people import EVE
from tests.service_factories import make_activity, make_assistant, make_record
from tests.unit.test_pictures import picture, with_exif

URL = "/en/service/records"
FORM = "#record-form form"
TYPED = {
    "day": "2026-11-22",
    "starts": "14:00",
    "ends": "16:30",
    "content": "Explained a contract.",
    "people_served": "3",
}


@pytest.fixture
def nadia(community) -> User:
    make_activity()
    return make_assistant("nadia", community)


@pytest.fixture
def browser(client: HubClient, nadia: User) -> HubClient:
    return client.log_in(nadia)


def only(user: User) -> ServiceRecord:
    (record,) = records_of(user.id)
    return record


def send_picture(browser: HubClient, page: Page, body: bytes, name: str = "p.jpg", **typed: str):
    words = {
        "csrf_token": str(page.one(f"{FORM} [name=csrf_token]")["value"]),
        "activity_id": "1",
        "community_id": "1",
        "event_id": "0",
        "language": "",
        **TYPED,
        **typed,
    }
    # By hand: the test client would leave the file of a large body open.
    head = "".join(
        f'--edge\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in words.items()
    )
    head += '--edge\r\nContent-Disposition: form-data; name="picture"; '
    head += f"filename*=UTF-8''{quote(name)}"
    sent = f"{head}\r\nContent-Type: image/jpeg\r\n\r\n".encode() + body + b"\r\n--edge--\r\n"
    url = str(page.one(FORM)["action"])
    return browser.post(url, data=sent, content_type="multipart/form-data; boundary=edge")


# --- who ----------------------------------------------------------------------------------------

PAGES = ["", "/new", "/{id}", "/{id}/edit", "/{id}/correct", "/{id}/delete"]


@pytest.mark.parametrize("path", PAGES)
def test_rule_20_pages_are_for_those_who_served_and_only_their_own(
    app, nadia, community, alice, path
):
    record = make_record(nadia, community, status=RecordStatus.DRAFT)
    url = URL + path.format(id=record.id)
    assert "/account/login" in EVE(app).get_page(url, 303).location
    EVE(app).log_in(make_user("rita", role=None)).get_page(url, 404)
    EVE(app).log_in(alice).get_page(url, 404)
    if "{id}" in path:
        EVE(app).log_in(make_assistant("omar", community)).get_page(url, 404)
    status = 409 if path.endswith("correct") else 200
    page = EVE(app).log_in(nadia).get_page(url, status)
    assert page.response.headers["Cache-Control"] == "private, no-store"


# --- log ----------------------------------------------------------------------------------------


def test_log_and_send(browser, nadia):
    page = browser.get_page(f"{URL}/new")
    assert page.one("[name=day]")["value"] == "2026-11-23"
    page = browser.follow(browser.submit(page, FORM, **TYPED))
    assert "Sent for approval. Thank you!" in page.text
    assert "Waiting for approval" in page.text and "2 h 30 min" in page.text
    assert "Due in 9 working days" in page.text
    assert only(nadia).status is RecordStatus.SUBMITTED


def test_draft_is_saved_found_finished_and_sent(browser, nadia):
    page = browser.get_page(f"{URL}/new")
    page = browser.submit(page, FORM, press="draft", **{**TYPED, "content": ""})
    assert only(nadia).status is RecordStatus.DRAFT
    page = browser.follow(page)
    page = browser.get_page(page.link("Finish and send"))
    wrong = browser.submit(page, FORM, status=422)
    assert "Say in a few words what was done." in wrong.text
    browser.submit(wrong, FORM, content="Helped.")
    assert only(nadia).status is RecordStatus.SUBMITTED


def test_repeat_fills_in_the_last_one_with_todays_date(browser, nadia, community):
    page = browser.get_page(f"{URL}/new")
    assert not page.has("a[href*=repeat]")
    browser.submit(page, FORM, **TYPED)
    page = browser.get_page(browser.get_page(URL).link("Repeat the last one"))
    assert page.one("[name=content]").get_text().strip() == "Explained a contract."
    assert page.one("[name=starts]")["value"] == "14:00"
    assert page.one("[name=day]")["value"] == "2026-11-23"


WRONG = {
    "overlap": ({}, "overlaps another record"),
    "future": ({"day": "2026-11-24"}, "future"),
    "no such hour": ({"ends": "25:00"}, "between 00:00 and 23:59"),
    "past midnight": ({"starts": "22:00", "ends": "01:00"}, "second record"),
    "no day": ({"day": ""}, "Enter the day."),
    "no start": ({"starts": ""}, "Enter when it began."),
    "outside the term": ({"day": "2026-09-01"}, "no appointment in force"),
    "too many": ({"people_served": "99999"}, "10,000"),
    "too long": ({"content": "x" * 2001}, "2,000"),
}


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("what", WRONG)
def test_rule_11_refusal_keeps_all_that_was_typed(browser, nadia, what, htmx):
    page = browser.get_page(f"{URL}/new")
    browser.submit(page, FORM, **TYPED)
    changes, words = WRONG[what]
    typed = TYPED | {"content": "My own words."} | changes
    refused = browser.submit(page, FORM, status=422, htmx=htmx, **typed)
    assert words in refused.one(".error-summary").get_text()
    assert refused.one("[name=content]").get_text().strip() == typed["content"].strip()
    for name in ("day", "starts", "ends", "people_served"):
        assert refused.one(f"[name={name}]")["value"] == typed[name]
    assert len(records_of(nadia.id)) == 1


def test_rule_11_training_is_refused_with_the_law(browser, nadia):
    activity = make_activity("training", counts=False, en="Training")
    page = browser.get_page(f"{URL}/new")
    assert "Training (does not count)" in page.text
    page = browser.submit(page, FORM, status=422, **TYPED, activity_id=activity.id)
    assert "Decree 67" in page.text


def test_event_is_chosen_from_recent_ones(browser, nadia, venue, now, other_community):
    event = make_event(venue=venue, starts_at=now - timedelta(days=2))
    page = browser.get_page(f"{URL}/new")
    wrong = browser.submit(
        page, FORM, status=422, **TYPED, event_id=event.id, community_id=other_community.id
    )
    assert "in another community" in wrong.text
    page = browser.follow(browser.submit(page, FORM, **TYPED, event_id=event.id))
    assert "Dumplings for all" in page.text


def test_form_is_kept_on_a_bad_connection(browser):
    form = browser.get_page(f"{URL}/new").one(FORM)
    assert form["data-keep"] and form["hx-post"] == form["action"]


# --- lists and states ---------------------------------------------------------------------------


def test_list_teaches_when_it_is_empty(browser):
    assert browser.get_page(URL).link("Log what I did")


def test_returned_record_says_why_and_is_sent_again(browser, nadia, community, alice):
    record = make_record(nadia, community)
    with unit_of_work():
        return_record(record.id, "Which family?", by=alice)
    page = browser.get_page(URL)
    assert "For you to finish" in page.text
    page = browser.get_page(f"{URL}/{record.id}")
    assert "The reason: Which family?" in page.text
    page = browser.get_page(page.link("Change and send"))
    assert "Which family?" in page.text
    browser.submit(page, FORM, press="draft", content="The Li family.")
    assert only(nadia).status is RecordStatus.RETURNED
    browser.submit(browser.get_page(f"{URL}/{record.id}/edit"), FORM)
    assert only(nadia).status is RecordStatus.SUBMITTED


@pytest.mark.parametrize(
    ("step", "statuses"),
    [
        ("edit", ["submitted", "approved", "rejected", "superseded", "voided"]),
        ("correct", ["draft", "submitted", "returned", "rejected", "superseded", "voided"]),
        ("delete", ["submitted", "returned", "approved", "rejected", "superseded", "voided"]),
    ],
)
def test_rule_12_impossible_steps_say_why(browser, nadia, community, step, statuses):
    for status in statuses:
        record = make_record(nadia, community, status=RecordStatus(status))
        page = browser.get_page(f"{URL}/{record.id}/{step}", 409)
        assert page.has(".notice--warning")
        browser.post_page(f"{URL}/{record.id}/{step}", {}, 409)
        with unit_of_work():
            db.session.delete(db.session.get_one(ServiceRecord, record.id))


def test_draft_is_deleted_after_asking(browser, nadia, community):
    record = make_record(nadia, community, status=RecordStatus.DRAFT)
    page = browser.get_page(browser.get_page(f"{URL}/{record.id}").link("Delete the draft"))
    page = browser.follow(browser.submit(page))
    assert "The draft is deleted." in page.text and records_of(nadia.id) == []


def test_rule_12_correction_shows_the_chain(browser, nadia, community, alice):
    record = make_record(nadia, community, status=RecordStatus.APPROVED)
    page = browser.get_page(browser.get_page(f"{URL}/{record.id}").link("correct it"))
    same = browser.submit(page, FORM, status=422)
    assert "Nothing is different yet" in same.text
    page = browser.follow(browser.submit(page, FORM, content="Only one hour.", ends="12:45"))
    assert "Versions" in page.text and "this one" in page.text
    old, new = sorted(records_of(nadia.id), key=lambda r: r.id)
    assert (old.status, new.status) == (RecordStatus.APPROVED, RecordStatus.SUBMITTED)
    with unit_of_work():
        approve_record(new.id, by=alice)
    assert "Replaced by a correction" in browser.get_page(f"{URL}/{record.id}").text


def test_rule_11_measured_times_are_not_asked_for(browser, nadia, community):
    record = make_record(
        nadia, community, status=RecordStatus.DRAFT, provenance=Provenance.MEASURED
    )
    page = browser.get_page(f"{URL}/{record.id}/edit")
    assert not page.has("[name=starts]") and "measured" in page.text
    browser.submit(page, FORM, content="At the desk.")
    record = only(nadia)
    assert (record.content, record.minutes) == ("At the desk.", 90)


def test_rule_13_year_without_calendar_is_said(browser, nadia, community, now):
    from hub import clock
    from tests.factories import local

    with clock.fixed_at(local("2026-12-28 12:00")):
        make_record(nadia, community, starts_at=local("2026-12-24 09:00"))
        assert "not known yet" in browser.get_page(URL).text


def test_hours_as_picture_and_table(browser, nadia, community, now):
    assert "as soon as the first record is approved" in browser.get_page("/en/service/hours").text
    for days, provenance in (
        (1, Provenance.DECLARED),
        (2, Provenance.MEASURED),
        (25, Provenance.DECLARED),
    ):
        make_record(
            nadia, community, starts_at=now - timedelta(days=days),
            status=RecordStatus.APPROVED, provenance=provenance,
        )  # fmt: skip
    make_record(nadia, community, starts_at=now - timedelta(days=3))
    page = browser.get_page("/en/service/hours")
    assert "4 h 30 min approved" in page.text
    assert "waiting for approval, 1 record" in page.text
    assert len(page.all("svg.chart__hours rect.chart__bar")) == 3
    cells = [[c.get_text(strip=True) for c in row.select("td")] for row in page.all("tbody tr")]
    assert cells == [["0 min", "1 h 30 min", "1 h 30 min"], ["1 h 30 min", "1 h 30 min", "3 h"]]


def test_service_leads_to_the_records(browser):
    page = browser.get_page("/en/service")
    assert page.link("My certificates") == "/en/service/certificates"
    assert page.link("What I did") == URL and page.link("My hours") == "/en/service/hours"


# --- evidence -----------------------------------------------------------------------------------


def test_picture_is_kept_without_its_metadata_and_shown_to_who_may(
    app, browser, nadia, community, alice, sam, ada
):
    answer = send_picture(browser, browser.get_page(f"{URL}/new"), with_exif(), 'wéird "n.jpg')
    assert answer.status_code == 303
    page = browser.get_page(answer.headers["Location"])
    url = str(page.one(".pictures img")["src"])
    shown = browser.get(url)
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    with Image.open(BytesIO(shown.data)) as image:
        assert dict(image.getexif()) == {} and image.size == (30, 60)
    assert b"Spy" not in shown.data
    headers = shown.headers
    assert headers["Content-Disposition"].startswith("inline; filename")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    for user, status in ((alice, 200), (ada, 200), (sam, 404), (make_assistant("omar"), 404)):
        assert EVE(app).log_in(user).get(url).status_code == status
    assert EVE(app).get(url).status_code == 303


def test_rule_20_picture_of_another_record_is_not_found(browser, nadia, community):
    send_picture(browser, browser.get_page(f"{URL}/new"), picture())
    other = make_record(nadia, community, status=RecordStatus.DRAFT)
    found = db.session.query(EvidenceFile).one()
    assert browser.get(f"{URL}/{found.record_id}/pictures/{found.id}").status_code == 200
    assert browser.get(f"{URL}/{other.id}/pictures/{found.id}").status_code == 404
    assert browser.get(f"{URL}/{found.record_id}/pictures/99").status_code == 404


def test_rule_20_staff_do_not_see_the_picture_of_a_draft(app, browser, alice):
    page = browser.get_page(f"{URL}/new")
    send_picture(browser, page, picture(), draft="1")
    found = db.session.query(EvidenceFile).one()
    url = f"{URL}/{found.record_id}/pictures/{found.id}"
    assert EVE(app).log_in(alice).get(url).status_code == 404


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"%PDF-1.4 not a picture", "no picture that can be used"),
        (b"<svg onload='alert(1)'/>", "no picture that can be used"),
        (bytes(8 * 1024 * 1024 + 1), "at most 8 MB"),
    ],
)
def test_wrong_picture_is_refused_and_the_words_stay(browser, nadia, body, words):
    answer = send_picture(browser, browser.get_page(f"{URL}/new"), body, "photo.jpg")
    assert answer.status_code == 422
    assert words in answer.text and "Explained a contract." in answer.text
    assert records_of(nadia.id) == []


def test_more_than_any_picture_is_cut_off(browser):
    answer = browser.post(f"{URL}/new", data=b"x" * (MOST_SENT + 1), content_type="text/plain")
    assert answer.status_code in (413, 422)
    small = browser.post("/en/me/profile", data={"name": "x" * 1_100_000})
    assert small.status_code == 413


def test_picture_is_taken_off_again(browser, nadia):
    send_picture(browser, browser.get_page(f"{URL}/new"), picture(), draft="1")
    record = only(nadia)
    page = browser.get_page(f"{URL}/{record.id}/edit")
    browser.submit(page, FORM, press="draft", drop=[db.session.query(EvidenceFile).one().id])
    assert db.session.query(EvidenceFile).count() == 0


def test_rule_18_pictures_are_in_the_copy_of_my_data(browser):
    import zipfile

    send_picture(browser, browser.get_page(f"{URL}/new"), picture())
    page = browser.get_page("/en/me/data")
    form = "form[action$='/data/export']"
    token = page.one(f"{form} [name=csrf_token]")["value"]
    answer = browser.post("/en/me/data/export", data={"csrf_token": token})
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        (name,) = [n for n in archive.namelist() if n.startswith("evidence/")]
        assert archive.read(name).startswith(b"\xff\xd8")
        assert "Explained a contract." in archive.read("service_records.csv").decode()
