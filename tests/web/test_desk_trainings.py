"""Trainings at the desk: what they teach, who is asked, who came, who passed and is qualified."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import AssessmentResult, EventKind, Programme, SignUpStatus
from hub.extensions import db
from hub.integrations.contacts import parse_contact
from hub.models import Assessment, Message, Qualification, SignUp, StudyRecord, Training, User
from hub.services.signups import Person, add_sign_up
from hub.transaction import unit_of_work
from tests.factories import make_event
from tests.people import EVE
from tests.service_factories import make_assistant
from tests.talk_factories import (
    make_assessment,
    make_lecturer,
    make_study,
    make_topic,
    make_training,
)

DESK = "/en/desk/trainings"
HOUR = timedelta(hours=1)


@pytest.fixture
def topic(db_session):
    return make_topic("traffic", "Traffic")


@pytest.fixture
def carol(topic) -> User:
    return make_lecturer("Carol")


@pytest.fixture
def training(venue, topic) -> Training:
    """It began an hour ago."""
    return make_training(venue, [topic], starts_at=clock.now() - HOUR)


def book(training, user, by) -> SignUp:
    with unit_of_work():
        person = Person(user.name, parse_contact(user.email), "en")
        return add_sign_up(training.event_id, person, 1, by=by)


def test_training_from_event_to_qualification(client, venue, topic, carol, police, now):
    event = make_event(venue=venue, kind=EventKind.TRAINING, starts_at=now + HOUR, party_limit=1)
    client.log_in(police)
    page = client.get_page(DESK)
    assert "Not said yet what it teaches" in page.text
    page = client.get_page(f"{DESK}/{event.id}")
    page = client.get_page(page.link("Say what it teaches"))
    assert "at least one topic" in client.submit(page, unit="Police", status=422).text
    page = client.follow(client.submit(page, unit="Liuxia Police", topics=[str(topic.id)]))
    assert "Liuxia Police" in page.text and "Traffic" in page.text
    page = client.get_page(page.link("Invite people"))
    assert client.submit(page, status=422).has(".error-summary")
    page = client.follow(client.submit(page, people=[str(carol.id)]))
    assert "1 person is invited." in page.text and "No answer yet" in page.text
    lecturer = EVE(client.application).log_in(carol)
    mine = lecturer.get_page("/en/lecturing")
    assert "You are invited" in mine.text
    mine = lecturer.follow(lecturer.submit(mine, "form[action$='/enrol']"))
    assert "You are enrolled." in mine.text
    with clock.fixed_at(now + HOUR):
        page = client.get_page(f"{DESK}/{event.id}")
        assert "Enrolled" in page.text
        page = client.follow(client.submit(page, "form[action$='/came']"))
        (study,) = db.session.scalars(select(StudyRecord)).all()
        assert (study.user_id, study.minutes) == (carol.id, 120)
        page = client.get_page(page.link("Enter results"))
        assert client.submit(page, "main form[method=post]", status=422).has(".error-summary")
        page = client.submit(page, "main form[method=post]", **{f"result_{carol.id}": "passed"})
        page = client.follow(page)
        assert "1 result is entered." in page.text and not page.has("form[action$='/not-came']")
        page = client.follow(client.submit(page, "form[action*='/qualifications/grant/']"))
        assert "Valid" in page.text and "Liuxia Police" in page.text
    row = db.session.scalars(select(Qualification)).one()
    assert (row.user_id, row.language, row.examiner) == (carol.id, "en", "Liuxia Police")
    kinds = [m.kind.value for m in db.session.scalars(select(Message).order_by(Message.id))]
    assert kinds == ["training_invited", "confirmed", "assessment_entered", "qualification_granted"]


def test_who_came_can_be_taken_back_until_the_assessment(client, training, carol, alice, police):
    book(training, carol, alice)
    client.log_in(alice)
    page = client.get_page(f"{DESK}/{training.event_id}")
    page = client.follow(client.submit(page, "form[action$='/came']"))
    assert not page.has("a[href$='/assess']"), "the community does not examine"
    page = client.follow(client.submit(page, "form[action$='/not-came']"))
    assert db.session.scalars(select(StudyRecord)).all() == []
    client.submit(page, "form[action$='/came']")
    make_assessment(carol, training, training.topics[0], by=police)
    (booked,) = db.session.scalars(select(SignUp)).all()
    assert booked.status is SignUpStatus.ATTENDED
    page = client.get_page(f"{DESK}/{training.event_id}/walk-in")  # it has a token
    url = f"{DESK}/{training.event_id}/people/{booked.id}/not-came"
    token = page.all("input[name=csrf_token]")[0]["value"]
    page = client.follow(client.post_page(url, {"csrf_token": token}, 303))
    assert "assessed at this training already" in page.text


def test_walk_in_takes_a_seat(client, training, carol, alice):
    client.log_in(alice)
    page = client.get_page(f"{DESK}/{training.event_id}/walk-in")
    page = client.follow(client.submit(page, person=str(carol.id)))
    assert "has a place and came" in page.text
    db.session.refresh(training.event)
    assert training.event.seats_taken == 1
    assert db.session.scalars(select(StudyRecord.user_id)).one() == carol.id


def test_grant_all_that_can_be(client, training, topic, police):
    passed, failed, gone = (make_lecturer(n) for n in ("Pat", "Fay", "Gus"))
    applicant = make_assistant("Ann", programme=Programme.ASSISTANT)
    for user in (passed, failed, gone, applicant):
        make_study(user, training)
        book(training, user, police)
    results = (AssessmentResult.PASSED, AssessmentResult.FAILED, AssessmentResult.RETAKE)
    for user, result in zip((passed, failed, gone), results, strict=True):
        make_assessment(user, training, topic, by=police, result=result)
    make_assessment(applicant, training, topic, by=police)
    with unit_of_work():
        for row in db.session.scalars(select(SignUp)):
            row.status = SignUpStatus.ATTENDED
    client.log_in(police)
    page = client.get_page(f"{DESK}/{training.event_id}")
    assert "The term as a lecturer holds" in page.text
    page = client.follow(client.submit(page, "form[action$='/grant']:not([action*=qualif])"))
    assert "1 qualification is granted." in page.text
    assert db.session.scalars(select(Qualification.user_id)).all() == [passed.id]
    assert page.text.count("Qualified") == 1


def test_sheet_is_about_one_topic_in_one_language(client, venue, topic, carol, police):
    other = make_topic("renting", "Renting")
    training = make_training(venue, [topic, other], starts_at=clock.now() - HOUR)
    make_study(carol, training)
    client.log_in(police)
    page = client.get_page(f"{DESK}/{training.event_id}/assess")
    page = client.submit(page, "form[method=get]", topic=str(other.id), language="ru")
    assert page.one("main h2").get_text() == "Renting · Russian"
    values = {f"result_{carol.id}": "retake", f"note_{carol.id}": "Read § 3 again."}
    bad = client.submit(
        page, "form[method=post].form", examined_on="2026-11-22", status=422, **values
    )
    assert "cannot be before the training" in bad.text and "Read § 3 again." in str(bad.html)
    bad = client.submit(
        page, "form[method=post].form", examined_on="2026-11-24", status=422, **values
    )
    assert "lies in the future" in bad.text
    client.submit(page, "form[method=post].form", **values)
    row = db.session.scalars(select(Assessment)).one()
    assert (row.topic_id, row.language, row.result.value) == (other.id, "ru", "retake")
    lecturer = EVE(client.application).log_in(carol)
    page = lecturer.get_page(f"/en/lecturing/trainings/{training.event_id}")
    assert "Read § 3 again." in page.text and "never counts as service" in page.text


def test_rule_20_another_community_does_not_see_the_training(client, training, sam):
    client.log_in(sam)
    for path in ("", "/edit", "/invite", "/walk-in", "/assess"):
        client.get_page(f"{DESK}/{training.event_id}{path}", 404)
    assert training.event.title not in client.get_page(DESK).text


def test_event_of_another_kind_is_no_training(client, event, alice):
    client.log_in(alice)
    client.get_page(f"{DESK}/{event.id}", 404)


def test_past_trainings_stand_apart(client, venue, topic, alice):
    make_training(venue, [topic], starts_at=clock.now() - timedelta(days=3))
    client.log_in(alice)
    assert "No training ahead" in client.get_page(DESK).text
    assert "Liuxia Police Station" in client.get_page(f"{DESK}?view=past").text
