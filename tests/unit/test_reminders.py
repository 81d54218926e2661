"""Reminders (rule 23): who is reminded when, once, and not of what they were just told."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import select, text

from hub import clock
from hub.enums import AssignmentStatus, MessageChoice, MessageKind, SignUpStatus
from hub.extensions import db
from hub.models import Event, Message, SignUp, SwitchedOff
from hub.policies import remind_at
from hub.queries.still_true import still_true
from hub.services.event_data import data_of
from hub.services.events import cancel_event, update_event
from hub.services.signups import cancel_sign_up
from hub.transaction import unit_of_work
from hub.web.worker import queue_reminders
from tests.factories import local, make_event, make_sign_up, make_user
from tests.people import BOB, CAROL, DMITRI
from tests.service_factories import make_assignment, make_duty

DAY, HOURS = MessageKind.REMINDER_DAY, MessageKind.REMINDER_HOURS
DUTY_DAY, DUTY_HOURS = MessageKind.DUTY_REMINDER_DAY, MessageKind.DUTY_REMINDER_HOURS
REMINDERS = (DAY, HOURS, DUTY_DAY, DUTY_HOURS)


def reminders() -> list[Message]:
    query = select(Message).where(Message.kind.in_(REMINDERS)).order_by(Message.id)
    return list(db.session.scalars(query))


def look(when: str | datetime) -> list[tuple[MessageKind, str]]:
    """The worker looks at that time in Hangzhou: what is queued then, and when it leaves."""
    moment = local(when) if isinstance(when, str) else when
    db.session.rollback()
    before = {message.id for message in reminders()}
    db.session.rollback()
    with clock.fixed_at(moment):
        queue_reminders()
    return [
        (m.kind, f"{clock.to_local(m.due_at):%d %H:%M}") for m in reminders() if m.id not in before
    ]


def follow(first: str, last: str, minutes: int = 15) -> list[tuple[MessageKind, str]]:
    """The worker looks again and again between the two: all that it queues, and when it leaves."""
    moment, found = local(first), []
    while moment <= local(last):
        found += look(moment)
        moment += timedelta(minutes=minutes)
    return found


def move(event: Event, start: str, when: str | None = None) -> None:
    staff = make_user()
    data = data_of(db.session.get_one(Event, event.id))
    moved = replace(data, starts_at=local(start), ends_at=local(start) + timedelta(hours=2))
    with clock.fixed_at(local(when) if when else clock.now()), unit_of_work():
        update_event(event.id, moved, by=staff)


@pytest.mark.parametrize(
    ("start", "day", "hours"),
    [
        ("2026-11-26 07:30", "25 08:00", None),  # 05:30 is night, 08:00 would be after it
        ("2026-11-26 08:15", "25 08:15", None),  # 08:00 is a quarter of an hour before: no use
        ("2026-11-26 08:30", "25 08:30", "26 08:00"),
        ("2026-11-26 09:00", "25 09:00", "26 08:00"),
        ("2026-11-26 10:00", "25 10:00", "26 08:00"),
        ("2026-11-26 14:00", "25 14:00", "26 12:00"),
        ("2026-11-26 22:00", "26 08:00", "26 20:00"),
        ("2026-11-26 23:30", "26 08:00", None),
        ("2026-11-26 00:30", "25 08:00", None),
    ],
)
def test_rule_23_nobody_is_reminded_at_night(venue, start, day, hours):
    make_sign_up(make_event(venue=venue, starts_at=local(start)), BOB)
    assert follow("2026-11-24 12:00", "2026-11-27 12:00") == [
        (kind, leaves) for kind, leaves in ((DAY, day), (HOURS, hours)) if leaves is not None
    ]


def test_moment_of_reminding_is_exact():
    start = local("2026-11-26 09:00")
    assert remind_at(start, timedelta(hours=24)) == local("2026-11-25 09:00")
    assert remind_at(start, timedelta(hours=2)) == local("2026-11-26 08:00")
    assert remind_at(local("2026-11-26 08:29"), timedelta(hours=2)) is None


def test_rule_23_reminder_comes_when_a_day_is_left_and_once(event, venue):
    make_sign_up(event, BOB)  # at noon, for tomorrow 14:00
    assert look("2026-11-23 13:59") == []
    assert look("2026-11-23 14:00") == [(DAY, "23 14:00")]
    assert follow("2026-11-23 14:00", "2026-11-24 11:45") == []
    assert look("2026-11-24 12:00") == [(HOURS, "24 12:00")]
    assert follow("2026-11-24 12:00", "2026-11-25 12:00") == []
    first = reminders()[0]
    assert first.once == f"reminder_day:sign_up:{first.sign_up_id}:20261124T0600"


def test_rule_23_reminder_is_only_for_who_signed_up_before_it(event):
    with clock.fixed_at(local("2026-11-24 10:59")):
        make_sign_up(event, BOB)
    with clock.fixed_at(local("2026-11-24 12:01")):
        make_sign_up(event, CAROL)
    assert follow("2026-11-24 11:00", "2026-11-24 14:00") == [(HOURS, "24 12:00")]


def test_rule_23_who_moved_up_late_is_not_reminded_of_the_day(venue):
    event = make_event(venue=venue, capacity=1)
    booked, waiting = make_sign_up(event, BOB), make_sign_up(event, CAROL)
    with clock.fixed_at(local("2026-11-24 08:00")), unit_of_work():
        cancel_sign_up(booked.id)
    assert db.session.get_one(SignUp, waiting.id).status is SignUpStatus.CONFIRMED
    assert look("2026-11-24 09:00") == []
    assert look("2026-11-24 12:30") == [(HOURS, "24 12:30")]


def test_rule_23_only_who_has_a_place_and_an_address_and_wants_it(venue):
    event = make_event(venue=venue, capacity=4)
    make_sign_up(event, DMITRI)
    gone, quiet, switched, booked = (make_sign_up(event) for _ in range(4))
    waiting = make_sign_up(event)
    user = make_user(role=None)
    with unit_of_work():
        cancel_sign_up(gone.id)  # the first who waits moves up
        db.session.get_one(SignUp, quiet.id).reminders_off = True
        db.session.get_one(SignUp, switched.id).user_id = user.id
        db.session.add(SwitchedOff(user_id=user.id, choice=MessageChoice.REMINDERS))
    last = make_sign_up(event)
    assert look("2026-11-23 14:00")
    assert {m.sign_up_id for m in reminders()} <= {booked.id, waiting.id}
    assert last.id not in {m.sign_up_id for m in reminders()}


def test_reminders_of_events_that_are_off_or_drafts_are_not_queued(event, alice):
    make_sign_up(event, BOB)
    with unit_of_work():
        cancel_event(event.id, {"en": "Rain."}, by=alice)
    assert follow("2026-11-23 14:00", "2026-11-24 14:00", 60) == []


def test_worker_that_was_away_reminds_late_but_not_twice_in_a_row(event):
    make_sign_up(event, BOB)
    assert look("2026-11-24 12:10") == [(HOURS, "24 12:10")]
    assert look("2026-11-24 12:11") == []


def test_worker_that_comes_back_by_night_lets_people_sleep(venue):
    make_sign_up(make_event(venue=venue, starts_at=local("2026-11-25 19:00")), BOB)
    make_sign_up(make_event(venue=venue, starts_at=local("2026-11-25 10:00")), CAROL)
    assert follow("2026-11-24 21:00", "2026-11-25 07:45") == []
    assert look("2026-11-25 08:00") == [(HOURS, "25 08:00"), (DAY, "25 08:00")]
    assert [m.sign_up.name for m in reminders()] == [CAROL.name, BOB.name]


def test_moved_event_is_reminded_anew_for_its_new_time(event):
    make_sign_up(event, BOB)
    assert look("2026-11-23 14:00") == [(DAY, "23 14:00")]
    move(event, "2026-11-28 14:00", "2026-11-23 15:00")
    assert follow("2026-11-24 00:00", "2026-11-28 14:00", 60) == [
        (DAY, "27 14:00"),
        (HOURS, "28 12:00"),
    ]


@pytest.mark.parametrize("start", ["2026-11-24 14:30", "2026-11-24 20:00", "2026-11-24 13:00"])
def test_small_shift_is_told_once_and_not_reminded_again(event, start):
    make_sign_up(event, BOB)
    assert look("2026-11-23 14:00") == [(DAY, "23 14:00")]
    move(event, start, "2026-11-23 14:05")
    assert look("2026-11-23 20:30") == []
    assert [kind for kind, _ in follow("2026-11-24 08:00", start)] == [HOURS]


def test_who_is_told_of_a_near_time_is_not_reminded_of_the_day(venue):
    event = make_event(venue=venue, starts_at=local("2026-11-29 14:00"))
    make_sign_up(event, BOB)
    move(event, "2026-11-24 10:00")  # in 22 hours: the mail about the move says it
    assert follow("2026-11-23 12:00", "2026-11-24 10:00") == [(HOURS, "24 08:00")]


def test_moving_there_and_back_is_no_obstacle(event):
    make_sign_up(event, BOB)
    assert look("2026-11-23 14:00") == [(DAY, "23 14:00")]
    move(event, "2026-11-30 14:00", "2026-11-23 15:00")
    move(event, "2026-11-24 14:00", "2026-11-23 16:00")
    assert look("2026-11-23 17:00") == []
    assert look("2026-11-24 12:00") == [(HOURS, "24 12:00")]


def test_people_on_duty_are_reminded_too(venue, alice):
    duty = make_duty(venue, alice, people=3)
    asked = make_assignment(duty, make_user("ann", role=None), AssignmentStatus.OFFERED)
    there = make_assignment(duty, make_user("ben", role=None))
    assert look("2026-11-23 12:00") == [(DUTY_DAY, "23 12:00")]
    assert look("2026-11-24 10:00") == [(DUTY_HOURS, "24 10:00")]
    assert look("2026-11-24 10:01") == []
    (first, _second) = reminders()
    assert (first.user_id, first.subject_id) == (there.user_id, duty.id)
    assert first.facts["starts_at"] == duty.starts_at.isoformat()
    assert first.facts["title"] == "Translation desk"
    assert asked.user_id not in {m.user_id for m in reminders()}


def test_more_people_than_fit_one_transaction(venue):
    event = make_event(venue=venue, capacity=500)
    one = make_sign_up(event)
    with unit_of_work():
        columns = "event_id, status, contact_kind, party_size, language, created_at, name"
        db.session.execute(
            text(
                f"INSERT INTO sign_ups (code, contact, contact_key, release_reason, "
                f"privacy_version, {columns}) "
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400) "
                "SELECT 'X' || i, 'x' || i || '@example.com', 'x' || i || '@example.com', '', '', "
                f"{columns} FROM sign_ups, n WHERE sign_ups.id = :one"
            ),
            {"one": one.id},
        )
    assert len(look("2026-11-23 14:00")) == 401
    assert look("2026-11-23 14:01") == []


# --- when its turn comes -------------------------------------------------------------------


def reminder_of(event: Event, person=BOB) -> Message:
    make_sign_up(event, person)
    look("2026-11-23 14:00")
    return reminders()[-1]


def test_reminder_that_is_true_leaves(event):
    assert still_true(reminder_of(event))


def test_reminder_of_another_start_or_of_the_past_is_not_true(event):
    message = reminder_of(event)
    with clock.fixed_at(local("2026-11-24 14:00")):
        assert not still_true(message)
    move(event, "2026-11-24 15:00")
    assert not still_true(reminders()[-1])


def test_reminder_of_who_does_not_come_is_not_true(event):
    message = reminder_of(event)
    with unit_of_work():
        db.session.get_one(SignUp, message.sign_up_id).status = SignUpStatus.CANCELLED
    assert not still_true(reminders()[-1])


def test_news_of_a_place_that_was_given_back_are_not_true(event, alice):
    booked = make_sign_up(event, BOB)
    with unit_of_work():
        cancel_sign_up(booked.id)
    by_kind = {m.kind: still_true(m) for m in db.session.scalars(select(Message))}
    assert by_kind == {MessageKind.CONFIRMED: False, MessageKind.WITHDRAWN: True}


def test_duty_mails_are_true_as_long_as_the_duty_stands(venue, alice):
    duty = make_duty(venue, alice)
    there = make_assignment(duty, make_user("ben", role=None))
    look("2026-11-23 12:00")
    assert still_true(reminders()[0])
    with unit_of_work():
        db.session.merge(there).status = AssignmentStatus.RELEASED
    assert not still_true(reminders()[0])


# --- the database's work -------------------------------------------------------------------


def test_looking_for_reminders_scans_no_sign_ups_of_all_time(venue):
    make_sign_up(make_event(venue=venue), BOB)
    asked: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    sql_event.listen(db.engine, "before_cursor_execute", note)
    look("2026-11-23 14:00")
    look("2026-11-24 12:00")
    sql_event.remove(db.engine, "before_cursor_execute", note)
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL plans by the size of tables, which are empty here
    plans = []
    for statement, parameters in asked:
        rows = db.session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}", parameters
        )
        plans += [(row[3], statement) for row in rows]
    big = ("sign_ups", "messages", "assignments", "duties", "events")
    scans = [p for p in plans if p[0].startswith("SCAN") and p[0].split()[1] in big]
    # the test's own look at the messages is one
    assert not [p for p in scans if "messages.kind IN" not in p[1] or "sign_ups" in p[0]]
    assert any("ix_sign_ups_event_id_status" in p[0] for p in plans)
    assert any("ix_events_public" in p[0] for p in plans)
    assert any("ix_messages_sign_up_id" in p[0] for p in plans)
