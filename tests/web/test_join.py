"""Joining a programme: the public pages, the steps of an application, one's own terms."""

from datetime import timedelta

import pytest

from hub import clock
from hub.enums import ApplicationStatus, AppointmentState, Programme, QuestionKind
from hub.extensions import db
from hub.models import Application, Appointment, User
from hub.services.reviews import write_to_applicant
from hub.services.settings import change_settings
from hub.transaction import unit_of_work
from tests.browser import HubClient
from tests.factories import make_user
from tests.people import EVE
from tests.service_factories import make_application, make_appointment, make_question
from tests.tables import changed, dump

S = ApplicationStatus


@pytest.fixture
def bob(db_session) -> User:
    return make_user("bob", role=None)


@pytest.fixture
def browser(client: HubClient, bob: User) -> HubClient:
    return client.log_in(bob)


def recruit(ada: User, *programmes: str) -> None:
    with unit_of_work():
        change_settings({"recruiting": list(programmes)}, by=ada)


# --- public pages ----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("slug", ["assistants", "lecturers"])
def test_programme_page_tells_and_leads_to_the_application(client, db_session, lang, slug):
    page = client.get_page(f"/{lang}/join/{slug}")
    assert page.one(f"a.button--primary[href='/{lang}/join/{slug}/apply']")
    assert "X-Robots-Tag" not in page.response.headers
    home = client.get_page(f"/{lang}/")
    assert home.one(f"main a[href='/{lang}/join/{slug}']")
    assert home.one(f"footer a[href='/{lang}/join/{slug}']")


def test_programme_that_takes_nobody_says_so(client, ada):
    recruit(ada, "lecturer")
    page = client.get_page("/en/join/assistants")
    assert "takes no applications" in page.text
    assert page.all("a[href='/en/join/assistants/apply']") == []
    assert client.get_page("/en/join/lecturers").one("a[href='/en/join/lecturers/apply']")


def test_unknown_programme_is_not_found(client, db_session):
    client.get_page("/en/join/mayors", 404)


def test_applying_begins_with_logging_in_and_leads_back(client, bob):
    page = client.get_page("/en/join/assistants/apply", 303)
    assert "/account/login" in page.location
    assert "join" in page.location
    assert "assistants" in page.location


# --- the steps -------------------------------------------------------------------------------


def test_application_from_the_button_to_the_answer(browser, bob, community):
    why = make_question()
    days = make_question(label="Which days?", kind=QuestionKind.SHORT, required=False)
    adult = make_question(label="Are you 18?", kind=QuestionKind.YES_NO)
    page = browser.get_page("/en/join/assistants/apply")
    assert bob.name in page.text
    step2 = browser.submit(page, community_id=community.id).location
    page = browser.get_page(step2)
    kept = browser.submit(page, **{f"question_{why.id}": "I like people."}, press="later").location
    assert kept.endswith("/en/me")
    assert "Application" in browser.get_page(kept).text
    page = browser.get_page(step2)
    assert "I like people." in page.text
    step3 = browser.submit(
        page, **{f"question_{days.id}": "Mondays", f"question_{adult.id}": "yes"}
    ).location
    page = browser.get_page(step3)
    for words in ("I like people.", "Mondays", "Heyuan"):
        assert words in page.text
    done = browser.submit(page).location
    page = browser.get_page(done)
    assert "We have it" in page.text
    row = db.session.query(Application).one()
    assert (row.status, row.community_id) == (S.SUBMITTED, community.id)
    again = browser.get_page("/en/join/assistants/apply", 303)
    assert again.location == done


def test_what_is_missing_is_named_and_cannot_be_sent(browser, bob):
    make_question()
    number = make_application(bob, S.DRAFT, answer="").id
    page = browser.get_page(f"/en/me/applications/{number}/check")
    assert "Why do you want to help?" in page.text
    assert page.all("main form button[type=submit]") == []
    sent = browser.submit(page, status=422)
    assert "Answer every question" in sent.text


def test_too_long_an_answer_stays_in_the_form(browser, bob):
    question = make_question(kind=QuestionKind.SHORT)
    number = make_application(bob, S.DRAFT).id
    page = browser.get_page(f"/en/me/applications/{number}/questions")
    page = browser.submit(page, status=422, **{f"question_{question.id}": "x" * 301})
    assert "At most 300" in page.text
    assert "x" * 301 in str(page.html)


def test_steps_of_a_sent_application_say_that_it_is_sent(browser, bob):
    number = make_application(bob).id
    for step in ("questions", "check"):
        page = browser.get_page(f"/en/me/applications/{number}/{step}")
        assert "sent already" in page.text
        browser.post_page(f"/en/me/applications/{number}/{step}", {}, 422)


