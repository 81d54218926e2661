"""Which messages one gets: the page under "My things", and what it does to the outbox."""

import pytest
from sqlalchemy import select

from hub.enums import MessageChoice, MessageKind
from hub.extensions import db
from hub.models import AuditEntry, Message, SwitchedOff, User
from hub.queries.invariants import violations
from hub.queries.privacy import data_of_user
from hub.services.choices import choose_messages, switch_choice, switched_off
from hub.services.messages import queue_note
from hub.services.privacy import erase_user
from hub.transaction import unit_of_work
from tests.factories import make_user
from tests.people import EVE
from tests.service_factories import make_assistant

C = MessageChoice


@pytest.fixture
def resident(db_session) -> User:
    return make_user("rita", role=None)


def boxes(page) -> dict[str, bool]:
    """The boxes of the page, and whether they are ticked."""
    return {tag["name"]: tag.has_attr("checked") for tag in page.all("input[type=checkbox]")}


def test_only_what_one_can_get_is_asked(app, community, resident, alice):
    assistant = make_assistant("nadia", community)
    shown = {
        user.name: set(boxes(EVE(app).log_in(user).get_page("/en/me/messages")))
        for user in (resident, assistant, alice)
    }
    assert shown["Rita"] == {"reminders", "surveys", "calendar_files"}
    assert shown["Nadia"] == {"reminders", "surveys", "offers", "good_news", "calendar_files"}
    assert shown["Alice"] == {"reminders", "surveys", "digest", "calendar_files"}


def test_rule_23_what_is_switched_off_is_not_queued_and_what_must_come_is(app, community):
    nadia = make_assistant("nadia", community)
    browser = EVE(app).log_in(nadia)
    page = browser.get_page("/en/me/messages")
    assert all(boxes(page).values())
    saved = browser.submit(page, "form[action$='/me/messages']", offers=False)
    after = browser.follow(saved)
    assert "Saved" in after.text
    assert boxes(after)["offers"] is False and boxes(after)["reminders"] is True
    with unit_of_work():
        for kind in (MessageKind.DUTY_OFFERED, MessageKind.DUTY_CANCELLED):
            queue_note(kind, db.session.get_one(User, nadia.id), 1)
    kinds = db.session.scalars(select(Message.kind).where(Message.user_id == nadia.id)).all()
    assert kinds == [MessageKind.DUTY_CANCELLED]


def test_a_choice_stands_on_the_trail_once_and_without_the_person(app, resident):
    for _twice in range(2):
        with unit_of_work():
            choose_messages(resident, {C.CALENDAR_FILES, C.SURVEYS}, by=resident)
    with unit_of_work():
        choose_messages(resident, set(C), by=resident)
    switched = select(AuditEntry).where(AuditEntry.action.like("switch_%"))
    lines = db.session.scalars(switched.order_by(AuditEntry.id)).all()
    assert [(e.action, e.subject_id, e.after) for e in lines] == [
        ("switch_off", resident.id, {"choice": "reminders"}),
        ("switch_on", resident.id, {"choice": "reminders"}),
    ]


def test_what_is_not_asked_keeps_what_was_chosen(community):
    """Whoever switched offers off and has no term now finds them off when they serve again."""
    rita = make_user("rita", role=None)
    with unit_of_work():
        switch_choice(rita, C.OFFERS, on=False, by=rita)
    with unit_of_work():
        choose_messages(rita, set(C), by=rita)
    assert switched_off(rita) == {C.OFFERS}


def test_rule_18_choices_are_in_the_copy_and_go_with_the_account(resident):
    with unit_of_work():
        choose_messages(resident, set(), by=resident)
    tables = {table.name: table.rows for table in data_of_user(resident)}
    assert tables["messages_off"] == [("calendar_files",), ("reminders",), ("surveys",)]
    with unit_of_work():
        erase_user(resident)
    assert db.session.scalars(select(SwitchedOff)).all() == []
    assert list(violations()) == []


def test_the_page_says_what_must_come_and_when_it_is_quiet(app, resident):
    page = EVE(app).log_in(resident).get_page("/en/me/messages")
    for words in ("What always comes", "closed door", "21:00", "08:00", resident.email):
        assert words in page.text
    assert page.response.headers["Cache-Control"] == "private, no-store"
    assert "My messages" in EVE(app).log_in(resident).get_page("/en/me").text
