"""The staff's digest: each working morning, to whoever has a desk, if something waits there."""

from datetime import date, timedelta

import pytest
from flask import g
from sqlalchemy import select

from hub import clock
from hub.enums import EventKind, MessageChoice, MessageKind, MessageState, SuggestionStatus
from hub.extensions import db
from hub.models import Message, SwitchedOff, User
from hub.queries.digest import digest_of
from hub.queries.still_true import still_true
from hub.queries.suggestions import WaitingSuggestions
from hub.services.digests import queue_digests
from hub.transaction import unit_of_work
from hub.web.mails import write_mail
from hub.web.worker import send_due_messages
from tests.factories import local, make_event, make_sign_up, make_user
from tests.service_factories import make_application, make_duty, make_record
from tests.voice_factories import make_suggestion

MONDAY = "2026-11-30 08:00"


def digests(when: str) -> list[Message]:
    """Those queued by a worker that looks at that time."""
    with clock.fixed_at(local(when)), unit_of_work():
        queue_digests()
    query = select(Message).where(Message.kind == MessageKind.DIGEST).order_by(Message.id)
    return list(db.session.scalars(query))


@pytest.fixture
def desk(venue, alice) -> User:
    """Something of each kind waits for alice on Monday the 30th."""
    make_event(venue=venue, title="Noodle night", starts_at=local("2026-11-30 19:00"))
    make_event(venue=venue, kind=EventKind.LAW_TALK, starts_at=local("2026-12-03 19:00"))
    make_duty(venue, alice, starts_at=local("2026-12-02 10:00"))
    helper = make_user("ben", role=None)
    make_record(helper, venue.community, starts_at=local("2026-11-20 10:00"))
    make_application(helper, community=venue.community)
    with clock.fixed_at(local("2026-11-27 10:00")):
        make_suggestion(community=venue.community)
    booked = make_sign_up(make_event(venue=venue))
    with unit_of_work():
        for message in db.session.scalars(select(Message)):
            message.state = MessageState.SENT
            if message.sign_up_id == booked.id:
                message.state = MessageState.BOUNCED
            else:
                message.sent_at = clock.now()
    return alice


@pytest.mark.parametrize(
    ("when", "number"),
    [
        ("2026-11-30 07:59", 0),
        ("2026-11-30 08:00", 1),
        ("2026-11-30 11:59", 1),
        ("2026-11-30 12:00", 0),  # past noon no digest any more
        ("2026-11-29 08:00", 0),  # a Sunday
        ("2026-10-01 09:00", 0),  # the National Day
        ("2026-10-10 09:00", 1),  # a Saturday that is worked instead
        ("2026-09-01 09:00", 0),  # an hour before the account is made
    ],
)
def test_digest_is_queued_on_working_mornings(db_session, when, number):
    with clock.fixed_at(local("2026-09-01 10:00")):
        user = make_user("old")
    assert len([m for m in digests(when) if m.user_id == user.id]) == number


def test_rule_23_digest_is_queued_once_a_day(alice):
    for when in (MONDAY, MONDAY, "2026-11-30 11:00", "2026-12-01 09:00"):
        found = [m.once for m in digests(when) if m.user_id == alice.id]
    assert found == [f"digest:{alice.id}:20261130", f"digest:{alice.id}:20261201"]


def test_digest_is_for_who_has_a_desk_and_wants_it(alice, sue, community):
    make_user("nadia", role=None)
    with unit_of_work():
        db.session.add(SwitchedOff(user_id=sue.id, choice=MessageChoice.DIGEST))
    readers = {m.user_id for m in digests(MONDAY)}
    assert alice.id in readers
    staff = {user.id for user in db.session.scalars(select(User)) if user.roles}
    assert readers == staff - {sue.id}


def test_digest_tells_what_waits(desk):
    with clock.fixed_at(local(MONDAY)):
        found = digest_of(desk)
    assert [event.title for event in found.events] == ["Noodle night"]
    assert (found.records.number, found.records.overdue) == (1, 0)
    assert (found.applications, found.talks, found.duties) == (1, 1, 1)
    assert (found.outbox.failed, found.outbox.bounced) == (0, 1)
    assert found.suggestions == WaitingSuggestions(1, 0, date(2026, 12, 2))


def test_rule_15_digest_tells_of_overdue_suggestions_also_of_others(alice, community, sue):
    assert digest_of(alice).is_empty
    make_suggestion(
        community=community, status=SuggestionStatus.TRIAGED, owner=sue, due_on=date(2026, 11, 2)
    )
    found = digest_of(alice)
    assert found.suggestions == WaitingSuggestions(0, 1, None)
    assert not found.is_empty


@pytest.mark.parametrize("language", ["en", "zh"])
def test_rule_24_digest_is_written_in_the_language_of_its_reader(app, desk, language):
    with unit_of_work():
        db.session.get_one(User, desk.id).language = language
    (message,) = [m for m in digests(MONDAY) if m.user_id == desk.id]
    with app.test_request_context(), clock.fixed_at(local(MONDAY)):
        mail = write_mail(message)
    part = mail.get_body(("plain",))
    assert part is not None
    body = part.get_content()
    assert f"http://hub.test/{language}/desk" in body
    if language == "en":
        assert mail["Subject"] == "Your desk today, Mon 30 Nov"
        for words in (
            "19:00 Noodle night · Neighbours' Hall · 0 of 10 places taken",
            "1 service record waits for approval\n  The most urgent one is due by Fri 4 Dec.",
            "1 application waits for you",
            "1 talk of the next two weeks lacks a lecturer",
            "1 duty of the next week misses people",
            "1 mail came back",
            "1 suggestion waits for you\n  The most urgent one is due by Wed 2 Dec.",
        ):
            assert words in body


def test_rule_23_digest_without_anything_is_dropped(app, alice, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "SMTP_URL", f"maildir://{tmp_path}")
    digests(MONDAY)
    with app.test_request_context(), clock.fixed_at(local(MONDAY)):
        assert send_due_messages() == (0, 0)
    assert {m.state for m in db.session.scalars(select(Message))} == {MessageState.DROPPED}


def test_digest_that_comes_late_is_not_true_any_more(desk):
    (message,) = [m for m in digests(MONDAY) if m.user_id == desk.id]
    for hours, true in ((0, True), (3, True), (4, False), (24, False)):
        with clock.fixed_at(local(MONDAY) + timedelta(hours=hours)):
            assert still_true(message) is true
    assert g.lang == "en"
