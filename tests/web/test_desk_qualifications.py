"""Qualifications at the desk: the list, the conditions of a grant, what is decided later."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import clock
from hub.extensions import db
from hub.models import Qualification, QualificationSuspension, User
from tests.factories import make_user
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

DESK = "/en/desk/qualifications"
DAY = timedelta(days=1)


@pytest.fixture
def topic(db_session):
    return make_topic("traffic", "Traffic")


@pytest.fixture
def carol(topic) -> User:
    return make_lecturer("Carol")


def test_list_is_narrowed_by_name_topic_language_and_state(client, topic, carol, police):
    client.log_in(police)
    assert "Nobody is qualified yet" in client.get_page(DESK).text
    row = make_qualification(carol, topic, "ru")
    make_qualification(make_lecturer("Lena"), topic, valid_until=clock.today() + DAY)
    page = client.get_page(DESK)
    assert "Carol" in page.text and "Lena" in page.text and "Ends soon" in page.text
    page = client.submit(page, "main form[role=search]", language="ru", topic=str(topic.id))
    assert "Carol" in page.text and "Lena" not in page.one("#qualification-list").get_text()
    page = client.submit(page, "main form[role=search]", view="ending", language="")
    assert "Carol" not in page.one("#qualification-list").get_text()
    part = client.get_page(f"{DESK}?q=caro&topic=x&view=nonsense", htmx=True)
    assert part.link("Carol").endswith(f"/{row.id}")
    assert "No such qualification" in client.get_page(f"{DESK}?q=nobody").text


def test_grant_page_says_what_is_missing_and_grants_what_is_not(
    client, venue, topic, carol, police
):
    client.log_in(police)
    path = f"{DESK}/grant/{carol.id}/{topic.id}/en"
    page = client.get_page(path)
    assert len(page.all(".condition")) == 5 and len(page.all(".condition--missing")) == 2
    refused = client.submit(page, status=409)
    assert "Still missing" in refused.text
    training = make_training(venue, [topic], starts_at=clock.now() - 9 * DAY)
    make_study(carol, training)
    make_assessment(carol, training, topic, by=police)
    page = client.get_page(path)
    assert not page.has(".condition--missing") and "The latest assessment" in page.text
    assert "At most two years" in client.submit(page, valid_until="2029-12-01", status=422).text
    page = client.follow(client.submit(page, valid_until="2027-05-31"))
    assert "31 May 2027" in page.text and "A qualification was granted." in page.text
    page = client.get_page(page.link("Grant anew"))
    assert page.one("#valid_from")["value"] == "2027-06-01"


def test_grant_page_is_for_people_on_the_way_only(client, topic, police):
    client.log_in(police)
    stranger = make_user("Eve", role=None)
    carol = make_lecturer("Carol")
    for path in (f"{stranger.id}/{topic.id}/en", f"{carol.id}/99/en", f"{carol.id}/1/tlh"):
        client.get_page(f"{DESK}/grant/{path}", 404)


def test_suspend_resume_revoke_with_the_talks_they_break(
    client, venue, topic, carol, police, alice
):
    row = make_qualification(carol, topic)
    make_lecturing(make_talk(venue, [topic], alice), carol)
    client.log_in(police)
    here = f"{DESK}/{row.id}"
    page = client.get_page(here)
    assert "Talks without" not in page.text
    page = client.get_page(page.link("Suspend"))
    assert "Talks that this may break" in page.text
    assert "Say why" in client.submit(page, status=422).text
    page = client.follow(client.submit(page, reason="A complaint is looked into."))
    assert "Suspended" in page.text and "Talks without the qualification" in page.text
    page = client.follow(client.submit(client.get_page(page.link("Resume"))))
    assert "The qualification holds again" in page.text and "Talks without" not in page.text
    page = client.get_page(page.link("Revoke"))
    assert "Talks that this may break" in page.text
    page = client.follow(client.submit(page, reason="Told nonsense about visas."))
    assert "Revoked" in page.text and "Told nonsense about visas." in page.text
    for step in ("suspend", "resume", "revoke"):
        assert not client.get_page(f"{here}/{step}").has("main form")
    suspended = db.session.scalars(select(QualificationSuspension)).all()
    assert suspended == [], "one that began today and was resumed today never held"
    assert db.session.get_one(Qualification, row.id).revoked_on == clock.today()


def test_staff_of_a_community_read_only(client, topic, carol, alice):
    row = make_qualification(carol, topic)
    client.log_in(alice)
    page = client.get_page(f"{DESK}/{row.id}")
    assert "Carol" in page.text and not page.has("a[href$='/suspend']")
    for step in ("suspend", "resume", "revoke"):
        client.get_page(f"{DESK}/{row.id}/{step}", 404)
    client.get_page(f"{DESK}/grant/{carol.id}/{topic.id}/en", 404)


def test_rule_20_lecturers_of_another_community_are_not_shown(client, topic, community, sam, alice):
    row = make_qualification(make_lecturer("Carol", community=community), topic)
    client.log_in(sam)
    client.get_page(f"{DESK}/{row.id}", 404)
    assert "Carol" not in client.get_page(DESK).text


def test_page_of_the_person_says_that_it_is_suspended(client, topic, carol, sue):
    row = make_qualification(carol, topic)
    db.session.add(
        QualificationSuspension(
            qualification_id=row.id, starts_on=clock.today(), ends_on=None, reason="x"
        )
    )
    db.session.commit()
    client.log_in(sue)
    page = client.get_page(f"/en/desk/people/{carol.id}")
    assert page.one("section[aria-labelledby=qualifications] .badge").get_text() == "Suspended"
