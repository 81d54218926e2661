"""Approval of records: four eyes, in bulk, with a clock, and what people are told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import CertificateStatus, MessageKind, Provenance, RecordStatus, StaffRole
from hub.exceptions import InvalidInput, NotAllowed, OwnCase
from hub.extensions import db
from hub.models import Certificate, CertificateRecord, Message, ServiceRecord, User
from hub.queries.invariants import violations
from hub.queries.records import (
    chain_of,
    hours_of,
    last_record_of,
    queue,
    recent_events,
    records_of_person,
    waiting_for,
)
from hub.services.record_decisions import (
    MOST_AT_ONCE,
    approve_many,
    approve_record,
    reject_record,
    return_record,
    void_record,
)
from hub.services.records import correct_record, data_of
from hub.transaction import unit_of_work
from hub.web.mails import write_mail
from tests.factories import local, make_event, make_user
from tests.mails import text_of
from tests.people import sue as make_sue
from tests.service_factories import make_assistant, make_record
from tests.tables import dump

LATE, SOON = "2026-11-06 09:00", "2026-11-12 09:00"


@pytest.fixture
def nadia(community) -> User:
    return make_assistant("nadia", community)


@pytest.fixture
def record(nadia, community) -> ServiceRecord:
    return make_record(nadia, community)


STEPS = {
    "approve": lambda record, by: approve_record(record.id, by=by),
    "return": lambda record, by: return_record(record.id, "Which day?", by=by),
    "reject": lambda record, by: reject_record(record.id, "Not service.", by=by),
    "void": lambda record, by: void_record(record.id, "Twice.", by=by),
}


def for_step(step: str, user: User, community, **more) -> ServiceRecord:
    status = RecordStatus.APPROVED if step == "void" else RecordStatus.SUBMITTED
    return make_record(user, community, status=status, **more)


@pytest.mark.parametrize("step", STEPS)
def test_rule_05_nobody_decides_on_their_own_record(community, step):
    staff = make_user("both", community=community)
    record = for_step(step, staff, community)
    before = dump()
    with pytest.raises(OwnCase) as refused, unit_of_work():
        STEPS[step](record, staff)
    assert "colleague" in str(refused.value.message)
    assert dump() == before


@pytest.mark.parametrize("step", STEPS)
def test_rule_05_nobody_decides_on_what_they_entered(nadia, community, alice, sue, step):
    record = for_step(step, nadia, community, by=alice, provenance=Provenance.BACK_ENTERED)
    before = dump()
    with pytest.raises(OwnCase), unit_of_work():
        STEPS[step](record, alice)
    assert dump() == before
    with unit_of_work():
        STEPS[step](record, sue)
    assert list(violations()) == []


@pytest.mark.parametrize("step", STEPS)
def test_rule_20_staff_of_another_community_do_not_see_it(nadia, community, sam, step):
    record = for_step(step, nadia, community)
    police = make_user("pia", role=StaffRole.POLICE)
    for by in (sam, police, nadia):
        if by is nadia:
            continue
        with pytest.raises(NotAllowed), unit_of_work():
            STEPS[step](record, by)


def test_who_approves_is_the_person_in_charge(record, alice):
    with unit_of_work():
        approve_record(record.id, by=alice)
    db.session.refresh(record)
    assert record.in_charge_id == record.decided_by_id == alice.id
    assert record.decided_at == clock.now()


@pytest.mark.parametrize("step", ["return", "reject", "void"])
def test_rule_06_reason_is_needed(nadia, community, alice, step):
    record = for_step(step, nadia, community)
    decide = {"return": return_record, "reject": reject_record, "void": void_record}[step]
    with pytest.raises(InvalidInput), unit_of_work():
        decide(record.id, "  ", by=alice)


# --- in bulk ------------------------------------------------------------------------------------


def test_many_are_approved_and_the_others_are_named(nadia, community, alice, now):
    good = [make_record(nadia, community, starts_at=now - timedelta(days=d)) for d in (2, 3)]
    entered = make_record(nadia, community, by=alice, starts_at=now - timedelta(days=4))
    rejected = make_record(nadia, community, status=RecordStatus.REJECTED)
    ids = [r.id for r in (*good, entered, rejected)]
    with unit_of_work():
        done = approve_many(ids, by=alice)
        assert [r.id for r in done.approved] == ids[:2]
        why = {r.id: str(words) for r, words in done.refused}
    assert "entered" in why[entered.id] and "does not wait" in why[rejected.id]
    statuses = [db.session.get_one(ServiceRecord, i).status for i in ids]
    assert statuses == [RecordStatus.APPROVED] * 2 + [RecordStatus.SUBMITTED, RecordStatus.REJECTED]


@pytest.mark.parametrize("ids", [[], list(range(1, MOST_AT_ONCE + 2))])
def test_none_and_too_many_are_refused(record, alice, ids):
    with pytest.raises(InvalidInput), unit_of_work():
        approve_many(ids, by=alice)


def test_rule_20_foreign_record_among_many_stops_all(nadia, record, other_community, alice):
    foreign = make_record(make_assistant("omar"), other_community)
    with pytest.raises(NotAllowed), unit_of_work():
        approve_many([record.id, foreign.id], by=alice)
    db.session.refresh(record)
    assert record.status is RecordStatus.SUBMITTED


# --- rule 12: certificates ----------------------------------------------------------------------


def certificate_of(record: ServiceRecord, by: User) -> Certificate:
    with unit_of_work():
        certificate = Certificate(
            code="ABC", user_id=record.user_id, holder_name="Nadia",
            period_from=clock.today() - timedelta(days=9),
            period_until=clock.today(), minutes=record.minutes, snapshot={},
            status=CertificateStatus.ISSUED, issued_at=clock.now(), issued_by_id=by.id,
        )  # fmt: skip
        db.session.add(certificate)
        db.session.flush()
        db.session.add(CertificateRecord(certificate_id=certificate.id, record_id=record.id))
    return certificate


@pytest.mark.parametrize("how", ["void", "correct"])
def test_rule_12_certificate_ends_with_its_record(nadia, community, alice, sue, how):
    record = make_record(nadia, community, status=RecordStatus.APPROVED, decided_by=sue)
    certificate = certificate_of(record, sue)
    if how == "void":
        with unit_of_work():
            void_record(record.id, "Twice.", by=alice)
    else:
        with unit_of_work():
            data = data_of(record)
            new = correct_record(record.id, _with(data, content="Other words"), by=nadia)
        assert db.session.get_one(Certificate, certificate.id).status is CertificateStatus.ISSUED
        with unit_of_work():
            approve_record(new.id, by=alice)
    ended = db.session.get_one(Certificate, certificate.id)
    assert ended.status is CertificateStatus.REVOKED and ended.reason
    assert list(violations()) == []


def _with(data, **changes):
    from dataclasses import replace

    return replace(data, **changes)


# --- mails --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("step", ["return", "reject", "void"])
def test_rule_23_person_is_told_in_their_language(app, community, alice, step, language):
    nadia = make_assistant("nadia", community)
    with unit_of_work():
        nadia.language = language
    record = for_step(step, nadia, community, starts_at=local("2026-11-20 14:00"))
    with unit_of_work():
        STEPS[step](record, alice)
    (message,) = db.session.scalars(select(Message)).all()
    kind = {"return": "RETURNED", "reject": "REJECTED", "void": "VOIDED"}[step]
    assert (message.kind, message.user_id) == (MessageKind[f"RECORD_{kind}"], nadia.id)
    with app.test_request_context(base_url="http://hub.test"):
        mail = write_mail(message)
    body = text_of(mail)
    assert mail["To"] == nadia.email
    name = {"en": "Translation", "zh": "翻译"}[language]
    assert name in mail["Subject"] and name in body
    assert "2026-11-20 14:00–15:30" in body
    assert f"http://hub.test/{language}/service/records/{record.id}" in body


@pytest.mark.parametrize("language", ["en", "zh"])
def test_rule_23_approvals_of_five_minutes_are_one_mail_that_adds_them_up(
    app, community, alice, now, language
):
    nadia = make_assistant("nadia", community)
    with unit_of_work():
        nadia.language = language
    starts = [local("2026-11-20 09:00"), local("2026-11-20 14:00"), local("2026-11-21 14:00")]
    first, second, third = [make_record(nadia, community, starts_at=start) for start in starts]
    with unit_of_work():
        approve_record(first.id, by=alice)
    with unit_of_work(), clock.fixed_at(now + timedelta(minutes=4)):
        approve_many([second.id, third.id], by=alice)
    (message,) = db.session.scalars(select(Message)).all()
    assert (message.kind, message.user_id) == (MessageKind.RECORDS_APPROVED, nadia.id)
    with app.test_request_context(base_url="http://hub.test"):
        mail = write_mail(message)
    said = {"en": ("3 service records", "4 h 30 min"), "zh": ("3 条服务记录", "4小时30分钟")}
    assert said[language][0] in mail["Subject"]
    assert said[language][1] in text_of(mail)
    assert f"http://hub.test/{language}/service/records" in text_of(mail)


def test_rule_12_who_gets_approved_hears_of_it_alone(record, alice):
    with unit_of_work():
        approve_record(record.id, by=alice)
    (message,) = db.session.scalars(select(Message)).all()
    assert message.user_id == record.user_id


# --- the queue ----------------------------------------------------------------------------------


def test_rule_13_queue_has_the_oldest_due_first(nadia, community, other_community, alice, sam):
    for day in (SOON, LATE, "2026-11-20 09:00"):
        make_record(nadia, community, starts_at=local(day))
    make_record(nadia, other_community, starts_at=local("2026-11-03 09:00"))
    make_record(nadia, community, status=RecordStatus.DRAFT)
    assert [f"{clock.to_local(r.starts_at):%d}" for r in queue(alice)] == ["06", "12", "20"]
    assert len(queue(sam)) == 1 and len(queue(make_sue())) == 4
    waiting = waiting_for(alice)
    assert (waiting.number, waiting.overdue) == (3, 1)
    assert waiting.nearest is not None and waiting.nearest.overdue
    assert queue(make_user("pia", role=StaffRole.POLICE)) == []


def test_rule_13_overdue_count_agrees_with_each_record(nadia, community, alice, now):
    from hub.queries.records import due_of_record

    for days in range(5, 25):
        make_record(nadia, community, starts_at=now - timedelta(days=days))
    late = [r for r in queue(alice) if due_of_record(r).overdue]
    assert 0 < len(late) == waiting_for(alice).overdue < 20


def test_nothing_waits(alice):
    assert (waiting_for(alice).number, waiting_for(alice).nearest) == (0, None)


def test_hours_count_approved_records_only(nadia, community, other_community, alice, now):
    spans = iter(range(1, 20))

    def made(status, minutes, provenance=Provenance.DECLARED, where=community):
        start = now - timedelta(days=next(spans) * 4)
        return make_record(
            nadia, where, starts_at=start, minutes=minutes, status=status, provenance=provenance
        )

    made(RecordStatus.APPROVED, 60)
    made(RecordStatus.APPROVED, 30, Provenance.MEASURED)
    made(RecordStatus.APPROVED, 45, where=other_community)
    made(RecordStatus.SUBMITTED, 100)
    made(RecordStatus.RETURNED, 20)
    made(RecordStatus.REJECTED, 500)
    made(RecordStatus.DRAFT, 500)
    hours = hours_of(nadia.id)
    assert hours.total == 135
    assert dict(hours.by_provenance) == {Provenance.DECLARED: 105, Provenance.MEASURED: 30}
    assert sum(sum(row.values()) for row in hours.months.values()) == 135
    assert (hours.waiting, hours.returned) == ((1, 100), (1, 20))
    assert hours_of(nadia.id, seen_by=alice).total == 90
    assert len(records_of_person(nadia.id, seen_by=alice)) == 5


def test_chain_has_all_versions(nadia, community, alice, sue):
    first = make_record(nadia, community, status=RecordStatus.APPROVED)
    ids = [first.id]
    for words in ("One", "Two"):
        with unit_of_work():
            old = db.session.get_one(ServiceRecord, ids[-1])
            new = correct_record(old.id, _with(data_of(old), content=words), by=nadia)
            ids.append(new.id)
        with unit_of_work():
            approve_record(ids[-1], by=alice)
    for number in ids:
        assert [r.id for r in chain_of(db.session.get_one(ServiceRecord, number))] == ids


def test_last_record_and_recent_events(nadia, community, venue, now):
    assert last_record_of(nadia.id) is None
    make_record(nadia, community)
    later = make_record(nadia, community, starts_at=now - timedelta(days=9))
    assert last_record_of(nadia.id).id == later.id
    past = make_event(venue=venue, starts_at=now - timedelta(days=3))
    make_event(venue=venue)  # to come
    make_event(venue=venue, starts_at=now - timedelta(days=90))
    assert [e.id for e in recent_events()] == [past.id]
    assert recent_events([community.id + 9]) == []
