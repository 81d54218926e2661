"""Topics, lecturers, trainings and talks to test with, written as rows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hub import clock
from hub.enums import (
    AssessmentResult,
    AssignmentStatus,
    CountMethod,
    EventKind,
    EventStatus,
    LanguageLevel,
    Programme,
    Reach,
    SignUpStatus,
)
from hub.extensions import db
from hub.integrations.documents import Document
from hub.models import (
    Absence,
    Assessment,
    Assignment,
    Community,
    Duty,
    DutyLanguage,
    DutyText,
    Event,
    Qualification,
    Series,
    SeriesText,
    SignUp,
    StudyRecord,
    Talk,
    TalkPlan,
    TalkRequest,
    TalkTarget,
    Topic,
    TopicMaterial,
    TopicText,
    Training,
    User,
    Venue,
)
from hub.services.materials import MaterialData, add_material
from hub.services.talk_reports import Asked, ReportData, report_talk
from hub.services.talk_requests import Asking, ask_for_talk
from hub.transaction import unit_of_work
from tests import factories, service_factories


def make_topic(slug: str = "traffic", name: str = "", **texts: str) -> Topic:
    """A topic in use, in English and Chinese."""
    with unit_of_work():
        topic = Topic(slug=slug, changed_at=clock.now())
        names = {"en": name or slug.capitalize(), "zh": f"主题 {slug}", **texts}
        topic.texts = {c: TopicText(language=c, name=n) for c, n in names.items()}
        db.session.add(topic)
        db.session.flush()
    return topic


def make_lecturer(
    name: str = "",
    topics: Sequence[Topic] = (),
    languages: Sequence[str] = ("en",),
    *,
    community: Community | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> User:
    """Somebody without a desk whose term as a lecturer holds today, qualified for the topics in
    each of the languages."""
    user = service_factories.make_assistant(
        name, community, programme=Programme.LECTURER, starts_on=starts_on, ends_on=ends_on
    )
    for topic in topics:
        for code in languages:
            make_qualification(user, topic, code)
    return user


def make_qualification(
    user: User,
    topic: Topic,
    language: str = "en",
    *,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> Qualification:
    """One that holds from a month ago for a year."""
    today = clock.today()
    with unit_of_work():
        row = Qualification(
            user_id=user.id,
            topic_id=topic.id,
            language=language,
            valid_from=valid_from or today - timedelta(days=30),
            valid_until=valid_until or today + timedelta(days=335),
            examiner="Liuxia Police Station",
            created_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
    return row


def make_absence(user: User, starts_on: date, ends_on: date | None = None) -> Absence:
    with unit_of_work():
        row = Absence(user_id=user.id, starts_on=starts_on, ends_on=ends_on or starts_on)
        db.session.add(row)
        db.session.flush()
    return row


def make_training(
    venue: Venue,
    topics: Sequence[Topic],
    *,
    starts_at: datetime | None = None,
    hours: float = 3,
    status: EventStatus = EventStatus.PUBLISHED,
    unit: str = "Liuxia Police Station",
) -> Training:
    """A training tomorrow at this time of the day, for parties of one."""
    start = starts_at or clock.now() + timedelta(days=1)
    event = factories.make_event(
        venue=venue,
        kind=EventKind.TRAINING,
        starts_at=start,
        ends_at=start + timedelta(hours=hours),
        status=status,
        party_limit=1,
    )
    with unit_of_work():
        training = Training(event_id=event.id, unit=unit)
        training.topics = list(topics)
        db.session.add(training)
        db.session.flush()
    return training


def make_study(user: User, training: Training) -> StudyRecord:
    """The person came to the training."""
    event = training.event
    with unit_of_work():
        row = StudyRecord(
            event_id=event.id,
            user_id=user.id,
            studied_on=clock.to_local(event.starts_at).date(),
            minutes=int((event.ends_at - event.starts_at).total_seconds()) // 60,
            created_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
    return row


def make_assessment(
    user: User,
    training: Training,
    topic: Topic,
    language: str = "en",
    *,
    by: User,
    result: AssessmentResult = AssessmentResult.PASSED,
    examined_on: date | None = None,
) -> Assessment:
    with unit_of_work():
        row = Assessment(
            event_id=training.event_id,
            user_id=user.id,
            topic_id=topic.id,
            language=language,
            result=result,
            examined_on=examined_on or clock.to_local(training.event.starts_at).date(),
            examiner=training.unit,
            entered_by_id=by.id,
            created_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
    return row


def make_talk(
    venue: Venue,
    topics: Sequence[Topic],
    by: User,
    *,
    languages: Sequence[str] = ("en",),
    lecturers: int = 1,
    starts_at: datetime | None = None,
    hours: float = 1.5,
    school: str = "Zhejiang University of Technology",
    expected: int = 160,
    status: EventStatus = EventStatus.PUBLISHED,
    series: Series | None = None,
) -> Talk:
    """A law talk tomorrow at this time of the day, with one duty for its lecturers."""
    start = starts_at or clock.now() + timedelta(days=1)
    event = factories.make_event(
        venue=venue,
        kind=EventKind.LAW_TALK,
        starts_at=start,
        ends_at=start + timedelta(hours=hours),
        status=status,
        capacity=expected,
    )
    with unit_of_work():
        event.languages = list(languages)
        event.series_id = series.id if series else None
        talk = Talk(event_id=event.id, school=school, expected=expected)
        talk.topics = list(topics)
        db.session.add(talk)
        db.session.flush()
    make_talk_duty(event, by, languages=languages, people=lecturers)
    return talk


def make_talk_duty(
    event: Event, by: User, *, languages: Sequence[str] = ("en",), people: int = 1
) -> Duty:
    """The duty of an event of kind law talk: a lecturer who speaks these languages."""
    activity = service_factories.make_activity("policy_talk", en="Law talk", zh="普法宣讲")
    with unit_of_work():
        duty = Duty(
            programme=Programme.LECTURER,
            community_id=event.community_id,
            venue_id=event.venue_id,
            event_id=event.id,
            activity_id=activity.id,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            people_needed=people,
            created_by_id=by.id,
            created_at=clock.now(),
        )
        duty.texts = {
            code: DutyText(language=code, title=row.title) for code, row in event.texts.items()
        }
        duty.languages = [
            DutyLanguage(language=code, level=LanguageLevel.B2) for code in sorted(languages)
        ]
        db.session.add(duty)
        db.session.flush()
        db.session.refresh(duty)
    return duty


def make_lecturing(
    talk: Talk, user: User, status: AssignmentStatus = AssignmentStatus.CONFIRMED
) -> Assignment:
    """The person on the first duty of the talk."""
    duty = db.session.scalars(
        db.select(Duty).where(Duty.event_id == talk.event_id).order_by(Duty.id)
    ).first()
    assert duty is not None
    return service_factories.make_assignment(duty, user, status)


def make_plan(
    community: Community,
    by: User,
    *,
    title: str = "Law talks for newcomers",
    target: int = 1500,
    first_day: date | None = None,
    last_day: date | None = None,
    schools: dict[str, int] | None = None,
) -> TalkPlan:
    """A series with a target, in the half year around today."""
    today = clock.today()
    with unit_of_work():
        series = Series(community_id=community.id, rule="")
        series.texts = {
            "en": SeriesText(language="en", title=title),
            "zh": SeriesText(language="zh", title="新生普法宣讲"),
        }
        db.session.add(series)
        db.session.flush()
        plan = TalkPlan(
            series_id=series.id,
            audience="New students",
            target=target,
            first_day=first_day or today - timedelta(days=90),
            last_day=last_day or today + timedelta(days=90),
            created_by_id=by.id,
            created_at=clock.now(),
        )
        plan.targets = [TalkTarget(school=s, people=n) for s, n in (schools or {}).items()]
        db.session.add(plan)
        db.session.flush()
    return plan


# --- materials and requests -------------------------------------------------------------------


def make_material(
    topic: Topic,
    by: User,
    source: Document | str = "https://example.com/leaflet",
    *,
    title: str = "Leaflet",
    language: str = "en",
    public: bool = True,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> TopicMaterial:
    """A link, or a document, that holds from today on."""
    data = MaterialData(title, language, public, valid_from or clock.today(), valid_until)
    with unit_of_work():
        return add_material(topic.id, data, source, by=by)


def make_asking(**overrides: object) -> Asking:
    """What a school that nobody else is might type."""
    data = Asking(
        organisation="Zhejiang University of Technology",
        name="Mina Rashid",
        contact=factories.make_person().contact,
        people=160,
        language="en",
    )
    return replace(data, **overrides)


def make_talk_request(**overrides: object) -> TalkRequest:
    with unit_of_work():
        return ask_for_talk(make_asking(**overrides))


# --- after the talk -------------------------------------------------------------------------------


def make_past_talk(venue: Venue, topics: Sequence[Topic], by: User, **more: Any) -> Talk:
    """A talk that ended two hours ago."""
    return make_talk(venue, topics, by, starts_at=clock.now() - timedelta(hours=3.5), **more)


def make_attended(talk: Talk, *parties: int) -> None:
    """Parties of these sizes came to the talk and were let in by name."""
    for size in parties:
        booked = factories.make_sign_up(talk.event, party_size=size)
        with unit_of_work():
            db.session.get_one(SignUp, booked.id).status = SignUpStatus.ATTENDED


def make_slides(topic: Topic, by: User, title: str = "Slides", **more: Any) -> TopicMaterial:
    """A link that holds from a month ago on."""
    values = {
        "language": "en",
        "url": "https://example.com/slides",
        "valid_from": clock.today() - timedelta(days=30),
        **more,
    }
    with unit_of_work():
        row = TopicMaterial(
            topic_id=topic.id, title=title, created_by_id=by.id, created_at=clock.now(), **values
        )
        db.session.add(row)
        db.session.flush()
    return row


def make_report(
    talk: Talk, by: User, headcount: int | None = 150, questions: Sequence[str] = ()
) -> Talk:
    """A report with a head count, or with the names from the door (None)."""
    counted = headcount is not None
    data = ReportData(
        reach=Reach.HEADCOUNT if counted else Reach.NAMED,
        headcount=headcount,
        counted_by="class teacher" if counted else "",
        count_method=CountMethod.HEADS if counted else None,
        questions=[Asked(words, talk.topics[0].id) for words in questions],
    )
    with unit_of_work():
        return report_talk(talk.event_id, data, by=by)
