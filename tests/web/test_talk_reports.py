"""The report of a talk on its two pages, the desk's list of questions, and coverage."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import AssignmentStatus, EventStatus, Reach, RecordStatus
from hub.extensions import db
from hub.models import Assignment, AuditEntry, ServiceRecord, Talk, TalkQuestion, User
from hub.services.record_decisions import approve_record
from hub.transaction import unit_of_work
from tests.factories import make_user
from tests.people import EVE
from tests.talk_factories import (
    make_attended,
    make_lecturer,
    make_lecturing,
    make_past_talk,
    make_plan,
    make_report,
    make_slides,
    make_talk,
    make_topic,
)

HEADS = {
    "reach": "headcount",
    "headcount": "152",
    "counted_by": "class teacher",
    "count_method": "heads",
}
WHY = "The police station asks for the half-year."


@pytest.fixture
def topics(db_session):
    return [make_topic("traffic"), make_topic("renting")]


@pytest.fixture
def talk(venue, alice, topics) -> Talk:
    return make_past_talk(venue, topics, alice, lecturers=3)


@pytest.fixture
def carol(talk, topics) -> User:
    user = make_lecturer("Carol", topics)
    make_lecturing(talk, user)
    return user


def own(talk: Talk) -> str:
    return f"/en/service/talks/{talk.event_id}/report"


def desk(talk: Talk) -> str:
    return f"/en/desk/talks/{talk.event_id}/report"


def stored(talk: Talk) -> Talk:
    return db.session.get_one(Talk, talk.event_id, populate_existing=True)


# --- the form -------------------------------------------------------------------------------------


def test_lecturer_reports_with_questions_and_materials(app, talk, carol, topics, alice):
    slides = make_slides(topics[0], alice, "Slides")
    client = EVE(app).log_in(carol)
    page = client.get_page(own(talk))
    assert "Traffic: Slides (English, version 1)" in page.text
    sent = client.submit(
        page,
        materials=[str(slides.id)],
        note="Bring more chairs.",
        **HEADS,
        **{
            "question_0-question": "May I ride without a helmet?",
            "question_0-topic_id": topics[1].id,
        },
    )
    shown = client.follow(sent)
    assert "152 people, by a head count (class teacher)" in shown.text
    row = stored(talk)
    assert (row.headcount, row.reported_by_id, row.note) == (152, carol.id, "Bring more chairs.")
    assert [m.id for m in row.materials] == [slides.id]
    assert [(q.question, q.topic_id) for q in row.questions] == [
        ("May I ride without a helmet?", topics[1].id)
    ]
    record = db.session.scalars(select(ServiceRecord)).one()
    assert (record.people_served, record.status) == (152, RecordStatus.SUBMITTED)
    again = client.get_page(own(talk))
    assert again.one("#question_0-question")["value"] == "May I ride without a helmet?"


def test_named_attendance_is_offered_with_how_many_are_checked_in(app, talk, carol):
    make_attended(talk, 3, 2)
    client = EVE(app).log_in(carol)
    page = client.get_page(own(talk))
    assert "Names from the door: 5 people are checked in" in page.text
    assert page.one("#reach-0").has_attr("checked")
    shown = client.follow(client.submit(page))
    assert "5 people, by the names from the door" in shown.text
    assert (stored(talk).reach, stored(talk).headcount) == (Reach.NAMED, None)


@pytest.mark.parametrize("htmx", [False, True])
def test_both_figures_are_refused_and_nothing_is_lost(app, talk, carol, htmx):
    make_attended(talk, 3)
    client = EVE(app).log_in(carol)
    values = HEADS | {"reach": "named", "note": "Kept.", "question_4-question": "Kept too?"}
    refused = client.submit(client.get_page(own(talk)), status=422, htmx=htmx, **values)
    assert "never both" in refused.one(".error-summary").get_text()
    assert refused.one("#headcount")["value"] == "152"
    assert refused.one("#question_4-question")["value"] == "Kept too?"
    assert "Kept." in refused.one("#note").get_text()
    assert stored(talk).reported_at is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"headcount": ""}, "Enter how many people were counted."),
        ({"headcount": "many"}, "Enter a whole number."),
        ({"headcount": "-3"}, "Between 0 and 10,000 people."),
        ({"counted_by": ""}, "Say who counted"),
        ({"count_method": ""}, "Choose how it was counted."),
        ({"question_1-question": "x" * 501}, "At most 500 characters."),
        ({"question_1-question": "a\x00b"}, "characters that cannot be used"),
        ({"reach": "named"}, "never both"),
        ({"reach": "stars"}, "Choose how it is known."),
    ],
)
def test_report_with_a_mistake_says_where(app, talk, carol, wrong, words):
    client = EVE(app).log_in(carol)
    refused = client.submit(client.get_page(own(talk)), status=422, **(HEADS | wrong))
    assert words in refused.one(".error-summary").get_text(" ")
    assert stored(talk).reported_at is None


def test_report_without_a_choice_of_the_figure_is_refused(app, talk, carol):
    client = EVE(app).log_in(carol)
    token = str(client.get_page(own(talk)).one("main [name=csrf_token]")["value"])
    refused = client.post_page(own(talk), {"csrf_token": token, "headcount": "5"}, 422)
    assert "Choose how it is known." in refused.one(".error-summary").get_text()


def test_more_rows_keep_what_was_typed_and_save_nothing(app, talk, carol):
    client = EVE(app).log_in(carol)
    page = client.get_page(own(talk))
    assert len(page.all("[name$='-question']")) == 5
    typed = {"question_4-question": "The fifth?"}
    more = client.submit(page, press="more", status=200, **HEADS, **typed)
    assert len(more.all("[name$='-question']")) == 8
    assert more.one("#question_4-question")["value"] == "The fifth?"
    assert not more.has(".error-summary") and stored(talk).reported_at is None
    client.submit(more, **{"question_7-question": "The eighth?"})
    assert [q.question for q in stored(talk).questions] == ["The fifth?", "The eighth?"]


# --- who, and when --------------------------------------------------------------------------------


def test_talk_that_is_not_over_or_cancelled_is_refused_with_words(app, venue, alice, topics, sue):
    coming = make_talk(venue, topics, alice)
    called_off = make_talk(venue, topics, alice, status=EventStatus.CANCELLED)
    client = EVE(app).log_in(sue)
    for talk, words in ((coming, "not over yet"), (called_off, "was cancelled")):
        page = client.get_page(desk(talk))
        assert words in page.text and not page.has("#report-form form")
        over = client.get_page(desk(make_past_talk(venue, topics, alice)))
        token = str(over.one("main [name=csrf_token]")["value"])
        refused = client.post_page(desk(talk), HEADS | {"csrf_token": token}, 409)
        assert words in refused.one(".error-summary").get_text()


def test_rule_20_a_report_is_for_whoever_gave_or_manages_the_talk(app, talk, carol, sam, topics):
    stranger = make_lecturer("Dora", topics)
    EVE(app).log_in(stranger).get_page(own(talk), 404)
    EVE(app).log_in(carol).get_page(desk(talk), 404)
    EVE(app).log_in(sam).get_page(desk(talk), 404)
    EVE(app).log_in(sam).get_page(own(talk), 404)
    EVE(app).log_in(carol).get_page("/en/service/talks/9999/report", 404)


@pytest.mark.parametrize("who", ["alice", "sue", "police"])
def test_rule_20_staff_and_police_report_at_the_desk(app, talk, carol, request, who):
    user = request.getfixturevalue(who)
    client = EVE(app).log_in(user)
    page = client.get_page(desk(talk))
    assert "Carol" in page.text
    assert "152 people" in client.follow(client.submit(page, **HEADS)).text


def test_staff_say_who_did_not_come(app, talk, carol, alice):
    client = EVE(app).log_in(alice)
    page = client.get_page(desk(talk))
    mine = db.session.scalars(select(Assignment).where(Assignment.user_id == carol.id)).one()
    shown = client.follow(client.submit(page, absent=[str(mine.id)], **HEADS))
    assert "Did not come" in shown.text and not shown.has("[name=absent]")
    assert db.session.get_one(Assignment, mine.id).status is AssignmentStatus.NO_SHOW
    assert db.session.scalars(select(ServiceRecord)).all() == []
    EVE(app).log_in(carol).get_page(own(talk), 404)


def test_rule_12_lecturer_cannot_correct_once_hours_are_approved(app, talk, carol, alice, sue):
    make_report(talk, alice)
    with unit_of_work():
        approve_record(db.session.scalars(select(ServiceRecord.id)).one(), by=sue)
    page = EVE(app).log_in(carol).get_page(own(talk))
    assert "approved already" in page.text and not page.has("#report-form form")
    client = EVE(app).log_in(alice)
    client.submit(client.get_page(desk(talk)), headcount="140")
    assert stored(talk).headcount == 140
    assert db.session.scalars(select(ServiceRecord)).one().people_served == 150


def test_report_is_in_the_trail_of_the_administrator_in_words(app, talk, alice, ada):
    make_report(talk, alice)
    make_report(talk, alice, headcount=160)
    text = EVE(app).log_in(ada).get_page("/en/desk/audit?subject=talk").text
    assert "The report of a law talk was corrected." in text
    assert "People reached: 150 → 160" in text


# --- questions ------------------------------------------------------------------------------------


def test_question_is_settled_and_opened_again(app, talk, alice, topics):
    make_report(talk, alice, questions=["May I ride without a helmet?"])
    client = EVE(app).log_in(alice)
    page = client.get_page("/en/desk/talk-questions")
    assert "May I ride without a helmet?" in page.text and "Traffic" in page.text
    done = client.follow(client.submit(page, "form[action*='/settle']"))
    assert "The question is settled." in done.text
    assert "helmet" not in done.one("#question-list").get_text()
    row = db.session.scalars(select(TalkQuestion)).one()
    assert (row.settled_by_id, row.settled_at) == (alice.id, clock.now())
    settled = client.get_page("/en/desk/talk-questions?view=settled")
    assert "Settled on Mon 23 Nov by Alice" in settled.text
    client.submit(settled, "form[action*='/reopen']")
    assert db.session.scalars(select(TalkQuestion)).one().settled_at is None


def test_question_settled_by_somebody_faster_says_so(app, talk, alice, sue):
    make_report(talk, alice, questions=["Why?"])
    client, other = EVE(app).log_in(alice), EVE(app).log_in(sue)
    page = client.get_page("/en/desk/talk-questions")
    other.submit(other.get_page("/en/desk/talk-questions"), "form[action*='/settle']")
    late = client.submit(page, "form[action*='/settle']", status=409)
    assert "settled already" in late.text


def test_questions_are_narrowed_by_topic(app, talk, alice, topics):
    make_report(talk, alice, questions=["Helmet?"])
    client = EVE(app).log_in(alice)
    for topic, found in ((topics[0].id, True), (topics[1].id, False), (0, False)):
        page = client.get_page(f"/en/desk/talk-questions?topic={topic}")
        assert ("Helmet?" in page.text) is found
        assert page.has(".empty-state") is not found


def test_rule_20_questions_of_other_communities_are_not_there(app, talk, alice, sam, police):
    make_report(talk, alice, questions=["Helmet?"])
    number = talk.questions[0].id
    client = EVE(app).log_in(sam)
    assert "Helmet?" not in client.get_page("/en/desk/talk-questions").text
    client.post_page(f"/en/desk/talk-questions/{number}/settle", {}, 404)
    client.post_page("/en/desk/talk-questions/9999/settle", {}, 404)
    assert "Helmet?" in EVE(app).log_in(police).get_page("/en/desk/talk-questions").text
    EVE(app).log_in(make_user(role=None)).get_page("/en/desk/talk-questions", 404)


# --- coverage -------------------------------------------------------------------------------------


@pytest.fixture
def plan(venue, alice, topics, talk):
    made = make_plan(venue.community, alice, schools={"Zhejiang University of Technology": 1500})
    other = make_past_talk(venue, topics, alice, languages=("en", "ru"), school="=1+1")
    with unit_of_work():
        for number in (talk.event_id, other.event_id):
            db.session.get_one(Talk, number).event.series_id = made.series_id
    make_report(talk, alice, headcount=150)
    return made


def test_series_is_shown_as_figures_picture_and_table(app, plan, alice, talk):
    page = EVE(app).log_in(alice).get_page(f"/en/desk/coverage?series={plan.series_id}")
    assert "150 people" in page.text and "1,500 people" in page.text and "10%" in page.text
    assert len(page.all("svg.coverage__picture .coverage__added")) == 1
    assert page.has(".coverage__target") and page.has(".coverage__planned")
    assert "English and Russian" in page.text and "Held, but not reported yet" in page.text
    assert len(page.all("figure + .table-scroll tbody tr")) == 2


def test_season_is_this_half_year_unless_said_otherwise(app, plan, alice):
    client = EVE(app).log_in(alice)
    assert "1 July 2026 to 31 December 2026" in client.get_page("/en/desk/coverage").text
    last = client.get_page("/en/desk/coverage?season=last")
    assert "1 January 2026 to 30 June 2026" in last.text and "No talk in this time" in last.text
    days = client.get_page("/en/desk/coverage?since=2026-11-23&until=2026-11-23")
    assert "150 people" in days.text
    upside_down = client.get_page("/en/desk/coverage?since=2026-12-01&until=2026-01-01")
    assert "1 July 2026" in upside_down.text


def test_rule_20_series_of_others_is_not_found(app, plan, sam, police):
    client = EVE(app).log_in(sam)
    client.get_page(f"/en/desk/coverage?series={plan.series_id}", 404)
    client.get_page(f"/en/desk/coverage/export?series={plan.series_id}", 404)
    assert "150 people" not in client.get_page("/en/desk/coverage").text
    EVE(app).log_in(police).get_page(f"/en/desk/coverage?series={plan.series_id}")
    EVE(app).log_in(make_user(role=None)).get_page("/en/desk/coverage", 404)


def export(app, user, plan, kind: str, **typed: str):
    client = EVE(app).log_in(user)
    url = f"/en/desk/coverage/export?series={plan.series_id}"
    page = client.get_page(url)
    token = str(page.one("main [name=csrf_token]")["value"])
    data = {"csrf_token": token, "format": kind, "reason": WHY, **typed}
    return client.post(url, data=data)


def test_rule_22_csv_has_a_mark_and_no_formula(app, plan, alice):
    answer = export(app, alice, plan, "csv")
    text = answer.data.decode()
    assert text.startswith("\ufeffNumber,Date,Talk") and answer.mimetype == "text/csv"
    assert "'=1+1" in text and ",=1+1" not in text
    line = next(line for line in text.splitlines() if "Reported" in line)
    assert line.endswith(",Reported,,150,150")  # no names, 150 heads: nothing is added


def test_rule_22_workbook_holds_texts_and_numbers(app, plan, alice):
    answer = export(app, alice, plan, "xlsx")
    sheet = ZipFile(BytesIO(answer.data)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "<v>150</v>" in sheet


def test_rule_22_export_is_written_down_with_who_and_why(app, plan, alice):
    export(app, alice, plan, "csv")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.subject == "coverage")).one()
    assert (entry.action, entry.actor_id, entry.reason) == ("export", alice.id, WHY)
    assert (entry.subject_id, entry.after) == (plan.series_id, {"rows": 2, "format": "csv"})


def test_rule_22_no_export_without_a_reason(app, plan, alice):
    assert export(app, alice, plan, "csv", reason=" ").status_code == 422
    assert not db.session.scalars(select(AuditEntry).where(AuditEntry.subject == "coverage")).all()
