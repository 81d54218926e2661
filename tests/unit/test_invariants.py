"""``flask hub check``: nothing to say about good data, and a name for each kind of broken row.

What the database refuses is broken here with its guards out of the way, in a transaction that is
rolled back.
"""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from hub import clock
from hub.enums import EventStatus
from hub.extensions import db
from hub.queries.invariants import CHECKS, violations
from hub.services.outbox import claim_message, mark_sent
from hub.services.signups import cancel_sign_up
from hub.transaction import unit_of_work
from tests.factories import make_event, make_sign_up
from tests.people import BOB

Break = Callable[..., set[tuple[str, int]]]


@pytest.fixture
def broken(db_session) -> Iterator[Break]:
    """Run raw statements with no guard in their way; tells what the check finds then."""

    def run(*statements: str) -> set[tuple[str, int]]:
        db.session.rollback()
        lower = _lower_sqlite if db.engine.dialect.name == "sqlite" else _lower_postgres
        lower()
        for statement in statements:
            db.session.execute(text(statement))
        return {(found.rule, found.row_id) for found in violations()}

    yield run
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("PRAGMA ignore_check_constraints = OFF"))
        db.session.rollback()


def _lower_sqlite() -> None:
    db.session.execute(text("PRAGMA ignore_check_constraints = ON"))
    db.session.execute(text("PRAGMA defer_foreign_keys = ON"))
    triggers = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for name in db.session.scalars(triggers).all():
        db.session.execute(text(f"DROP TRIGGER {name}"))
    db.session.execute(text("DROP INDEX uq_sign_ups_live_contact"))


def _lower_postgres() -> None:
    db.session.execute(text("SET LOCAL session_replication_role = replica"))
    checks = text(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint "
        "WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
    )
    for table, name in db.session.execute(checks).all():
        db.session.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    db.session.execute(text("DROP INDEX uq_sign_ups_live_contact"))


def rule(words: str) -> str:
    """The one check whose name contains ``words``."""
    (found,) = [name for name, _table, _query in CHECKS if words in name]
    return found


@pytest.fixture
def ids(venue, alice) -> dict[str, int]:
    """A site with a little of everything, and nothing wrong with it."""
    event = make_event(capacity=3)
    booked = make_sign_up(event, BOB, 2)
    gone = make_sign_up(event)
    with unit_of_work():
        cancel_sign_up(gone.id)
    waiting = make_sign_up(event, party_size=2)
    cancelled = make_event(status=EventStatus.CANCELLED)
    draft = make_event(status=EventStatus.DRAFT)
    past = make_event(starts_at=event.starts_at.replace(month=10))
    make_sign_up(past)
    with unit_of_work():
        mark_sent(claim_message())
    assert list(violations()) == []
    return {
        "event": event.id,
        "booked": booked.id,
        "gone": gone.id,
        "waiting": waiting.id,
        "cancelled": cancelled.id,
        "draft": draft.id,
        "venue": venue.id,
        "community": venue.community_id,
        "alice": alice.roles[0].id,
        "user": alice.id,
    }


