"""Messages: why one is sent, and how far it came."""

from enum import StrEnum


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


class MessageState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
