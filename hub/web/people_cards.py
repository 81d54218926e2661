"""People made ready for the desk: a line of the list, and the facts of one person's page."""

from dataclasses import dataclass, replace
from datetime import date

from flask import url_for

from hub import clock
from hub.enums import Programme
from hub.i18n import _, current_language, language_name, territory_name
from hub.models import Appointment, Community, Membership, Profile, Qualification, User
from hub.models.person import PersonLanguage
from hub.policies import can_manage_appointment, can_see_whole_person, is_active_in
from hub.queries.people import qualifications_of
from hub.queries.places import all_communities
from hub.web.filters import weekday_name
from hub.web.qualification_cards import LOOKS as QUALIFICATION_LOOKS
from hub.web.term_cards import LOOKS as TERM_LOOKS
from hub.web.term_cards import community_of


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list of people."""

    id: int
    url: str
    name: str
    spoken_name: str
    country: str
    community: str
    languages: str
    serves: list[str]
    roles: list[str]


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """A language with how well it is spoken and written, in words."""

    name: str
    oral: str
    written: str


@dataclass(frozen=True, slots=True)
class Term:
    """An appointment in words. ``url``: its page at the desk, for those who manage it."""

    programme: str
    community: str
    starts_on: object
    ends_on: object
    look: str
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the page of a person says about them."""

    profile: Profile | None
    country: str
    community: str
    languages: list[SpokenLanguage]
    weekdays: list[str]
    roles: list[tuple[Membership, str]]
    terms: list[Term]
    qualifications: list["QualificationRow"]


@dataclass(frozen=True, slots=True)
class QualificationRow:
    """A topic that a person may speak about, in words."""

    topic: str
    language: str
    starts_on: date
    ends_on: date
    look: str
    state: str
    examiner: str


def person_rows(found: list[User], *, by: User) -> list[PersonRow]:
    """The lines; of those who only allow the police trainers to know them, names and languages."""
    communities = {c.id: c for c in all_communities()}
    rows = ((user, _row(user, communities)) for user in found)
    return [
        row
        if can_see_whole_person(by, user)
        else replace(row, country="", community="", serves=[], roles=[])
        for user, row in rows
    ]


def person_facts(user: User, profile: Profile | None, *, by: User) -> PersonFacts:
    communities = {c.id: c for c in all_communities()}
    display = current_language()
    return PersonFacts(
        profile=profile,
        country=territory_name(profile.country, display) if profile else "",
        community=_community(profile, communities),
        languages=[_language(row, display) for row in profile.languages] if profile else [],
        weekdays=[weekday_name(day) for day in range(7) if profile and profile.weekdays >> day & 1],
        roles=[(m, role_words(m)) for m in user.roles],
        terms=[_term(appointment, by) for appointment in user.appointments],
        qualifications=[_qualification(row, display) for row in qualifications_of(user)],
    )


def role_words(membership: Membership) -> str:
    """``Staff, Heyuan``; a role without a community holds in all of them."""
    if membership.community is not None:
        return _(
            "%(role)s, %(community)s",
            role=membership.role.label,
            community=membership.community.name,
        )
    return _("%(role)s, all communities", role=membership.role.label)


def _row(user: User, communities: dict[int, Community]) -> PersonRow:
    profile, display = user.profile, current_language()
    return PersonRow(
        id=user.id,
        url=url_for("desk_people.show", user_id=user.id),
        name=user.name,
        spoken_name=profile.spoken_name if profile else "",
        country=territory_name(profile.country, display) if profile else "",
        community=_community(profile, communities),
        languages=" · ".join(
            language_name(row.language, display) for row in (profile.languages if profile else [])
        ),
        serves=[str(p.label) for p in Programme if is_active_in(user, p, clock.today())],
        roles=[role_words(m) for m in user.roles],
    )


def _community(profile: Profile | None, communities: dict[int, Community]) -> str:
    if profile is None or profile.community_id is None:
        return ""
    return communities[profile.community_id].name


def _language(row: PersonLanguage, display: str) -> SpokenLanguage:
    return SpokenLanguage(
        name=language_name(row.language, display),
        oral=str(row.oral.label) if row.oral else "",
        written=str(row.written.label) if row.written else "",
    )


def _term(appointment: Appointment, by: User) -> Term:
    state, managed = appointment.state(clock.today()), can_manage_appointment(by, appointment)
    here = url_for("desk_appointments.show", appointment_id=appointment.id) if managed else ""
    return Term(
        programme=str(appointment.programme.label),
        community=community_of(appointment),
        starts_on=appointment.starts_on,
        ends_on=appointment.last_day,
        look=TERM_LOOKS[state],
        state=str(state.label),
        url=here,
    )


def _qualification(row: Qualification, display: str) -> QualificationRow:
    state = row.state(clock.today())
    return QualificationRow(
        topic=row.topic.name,
        language=language_name(row.language, display),
        starts_on=row.valid_from,
        ends_on=max(row.valid_from, row.last_day),
        look=QUALIFICATION_LOOKS[state],
        state=str(state.label),
        examiner=row.examiner,
    )
