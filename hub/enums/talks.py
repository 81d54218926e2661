"""Law talks and the training for them: results, how people were counted, what was asked for."""

from enum import StrEnum

from flask_babel import LazyString

from hub.i18n import _l


class AssessmentResult(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    RETAKE = "retake"

    @property
    def label(self) -> LazyString:
        return {
            AssessmentResult.PASSED: _l("Passed"),
            AssessmentResult.FAILED: _l("Failed"),
            AssessmentResult.RETAKE: _l("To be taken again"),
        }[self]


class QualificationState(StrEnum):
    """How a qualification stands on a day. Derived."""

    TO_COME = "to_come"
    VALID = "valid"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REVOKED = "revoked"

    @property
    def label(self) -> LazyString:
        return {
            QualificationState.TO_COME: _l("Begins later"),
            QualificationState.VALID: _l("Valid"),
            QualificationState.SUSPENDED: _l("Suspended"),
            QualificationState.EXPIRED: _l("Expired"),
            QualificationState.REVOKED: _l("Revoked"),
        }[self]


class Reach(StrEnum):
    """How it is known how many a talk reached: one or the other, never both added."""

    NAMED = "named"
    HEADCOUNT = "headcount"

    @property
    def label(self) -> LazyString:
        return {
            Reach.NAMED: _l("Names checked in at the door"),
            Reach.HEADCOUNT: _l("Head count"),
        }[self]


class CountMethod(StrEnum):
    """How heads were counted."""

    HEADS = "heads"
    SHEET = "sheet"
    SEATS = "seats"
    ESTIMATE = "estimate"

    @property
    def label(self) -> LazyString:
        return {
            CountMethod.HEADS: _l("Heads counted in the room"),
            CountMethod.SHEET: _l("Lines on a signed sheet"),
            CountMethod.SEATS: _l("Seats counted, minus the empty ones"),
            CountMethod.ESTIMATE: _l("Estimated"),
        }[self]


class TalkRequestStatus(StrEnum):
    RECEIVED = "received"
    PLANNED = "planned"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> LazyString:
        return {
            TalkRequestStatus.RECEIVED: _l("Received"),
            TalkRequestStatus.PLANNED: _l("Planned"),
            TalkRequestStatus.DECLINED: _l("Declined"),
            TalkRequestStatus.WITHDRAWN: _l("Taken back"),
        }[self]
