"""Law talks at the desk: the list, one talk with its lecturers, series, offers; who is asked."""

from datetime import timedelta

import pytest

from hub.enums import AssignmentStatus, MessageKind
from hub.extensions import db
from hub.models import Assignment, Duty, Message, Talk
from hub.web.mails import write_mail
from tests.factories import local, make_event
from tests.mails import text_of
from tests.people import EVE
from tests.service_factories import make_activity
from tests.talk_factories import (
    make_lecturer,
    make_lecturing,
    make_plan,
    make_talk,
    make_talk_request,
    make_topic,
)

DAY = timedelta(days=1)
START = local("2026-12-02 14:00")
DESK = "/en/desk/talks"
S = AssignmentStatus
TYPED = {
    "topic_ids": ["1"],
    "languages": ["en", "ru"],
    "starts_at": "2026-12-02T14:00",
    "ends_at": "2026-12-02T15:30",
    "school": "ZJUT",
    "expected": "160",
    "lecturers": "1",
}


@pytest.fixture
def topics(db_session):
    make_activity("policy_talk", en="Law talk", zh="普法宣讲")
    return [make_topic("traffic"), make_topic("renting")]


@pytest.fixture
def desk(client, alice):
    return client.log_in(alice)


def status(number: int = 1) -> AssignmentStatus:
    return db.session.get_one(Assignment, number).status


def test_request_becomes_a_talk_and_is_answered_with_it(desk, venue, topics):
    asked = make_talk_request(
        organisation="Night school", people=55, topics=[topics[1].id], languages=["en"],
        wished_on=START.date(), community_id=venue.community_id,
    )  # fmt: skip
    page = desk.get_page(f"{DESK}/new?request={asked.id}")
    assert page.one("#school")["value"] == "Night school"
    assert page.one("#starts_at")["value"] == "2026-12-02T18:30"
    made = desk.submit(page, "main form", lecturers="1")
    answer = desk.get_page(made.location)
    talk = db.session.scalars(db.select(Talk)).one()
    assert (talk.expected, [t.slug for t in talk.topics]) == (55, ["renting"])
    assert answer.one("#event_id option[selected]")["value"] == str(talk.event_id)
    desk.submit(answer, "main form")
    db.session.refresh(asked)
    assert asked.event_id == talk.event_id


def test_rule_20_request_of_another_community_is_planned_by_nobody_here(
    desk, venue, topics, other_community
):
    asked = make_talk_request(community_id=other_community.id)
    assert desk.get(f"{DESK}/new?request={asked.id}").status_code == 404


def test_plan_a_talk_and_another_like_it(desk, venue, topics):
    page = desk.get_page(f"{DESK}/new")
    made = desk.submit(page, "main form", **TYPED)
    shown = desk.get_page(made.location)
    assert "Law talk: Traffic" in shown.text and "Nobody is qualified for Traffic" in shown.text
    again = desk.get_page(f"{DESK}/new?after=1")
    assert again.one("#starts_at")["value"] == "2026-12-09T14:00"
    desk.submit(again, "main form")
    assert [t.school for t in db.session.scalars(db.select(Talk))] == ["ZJUT", "ZJUT"]


def test_wrong_talk_keeps_what_was_typed(desk, venue, topics):
    page = desk.get_page(f"{DESK}/new")
    answer = desk.submit(page, "main form", status=422, **{**TYPED, "topic_ids": []})
    assert "Choose at least one topic" in answer.text
    assert answer.one("#school")["value"] == "ZJUT"


def test_edit_a_talk(desk, venue, alice, topics):
    make_talk(venue, topics, alice, starts_at=START)
    page = desk.get_page(f"{DESK}/1/edit")
    desk.submit(page, "main form", expected="200", each_language=True, languages=["en", "fr"])
    assert db.session.get_one(Talk, 1).expected == 200
    assert db.session.scalar(db.select(db.func.count(Duty.id))) == 2


def test_duty_of_a_lecturer_is_edited_with_its_talk(desk, venue, alice, topics):
    make_talk(venue, topics, alice, starts_at=START)
    answer = desk.get("/en/desk/duties/1/edit")
    assert answer.status_code == 303 and answer.location.endswith("/en/desk/talks/1/edit")


def test_index_names_what_lacks_and_what_is_not_reported(desk, venue, alice, topics):
    make_talk(venue, topics, alice, starts_at=START)
    make_talk(venue, topics, alice, starts_at=START - 30 * DAY)
    make_plan(venue.community, alice)
    page = desk.get_page(DESK)
    assert "1 lecturer missing" in page.one("#talk-1").get_text()
    assert page.one("#talk-1 .state-cancelled")  # in red: it is near
    assert "nobody said how many came" in page.text and page.one("section #talk-2")
    assert "0 of 1500 people planned" in page.text


def test_today_names_talks_that_lack_a_lecturer(desk, venue, alice, topics):
    make_talk(venue, topics, alice, starts_at=START)
    page = desk.get_page("/en/desk")
    assert "Talks of the next two weeks that lack a lecturer" in page.text


