"""Twenty lecturers trained by the police, nine talks, 1,500 people: the whole way, in Chromium."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from hub import clock
from hub.enums import (
    AssignmentStatus,
    CountMethod,
    EventKind,
    EventStatus,
    Programme,
    Reach,
    StaffRole,
)
from hub.extensions import db
from hub.models import Assignment, Duty, Event, Talk, User
from hub.services.assignments import accept_offer
from hub.services.events import publish_event
from hub.services.talk_reports import ReportData, report_talk
from hub.services.trainings import accept_invitation
from hub.transaction import unit_of_work
from tests import factories
from tests.conftest import NOON
from tests.e2e import steps
from tests.e2e.conftest import DESKTOP, PHONE, Open, Watch
from tests.e2e.server import Site, running_site
from tests.e2e.test_people import follow, press, said
from tests.service_factories import make_activity, make_assistant
from tests.talk_factories import make_topic

SCRIPTS = pytest.mark.parametrize("js", [True, False], ids=["with scripts", "without scripts"])
TRAINING = NOON + timedelta(hours=2)
FIRST_TALK = NOON + timedelta(days=7, hours=6)
PEOPLE = [f"lecturer{number:02}" for number in range(1, 21)]
EXPECTED = [170, 170, 170, 170, 164, 164, 164, 164, 164]  # together 1,500
SCHOOL = "Zhejiang University of Technology"
POLICE, SUE = "pan@staff.example.com", "sue@staff.example.com"


@pytest.fixture
def season(worker: str, js: bool) -> Iterator[tuple[Site, int]]:
    """A site with twenty appointed lecturers who know nothing yet, and a training today."""
    with running_site(f"lecturers_{worker}_{js}", NOON) as site:
        with site.database():
            venue = factories.make_venue(factories.make_community("heyuan"))
            factories.make_user("pan", role=StaffRole.POLICE)
            factories.make_user("sue")
            for name in PEOPLE:
                make_assistant(name, programme=Programme.LECTURER)
            for slug in ("traffic", "renting"):
                make_topic(slug)
            make_activity("policy_talk", en="Law talk", zh="普法宣讲")
            event_id = factories.make_event(
                venue=venue, kind=EventKind.TRAINING, title="Training day", capacity=24,
                party_limit=1, starts_at=TRAINING, ends_at=TRAINING + timedelta(hours=3),
            ).id  # fmt: skip
        yield site, event_id


def enter(page: Page, address: str, to: str = "me") -> Page:
    steps.log_in(page, address, to=to)
    return page


def person(name: str) -> User:
    return db.session.scalars(select(User).where(User.name == name.capitalize())).one()


def train(police: Page, site: Site, event_id: int, first: Page) -> None:
    """Invite all twenty, note who came, enter what they passed, grant all of it."""
    here = f"/en/desk/trainings/{event_id}"
    police.goto(here)
    follow(police, "Say what it teaches")
    police.locator("#unit").fill("Liuxia Police Station")
    tick_all(police, "topics")
    press(police, "Save")
    follow(police, "Invite people")
    tick_all(police, "people")
    police.locator("main form button[type=submit]").last.click()
    expect(police.locator("main")).to_contain_text("Lecturer20")

    first.goto("/en/lecturing")
    first.get_by_role("button", name="Enrol").first.click()
    expect(first.locator("main")).to_contain_text("Confirmed")
    with site.database():  # the others do the same on their telephones
        for name in PEOPLE[1:]:
            with unit_of_work():
                accept_invitation(event_id, by=person(name))

    site.moment = TRAINING + timedelta(minutes=5)
    police.goto(here)
    for left in range(len(PEOPLE), 0, -1):
        came = police.get_by_role("button", name="Came")
        expect(came).to_have_count(left)
        came.first.click()
    site.moment = TRAINING + timedelta(hours=3)
    for topic in ("Traffic", "Renting"):
        police.goto(f"{here}/assess")
        police.locator("#topic").select_option(label=topic)
        police.locator("#language").select_option("en")
        press(police, "Show this sheet")
        for box in police.locator("select[name^=result_]").all():
            box.select_option("passed")
        press(police, "Enter these results")
        police.wait_for_url(f"**{here}")
    press(police, "Grant all that can be (40)")
    expect(police.get_by_role("button", name="Grant all")).to_have_count(0)


def plan(sue: Page) -> None:
    """The series with its target, then nine talks, each begun from the one before."""
    sue.goto("/en/desk/talks")
    follow(sue, "New series")
    sue.get_by_label("Title").first.fill("Nine talks for newcomers")
    sue.locator("#target").fill("1500")
    sue.locator("#first_day").fill(day(FIRST_TALK))
    sue.locator("#last_day").fill(day(FIRST_TALK + timedelta(days=70)))
    sue.locator("#schools").fill(f"{SCHOOL} = 1500")
    press(sue, "Save the series")
    steps.heading(sue, "Nine talks for newcomers")
    sue.get_by_role("link", name="Add a talk").first.click()
    tick_all(sue, "topic_ids")
    sue.locator("input[name=languages][value=en]").check()
    sue.locator("#starts_at").fill(steps.local_input(FIRST_TALK))
    sue.locator("#ends_at").fill(steps.local_input(FIRST_TALK + timedelta(minutes=90)))
    sue.locator("#school").fill(SCHOOL)
    for number, people in enumerate(EXPECTED):
        if number:
            follow(sue, "Add another like this")
        sue.locator("#expected").fill(str(people))
        press(sue, "Save the talk")
        expect(sue.locator("main")).to_contain_text("Lecturers: English")


def day(moment: datetime) -> str:
    found: date = clock.to_local(moment).date()
    return found.isoformat()


def tick_all(page: Page, name: str) -> None:
    for box in page.locator(f"main input[type=checkbox][name={name}]").all():
        box.check()


def talks(site: Site) -> list[tuple[int, int, str]]:
    """Event, duty and the address of who has it or is asked, of each talk in order."""
    with site.database():
        query = (
            select(Duty.event_id, Duty.id, User.email)
            .join(Assignment, Assignment.duty_id == Duty.id)
            .join(User, User.id == Assignment.user_id)
            .where(Assignment.status.in_([AssignmentStatus.OFFERED, AssignmentStatus.CONFIRMED]))
            .order_by(Duty.starts_at)
        )
        return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


@SCRIPTS
def test_twenty_lecturers_nine_talks_and_all_newcomers_reached(
    season: tuple[Site, int], open_page: Open, watch: Watch, js: bool
) -> None:
    site, training = season
    police = enter(open_page(site, js=js, size=DESKTOP), POLICE, to="desk")
    first = enter(open_page(site, js=js, size=PHONE), f"{PEOPLE[0]}@staff.example.com")
    train(police, site, training, first)
    first.goto("/en/lecturing")
    expect(first.locator("main").get_by_text("Valid", exact=True)).to_have_count(2)

    sue = enter(open_page(site, js=js, size=DESKTOP), SUE, to="desk")
    plan(sue)
    sue.goto("/en/desk/talks")
    follow(sue, "Nine talks for newcomers")
    expect(sue.locator("main")).to_contain_text("1500 of 1500 people planned")
    follow(sue, "Offer all proposed")
    press(sue, "Send the offers")
    asked = talks(site)
    assert len({address for _event, _duty, address in asked}) == 9  # nobody twice: a fair share

    # One says no, with a reason; the planner has somebody else. One accepts; the others too.
    event_id, duty_id, address = asked[0]
    shy = enter(open_page(site, js=js, size=PHONE), address)
    shy.goto(f"/en/service/duties/{duty_id}")
    follow(shy, "Decline")
    shy.locator("#reason").fill("I have an exam.")
    press(shy, "Decline")
    sue.goto(f"/en/desk/talks/{event_id}")
    expect(sue.locator("main")).to_contain_text("I have an exam.")
    sue.get_by_role("button", name="Offer").first.click()
    expect(sue.locator("main")).to_contain_text("Offered")
    asked = talks(site)
    assert asked[0][2] != address
    speaker = enter(open_page(site, js=js, size=PHONE), asked[0][2])
    speaker.goto("/en/service")
    speaker.get_by_role("button", name="Accept").first.click()
    said(speaker, "The duty is yours")
    with site.database():
        for found in db.session.scalars(select(Event).where(Event.status == EventStatus.DRAFT)):
            with unit_of_work():
                publish_event(found.id, by=person("sue"))
        offers = select(Assignment).where(Assignment.status == AssignmentStatus.OFFERED)
        for offer in db.session.scalars(offers).all():
            with unit_of_work():
                accept_offer(offer.id, by=offer.user)

    # The first is reported by its lecturer on the telephone, the others likewise.
    site.moment = FIRST_TALK + timedelta(hours=2)
    speaker.goto(f"/en/service/talks/{event_id}/report")
    speaker.locator("input[name=reach][value=headcount]").check()
    speaker.locator("#headcount").fill(str(EXPECTED[0]))
    speaker.locator("#counted_by").fill("class teacher")
    speaker.locator("#count_method").select_option("heads")
    speaker.locator("[name$=question]").first.fill("May I ride in the rain with an umbrella?")
    press(speaker, "Send the report")
    expect(speaker.locator("main")).to_contain_text("Reported on")
    for number, (later_id, _duty, email) in enumerate(asked[1:], start=1):
        site.moment = FIRST_TALK + timedelta(days=7 * number, hours=2)
        heads = ReportData(Reach.HEADCOUNT, EXPECTED[number], "class teacher", CountMethod.SHEET)
        with site.database(), unit_of_work():
            teller = db.session.scalars(select(User).where(User.email == email)).one()
            report_talk(later_id, heads, by=teller)

    # Their hours were sent to approval by themselves; coverage is full.
    sue.goto("/en/desk/records?tick=all")
    press(sue, "Approve the ticked ones")
    expect(sue.locator("main")).to_contain_text("Nothing waits")
    with site.database():
        assert db.session.scalar(select(Talk).where(Talk.reach.is_(None))) is None
    sue.goto("/en/desk/talks")
    follow(sue, "Nine talks for newcomers")
    follow(sue, "Coverage")
    expect(sue.locator("main")).to_contain_text("1,500 people")
    expect(sue.locator("main")).to_contain_text("100%")
    expect(sue.locator("svg.coverage__picture")).to_be_visible()
    sue.goto("/en/desk/talk-questions")
    expect(sue.locator("main")).to_contain_text("umbrella")

    eve = open_page(site, js=js, size=PHONE)  # no name without consent (rule 19)
    eve.goto("/en/talks")
    expect(eve.locator("main")).to_contain_text("Traffic")
    expect(eve.locator("main")).not_to_contain_text("Lecturer0")
