"""The report after a talk: one figure, questions, materials, and the hours of the lecturers."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub import clock
from hub.enums import (
    AssignmentStatus,
    CountMethod,
    EventStatus,
    Provenance,
    Reach,
    RecordStatus,
)
from hub.exceptions import InvalidInput, NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.models import Assignment, AuditEntry, Duty, ServiceRecord, SignUp, Talk, TalkQuestion, User
from hub.queries.coverage import reached_this_year
from hub.queries.privacy import data_of_user
from hub.queries.talk_reports import named_at, reached_by, reports_of, usable_materials
from hub.services import attendance
from hub.services.privacy import erase_rows, erase_user
from hub.services.record_decisions import approve_record
from hub.services.records import correct_record, data_of
from hub.services.talk_questions import reopen_question, settle_question
from hub.services.talk_reports import Asked, ReportData, report_talk
from hub.transaction import unit_of_work
from tests.factories import make_user
from tests.service_factories import make_assignment, make_record
from tests.talk_factories import (
    make_attended,
    make_lecturer,
    make_lecturing,
    make_past_talk,
    make_report,
    make_slides,
    make_talk,
    make_talk_duty,
    make_topic,
)

S = AssignmentStatus
HEADS = ReportData(Reach.HEADCOUNT, 152, "class teacher", CountMethod.HEADS)
NAMES = ReportData(Reach.NAMED)


@pytest.fixture
def topics(db_session):
    return [make_topic("traffic"), make_topic("renting")]


@pytest.fixture
def talk(venue, alice, topics) -> Talk:
    return make_past_talk(venue, topics, alice, lecturers=3)


@pytest.fixture
def carol(topics) -> User:
    return make_lecturer("Carol", topics)


def report(talk: Talk, data: ReportData, by: User) -> Talk:
    with unit_of_work():
        return report_talk(talk.event_id, data, by=by)


def records() -> list[ServiceRecord]:
    return list(db.session.scalars(select(ServiceRecord).order_by(ServiceRecord.id)))


def trail(subject: str) -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.subject == subject).order_by(AuditEntry.id)
    return list(db.session.scalars(query))


# --- how many came --------------------------------------------------------------------------------


def test_reported_by_headcount_with_who_counted(talk, alice):
    done = report(talk, HEADS, alice)
    assert (done.reach, done.headcount, done.counted_by) == (Reach.HEADCOUNT, 152, "class teacher")
    assert (done.reported_by_id, done.reported_at) == (alice.id, clock.now())
    assert reached_by(done, 0) == 152


def test_reported_named_attendance_or_headcount_never_added_together(talk, alice):
    make_attended(talk, 3, 2)
    with pytest.raises(InvalidInput) as refused:
        report(talk, replace(HEADS, reach=Reach.NAMED), alice)
    assert refused.value.field == "headcount"
    done = report(talk, NAMES, alice)
    named = named_at([talk.event_id])[talk.event_id]
    assert (named, done.headcount, reached_by(done, named)) == (5, None, 5)
    done = report(talk, HEADS, alice)  # a correction: now the heads count, the names do not
    assert reached_by(done, named) == 152
    with pytest.raises(IntegrityError), unit_of_work():
        done.reach = Reach.NAMED  # the database's own guard


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"headcount": None}, "headcount"),
        ({"headcount": -1}, "headcount"),
        ({"headcount": 10_001}, "headcount"),
        ({"counted_by": " "}, "counted_by"),
        ({"count_method": None}, "count_method"),
        ({"reach": Reach.NAMED, "headcount": None, "counted_by": ""}, "reach"),
        ({"material_ids": [99]}, "materials"),
        ({"questions": [Asked("Why?", 99)]}, None),
    ],
)
def test_report_that_says_too_little_or_the_wrong_thing_changes_nothing(talk, alice, change, field):
    with pytest.raises(InvalidInput) as refused:
        report(talk, replace(HEADS, **change), alice)
    assert refused.value.field == field
    assert db.session.get_one(Talk, talk.event_id).reported_at is None
    assert trail("talk") == []


def test_report_opens_when_the_talk_is_over(venue, alice, topics):
    talk = make_talk(venue, topics, alice)
    for moment in (talk.event.starts_at - timedelta(1), talk.event.starts_at):
        with clock.fixed_at(moment), pytest.raises(WrongState):
            report(talk, HEADS, alice)
    with clock.fixed_at(talk.event.ends_at):
        assert report(talk, HEADS, alice).reported_at == talk.event.ends_at


def test_cancelled_and_unpublished_talks_are_refused_with_words(venue, alice, topics):
    for status, word in ((EventStatus.CANCELLED, "cancelled"), (EventStatus.DRAFT, "published")):
        talk = make_past_talk(venue, topics, alice, status=status)
        with pytest.raises(WrongState) as refused:
            report(talk, HEADS, alice)
        assert word in str(refused.value.message)


def test_rule_20_only_who_gave_or_manages_it_reports(talk, carol, sam, sue, police, topics):
    stranger = make_lecturer("Dora", topics)
    for status in (S.OFFERED, S.RELEASED, S.NO_SHOW):
        make_lecturing(talk, make_user(role=None), status)
    outsiders = [make_user(role=None), stranger, sam]
    outsiders += [a.user for a in talk_assignments(talk)]
    for somebody in outsiders:
        with pytest.raises(NotAllowed):
            report(talk, HEADS, somebody)
    make_lecturing(talk, carol)
    for somebody in (carol, sue, police):
        report(talk, HEADS, somebody)


def talk_assignments(talk: Talk):
    query = select(Assignment).join(Duty, Duty.id == Assignment.duty_id)
    return list(db.session.scalars(query.where(Duty.event_id == talk.event_id)))


def test_rule_06_report_and_correction_are_in_the_trail_without_words(talk, alice, carol):
    make_lecturing(talk, carol)
    report(talk, replace(HEADS, note="Mr Wang was loud.", questions=[Asked("Why?")]), carol)
    report(talk, replace(HEADS, headcount=160), alice)
    first, second = trail("talk")
    assert (first.action, first.actor_id, first.before) == ("report", carol.id, {})
    assert (second.action, second.actor_id) == ("correct", alice.id)
    assert (second.before["reached"], second.after["reached"]) == (152, 160)
    assert "Wang" not in str((first.after, second.before)) and "teacher" not in str(first.after)
    assert talk.reported_by_id == carol.id


# --- questions and materials ----------------------------------------------------------------------


def test_questions_keep_whether_they_are_settled(talk, alice, topics):
    asked = [Asked("May I ride without a helmet?", topics[0].id), Asked("Who pays?", None)]
    report(talk, replace(HEADS, questions=asked), alice)
    first, _second = talk.questions
    with unit_of_work():
        settle_question(first.id, by=alice)
    asked = [Asked("May I ride without a helmet?", topics[1].id), Asked(" "), Asked("Where?")]
    report(talk, replace(HEADS, questions=asked), alice)
    rows = {q.question: q for q in db.session.scalars(select(TalkQuestion))}
    assert set(rows) == {"May I ride without a helmet?", "Where?"}
    kept = rows["May I ride without a helmet?"]
    assert (kept.id, kept.topic_id, kept.settled_by_id) == (first.id, topics[1].id, alice.id)


def test_questions_are_settled_once_and_opened_again(talk, alice, sam):
    make_report(talk, alice, questions=["Why?"])
    number = talk.questions[0].id
    with pytest.raises(NotAllowed), unit_of_work():
        settle_question(number, by=sam)
    with pytest.raises(WrongState), unit_of_work():
        reopen_question(number, by=alice)
    with unit_of_work():
        assert settle_question(number, by=alice).settled_at == clock.now()
    with pytest.raises(WrongState), unit_of_work():
        settle_question(number, by=alice)
    with unit_of_work():
        assert reopen_question(number, by=alice).settled_by_id is None
    assert [e.action for e in trail("talk_question")] == ["settle", "reopen"]


def test_materials_are_those_that_held_on_the_day(venue, alice, topics):
    talk, today = make_past_talk(venue, topics[:1], alice), clock.today()
    now = make_slides(topics[0], alice, "Now")
    make_slides(topics[1], alice, "Of another topic")
    make_slides(topics[0], alice, "Later", valid_from=today + timedelta(days=1))
    make_slides(topics[0], alice, "Over", valid_until=today - timedelta(days=1))
    make_slides(topics[0], alice, "Gone", withdrawn_at=clock.now() - timedelta(days=1))
    assert [m.title for m in usable_materials(talk)] == ["Now"]
    report(talk, replace(HEADS, material_ids=[now.id]), alice)
    with unit_of_work():
        now.withdrawn_at = talk.event.starts_at - timedelta(hours=1)
    assert [m.title for m in usable_materials(talk)] == ["Now"]  # it was ticked


# --- the lecturers' hours -------------------------------------------------------------------------


def test_rule_11_confirmed_lecturer_is_done_by_the_roster(talk, alice, carol):
    assignment = make_lecturing(talk, carol)
    report(talk, HEADS, alice)
    (record,) = records()
    assert assignment.status is S.COMPLETED
    assert (record.user_id, record.assignment_id) == (carol.id, assignment.id)
    assert (record.provenance, record.status) == (Provenance.ROSTERED, RecordStatus.SUBMITTED)
    assert (record.starts_at, record.ends_at) == (talk.event.starts_at, talk.event.ends_at)
    assert (record.minutes, record.people_served, record.language) == (90, 152, "en")
    assert "主题 traffic、主题 renting" in record.content
    assert (record.entered_by_id, record.event_id) == (alice.id, talk.event_id)


def test_rule_11_check_in_without_check_out_is_not_measured(talk, alice, carol):
    assignment = make_lecturing(talk, carol)
    with clock.fixed_at(talk.event.starts_at + timedelta(minutes=20)), unit_of_work():
        attendance.check_in(assignment.id, by=carol)
    report(talk, HEADS, carol)
    (record,) = records()
    assert (record.provenance, record.minutes) == (Provenance.ROSTERED, 70)  # came late
    assert assignment.checked_out_at is None


def test_rule_11_measured_record_stays_and_learns_how_many_came(talk, alice, carol):
    assignment = make_lecturing(talk, carol)
    with clock.fixed_at(talk.event.starts_at), unit_of_work():
        attendance.check_in(assignment.id, by=carol)
    with clock.fixed_at(talk.event.ends_at), unit_of_work():
        attendance.check_out(assignment.id, by=carol)
    report(talk, HEADS, alice)
    (record,) = records()
    assert (record.provenance, record.people_served) == (Provenance.MEASURED, 152)
    assert record.entered_by_id == carol.id


def test_rule_11_time_that_another_record_claims_stays_a_draft(talk, alice, carol, community):
    make_lecturing(talk, carol)
    make_record(carol, community, starts_at=talk.event.starts_at, minutes=30)
    report(talk, HEADS, alice)
    assert [r.status for r in records()] == [RecordStatus.SUBMITTED, RecordStatus.DRAFT]


def test_every_lecturer_of_every_duty_has_one_record_however_often_it_is_reported(
    talk, alice, carol, topics
):
    dora = make_lecturer("Dora", topics)
    make_talk_duty(talk.event, alice, languages=("ru",))
    make_lecturing(talk, carol)
    second = talk_duties(talk)[1]
    make_assignment(second, dora)
    for heads in (152, 152, 160):
        report(talk, replace(HEADS, headcount=heads), alice)
    assert [(r.user_id, r.people_served, r.language) for r in records()] == [
        (carol.id, 160, "en"),
        (dora.id, 160, "ru"),
    ]


def talk_duties(talk: Talk):
    query = select(Duty).where(Duty.event_id == talk.event_id).order_by(Duty.id)
    return list(db.session.scalars(query))


def test_rule_12_approved_record_keeps_its_figure(talk, alice, sue, carol):
    make_lecturing(talk, carol)
    report(talk, HEADS, alice)
    (record,) = records()
    with unit_of_work():
        approve_record(record.id, by=sue)
    report(talk, replace(HEADS, headcount=99), alice)
    assert (record.people_served, record.status) == (152, RecordStatus.APPROVED)
    with pytest.raises(WrongState):  # the lecturer cannot correct it any more
        report(talk, replace(HEADS, headcount=1), carol)


def test_rule_05_who_reported_does_not_approve(talk, alice, sue, carol):
    make_lecturing(talk, carol)
    report(talk, HEADS, alice)
    (record,) = records()
    with pytest.raises(OwnCase), unit_of_work():
        approve_record(record.id, by=alice)
    with unit_of_work():
        assert approve_record(record.id, by=sue).status is RecordStatus.APPROVED


def test_rule_05_staff_who_lecture_do_not_approve_their_own(talk, alice, sue):
    make_lecturing(talk, sue)
    report(talk, HEADS, alice)
    with pytest.raises(OwnCase), unit_of_work():
        approve_record(records()[0].id, by=sue)


def test_whoever_did_not_come_has_no_hours(talk, alice, carol, topics):
    dora = make_lecturer("Dora", topics)
    absent, there = make_lecturing(talk, carol), make_lecturing(talk, dora)
    with pytest.raises(NotAllowed):  # staff say so, no lecturer
        report(talk, replace(HEADS, absent=[absent.id]), dora)
    report(talk, replace(HEADS, absent=[absent.id]), alice)
    assert (absent.status, there.status) == (S.NO_SHOW, S.COMPLETED)
    assert [r.user_id for r in records()] == [dora.id]
    with pytest.raises(WrongState):  # who was there cannot be missing
        report(talk, replace(HEADS, absent=[there.id]), alice)


def test_rule_05_nobody_marks_themselves_as_missing(talk, sue):
    mine = make_lecturing(talk, sue)
    with pytest.raises(OwnCase):
        report(talk, replace(HEADS, absent=[mine.id]), sue)


# --- personal data --------------------------------------------------------------------------------


def test_rule_18_figures_stay_when_people_are_deleted(talk, venue, alice, carol, topics):
    other = make_past_talk(venue, topics, alice)
    make_attended(talk, 3, 2)
    make_lecturing(talk, carol)
    make_report(talk, carol, headcount=None)
    make_report(other, alice, headcount=80)
    assert reached_this_year() == (2, 85)
    with unit_of_work():
        erase_rows(list(db.session.scalars(select(SignUp.id))))
    with unit_of_work():
        erase_user(carol)
    assert reached_this_year() == (2, 85)
    assert talk.reported_by_id == carol.id  # a number


def test_rule_18_what_somebody_reported_is_told(talk, alice, carol):
    make_lecturing(talk, carol)
    report(talk, replace(HEADS, note="A loud room."), carol)
    assert [t.event_id for t in reports_of(carol)] == [talk.event_id]
    (table,) = [t for t in data_of_user(carol) if t.name == "talk_reports"]
    assert table.rows == [
        ("Dumplings for all", "headcount", 152, "class teacher", "A loud room.",
         "2026-11-23T12:00:00+08:00")
    ]  # fmt: skip
    assert not [t for t in data_of_user(alice) if t.name == "talk_reports" and t.rows]


def test_report_of_a_talk_whose_lecturer_has_deleted_their_account(talk, alice, carol):
    make_lecturing(talk, carol)
    with unit_of_work():
        erase_user(carol)
    assert report(talk, HEADS, alice).headcount == 152
    assert records() == []


def test_rule_12_correction_that_waits_keeps_what_its_person_wrote(talk, alice, sue, carol):
    make_lecturing(talk, carol)
    report(talk, HEADS, alice)
    (record,) = records()
    with unit_of_work():
        approve_record(record.id, by=sue)
    with unit_of_work():
        correct_record(record.id, replace(data_of(record), people_served=7), by=carol)
    report(talk, replace(HEADS, headcount=99), alice)
    assert [r.people_served for r in records()] == [152, 7]
