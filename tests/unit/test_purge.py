"""``flask hub purge``: what is past its date goes, in small batches; the numbers stay (rule 18)."""

import shutil
from datetime import timedelta

import pytest
from sqlalchemy import event as sqla_event
from sqlalchemy import func, insert, select

from hub import clock
from hub.enums import (
    ContactKind,
    MessageKind,
    MessageState,
    Programme,
    SignUpStatus,
    StaffRole,
)
from hub.extensions import db
from hub.models import (
    Appointment,
    AuditEntry,
    DoorHelper,
    Event,
    Invitation,
    LogIn,
    Message,
    PaperSeen,
    SignUp,
    User,
)
from hub.policies import why_not_send_again
from hub.queries.invariants import violations
from hub.queries.retention import first_ids, past_their_date
from hub.services.accounts import create_user, invite
from hub.services.log_ins import begin_log_in
from hub.services.messages import queue_account_mail, queue_message, queue_note
from hub.services.purge import purge_rows
from hub.services.settings import change_settings
from hub.transaction import unit_of_work
from tests.factories import PASSWORD, make_event, make_sign_up, make_user
from tests.people import BOB
from tests.tables import dump


@pytest.fixture
def purge(app, db_session):
    for folder in ("EVIDENCE_DIR", "MATERIALS_DIR", "SUGGESTIONS_DIR"):
        shutil.rmtree(app.config[folder], ignore_errors=True)  # of other tests

    def run(*options: str) -> list[int]:
        """Run the command; the numbers that it says."""
        db.session.rollback()
        answer = app.test_cli_runner().invoke(args=["hub", "purge", *options])
        assert answer.exit_code == 0, answer.output
        db.session.rollback()
        return [
            int(line.split()[0])
            for line in answer.output.splitlines()
            if line[:8].strip().isdigit()
        ]

    return run


@pytest.fixture
def old(venue, ada, now):
    """Things of a year ago, and the same of today."""
    with clock.fixed_at(now - timedelta(days=365)):
        event = make_event(venue=venue, capacity=3)
        booked = make_sign_up(event, BOB, 2)
        make_sign_up(event, party_size=2)
        with unit_of_work():
            queue_account_mail("bob@example.com", "Welcome", "A link")
            begin_log_in(ada, "Old phone")
            invite(StaffRole.STAFF, by=ada, email="new@example.com")
    fresh = make_sign_up(make_event(venue=venue), BOB)
    with unit_of_work():
        begin_log_in(ada, "New phone")
        invite(StaffRole.STAFF, by=ada, email="newer@example.com")
    return event, booked, fresh


def totals(event: Event) -> list[object]:
    row = db.session.get_one(Event, event.id)
    parties = db.session.execute(
        select(SignUp.status, func.count(), func.sum(SignUp.party_size))
        .group_by(SignUp.status)
        .order_by(SignUp.status)
    ).all()
    return [row.seats_taken, row.parties_waiting, *map(tuple, parties)]


def test_rule_18_purge_deletes_the_people_and_keeps_the_totals(old, purge):
    event, booked, fresh = old
    before = totals(event)
    assert purge() == [3, 2, 1, 1, *(0,) * 9]
    assert totals(event) == before
    gone, stays = db.session.get_one(SignUp, booked.id), db.session.get_one(SignUp, fresh.id)
    assert (gone.name, gone.contact, gone.party_size) == ("", "", 2)
    assert (stays.name, stays.erased_at) == (BOB.name, None)
    assert db.session.scalars(select(LogIn.device)).all() == ["New phone"]
    assert set(db.session.scalars(select(Invitation.email))) == {"", "newer@example.com"}
    assert {m.sign_up_id for m in db.session.scalars(select(Message))} == {fresh.id}
    assert list(violations()) == []


def test_purge_says_what_it_did_on_the_trail_and_does_it_once(old, purge):
    purge()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "purge")).one()
    assert entry.after == {
        "messages": 3,
        "sign_ups": 2,
        "log_ins": 1,
        "invitations": 1,
        "accounts": 0,
        "talk_requests": 0,
        "suggestions": 0,
        "backers": 0,
        "survey_marks": 0,
        "survey_comments": 0,
        "evidence": 0,
        "materials": 0,
        "photos": 0,
    }
    before = dump()
    assert purge() == [0] * 13
    assert dump() == before


def test_dry_run_counts_and_changes_nothing(old, purge):
    before = dump()
    assert purge("--dry-run") == [3, 2, 1, 1, *(0,) * 9]
    assert dump() == before
    assert purge() == [3, 2, 1, 1, *(0,) * 9]


def test_rule_18_purge_keeps_to_the_date_that_the_forms_promise(venue, ada, purge):
    event = make_event(venue=venue)
    make_sign_up(event)
    with unit_of_work():
        change_settings({"retention_days": 30}, by=ada)
    with clock.fixed_at(event.ends_at + timedelta(days=30)):
        assert purge("--dry-run")[1] == 0
    with clock.fixed_at(event.ends_at + timedelta(days=30, seconds=1)):
        assert purge()[1] == 1


def test_purge_of_many_rows_holds_the_lock_for_few_at_a_time(venue, now, purge):
    with clock.fixed_at(now - timedelta(days=365)):
        event = make_event(venue=venue, capacity=2000)
    moment = event.starts_at - timedelta(days=1)
    rows = [
        {
            "event_id": event.id, "code": f"C{i}", "status": SignUpStatus.CONFIRMED,
            "name": "Guest", "contact_kind": ContactKind.EMAIL, "contact": f"g{i}@example.com",
            "contact_key": f"g{i}@example.com", "party_size": 1, "language": "en",
            "created_at": moment, "release_reason": "", "privacy_version": "",
        }
        for i in range(1201)
    ]  # fmt: skip
    with unit_of_work():
        db.session.execute(insert(SignUp), rows)
    commits = []

    def note(connection):
        commits.append(connection)

    sqla_event.listen(db.engine, "commit", note)
    try:
        assert purge()[1] == 1201
    finally:
        sqla_event.remove(db.engine, "commit", note)
    assert len(commits) == 3 + 1  # three batches, and the audit entry
    assert db.session.get_one(Event, event.id).seats_taken == 1201
    assert list(violations()) == []


