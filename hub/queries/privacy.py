"""All that is held of a person. Reads only."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Select, or_, select

from hub import clock
from hub.extensions import db
from hub.models import (
    Absence,
    Application,
    ApplicationMessage,
    Appointment,
    Assessment,
    Assignment,
    CalendarFeed,
    Certificate,
    Community,
    Consent,
    DataRequest,
    EvidenceFile,
    LogIn,
    Message,
    PaperSeen,
    PersonLanguage,
    PersonSkill,
    Profile,
    Qualification,
    QualificationSuspension,
    ServiceRecord,
    SignUp,
    StudyRecord,
    Suspension,
    SwitchedOff,
    TalkRequest,
    TrainingInvitation,
    User,
)
from hub.models.account import Membership, Passkey
from hub.queries.talk_reports import reports_of

SIGN_UP = (
    *("number", "event_id", "event", "starts_at", "ends_at", "status", "name", "contact_kind"),
    *("contact", "party_size", "language", "created_at", "promoted_at", "cancelled_at"),
    *("release_reason", "privacy_version", "reminders_off"),
)
ACCOUNT = ("id", "email", "name", "language", "created_at", "confirmed_at")
RECORD = (
    *("id", "activity", "community", "begins", "ends", "minutes", "place", "content"),
    *("people_served", "language", "provenance", "status", "organising_unit", "corrects_id"),
    *("created_at", "submitted_at", "decided_at", "reason"),
)
EVIDENCE = ("record_id", "stored_name", "shown_name", "media_type", "size", "created_at")
DUTY = (
    *("duty", "starts_at", "ends_at", "status", "created_at", "accepted_at", "checked_in_at"),
    *("checked_out_at", "ended_at", "end_reason", "released_late", "override_reason"),
    "swap_asked_at",
)
MESSAGE = ("kind", "state", "address", "subject", "created_at", "sent_at")
CERTIFICATE = (
    *("number", "holder_name", "period_from", "period_until", "minutes", "status", "issued_at"),
    *("ended_at", "reason", "snapshot"),
)
APPOINTMENT = (
    *("programme", "community", "starts_on", "ends_on", "ended_on", "end_kind", "end_reason"),
    *("number", "created_at", "accepted_at", "declined_at"),
)
PAPER = ("paper", "valid_until", "seen_on", "seen_by")
CALENDAR = ("kind", "name", "created_at", "fetched_at", "revoked_at")
SUSPENSION = ("appointment_id", "starts_on", "ends_on", "reason")
APPLICATION = (
    *("programme", "community", "status", "language", "draft", "answers", "created_at"),
    *("submitted_at", "decided_at", "reason"),
)
CONVERSATION = ("application_id", "from_staff", "body", "at")
QUALIFICATION = (
    *("id", "topic", "language", "valid_from", "valid_until", "revoked_on", "revoke_reason"),
    *("examiner", "created_at", "reminded_at"),
)
ASSESSMENT = (
    *("event_id", "topic", "language", "result", "examined_on", "examiner", "note"),
    "created_at",
)
REPORT = ("event", "reach", "headcount", "counted_by", "note", "reported_at")
REQUEST = ("kind", "requested_at", "fulfilled_at")
TALK_REQUEST = (
    *("organisation", "name", "contact_kind", "contact", "community", "people", "wished_on"),
    *("wishes", "languages", "language", "status", "reason", "created_at", "decided_at"),
    "privacy_version",
)


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of data held of a person. Moments are ISO 8601 on the clocks of Hangzhou."""

    name: str
    header: tuple[str, ...]
    rows: list[tuple[object, ...]]


def data_of_user(user: User) -> list[Table]:
    """Everything that is held of the account's owner. Secrets (password, keys) are not told."""
    sign_ups = select(SignUp).where(SignUp.user_id == user.id).order_by(SignUp.id)
    return [
        _table("account", ACCOUNT, [user]),
        _table(
            "profile",
            ("spoken_name", "school", "country", "phone", "community", "weekdays", "updated_at"),
            _owned(Profile, user, Profile.user_id),
        ),
        _table(
            "languages",
            ("language", "oral", "written"),
            _owned(PersonLanguage, user, PersonLanguage.language),
        ),
        _table("roles", ("role", "community"), _owned(Membership, user)),
        *_programmes_of(user),
        *_service_of(user),
        *_lecturing_of(user),
        _table(
            "consents",
            ("purpose", "given", "version", "language", "text", "at"),
            _owned(Consent, user),
        ),
        _table("sign_ups", SIGN_UP, _all(sign_ups)),
        _table("log_ins", ("device", "created_at", "seen_at", "ended_at"), _owned(LogIn, user)),
        _table("passkeys", ("name", "create_datetime", "lastuse_datetime"), _owned(Passkey, user)),
        _table("papers_seen", PAPER, _owned(PaperSeen, user)),
        _table("messages", MESSAGE, _all(_messages_to(user))),
        _table("messages_off", ("choice",), _owned(SwitchedOff, user, SwitchedOff.choice)),
        _table("calendars", CALENDAR, _owned(CalendarFeed, user)),
        _table("requests", REQUEST, requests_about("user", user.id)),
    ]


def _service_of(user: User) -> list[Table]:
    return [
        _table("skills", ("skill",), _owned(PersonSkill, user, PersonSkill.skill)),
        _table("duties", DUTY, _owned(Assignment, user)),
        _table("service_records", RECORD, _owned(ServiceRecord, user)),
        _table("evidence", EVIDENCE, evidence_of(user)),
        _table("certificates", CERTIFICATE, _owned(Certificate, user)),
        _table("talk_reports", REPORT, reports_of(user)),
    ]