SUGGESTION = """
    INSERT INTO suggestions (id, identity, name, contact_kind, contact, privacy_version, category,
      place, original, text_digest, language, photo_public, status, received_on, counted_on,
      reason, referred_to, reference, may_publish, public, moderation)
    VALUES (412000001, 'code', '', 'email', '', '', 'signs', '', 'Signs', 'a', 'en', false,
      'received', '2026-11-23', '2026-11-23', '', '', '', false, false, 'unchecked')
"""
COPY_OF_IT = SUGGESTION.replace("412000001", "412000002").replace("'a'", "'b'")
COPY = """
    INSERT INTO sign_ups (id, event_id, code, status, name, contact_kind, contact, contact_key,
        party_size, language, created_at, release_reason, privacy_version)
    SELECT 9999, event_id, 'COPY', 'waitlisted', name, contact_kind, contact, contact_key,
        2, language, created_at, '', '' FROM sign_ups WHERE id = {booked}
"""
APPOINTMENT = """
    INSERT INTO appointments (id, user_id, programme, starts_on, ends_on, ended_on, created_at,
      accepted_at)
    VALUES ({id}, {{user}}, 'assistant', '{starts}', '{ends}', {ended}, '2026-01-01 00:00:00+00:00',
      '2026-01-01 00:00:00+00:00')
"""
ACTIVITY = (
    "INSERT INTO activities (id, slug, counts, active, position) VALUES (1, 'x', true, true, 0)"
)
DUTY = """
    INSERT INTO duties (id, programme, community_id, venue_id, activity_id, batch, starts_at,
      ends_at, people_needed, people_taken, cancel_reason, created_by_id, created_at)
    SELECT {id}, 'assistant', community_id, venue_id, 1, '', '2026-11-24 02:00:00+00:00',
      '2026-11-24 04:00:00+00:00', 1, {taken}, '', {{user}}, created_at
    FROM events WHERE id = {{event}}
"""
TAUGHT = (
    "INSERT INTO topics (id, slug, position, active, version) VALUES (1, 'x', 0, true, 1)",
    "UPDATE events SET kind = 'training' WHERE id = {event}",
    "INSERT INTO trainings (event_id, unit) VALUES ({event}, 'x')",
)
RESULT = """
    INSERT INTO assessments (id, event_id, user_id, topic_id, language, result, examined_on,
      examiner, note, entered_by_id, created_at)
    VALUES (81, {{event}}, {{user}}, 1, 'en', '{result}', '2026-11-01', 'x', '', {by},
      '2026-11-01 00:00:00+00:00')
"""
QUALIFIED = """
    INSERT INTO qualifications (id, user_id, topic_id, language, valid_from, valid_until,
      revoke_reason, examiner, assessment_id, granted_by_id, created_at)
    VALUES ({id}, {{user}}, 1, 'en', '2026-11-02', '2027-11-01', '', 'x', {passed}, {by},
      '2026-11-02 00:00:00+00:00')
"""
ON_DUTY = """
    INSERT INTO assignments (id, duty_id, user_id, status, created_at, accepted_at, end_reason,
      released_late, override_reason, uid)
    VALUES ({id}, {duty}, {{user}}, 'confirmed', '2026-11-01 00:00:00+00:00', {accepted}, '',
      false, '', '{id}@linqiao.example')
"""
RECORD = """
    INSERT INTO service_records (id, user_id, community_id, activity_id, provenance, status,
      starts_at, ends_at, minutes, place, content, language, organising_unit, entered_by_id,
      created_at, reason, decided_by_id)
    SELECT {id}, {{user}}, community_id, 1, 'declared', '{status}', '2026-11-20 02:00:00+00:00',
      '2026-11-20 04:00:00+00:00', 120, '', '', '', '', {{user}}, created_at, '', {decided}
    FROM events WHERE id = {{event}}
"""
CERTIFICATE = """
    INSERT INTO certificates (id, code, user_id, holder_name, period_from, period_until, minutes,
      status, snapshot, issued_at, issued_by_id, reason)
    VALUES (61, 'ABC', {{user}}, '', '2026-01-01', '2026-12-31', {minutes}, 'issued', '{{{{}}}}',
      '2026-11-21 00:00:00+00:00', {{user}}, '')
"""
COUNTS = "INSERT INTO certificate_records (certificate_id, record_id) VALUES (61, 51)"
ACCEPTED = "'2026-11-01 00:00:00+00:00'"
TALK = """
    INSERT INTO talks (event_id, school, expected, counted_by, note, reach, headcount, reported_at)
    VALUES ({{{event}}}, '', 0, '', '', 'named', {heads}, '{at}')
"""
DAMAGE = {
    "more seats taken than": ("event", ["UPDATE events SET capacity = 1 WHERE id = {event}"]),
    "seats_taken differs": ("event", ["UPDATE events SET seats_taken = 1 WHERE id = {event}"]),
    "parties_waiting differs": (
        "event",
        ["UPDATE events SET parties_waiting = 5 WHERE id = {event}"],
    ),
    "second live sign-up": (
        9999,
        [COPY, "UPDATE events SET parties_waiting = 2 WHERE id = {event}"],
    ),
    "waits although there is room": (
        "waiting",
        ["UPDATE events SET capacity = 4 WHERE id = {event}"],
    ),
    "never published": ("booked", ["UPDATE events SET status = 'draft' WHERE id = {event}"]),
    "cancelled without a date": (
        "gone",
        ["UPDATE sign_ups SET cancelled_at = NULL WHERE id = {gone}"],
    ),
    "ends before it starts": (
        "event",
        ["UPDATE events SET ends_at = starts_at WHERE id = {event}"],
    ),
    "no text in any language": ("draft", ["DELETE FROM event_texts WHERE event_id = {draft}"]),
    "without a reason": (
        "cancelled",
        ["UPDATE event_texts SET cancellation_reason = '' WHERE event_id = {cancelled}"],
    ),
    "without an audit entry": (
        "event",
        ["DELETE FROM audit_entries WHERE subject = 'event' AND subject_id = {event}"],
    ),
    "community that does not exist": (
        "venue",
        ["UPDATE venues SET community_id = 9999 WHERE id = {venue}"],
    ),
    "marked sent without a time": (
        None,
        ["UPDATE messages SET sent_at = NULL WHERE state = 'sent'"],
    ),
    "a message to nobody": (None, ["UPDATE messages SET sign_up_id = NULL"]),
    "words of a mail about an account": (
        None,
        ["UPDATE messages SET body = 'Open this link' WHERE state = 'sent'"],
    ),
    "administrator bound": (
        "alice",
        ["UPDATE memberships SET role = 'admin' WHERE id = {alice}"],
    ),
    "rule 10": (
        102,
        [
            APPOINTMENT.format(id=101, starts="2026-01-01", ends="2026-12-31", ended="NULL"),
            APPOINTMENT.format(id=102, starts="2026-12-31", ends="2027-06-30", ended="NULL"),
        ],
    ),
    "rule 7": (
        41,
        [ACTIVITY, DUTY.format(id=31, taken=1), ON_DUTY.format(id=41, duty=31, accepted="NULL")],
    ),
    "rule 9": (
        42,
        [
            ACTIVITY,
            DUTY.format(id=31, taken=1),
            DUTY.format(id=32, taken=1),
            ON_DUTY.format(id=41, duty=31, accepted=ACCEPTED),
            ON_DUTY.format(id=42, duty=32, accepted=ACCEPTED),
        ],
    ),
    "people_taken differs": (31, [ACTIVITY, DUTY.format(id=31, taken=1)]),
    "decided about oneself": (
        51,
        [ACTIVITY, RECORD.format(id=51, status="approved", decided="{user}")],
    ),
    "two records": (
        52,
        [
            ACTIVITY,
            RECORD.format(id=51, status="submitted", decided="NULL"),
            RECORD.format(id=52, status="submitted", decided="NULL"),
        ],
    ),
    "rule 12": (
        61,
        [
            ACTIVITY,
            RECORD.format(id=51, status="voided", decided="NULL"),
            CERTIFICATE.format(minutes=120),
            COUNTS,
        ],
    ),
    "rule 14": (
        61,
        [
            ACTIVITY,
            RECORD.format(id=51, status="approved", decided="NULL"),
            CERTIFICATE.format(minutes=60),
            COUNTS,
        ],
    ),
    "deleted sign-up": (
        "gone",
        ["UPDATE sign_ups SET erased_at = cancelled_at WHERE id = {gone}"],
    ),
    "deleted account": (
        "user",
        ["UPDATE users SET erased_at = created_at WHERE id = {user}"],
    ),
    "deleted request for a talk": (
        88,
        [
            "INSERT INTO talk_requests (id, code, status, organisation, name, contact_kind, "
            "contact, people, wishes, languages, language, privacy_version, created_at, erased_at) "
            "VALUES (88, 'X', 'declined', '', 'Bob', 'email', '', 9, '', '', 'en', '1', "
            "'2026-11-23 04:00:00+00:00', '2026-11-23 04:00:00+00:00')"
        ],
    ),
    "its own person entered": (81, [*TAUGHT, RESULT.format(result="passed", by="{user}")]),
    "its own person granted": (82, [*TAUGHT, QUALIFIED.format(id=82, by="{user}", passed="NULL")]),
    "without the assessment": (
        82,
        [
            *TAUGHT,
            RESULT.format(result="failed", by=9999),
            QUALIFIED.format(id=82, by=9999, passed=81),
        ],
    ),
    "on one day": (
        83,
        [
            *TAUGHT,
            QUALIFIED.format(id=82, by=9999, passed="NULL"),
            QUALIFIED.format(id=83, by=9999, passed="NULL").replace("'2026-11-02'", "'2027-01-02'"),
        ],
    ),
    "no training": (
        84,
        [
            "INSERT INTO study_records (id, event_id, user_id, studied_on, minutes, created_at) "
            "VALUES (84, {event}, {user}, '2026-11-01', 60, '2026-11-01 00:00:00+00:00')"
        ],
    ),
    "days away": (
        "user",
        [
            "UPDATE users SET erased_at = created_at WHERE id = {user}",
            "INSERT INTO absences (id, user_id, starts_on, ends_on) "
            "VALUES (85, {user}, '2026-11-24', '2026-11-24')",
        ],
    ),
    "reported before it began": (
        "event",
        [TALK.format(event="event", heads="NULL", at="2026-11-01 00:00:00+00:00")],
    ),
    "both the names and the heads": (
        "event",
        [TALK.format(event="event", heads="5", at="2026-11-30 00:00:00+00:00")],
    ),
    "neither done nor missing": (
        41,
        [
            ACTIVITY,
            DUTY.format(id=31, taken=1),
            "UPDATE duties SET programme = 'lecturer', event_id = {event} WHERE id = 31",
            ON_DUTY.format(id=41, duty=31, accepted=ACCEPTED),
            TALK.format(event="event", heads="NULL", at="2026-11-30 00:00:00+00:00"),
        ],
    ),
    "measured minutes": (
        51,
        [
            ACTIVITY,
            DUTY.format(id=31, taken=1),
            ON_DUTY.format(id=41, duty=31, accepted=ACCEPTED),
            RECORD.format(id=51, status="submitted", decided="NULL"),
            "UPDATE service_records SET provenance = 'measured', assignment_id = 41 WHERE id = 51",
        ],
    ),
    "concluded without a response": (
        412_000_001,
        [
            SUGGESTION,
            "UPDATE suggestions SET status = 'done', concluded_on = '2026-11-23' "
            "WHERE id = 412000001",
        ],
    ),
    "shown to all that was handed over": (
        412_000_001,
        [SUGGESTION, "UPDATE suggestions SET public = true WHERE id = 412000001"],
    ),
    "still holds something of its submitter": (
        412_000_001,
        [SUGGESTION, "UPDATE suggestions SET erased_on = '2026-11-23', name = 'Mina'"],
    ),
    "suggestions of somebody deleted": (
        "user",
        [
            SUGGESTION,
            "UPDATE suggestions SET user_id = {user}",
            "UPDATE users SET erased_at = created_at WHERE id = {user}",
        ],
    ),
    "joined with one that is joined itself": (
        412_000_001,
        [
            SUGGESTION,
            COPY_OF_IT,
            "UPDATE suggestions SET status = 'duplicate', duplicate_of_id = 412000002",
        ],
    ),
    "response by who made the suggestion": (
        91,
        [
            SUGGESTION,
            "UPDATE suggestions SET user_id = {user}",
            "INSERT INTO suggestion_responses (id, suggestion_id, version, outcome, reason, "
            "written_by_id, published_by_id, published_at) VALUES (91, 412000001, 1, 'adopted', "
            "'', {user}, {user}, '2026-11-23 00:00:00+00:00')",
        ],
    ),
    "consent of nobody": (
        77,
        [
            "INSERT INTO consents (id, user_id, purpose, given, version, language, text, at) "
            "VALUES (77, 9999, 'photo', true, '1', 'en', 'x', '2026-11-23 04:00:00+00:00')"
        ],
    ),
    "more people have answered": (
        "event",
        ["INSERT INTO survey_spent (digest, event_id) VALUES ('aa', {event})"],
    ),
    "fewer than five answers are shown": (
        "event",
        [
            "INSERT INTO survey_answers (id, event_id, language, enjoyed, understood, again, shown)"
            " VALUES ('aa', {event}, 'en', 5, 3, 3, true)"
        ],
    ),
}


