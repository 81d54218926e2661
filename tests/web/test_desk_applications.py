"""Applications, questions and terms at the desk."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import ApplicationStatus, EndKind, MessageKind, Programme, StaffRole
from hub.extensions import db
from hub.i18n import in_language
from hub.models import Application, Appointment, Message, Question, User
from hub.services.applications import submit_application
from hub.services.appointments import remind_of_ends, resume, revoke, suspend
from hub.services.offers import offer_renewal
from hub.services.reviews import (
    Approval,
    approve_application,
    decline_application,
    write_to_applicant,
)
from hub.transaction import unit_of_work
from hub.web.mails import NOTE_PAGES, write_mail
from tests.browser import HubClient
from tests.factories import make_user
from tests.mails import text_of
from tests.people import EVE
from tests.service_factories import (
    make_application,
    make_appointment,
    make_assignment,
    make_assistant,
    make_duty,
    make_question,
)

S = ApplicationStatus
HERE = "/en/desk/applications"


@pytest.fixture
def bob(db_session) -> User:
    return make_user("bob", role=None)


@pytest.fixture
def browser(client: HubClient, alice: User) -> HubClient:
    return client.log_in(alice)


# --- applications ----------------------------------------------------------------------------


def test_list_shows_the_longest_waiting_first_and_is_narrowed(browser, bob, community):
    with clock.fixed_at(clock.now() - timedelta(days=3)):
        make_application(bob, community=community)
    zoe = make_user("zoe", role=None)
    make_application(zoe, S.UNDER_REVIEW, programme=Programme.LECTURER)
    make_application(zoe, S.DECLINED)
    page = browser.get_page(HERE)
    names = [a.get_text() for a in page.all("#application-list .desk-row__title a")]
    assert names == ["Bob", "Zoe"]
    assert "Waiting for 3 days" in page.text
    for query, found in (
        ("status=declined", 1), ("programme=lecturer", 1), ("status=nonsense", 2),
        ("status=approved", 0), ("status=draft", 2),
    ):  # fmt: skip
        part = browser.get_page(f"{HERE}?{query}", htmx=True)
        assert len(part.all(".desk-row")) == found, query
    assert "2 applications wait" in browser.get_page("/en/desk").text


def test_list_goes_on_after_thirty(browser):
    for _number in range(31):
        make_application(make_user(role=None))
    page = browser.get_page(HERE)
    assert len(page.all("#application-list .desk-row")) == 30
    rest = browser.get_page(page.one("a[rel=next]")["href"])
    assert len(rest.all("#application-list .desk-row")) == 1


def test_application_from_the_review_to_the_offer(browser, bob, community):
    number = make_application(bob, community=community).id
    page = browser.get_page(f"{HERE}/{number}")
    assert "I like people." in page.text
    assert page.all(f"a[href='{HERE}/{number}/approve']") == []
    browser.submit(page, f"form[action='{HERE}/{number}/review']")
    page = browser.get_page(f"{HERE}/{number}")
    browser.submit(page, "main form.form", body="Which days?", asks=True)
    assert db.session.get_one(Application, number).status is S.INFO_REQUESTED
    page = browser.get_page(f"{HERE}/{number}/approve")
    offered = [option["value"] for option in page.all("select[name=community_id] option")]
    assert offered == [str(community.id)]  # staff of one community offer nothing elsewhere
    page = browser.submit(page, status=422, starts_on="2026-12-01", ends_on="2026-11-30")
    browser.submit(page, starts_on="2026-12-01", ends_on="2027-11-30")
    offer = db.session.scalars(select(Appointment)).one()
    assert (offer.application_id, offer.community_id) == (number, community.id)
    page = browser.get_page(f"{HERE}/{number}")
    assert page.one(f"a[href='/en/desk/appointments/{offer.id}']")
    assert "closed" in browser.get_page(f"{HERE}/{number}/approve").text


def test_application_is_declined_with_a_reason(browser, bob):
    number = make_application(bob, S.UNDER_REVIEW).id
    page = browser.get_page(f"{HERE}/{number}/decline")
    page = browser.submit(page, status=422, reason=" ")
    browser.submit(page, reason="No room this term.")
    assert "No room this term." in browser.get_page(f"{HERE}/{number}").text


def test_stale_pages_are_refused_with_the_present_state(browser, bob):
    number = make_application(bob, S.SUBMITTED).id
    page = browser.get_page(f"{HERE}/{number}")
    browser.submit(page, f"form[action='{HERE}/{number}/review']")
    again = browser.submit(page, f"form[action='{HERE}/{number}/review']", status=409)
    assert "begun already" in again.text


def test_rule_05_own_application_has_no_buttons(client, sue):
    number = make_application(sue, S.UNDER_REVIEW).id
    browser = client.log_in(sue)
    page = browser.get_page(f"{HERE}/{number}")
    assert "own case" in page.text
    assert page.all("main form") == []
    for step in ("approve", "decline"):
        assert "own case" in browser.get_page(f"{HERE}/{number}/{step}").text


def test_rule_20_what_a_desk_does_not_handle_is_not_there(client, bob, sam, community):
    police = make_user("pia", role=StaffRole.POLICE)
    assistant = make_application(bob, S.UNDER_REVIEW, community=community).id
    lecturer = make_application(
        bob, S.UNDER_REVIEW, programme=Programme.LECTURER, community=community
    ).id
    draft = make_application(make_user(role=None), S.DRAFT).id
    hidden = {sam: [assistant, lecturer, draft], police: [assistant, draft]}
    for user, numbers in hidden.items():
        browser = EVE(client.application).log_in(user)
        for number in numbers:
            for step in ("", "/approve", "/decline"):
                browser.get_page(f"{HERE}/{number}{step}", 404)
                browser.post_page(f"{HERE}/{number}{step}", {}, 404)
            browser.post_page(f"{HERE}/{number}/review", {}, 404)
    EVE(client.application).log_in(police).get_page(f"{HERE}/{lecturer}")
    resident = EVE(client.application).log_in(bob)
    resident.get_page(HERE, 404)


# --- questions -------------------------------------------------------------------------------


def test_questions_are_written_and_taken_out_of_use(client, sue):
    browser = client.log_in(sue)
    page = browser.get_page("/en/desk/questions/new")
    page = browser.submit(page, status=422)
    browser.submit(
        page, **{"text_en-label": "Which days?", "text_zh-label": "哪几天？"}, kind="short",
        position="20",
    )  # fmt: skip
    question = db.session.scalars(select(Question)).one()
    assert question.texts["zh"].label == "哪几天？"
    page = browser.get_page(f"/en/desk/questions/{question.id}")
    browser.submit(page, active=False)
    assert "Not in use" in browser.get_page("/en/desk/questions").text
    browser.get_page("/en/desk/questions/999", 404)


def test_rule_20_staff_of_a_community_keep_no_questions(browser):
    number = make_question().id
    for path in ("", "/new", f"/{number}"):
        browser.get_page(f"/en/desk/questions{path}", 404)
    assert browser.get_page(HERE).all("a[href='/en/desk/questions']") == []


# --- terms -----------------------------------------------------------------------------------


def test_terms_by_how_they_stand(browser, bob, community, other_community):
    make_assistant("soon", community, ends_on=clock.today() + timedelta(days=5))
    make_assistant("elsewhere", other_community)
    make_appointment(bob, community, accepted=False)
    shown = {
        view: [
            a.get_text()
            for a in browser.get_page(f"/en/desk/appointments?view={view}").all(
                "#term-list .desk-row__title a"
            )
        ]
        for view in ("active", "ending", "offered", "over", "nonsense")
    }
    assert shown == {
        "active": ["Soon"], "ending": ["Soon"], "offered": ["Bob"], "over": [],
        "nonsense": ["Soon"],
    }  # fmt: skip


def test_term_is_renewed_suspended_resumed_and_revoked(browser, community):
    user = make_assistant("helga", community)
    number = user.appointments[0].id
    here = f"/en/desk/appointments/{number}"
    page = browser.get_page(f"{here}/suspend")
    page = browser.submit(page, status=422, reason="Exams", starts_on="2026-11-01")
    browser.submit(page, reason="Exams", starts_on="2026-11-23", ends_on="2026-12-01")
    assert "Exams" in browser.get_page(here).text
    assert "suspended already" in browser.get_page(f"{here}/suspend").text
    browser.submit(browser.get_page(f"{here}/resume"))
    renewal = browser.submit(browser.get_page(f"{here}/renew")).location
    assert "Offered" in browser.get_page(renewal).text
    page = browser.get_page(f"{here}/revoke")
    page = browser.submit(page, status=422)
    browser.submit(page, reason="Broke the rules.")
    page = browser.get_page(here)
    assert "Broke the rules." in page.text
    assert page.all(f"a[href='{here}/revoke']") == []
    assert db.session.get_one(Appointment, number).end_kind is EndKind.REVOKED


def test_rule_08_duties_that_break_are_shown_before_and_after(browser, alice, venue, community):
    user = make_assistant("helga", community)
    make_assignment(make_duty(venue, alice, title="Help at the tea fair"), user)
    here = f"/en/desk/appointments/{user.appointments[0].id}"
    assert "tea fair" not in browser.get_page(here).text
    page = browser.get_page(f"{here}/revoke")
    assert "Help at the tea fair" in page.text
    browser.submit(page, reason="Broke the rules.")
    assert "Help at the tea fair" in browser.get_page(here).text


def test_term_is_offered_from_the_page_of_a_person(browser, client, community):
    user = make_user("helga", role=None)
    make_appointment(user, community, ends_on=clock.today() - timedelta(days=1))
    page = browser.get_page(f"/en/desk/people/{user.id}")
    page = browser.get_page(page.one("a[href*='/appointments/new/']")["href"])
    page = browser.submit(page, status=422, ends_on="2020-01-01")
    shown = browser.submit(page, ends_on="2027-11-22").location
    assert "Offered" in browser.get_page(shown).text
    page = browser.get_page(f"/en/desk/people/{user.id}")
    assert page.one(f"a[href='{shown}']")
    assert page.text.count("Term over") == 1


def test_rule_05_own_term_has_no_buttons(client, sue, community):
    number = make_appointment(sue, community).id
    browser = client.log_in(sue)
    here = f"/en/desk/appointments/{number}"
    page = browser.get_page(here)
    assert "own case" in page.text
    for step in ("renew", "suspend", "resume", "revoke"):
        assert page.all(f"a[href='{here}/{step}']") == []
        assert "own case" in browser.get_page(f"{here}/{step}").text


def test_rule_20_terms_of_other_desks_are_not_there(client, sam, community):
    number = make_assistant("helga", community).appointments[0].id
    browser = client.log_in(sam)
    for step in ("", "/letter", "/renew", "/suspend", "/resume", "/revoke"):
        browser.get_page(f"/en/desk/appointments/{number}{step}", 404)
    browser.get_page("/en/desk/appointments/new/999", 404)


def test_letter_at_the_desk(browser, bob, community):
    appointment = make_appointment(bob, community)
    browser.get_page(f"/en/desk/appointments/{appointment.id}/letter", 404)
    with unit_of_work():
        db.session.get_one(Appointment, appointment.id).number = "LX-2026-0007"
    page = browser.get_page(f"/en/desk/appointments/{appointment.id}/letter")
    assert "LX-2026-0007" in page.text
    assert "留下街道" in page.text


# --- mails -----------------------------------------------------------------------------------


def bring_about(kind: MessageKind, person: User, staff: User) -> None:
    """Do what makes a note of ``kind`` to ``person``."""
    today = clock.today()
    state = S.DRAFT if kind is MessageKind.APPLICATION_RECEIVED else S.UNDER_REVIEW
    number = make_application(person, state).id
    term = make_appointment(person, ends_on=today + timedelta(days=9)).id
    with unit_of_work():
        {
            MessageKind.APPLICATION_RECEIVED: lambda: db.session.delete(
                db.session.get_one(Appointment, term)
            ),
            MessageKind.APPLICATION_QUESTION: lambda: write_to_applicant(
                number, "Which days?", asks=True, by=staff
            ),
            MessageKind.APPLICATION_APPROVED: lambda: approve_application(
                number,
                Approval(None, today + timedelta(days=20), today + timedelta(days=90)),
                by=staff,
            ),
            MessageKind.APPLICATION_DECLINED: lambda: decline_application(
                number, "No room.", by=staff
            ),
            MessageKind.TERM_OFFERED: lambda: offer_renewal(
                term, today + timedelta(days=90), by=staff
            ),
            MessageKind.TERM_SUSPENDED: lambda: suspend(term, today, None, "Exams", by=staff),
            MessageKind.TERM_RESUMED: lambda: suspend(term, today, None, "Exams", by=staff),
            MessageKind.TERM_REVOKED: lambda: revoke(term, "Broke the rules.", by=staff),
            MessageKind.TERM_ENDING: remind_of_ends,
        }[kind]()
    if kind is MessageKind.APPLICATION_RECEIVED:
        with unit_of_work():
            submit_application(number, by=person)
    if kind is MessageKind.TERM_RESUMED:
        with unit_of_work():
            resume(term, by=staff)


NOTES = [kind for kind in NOTE_PAGES if kind.value.startswith(("application", "term"))]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", NOTES)
def test_rule_24_every_note_is_written_in_the_person_s_language(app, sue, kind, language):
    person = make_user("bob", role=None, language=language)
    bring_about(kind, person, sue)
    message = db.session.scalars(select(Message).where(Message.kind == kind)).one()
    with app.test_request_context():
        mail = write_mail(message)
    body = text_of(mail)
    assert mail["To"] == person.email
    with in_language(language):
        assert str(Programme.ASSISTANT.label) in str(mail["Subject"])
    assert f"/{language}/me/" in body
    assert str(message.subject_id) in body
    for value in ("reason", "ends_on"):
        if value in message.facts and kind is not MessageKind.TERM_SUSPENDED:
            assert message.facts[value] in body or kind is MessageKind.TERM_REVOKED
    assert "%(" not in body and "{{" not in body
    assert not re.search(r"\n{4}", body)
