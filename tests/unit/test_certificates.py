"""Certificates: what they count, who issues them, how they end (rules 5, 6, 12, 14, 18, 20)."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from hub import clock
from hub.enums import CertificateStatus, MessageKind, RecordStatus
from hub.exceptions import InvalidInput, NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.integrations.signing import (
    CERTIFICATE_ALPHABET,
    new_certificate_code,
    read_certificate_code,
)
from hub.models import AuditEntry, Certificate, CertificateRecord, Message, ServiceRecord, User
from hub.policies import can_certify, why_not_revoke_certificate
from hub.queries.certificates import certificate_of_code, certificates, record_communities
from hub.queries.privacy import data_of_user
from hub.services.certificates import (
    end_certificate,
    issue_certificate,
    revoke_certificate,
    revoke_certificates_with,
)
from hub.services.privacy import erase_user
from hub.services.settings import change_settings
from hub.transaction import unit_of_work
from tests.factories import local, make_event, make_user
from tests.service_factories import make_assistant, make_record

SINCE, UNTIL = date(2026, 11, 1), date(2026, 11, 23)
REASON = "The hours were entered twice."


@pytest.fixture
def bob(community) -> User:
    return make_assistant("bob", community)


def approve(user, community, by, start="2026-11-10 14:00", minutes=90, **more) -> ServiceRecord:
    return make_record(
        user,
        community,
        starts_at=local(start),
        minutes=minutes,
        status=more.pop("status", RecordStatus.APPROVED),
        decided_by=by,
        **more,
    )


def issue(user, by, since=SINCE, until=UNTIL, **more) -> Certificate:
    with unit_of_work():
        return issue_certificate(user, since, until, by=by, **more)


@pytest.fixture
def record(bob, community, alice) -> ServiceRecord:
    return approve(bob, community, alice)


def trail(action: str) -> AuditEntry:
    found = select(AuditEntry).where(
        AuditEntry.subject == "certificate", AuditEntry.action == action
    )
    return db.session.scalars(found).one()


def notes(kind: MessageKind) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == kind)))


# --- what it counts ---------------------------------------------------------------------------


def test_rule_14_total_is_the_sum_of_approved_records_of_the_period(bob, community, alice):
    inside = [
        approve(bob, community, alice, "2026-11-01 00:00", 30),
        approve(bob, community, alice, "2026-11-10 14:00", 90),
        approve(bob, community, alice, "2026-11-23 09:00", 45),
    ]
    approve(bob, community, alice, "2026-10-31 23:00", 20)
    approve(bob, community, alice, "2026-11-24 00:00", 20)
    for day, status in enumerate(s for s in RecordStatus if s is not RecordStatus.APPROVED):
        approve(bob, community, alice, f"2026-11-{11 + day} 14:00", status=status)
    approve(make_assistant("carol", community), community, alice)
    issued = issue(bob, alice)
    assert issued.minutes == 165 == sum(r.minutes for r in inside)
    counted = db.session.scalars(select(CertificateRecord.record_id)).all()
    assert set(counted) == {r.id for r in inside}
    assert [r["minutes"] for r in issued.snapshot["records"]] == [30, 90, 45]


def test_rule_14_snapshot_says_time_content_unit_and_who(bob, community, alice, venue):
    event = make_event(venue=venue, starts_at=local("2026-11-10 14:00"))
    record = approve(bob, community, alice)
    other = make_record(bob, community, starts_at=local("2026-11-12 14:00"), decided_by=alice)
    with unit_of_work():
        other.event_id = event.id
        other.status = RecordStatus.APPROVED
    issued = issue(bob, alice)
    first, second = issued.snapshot["records"]
    assert first == {
        "id": record.id,
        "date": "2026-11-10",
        "starts": "14:00",
        "ends": "15:30",
        "minutes": 90,
        "activity": {"en": "Translation", "zh": "翻译"},
        "place": "Community hall",
        "content": "Translated at the desk.",
        "organising_unit": "杭州市西湖区留下街道办事处",
        "in_charge": "Alice",
        "event": {},
    }
    assert second["event"] == {"en": "Dumplings for all", "zh": "一起包饺子"}
    assert issued.snapshot["recording_unit"]["zh"] == "杭州市西湖区留下街道办事处"
    assert set(issued.snapshot["wording"]) == {"en", "zh"}
    assert (issued.holder_name, issued.issued_by_id) == ("Bob", alice.id)


def test_rule_14_certificate_stays_as_it_was_issued(bob, record, alice, ada):
    issued = issue(bob, alice)
    before = (dict(issued.snapshot), issued.minutes, issued.holder_name)
    with unit_of_work():
        change_settings({"certificate_wording": {"en": "Other words."}}, by=ada)
    with unit_of_work():
        db.session.get_one(User, bob.id).name = "Robert"
    again = db.session.get_one(Certificate, issued.id)
    assert (again.snapshot, again.minutes, again.holder_name) == before


@pytest.mark.parametrize(
    "change",
    ["minutes = 1", "code = 'X'", "snapshot = '{}'", "period_from = '2020-01-01'",
     "user_id = 1", "issued_by_id = 1", "issued_at = '2020-01-01'"],
)  # fmt: skip
def test_rule_14_database_refuses_any_other_certificate(bob, record, alice, change):
    issued = issue(bob, alice)
    sql = text(f"UPDATE certificates SET {change} WHERE id = {issued.id}")
    with pytest.raises(IntegrityError, match="rule 14"), unit_of_work():
        db.session.execute(sql)
    assert db.session.get_one(Certificate, issued.id).minutes == 90


def test_period_without_approved_record_is_refused(bob, community, alice):
    make_record(bob, community)
    with pytest.raises(InvalidInput) as refused:
        issue(bob, alice)
    assert refused.value.field == "until"
    assert db.session.scalar(select(func.count(Certificate.id))) == 0


@pytest.mark.parametrize(("since", "until"), [(UNTIL, SINCE), (SINCE, UNTIL + timedelta(days=1))])
def test_period_that_cannot_be_is_refused(bob, record, alice, since, until):
    with pytest.raises(InvalidInput):
        issue(bob, alice, since, until)


def test_certificate_is_told_to_its_person_and_the_trail(bob, record, alice):
    issued = issue(bob, alice)
    (note,) = notes(MessageKind.CERTIFICATE_ISSUED)
    assert (note.user_id, note.subject_id) == (bob.id, issued.id)
    entry = trail("issue")
    assert (entry.actor_id, entry.subject_id, entry.after["minutes"]) == (alice.id, issued.id, 90)
    assert "Bob" not in str(entry.after)


# --- who --------------------------------------------------------------------------------------


def test_rule_05_nobody_issues_or_revokes_their_own(community, alice, sue):
    approve(alice, community, sue)
    with pytest.raises(OwnCase):
        issue(alice, alice)
    issued = issue(alice, sue)
    with pytest.raises(OwnCase), unit_of_work():
        revoke_certificate(issued.id, REASON, by=alice)
    assert why_not_revoke_certificate(alice, issued)
    assert issued.status is CertificateStatus.ISSUED


def test_rule_20_staff_of_the_place_of_a_record_and_of_the_subdistrict_issue(
    bob, record, community, alice, sam, sue, ada
):
    for stranger in (sam, bob, make_user("visitor", role=None)):
        with pytest.raises((NotAllowed, OwnCase)):
            issue(bob, stranger)
    for number, staff in enumerate((alice, sue, ada)):
        issue(bob, staff, until=UNTIL - timedelta(days=number))
    here = record_communities(bob.id)
    assert here == {community.id}
    for user in (alice, sam, sue, ada, bob):
        seen = certificates(user)
        assert bool(seen) is can_certify(user, here), user.name
    assert [c.id for c in certificates(sue)] == [3, 2, 1]
    with pytest.raises(NotAllowed), unit_of_work():
        revoke_certificate(1, REASON, by=sam)


def test_list_is_searched_by_code_and_name(bob, record, alice):
    issued = issue(bob, alice)
    assert certificates(alice, q=issued.number.lower()) == [issued]
    assert certificates(alice, q="bob") == [issued]
    assert certificates(alice, q="nobody") == []
    assert certificates(alice, before=issued.id) == []


# --- states -----------------------------------------------------------------------------------

STEPS = {
    (CertificateStatus.ISSUED, CertificateStatus.SUPERSEDED): None,
    (CertificateStatus.ISSUED, CertificateStatus.REVOKED): None,
}


@pytest.mark.parametrize("status", CertificateStatus)
@pytest.mark.parametrize("wanted", CertificateStatus)
def test_rule_06_only_listed_steps_are_possible(bob, record, alice, status, wanted):
    issued = issue(bob, alice)
    if status is not CertificateStatus.ISSUED:
        with unit_of_work():
            end_certificate(issued, status, REASON, by=alice)
    if (status, wanted) in STEPS:
        with unit_of_work():
            end_certificate(issued, wanted, REASON, by=alice)
        entry = trail(wanted.value)
        assert entry.before == {"status": "issued"}
        assert entry.after["status"] == wanted.value
        assert (entry.reason, entry.actor_id, entry.at) == (REASON, alice.id, clock.now())
        assert issued.ended_at == clock.now()
    else:
        with pytest.raises(WrongState), unit_of_work():
            end_certificate(issued, wanted, REASON, by=alice)
        assert db.session.get_one(Certificate, issued.id).status is status


@pytest.mark.parametrize("status", CertificateStatus)
def test_revoking_and_replacing_ask_for_a_valid_one(bob, record, alice, status):
    issued = issue(bob, alice)
    if status is not CertificateStatus.ISSUED:
        with unit_of_work():
            end_certificate(issued, status, REASON, by=alice)
        assert why_not_revoke_certificate(alice, issued)
        with pytest.raises(WrongState), unit_of_work():
            revoke_certificate(issued.id, REASON, by=alice)
        with pytest.raises(WrongState):
            issue(bob, alice, supersedes=[issued.id])
        return
    assert why_not_revoke_certificate(alice, issued) is None
    newer = issue(bob, alice, supersedes=[issued.id])
    assert issued.status is CertificateStatus.SUPERSEDED
    assert issued.superseded_by_id == newer.id
    assert trail("superseded").after["superseded_by_id"] == newer.id
    assert notes(MessageKind.CERTIFICATE_REVOKED) == []


def test_only_own_certificates_of_overlapping_periods_are_replaced(bob, community, record, alice):
    carol = make_assistant("carol", community)
    approve(carol, community, alice)
    approve(bob, community, alice, "2026-09-10 14:00")
    foreign, earlier = issue(carol, alice), issue(bob, alice, date(2026, 9, 1), date(2026, 9, 30))
    for wrong in (foreign, earlier):
        with pytest.raises(WrongState):
            issue(bob, alice, supersedes=[wrong.id])
        assert wrong.status is CertificateStatus.ISSUED


def test_revoking_needs_a_reason_and_is_told(bob, record, alice):
    issued = issue(bob, alice)
    with pytest.raises(InvalidInput), unit_of_work():
        revoke_certificate(issued.id, "  ", by=alice)
    with unit_of_work():
        revoke_certificate(issued.id, REASON, by=alice)
    assert (issued.status, issued.reason) == (CertificateStatus.REVOKED, REASON)
    (note,) = notes(MessageKind.CERTIFICATE_REVOKED)
    assert note.facts["reason"] == REASON


def test_rule_12_certificates_that_count_a_changed_record_are_revoked(
    bob, community, record, alice
):
    other = approve(bob, community, alice, "2026-11-20 14:00")
    both = issue(bob, alice)
    one = issue(bob, alice, date(2026, 11, 20), UNTIL)
    gone = issue(bob, alice, SINCE, date(2026, 11, 15), supersedes=[])
    with unit_of_work():
        end_certificate(gone, CertificateStatus.SUPERSEDED, "", by=alice)
    with unit_of_work():
        record.status = RecordStatus.VOIDED
        assert revoke_certificates_with(record, REASON, by=alice) == [both]
    assert both.status is CertificateStatus.REVOKED
    assert one.status is CertificateStatus.ISSUED
    assert gone.status is CertificateStatus.SUPERSEDED
    assert both.minutes == 180, "what was certified stays as it was"
    assert len(notes(MessageKind.CERTIFICATE_REVOKED)) == 1
    assert issue(bob, alice).minutes == other.minutes


# --- codes ------------------------------------------------------------------------------------


def test_codes_are_long_and_differ():
    assert len(CERTIFICATE_ALPHABET) ** 16 > 2**60
    assert len({new_certificate_code() for _ in range(200)}) == 200


@pytest.mark.parametrize(
    "typed",
    ["ZSBQQ777KXBHMTCP", " zsbq-q777-kxbh-mtcp ", "258O 01ILKXBHMTCP",
     "ＺＳＢＱ—Ｑ７７７．ＫＸＢＨ／ＭＴＣＰ",
     "zsbqq777КХВНМТСР"],
)  # fmt: skip
def test_codes_are_read_as_people_type_them(typed):
    assert read_certificate_code(typed) == "ZSBQQ777KXBHMTCP"


@pytest.mark.parametrize("typed", ["", "ZSBQ", "ZSBQQ777KXBHMTCPP", "ZSBQQ777KXBHMTCA", "王" * 16])
def test_what_cannot_be_a_code_is_none(typed):
    assert read_certificate_code(typed) is None
    assert certificate_of_code(typed) is None


def test_guessed_code_finds_nothing(bob, record, alice):
    issued = issue(bob, alice)
    assert certificate_of_code(issued.number) == issued
    assert certificate_of_code(new_certificate_code()) is None


# --- rights over one's data -------------------------------------------------------------------


def test_rule_18_deleting_the_account_takes_the_name_and_leaves_the_total(bob, record, alice):
    issued = issue(bob, alice)
    with unit_of_work():
        erase_user(db.session.get_one(User, bob.id))
    again = db.session.get_one(Certificate, issued.id)
    assert (again.holder_name, again.minutes, again.status) == ("", 90, CertificateStatus.ISSUED)
    assert "Bob" not in str(again.snapshot)
    with pytest.raises(WrongState):
        issue(db.session.get_one(User, bob.id), alice)


def test_rule_18_copy_of_ones_data_has_the_certificates(bob, record, alice):
    issued = issue(bob, alice)
    (table,) = [t for t in data_of_user(bob) if t.name == "certificates"]
    (row,) = table.rows
    told = dict(zip(table.header, row, strict=True))
    assert (told["number"], told["minutes"], told["status"]) == (issued.number, 90, "issued")
    assert "Translated at the desk." in told["snapshot"]


def test_rule_21_days_are_those_of_hangzhou(bob, community, alice):
    late = approve(bob, community, alice, "2026-11-23 00:10", 20)
    assert late.starts_at.date() == date(2026, 11, 22)
    assert issue(bob, alice, UNTIL, UNTIL).minutes == 20
    assert clock.to_local(late.starts_at) == datetime(2026, 11, 23, 0, 10, tzinfo=clock.LOCAL)