@pytest.mark.parametrize("words", DAMAGE)
def test_each_kind_of_broken_row_is_named(ids, broken, words):
    who, statements = DAMAGE[words]
    found = broken(*(s.format(**ids) for s in statements))
    named = {row_id for name, row_id in found if name == rule(words)}
    assert named if who is None else (ids.get(who, who) in named)


def test_every_check_is_tried():
    assert {rule(words) for words in DAMAGE} == {name for name, _table, _query in CHECKS}


def test_date_on_a_sign_up_that_is_not_cancelled_is_named(ids, broken):
    found = broken(f"UPDATE sign_ups SET cancelled_at = created_at WHERE id = {ids['booked']}")
    assert found == {(rule("cancelled without a date"), ids["booked"])}


@pytest.mark.parametrize(
    ("ended", "starts"), [("'2026-06-30'", "2026-07-01"), ("'2025-12-31'", "2026-01-01")]
)
def test_rule_10_appointment_after_an_early_end_breaks_no_rule(ids, broken, ended, starts):
    first = APPOINTMENT.format(id=101, starts="2026-01-01", ends="2026-12-31", ended=ended)
    second = APPOINTMENT.format(id=102, starts=starts, ends="2027-12-31", ended="NULL")
    assert broken(first.format(**ids), second.format(**ids)) == set()


def test_empty_database_breaks_no_rule(db_session):
    assert list(violations()) == []


def test_party_that_waits_for_a_past_event_breaks_no_rule(venue):
    event = make_event(capacity=1)
    booked = make_sign_up(event)
    make_sign_up(event)
    with clock.fixed_at(event.starts_at):
        with unit_of_work():
            cancel_sign_up(booked.id)
        assert list(violations()) == []


def test_violation_reads_as_a_line(ids, broken):
    broken(f"UPDATE events SET capacity = 1 WHERE id = {ids['event']}")
    assert [str(v) for v in violations()] == [
        f"events {ids['event']}: rule 1: more seats taken than the capacity"
    ]
