"""Trainings: what they teach, invitations, who came, results, study hours (rules 1, 5, 11, 18)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import (
    ApplicationStatus,
    AssessmentResult,
    ConsentPurpose,
    EventStatus,
    Programme,
    SignUpStatus,
    Visibility,
)
from hub.exceptions import (
    AlreadySignedUp,
    EventFull,
    HubError,
    InvalidInput,
    NotAllowed,
    OwnCase,
    WrongState,
)
from hub.extensions import db
from hub.models import Absence, Assessment, Message, SignUp, StudyRecord, TrainingInvitation
from hub.queries.privacy import data_of_user
from hub.queries.records import hours_of
from hub.queries.trainings import invitable_people, learns, study_minutes, trainings_ahead
from hub.services import absences, trainings
from hub.services.assessments import Result, Sheet, enter_assessments
from hub.services.consents import set_consents
from hub.services.privacy import erase_user
from hub.services.qualifications import suspend_qualification
from hub.services.trainings import TrainingData
from hub.transaction import unit_of_work
from tests.factories import make_event, make_user
from tests.service_factories import make_application, make_appointment, make_assistant
from tests.talk_factories import (
    make_absence,
    make_assessment,
    make_lecturer,
    make_qualification,
    make_study,
    make_topic,
    make_training,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PASSED = AssessmentResult.PASSED


@pytest.fixture
def topic(db_session):
    return make_topic("traffic")


@pytest.fixture
def carol(db_session):
    return make_lecturer("Carol")


@pytest.fixture
def training(venue, topic):
    return make_training(venue, [topic])


def ask(training, *people, by) -> int:
    with unit_of_work():
        return trainings.invite_people(training.event_id, [p.id for p in people], by=by)


def enrol(training, user) -> SignUp:
    with unit_of_work():
        return trainings.accept_invitation(training.event_id, by=user)


def come(training, user, by) -> SignUp:
    """Enrolled before, noted while it is on."""
    booked = enrol(training, user)
    with clock.fixed_at(training.event.starts_at), unit_of_work():
        return trainings.note_came(booked.id, by=by)


# --- what it teaches ------------------------------------------------------------------------------


def test_training_says_unit_and_topics(venue, topic, alice, event):
    made = make_event(venue=venue, kind="training")
    with unit_of_work():
        row = trainings.save_training(
            made.id, TrainingData("Police", frozenset({topic.id})), by=alice
        )
    assert (row.unit, row.topics) == ("Police", [topic])
    with pytest.raises(NotAllowed), unit_of_work():
        trainings.save_training(event.id, TrainingData("Police", frozenset({topic.id})), by=alice)
    with pytest.raises(InvalidInput), unit_of_work():
        trainings.save_training(made.id, TrainingData("Police", frozenset()), by=alice)


def test_topic_that_was_assessed_stays(training, topic, carol, alice, police):
    other = make_topic("renting")
    make_study(carol, training)
    make_assessment(carol, training, topic, by=police)
    with pytest.raises(WrongState), unit_of_work():
        data = TrainingData("Police", frozenset({other.id}))
        trainings.save_training(training.event_id, data, by=alice)


# --- invitations ----------------------------------------------------------------------------------


def test_rule_18_police_ask_lecturers_and_applicants_who_agree(police, sue, alice, sam, community):
    lecturer = make_lecturer("Lena", community=community)
    shy, open_ = make_user("Shy", role=None), make_user("Olu", role=None)
    for user in (shy, open_):
        make_application(
            user, ApplicationStatus.SUBMITTED, programme=Programme.LECTURER, community=community
        )
    make_application(
        make_user("Draft", role=None), ApplicationStatus.DRAFT, programme=Programme.LECTURER
    )
    make_assistant("Assistant", community)
    make_lecturer("Former", ends_on=clock.today() - DAY)
    with unit_of_work():
        set_consents(open_, {ConsentPurpose.POLICE_TRAINERS}, "en")
    assert set(invitable_people(police)) == {lecturer, open_}
    assert set(invitable_people(sue)) == {lecturer, shy, open_}
    assert set(invitable_people(alice)) == {lecturer, shy, open_}
    assert set(invitable_people(sam)) == set()
    with unit_of_work():
        set_consents(open_, set(), "en")
    assert set(invitable_people(police)) == {lecturer}


def test_rule_23_each_is_asked_once(training, carol, police):
    assert ask(training, carol, by=police) == 1
    assert ask(training, carol, by=police) == 0
    assert len(db.session.scalars(select(Message)).all()) == 1
    with unit_of_work():
        trainings.decline_invitation(training.event_id, by=carol)
    assert ask(training, carol, by=police) == 1
    row = db.session.scalars(select(TrainingInvitation)).one()
    assert row.declined_at is None


def test_stranger_cannot_be_asked(training, police):
    with pytest.raises(InvalidInput):
        ask(training, make_user("Eve", role=None), by=police)


@pytest.mark.parametrize("status", [EventStatus.DRAFT, EventStatus.CANCELLED])
def test_nobody_is_asked_to_what_is_not_on(venue, topic, carol, police, status):
    training = make_training(venue, [topic], status=status)
    with pytest.raises(WrongState):
        ask(training, carol, by=police)


def test_rule_20_staff_elsewhere_can_do_nothing(training, topic, carol, sam):
    booked = enrol(training, carol)
    data = TrainingData("x", frozenset({topic.id}))
    for change in (
        lambda: trainings.save_training(training.event_id, data, by=sam),
        lambda: trainings.invite_people(training.event_id, [carol.id], by=sam),
        lambda: trainings.note_came(booked.id, by=sam),
        lambda: trainings.note_walk_in(training.event_id, carol.id, by=sam),
    ):
        with pytest.raises(NotAllowed), unit_of_work():
            change()


def test_invited_person_enrols_for_an_unlisted_training(training, carol, police):
    with unit_of_work():
        training.event.visibility = Visibility.UNLISTED
    assert trainings_ahead(carol) == []
    ask(training, carol, by=police)
    assert [mine.invitation is not None for mine in trainings_ahead(carol)] == [True]
    booked = enrol(training, carol)
    assert (booked.name, booked.user_id, booked.party_size) == (carol.name, carol.id, 1)
    with pytest.raises(AlreadySignedUp):
        enrol(training, carol)
    with pytest.raises(WrongState), unit_of_work():
        trainings.decline_invitation(training.event_id, by=carol)


def test_rule_01_enrolling_holds_the_seats(training, carol):
    with unit_of_work():
        training.event.capacity = 1
        training.event.has_waiting_list = False
    enrol(training, carol)
    with pytest.raises(HubError):
        enrol(training, make_lecturer("Late"))
    assert training.event.seats_taken == 1


def test_who_was_not_asked_declines_nothing(training, carol):
    with pytest.raises(NotAllowed), unit_of_work():
        trainings.decline_invitation(training.event_id, by=carol)


# --- who came -------------------------------------------------------------------------------------


def test_rule_11_study_hours_never_count_as_service(training, carol, alice):
    come(training, carol, alice)
    row = db.session.scalars(select(StudyRecord)).one()
    assert (row.minutes, row.studied_on) == (180, clock.to_local(training.event.starts_at).date())
    assert study_minutes(carol) == 180
    assert hours_of(carol.id).total == 0


def test_taking_it_back_takes_the_hours(training, carol, alice):
    booked = come(training, carol, alice)
    with unit_of_work():
        trainings.take_back_came(booked.id, by=alice)
    assert booked.status is SignUpStatus.CONFIRMED and study_minutes(carol) == 0


def test_not_before_it_begins(training, carol, alice):
    booked = enrol(training, carol)
    start = training.event.starts_at
    with (
        pytest.raises(WrongState),
        clock.fixed_at(start - timedelta(minutes=31)),
        unit_of_work(),
    ):
        trainings.note_came(booked.id, by=alice)
    with clock.fixed_at(start - timedelta(minutes=30)), unit_of_work():
        trainings.note_came(booked.id, by=alice)


def test_rule_05_staff_do_not_note_themselves(training, alice):
    booked = enrol(training, alice)
    with pytest.raises(WrongState), clock.fixed_at(training.event.starts_at), unit_of_work():
        trainings.note_came(booked.id, by=alice)


def test_rule_01_walk_in_gets_a_seat_or_nothing(training, carol, alice):
    with unit_of_work():
        training.event.capacity = 1
    with clock.fixed_at(training.event.starts_at + HOUR):
        with unit_of_work():
            booked = trainings.note_walk_in(training.event_id, carol.id, by=alice)
        assert booked.status is SignUpStatus.ATTENDED and study_minutes(carol) == 180
        late = make_lecturer("Late")
        with pytest.raises(EventFull), unit_of_work():
            trainings.note_walk_in(training.event_id, late.id, by=alice)
    assert db.session.scalars(select(SignUp)).one().user_id == carol.id


# --- results --------------------------------------------------------------------------------------


def results(training, topic, *people, by, day=None, language="en"):
    on = day or clock.to_local(training.event.starts_at).date()
    sheet = Sheet(topic.id, language, on)
    with unit_of_work():
        lines = [Result(p.id, PASSED) for p in people]
        return enter_assessments(training.event_id, sheet, lines, by=by)


@pytest.fixture
def over(venue, topic):
    """A training of three days ago."""
    return make_training(venue, [topic], starts_at=clock.now() - 3 * DAY)


def test_each_result_is_a_new_row(over, topic, carol, police):
    make_study(carol, over)
    for _again in range(2):
        results(over, topic, carol, by=police)
    rows = db.session.scalars(select(Assessment)).all()
    assert [row.examiner for row in rows] == ["Liuxia Police Station"] * 2


def test_rule_05_nobody_is_their_own_examiner(over, topic, carol, police):
    make_study(police, over)
    make_study(carol, over)
    with pytest.raises(OwnCase):
        results(over, topic, carol, police, by=police)
    assert db.session.scalars(select(Assessment)).all() == []


def test_only_examiners_and_only_who_came(over, topic, carol, alice, police):
    with pytest.raises(WrongState):
        results(over, topic, carol, by=police)
    make_study(carol, over)
    with pytest.raises(NotAllowed):
        results(over, topic, carol, by=alice)
    with pytest.raises(InvalidInput):
        results(over, make_topic("renting"), carol, by=police)
    with pytest.raises(InvalidInput):
        results(over, topic, carol, by=police, language="tlh")
    with pytest.raises(InvalidInput):
        results(over, topic, by=police)


@pytest.mark.parametrize("days", [1, -4])
def test_day_of_the_assessment_is_from_the_training_to_today(over, topic, carol, police, days):
    make_study(carol, over)
    with pytest.raises(InvalidInput):
        results(over, topic, carol, by=police, day=clock.today() + days * DAY)


# --- one's own ------------------------------------------------------------------------------------


def test_who_has_pages_of_a_lecturer(over, community):
    assistant, applicant = make_assistant("a", community), make_user("b", role=None)
    assert not learns(assistant) and not learns(applicant) and not learns(None)
    make_application(applicant, ApplicationStatus.SUBMITTED, programme=Programme.LECTURER)
    assert learns(applicant)
    make_study(assistant, over)
    assert learns(assistant)
    offered = make_user("c", role=None)
    make_appointment(offered, programme=Programme.LECTURER, accepted=False)
    assert not learns(offered)


def away(user) -> list[tuple[int, int]]:
    today = clock.today()
    rows = db.session.scalars(select(Absence).where(Absence.user_id == user.id))
    return sorted(((r.starts_on - today).days, (r.ends_on - today).days) for r in rows)


def be_away(user, first, last):
    with unit_of_work():
        absences.add_absence(clock.today() + first * DAY, clock.today() + last * DAY, by=user)


def test_days_away_that_touch_become_one(carol):
    be_away(carol, 5, 8)
    be_away(carol, 20, 20)
    assert away(carol) == [(5, 8), (20, 20)]
    be_away(carol, 9, 12)
    assert away(carol) == [(5, 12), (20, 20)]
    be_away(carol, 6, 25)
    assert away(carol) == [(5, 25)]


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (3, 2), (0, 366)])
def test_days_away_that_make_no_sense_are_refused(carol, first, last):
    with pytest.raises(InvalidInput):
        be_away(carol, first, last)


def test_days_away_are_not_longer_than_a_year_together(carol):
    be_away(carol, 0, 365)
    with pytest.raises(InvalidInput):
        be_away(carol, 366, 366)


def test_rule_20_days_away_are_their_persons(carol, police):
    row = make_absence(carol, clock.today())
    with pytest.raises(NotAllowed), unit_of_work():
        absences.remove_absence(row.id, by=police)
    with unit_of_work():
        absences.remove_absence(row.id, by=carol)
    assert away(carol) == []


# --- personal data --------------------------------------------------------------------------------


def test_rule_18_copy_tells_it_and_deletion_takes_it(over, topic, carol, police):
    study = make_study(carol, over)
    make_assessment(carol, over, topic, by=police)
    row = make_qualification(carol, topic)
    with unit_of_work():
        suspend_qualification(row.id, clock.today(), None, "Exams.", by=police)
    make_absence(carol, clock.today())
    coming = make_training(over.event.venue, [topic])
    ask(coming, carol, by=police)
    told = {table.name: table.rows for table in data_of_user(carol)}
    for name in (
        "qualifications", "qualification_suspensions", "assessments", "study_records",
        "training_invitations", "absences",
    ):  # fmt: skip
        assert len(told[name]) == 1, name
    with unit_of_work():
        erase_user(carol)
    left = {table.name: table.rows for table in data_of_user(carol)}
    assert left["study_records"] and db.session.get(StudyRecord, study.id) is not None
    for name in ("qualifications", "assessments", "training_invitations", "absences"):
        assert left[name] == [], name
