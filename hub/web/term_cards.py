"""Terms made ready to be read: a line of a list, one's own programmes, the letter."""

from dataclasses import dataclass
from datetime import date

from flask import url_for

from hub import clock
from hub.enums import AppointmentState
from hub.i18n import LANGUAGES, _, in_language
from hub.models import Application, Appointment, User
from hub.queries.applications import applications_of
from hub.web.application_cards import LOOKS as APPLICATION_LOOKS
from hub.web.application_cards import own_state, wished_community
from hub.web.filters import full_day
from hub.web.site import said_in, site

LOOKS = {
    AppointmentState.OFFERED: "waiting",
    AppointmentState.DECLINED: "closed",
    AppointmentState.TO_COME: "open",
    AppointmentState.ACTIVE: "confirmed",
    AppointmentState.SUSPENDED: "waiting",
    AppointmentState.EXPIRED: "ended",
    AppointmentState.RESIGNED: "ended",
    AppointmentState.REVOKED: "cancelled",
}
# A letter is written in both languages of the office, whatever the page is in.
LETTER_LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class TermRow:
    """A term in words."""

    id: int
    name: str
    programme: str
    community: str
    starts_on: date
    ends_on: date
    look: str
    state: str
    number: str
    ends_early: bool


@dataclass(frozen=True, slots=True)
class Mine:
    """One of one's own applications or terms."""

    url: str
    title: str
    where: str
    look: str
    state: str


@dataclass(frozen=True, slots=True)
class LetterWords:
    """The letter of appointment in one language."""

    tag: str
    title: str
    words: str
    facts: list[tuple[str, str]]
    unit: str
    day: str


def term_row(appointment: Appointment, user: User) -> TermRow:
    state = appointment.state(clock.today())
    return TermRow(
        id=appointment.id,
        name=user.name,
        programme=str(appointment.programme.label),
        community=community_of(appointment),
        starts_on=appointment.starts_on,
        ends_on=appointment.last_day,
        look=LOOKS[state],
        state=str(state.label),
        number=appointment.number or "",
        ends_early=appointment.ended_on is not None,
    )


def community_of(appointment: Appointment) -> str:
    return appointment.community.name if appointment.community else _("All communities")


def my_programmes(user: User) -> list[Mine]:
    """One's own terms and applications, newest first; what became a term stands only as that."""
    terms = sorted(user.appointments, key=lambda a: a.id, reverse=True)
    became = {a.application_id for a in terms}
    applications = [a for a in applications_of(user) if a.id not in became]
    return [_my_term(a) for a in terms] + [_my_application(a) for a in applications]


def letter_words(appointment: Appointment, user: User) -> list[LetterWords]:
    """The letter in Chinese and in English, about the term as it was accepted."""
    return [_letter_in(language, appointment, user) for language in LETTER_LANGUAGES]


def _my_term(appointment: Appointment) -> Mine:
    state = appointment.state(clock.today())
    return Mine(
        url=url_for("join.appointment", appointment_id=appointment.id),
        title=str(appointment.programme.label),
        where=community_of(appointment),
        look=LOOKS[state],
        state=str(state.label),
    )


def _my_application(application: Application) -> Mine:
    return Mine(
        url=url_for("join.application", application_id=application.id),
        title=_("Application: %(programme)s", programme=application.programme.label),
        where=wished_community(application),
        look=APPLICATION_LOOKS[application.status],
        state=own_state(application),
    )


def _letter_in(language: str, appointment: Appointment, user: User) -> LetterWords:
    community = appointment.community
    accepted = appointment.accepted_at or clock.now()
    with in_language(language):
        unit = said_in(site().recording_unit, language)
        term = _(
            "%(start)s to %(end)s",
            start=full_day(appointment.starts_on),
            end=full_day(appointment.ends_on),
        )
        return LetterWords(
            tag=LANGUAGES[language].tag,
            title=_("Letter of Appointment"),
            words=_(
                "We appoint %(name)s as %(programme)s and thank you for serving your neighbours.",
                name=user.name,
                programme=appointment.programme.label,
            ),
            facts=[
                (_("Community"), community.text(language).name if community else _("All of them")),
                (_("Term"), term),
                (_("Number"), appointment.number or ""),
            ],
            unit=unit,
            day=full_day(clock.to_local(accepted).date()),
        )
