"""Service records: written, sent, corrected, removed (rules 5, 8, 11, 12, 18)."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import current_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from hub import clock
from hub.enums import CLAIMING, AssignmentStatus, Provenance, RecordStatus
from hub.exceptions import HubError, InvalidInput, NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.integrations.pictures import Picture
from hub.models import Activity, AuditEntry, EvidenceFile, ServiceRecord, User
from hub.queries.invariants import violations
from hub.queries.privacy import data_of_user
from hub.queries.records import hours_of
from hub.services.activities import DEFAULTS, ActivityData, save_activity, seed_activities
from hub.services.evidence import remove_orphans
from hub.services.privacy import erase_user
from hub.services.record_checks import RecordData
from hub.services.record_decisions import (
    approve_record,
    reject_record,
    return_record,
    void_record,
)
from hub.services.record_removal import delete_draft
from hub.services.records import (
    correct_record,
    data_of,
    edit_record,
    log_record,
    record_measured,
)
from hub.transaction import unit_of_work
from tests.factories import local, make_event, make_user
from tests.service_factories import (
    make_activity,
    make_appointment,
    make_assignment,
    make_assistant,
    make_duty,
    make_record,
)
from tests.tables import dump

PICTURE = Picture(b"\xff\xd8 a picture", "photo.jpg")


@pytest.fixture
def nadia(community) -> User:
    return make_assistant("nadia", community)


@pytest.fixture
def data(community) -> RecordData:
    """Yesterday 14:00–16:30, as typed."""
    return RecordData(
        activity_id=make_activity().id,
        community_id=community.id,
        starts_at=local("2026-11-22 14:00"),
        ends_at=local("2026-11-22 16:30"),
        content="Explained a tenancy contract.",
        people_served=3,
        language="fr",
    )


def log(user: User, data: RecordData, *, by: User | None = None, send: bool = True, **more):
    with unit_of_work():
        return log_record(user, data, by=by or user, send=send, **more)


def status_of(record: ServiceRecord) -> RecordStatus:
    db.session.refresh(record)
    return record.status


# --- writing ------------------------------------------------------------------------------------


def test_record_keeps_all_that_the_decree_asks(nadia, data, community):
    record = log(nadia, data)
    assert (record.status, record.provenance) == (RecordStatus.SUBMITTED, Provenance.DECLARED)
    assert (record.minutes, record.people_served, record.language) == (150, 3, "fr")
    assert (record.place, record.organising_unit) == ("和院社区", "杭州市西湖区留下街道办事处")
    assert record.submitted_at == clock.now() and record.entered_by_id == nadia.id
    assert list(violations()) == []


def test_record_of_an_event_is_at_its_venue(nadia, data, venue):
    event = make_event(venue=venue, starts_at=local("2026-11-22 14:00"))
    assert log(nadia, replace(data, event_id=event.id)).place == "邻里中心"


def test_rule_11_what_staff_enter_says_so(nadia, data, alice):
    record = log(nadia, data, by=alice, send=False)
    assert (record.status, record.provenance) == (RecordStatus.SUBMITTED, Provenance.BACK_ENTERED)
    assert record.entered_by_id == alice.id


def test_draft_claims_nothing_and_needs_no_words(nadia, data):
    log(nadia, data)
    draft = log(nadia, replace(data, content=""), send=False)
    assert draft.status is RecordStatus.DRAFT and draft.submitted_at is None
    with pytest.raises(InvalidInput) as refused, unit_of_work():
        edit_record(draft.id, data, by=nadia, send=True)
    assert "2026-11-22 14:00–16:30, Translation" in str(refused.value.message)


BAD = {
    "ends before it begins": ({"ends_at": local("2026-11-22 13:00")}, "ends", "midnight"),
    "lasts no minute": ({"ends_at": local("2026-11-22 14:00")}, "ends", "after the start"),
    "goes past midnight": ({"ends_at": local("2026-11-23 00:30")}, "ends", "second record"),
    "25 hours": ({"ends_at": local("2026-11-23 15:00")}, "ends", "one day"),
    "tomorrow": (
        {"starts_at": local("2026-11-24 09:00"), "ends_at": local("2026-11-24 10:00")},
        "day",
        "future",
    ),
    "still going on": (
        {"starts_at": local("2026-11-23 11:00"), "ends_at": local("2026-11-23 12:01")},
        "ends",
        "future",
    ),
    "half a minute": ({"ends_at": local("2026-11-22 16:30:30")}, "starts", "minutes"),
    "before the term": (
        {"starts_at": local("2026-10-01 09:00"), "ends_at": local("2026-10-01 10:00")},
        "day",
        "2026-10-01",
    ),
    "no such activity": ({"activity_id": 99}, "activity_id", "list"),
    "no such community": ({"community_id": 99}, "community_id", "list"),
    "no such event": ({"event_id": 99}, "event_id", "community"),
    "no such language": ({"language": "tlh"}, "language", "list"),
    "fewer than nobody": ({"people_served": -1}, "people_served", "10,000"),
    "more than the city": ({"people_served": 10_001}, "people_served", "10,000"),
    "nothing was done": ({"content": "  "}, "content", "what was done"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_rule_11_bad_record_is_refused_with_words_and_changes_nothing(nadia, data, what):
    changes, field, words = BAD[what]
    before = dump()
    with pytest.raises(InvalidInput) as refused:
        log(nadia, replace(data, **changes))
    assert refused.value.field == field and words in str(refused.value.message)
    assert dump() == before


def test_rule_11_training_and_paid_time_never_count(nadia, data):
    with unit_of_work():
        assert seed_activities() == 0  # there is one already
    for slug in ("training", "paid"):
        activity = make_activity(slug, counts=False)
        with pytest.raises(InvalidInput) as refused:
            log(nadia, replace(data, activity_id=activity.id))
        assert "Decree 67" in str(refused.value.message)


def test_activity_out_of_use_is_not_chosen_but_may_stay(nadia, data, sue):
    draft = log(nadia, data, send=False)
    activity = db.session.get_one(Activity, data.activity_id)
    with unit_of_work():
        save_activity(activity, ActivityData({"en": "Translation"}, active=False), by=sue)
    with pytest.raises(InvalidInput):
        log(nadia, data)
    with unit_of_work():
        edit_record(draft.id, data, by=nadia, send=True)
    assert status_of(draft) is RecordStatus.SUBMITTED


def test_rule_08_term_must_hold_on_the_day(community, data, now):
    today = clock.today()
    past = make_assistant("past", community, ends_on=today - timedelta(days=2))
    offered = make_user("offered", role=None)
    make_appointment(offered, community, accepted=False)
    with pytest.raises(InvalidInput) as refused:
        log(past, data)
    assert refused.value.field == "day" and "appointment" in str(refused.value.message)
    earlier = replace(
        data, starts_at=local("2026-11-20 14:00"), ends_at=local("2026-11-20 15:00")
    )  # fmt: skip
    assert log(past, earlier).minutes == 60
    with pytest.raises(NotAllowed):
        log(offered, data)


def test_rule_20_nobody_writes_for_others_without_a_desk_there(nadia, data, sam, alice, community):
    other = make_assistant("omar", community)
    for by in (other, sam):
        with pytest.raises(NotAllowed):
            log(nadia, data, by=by)
    stranger = make_user("stranger", role=None)
    with pytest.raises(NotAllowed):
        log(stranger, data, by=alice)
    with pytest.raises(NotAllowed):
        log(stranger, data)


def test_rule_20_record_of_somebody_else_cannot_be_touched(nadia, data, community, sam):
    record = log(nadia, data, send=False)
    other = make_assistant("omar", community)
    tries = (
        lambda: edit_record(record.id, data, by=other, send=True),
        lambda: delete_draft(record.id, by=other),
        lambda: correct_record(record.id, data, by=other),
        lambda: approve_record(record.id, by=other),
        lambda: approve_record(99, by=sam),
    )
    for action in tries:
        with pytest.raises(NotAllowed), unit_of_work():
            action()


# --- rule 11: no minute twice -------------------------------------------------------------------

MOMENTS = st.integers(0, 60).map(lambda n: local("2026-11-20 08:00") + timedelta(minutes=10 * n))
SPANS = st.lists(st.tuples(MOMENTS, st.integers(1, 90)), min_size=2, max_size=7)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(spans=SPANS)
def test_rule_11_records_of_one_person_never_overlap(community, spans):
    activity, user = make_activity(), make_assistant("", community)
    taken: list[tuple] = []
    for start, minutes in spans:
        end = start + timedelta(minutes=minutes)
        data = RecordData(activity.id, community.id, start, end, "Helped.")
        meets = any(start < e and s < end for s, e in taken)
        if meets:
            with pytest.raises(InvalidInput):
                log(user, data)
        else:
            log(user, data)
            taken.append((start, end))
    kept = db.session.scalars(
        select(ServiceRecord).where(
            ServiceRecord.user_id == user.id, ServiceRecord.status.in_(CLAIMING)
        )
    ).all()
    assert sorted((r.starts_at, r.ends_at) for r in kept) == sorted(taken)
    assert list(violations()) == []


def test_rule_11_other_people_may_work_at_the_same_time(nadia, data, community):
    log(nadia, data)
    log(make_assistant("omar", community), data)
    log(nadia, replace(data, starts_at=data.ends_at, ends_at=data.ends_at + timedelta(hours=1)))


@pytest.mark.parametrize("status", CLAIMING)
def test_rule_11_database_refuses_two_records_of_one_time(nadia, community, status):
    """Whoever writes, through whatever door."""
    make_record(nadia, community, status=status)
    second = make_record(nadia, community, status=RecordStatus.DRAFT)
    with pytest.raises(IntegrityError), unit_of_work():
        db.session.execute(
            text("UPDATE service_records SET status = 'submitted' WHERE id = :id"),
            {"id": second.id},
        )


def test_rule_11_database_refuses_a_record_that_moves_onto_another(nadia, community, now):
    make_record(nadia, community)
    later = make_record(nadia, community, starts_at=now - timedelta(hours=5))
    with pytest.raises(IntegrityError), unit_of_work():
        db.session.execute(
            text(
                "UPDATE service_records SET starts_at = (SELECT starts_at FROM service_records "
                "WHERE id <> :id), ends_at = (SELECT ends_at FROM service_records WHERE id <> :id)"
                " WHERE id = :id"
            ),
            {"id": later.id},
        )


@pytest.mark.parametrize("status", ["approved", "superseded", "voided"])
@pytest.mark.parametrize(
    "change", ["minutes = 200", "provenance = 'measured'", "people_served = 900", "language = 'en'"]
)
def test_rule_12_database_refuses_to_change_what_is_sealed(nadia, community, status, change):
    record = make_record(nadia, community, status=RecordStatus(status))
    with pytest.raises(IntegrityError), unit_of_work():
        db.session.execute(
            text(f"UPDATE service_records SET {change} WHERE id = :id"), {"id": record.id}
        )


def test_rule_11_race_that_only_the_database_sees_is_said_in_words(nadia, data, monkeypatch):
    """As if two processes had both looked before either wrote."""
    from hub.services import records

    log(nadia, data)
    monkeypatch.setattr(records, "check_not_claimed", lambda *a, **k: None)
    with pytest.raises(InvalidInput) as refused:
        log(nadia, data)
    assert "claims some of this time" in str(refused.value.message)


# --- the state machine --------------------------------------------------------------------------

ALLOWED = {
    RecordStatus.DRAFT: {"save", "send", "delete"},
    RecordStatus.SUBMITTED: {"approve", "return", "reject"},
    RecordStatus.RETURNED: {"save", "send"},
    RecordStatus.APPROVED: {"void", "correct"},
    RecordStatus.REJECTED: set(),
    RecordStatus.SUPERSEDED: set(),
    RecordStatus.VOIDED: set(),
}
BECOMES = {
    "send": RecordStatus.SUBMITTED,
    "approve": RecordStatus.APPROVED,
    "return": RecordStatus.RETURNED,
    "reject": RecordStatus.REJECTED,
    "void": RecordStatus.VOIDED,
    "correct": RecordStatus.APPROVED,  # until the correction is approved
}


def act(action: str, record: ServiceRecord, person: User, staff: User) -> None:
    changed = replace(data_of(record), content="Something else.")
    {
        "save": lambda: edit_record(record.id, changed, by=person, send=False),
        "send": lambda: edit_record(record.id, changed, by=person, send=True),
        "delete": lambda: delete_draft(record.id, by=person),
        "approve": lambda: approve_record(record.id, by=staff),
        "return": lambda: return_record(record.id, "Which day?", by=staff),
        "reject": lambda: reject_record(record.id, "Not service.", by=staff),
        "void": lambda: void_record(record.id, "Entered twice.", by=staff),
        "correct": lambda: correct_record(record.id, changed, by=person),
    }[action]()


@pytest.mark.parametrize("action", ["save", "send", "delete", *list(BECOMES)[1:]])
@pytest.mark.parametrize("status", RecordStatus)
def test_rule_12_every_step_from_every_state(nadia, community, alice, status, action):
    record = make_record(nadia, community, status=status)
    before = dump()
    if action in ALLOWED[status]:
        with unit_of_work():
            act(action, record, nadia, alice)
        if action == "delete":
            assert db.session.get(ServiceRecord, record.id) is None
        else:
            assert status_of(record) is BECOMES.get(action, status)
        assert list(violations()) == []
    else:
        with pytest.raises((WrongState, NotAllowed)) as refused, unit_of_work():
            act(action, record, nadia, alice)
        # A draft is not there for staff at all; every other refusal says why.
        hidden = status is RecordStatus.DRAFT and action in ("approve", "return", "reject", "void")
        assert isinstance(refused.value, NotAllowed) == hidden
        assert str(refused.value.message)
        assert dump() == before


def test_rule_06_every_step_is_on_the_trail(nadia, data, alice):
    record = log(nadia, data)
    with unit_of_work():
        return_record(record.id, "Which day?", by=alice)
    with unit_of_work():
        edit_record(record.id, data, by=nadia, send=True)
    with unit_of_work():
        approve_record(record.id, by=alice)
    with unit_of_work():
        void_record(record.id, "Entered twice.", by=alice)
    trail = db.session.scalars(
        select(AuditEntry).where(AuditEntry.subject == "service_record").order_by(AuditEntry.id)
    ).all()
    assert [(e.action, e.actor_id, e.reason) for e in trail] == [
        ("submit", nadia.id, ""),
        ("return", alice.id, "Which day?"),
        ("submit", nadia.id, ""),
        ("approve", alice.id, ""),
        ("void", alice.id, "Entered twice."),
    ]
    assert all(e.before["status"] != e.after["status"] for e in trail)


# --- corrections --------------------------------------------------------------------------------


def test_rule_12_correction_is_a_new_version(nadia, data, alice):
    old = log(nadia, data)
    with unit_of_work():
        approve_record(old.id, by=alice)
    with unit_of_work():
        new = correct_record(
            old.id, replace(data, ends_at=local("2026-11-22 15:30")), by=nadia
        )  # fmt: skip
    assert (new.corrects_id, new.status, new.minutes) == (old.id, RecordStatus.SUBMITTED, 90)
    assert status_of(old) is RecordStatus.APPROVED and hours_of(nadia.id).total == 150
    with pytest.raises(WrongState) as refused, unit_of_work():
        correct_record(old.id, replace(data, content="Again"), by=nadia)
    assert "under way" in str(refused.value.message)
    with unit_of_work():
        approve_record(new.id, by=alice)
    assert status_of(old) is RecordStatus.SUPERSEDED and status_of(new) is RecordStatus.APPROVED
    assert hours_of(nadia.id).total == 90
    assert list(violations()) == []


def test_rule_12_rejected_correction_leaves_the_record(nadia, data, alice):
    old = log(nadia, data)
    with unit_of_work():
        approve_record(old.id, by=alice)
    with unit_of_work():
        new = correct_record(old.id, replace(data, content="More words"), by=nadia)
    with unit_of_work():
        reject_record(new.id, "It was right.", by=alice)
    assert status_of(old) is RecordStatus.APPROVED
    with unit_of_work():
        correct_record(old.id, replace(data, content="Other words"), by=nadia)


def test_rule_12_correction_of_a_voided_record_cannot_be_approved(nadia, data, alice, sue):
    old = log(nadia, data)
    with unit_of_work():
        approve_record(old.id, by=alice)
    with unit_of_work():
        new = correct_record(old.id, replace(data, content="More words"), by=nadia)
    with unit_of_work():
        void_record(old.id, "Twice.", by=alice)
    with pytest.raises(WrongState) as refused, unit_of_work():
        approve_record(new.id, by=sue)
    assert "not approved any more" in str(refused.value.message)


def test_correction_that_changes_nothing_is_refused(nadia, data, alice):
    old = log(nadia, data)
    with unit_of_work():
        approve_record(old.id, by=alice)
    with pytest.raises(InvalidInput), unit_of_work():
        correct_record(old.id, data, by=nadia)


def test_rule_05_correction_by_staff_is_approved_by_somebody_else(nadia, data, alice, sue):
    old = log(nadia, data)
    with unit_of_work():
        approve_record(old.id, by=alice)
    with unit_of_work():
        new = correct_record(
            old.id, replace(data, ends_at=local("2026-11-22 15:30")), by=alice
        )  # fmt: skip
    assert new.provenance is Provenance.BACK_ENTERED
    with pytest.raises(OwnCase), unit_of_work():
        approve_record(new.id, by=alice)
    with unit_of_work():
        approve_record(new.id, by=sue)


# --- what check-in and check-out said -----------------------------------------------------------


def measured(user: User, venue, by: User, start: str = "2026-11-22 14:00:20", minutes: int = 125):
    begin = local(start)
    assignment = make_assignment(
        make_duty(venue, by, starts_at=begin), user, AssignmentStatus.COMPLETED
    )
    with unit_of_work():
        assignment.checked_in_at = begin
        assignment.checked_out_at = begin + timedelta(minutes=minutes, seconds=15)
        return record_measured(assignment)


def test_rule_11_measured_minutes_come_from_the_door(nadia, venue, alice):
    record = measured(nadia, venue, alice)
    assert (record.minutes, record.provenance) == (125, Provenance.MEASURED)
    assert record.status is RecordStatus.SUBMITTED


@pytest.mark.parametrize("minutes", [0, 24 * 60 + 1])
def test_rule_11_no_minute_and_more_than_a_day_make_no_record(nadia, venue, alice, minutes):
    assert measured(nadia, venue, alice, minutes=minutes) is None


def test_rule_11_no_hand_changes_what_was_measured(nadia, venue, alice, data):
    record = measured(nadia, venue, alice)
    with unit_of_work():
        return_record(record.id, "How many people?", by=alice)
    longer = replace(data, starts_at=local("2026-11-22 09:00"), people_served=7)
    with unit_of_work():
        edit_record(record.id, longer, by=nadia, send=True)
    db.session.refresh(record)
    assert (record.minutes, record.people_served) == (125, 7)
    assert record.starts_at == local("2026-11-22 14:00:20")


def test_rule_11_correction_is_measured_only_while_the_time_is(nadia, venue, alice, sue):
    record = measured(nadia, venue, alice)
    with unit_of_work():
        approve_record(record.id, by=sue)
    words = replace(data_of(record), content="At the desk.")
    with unit_of_work():
        same = correct_record(record.id, words, by=nadia)
    assert (same.provenance, same.minutes) == (Provenance.MEASURED, 125)
    with unit_of_work():
        reject_record(same.id, "No.", by=sue)
    with unit_of_work():
        shorter = correct_record(
            record.id, replace(words, ends_at=local("2026-11-22 15:00")), by=nadia
        )  # fmt: skip
    assert (shorter.provenance, shorter.minutes) == (Provenance.DECLARED, 60)


def test_rule_11_measured_time_that_is_claimed_waits_as_a_draft(nadia, venue, alice, data):
    declared = log(nadia, data)
    draft = measured(nadia, venue, alice)
    assert draft.status is RecordStatus.DRAFT
    with pytest.raises(InvalidInput), unit_of_work():
        edit_record(draft.id, data_of(draft), by=nadia, send=True)
    with unit_of_work():
        reject_record(declared.id, "The measured one counts.", by=alice)
    with unit_of_work():
        edit_record(draft.id, data_of(draft), by=nadia, send=True)
    assert status_of(draft) is RecordStatus.SUBMITTED


# --- pictures -----------------------------------------------------------------------------------


def files() -> list[str]:
    folder = Path(current_app.config["EVIDENCE_DIR"])
    return sorted(p.name for p in folder.glob("*.jpg")) if folder.is_dir() else []


def test_picture_lives_and_dies_with_its_record(nadia, data):
    before = files()
    draft = log(nadia, data, send=False, pictures=[PICTURE])
    (kept,) = set(files()) - set(before)
    assert draft.evidence[0].stored_name == kept and kept != PICTURE.shown_name
    with unit_of_work():
        edit_record(draft.id, data, by=nadia, send=False, without=[draft.evidence[0].id])
    assert files() == before
    with unit_of_work():
        edit_record(draft.id, data, by=nadia, send=False, pictures=[PICTURE])
    assert len(files()) == len(before) + 1
    with unit_of_work():
        delete_draft(draft.id, by=nadia)
    assert files() == before


def test_picture_of_a_refused_record_is_not_kept(nadia, data):
    before = files()
    with pytest.raises(InvalidInput):
        log(nadia, data, pictures=[PICTURE] * 6)
    assert files() == before


def test_picture_stays_when_its_removal_fails(nadia, data):
    draft = log(nadia, data, send=False, pictures=[PICTURE])
    before = files()
    with pytest.raises(HubError), unit_of_work():
        edit_record(
            draft.id, replace(data, content=""), by=nadia, send=True, without=[draft.evidence[0].id]
        )
    assert files() == before


def test_orphans_are_removed_after_a_day(nadia, data, now):
    record = log(nadia, data, pictures=[PICTURE])
    folder = Path(current_app.config["EVIDENCE_DIR"])
    for name, age in (("old.jpg", 25), ("young.jpg", 1), (record.evidence[0].stored_name, 99)):
        (folder / name).write_bytes(b"x")
        moment = (now - timedelta(hours=age)).timestamp()
        os.utime(folder / name, (moment, moment))
    remove_orphans(really=False)
    assert "old.jpg" in files()
    assert remove_orphans() >= 1
    assert "old.jpg" not in files() and "young.jpg" in files()
    assert record.evidence[0].stored_name in files()
    (folder / "young.jpg").unlink()


# --- rule 18 ------------------------------------------------------------------------------------


def test_rule_18_all_records_are_in_the_copy(nadia, data):
    log(nadia, data, pictures=[PICTURE])
    tables = {
        t.name: [dict(zip(t.header, r, strict=True)) for r in t.rows] for t in data_of_user(nadia)
    }
    (row,) = tables["service_records"]
    assert row["content"] == data.content and row["begins"] == "2026-11-22T14:00:00+08:00"
    assert row["activity"] == "Translation"
    assert tables["evidence"][0]["shown_name"] == "photo.jpg"


def test_rule_18_deletion_takes_words_and_pictures_and_leaves_the_hours(nadia, data, alice):
    before = files()
    record = log(nadia, data, pictures=[PICTURE])
    with unit_of_work():
        approve_record(record.id, by=alice)
    other = replace(data, starts_at=local("2026-11-21 09:00"), ends_at=local("2026-11-21 10:00"))
    draft = log(nadia, other, send=False)
    with unit_of_work():
        erase_user(db.session.get_one(User, nadia.id))
    kept = db.session.get_one(ServiceRecord, record.id)
    assert (kept.content, kept.minutes, kept.status) == ("", 150, RecordStatus.APPROVED)
    assert db.session.get(ServiceRecord, draft.id) is None
    assert db.session.scalar(select(func.count()).select_from(EvidenceFile)) == 0
    assert files() == before
    assert hours_of(nadia.id).total == 150
    assert list(violations()) == []
    with pytest.raises(WrongState) as refused, unit_of_work():
        correct_record(record.id, data, by=alice)
    assert "deleted" in str(refused.value.message)


# --- activities ---------------------------------------------------------------------------------


def test_usual_activities_are_written_once_in_every_language(db_session):
    with unit_of_work():
        assert seed_activities() == len(DEFAULTS)
    with unit_of_work():
        assert seed_activities() == 0
    found = db.session.scalars(select(Activity)).all()
    assert {a.slug for a in found if not a.counts} == {"training", "paid"}
    assert all(set(a.texts) == {"en", "zh"} for a in found)


def test_activities_are_kept_by_the_subdistrict(alice, sue, db_session):
    with pytest.raises(NotAllowed), unit_of_work():
        save_activity(None, ActivityData({"en": "Gardening"}), by=alice)
    with pytest.raises(InvalidInput), unit_of_work():
        save_activity(None, ActivityData({"en": " "}), by=sue)
    with unit_of_work():
        made = save_activity(None, ActivityData({"en": " Gardening ", "zh": ""}), by=sue)
    assert {c: t.name for c, t in made.texts.items()} == {"en": "Gardening"}
    with unit_of_work():
        save_activity(made, ActivityData({"en": "Gardens"}, counts=False, position=3), by=sue)
    assert (made.name, made.counts, made.position) == ("Gardens", False, 3)


def test_rule_12_whether_a_recorded_activity_counts_stays(nadia, data, sue):
    log(nadia, data)
    activity = db.session.get_one(Activity, data.activity_id)
    with pytest.raises(WrongState), unit_of_work():
        save_activity(activity, ActivityData({"en": "Translation"}, counts=False), by=sue)
