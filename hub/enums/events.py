"""Events and sign-ups: kinds, states and the words that people see."""

from enum import StrEnum

from flask_babel import LazyString

from hub.i18n import _l


class EventKind(StrEnum):
    FESTIVAL = "festival"
    LAW_TALK = "law_talk"
    TRAINING = "training"
    SERVICE_DESK = "service_desk"
    CULTURE = "culture"

    @property
    def label(self) -> LazyString:
        return {
            EventKind.FESTIVAL: _l("Neighbour festival"),
            EventKind.LAW_TALK: _l("Law talk"),
            EventKind.TRAINING: _l("Training"),
            EventKind.SERVICE_DESK: _l("Service desk"),
            EventKind.CULTURE: _l("Culture"),
        }[self]


class EventStatus(StrEnum):
    """What the organiser decided. *Ended* is derived from the clock, never stored."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"

    @property
    def label(self) -> LazyString:
        return {
            EventStatus.DRAFT: _l("Draft"),
            EventStatus.PUBLISHED: _l("Published"),
            EventStatus.CANCELLED: _l("Cancelled"),
        }[self]


class Visibility(StrEnum):
    PUBLIC = "public"
    UNLISTED = "unlisted"

    @property
    def label(self) -> LazyString:
        return {
            Visibility.PUBLIC: _l("Public"),
            Visibility.UNLISTED: _l("Only with the link"),
        }[self]


class SignUpPhase(StrEnum):
    """What an event offers to somebody who wants to sign up now. Derived."""

    OPEN = "open"
    WAITING = "waiting"
    FULL = "full"
    NOT_YET = "not_yet"
    CLOSED = "closed"
    ENDED = "ended"
    CANCELLED = "cancelled"
    DRAFT = "draft"

    @property
    def label(self) -> LazyString:
        return {
            SignUpPhase.OPEN: _l("Open"),
            SignUpPhase.WAITING: _l("Waiting list"),
            SignUpPhase.FULL: _l("Full"),
            SignUpPhase.NOT_YET: _l("Opens soon"),
            SignUpPhase.CLOSED: _l("Sign-up closed"),
            SignUpPhase.ENDED: _l("Ended"),
            SignUpPhase.CANCELLED: _l("Cancelled"),
            SignUpPhase.DRAFT: _l("Draft"),
        }[self]


class SignUpStatus(StrEnum):
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    NO_SHOW = "no_show"

    @property
    def label(self) -> LazyString:
        return {
            SignUpStatus.CONFIRMED: _l("Confirmed"),
            SignUpStatus.WAITLISTED: _l("On the waiting list"),
            SignUpStatus.CANCELLED: _l("Cancelled"),
            SignUpStatus.ATTENDED: _l("Attended"),
            SignUpStatus.NO_SHOW: _l("Did not come"),
        }[self]

    @property
    def holds_seats(self) -> bool:
        """Whether the party counts in ``Event.seats_taken`` (the database's triggers agree)."""
        return self in SEAT_HOLDING

    @property
    def is_live(self) -> bool:
        return self is not SignUpStatus.CANCELLED


SEAT_HOLDING = (SignUpStatus.CONFIRMED, SignUpStatus.ATTENDED, SignUpStatus.NO_SHOW)


class ContactKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
