"""Links in mails that need no log-in: they ask, and only their button changes something."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import AssignmentStatus, MessageChoice, MessageKind
from hub.extensions import db
from hub.integrations.signing import mail_link_token, read_mail_link_token, ticket_token
from hub.models import Assignment, AuditEntry, Message, SignUp, User
from hub.services.accounts import join_sign_ups
from hub.services.assignments import take_off
from hub.services.choices import switched_off
from hub.services.messages import queue_message
from hub.services.privacy import erase_sign_up, erase_user
from hub.transaction import unit_of_work
from hub.web.mail_links import assignment_of, cannot_come_url, switch_of, unsubscribe_url
from tests.factories import make_sign_up, make_user
from tests.people import BOB, CAROL
from tests.service_factories import make_assignment, make_assistant, make_duty
from tests.tables import changed, dump

K = MessageKind
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def nadia(community) -> User:
    return make_assistant("nadia", community)


@pytest.fixture
def assignment(venue, alice, nadia) -> Assignment:
    return make_assignment(make_duty(venue, alice), nadia)


def link(app, message: Message, which=unsubscribe_url) -> str | None:
    with app.test_request_context():
        found = which(message)
    return found and found.removeprefix(app.config["BASE_URL"])


def note(user: User, kind: MessageKind = K.DUTY_OFFERED, subject_id: int = 1) -> Message:
    return Message(kind=kind, user=user, user_id=user.id, subject_id=subject_id, facts={})


def about(booked: SignUp, kind: MessageKind = K.REMINDER_DAY) -> Message:
    return Message(kind=kind, sign_up=booked, sign_up_id=booked.id, facts={})


def test_looking_changes_nothing_the_button_does_and_takes_it_back(app, client, event):
    booked = make_sign_up(event, BOB)
    url = link(app, about(booked))
    before = dump()
    page = client.get_page(url)
    assert changed(before, dump()) == {}
    assert "Reminders" in page.text and "Dumplings" in page.text
    assert BOB.name not in page.text and BOB.contact.value not in page.text
    off = client.follow(client.submit(page, "form[action*='/mail/off/']"))
    assert "switched off" in off.text
    assert db.session.get_one(SignUp, booked.id).reminders_off
    with unit_of_work():
        queue_message(K.REMINDER_DAY, db.session.get_one(SignUp, booked.id))
        queue_message(K.EVENT_CANCELLED, db.session.get_one(SignUp, booked.id))
    kinds = set(db.session.scalars(select(Message.kind)))
    assert K.REMINDER_DAY not in kinds and K.EVENT_CANCELLED in kinds
    client.follow(client.submit(off, "form[action$='/back']"))
    assert not db.session.get_one(SignUp, booked.id).reminders_off


def test_rule_18_such_pages_are_kept_and_found_by_nobody(app, client, event, assignment):
    own = note(assignment.user, K.DUTY_REMINDER_DAY, assignment.duty_id)
    for url in (link(app, about(make_sign_up(event))), link(app, own, cannot_come_url)):
        headers = client.get_page(url).response.headers
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_one_click_needs_neither_token_nor_cookie(app, client, event, nadia):
    """RFC 8058 §3.1: a POST of the mail program, answered without a redirect."""
    booked = make_sign_up(event, BOB)
    for url in (link(app, about(booked)), link(app, note(nadia))):
        for _twice in range(2):
            answer = client.post(url, data=ONE_CLICK)
            assert answer.status_code == 200
    assert db.session.get_one(SignUp, booked.id).reminders_off
    assert switched_off(nadia) == {MessageChoice.OFFERS}
    switched = select(AuditEntry).where(AuditEntry.action == "switch_off")
    lines = db.session.scalars(switched.order_by(AuditEntry.id)).all()
    assert [(e.subject, e.actor_id) for e in lines] == [("sign_up", None), ("user", None)]
    assert client.post("/en/mail/off/forged", data=ONE_CLICK).status_code == 404


def test_a_form_without_its_token_changes_nothing(app, client, event, assignment):
    own = note(assignment.user, K.DUTY_REMINDER_DAY, assignment.duty_id)
    urls = [link(app, about(make_sign_up(event))), link(app, own, cannot_come_url)]
    before = dump()
    for url in (*urls, f"{urls[0]}/back"):
        for data in ({}, {"csrf_token": "x", "reason": "x"}, {"List-Unsubscribe": "no"}):
            assert client.post(url, data=data).status_code == 422
    assert changed(before, dump()) == {}


def test_with_an_account_the_choice_is_that_of_the_account(app, event):
    user = make_user("rita", role=None)
    booked = make_sign_up(event, contact=user.email)
    with unit_of_work():
        join_sign_ups(user)
    url = link(app, about(db.session.get_one(SignUp, booked.id)))
    assert read_mail_link_token(url.rpartition("/")[2]) == f"off:user:{user.id}:reminders"


def test_what_must_come_has_no_link_and_a_link_speaks_the_language_of_its_reader(app, event):
    booked = make_sign_up(event, CAROL)
    for kind in (K.CONFIRMED, K.EVENT_CHANGED, K.EVENT_CANCELLED, K.PROMOTED):
        assert link(app, about(booked, kind)) is None
    account = Message(kind=K.ACCOUNT, address="a@example.com", facts={})
    assert link(app, account) is None and link(app, account, cannot_come_url) is None
    assert link(app, about(booked)).startswith("/zh/mail/off/")
    ticket = f"/zh/tickets/{ticket_token(booked.code)}/cancel"
    for kind in (K.REMINDER_DAY, K.REMINDER_HOURS, K.PROMOTED):
        assert link(app, about(booked, kind), cannot_come_url) == ticket
    assert link(app, about(booked, K.CONFIRMED), cannot_come_url) is None


def test_rule_20_wrong_and_old_links_open_nothing(app, client, event, assignment, alice):
    booked = make_sign_up(event)
    off, no = mail_link_token(f"off:ticket:{booked.code}"), mail_link_token("no:assignment:9999")
    own = mail_link_token(f"no:assignment:{assignment.id}")
    for path in (
        f"/en/mail/off/{off[:-1]}", f"/en/mail/off/{own}", f"/en/mail/no/{off}",
        f"/en/mail/no/{no}", f"/en/mail/off/{ticket_token(booked.code)}", "/en/mail/no/x",
        "/en/mail/off/票", f"/en/mail/off/{mail_link_token('off:user:9999:reminders')}",
    ):  # fmt: skip
        assert client.get(path).status_code == 404, path
        assert client.post(path, data=ONE_CLICK).status_code == 404, path
    for_alice = mail_link_token(f"off:user:{alice.id}:digest")
    assert switch_of(for_alice) is not None and assignment_of(own) is not None
    with unit_of_work():
        erase_user(alice)
        erase_sign_up(booked.id)
    assert client.get(f"/en/mail/off/{off}").status_code == 404
    assert client.get(f"/en/mail/off/{for_alice}").status_code == 404


def test_a_duty_is_given_back_with_a_reason_when_it_is_near(app, client, assignment):
    own = note(assignment.user, K.DUTY_REMINDER_DAY, assignment.duty_id)
    url = link(app, own, cannot_come_url)
    page = client.get_page(url)
    assert "Translation desk" in page.text and "Xixi Road" in page.text
    assert assignment.user.name not in page.text and assignment.user.email not in page.text
    refused = client.submit(page, "form[action*='/mail/no/']", status=422)
    assert "Say why" in refused.text
    done = client.submit(refused, "form[action*='/mail/no/']", reason="I am ill.")
    after = client.follow(done)
    assert "You gave this duty back" in after.text and not after.has("form textarea")
    row = db.session.get_one(Assignment, assignment.id)
    assert (row.status, row.end_reason) == (AssignmentStatus.RELEASED, "I am ill.")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "release")).one()
    assert (entry.actor_id, entry.subject) == (assignment.user_id, "assignment")
    again = client.post(url, data={"reason": "Once more"})
    assert again.status_code == 422
    assert link(app, own, cannot_come_url) is None


def test_a_duty_that_began_or_was_taken_away_says_so(app, client, assignment, alice, now):
    own = note(assignment.user, K.DUTY_REMINDER_HOURS, assignment.duty_id)
    url = link(app, own, cannot_come_url)
    for later in (timedelta(days=1, hours=1), timedelta(days=3)):
        with clock.fixed_at(now + later):
            page = client.get_page(url)
        assert page.has(".notice--warning") and not page.has("form textarea"), later
    with unit_of_work():
        take_off(assignment.id, "Not needed.", by=alice)
    page = client.get_page(url)
    assert page.has(".notice--warning") and not page.has("form textarea")
