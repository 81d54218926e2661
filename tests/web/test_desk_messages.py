"""The log of messages at the desk, sending again, and the preview of every kind."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select, update

from hub import clock
from hub.enums import MessageKind, MessageState
from hub.extensions import db
from hub.integrations.signing import ticket_token
from hub.models import AuditEntry, Message, SignUp
from hub.policies import can_see_message
from hub.queries.message_log import LogFilter, logged
from hub.services.events import cancel_event
from hub.services.messages import queue_account_mail, queue_note
from hub.services.signups import cancel_sign_up
from hub.transaction import unit_of_work
from hub.web.message_log import masked
from hub.web.message_preview import html_of
from hub.web.message_words import kind_groups, kind_words, trouble_words
from tests.factories import make_event, make_sign_up, make_venue
from tests.people import BOB, CAROL, EVE
from tests.service_factories import make_duty
from tests.tables import changed, dump

K = MessageKind
LOG = "/en/desk/messages"


@pytest.fixture
def booked(event) -> SignUp:
    return make_sign_up(event, BOB)


@pytest.fixture
def elsewhere(other_community) -> SignUp:
    """A sign-up of community two, which is sam's."""
    return make_sign_up(make_event(venue=make_venue(other_community)), CAROL)


def spoil(sign_up: SignUp, state: MessageState, error: str = "", **values: object) -> Message:
    with unit_of_work():
        message = db.session.scalars(
            select(Message).where(Message.sign_up_id == sign_up.id).order_by(Message.id)
        ).first()
        assert message is not None
        message.state, message.last_error, message.attempts = state, error, 8
        for name, value in values.items():
            setattr(message, name, value)
    return message


def state_of(message: Message) -> MessageState:
    db.session.rollback()
    return db.session.get_one(Message, message.id).state


def test_the_log_says_what_went_to_whom_about_what(app, booked, alice):
    page = EVE(app).log_in(alice).get_page(LOG)
    for words in ("Signed up", BOB.name, "b•••@example.com", "Dumplings for all", "Waits"):
        assert words in page.text, words
    assert BOB.contact.value not in page.text and ticket_token(booked.code) not in str(page.html)
    assert page.link("Dumplings for all").endswith("/sign-ups")
    assert page.response.headers["Cache-Control"] == "private, no-store"


def test_rule_20_staff_see_what_is_about_their_events_and_administrators_all(
    app, booked, elsewhere, alice, sam, sue, ada
):
    with unit_of_work():
        queue_account_mail("new@example.com", "Welcome", "A secret link")
        queue_note(K.TERM_ENDING, sam, 1)
    seen = {}
    for user in (alice, sam, sue, ada):
        rows = logged(user, LogFilter())
        seen[user.name] = {(m.sign_up_id, m.kind) for m in rows}
        every = db.session.scalars(select(Message)).all()
        assert {m.id for m in rows} == {m.id for m in every if can_see_message(user, m)}
        page = EVE(app).log_in(user).get_page(LOG)
        assert len(page.all(".desk-row")) == len(rows)
    assert seen["Alice"] == {(booked.id, K.CONFIRMED)}
    assert seen["Sam"] == {(elsewhere.id, K.CONFIRMED)}
    assert seen["Sue"] == seen["Alice"] | seen["Sam"]
    assert len(seen["Ada"]) == 4
    page = EVE(app).log_in(ada).get_page(LOG)
    assert "About an account" in page.text and "n•••@example.com" in page.text
    assert "Welcome" not in page.text and "secret" not in page.text
    assert page.link("Appointment 1").endswith("/desk/appointments/1")


def test_the_log_is_narrowed_by_state_kind_name_and_number(app, event, booked, alice):
    other = make_sign_up(event, CAROL)
    spoil(other, MessageState.BOUNCED, "550 5.1.1")
    browser = EVE(app).log_in(alice)
    message = db.session.scalars(select(Message).order_by(Message.id)).first()

    def names(**query: object) -> set[str]:
        address = LOG + "?" + "&".join(f"{k}={v}" for k, v in query.items())
        page = browser.get_page(address)
        return {n for n in (BOB.name, CAROL.name) if n in page.text}

    assert names(state="trouble") == names(state="bounced") == {CAROL.name}
    assert names(state="queued") == {BOB.name}
    assert names(state="what") == names(kind="no_such") == {BOB.name, CAROL.name}
    assert names(kind="confirmed") == {BOB.name, CAROL.name}
    assert names(kind="promoted") == set()
    assert names(q="Kamau") == names(q=BOB.contact.value) == names(q=booked.number) == {BOB.name}
    assert names(q=message.id) == {BOB.name}
    assert names(q="%25") == names(q="999999999") == set()
    fragment = browser.get_page(f"{LOG}?q=Kamau", htmx=True)
    assert fragment.has("#message-list") and not fragment.has("main")


