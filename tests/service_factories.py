"""Terms, duties and records to test with, written as rows where the way there is not at stake."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from hub import clock
from hub.enums import (
    ApplicationStatus,
    AssignmentStatus,
    LanguageLevel,
    Programme,
    Provenance,
    QuestionKind,
    RecordStatus,
)
from hub.extensions import db
from hub.models import (
    Activity,
    ActivityText,
    Application,
    Appointment,
    Assignment,
    Community,
    Duty,
    DutyLanguage,
    DutyText,
    Question,
    ServiceRecord,
    User,
    Venue,
)
from hub.services.questions import QuestionData, save_question
from hub.transaction import unit_of_work
from tests import factories


def make_assistant(
    name: str = "",
    community: Community | None = None,
    *,
    programme: Programme = Programme.ASSISTANT,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> User:
    """Somebody without a desk whose term holds today, from a month ago for a year."""
    user = factories.make_user(name, role=None)
    make_appointment(user, community, programme=programme, starts_on=starts_on, ends_on=ends_on)
    return user


def make_appointment(
    user: User,
    community: Community | None = None,
    *,
    programme: Programme = Programme.ASSISTANT,
    starts_on: date | None = None,
    ends_on: date | None = None,
    accepted: bool = True,
) -> Appointment:
    today = clock.today()
    with unit_of_work():
        appointment = Appointment(
            user_id=user.id,
            programme=programme,
            community_id=community.id if community else None,
            starts_on=starts_on or today - timedelta(days=30),
            ends_on=ends_on or today + timedelta(days=335),
            accepted_at=clock.now() if accepted else None,
            created_at=clock.now(),
        )
        db.session.add(appointment)
        db.session.flush()
        db.session.refresh(user, ["appointments"])
    return appointment


def make_activity(slug: str = "translation", *, counts: bool = True, **names: str) -> Activity:
    """The activity called ``slug``; made if there is none yet."""
    found = db.session.scalars(select(Activity).where(Activity.slug == slug)).first()
    if found is not None:
        return found
    with unit_of_work():
        activity = Activity(slug=slug, counts=counts)
        names = names or {"en": slug.capitalize(), "zh": "翻译"}
        activity.texts = {c: ActivityText(language=c, name=n) for c, n in names.items()}
        db.session.add(activity)
        db.session.flush()
    return activity


def make_duty(
    venue: Venue,
    by: User,
    *,
    starts_at: datetime | None = None,
    hours: float = 2,
    people: int = 1,
    activity: Activity | None = None,
    title: str = "Translation desk",
    languages: dict[str, LanguageLevel] | None = None,
    event_id: int | None = None,
) -> Duty:
    """A duty tomorrow at this time of the day, of two hours."""
    start = starts_at or clock.now() + timedelta(days=1)
    activity = activity or make_activity()
    with unit_of_work():
        duty = Duty(
            programme=Programme.ASSISTANT,
            community_id=venue.community_id,
            venue_id=venue.id,
            event_id=event_id,
            activity_id=activity.id,
            starts_at=start,
            ends_at=start + timedelta(hours=hours),
            people_needed=people,
            created_by_id=by.id,
            created_at=clock.now(),
        )
        duty.texts = {
            "en": DutyText(language="en", title=title),
            "zh": DutyText(language="zh", title="翻译服务台"),
        }
        duty.languages = [
            DutyLanguage(language=code, level=level) for code, level in (languages or {}).items()
        ]
        db.session.add(duty)
        db.session.flush()
    return duty


def make_assignment(
    duty: Duty, user: User, status: AssignmentStatus = AssignmentStatus.CONFIRMED
) -> Assignment:
    with unit_of_work():
        assignment = Assignment(
            duty_id=duty.id,
            user_id=user.id,
            status=status,
            created_at=clock.now(),
            accepted_at=None if status is AssignmentStatus.OFFERED else clock.now(),
        )
        db.session.add(assignment)
        db.session.flush()
    return assignment


def make_record(
    user: User,
    community: Community,
    *,
    starts_at: datetime | None = None,
    minutes: int = 90,
    status: RecordStatus = RecordStatus.SUBMITTED,
    provenance: Provenance = Provenance.DECLARED,
    by: User | None = None,
    decided_by: User | None = None,
) -> ServiceRecord:
    """A record of yesterday at this time of the day."""
    start = starts_at or clock.now() - timedelta(days=1)
    activity = make_activity()
    with unit_of_work():
        record = ServiceRecord(
            user_id=user.id,
            community_id=community.id,
            activity_id=activity.id,
            provenance=provenance,
            status=status,
            starts_at=start,
            ends_at=start + timedelta(minutes=minutes),
            minutes=minutes,
            place="Community hall",
            content="Translated at the desk.",
            organising_unit="杭州市西湖区留下街道办事处",
            in_charge_id=decided_by.id if decided_by else None,
            entered_by_id=(by or user).id,
            created_at=clock.now(),
            submitted_at=clock.now(),
            decided_at=clock.now() if decided_by else None,
            decided_by_id=decided_by.id if decided_by else None,
        )
        db.session.add(record)
        db.session.flush()
    return record


def make_question(
    programme: Programme = Programme.ASSISTANT,
    label: str = "Why do you want to help?",
    *,
    kind: QuestionKind = QuestionKind.LONG,
    required: bool = True,
    position: int = 10,
) -> Question:
    with unit_of_work():
        data = QuestionData(
            programme, kind, {"en": label, "zh": "您为什么想帮忙？"}, required=required,
            position=position,
        )  # fmt: skip
        return save_question(None, data, by=None)


def make_application(
    user: User,
    status: ApplicationStatus = ApplicationStatus.SUBMITTED,
    *,
    programme: Programme = Programme.ASSISTANT,
    community: Community | None = None,
    answer: str = "I like people.",
) -> Application:
    """An application with one question, at that point of its way."""
    draft = status is ApplicationStatus.DRAFT
    snapshot: list[dict[str, object]] = [
        {
            "question_id": 1,
            "kind": "long",
            "label": {"en": "Why?", "zh": "为什么？"},
            "answer": answer,
        }
    ]
    with unit_of_work():
        application = Application(
            user_id=user.id,
            programme=programme,
            community_id=community.id if community else None,
            status=status,
            language="en",
            draft={"1": answer} if draft else {},
            answers=[] if draft else snapshot,
            created_at=clock.now(),
            changed_at=clock.now(),
            submitted_at=None if draft else clock.now(),
        )
        db.session.add(application)
        db.session.flush()
    return application
