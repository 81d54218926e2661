"""Records at the desk: the queue, decisions, entries for others, activities."""

from datetime import timedelta

import pytest

from hub.enums import Provenance, RecordStatus
from hub.extensions import db
from hub.models import Activity, Message, ServiceRecord, User
from tests.browser import HubClient
from tests.factories import local, make_user
from tests.people import EVE
from tests.service_factories import make_activity, make_assistant, make_record

URL = "/en/desk/records"
FORM = "#desk-record-form form"
QUEUE = "form[action$='/records/approve']"


@pytest.fixture
def nadia(community) -> User:
    make_activity()
    return make_assistant("nadia", community)


@pytest.fixture
def record(nadia, community) -> ServiceRecord:
    return make_record(nadia, community)


@pytest.fixture
def desk(client: HubClient, alice: User) -> HubClient:
    return client.log_in(alice)


def status_of(record: ServiceRecord) -> RecordStatus:
    return db.session.get_one(ServiceRecord, record.id).status


PAGES = ["/{id}", "/{id}/return", "/{id}/reject", "/{id}/void", "/people/{user}"]


@pytest.mark.parametrize("path", ["", "/new", *PAGES])
def test_rule_20_desk_pages_are_for_the_staff_of_the_place(
    app, record, nadia, alice, sam, sue, path
):
    url = URL + path.format(id=record.id, user=nadia.id)
    assert "/account/login" in EVE(app).get_page(url, 303).location
    EVE(app).log_in(nadia).get_page(url, 404)
    EVE(app).log_in(sam).get_page(url, 404 if path in PAGES else 200)
    for user in (alice, sue):
        page = EVE(app).log_in(user).get_page(url)
        assert page.response.headers["Cache-Control"] == "private, no-store"


def test_rule_20_drafts_are_not_there_for_the_desk(desk, nadia, community):
    draft = make_record(nadia, community, status=RecordStatus.DRAFT)
    desk.get_page(f"{URL}/{draft.id}", 404)
    desk.post_page(f"{URL}/{draft.id}/approve", {}, 404)
    assert "Nothing waits" in desk.get_page(URL).text


# --- the queue ----------------------------------------------------------------------------------


def test_rule_13_queue_says_when_each_is_due(desk, nadia, community):
    for day in ("2026-11-12 09:00", "2026-11-06 09:00", "2026-11-09 09:00"):
        make_record(nadia, community, starts_at=local(day))
    page = desk.get_page(URL)
    words = [d.get_text(strip=True) for d in page.all(".record-row .due")]
    assert words == ["Overdue since Sat 21 Nov", "Due today", "Due in 3 working days"]
    assert "1 record is overdue." in page.text
    today = desk.get_page("/en/desk")
    assert "3 service records wait for approval" in today.text
    assert "Overdue since Sat 21 Nov" in today.text and "1 record is overdue." in today.text


def test_ticked_ones_are_approved_and_exceptions_are_named(desk, nadia, community, alice, now):
    first, second, third = (
        make_record(nadia, community, starts_at=now - timedelta(days=d)) for d in (2, 3, 4)
    )
    entered = make_record(nadia, community, by=alice, starts_at=now - timedelta(days=5))
    page = desk.get_page(URL)
    assert not page.has("[name=record][checked]")
    page = desk.get_page(page.link("Tick all"))
    assert len(page.all("[name=record][checked]")) == 3 and page.has("[name=record][disabled]")
    answer = desk.submit(page, QUEUE, record=[first.id, third.id])
    assert "2 records are approved." in desk.follow(answer).text
    assert status_of(second) is RecordStatus.SUBMITTED
    token = page.one(f"{QUEUE} [name=csrf_token]")["value"]
    ids = [str(second.id), str(entered.id), "x"]
    answer = desk.post_page(f"{URL}/approve", {"csrf_token": token, "record": ids}, 303)
    page = desk.follow(answer)
    assert "1 record is approved." in page.text
    assert "Not approved: Nadia" in page.text and "entered this record yourself" in page.text
    assert status_of(entered) is RecordStatus.SUBMITTED


def test_none_ticked_is_said(desk, record):
    page = desk.submit(desk.get_page(URL), QUEUE, status=422)
    assert "Tick the records that you approve." in page.text


def test_tabs_and_pages(desk, nadia, community, now):
    for number in range(52):
        make_record(
            nadia, community, starts_at=now - timedelta(days=3, minutes=20 * number), minutes=10
        )
    make_record(nadia, community, status=RecordStatus.RETURNED)
    page = desk.get_page(URL)
    assert len(page.all(".record-row")) == 50
    page = desk.get_page(page.link("More records"))
    assert len(page.all(".record-row")) == 2 and page.link("From the start")
    assert len(desk.get_page(f"{URL}?view=returned").all(".record-row")) == 1
    assert "Nothing is decided yet" in desk.get_page(f"{URL}?view=decided").text


# --- one record ---------------------------------------------------------------------------------


