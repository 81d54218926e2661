"""The tables, one file an entity. Importing this package registers all of them."""

from hub.models.account import (
    DoorHelper,
    Invitation,
    LogIn,
    Membership,
    Passkey,
    User,
)
from hub.models.application import Application, ApplicationMessage, Question, QuestionText
from hub.models.appointment import Appointment, Suspension
from hub.models.audit import AuditEntry
from hub.models.calendar import CalendarFeed
from hub.models.certificate import Certificate, CertificateRecord
from hub.models.community import Community, CommunityText, Venue, VenueText
from hub.models.duty import Assignment, Duty, DutyLanguage, DutySkill, DutyText
from hub.models.event import Event, EventLanguage, EventText, Series, SeriesText
from hub.models.message import Heartbeat, Message, SwitchedOff
from hub.models.person import Absence, PaperSeen, PersonLanguage, PersonSkill, Profile
from hub.models.privacy import Consent, DataRequest
from hub.models.qualification import Qualification, QualificationSuspension
from hub.models.record import Activity, ActivityText, EvidenceFile, ServiceRecord
from hub.models.response_template import ResponseTemplate, ResponseTemplateText
from hub.models.setting import Setting
from hub.models.signup import SignUp
from hub.models.suggestion import (
    Backer,
    ResponseText,
    Suggestion,
    SuggestionEntry,
    SuggestionResponse,
    SuggestionText,
)
from hub.models.survey import SurveyAnswer, SurveyCommentText, SurveySpent
from hub.models.talk import (
    Talk,
    TalkMaterial,
    TalkPlan,
    TalkQuestion,
    TalkRequest,
    TalkRequestTopic,
    TalkTarget,
    TalkTopic,
)
from hub.models.topic import Topic, TopicMaterial, TopicText
from hub.models.training import (
    Assessment,
    StudyRecord,
    Training,
    TrainingInvitation,
    TrainingTopic,
)

__all__ = [
    "Absence",
    "Activity",
    "ActivityText",
    "Application",
    "ApplicationMessage",
    "Appointment",
    "Assessment",
    "Assignment",
    "AuditEntry",
    "Backer",
    "CalendarFeed",
    "Certificate",
    "CertificateRecord",
    "Community",
    "CommunityText",
    "Consent",
    "DataRequest",
    "DoorHelper",
    "Duty",
    "DutyLanguage",
    "DutySkill",
    "DutyText",
    "Event",
    "EventLanguage",
    "EventText",
    "EvidenceFile",
    "Heartbeat",
    "Invitation",
    "LogIn",
    "Membership",
    "Message",
    "PaperSeen",
    "Passkey",
    "PersonLanguage",
    "PersonSkill",
    "Profile",
    "Qualification",
    "QualificationSuspension",
    "Question",
    "QuestionText",
    "ResponseTemplate",
    "ResponseTemplateText",
    "ResponseText",
    "Series",
    "SeriesText",
    "ServiceRecord",
    "Setting",
    "SignUp",
    "StudyRecord",
    "Suggestion",
    "SuggestionEntry",
    "SuggestionResponse",
    "SuggestionText",
    "SurveyAnswer",
    "SurveyCommentText",
    "SurveySpent",
    "Suspension",
    "SwitchedOff",
    "Talk",
    "TalkMaterial",
    "TalkPlan",
    "TalkQuestion",
    "TalkRequest",
    "TalkRequestTopic",
    "TalkTarget",
    "TalkTopic",
    "Topic",
    "TopicMaterial",
    "TopicText",
    "Training",
    "TrainingInvitation",
    "TrainingTopic",
    "User",
    "Venue",
    "VenueText",
]
