"""The three questions behind their link, and the page that the exit shows (rule 17)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import EventStatus, MessageKind
from hub.extensions import db
from hub.integrations.signing import survey_token, ticket_token
from hub.models import Message, SignUp, SurveyAnswer
from hub.policies.surveys import SURVEY_OPEN
from hub.services.messages import queue_message
from hub.services.privacy import erase_sign_up
from hub.transaction import unit_of_work
from hub.web.mails import write_mail
from tests.factories import make_event, make_sign_up
from tests.voice_factories import make_attended

HOUR = timedelta(hours=1)
FORM = "#survey-form form"
TAPS = {"enjoyed": "5", "understood": "3", "again": "2"}


@pytest.fixture
def past(venue, now):
    return make_event(venue=venue, capacity=40, starts_at=now - 3 * HOUR)


def link(party):
    return f"/en/surveys/{survey_token(party.code)}"


def answers():
    return list(db.session.scalars(select(SurveyAnswer)))


def test_three_taps_and_a_comment(client, past):
    party = make_attended(past, name="Bob Kamau")
    page = client.get_page(link(party))
    assert "Nobody sees who answered what" in page.text and "Bob" not in page.text
    assert len(page.all("input[type=radio]")) == 11
    sent = client.submit(page, FORM, **TAPS, comment="좋았어요", language="ko")
    thanks = client.follow(sent)
    assert "Thank you, it has been counted" in thanks.text
    (row,) = answers()
    assert (row.enjoyed, row.understood, row.again) == (5, 3, 2)
    assert (row.comment, row.language) == ("좋았어요", "ko")
    assert "Thank you, it has been counted" in client.get_page(link(party)).text


def test_rule_17_form_sent_twice_counts_once(client, past):
    party = make_attended(past, party_size=2)
    page = client.get_page(link(party))
    for _time in range(2):
        thanks = client.follow(client.submit(page, FORM, **TAPS))
        assert "1 of your 2 may still answer" in thanks.text
    assert len(answers()) == 1
    second = client.get_page(thanks.link("Next person"))
    client.submit(second, FORM, **TAPS)
    assert len(answers()) == 2


def test_what_was_tapped_stays_when_something_is_missing(client, past):
    party = make_attended(past)
    page = client.get_page(link(party))
    wrong = client.submit(page, FORM, status=422, enjoyed="4", comment="Nice.")
    assert wrong.one("input[name=enjoyed][checked]")["value"] == "4"
    assert wrong.one("textarea").get_text().strip() == "Nice."
    assert "Tap whether you could follow." in wrong.text
    assert answers() == []
    client.submit(wrong, FORM, **TAPS)
    assert len(answers()) == 1


@pytest.mark.parametrize(
    "typed", [{"enjoyed": "6"}, {"enjoyed": "x"}, {"again": ""}, {"language": "xx"}, {"place": "9"},
              {"place": ""}, {"website": "spam"}, {"shown": "forged"}, {"comment": "x" * 1001},
              {"comment": "a\x00b"}],
)  # fmt: skip
def test_form_of_a_machine_is_refused(client, past, typed):
    party = make_attended(past)
    page = client.get_page(link(party))
    data = {
        str(tag["name"]): str(tag.get("value", ""))
        for tag in page.all(f"{FORM} input[type=hidden]")
    }
    client.post_page(link(party), {**data, "website": "", **TAPS, "language": "en", **typed}, 422)
    assert answers() == []


def test_form_sent_without_its_token_is_refused(client, past):
    party = make_attended(past)
    client.post_page(link(party), TAPS, 422)
    assert answers() == []


def test_too_early_not_there_over(client, past, venue):
    early = make_attended(make_event(venue=venue, title="Tomorrow"))
    absent = make_sign_up(past)
    here = make_attended(past)
    assert "open when the event begins" in client.get_page(link(early)).text
    assert "checked in at the door" in client.get_page(link(absent)).text
    page = client.get_page(link(here))
    with clock.fixed_at(past.ends_at + SURVEY_OPEN):
        assert "time for answers is over" in client.get_page(link(here)).text
        late = client.submit(page, FORM, status=409, **TAPS)
        assert "time for answers is over" in late.text
    assert answers() == []


def test_refused_answer_is_409(client, past):
    absent = make_sign_up(past)
    here = make_attended(past)
    page = client.get_page(link(here))
    with unit_of_work():
        here.status = absent.status
    assert "checked in at the door" in client.submit(page, FORM, status=409, **TAPS).text


def test_link_is_private_and_forged_ones_open_nothing(client, past):
    party = make_attended(past)
    for address in (link(party), f"/en/events/{past.id}/survey"):
        headers = client.get_page(address).response.headers
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]
    for token in (ticket_token(party.code), party.code, "x.y"):
        client.get_page(f"/en/surveys/{token}", 404)
        client.get_page(f"/en/surveys/{token}/thanks", 404)
    with unit_of_work():
        erase_sign_up(party.id)
    client.get_page(link(party), 410)


def test_thanks_before_any_answer_leads_to_the_questions(client, past):
    party = make_attended(past)
    page = client.get_page(link(party) + "/thanks", 303)
    assert page.location == link(party)


@pytest.mark.usefixtures("rate_limits")
def test_each_link_has_a_limit_of_its_own(other_app, past):
    app = other_app(SIGN_UP_RATE="2 per hour")
    first, second = link(make_attended(past)), link(make_attended(past))
    browser = app.test_client()
    assert [browser.post(first).status_code for _time in range(3)] == [422, 422, 429]
    assert browser.post(second).status_code == 422


def test_ticket_leads_to_the_questions_while_they_are_open(client, past):
    party, absent = make_attended(past), make_sign_up(past)
    tickets = [f"/en/tickets/{ticket_token(row.code)}" for row in (party, absent)]
    assert client.get_page(tickets[0]).link("three taps") == link(party)
    assert "three taps" not in client.get_page(tickets[1]).text
    client.submit(client.get_page(link(party)), FORM, **TAPS)
    assert "three taps" not in client.get_page(tickets[0]).text


def test_own_page_leads_to_the_questions(client, past, sam):
    party = make_attended(past)
    with unit_of_work():
        party.user_id = sam.id
    client.log_in(sam)
    assert client.get_page("/en/me").link("three taps") == link(party)


def test_exit_page_sends_the_ticket_again_and_tells_nobody_whether(client, past):
    party = make_attended(past, contact="bob@example.com")
    address = f"/en/events/{past.id}/survey"
    for contact in ("bob@example.com", "eve@example.com"):
        page = client.submit(client.get_page(address), "main form", status=200, contact=contact)
        assert "is on its way" in page.text
    query = select(Message).where(Message.kind == MessageKind.LINK_AGAIN)
    assert [m.sign_up_id for m in db.session.scalars(query)] == [party.id]
    client.submit(client.get_page(address), "main form", status=422, contact="nothing")
    assert client.get_page(address).has("svg.qr")
    with clock.fixed_at(past.ends_at + SURVEY_OPEN):
        assert not client.get_page(address).has("main form")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "How was it? Dumplings"), ("zh", "一起包饺子")]
)
def test_rule_24_mail_in_its_readers_language(app, client, past, language, words):
    party = make_attended(past, 2, language=language)
    with app.test_request_context():
        with unit_of_work():
            queue_message(MessageKind.EVENT_SURVEY, party)
        message = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
        mail, preview = write_mail(message), write_mail(message, preview=True)
        db.session.rollback()
    body = mail.get_body(("plain",)).get_content()
    assert words in mail["Subject"]
    assert f"/{language}/surveys/{survey_token(party.code)}" in body
    assert survey_token(party.code) not in preview.as_string()
    off = mail["List-Unsubscribe"]
    path = off[off.index(f"/{language}/mail/") :].strip("<>")
    page = client.get_page(path)
    client.submit(page, "main form")
    assert db.session.get_one(SignUp, party.id).reminders_off


def test_draft_has_no_exit_page(client, venue):
    draft = make_event(venue=venue, status=EventStatus.DRAFT)
    cancelled = make_event(venue=venue, status=EventStatus.CANCELLED, title="Gone")
    for row in (draft, cancelled):
        client.get_page(f"/en/events/{row.id}/survey", 404)


def test_door_shows_the_code_of_who_is_checked_in(client, past, alice, sam, venue):
    party, absent = make_attended(past), make_sign_up(past)
    other = make_attended(make_event(venue=venue, title="Other"))
    client.log_in(alice)
    page = client.get_page(client.get_page(f"/en/door/{past.id}").link("Survey QR"))
    assert page.url.endswith(f"/survey/{party.id}") and page.has("svg.qr")
    assert "checked in" in client.get_page(f"/en/door/{past.id}/survey/{absent.id}").text
    client.get_page(f"/en/door/{past.id}/survey/{other.id}", 404)
    client.get_page("/en/account/logout", 405)