def test_a_long_log_has_pages(app, venue, alice):
    event = make_event(venue=venue, capacity=99)
    for _number in range(52):
        make_sign_up(event)
    browser = EVE(app).log_in(alice)
    page = browser.get_page(LOG)
    assert len(page.all(".desk-row")) == 50
    later = browser.get_page(page.link("Earlier messages"))
    assert len(later.all(".desk-row")) == 2
    assert later.link("From the newest") == LOG


def test_what_failed_is_queued_again_once_and_on_the_trail(app, booked, alice):
    failed = spoil(booked, MessageState.FAILED, "TimeoutError: bob@example.com timed out")
    mail_id = failed.message_id
    browser = EVE(app).log_in(alice)
    page = browser.get_page(f"{LOG}?state=trouble")
    assert "did not answer in time" in page.text and "8 attempts" in page.text
    assert "bob@example.com" not in page.text
    done = browser.submit(page, "form[action*='/again']")
    assert done.location.endswith("?state=trouble")
    assert "waits to be sent again" in browser.follow(done).text
    row = db.session.get_one(Message, failed.id)
    assert (row.state, row.attempts, row.last_error) == (MessageState.QUEUED, 0, "")
    assert (row.message_id, row.due_at) == (mail_id, clock.now())
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "send_again")).one()
    assert (entry.subject_id, entry.actor_id) == (failed.id, alice.id)
    again = browser.submit(page, "form[action*='/again']")
    assert "Only what failed" in browser.follow(again).text


def test_what_came_back_is_a_new_mail(app, booked, alice):
    bounced = spoil(booked, MessageState.BOUNCED, "5.2.2", sent_at=clock.now())
    old = bounced.message_id
    browser = EVE(app).log_in(alice)
    page = browser.get_page(LOG)
    assert "The mailbox is full." in page.text
    browser.submit(page, "form[action*='/again']")
    row = db.session.get_one(Message, bounced.id)
    assert row.message_id != old and row.sent_at is None


def test_rule_23_what_is_not_true_any_more_is_not_sent_again(app, event, booked, alice, ada, now):
    message = spoil(booked, MessageState.FAILED, "x")
    with unit_of_work():
        queue_account_mail("new@example.com", "Welcome", "link")
    account = db.session.scalars(select(Message).where(Message.kind == K.ACCOUNT)).one()
    with unit_of_work():
        db.session.execute(
            update(Message)
            .where(Message.id == account.id)
            .values(state=MessageState.BOUNCED, body="")
        )
    page = EVE(app).log_in(ada).get_page(LOG)
    assert "could be used once only" in page.text
    with clock.fixed_at(now + timedelta(days=5)):
        page = EVE(app).log_in(alice).get_page(LOG)
        assert "The event is over." in page.text and not page.has("form[action*='/again']")
    with unit_of_work():
        cancel_sign_up(booked.id)
    assert "not true any more" in EVE(app).log_in(alice).get_page(f"{LOG}?state=failed").text
    with unit_of_work():
        cancel_event(event.id, {"en": "Rain.", "zh": "雨。"}, by=alice)
    page = EVE(app).log_in(alice).get_page(f"{LOG}?state=failed")
    assert "The event is cancelled." in page.text
    assert state_of(message) is MessageState.FAILED


def test_rule_20_nobody_sends_again_what_they_may_not_see(app, booked, elsewhere, alice, sam):
    mine, theirs = spoil(booked, MessageState.FAILED), spoil(elsewhere, MessageState.FAILED)
    browser = EVE(app).log_in(alice)
    page = browser.get_page(LOG)
    form = page.one("form[action*='/again']")
    data = {"csrf_token": form.select_one("input[name=csrf_token]")["value"]}
    path = str(form["action"])
    assert (
        browser.post(path.replace(f"/{mine.id}/", f"/{theirs.id}/"), data=data).status_code == 404
    )
    assert browser.post(path.replace(f"/{mine.id}/", "/99999/"), data=data).status_code == 404
    before = dump()
    assert browser.post(path, data={}).status_code == 303
    assert changed(before, dump()) == {}
    assert state_of(theirs) is MessageState.FAILED


def test_today_leads_to_what_did_not_arrive(app, booked, alice):
    spoil(booked, MessageState.FAILED, "x")
    browser = EVE(app).log_in(alice)
    page = browser.get_page("/en/desk")
    assert page.link("could not be sent") == f"{LOG}?state=trouble"
    with clock.fixed_at(clock.now() + timedelta(days=91)):
        later = EVE(app).log_in(alice).get_page("/en/desk")
        assert "after many tries" not in later.text