def test_approve_one(desk, record):
    page = desk.get_page(f"{URL}/{record.id}")
    assert "Translated at the desk." in page.text
    page = desk.follow(desk.submit(page))
    assert "The record is approved." in page.text
    page = desk.get_page(f"{URL}/{record.id}")
    assert "Person in charge Alice" in page.text and "The record was approved." in page.text
    assert page.link("Void")


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        ("return", RecordStatus.SUBMITTED, RecordStatus.RETURNED),
        ("reject", RecordStatus.SUBMITTED, RecordStatus.REJECTED),
        ("void", RecordStatus.APPROVED, RecordStatus.VOIDED),
    ],
)
def test_steps_ask_for_a_reason_and_tell_the_person(desk, nadia, community, step, before, after):
    record = make_record(nadia, community, status=before)
    page = desk.get_page(f"{URL}/{record.id}/{step}")
    wrong = desk.submit(page, status=422, reason=" ")
    assert "Say why." in wrong.text
    desk.submit(wrong, reason="Which day?")
    assert status_of(record) is after
    assert [m.facts["reason"] for m in db.session.query(Message)] == ["Which day?"]
    late = desk.submit(page, status=409, reason="Again")
    assert late.has(".error-summary") and not late.has("main form")
    assert desk.get_page(f"{URL}/{record.id}/{step}").has(".notice--warning")


def test_rule_05_own_record_and_own_entry_have_no_buttons(app, community, alice, nadia):
    both = make_assistant("both", community)
    from hub.enums import StaffRole
    from hub.models import Membership
    from hub.transaction import unit_of_work

    with unit_of_work():
        both.roles.append(Membership(role=StaffRole.STAFF, community_id=community.id))
    own = make_record(both, community)
    entered = make_record(nadia, community, by=both)
    browser = EVE(app).log_in(both)
    for record, words in ((own, "your own record"), (entered, "entered this record yourself")):
        page = browser.get_page(f"{URL}/{record.id}")
        assert words in page.text and not page.has("main form")
        token = browser.get_page(URL).one(f"{QUEUE} [name=csrf_token]")["value"]
        refused = browser.post_page(f"{URL}/{record.id}/approve", {"csrf_token": token}, 409)
        assert words in refused.text
        assert status_of(record) is RecordStatus.SUBMITTED


# --- entries for others -------------------------------------------------------------------------

TYPED = {"day": "2026-11-22", "starts": "09:00", "ends": "10:30", "content": "Filed papers."}


def test_rule_11_staff_enter_for_somebody(app, desk, nadia, sue):
    page = desk.get_page(f"{URL}/new?person={nadia.id}")
    page = desk.follow(desk.submit(page, FORM, **TYPED))
    assert "waits for approval by a colleague" in page.text
    assert "Entered later by staff" in page.text and "Entered by Alice" in page.text
    record = db.session.query(ServiceRecord).one()
    assert (record.user_id, record.provenance) == (nadia.id, Provenance.BACK_ENTERED)
    page = EVE(app).log_in(sue).get_page(f"{URL}/{record.id}")
    assert page.has("form[action$='/approve']")


@pytest.mark.parametrize("htmx", [False, True])
def test_wrong_entry_keeps_what_was_typed(desk, nadia, htmx):
    page = desk.get_page(f"{URL}/new")
    wrong = desk.submit(page, FORM, status=422, htmx=htmx, **(TYPED | {"ends": "08:00"}))
    assert "The end must come after the start" in wrong.text
    assert wrong.one("[name=ends]")["value"] == "08:00"


def test_nobody_to_enter_for(desk):
    assert "Nobody has been appointed yet" in desk.get_page(f"{URL}/new").text


def test_rule_20_only_own_people_and_communities_are_offered(desk, nadia, other_community):
    make_activity()
    make_assistant("omar", other_community)
    page = desk.get_page(f"{URL}/new")
    assert [o.get_text() for o in page.all("#user_id option")] == ["Nadia"]
    assert len(page.all("#community_id option")) == 1


def test_rule_12_staff_correct_an_approved_record(desk, nadia, community):
    record = make_record(nadia, community, status=RecordStatus.APPROVED)
    page = desk.get_page(desk.get_page(f"{URL}/{record.id}").link("Correct it"))
    page = desk.follow(desk.submit(page, FORM, content="It was another street."))
    assert "waits for approval by a colleague" in page.text and "Versions" in page.text
    page = desk.get_page(f"{URL}/{record.id}/correct", 409)
    assert "under way" in page.text


# --- one person ---------------------------------------------------------------------------------


def test_hours_of_one_person(desk, nadia, community, other_community):
    make_record(nadia, community, status=RecordStatus.APPROVED)
    make_record(nadia, other_community, starts_at=local("2026-11-20 09:00"))
    page = desk.get_page(f"{URL}/people/{nadia.id}")
    assert "1 h 30 min approved" in page.text and "Only records of your communities" in page.text
    assert len(page.all(".record-row")) == 1
    shown = desk.get_page(f"/en/desk/people/{nadia.id}")
    assert shown.link("Hours and service records") == f"{URL}/people/{nadia.id}"
    desk.get_page(f"{URL}/people/{make_user(role=None).id}", 404)


# --- activities ---------------------------------------------------------------------------------


def test_activities_are_for_the_subdistrict(app, alice, sue, nadia):
    url = "/en/desk/activities"
    EVE(app).log_in(alice).get_page(url, 404)
    browser = EVE(app).log_in(sue)
    page = browser.get_page(browser.get_page(url).link("New activity"))
    wrong = browser.submit(page, status=422)
    assert "at least one language" in wrong.text
    page = browser.follow(browser.submit(page, **{"text_en-name": "Gardening"}))
    assert "The activity “Gardening” is saved." in page.text
    made = db.session.query(Activity).filter_by(slug="translation").one()
    page = browser.get_page(f"{url}/{made.id}/edit")
    browser.submit(page, active=False, position=5)
    made = db.session.get_one(Activity, made.id)
    assert (made.active, made.counts, made.position) == (False, True, 5)
    browser.get_page(f"{url}/99/edit", 404)


def test_activities_empty_teach(client, sue):
    assert client.log_in(sue).get_page("/en/desk/activities").link("New activity")
