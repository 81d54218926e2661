"""The lecturer's own pages: what is missing, trainings, results, days away."""

from datetime import timedelta

import pytest

from hub import clock
from hub.enums import LanguageLevel
from hub.services.people import ProfileData, save_profile
from hub.services.trainings import invite_people
from hub.transaction import unit_of_work
from tests.factories import make_user
from tests.talk_factories import (
    make_absence,
    make_assessment,
    make_lecturer,
    make_qualification,
    make_study,
    make_topic,
    make_training,
)

HERE = "/en/lecturing"
DAY = timedelta(days=1)


@pytest.fixture
def topic(db_session):
    return make_topic("traffic", "Traffic")


@pytest.fixture
def carol(topic):
    carol = make_lecturer("Carol")
    with unit_of_work():
        spoken = {"en": (LanguageLevel.C1, None), "ru": (LanguageLevel.NATIVE, None)}
        save_profile(carol, ProfileData("Carol", languages=spoken), by=carol)
    return carol


def test_newcomer_sees_what_each_topic_needs(client, carol):
    client.log_in(carol)
    page = client.get_page(HERE)
    assert "Study hours: 0 h. Training never counts as service." in page.text
    assert [h.get_text() for h in page.all(".path h4")] == ["English", "Russian"]
    missing = [li.get_text(" ", strip=True) for li in page.all(".condition--missing")]
    assert len(missing) == 3 and "Missing: Came to a training" in missing[0]


def test_qualified_lecturer_sees_state_and_history(client, venue, topic, carol, police):
    training = make_training(venue, [topic], starts_at=clock.now() - 9 * DAY)
    make_study(carol, training)
    make_assessment(carol, training, topic, by=police)
    row = make_qualification(carol, topic, valid_until=clock.today() + 9 * DAY)
    client.log_in(carol)
    page = client.get_page(HERE)
    assert "Study hours: 3 h." in page.text and "Ends soon" in page.text
    assert [h.get_text() for h in page.all(".path .badge")] == ["Valid"]
    page = client.get_page(page.one("#main .desk-row__title a")["href"])
    assert page.url.endswith(f"/qualifications/{row.id}") and "It ends soon" in page.text


def test_languages_are_asked_for_first(client, db_session):
    client.log_in(make_lecturer("Lena"))
    assert "Say in your profile" in client.get_page(HERE).text


def test_invitation_is_declined_and_taken_up_after_all(client, venue, topic, carol, police):
    training = make_training(venue, [topic])
    with unit_of_work():
        invite_people(training.event_id, [carol.id], by=police)
    client.log_in(carol)
    page = client.get_page(f"{HERE}/trainings/{training.event_id}")
    assert "You are invited" in page.text
    page = client.follow(client.submit(page, "form[action$='/decline']"))
    assert "You said that you cannot come." in page.text
    assert "You said no" in client.get_page(HERE).text
    page = client.follow(client.submit(page, "form[action$='/enrol']"))
    assert "You are enrolled." in page.text and "/tickets/" in page.link("My ticket")


def test_full_training_refuses_in_words(client, venue, topic, carol):
    training = make_training(venue, [topic])
    client.log_in(carol)
    page = client.get_page(f"{HERE}/trainings/{training.event_id}")
    with unit_of_work():
        training.event.capacity, training.event.has_waiting_list = 0, False
    refused = client.submit(page, "form[action$='/enrol']", status=409)
    assert "All places are taken" in refused.text


def test_days_away_are_added_and_taken_back(client, carol):
    client.log_in(carol)
    page = client.get_page(f"{HERE}/away")
    assert "Choose a day" in client.submit(page, status=422).text
    bad = client.submit(page, starts_on="2026-11-20", ends_on="2026-11-25", status=422)
    assert "lies in the past" in bad.text
    page = client.follow(client.submit(page, starts_on="2026-12-01", ends_on="2026-12-05"))
    assert "1 Dec" in page.text and "Away:" in client.get_page(HERE).text
    page = client.follow(client.submit(page, "form[action$='/remove']"))
    assert "You said no days so far." in page.text


def test_rule_20_pages_are_for_learners_and_each_their_own(client, venue, topic, carol):
    row = make_qualification(carol, topic)
    away = make_absence(carol, clock.today())
    client.log_in(make_user("Eve", role=None))
    for path in ("", "/away", f"/qualifications/{row.id}"):
        client.get_page(HERE + path, 404)
    client.post_page(f"{HERE}/away/{away.id}/remove", {}, 404)
    other = client.application.test_client()
    other.log_in(make_lecturer("Lena"))
    other.get_page(f"{HERE}/qualifications/{row.id}", 404)
    page = other.get_page(f"{HERE}/away")
    token = page.all("input[name=csrf_token]")[0]["value"]
    other.post_page(f"{HERE}/away/{away.id}/remove", {"csrf_token": token}, 404)
