"""Law talks: a talk is an event with topics, a school, and places for its lecturers (rule 20)."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from hub import clock
from hub.enums import EventKind, MessageKind
from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.i18n import SPOKEN, _l
from hub.models import Event, Talk, TalkPlan, Topic, User, Venue
from hub.policies import can_manage_event, can_manage_talks_in
from hub.queries.talk_plans import open_lecturer_duties, talks_to_alert
from hub.services import audit
from hub.services.event_data import EventData, Words, data_of
from hub.services.events import create_event, update_event
from hub.services.messages import queue_note, said_of
from hub.services.talk_duties import set_lecturers
from hub.services.talk_texts import proposed_words

MOST_LECTURERS = 20
MOST_EXPECTED = 100_000


@dataclass(slots=True)
class TalkData:
    """All that the form of a talk holds. Times are aware."""

    venue_id: int
    starts_at: datetime
    ends_at: datetime
    topic_ids: list[int]
    languages: list[str]
    school: str = ""
    expected: int = 40
    lecturers: int = 1
    each_language: bool = False
    series_id: int | None = None


def plan_talk(data: TalkData, *, by: User) -> Talk:
    """A new talk: a draft of its event, and its lecturers' places.

    Raises NotAllowed, InvalidInput, or WrongState without an activity that counts.
    """
    topics = _check(data)
    venue = db.session.get(Venue, data.venue_id)
    if venue is None or not can_manage_talks_in(by, venue.community_id):
        raise InvalidInput(_l("Choose one of the listed venues."), field="venue_id")
    plan = _plan(data.series_id, by)
    event = create_event(
        EventData(
            kind=EventKind.LAW_TALK,
            community_id=venue.community_id,
            venue_id=data.venue_id,
            starts_at=data.starts_at,
            ends_at=data.ends_at,
            capacity=max(data.expected, 1),
            texts=proposed_words(topics, plan.series if plan is not None else None),
            languages=data.languages,
        ),
        by=by,
    )
    event.series_id = data.series_id
    return _add_talk(event, data, topics, by=by)


def make_talk_of(event_id: int, data: TalkData, *, by: User) -> Talk:
    """Say of an event of the kind law talk what it is about and whom it needs.

    Its words, capacity and series stay. Raises NotAllowed, WrongState or InvalidInput.
    """
    event = _own_event(event_id, by)
    if db.session.get(Talk, event_id) is not None:
        raise WrongState(_l("This talk is planned already."))
    topics = _check(data)
    _move(event, data, {}, None, by=by)
    return _add_talk(event, data, topics, by=by)


def update_talk(event_id: int, data: TalkData, *, by: User, seen: datetime | None = None) -> Talk:
    """Change what a talk is about, for whom, when, where and with how many lecturers.

    Time, place and languages go through ``update_event``, which moves the duties and tells
    everybody; words that were proposed follow the topics. Whoever is not qualified any more stays
    and is flagged (rule 8). Raises NotAllowed, WrongState, EditConflict or InvalidInput.
    """
    event = _own_event(event_id, by)
    talk = db.session.get(Talk, event_id)
    if talk is None:
        raise NotAllowed
    topics, before = _check(data, kept=talk.topics), _facts(talk)
    words = _followed(event, talk.topics, topics)
    _move(event, data, words, seen, by=by)
    talk.school, talk.expected, talk.topics = data.school.strip(), data.expected, topics
    db.session.flush()
    set_lecturers(event, data.languages, data.lecturers, each=data.each_language, by=by)
    if _facts(talk) != before:
        audit.record("update", "talk", event.id, by=by, before=before, after=_facts(talk))
    return talk


def alert_talks_without_lecturer() -> int:
    """Write once to whoever planned a published talk that begins within seven days and lacks a
    lecturer; how many talks there were."""
    talks = talks_to_alert()
    duties = open_lecturer_duties([talk.event_id for talk in talks])
    for talk in talks:
        talk.alerted_at = clock.now()
        planners = {d.created_by_id for d in duties[talk.event_id] if d.people_missing > 0}
        for planner in db.session.scalars(select(User).where(User.id.in_(planners))):
            facts = said_of(talk.event, planner)
            queue_note(MessageKind.TALK_LACKS_LECTURER, planner, talk.event_id, why="near", **facts)
    db.session.flush()
    return len(talks)


def _own_event(event_id: int, by: User) -> Event:
    event = db.session.get(Event, event_id)
    if event is None or event.kind is not EventKind.LAW_TALK or not can_manage_event(by, event):
        raise NotAllowed
    return event


def _plan(series_id: int | None, by: User) -> TalkPlan | None:
    """The plan to which a talk belongs, if it is the actor's to plan (rule 20)."""
    if series_id is None:
        return None
    plan = db.session.get(TalkPlan, series_id)
    if plan is None or not can_manage_talks_in(by, plan.series.community_id):
        raise NotAllowed
    return plan


