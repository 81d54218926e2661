"""All that is held of a person. Reads only."""

from typing import Any

from sqlalchemy import Select, or_, select

from hub.extensions import db
from hub.models import (
    Absence,
    Application,
    ApplicationMessage,
    Appointment,
    Assessment,
    Assignment,
    Backer,
    CalendarFeed,
    Certificate,
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
    Suggestion,
    Suspension,
    SwitchedOff,
    TalkRequest,
    TrainingInvitation,
    User,
)
from hub.models.account import Membership, Passkey
from hub.queries.own_suggestions import SUGGESTION, entries_of, suggestion_tables
from hub.queries.own_tables import Table, table_of
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


def data_of_user(user: User) -> list[Table]:
    """Everything that is held of the account's owner. Secrets (password, keys) are not told."""
    sign_ups = select(SignUp).where(SignUp.user_id == user.id).order_by(SignUp.id)
    return [
        table_of("account", ACCOUNT, [user]),
        table_of(
            "profile",
            ("spoken_name", "school", "country", "phone", "community", "weekdays", "updated_at"),
            _owned(Profile, user, Profile.user_id),
        ),
        table_of(
            "languages",
            ("language", "oral", "written"),
            _owned(PersonLanguage, user, PersonLanguage.language),
        ),
        table_of("roles", ("role", "community"), _owned(Membership, user)),
        *_programmes_of(user),
        *_service_of(user),
        *_lecturing_of(user),
        *suggestion_tables(user),
        table_of(
            "consents",
            ("purpose", "given", "version", "language", "text", "at"),
            _owned(Consent, user),
        ),
        table_of("sign_ups", SIGN_UP, _all(sign_ups)),
        table_of("log_ins", ("device", "created_at", "seen_at", "ended_at"), _owned(LogIn, user)),
        table_of(
            "passkeys", ("name", "create_datetime", "lastuse_datetime"), _owned(Passkey, user)
        ),
        table_of("papers_seen", PAPER, _owned(PaperSeen, user)),
        table_of("messages", MESSAGE, _all(_messages_to(user))),
        table_of("messages_off", ("choice",), _owned(SwitchedOff, user, SwitchedOff.choice)),
        table_of("calendars", CALENDAR, _owned(CalendarFeed, user)),
        table_of("requests", REQUEST, requests_about("user", user.id)),
    ]


def _service_of(user: User) -> list[Table]:
    return [
        table_of("skills", ("skill",), _owned(PersonSkill, user, PersonSkill.skill)),
        table_of("duties", DUTY, _owned(Assignment, user)),
        table_of("service_records", RECORD, _owned(ServiceRecord, user)),
        table_of("evidence", EVIDENCE, evidence_of(user)),
        table_of("certificates", CERTIFICATE, _owned(Certificate, user)),
        table_of("talk_reports", REPORT, reports_of(user)),
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
        table_of("sign_up", SIGN_UP, [sign_up]),
        table_of("messages", MESSAGE, _all(messages)),
        table_of("requests", REQUEST, requests_about("sign_up", sign_up.id)),
    ]


def data_of_talk_request(asked: TalkRequest) -> list[Table]:
    """Everything that is held of the person who asked for a talk."""
    messages = select(Message).where(Message.talk_request_id == asked.id).order_by(Message.id)
    return [
        table_of("talk_request", TALK_REQUEST, [asked]),
        Table("topics", ("topic",), [(topic.name,) for topic in asked.topics]),
        table_of("messages", MESSAGE, _all(messages)),
        table_of("requests", REQUEST, requests_about("talk_request", asked.id)),
    ]


def data_of_suggestion(row: Suggestion) -> list[Table]:
    """Everything that is held of the person who made a suggestion."""
    messages = select(Message).where(Message.suggestion_id == row.id).order_by(Message.id)
    return [
        table_of("suggestion", SUGGESTION, [row]),
        entries_of([row.id]),
        table_of("messages", MESSAGE, _all(messages)),
        table_of("requests", REQUEST, requests_about("suggestion", row.id)),
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
    suggested = select(Suggestion.id).where(Suggestion.user_id == user.id)
    backing = select(Backer.id).where(Backer.user_id == user.id)
    to = or_(
        Message.address == user.email,
        Message.sign_up_id.in_(own),
        Message.user_id == user.id,
        Message.suggestion_id.in_(suggested),
        Message.backer_id.in_(backing),
    )
    return select(Message).where(to).order_by(Message.id)


def _programmes_of(user: User) -> list[Table]:
    """Terms and applications, with what was said about them."""
    return [
        table_of("appointments", APPOINTMENT, _owned(Appointment, user)),
        table_of("suspensions", SUSPENSION, _all(_suspensions_of(user))),
        table_of("applications", APPLICATION, _owned(Application, user)),
        table_of("application_messages", CONVERSATION, _all(_conversations_of(user))),
    ]


def _lecturing_of(user: User) -> list[Table]:
    """What was learnt and examined, and the days on which the person cannot serve."""
    own = select(Qualification.id).where(Qualification.user_id == user.id)
    suspensions = select(QualificationSuspension).where(
        QualificationSuspension.qualification_id.in_(own)
    )
    return [
        table_of("qualifications", QUALIFICATION, _owned(Qualification, user)),
        table_of(
            "qualification_suspensions",
            ("qualification_id", "starts_on", "ends_on", "reason"),
            _all(suspensions.order_by(QualificationSuspension.id)),
        ),
        table_of("assessments", ASSESSMENT, _owned(Assessment, user)),
        table_of(
            "study_records",
            ("event_id", "event", "studied_on", "minutes", "created_at"),
            _owned(StudyRecord, user),
        ),
        table_of(
            "training_invitations",
            ("event_id", "created_at", "declined_at"),
            _owned(TrainingInvitation, user),
        ),
        table_of("absences", ("starts_on", "ends_on"), _owned(Absence, user)),
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