def test_mails_that_wait_for_ever_are_past_their_date_too(event, now, purge):
    make_sign_up(event, BOB)
    with clock.fixed_at(now + timedelta(days=91)):
        purge()
    assert db.session.scalars(select(Message.state)).all() == [MessageState.DROPPED]


def test_log_in_that_is_still_used_stays(purge, now, db_session):
    user = make_user("bob", role=None)
    with clock.fixed_at(now - timedelta(days=365)), unit_of_work():
        begin_log_in(user, "Phone")
    with unit_of_work():
        db.session.scalars(select(LogIn)).one().seen_at = now
    assert purge() == [0] * 13


# --- accounts that nobody confirmed ------------------------------------------------------------


def unconfirmed(name: str, **more: object) -> User:
    with unit_of_work():
        return create_user(
            email=f"{name}@example.com", name=name, password=PASSWORD, language="en",
            confirmed=False, **more,
        )  # fmt: skip


def test_rule_18_account_that_nobody_confirms_goes_after_thirty_days(db_session, now, purge):
    user = unconfirmed("mallory")
    with unit_of_work():
        queue_account_mail(user.email, "Your account", "A link")
    with clock.fixed_at(now + timedelta(days=30)):
        assert purge("--dry-run")[4] == 0
    with clock.fixed_at(now + timedelta(days=30, seconds=1)):
        assert purge("--dry-run")[4] == 1
        assert purge()[4] == 1
        assert purge()[4] == 0
    gone = db.session.get_one(User, user.id)
    assert (gone.name, gone.active, gone.password) == ("", False, "")
    assert "mallory" not in str(dump())
    assert list(violations()) == []
    unconfirmed("mallory")  # the address is free again


def test_account_that_is_confirmed_or_has_anything_else_stays(event, now, purge):
    make_user("confirmed", role=None)
    unconfirmed("staff", role=StaffRole.STAFF)
    helper, volunteer, asked = (unconfirmed(n) for n in ("helper", "volunteer", "asked"))
    with unit_of_work():
        db.session.add(DoorHelper(event_id=event.id, user_id=helper.id, created_at=now))
        db.session.add(
            Appointment(
                user_id=volunteer.id, programme=Programme.ASSISTANT, created_at=now,
                starts_on=clock.today(), ends_on=clock.today(),
            )
        )  # fmt: skip
        db.session.add(
            PaperSeen(
                user_id=asked.id, paper="passport", seen_on=clock.today(), seen_by_id=volunteer.id
            )
        )
    with clock.fixed_at(now + timedelta(days=365)):
        assert purge()[4] == 0


def test_account_that_is_confirmed_while_the_purge_runs_stays(db_session, now):
    user = unconfirmed("late")
    with clock.fixed_at(now + timedelta(days=31)):
        ids = first_ids(past_their_date()["accounts"], 10)
        assert ids == [user.id]
        with unit_of_work():
            user.confirmed_at = clock.now()
        with unit_of_work():
            assert purge_rows("accounts", ids) == 0
    assert user.name == "late"


def test_rule_18_after_90_days_the_log_says_that_there_was_a_message_and_not_what(
    venue, purge, now
):
    """A message stays as long as its person's data do; one that never left never will."""
    reader = make_user("reader", role=None)
    with clock.fixed_at(now - timedelta(days=91)):
        booked = make_sign_up(make_event(venue=venue, starts_at=now - timedelta(days=2)))
        with unit_of_work():
            queue_note(MessageKind.TERM_ENDING, reader, 1, programme="Assistant")
            queue_message(MessageKind.EVENT_CHANGED, booked, old_start=now.isoformat())
            queue_account_mail(reader.email, "Welcome", "A link")
    with clock.fixed_at(now - timedelta(days=89)), unit_of_work():
        queue_note(MessageKind.TERM_OFFERED, reader, 1, programme="Assistant")
    with unit_of_work():
        failed = db.session.scalars(
            select(Message).where(Message.kind == MessageKind.EVENT_CHANGED)
        ).one()
        failed.state, failed.last_error = MessageState.FAILED, "bob@example.com refused"
    assert purge()[0] == 4
    rows = {m.kind: m for m in db.session.scalars(select(Message))}
    assert set(rows) == {
        *(MessageKind.CONFIRMED, MessageKind.EVENT_CHANGED),
        *(MessageKind.TERM_ENDING, MessageKind.TERM_OFFERED),
    }
    old = [rows[MessageKind.CONFIRMED], rows[MessageKind.EVENT_CHANGED]]
    old.append(rows[MessageKind.TERM_ENDING])
    for message in old:
        said = (message.facts, message.address, message.subject, message.body, message.last_error)
        assert said == ({}, "", "", "", "")
    states = [message.state for message in old]
    assert states == [MessageState.DROPPED, MessageState.FAILED, MessageState.DROPPED]
    assert rows[MessageKind.TERM_OFFERED].facts == {"programme": "Assistant"}
    assert why_not_send_again(rows[MessageKind.EVENT_CHANGED], now) is not None
    assert purge()[0] == 0
    assert list(violations()) == []
