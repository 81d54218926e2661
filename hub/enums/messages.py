"""Messages: why one is sent, and how far it came."""

from datetime import timedelta
from enum import StrEnum

from flask_babel import LazyString

from hub.i18n import _l


class MessageKind(StrEnum):
    """Why a message is sent. Each has a template ``email/<kind>.txt``, but for ACCOUNT, which
    Flask-Security words."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    PROMOTED = "promoted"
    LINK_AGAIN = "link_again"
    PARTY_CHANGED = "party_changed"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"
    EVENT_CHANGED = "event_changed"
    EVENT_CANCELLED = "event_cancelled"
    ACCOUNT = "account"
    APPLICATION_RECEIVED = "application_received"
    APPLICATION_QUESTION = "application_question"
    APPLICATION_APPROVED = "application_approved"
    APPLICATION_DECLINED = "application_declined"
    TERM_OFFERED = "term_offered"
    TERM_SUSPENDED = "term_suspended"
    TERM_RESUMED = "term_resumed"
    TERM_REVOKED = "term_revoked"
    TERM_ENDING = "term_ending"
    DUTY_OFFERED = "duty_offered"
    DUTY_CONFIRMED = "duty_confirmed"
    DUTY_CHANGED = "duty_changed"
    DUTY_CANCELLED = "duty_cancelled"
    DUTY_SWAPPED = "duty_swapped"
    RECORD_RETURNED = "record_returned"
    RECORD_REJECTED = "record_rejected"
    RECORD_VOIDED = "record_voided"
    CERTIFICATE_ISSUED = "certificate_issued"
    CERTIFICATE_REVOKED = "certificate_revoked"
    TRAINING_INVITED = "training_invited"
    ASSESSMENT_ENTERED = "assessment_entered"
    QUALIFICATION_GRANTED = "qualification_granted"
    QUALIFICATION_SUSPENDED = "qualification_suspended"
    QUALIFICATION_RESUMED = "qualification_resumed"
    QUALIFICATION_REVOKED = "qualification_revoked"
    QUALIFICATION_ENDING = "qualification_ending"
    TALK_LACKS_LECTURER = "talk_lacks_lecturer"
    TALK_REQUEST_RECEIVED = "talk_request_received"
    TALK_REQUEST_PLANNED = "talk_request_planned"
    TALK_REQUEST_DECLINED = "talk_request_declined"
    REMINDER_DAY = "reminder_day"
    REMINDER_HOURS = "reminder_hours"
    DUTY_REMINDER_DAY = "duty_reminder_day"
    DUTY_REMINDER_HOURS = "duty_reminder_hours"
    DUTY_ACCEPTED = "duty_accepted"
    DUTY_RELEASED = "duty_released"
    RECORDS_APPROVED = "records_approved"
    DIGEST = "digest"
    EVENT_SURVEY = "event_survey"
    SUGGESTION_RECEIVED = "suggestion_received"
    SUGGESTION_ACKNOWLEDGED = "suggestion_acknowledged"
    SUGGESTION_QUESTION = "suggestion_question"
    SUGGESTION_ANSWERED = "suggestion_answered"
    SUGGESTION_DONE = "suggestion_done"
    SUGGESTION_REFERRED = "suggestion_referred"
    SUGGESTION_JOINED = "suggestion_joined"
    SUGGESTION_STILL_DONE = "suggestion_still_done"
    SUGGESTION_CONFIRM = "suggestion_confirm"
    SUGGESTION_NEWS = "suggestion_news"
    SUGGESTION_OWNED = "suggestion_owned"
    SUGGESTION_BACK = "suggestion_back"
    SUGGESTION_OVERDUE = "suggestion_overdue"

    @property
    def choice(self) -> "MessageChoice | None":
        """What its reader may switch it off by; None: whoever it concerns must get it."""
        return CHOICES.get(self)

    @property
    def answers(self) -> bool:
        """Whether it answers what its reader did this moment: it leaves at any hour."""
        return self in ANSWERS

    @property
    def by_text(self) -> bool:
        """Whether people with nothing but a phone number get it as SMS, if a gateway is set."""
        return self in TEXTED

    @property
    def settles(self) -> timedelta:
        """How long it waits for more of its kind, so that several changes are one mail."""
        return SETTLING.get(self, timedelta(0))


class MessageState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # given up after all attempts
    BOUNCED = "bounced"  # taken by our server, refused by the reader's
    DROPPED = "dropped"  # no longer true when its turn came

    @property
    def label(self) -> LazyString:
        return {
            MessageState.QUEUED: _l("Waits"),
            MessageState.SENDING: _l("Is being sent"),
            MessageState.SENT: _l("Sent"),
            MessageState.FAILED: _l("Failed"),
            MessageState.BOUNCED: _l("Came back"),
            MessageState.DROPPED: _l("Not needed any more"),
        }[self]


class MessageChoice(StrEnum):
    """What people may switch off; everything else they must get, and the page says so."""

    REMINDERS = "reminders"
    OFFERS = "offers"
    GOOD_NEWS = "good_news"
    DIGEST = "digest"
    SURVEYS = "surveys"
    CALENDAR_FILES = "calendar_files"

    @property
    def label(self) -> LazyString:
        return {
            MessageChoice.REMINDERS: _l("Reminders, the day before and two hours before"),
            MessageChoice.OFFERS: _l("Offers of duties, talks and trainings"),
            MessageChoice.GOOD_NEWS: _l("Approved hours and new certificates"),
            MessageChoice.DIGEST: _l("What waits at the desk, each working morning"),
            MessageChoice.SURVEYS: _l("Three questions after an event"),
            MessageChoice.CALENDAR_FILES: _l("Calendar files in mails"),
        }[self]


K, C = MessageKind, MessageChoice
CHOICES = {
    **dict.fromkeys(
        (K.REMINDER_DAY, K.REMINDER_HOURS, K.DUTY_REMINDER_DAY, K.DUTY_REMINDER_HOURS),
        C.REMINDERS,
    ),
    **dict.fromkeys((K.DUTY_OFFERED, K.TRAINING_INVITED), C.OFFERS),
    **dict.fromkeys((K.RECORDS_APPROVED, K.CERTIFICATE_ISSUED), C.GOOD_NEWS),
    K.DIGEST: C.DIGEST,
    K.EVENT_SURVEY: C.SURVEYS,
}
ANSWERS = frozenset(
    {
        *(K.CONFIRMED, K.WAITLISTED, K.LINK_AGAIN, K.PARTY_CHANGED, K.WITHDRAWN, K.ACCOUNT),
        *(K.APPLICATION_RECEIVED, K.TALK_REQUEST_RECEIVED, K.DUTY_ACCEPTED, K.DUTY_RELEASED),
        *(K.SUGGESTION_RECEIVED, K.SUGGESTION_CONFIRM),
    }
)
TEXTED = frozenset(
    {
        *(K.CONFIRMED, K.WAITLISTED, K.PROMOTED, K.LINK_AGAIN, K.RELEASED),
        *(K.EVENT_CHANGED, K.EVENT_CANCELLED, K.REMINDER_DAY, K.REMINDER_HOURS),
    }
)
SETTLING = dict.fromkeys(
    (K.EVENT_CHANGED, K.DUTY_CHANGED, K.RECORDS_APPROVED), timedelta(minutes=5)
)
