"""The sample data as a story: a term in Liuxia, told through the services in order of time."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial

from sqlalchemy import func, select, update

from hub import clock
from hub.demo.accounts import Staff
from hub.demo.certificates import plan_certificates
from hub.demo.crowds import Demand, plan_crowd
from hub.demo.duties import Duties
from hub.demo.episodes import plan_episodes
from hub.demo.lecturers import Lecturers, goes_away
from hub.demo.places import PLACES, Places
from hub.demo.programme import (
    CANCELLATION,
    COMING,
    DRAFTS,
    PAST,
    SERIES,
    TALKS,
    TONIGHT,
    Day,
    Plan,
    SeriesPlan,
)
from hub.demo.records import plan_records
from hub.demo.recruiting import plan_applications
from hub.demo.roles import bring_people, name_helper
from hub.demo.suggestions import Suggestions
from hub.demo.surveys import tell_surveys
from hub.demo.talks import Talks
from hub.demo.texts import with_note, words_of
from hub.demo.timeline import Timeline
from hub.enums import (
    EventKind,
    EventStatus,
    MessageKind,
    MessageState,
    SignUpStatus,
    Visibility,
)
from hub.extensions import db
from hub.models import Event, Message, SignUp, Suggestion, User
from hub.services.event_data import EventData, Words
from hub.services.events import cancel_event, create_event, publish_event
from hub.services.questions import seed_questions
from hub.services.series import create_series
from hub.transaction import unit_of_work

FOUNDED = timedelta(days=125)  # before today
SETTLED = timedelta(days=60)  # before today, people got their accounts
LEAD = timedelta(days=19)  # an event is published so long before it begins
TROUBLE = (
    (MessageState.FAILED, "TimeoutError: timed out", 8),
    (MessageState.BOUNCED, "550 5.1.1 no such user", 1),
)
COMMUNITY_OF = {place.key: place.community for place in PLACES}


def load_story(seed: int, say: Callable[[str], None]) -> None:
    """Tell it. The database is empty."""
    story = Story(seed, Timeline(clock.now()))
    story.plan()
    story.timeline.play()
    _deliver_old_messages(clock.now())
    counts = [
        db.session.scalar(select(func.count()).select_from(table))
        for table in (Event, SignUp, Suggestion)
    ]
    say("Made {} events, {} sign-ups and {} suggestions.".format(*counts))


class Story:
    """Plans the programme on a timeline."""

    def __init__(self, seed: int, timeline: Timeline) -> None:
        self.seed = seed
        self.timeline = timeline
        self.staff = Staff()
        self.places = Places()
        self.events: dict[str, int] = {}  # by key; the first of a key

    def plan(self) -> None:
        now = self.timeline.now
        self.timeline.at(now - FOUNDED, partial(self.places.found, self.staff))
        lecturers = Lecturers(self.timeline, self.staff, self.places)
        lecturers.plan(SETTLED)
        first = self._begins(TALKS.first)
        talks = Talks(self.timeline, self.staff, self.places, lecturers, self._publish_talk)
        talks.plan(first, self._published(first))
        self.timeline.at(now - timedelta(days=2), partial(goes_away, lecturers))
        for series in SERIES:
            first = self._begins(series.first)
            self.timeline.at(self._published(first), partial(self._open_series, series))
        for number, plan in enumerate((*PAST, *COMING, TONIGHT)):
            # A few minutes apart, as somebody at a desk would do it.
            published = self._published(self._begins(plan)) - timedelta(minutes=7 * number)
            self.timeline.at(published - timedelta(hours=20), partial(self._draft, plan, published))
        for number, plan in enumerate(DRAFTS):
            drafted = now - timedelta(hours=30 + 5 * number)
            self.timeline.at(drafted, partial(self._draft, plan, None))
        self.timeline.at(now - FOUNDED, seed_questions)
        self.timeline.at(now - SETTLED, partial(bring_people, self.staff, self.places))
        plan_applications(self.timeline, self.staff, self.places)
        self.timeline.at(now - timedelta(hours=2), self._name_helper)
        duties = Duties(self.timeline, self.staff, self.places)
        duties.plan(self.events, SETTLED)
        suggestions = Suggestions(self.timeline, self.staff, self.places, duties.helpers, self.seed)
        suggestions.plan(FOUNDED)
        plan_episodes(self.timeline, self.staff, self.events)
        plan_records(self.timeline, self.staff, self.places)
        plan_certificates(self.timeline, self.staff)
        self.timeline.at(now, partial(tell_surveys, self.seed, self.staff))

    def _name_helper(self) -> None:
        name_helper(self.staff, self.events[TONIGHT.key])

    def _draft(self, plan: Plan, published: datetime | None) -> None:
        event = create_event(self._data(plan), by=self._actor(plan))
        self.events.setdefault(plan.key, event.id)
        if published is not None:
            self.timeline.at(published, partial(self._publish, event.id, plan))

    def _publish(self, event_id: int, plan: Plan) -> None:
        publish_event(event_id, by=self._actor(plan))
        cancelled = self.timeline.now - timedelta(hours=26) if plan.cancelled else None
        rng = random.Random(f"{self.seed}:{plan.key}:{event_id}")
        plan_crowd(self.timeline, event_id, plan.demand, rng, until=cancelled)
        if cancelled is not None:
            self.timeline.at(cancelled, partial(self._cancel, event_id, plan))

    def _cancel(self, event_id: int, plan: Plan) -> None:
        cancel_event(event_id, CANCELLATION, by=self._actor(plan))

    def _publish_talk(self, event_id: int, number: int) -> None:
        key, _venue, _capacity, _spoken = TALKS.sessions[number]
        demand = Demand(TALKS.fills[number], withdrawals=round(3 * TALKS.fills[number]))
        self.events.setdefault(key, event_id)
        self._publish(event_id, replace(TALKS.first, key=key, demand=demand))

    def _open_series(self, series: SeriesPlan) -> None:
        """Make all sessions as the desk does: by the rule."""
        actor = self._actor(series.first)
        data = self._data(series.first)
        made = create_series(data, series.rule, by=actor)
        group = made[0].series
        assert group is not None
        for code, words in words_of(series.key).items():
            group.texts[code].title = words.title
        for index, event in enumerate(made):
            fill = series.fills[index]
            demand = Demand(fill, withdrawals=round(3 * fill))
            self.events.setdefault(series.first.key, event.id)
            self._publish(event.id, replace(series.first, demand=demand))

    def _actor(self, plan: Plan) -> User:
        return self.staff.of(COMMUNITY_OF[plan.venue])

    def _data(self, plan: Plan) -> EventData:
        starts = self._begins(plan)
        closes = timedelta(hours=plan.closes_hours_before)
        opens = None
        if plan.opens_in_days is not None:
            opens = clock.day_start(self._day((plan.opens_in_days, None))) + timedelta(hours=12)
        return EventData(
            kind=plan.kind,
            community_id=self.places.communities[COMMUNITY_OF[plan.venue]],
            venue_id=self.places.venues[plan.venue],
            starts_at=starts,
            ends_at=starts + timedelta(minutes=plan.minutes),
            capacity=plan.capacity,
            texts=_words(plan),
            languages=plan.languages.split(),
            party_limit=plan.party_limit,
            has_waiting_list=plan.waiting_list,
            visibility=Visibility.UNLISTED if plan.unlisted else Visibility.PUBLIC,
            sign_up_opens_at=opens,
            sign_up_closes_at=starts - closes if closes else None,
        )

    def _begins(self, plan: Plan) -> datetime:
        if plan is TONIGHT:
            return tonight(self.timeline.now)
        wall = time.fromisoformat(plan.begins)
        return clock.from_local(datetime.combine(self._day(plan.day), wall))

    def _day(self, day: Day) -> date:
        offset, weekday = day
        first = clock.to_local(self.timeline.now).date() + timedelta(days=offset)
        return first if weekday is None else first + timedelta(days=(weekday - first.weekday()) % 7)

    def _published(self, begins: datetime) -> datetime:
        """At least three days ago, so that everything that is to come has some sign-ups."""
        return min(begins - LEAD, self.timeline.now - timedelta(days=3))


def tonight(now: datetime) -> datetime:
    """19:00 today; from 18:30 on, the first quarter of an hour that is an hour away."""
    seven = clock.day_start(clock.to_local(now).date()) + timedelta(hours=19)
    if now < seven - timedelta(minutes=30):
        return seven
    quarter = timedelta(minutes=15)
    return seven + -((seven - now - timedelta(hours=1)) // quarter) * quarter


def _words(plan: Plan) -> dict[str, Words]:
    words = words_of(plan.key)
    return with_note(words) if plan.kind is EventKind.LAW_TALK else words


def _deliver_old_messages(now: datetime) -> None:
    """Mark what was queued more than an hour ago as sent: those who would get it do not exist.

    One failed and one came back, so that the log shows what that looks like.
    """
    old = Message.created_at < now - timedelta(hours=1)
    with unit_of_work():
        db.session.execute(
            update(Message)
            .where(old)
            .values(state=MessageState.SENT, sent_at=Message.created_at, attempts=1, body="")
        )
        coming = select(Message).join(SignUp, SignUp.id == Message.sign_up_id)
        coming = coming.join(Event, Event.id == SignUp.event_id).where(
            old,
            Event.starts_at > now + timedelta(days=2),
            Event.status == EventStatus.PUBLISHED,
            SignUp.status == SignUpStatus.CONFIRMED,
            Message.kind == MessageKind.CONFIRMED,
        )
        newest = coming.order_by(Message.id.desc()).limit(2)
        for message, (state, error, attempts) in zip(
            db.session.scalars(newest).all(), TROUBLE, strict=False
        ):
            message.state, message.last_error, message.attempts = state, error, attempts
            message.sent_at = None if state is MessageState.FAILED else message.sent_at
