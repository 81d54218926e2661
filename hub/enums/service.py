"""The service of assistants and lecturers: states of what they apply for, take on and log."""

from enum import StrEnum

from flask_babel import LazyString

from hub.i18n import _l


class ApplicationStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    INFO_REQUESTED = "info_requested"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> LazyString:
        return {
            ApplicationStatus.DRAFT: _l("Draft, not sent yet"),
            ApplicationStatus.SUBMITTED: _l("Received"),
            ApplicationStatus.UNDER_REVIEW: _l("Under review"),
            ApplicationStatus.INFO_REQUESTED: _l("A question waits for the applicant"),
            ApplicationStatus.APPROVED: _l("Approved"),
            ApplicationStatus.DECLINED: _l("Declined"),
            ApplicationStatus.WITHDRAWN: _l("Withdrawn"),
        }[self]

    @property
    def is_open(self) -> bool:
        """Whether something may still be decided."""
        return self in OPEN_APPLICATION


OPEN_APPLICATION = (
    ApplicationStatus.DRAFT,
    ApplicationStatus.SUBMITTED,
    ApplicationStatus.UNDER_REVIEW,
    ApplicationStatus.INFO_REQUESTED,
)


class QuestionKind(StrEnum):
    SHORT = "short"
    LONG = "long"
    YES_NO = "yes_no"

    @property
    def label(self) -> LazyString:
        return {
            QuestionKind.SHORT: _l("A line"),
            QuestionKind.LONG: _l("Several lines"),
            QuestionKind.YES_NO: _l("Yes or no"),
        }[self]


class AppointmentState(StrEnum):
    """Where an appointment stands on a date. Derived from its rows, never stored."""

    OFFERED = "offered"
    DECLINED = "declined"
    TO_COME = "to_come"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    RESIGNED = "resigned"
    REVOKED = "revoked"

    @property
    def label(self) -> LazyString:
        return {
            AppointmentState.OFFERED: _l("Offered, not accepted yet"),
            AppointmentState.DECLINED: _l("Offer not taken"),
            AppointmentState.TO_COME: _l("Begins later"),
            AppointmentState.ACTIVE: _l("In service"),
            AppointmentState.SUSPENDED: _l("Suspended"),
            AppointmentState.EXPIRED: _l("Term over"),
            AppointmentState.RESIGNED: _l("Resigned"),
            AppointmentState.REVOKED: _l("Revoked"),
        }[self]


class EndKind(StrEnum):
    """Why an appointment ended before its term."""

    RESIGNED = "resigned"
    REVOKED = "revoked"


class AssignmentStatus(StrEnum):
    """A person on a duty. REQUESTED is the place in the duty's waiting list."""

    OFFERED = "offered"
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    COMPLETED = "completed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"

    @property
    def label(self) -> LazyString:
        return {
            AssignmentStatus.OFFERED: _l("Offered"),
            AssignmentStatus.REQUESTED: _l("On the waiting list"),
            AssignmentStatus.CONFIRMED: _l("Confirmed"),
            AssignmentStatus.CHECKED_IN: _l("Checked in"),
            AssignmentStatus.COMPLETED: _l("Done"),
            AssignmentStatus.DECLINED: _l("Offer declined"),
            AssignmentStatus.WITHDRAWN: _l("Taken back"),
            AssignmentStatus.RELEASED: _l("Released"),
            AssignmentStatus.CANCELLED: _l("Cancelled"),
            AssignmentStatus.NO_SHOW: _l("Did not come"),
        }[self]

    @property
    def holds_place(self) -> bool:
        """Whether it counts in ``Duty.people_taken`` (the database's triggers agree)."""
        return self in PLACE_HOLDING

    @property
    def is_live(self) -> bool:
        return self in LIVE_ASSIGNMENT


# Confirmed duties of one person never overlap (rule 9).
BUSY = (AssignmentStatus.CONFIRMED, AssignmentStatus.CHECKED_IN, AssignmentStatus.COMPLETED)
PLACE_HOLDING = (*BUSY, AssignmentStatus.NO_SHOW)
LIVE_ASSIGNMENT = (AssignmentStatus.OFFERED, AssignmentStatus.REQUESTED, *PLACE_HOLDING)


class Provenance(StrEnum):
    """How a record's minutes are known. Never changed (rule 11)."""

    MEASURED = "measured"
    ROSTERED = "rostered"
    DECLARED = "declared"
    BACK_ENTERED = "back_entered"

    @property
    def label(self) -> LazyString:
        return {
            Provenance.MEASURED: _l("Measured by check-in and check-out"),
            Provenance.ROSTERED: _l("From the roster"),
            Provenance.DECLARED: _l("Self-declared"),
            Provenance.BACK_ENTERED: _l("Entered later by staff"),
        }[self]


class RecordStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    VOIDED = "voided"

    @property
    def label(self) -> LazyString:
        return {
            RecordStatus.DRAFT: _l("Draft"),
            RecordStatus.SUBMITTED: _l("Waiting for approval"),
            RecordStatus.RETURNED: _l("Returned for changes"),
            RecordStatus.APPROVED: _l("Approved"),
            RecordStatus.REJECTED: _l("Rejected"),
            RecordStatus.SUPERSEDED: _l("Replaced by a correction"),
            RecordStatus.VOIDED: _l("Voided"),
        }[self]


# Records that claim their time: those of one person never overlap (rule 11).
CLAIMING = (RecordStatus.SUBMITTED, RecordStatus.RETURNED, RecordStatus.APPROVED)
# Records that nobody edits any more (rule 12).
SEALED = (RecordStatus.APPROVED, RecordStatus.SUPERSEDED, RecordStatus.VOIDED)


class CertificateStatus(StrEnum):
    ISSUED = "issued"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"

    @property
    def label(self) -> LazyString:
        return {
            CertificateStatus.ISSUED: _l("Valid"),
            CertificateStatus.SUPERSEDED: _l("Replaced by a newer one"),
            CertificateStatus.REVOKED: _l("Revoked"),
        }[self]
