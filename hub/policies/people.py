"""Roles, and whom one may see and decide about."""

from datetime import date

from flask_babel import LazyString

from hub.enums import Programme, StaffRole
from hub.i18n import _l
from hub.models import User


def is_admin(user: User | None) -> bool:
    return user is not None and any(m.role is StaffRole.ADMIN for m in user.roles)


def is_staff(user: User | None) -> bool:
    """Whether the person has a desk at all."""
    return user is not None and bool(user.roles)


def is_active_in(user: User | None, programme: Programme, on: date) -> bool:
    """Whether the person is an assistant or a lecturer *on that date* (rule 8)."""
    return user is not None and any(
        a.programme is programme and a.is_active(on) for a in user.appointments
    )


def sees_all_communities(user: User | None) -> bool:
    """Subdistrict staff, the police unit and administrators."""
    return user is not None and any(m.community_id is None for m in user.roles)


def own_community_ids(user: User) -> set[int]:
    return {m.community_id for m in user.roles if m.community_id is not None}


def manages_communities(user: User | None) -> bool:
    """Whether there is a community whose places the person looks after."""
    return user is not None and any(m.role is not StaffRole.POLICE for m in user.roles)


def can_manage_community(user: User | None, community_id: int) -> bool:
    """Staff of one community change only their community; subdistrict staff all (rule 20)."""
    if user is None:
        return False
    return any(
        m.role is StaffRole.ADMIN
        or (m.role is StaffRole.STAFF and m.community_id in (None, community_id))
        for m in user.roles
    )


def sees_all_people(user: User | None) -> bool:
    """Subdistrict staff and administrators."""
    return user is not None and any(
        m.community_id is None and m.role is not StaffRole.POLICE for m in user.roles
    )


def is_police(user: User | None) -> bool:
    return user is not None and any(m.role is StaffRole.POLICE for m in user.roles)


def can_see_whole_person(user: User | None, person: User) -> bool:
    """Oneself; staff of a community: those who live, work or serve in it; staff of the
    subdistrict: everybody."""
    if user is None:
        return False
    if user.id == person.id or sees_all_people(user):
        return True
    here = own_community_ids(user)
    there = {a.community_id for a in person.appointments} | {m.community_id for m in person.roles}
    if person.profile is not None:
        there.add(person.profile.community_id)
    return bool(here & there)


def can_see_person(user: User | None, person: User, *, shared: bool) -> bool:
    """Also the police unit: name, languages and contact of those who allow it (``shared``: their
    consent to the police trainers holds, rule 18). The list of people asks the same
    (hub/queries/people.py)."""
    return can_see_whole_person(user, person) or (shared and is_police(user))


def why_not_decide_on(user: User | None, person: User) -> LazyString | None:
    """The reason why staff cannot decide about ``person``, or None: not about oneself (rule 5)."""
    if user is not None and user.id == person.id:
        return _l("Nobody decides on their own case. Ask a colleague.")
    return None


# What Flask-Security calls a passkey that comes after the password.
SECOND_STEP = "secondary"


def has_second_factor(person: User) -> bool:
    """Whether logging in takes this person an app, or a passkey after the password."""
    return person.tf_primary_method is not None or any(
        passkey.usage == SECOND_STEP for passkey in person.webauthn
    )


def why_not_reset_second_factor(user: User | None, person: User) -> LazyString | None:
    """The reason why an administrator cannot take the second step off ``person``, or None."""
    if reason := why_not_decide_on(user, person):
        return reason
    if not has_second_factor(person):
        return _l("This person has set up no second step.")
    return None
