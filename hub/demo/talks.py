"""The nine law talks of the sample data: planned for 1,500 newcomers, given by the lecturers.

Those that are over are reported; one of them waits for its report, one to come has lost its
lecturer, and one waits for an answer. Two schools have asked for a talk of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from hub import clock
from hub.demo.accounts import ADMIN, Staff
from hub.demo.lecturers import DAY, HOUR, ZISU, ZUST, ZUT, Lecturers
from hub.demo.places import Places
from hub.demo.programme import TALKS
from hub.demo.texts import with_note, words_of
from hub.demo.timeline import Timeline
from hub.enums import AssignmentStatus, CountMethod, Reach, RecordStatus
from hub.extensions import db
from hub.integrations.contacts import parse_contact
from hub.models import Assignment, Duty, Event, ServiceRecord, User
from hub.queries.planner import plan_for, proposals
from hub.services.assignments import accept_offer, decline_offer, offer_duty, release_duty
from hub.services.attendance import check_in, check_out
from hub.services.event_data import data_of
from hub.services.events import update_event
from hub.services.record_decisions import approve_record
from hub.services.talk_plans import PlanData, plan_series
from hub.services.talk_reports import Asked, ReportData, report_talk
from hub.services.talk_requests import Asking, ask_for_talk, plan_request
from hub.services.talks import TalkData, plan_talk

TARGET = 1500
SCHOOLS = {ZUT: 600, ZISU: 480, ZUST: 420}


@dataclass(frozen=True, slots=True)
class Session:
    """What the lecturers speak about, in which languages (one of them for each), to whom, and how
    many came."""

    topics: str
    languages: str
    school: str
    came: int
    asked: tuple[str, ...] = ()


# In the order of hub/demo/programme.py, TALKS.
SESSIONS = (
    Session("residence", "en fr", ZUT, 196,
            ("My host family went on a trip. Do I register again when they come back?",)),
    Session("residence", "en ru", ZISU, 168,
            ("My passport was renewed at home in August. Is the permit still good?",)),
    Session("renting", "en ar", ZUST, 141,
            ("The landlord keeps the deposit because of a scratch. Whom do I call first?",
             "May a landlord forbid visitors?")),
    Session("work", "en", ZUT, 158, ("Is an online job for a company at home also work?",)),
    Session("fraud money-laundering", "en ur", ZUT, 188),
    Session("traffic", "en vi", ZISU, 171),
    Session("drugs", "en fr", ZUST, 149),
    Session("fraud", "en id", ZISU, 186),
    Session("renting residence", "en ar", ZUST, 143),
)  # fmt: skip


class Talks:
    """Plans the talks on the timeline. ``publish`` publishes an event as the story does."""

    def __init__(
        self,
        timeline: Timeline,
        staff: Staff,
        places: Places,
        lecturers: Lecturers,
        publish: Callable[[int, int], None],
    ) -> None:
        self.timeline, self.staff, self.places = timeline, staff, places
        self.lecturers, self.publish = lecturers, publish
        self._ids: list[int] = []

    @property
    def office(self) -> User:
        return self.staff.office

    def plan(self, first: datetime, opened: datetime) -> None:
        """``first``: when the first talk begins; ``opened``: when the series is planned."""
        self.timeline.at(opened, partial(self._open, first))
        now = self.timeline.now
        self.timeline.at(now - 5 * DAY, self._school_asks)
        self.timeline.at(now - 30 * HOUR, self._village_asks)

    def _open(self, first: datetime) -> None:
        titles = {code: words.title for code, words in words_of(TALKS.key).items()}
        day = clock.to_local(first).date()
        plan = plan_series(
            PlanData(
                community_id=self.places.communities["liuxia"],
                titles=titles,
                target=TARGET,
                first_day=day - 7 * DAY,
                last_day=day + 70 * DAY,
                audience="秋季学期新生 New students of the autumn term",
                schools=dict(SCHOOLS),
            ),
            by=self.office,
        )
        for number in range(len(SESSIONS)):
            self._ids.append(self._session(number, first, plan.series_id))
            self.publish(self._ids[number], number)
        self.timeline.at(clock.now() + DAY, self._offer_all)
        for number, session in enumerate(SESSIONS):
            begins = first + 7 * number * DAY
            self.timeline.at(begins - 10 * timedelta(minutes=1), partial(self._come, number))
            self.timeline.at(begins + 95 * timedelta(minutes=1), partial(self._go, number))
            if begins + 7 * DAY < self.timeline.now:  # the newest one still waits for its report
                self.timeline.at(begins + 20 * HOUR, partial(self._report, number, session))
                self.timeline.at(begins + 3 * DAY, partial(self._approve, number))

    def _session(self, number: int, first: datetime, series_id: int) -> int:
        key, venue, capacity, _spoken = TALKS.sessions[number]
        session, begins = SESSIONS[number], first + 7 * number * DAY
        talk = plan_talk(
            TalkData(
                venue_id=self.places.venues[venue],
                starts_at=begins,
                ends_at=begins + timedelta(minutes=TALKS.first.minutes),
                topic_ids=[self.lecturers.topics[slug] for slug in session.topics.split()],
                languages=session.languages.split(),
                school=session.school,
                expected=capacity,
                each_language=True,
                series_id=series_id,
            ),
            by=self.office,
        )
        data = data_of(talk.event)
        data.texts, data.party_limit = with_note(words_of(key)), TALKS.first.party_limit
        update_event(talk.event_id, data, by=self.office)
        return talk.event_id

    # --- lecturers -------------------------------------------------------------------------------

    def _offer_all(self) -> None:
        """The planner proposes, the office offers; most say yes within two days."""
        duties = self._duties()
        tatiana = self.lecturers.user("tatiana").id
        newest = max(n for n in range(9) if self._event(n).starts_at < self.timeline.now - 2 * HOUR)
        self._offer(self._duty(newest).id, tatiana, partial(self._accept))
        for duty_id, found in plan_for(duties, self.office).items():
            for proposal in found:
                self._offer(duty_id, proposal.user.id, partial(self._accept))
        self.timeline.at(self.timeline.now - 3 * DAY, self._declines)
        self.timeline.at(self.timeline.now - 26 * HOUR, self._drops_out)

    def _offer(self, duty_id: int, user_id: int, answer: Callable[[int], None]) -> None:
        offer = offer_duty(duty_id, user_id, by=self.office)
        later = clock.now() + (4 + 5 * (offer.id % 8)) * HOUR
        self.timeline.at(later, partial(answer, offer.id))

    def _accept(self, assignment_id: int) -> None:
        accept_offer(assignment_id, by=self._person(assignment_id))

    def _declines(self) -> None:
        """The lecturer of the last talk cannot come after all; the next one asked says no, and
        Tatiana is asked."""
        duty = self._duty(8)
        for assignment in self._on(duty.id, AssignmentStatus.CONFIRMED):
            release_duty(assignment.id, "My thesis is due that week.", by=assignment.user)
        asked = proposals(duty, self.office, limit=1)[0]
        offer = offer_duty(duty.id, asked.user.id, by=self.office)
        decline_offer(offer.id, "I have a lecture until seven on Wednesdays.", by=asked.user)
        offer_duty(duty.id, self.lecturers.user("tatiana").id, by=self.office)

    def _drops_out(self) -> None:
        """The lecturer of the next talk falls ill: nobody is found yet."""
        following = next(n for n in range(9) if self._event(n).starts_at > self.timeline.now)
        for assignment in self._on(self._duty(following).id, AssignmentStatus.CONFIRMED):
            release_duty(assignment.id, "I am ill, sorry.", by=assignment.user)

    # --- the evening itself ----------------------------------------------------------------------

    def _come(self, number: int) -> None:
        for duty in self._duties(number):
            for assignment in self._on(duty.id, AssignmentStatus.CONFIRMED):
                check_in(assignment.id, by=assignment.user)

    def _go(self, number: int) -> None:
        """One of them forgets to check out now and then: the report sees to it."""
        for duty in self._duties(number)[: 1 if number % 2 else 2]:
            for assignment in self._on(duty.id, AssignmentStatus.CHECKED_IN):
                check_out(assignment.id, by=assignment.user)

    def _report(self, number: int, session: Session) -> None:
        topic_id = self.lecturers.topics[session.topics.split()[0]]
        data = ReportData(
            reach=Reach.HEADCOUNT,
            headcount=session.came,
            counted_by="class teacher",
            count_method=CountMethod.SHEET if number % 2 else CountMethod.HEADS,
            questions=[Asked(question, topic_id) for question in session.asked],
        )
        report_talk(self._ids[number], data, by=self.office)

    def _approve(self, number: int) -> None:
        """Somebody approves who has not reported it (rule 5)."""
        mine = ServiceRecord.event_id == self._ids[number]
        waiting = ServiceRecord.status == RecordStatus.SUBMITTED
        found = select(ServiceRecord.id).where(mine, waiting).order_by(ServiceRecord.id)
        for record_id in db.session.scalars(found).all():
            approve_record(record_id, by=self.staff.user(ADMIN))

    # --- schools ask -----------------------------------------------------------------------------

    def _school_asks(self) -> None:
        request = self._ask("International School of Xiaoheshan", "Anna Lindqvist",
                            "office@xiaoheshan.example", 120, ["fraud"])  # fmt: skip
        following = next(n for n in range(9) if self._event(n).starts_at > self.timeline.now)
        plan_request(request, self._ids[following], by=self.office)

    def _village_asks(self) -> None:
        self._ask("Dongmuwu landlords' association", "Mr. Xu", "xu@dongmuwu.example", 60,
                  ["renting", "residence"])  # fmt: skip

    def _ask(self, who: str, name: str, address: str, people: int, slugs: list[str]) -> int:
        asking = Asking(
            organisation=who,
            name=name,
            contact=parse_contact(address),
            people=people,
            language="en",
            topics=[self.lecturers.topics[slug] for slug in slugs],
            languages=["en", "zh"],
        )
        return ask_for_talk(asking).id

    # --- rows ------------------------------------------------------------------------------------

    def _event(self, number: int) -> Event:
        return db.session.get_one(Event, self._ids[number])

    def _duty(self, number: int) -> Duty:
        """The place of the one who speaks English."""
        return next(d for d in self._duties(number) if "en" in {n.language for n in d.languages})

    def _duties(self, number: int | None = None) -> list[Duty]:
        """The places of one talk, or of all."""
        ids = self._ids if number is None else [self._ids[number]]
        query = select(Duty).where(Duty.event_id.in_(ids))
        return list(db.session.scalars(query.order_by(Duty.starts_at, Duty.id)))

    def _on(self, duty_id: int, status: AssignmentStatus) -> list[Assignment]:
        query = select(Assignment).where(Assignment.duty_id == duty_id, Assignment.status == status)
        return list(db.session.scalars(query.order_by(Assignment.id)))

    def _person(self, assignment_id: int) -> User:
        return db.session.get_one(Assignment, assignment_id).user
