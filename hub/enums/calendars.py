"""Calendars that people subscribe to."""

from enum import StrEnum

from flask_babel import LazyString

from hub.i18n import _l


class FeedKind(StrEnum):
    """Whose private calendar: a sign-up's, an assistant's, a lecturer's, or the desk's."""

    PERSONAL = "personal"
    ASSISTANT = "assistant"
    LECTURER = "lecturer"
    STAFF = "staff"

    @property
    def label(self) -> LazyString:
        return {
            FeedKind.PERSONAL: _l("My sign-ups"),
            FeedKind.ASSISTANT: _l("My duties"),
            FeedKind.LECTURER: _l("My talks and trainings"),
            FeedKind.STAFF: _l("Everything at the desk"),
        }[self]


class DeadlineKind(StrEnum):
    """What the desk's calendar may show on the day on which it is due."""

    RECORDS = "records"
    TERMS = "terms"
    QUALIFICATIONS = "qualifications"
    SUGGESTIONS = "suggestions"

    @property
    def label(self) -> LazyString:
        return {
            DeadlineKind.RECORDS: _l("Records to decide"),
            DeadlineKind.TERMS: _l("Terms that end"),
            DeadlineKind.QUALIFICATIONS: _l("Qualifications that end"),
            DeadlineKind.SUGGESTIONS: _l("Suggestions to answer"),
        }[self]