def test_proposal_is_offered_with_one_tap(desk, venue, alice, topics):
    make_talk(venue, topics, alice, starts_at=START)
    carol = make_lecturer("Carol", topics)
    page = desk.get_page(f"{DESK}/1")
    assert "Qualified for Traffic and Renting in English until" in page.text
    desk.submit(page, f"#proposal-1-{carol.id} form")
    assert status() is S.OFFERED
    assert "Carol" in desk.get_page(f"{DESK}/1").one("#assignment-1").get_text()


def test_rule_08_offer_to_the_unqualified_needs_the_page_with_a_reason(desk, venue, alice, topics):
    make_talk(venue, topics, alice, starts_at=START)
    make_lecturer("Ready", topics)
    half = make_lecturer("Half", topics[:1])
    page = desk.get_page(f"{DESK}/1")
    token = page.html.select("input[name=csrf_token]")[0]["value"]
    answer = desk.post(f"{DESK}/1/offer/1/{half.id}", data={"csrf_token": token})
    assert answer.status_code == 303
    assert "Say why you offer it all the same." in desk.get_page(f"{DESK}/1").text
    assert db.session.scalar(db.select(db.func.count(Assignment.id))) == 0


def test_series_is_made_planned_and_offered(desk, venue, alice, topics):
    page = desk.get_page(f"{DESK}/series/new")
    typed = {"text_en-title": "New students", "target": "1500", "schools": "ZJUT = 600\nZUST=300"}
    made = desk.submit(page, "main form", **typed)
    page = desk.get_page(made.location)
    add = desk.get_page(f"{DESK}/new?series=1")
    desk.submit(add, "main form", **{**TYPED, "languages": ["en"], "topic_ids": ["1", "2"]})
    for name in ("Carol", "Dina"):
        make_lecturer(name, topics)
    page = desk.get_page(f"{DESK}/series/1")
    assert "160 of 1500 people planned" in page.text and "600" in page.text
    assert page.one("#planner") and "Carol" in page.text and "Dina" not in page.text
    asked = desk.get_page(f"{DESK}/series/1/offer")
    desk.submit(asked, "main form")
    assert status() is S.OFFERED
    assert "nobody to propose" in desk.get_page(f"{DESK}/series/1/offer").text
    edited = desk.get_page(f"{DESK}/series/1/edit")
    assert edited.one("#schools").get_text().strip() == "ZJUT = 600\nZUST = 300"
    desk.submit(edited, "main form", target="1000")
    assert "of 1000 people" in desk.get_page(f"{DESK}/series/1").text


@pytest.mark.parametrize("typed", ["ZJUT", "ZJUT = many", "A = 1\nA = 2", "= 5"])
def test_schools_that_cannot_be_read(desk, venue, typed):
    page = desk.get_page(f"{DESK}/series/new")
    desk.submit(page, "main form", status=422, **{"text_en-title": "X", "schools": typed})


def test_lecturer_reads_the_talk_and_declines_with_a_reason(app, desk, venue, alice, topics):
    talk = make_talk(venue, topics, alice, starts_at=START)
    carol = make_lecturer("Carol", topics)
    make_lecturing(talk, carol, S.OFFERED)
    hers = EVE(app).log_in(carol)
    page = hers.get_page("/en/service/duties/1")
    assert "Zhejiang University of Technology" in page.text and "Renting" in page.text
    page = hers.get_page("/en/service/duties/1/no")
    hers.submit(page, "main form", reason="I have an exam.")
    assert status() is S.DECLINED
    assert "I have an exam." in desk.get_page(f"{DESK}/1").text


def test_mail_of_a_talk_that_lacks_somebody(app, desk, venue, alice, topics):
    talk = make_talk(venue, topics, alice, starts_at=START)
    carol = make_lecturer("Carol", topics)
    make_lecturing(talk, carol)
    hers = EVE(app).log_in(carol)
    hers.submit(hers.get_page("/en/service/duties/1/release"), "main form")
    lacks = MessageKind.TALK_LACKS_LECTURER
    message = db.session.scalars(db.select(Message).where(Message.kind == lacks)).one()
    with app.test_request_context():
        mail = write_mail(message)
    assert "A talk lacks a lecturer" in mail["Subject"]
    words = text_of(mail)
    assert "/en/desk/talks/1" in words and "Carol" not in words


def test_rule_20_talks_of_others_are_not_there(app, venue, alice, sam, topics):
    make_talk(venue, topics, alice, starts_at=START)
    make_plan(venue.community, alice)
    theirs = EVE(app).log_in(sam)
    for path in ("1", "1/edit", "series/2", "series/1", "new?after=1", "new?series=1"):
        assert theirs.get(f"{DESK}/{path}").status_code == 404
    assert "lecturer missing" not in theirs.get_page(DESK).text


def test_rule_19_no_name_of_a_lecturer_in_public(client, venue, alice, topics):
    make_lecturing(make_talk(venue, topics, alice, starts_at=START), make_lecturer("Carol", topics))
    for path in ("/en/events/1", "/en/events", "/en/", "/calendar/events.ics"):
        assert "Carol" not in client.get(path).get_data(as_text=True)


def test_event_without_topics_says_so(desk, venue, alice, topics):
    make_event(venue=venue, kind="law_talk", starts_at=START)
    assert "Say it now" in desk.get_page(f"{DESK}/1").text
    desk.submit(desk.get_page(f"{DESK}/1/edit"), "main form", topic_ids=["1"], languages=["en"])
    assert db.session.get_one(Talk, 1).event_id == 1