def test_conversation_of_the_applicant(browser, bob, sue):
    number = make_application(bob, S.UNDER_REVIEW).id
    with unit_of_work():
        write_to_applicant(number, "Which days are you free?", asks=True, by=sue)
    page = browser.get_page(f"/en/me/applications/{number}")
    assert "Which days are you free?" in page.text
    assert sue.name not in page.text
    page = browser.submit(page, status=422, body=" ")
    browser.submit(page, body="On <b>Mondays</b>")
    page = browser.get_page(f"/en/me/applications/{number}")
    assert "On <b>Mondays</b>" in page.text
    assert db.session.get_one(Application, number).status is S.UNDER_REVIEW


@pytest.mark.parametrize("status", S)
def test_page_of_an_application_in_every_state(browser, bob, status):
    number = make_application(bob, status).id
    browser.get_page(f"/en/me/applications/{number}")
    browser.get_page(f"/zh/me/applications/{number}")
    page = browser.get_page(f"/en/me/applications/{number}/withdraw")
    if status.is_open:
        browser.submit(page)
        assert db.session.get_one(Application, number).status is S.WITHDRAWN


def test_rule_20_applications_and_terms_of_others_are_not_there(client, bob, sue, ada):
    application = make_application(bob, S.UNDER_REVIEW).id
    offer = make_appointment(bob, accepted=False).id
    held = make_appointment(bob, programme=Programme.LECTURER).id
    pages = [
        f"applications/{application}{step}" for step in ("", "/questions", "/check", "/withdraw")
    ]
    pages += [f"appointments/{offer}{step}" for step in ("", "/decline")]
    pages += [f"appointments/{held}{step}" for step in ("", "/resign", "/letter")]
    before = dump()
    for other in (make_user("eve", role=None), sue, ada):
        browser = EVE(client.application).log_in(other)
        for path in pages:
            browser.get_page(f"/en/me/{path}", 404)
        for path in (*pages[:4], f"appointments/{offer}/accept", pages[5], pages[7]):
            browser.post_page(f"/en/me/{path}", {}, 404)
    after = dump()
    assert not {"applications", "appointments"} & set(changed(before, after))


def test_pages_of_applications_are_kept_private(browser, bob):
    number = make_application(bob).id
    for path in (f"/en/me/applications/{number}", "/en/join/assistants/apply"):
        headers = browser.get(path).headers
        assert headers["Cache-Control"] == "private, no-store"


# --- terms -----------------------------------------------------------------------------------


def test_rule_07_offer_is_accepted_by_its_person_with_a_letter(browser, bob, community):
    number = make_appointment(bob, community, accepted=False).id
    here = f"/en/me/appointments/{number}"
    browser.get_page(f"{here}/letter", 404)
    page = browser.get_page(here)
    browser.submit(page, f"main form[action='{here}/accept']")
    page = browser.get_page(here)
    assert "LX-2026-0001" in page.text
    letter = browser.get_page(f"{here}/letter")
    assert "LX-2026-0001" in letter.text
    assert bob.name in letter.text
    assert [part["lang"] for part in letter.all(".letter__part")] == ["zh-Hans", "en"]
    assert "和院社区" in letter.text and "Heyuan" in letter.text
    assert browser.post_page(f"{here}/accept", {}, 422)


def test_second_acceptance_is_refused_on_the_page(browser, bob, community):
    number = make_appointment(bob, community, accepted=False).id
    here = f"/en/me/appointments/{number}"
    page = browser.get_page(here)
    make_appointment(bob, community)
    page = browser.submit(page, f"main form[action='{here}/accept']", status=409)
    assert "another term" in page.text


def test_offer_is_declined_on_a_confirm_page(browser, bob):
    number = make_appointment(bob, accepted=False).id
    page = browser.get_page(f"/en/me/appointments/{number}/decline")
    browser.submit(page)
    state = db.session.get_one(Appointment, number).state(clock.today())
    assert state is AppointmentState.DECLINED
    assert "answered already" in browser.get_page(f"/en/me/appointments/{number}/decline").text


@pytest.mark.parametrize("begins", [-30, 30])
def test_person_leaves_on_a_confirm_page(browser, bob, begins):
    start = clock.today() + timedelta(days=begins)
    number = make_appointment(bob, starts_on=start).id
    here = f"/en/me/appointments/{number}"
    page = browser.get_page(f"{here}/resign")
    if begins < 0:
        page = browser.submit(page, status=422, last_day="yesterday")
        page = browser.submit(page, status=422, last_day="2026-11-22")
        browser.submit(page, last_day="2026-12-01")
    else:
        browser.submit(page)
    assert db.session.get_one(Appointment, number).ended_on is not None
    browser.get_page(here)
    browser.get_page(f"{here}/resign")
    assert "Lending a hand" in browser.get_page("/en/me").text