def _add_talk(event: Event, data: TalkData, topics: list[Topic], *, by: User) -> Talk:
    talk = Talk(event_id=event.id, school=data.school.strip(), expected=data.expected)
    talk.topics = topics
    db.session.add(talk)
    db.session.flush()
    db.session.refresh(talk, ["event"])
    set_lecturers(event, data.languages, data.lecturers, each=data.each_language, by=by)
    audit.record("create", "talk", event.id, by=by, after=_facts(talk))
    return talk


def _move(
    event: Event, data: TalkData, words: dict[str, Words], seen: datetime | None, *, by: User
) -> None:
    """Bring the event's time, place, languages and proposed words up to date."""
    stored = data_of(event)
    venue = db.session.get(Venue, data.venue_id)
    if venue is None or venue.community_id != event.community_id:
        raise InvalidInput(_l("Choose a venue of the same community."), field="venue_id")
    wanted = replace(
        stored,
        venue_id=data.venue_id,
        starts_at=data.starts_at,
        ends_at=data.ends_at,
        languages=data.languages,
        texts={**stored.texts, **words},
    )
    update_event(event.id, wanted, by=by, seen=seen)


def _followed(event: Event, old: list[Topic], new: list[Topic]) -> dict[str, Words]:
    """New words where the event still says what was proposed for its old topics."""
    before, after = proposed_words(old, event.series), proposed_words(new, event.series)
    return {
        code: replace(after[code], summary=row.summary, description=row.description)
        for code, row in event.texts.items()
        if code in after and code in before and row.title == before[code].title
    }


def _check(data: TalkData, kept: list[Topic] | None = None) -> list[Topic]:
    """The topics. Raises InvalidInput."""
    if clock.to_local(data.starts_at).date() != clock.to_local(data.ends_at).date():
        raise InvalidInput(_l("A talk begins and ends on one day."), field="ends_at")
    found = select(Topic).where(Topic.id.in_(data.topic_ids)).order_by(Topic.position, Topic.id)
    topics = list(db.session.scalars(found))
    known = {topic.id for topic in kept or ()}
    if not topics or len(topics) != len(set(data.topic_ids)):
        raise InvalidInput(_l("Choose at least one topic from the list."), field="topic_ids")
    if any(not topic.active and topic.id not in known for topic in topics):
        raise InvalidInput(_l("Choose at least one topic from the list."), field="topic_ids")
    if not data.languages or not set(data.languages) <= set(SPOKEN):
        raise InvalidInput(_l("Choose at least one language."), field="languages")
    if not 1 <= data.lecturers <= MOST_LECTURERS:
        raise InvalidInput(_l("Between 1 and 20 lecturers."), field="lecturers")
    if not 1 <= data.expected <= MOST_EXPECTED:
        raise InvalidInput(_l("Between 1 and 100,000 people."), field="expected")
    return topics


def _facts(talk: Talk) -> dict[str, object]:
    return {
        "school": talk.school,
        "expected": talk.expected,
        "topics": sorted(topic.slug for topic in talk.topics),
    }