def evidence_of(user: User) -> list[EvidenceFile]:
    """The pictures that go with the person's records."""
    own = select(ServiceRecord.id).where(ServiceRecord.user_id == user.id)
    return _all(
        select(EvidenceFile).where(EvidenceFile.record_id.in_(own)).order_by(EvidenceFile.id)
    )


def data_of_sign_up(sign_up: SignUp) -> list[Table]:
    """Everything that is held of the person behind a ticket."""
    messages = select(Message).where(Message.sign_up_id == sign_up.id).order_by(Message.id)
    return [
        _table("sign_up", SIGN_UP, [sign_up]),
        _table("messages", MESSAGE, _all(messages)),
        _table("requests", REQUEST, requests_about("sign_up", sign_up.id)),
    ]


def data_of_talk_request(asked: TalkRequest) -> list[Table]:
    """Everything that is held of the person who asked for a talk."""
    messages = select(Message).where(Message.talk_request_id == asked.id).order_by(Message.id)
    return [
        _table("talk_request", TALK_REQUEST, [asked]),
        Table("topics", ("topic",), [(topic.name,) for topic in asked.topics]),
        _table("messages", MESSAGE, _all(messages)),
        _table("requests", REQUEST, requests_about("talk_request", asked.id)),
    ]


def requests_about(subject: str, subject_id: int) -> list[DataRequest]:
    """What the person asked of their own data, oldest first."""
    return _all(
        select(DataRequest)
        .where(DataRequest.subject == subject, DataRequest.subject_id == subject_id)
        .order_by(DataRequest.id)
    )


def _messages_to(user: User) -> Select[Message]:
    own = select(SignUp.id).where(SignUp.user_id == user.id)
    to = or_(Message.address == user.email, Message.sign_up_id.in_(own), Message.user_id == user.id)
    return select(Message).where(to).order_by(Message.id)


def _programmes_of(user: User) -> list[Table]:
    """Terms and applications, with what was said about them."""
    return [
        _table("appointments", APPOINTMENT, _owned(Appointment, user)),
        _table("suspensions", SUSPENSION, _all(_suspensions_of(user))),
        _table("applications", APPLICATION, _owned(Application, user)),
        _table("application_messages", CONVERSATION, _all(_conversations_of(user))),
    ]


def _lecturing_of(user: User) -> list[Table]:
    """What was learnt and examined, and the days on which the person cannot serve."""
    own = select(Qualification.id).where(Qualification.user_id == user.id)
    suspensions = select(QualificationSuspension).where(
        QualificationSuspension.qualification_id.in_(own)
    )
    return [
        _table("qualifications", QUALIFICATION, _owned(Qualification, user)),
        _table(
            "qualification_suspensions",
            ("qualification_id", "starts_on", "ends_on", "reason"),
            _all(suspensions.order_by(QualificationSuspension.id)),
        ),
        _table("assessments", ASSESSMENT, _owned(Assessment, user)),
        _table(
            "study_records",
            ("event_id", "event", "studied_on", "minutes", "created_at"),
            _owned(StudyRecord, user),
        ),
        _table(
            "training_invitations",
            ("event_id", "created_at", "declined_at"),
            _owned(TrainingInvitation, user),
        ),
        _table("absences", ("starts_on", "ends_on"), _owned(Absence, user)),
    ]


def _suspensions_of(user: User) -> Select[Suspension]:
    own = select(Appointment.id).where(Appointment.user_id == user.id)
    return select(Suspension).where(Suspension.appointment_id.in_(own)).order_by(Suspension.id)


def _conversations_of(user: User) -> Select[ApplicationMessage]:
    """What both sides wrote about the person's applications."""
    own = select(Application.id).where(Application.user_id == user.id)
    query = select(ApplicationMessage).where(ApplicationMessage.application_id.in_(own))
    return query.order_by(ApplicationMessage.id)


def _owned(model: Any, user: User, order: Any = None) -> list[Any]:
    by = model.id if order is None else order
    return _all(select(model).where(model.user_id == user.id).order_by(by))


def _all(query: Select[Any]) -> list[Any]:
    return list(db.session.scalars(query))


def _table(name: str, header: tuple[str, ...], things: Iterable[Any]) -> Table:
    return Table(
        name, header, [tuple(_said(thing, column) for column in header) for thing in things]
    )


def _said(thing: Any, column: str) -> object:
    if column == "event":
        return thing.event.title
    if column == "duty":
        return thing.duty.title
    if column in ("draft", "answers"):
        return json.dumps(getattr(thing, column), ensure_ascii=False)
    if column in ("starts_at", "ends_at"):
        of = thing.duty if isinstance(thing, Assignment) else thing.event
        return _plain(getattr(of, column))
    if column == "community":
        return _name_of_community(thing)
    if column in ("begins", "ends"):
        return _plain(getattr(thing, {"begins": "starts_at", "ends": "ends_at"}[column]))
    if column == "activity":
        return thing.activity.name
    if column == "topic":
        return thing.topic.name
    if column == "seen_by":
        return thing.seen_by.name
    if column == "weekdays":  # ISO 8601: Monday is 1
        return [day + 1 for day in range(7) if thing.weekdays >> day & 1]
    if column == "snapshot":  # wording, recording unit and the records, as they were
        return json.dumps(thing.snapshot, ensure_ascii=False)
    return _plain(getattr(thing, column))


def _name_of_community(thing: Any) -> str:
    community = db.session.get(Community, thing.community_id) if thing.community_id else None
    return community.name if community is not None else ""


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return clock.to_local(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
