"""What people say, at the desk: figures, comments with translations, the table to take home."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub.extensions import db
from hub.models import AuditEntry, SurveyAnswer
from tests.factories import make_event
from tests.voice_factories import hear, make_answers, make_attended

DAY = timedelta(days=1)


@pytest.fixture
def past(venue, now):
    return make_event(venue=venue, capacity=60, starts_at=now - 20 * DAY, title="Tea together")


@pytest.fixture
def desk(client, alice):
    return client.log_in(alice)


def test_figures_as_pictures_with_the_same_numbers(desk, past):
    make_answers(past, 6, language="en")
    make_answers(past, 6, language="ko", enjoyed=3, again=1)
    page = desk.get_page("/en/desk/surveys")
    assert "12" in page.one(".figures li:first-child").get_text()
    assert page.text.count("12 answers, 50% very good or good") >= 4
    assert len(page.all("svg.taps__bar")) >= 8
    for heading in ("By event", "By kind", "By community", "By language", "Month by month"):
        assert page.has(f"h2:-soup-contains('{heading}')")
    assert "Tea together" in page.text and "Korean" in page.text
    assert page.all("table") and "Would come again" in page.text


def test_rule_17_too_few_answers_show_nothing(desk, past):
    assert "Too few answers" in desk.get_page("/en/desk/surveys").text
    make_attended(past)
    page = desk.get_page(f"/en/desk/surveys/{past.id}")
    assert "Too few answers" in page.text and "1 person was checked in" in page.text


def test_filters(desk, past):
    make_answers(past, 6, language="en")
    make_answers(past, 6, language="ko")
    page = desk.get_page("/en/desk/surveys")
    assert "6 answers" in desk.submit(page, "form.filters", language="ko").text
    assert "Too few answers" in desk.submit(page, "form.filters", language="ar").text
    assert "Too few answers" in desk.submit(page, "form.filters", kind="training").text
    assert "12 answers" in desk.submit(page, "form.filters", htmx=True).text
    for odd in ("kind=x", "series=x", "since=2027-01-01", "language=%00", "community=99999"):
        desk.get_page(f"/en/desk/surveys?{odd}")


def test_rule_24_comment_in_its_language_with_a_translation_beside_it(desk, past):
    make_answers(past, 5, comment="<b>좋았어요</b>", language="ko")
    page = desk.get_page(f"/en/desk/surveys/{past.id}")
    words = page.all("[lang=ko]")[0]
    assert words["dir"] == "auto" and words.get_text() == "<b>좋았어요</b>"
    form = desk.get_page(page.all("a:-soup-contains('Translate')")[0]["href"])
    sent = desk.submit(form, **{"text_en-text": "It was good.", "text_zh-text": "很好。"})
    told = desk.follow(desk_page(sent))
    assert "It was good." in told.text and "Translated by Alice" in told.text
    wrong = desk.submit(form, status=422, **{"text_en-text": "x" * 2001})
    assert "At most 2,000 characters." in wrong.text


def desk_page(sent):
    sent.response.headers["Location"] = sent.location.partition("#")[0]
    return sent


def test_rule_20_others_have_no_such_event_and_no_such_comment(client, past, sam, venue, now):
    make_answers(past, 5, comment="Good.")
    row = db.session.scalars(select(SurveyAnswer)).first()
    client.log_in(sam)
    client.get_page(f"/en/desk/surveys/{past.id}", 404)
    client.get_page(f"/en/desk/surveys/{past.id}/comments/{row.id}", 404)
    assert "Too few answers" in client.get_page("/en/desk/surveys").text


def test_rule_17_comment_that_is_not_shown_has_no_page(desk, past, venue, now):
    lately = make_event(venue=venue, starts_at=now - DAY, title="Lately")
    hear(lately, 2, comment="Good.")
    make_answers(past, 5)
    for row in db.session.scalars(select(SurveyAnswer)).all():
        desk.get_page(f"/en/desk/surveys/{row.event_id}/comments/{row.id}", 404)
    desk.get_page(f"/en/desk/surveys/{past.id}/comments/nothing", 404)


def test_rule_22_export_is_logged_with_who_and_why(desk, past):
    make_answers(past, 6)
    page = desk.get_page(desk.get_page("/en/desk/surveys").link("Export"))
    assert "1 event as a line" in page.text
    desk.submit(page, status=422, reason="")
    csv = desk.submit(page, status=200, reason="Report of the year", press="format")
    assert csv.response.mimetype.endswith("sheet")
    data = {str(t["name"]): str(t["value"]) for t in page.all("main form input[type=hidden]")}
    url = str(page.one("main form")["action"])
    csv = desk.post(url, data={**data, "reason": "Report", "format": "csv"})
    words = csv.get_data(as_text=True)
    assert (
        words.startswith("\ufeff")
        and "Tea together" in words
        and ",6,6,0,0,0,0,6,0,0,6,0,0" in words
    )
    query = select(AuditEntry).where(AuditEntry.subject == "surveys")
    entries = list(db.session.scalars(query.order_by(AuditEntry.id)))
    assert [(e.action, e.reason, e.after["rows"]) for e in entries] == [
        ("export", "Report of the year", 1),
        ("export", "Report", 1),
    ]


def test_event_page_leads_to_what_people_say(desk, past, event):
    page = desk.get_page(f"/en/desk/events/{past.id}")
    assert page.has(f"main a[href='/en/desk/surveys/{past.id}']")
    assert not desk.get_page(f"/en/desk/events/{event.id}").has(
        f"main a[href='/en/desk/surveys/{event.id}']"
    )
