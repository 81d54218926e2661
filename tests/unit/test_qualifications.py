"""Qualifications: every condition on the day, suspended, revoked, reminded of (rules 5, 8)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import AssessmentResult, MessageKind, QualificationState
from hub.exceptions import InvalidInput, NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.models import AuditEntry, Message, QualificationSuspension
from hub.policies import (
    USUAL_VALIDITY,
    ConditionKind,
    can_see_qualification,
    conditions_for,
    first_free_day,
    missing_for,
)
from hub.queries.people import PeopleFilter, people
from hub.queries.qualifications import (
    VIEWS,
    QualificationFilter,
    desk_qualifications,
    learner_of,
    talks_broken_by,
)
from hub.services import qualifications as services
from hub.services.qualifications import Grant, grant
from hub.transaction import unit_of_work
from tests.factories import make_user
from tests.service_factories import make_appointment
from tests.talk_factories import (
    make_assessment,
    make_lecturer,
    make_lecturing,
    make_qualification,
    make_study,
    make_talk,
    make_topic,
    make_training,
)

DAY = timedelta(days=1)
K = ConditionKind
S = QualificationState
PASSED, FAILED = AssessmentResult.PASSED, AssessmentResult.FAILED


@pytest.fixture
def topic(db_session):
    return make_topic("traffic")


@pytest.fixture
def training(venue, topic):
    """Ten days ago."""
    return make_training(venue, [topic], starts_at=clock.now() - 10 * DAY)


@pytest.fixture
def carol(topic, training, police):
    """A lecturer who came and passed."""
    carol = make_lecturer("Carol")
    make_study(carol, training)
    make_assessment(carol, training, topic, by=police)
    return carol


def wanted(user, topic, *, first=0, days=364, language="en") -> Grant:
    start = clock.today() + first * DAY
    return Grant(user.id, topic.id, language, start, start + days * DAY)


def missing(user, topic, first=0, language="en") -> set[ConditionKind]:
    learner = learner_of(user, topic.id, language)
    return {c.kind for c in missing_for(topic, learner, clock.today() + first * DAY)}


def granted(user, topic, by, **days):
    with unit_of_work():
        return grant(wanted(user, topic, **days), by=by)


# --- conditions -----------------------------------------------------------------------------------


def test_every_condition_is_told_met_or_not(carol, topic):
    learner = learner_of(carol, topic.id, "en")
    conditions = conditions_for(topic, learner, clock.today())
    assert [c.kind for c in conditions] == list(ConditionKind)
    assert all(c.met for c in conditions)


@pytest.mark.parametrize(
    ("broken", "kinds"),
    [
        ("no term", {K.TERM}),
        ("term ended", {K.TERM}),
        ("no training", {K.TRAINING, K.ASSESSMENT}),
        ("other topic taught", {K.TRAINING, K.ASSESSMENT}),
        ("not assessed", {K.ASSESSMENT}),
        ("failed", {K.ASSESSMENT}),
        ("retake", {K.ASSESSMENT}),
        ("failed after passing", {K.ASSESSMENT}),
        ("passed after failing", set()),
        ("other language", {K.ASSESSMENT}),
        ("topic out of use", {K.TOPIC}),
        ("texts out of date", {K.TOPIC}),
        ("texts hold today", set()),
        ("held", {K.FREE}),
        ("held until yesterday", set()),
        ("revoked yesterday", set()),
        ("revoked tomorrow", {K.FREE}),
    ],
)
def test_rule_08_table_of_conditions(venue, topic, training, police, broken, kinds):
    today = clock.today()
    user = (
        make_user("Carol", role=None)
        if broken == "no term"
        else make_lecturer("Carol", ends_on=today - DAY if broken == "term ended" else None)
    )
    taught = training
    if broken == "other topic taught":
        other = make_topic("renting")
        taught = make_training(venue, [other], starts_at=clock.now() - 10 * DAY)
    if broken != "no training":
        make_study(user, taught)
    first = {"failed": FAILED, "retake": AssessmentResult.RETAKE, "passed after failing": FAILED}
    if broken != "not assessed":
        result = first.get(broken, PASSED)
        language = "ru" if broken == "other language" else "en"
        make_assessment(user, training, topic, language, by=police, result=result)
    later = {"failed after passing": FAILED, "passed after failing": PASSED}
    if broken in later:
        make_assessment(user, training, topic, by=police, result=later[broken])
    ends = {"held": 9, "held until yesterday": -1, "revoked yesterday": 9, "revoked tomorrow": 9}
    with unit_of_work():
        topic.active = broken != "topic out of use"
        until = {"texts out of date": today - DAY, "texts hold today": today}
        topic.valid_until = until.get(broken)
    if broken in ends:
        row = make_qualification(user, topic, valid_until=today + ends[broken] * DAY)
        with unit_of_work():
            revoked = {"revoked yesterday": today - DAY, "revoked tomorrow": today + DAY}
            row.revoked_on = revoked.get(broken)
    assert missing(user, topic) == kinds
    if kinds:
        with pytest.raises(WrongState), unit_of_work():
            grant(wanted(user, topic), by=police)
    else:
        assert granted(user, topic, police).is_valid(today)


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        (-11, {K.TRAINING, K.ASSESSMENT}),
        (-10, set()),
        (355, {K.TERM}),
        (356, {K.TERM, K.ASSESSMENT}),
    ],
)
def test_rule_08_conditions_are_asked_for_the_first_day(carol, topic, day, kinds):
    """The training and the assessment were ten days ago; the term ends in 335 days."""
    assert missing(carol, topic, day) == kinds


def test_rule_08_assessment_before_the_training_counts_for_nothing(carol, topic, police, training):
    make_assessment(carol, training, topic, by=police, examined_on=clock.today() - 11 * DAY)
    assert missing(carol, topic) == {K.ASSESSMENT}


def test_first_free_day_follows_what_holds(carol, topic):
    today = clock.today()
    rows = [
        make_qualification(carol, topic, valid_from=today, valid_until=today + 5 * DAY),
        make_qualification(carol, topic, valid_from=today + 6 * DAY, valid_until=today + 9 * DAY),
    ]
    assert first_free_day(rows, today) == today + 10 * DAY
    assert first_free_day([], today) == today


# --- granting -------------------------------------------------------------------------------------


def test_granted_qualification_knows_its_assessment(carol, topic, police):
    row = granted(carol, topic, police)
    assert row.assessment_id is not None and row.examiner == "Liuxia Police Station"
    assert row.valid_until - row.valid_from == USUAL_VALIDITY
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "grant")).one()
    assert entry.actor_id == police.id and entry.after["topic"] == "traffic"
    (told,) = db.session.scalars(select(Message)).all()
    assert (told.kind, told.user_id) == (MessageKind.QUALIFICATION_GRANTED, carol.id)


def test_rule_05_nobody_grants_or_ends_their_own_qualification(topic, training, police):
    make_appointment(police, programme="lecturer")
    make_study(police, training)
    make_assessment(police, training, topic, by=make_user("other"))
    with pytest.raises(OwnCase), unit_of_work():
        grant(wanted(police, topic), by=police)
    row = make_qualification(police, topic)
    today = clock.today()
    for decide in (
        lambda: services.suspend_qualification(row.id, today, None, "x", by=police),
        lambda: services.resume_qualification(row.id, by=police),
        lambda: services.revoke_qualification(row.id, today, "x", by=police),
    ):
        with pytest.raises(OwnCase), unit_of_work():
            decide()


def test_rule_20_only_examiners_decide(carol, topic, alice):
    with pytest.raises(NotAllowed), unit_of_work():
        grant(wanted(carol, topic), by=alice)
    row = make_qualification(carol, topic)
    with pytest.raises(NotAllowed), unit_of_work():
        services.revoke_qualification(row.id, clock.today(), "x", by=alice)


@pytest.mark.parametrize(("first", "days"), [(0, -1), (-5, 4), (0, 733)])
def test_days_that_make_no_sense_are_refused(carol, topic, police, first, days):
    with pytest.raises(InvalidInput), unit_of_work():
        grant(wanted(carol, topic, first=first, days=days), by=police)


def test_renewal_begins_when_the_first_one_ends(carol, topic, police):
    granted(carol, topic, police, days=30)
    with pytest.raises(WrongState), unit_of_work():
        grant(wanted(carol, topic, first=30), by=police)
    granted(carol, topic, police, first=31)


# --- suspended, revoked ---------------------------------------------------------------------------


def test_states_in_their_order(carol, topic):
    today = clock.today()
    row = make_qualification(carol, topic, valid_from=today, valid_until=today + 9 * DAY)
    with unit_of_work():
        row.suspensions.append(
            QualificationSuspension(starts_on=today + 2 * DAY, ends_on=today + 3 * DAY, reason="x")
        )
        row.revoked_on = today + 6 * DAY
    days = {-1: S.TO_COME, 0: S.VALID, 2: S.SUSPENDED, 4: S.VALID, 5: S.VALID, 6: S.REVOKED}
    assert {n: row.state(today + n * DAY) for n in days} == days
    assert row.last_day == today + 5 * DAY
    with unit_of_work():
        row.revoked_on = None
    assert row.state(today + 10 * DAY) is S.EXPIRED


def test_rule_08_talks_that_a_suspension_or_revocation_breaks(venue, alice, carol, topic, police):
    row = make_qualification(carol, topic)
    talk = make_talk(venue, [topic], alice)  # tomorrow
    mine = make_lecturing(talk, carol)
    today = clock.today()
    assert talks_broken_by(row) == []
    assert talks_broken_by(row, since=today, until=today) == []
    assert talks_broken_by(row, since=today, until=today + DAY) == [mine]
    assert talks_broken_by(row, since=today + 2 * DAY) == []
    with unit_of_work():
        services.suspend_qualification(row.id, today, None, "A complaint.", by=police)
    assert talks_broken_by(row) == [mine]
    with pytest.raises(WrongState), unit_of_work():
        services.suspend_qualification(row.id, today, None, "Again.", by=police)
    with unit_of_work():
        services.resume_qualification(row.id, by=police)
    assert talks_broken_by(row) == []
    with pytest.raises(InvalidInput), unit_of_work():
        services.revoke_qualification(row.id, today - DAY, "x", by=police)
    with pytest.raises(InvalidInput), unit_of_work():
        services.revoke_qualification(row.id, today, " ", by=police)
    with unit_of_work():
        services.revoke_qualification(row.id, today + DAY, "Told nonsense.", by=police)
    assert talks_broken_by(row) == [mine]
    told = db.session.scalars(select(Message).order_by(Message.id))
    kinds = [m.kind.value.partition("_")[2] for m in told]
    assert kinds == ["suspended", "resumed", "revoked"]


def test_planned_suspension_is_dropped_by_resuming(carol, topic, police):
    row, today = make_qualification(carol, topic), clock.today()
    with unit_of_work():
        services.suspend_qualification(row.id, today + 5 * DAY, None, "Exams.", by=police)
    assert row.is_valid(today)
    with unit_of_work():
        services.resume_qualification(row.id, by=police)
    assert row.suspensions == []
    with pytest.raises(WrongState), unit_of_work():
        services.resume_qualification(row.id, by=police)


def test_rule_08_search_for_the_qualified_respects_suspensions(carol, topic, police, sue):
    row, today = make_qualification(carol, topic), clock.today()
    asked = PeopleFilter(qualified_for="traffic")
    assert people(asked, by=sue) == [carol]
    with unit_of_work():
        services.suspend_qualification(row.id, today, today + DAY, "x", by=police)
    assert people(asked, by=sue) == []
    later = PeopleFilter(qualified_for="traffic", active_on=today + 2 * DAY)
    assert people(later, by=sue) == [carol]


# --- reminders, lists -----------------------------------------------------------------------------


def test_person_is_reminded_once_of_the_end(topic, db_session):
    carol, today = make_lecturer("Carol"), clock.today()
    soon = make_qualification(carol, topic, valid_until=today + 60 * DAY)
    make_qualification(carol, topic, "ru", valid_until=today + 61 * DAY)
    followed = make_qualification(carol, topic, "fr", valid_until=today + 3 * DAY)
    make_qualification(carol, topic, "fr", valid_from=today + 4 * DAY)
    assert followed.reminded_at is None
    with unit_of_work():
        assert services.remind_of_expiring_qualifications() == 1
    with unit_of_work():
        assert services.remind_of_expiring_qualifications() == 0
    (told,) = db.session.scalars(select(Message)).all()
    assert (told.kind, told.subject_id) == (MessageKind.QUALIFICATION_ENDING, soon.id)


def test_list_by_state(topic, police):
    carol, today = make_lecturer("Carol"), clock.today()
    rows = {
        "valid": make_qualification(carol, topic, "en"),
        "ending": make_qualification(carol, topic, "fr", valid_until=today + DAY),
        "suspended": make_qualification(carol, topic, "ru"),
        "expired": make_qualification(carol, topic, "ar", valid_until=today - DAY),
        "revoked": make_qualification(carol, topic, "es"),
        "to_come": make_qualification(carol, topic, "de", valid_from=today + DAY),
    }
    with unit_of_work():
        rows["suspended"].suspensions.append(
            QualificationSuspension(starts_on=today, ends_on=None, reason="x")
        )
        rows["revoked"].revoked_on = today
    found = {
        view: {q.language for q in desk_qualifications(QualificationFilter(view=view), by=police)}
        for view in VIEWS
    }
    assert found == {
        "valid": {"en", "fr"}, "ending": {"fr"}, "suspended": {"ru"}, "expired": {"ar"},
        "revoked": {"es"}, "to_come": {"de"},
    }  # fmt: skip
    by_language = QualificationFilter(q="carol", topic_id=topic.id, language="ru")
    assert desk_qualifications(by_language, by=police) == [rows["suspended"]]


def test_rule_20_list_and_policy_say_the_same(
    topic, community, other_community, alice, sam, sue, police
):
    make_qualification(make_lecturer("Here", community=community), topic)
    make_qualification(make_lecturer("There", community=other_community), topic)
    make_qualification(make_lecturer("Everywhere"), topic)
    rows = desk_qualifications(QualificationFilter(), by=police)
    assert len(rows) == 3
    for by, names in (
        (alice, {"Here", "Everywhere"}),
        (sam, {"There", "Everywhere"}),
        (sue, {"Here", "There", "Everywhere"}),
    ):
        found = desk_qualifications(QualificationFilter(), by=by)
        assert {row.user.name for row in found} == names
        assert {row.user.name for row in rows if can_see_qualification(by, row)} == names