# --- words ----------------------------------------------------------------------------------


def test_rule_24_every_kind_has_words_in_every_language(app):
    for language in app.config["LANGUAGE_CODES"]:
        with app.test_request_context(f"/{language}/"):
            assert set(kind_words()) == set(MessageKind)
            grouped = [kind for _title, kinds in kind_groups() for kind in kinds]
            assert sorted(grouped) == sorted(set(MessageKind) - {K.ACCOUNT})


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("SMTPRecipientsRefused: {'bob@example.com': (550, b'5.1.1 x')}", "no such address"),
        ("SMTPRecipientsRefused: {'bob@example.com': (550, b'no')}", "refused the address"),
        ("452 4.2.2 over quota", "mailbox is full"),
        ("ConnectionRefusedError: [Errno 111]", "could not be reached"),
        ("TimeoutError: timed out", "in time"),
        ("the worker stopped each time", "interrupted"),
        ("KeyError: 'bob@example.com'", "(KeyError)"),
        ("bob@example.com said no", "could not be delivered"),
    ],
)
def test_why_a_message_failed_is_said_without_an_address(app, error, words):
    with app.test_request_context("/en/"):
        said = trouble_words(error)
    assert words in said and "bob@" not in said


def test_contacts_are_masked():
    assert masked("mina@example.com") == "m•••@example.com"
    assert masked("+8613812345678") == "•••678"
    assert masked("") == ""


# --- preview --------------------------------------------------------------------------------


def test_every_kind_can_be_looked_at_and_nothing_is_written(app, event, booked, venue, ada):
    make_duty(venue, ada)
    browser = EVE(app).log_in(ada)
    before = dump()
    page = browser.get_page(f"{LOG}/preview")
    links = [str(a["href"]) for a in page.all("main .link-list a")]
    assert len(links) == len(MessageKind) - 1
    shown = 0
    for link in links:
        for language in ("en", "zh"):
            one = browser.get_page(f"{link}?text={language}")
            assert one.has(".letter__plain") or "Nothing to show yet" in one.text, link
            shown += one.has(".letter__plain")
            text = one.one("main").get_text()
            assert ticket_token(booked.code) not in text and booked.code not in text, link
            assert BOB.contact.value not in text and ada.email not in text, link
    assert shown > 60
    assert changed(before, dump()) == {}


def test_rule_24_a_preview_is_real_and_in_the_language_that_is_asked_for(app, booked, alice):
    browser = EVE(app).log_in(alice)
    english = browser.get_page(f"{LOG}/preview/confirmed")
    assert BOB.name in english.text and "Dumplings for all" in english.text
    chinese = browser.get_page(f"{LOG}/preview/confirmed?text=zh")
    assert "一起包饺子" in chinese.one(".letter__subject").get_text()
    assert "frame-src 'self'" in chinese.response.headers["Content-Security-Policy"]
    assert browser.get(f"{LOG}/preview/account").status_code == 404
    assert browser.get(f"{LOG}/preview/nothing").status_code == 404


def test_rule_20_a_preview_shows_no_row_of_another_desk(app, booked, sam):
    browser = EVE(app).log_in(sam)
    for kind in (K.CONFIRMED, K.EVENT_CHANGED, K.DUTY_OFFERED):
        page = browser.get_page(f"{LOG}/preview/{kind.value}")
        assert "Nothing to show yet" in page.text and BOB.name not in page.text


def test_the_html_of_a_mail_may_do_nothing(app, booked, alice):
    """The frame: its own styles, no scripts, no address but ours may show it."""
    browser = EVE(app).log_in(alice)
    page = browser.get_page(f"{LOG}/preview/confirmed")
    answer = browser.get(f"{LOG}/preview/confirmed/html?text=en")
    assert 'sandbox=""' in str(page.one("iframe"))
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy and "default-src 'none'" in policy and "script" not in policy
    assert booked.code not in answer.text and BOB.contact.value not in answer.text
    assert BOB.name in answer.text
    assert browser.get(f"{LOG}/preview/duty_offered/html").status_code == 404


def test_mail_without_html_is_shown_as_its_text():
    mail = EmailMessage()
    mail.set_content("1 < 2 <script>")
    assert "1 &lt; 2 &lt;script&gt;" in html_of(mail)
    mail.add_alternative("<p>rich</p>", subtype="html")
    assert html_of(mail) == "<p>rich</p>\n"
