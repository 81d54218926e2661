"""The programmes: who may apply, who decides, and which step is possible from where."""

from collections.abc import Collection
from datetime import date

from flask_babel import LazyString

from hub.enums import ApplicationStatus, AppointmentState, Programme
from hub.i18n import _l
from hub.models import Application, Appointment, User
from hub.policies.people import (
    can_manage_community,
    is_police,
    manages_communities,
    own_community_ids,
    sees_all_people,
    why_not_decide_on,
)

Status = ApplicationStatus
State = AppointmentState
# What is with the staff: sent, and not decided.
WAITING = (Status.SUBMITTED, Status.UNDER_REVIEW, Status.INFO_REQUESTED)
# Terms in which somebody is in the programme, or may soon be.
STANDING = (State.OFFERED, State.TO_COME, State.ACTIVE, State.SUSPENDED)
RUNNING = (State.TO_COME, State.ACTIVE, State.SUSPENDED)


# --- applications ---------------------------------------------------------------------------


def why_not_apply(
    user: User | None, programme: Programme, recruiting: Collection[str], on: date
) -> LazyString | None:
    """The reason why nobody, or ``user``, can apply now, or None. ``recruiting`` is a setting."""
    if programme.value not in recruiting:
        return _l("This programme takes no applications at the moment. Please come back later.")
    if user is not None and any(
        a.programme is programme and a.state(on) in STANDING for a in user.appointments
    ):
        return _l("You are in this programme already, or an offer waits for your answer.")
    return None


def why_not_submit(
    application: Application, recruiting: Collection[str], on: date
) -> LazyString | None:
    """The reason why the draft cannot be changed or sent, or None."""
    if application.status is not Status.DRAFT:
        return _l("This application is sent already.")
    return why_not_apply(application.user, application.programme, recruiting, on)


def why_not_write(application: Application) -> LazyString | None:
    """The reason why nothing can be added to the conversation, or None."""
    if application.status is Status.DRAFT:
        return _l("This application is not sent yet.")
    if application.status not in WAITING:
        return _l("This application is closed.")
    return None


def why_not_ask(user: User | None, application: Application) -> LazyString | None:
    """The reason why staff cannot let the application wait for an answer, or None."""
    if reason := why_not_decide_on(user, application.user):
        return reason
    if application.status is Status.SUBMITTED:
        return _l("Start the review first.")
    return why_not_write(application)


def why_not_withdraw(application: Application) -> LazyString | None:
    """The reason why the applicant cannot take it back, or None."""
    return None if application.status.is_open else _l("This application is closed.")


def why_not_review(user: User | None, application: Application) -> LazyString | None:
    """The reason why ``user`` cannot start the review, or None (rule 5)."""
    if reason := why_not_decide_on(user, application.user):
        return reason
    if application.status is not Status.SUBMITTED:
        return _l("The review has begun already.")
    return None


def why_not_decide_application(user: User | None, application: Application) -> LazyString | None:
    """The reason why ``user`` can neither approve nor decline, or None (rule 5)."""
    if reason := why_not_decide_on(user, application.user):
        return reason
    if application.status is Status.SUBMITTED:
        return _l("Start the review first.")
    if application.status not in WAITING:
        return _l("This application is closed.")
    return None


def can_see_application(user: User | None, application: Application) -> bool:
    """Who handles it at the desk: staff of the wished community, or all if none is wished; the
    subdistrict; for lecturers the police unit. A draft is its writer's alone (rule 20). The list
    asks the same (hub/queries/applications.py)."""
    if user is None or application.submitted_at is None:
        return False
    if sees_all_people(user):
        return True
    if is_police(user) and application.programme is Programme.LECTURER:
        return True
    here = own_community_ids(user)
    return bool(here) and (application.community_id is None or application.community_id in here)


def can_handle_programmes(user: User | None) -> bool:
    """Whether there can be an application or a term at the person's desk."""
    return manages_communities(user) or is_police(user)


# --- appointments ---------------------------------------------------------------------------


def can_appoint(user: User | None, programme: Programme, community_id: int | None) -> bool:
    """Whether ``user`` may offer such a term: without a community only the subdistrict does; the
    police unit lecturers'."""
    if is_police(user) and programme is Programme.LECTURER:
        return True
    if community_id is None:
        return sees_all_people(user)
    return can_manage_community(user, community_id)


def can_manage_appointment(user: User | None, appointment: Appointment) -> bool:
    """Whether the term is of the desk of ``user`` (rule 20). The list asks the same
    (hub/queries/appointments.py)."""
    return can_appoint(user, appointment.programme, appointment.community_id)


def why_not_accept(appointment: Appointment, on: date) -> LazyString | None:
    """The reason why its person cannot accept the offer, or None."""
    if reason := why_not_decline(appointment, on):
        return reason
    if appointment.ends_on < on:
        return _l("The term of this offer is over. Ask for a new one.")
    return None


def why_not_decline(appointment: Appointment, on: date) -> LazyString | None:
    if appointment.state(on) is not State.OFFERED:
        return _l("This offer is answered already.")
    return None


def why_not_resign(appointment: Appointment, on: date) -> LazyString | None:
    """The reason why its person cannot leave, or None."""
    if appointment.ended_on is not None and appointment.state(on) in RUNNING:
        return _l("This term ends early already.")
    return _why_not_running(appointment, on)


def why_not_revoke(appointment: Appointment, on: date) -> LazyString | None:
    return _why_not_running(appointment, on)


def why_not_suspend(appointment: Appointment, on: date) -> LazyString | None:
    if appointment.state(on) is State.SUSPENDED:
        return _l("This term is suspended already.")
    return _why_not_running(appointment, on)


def why_not_resume(appointment: Appointment, on: date) -> LazyString | None:
    """The reason why there is no suspension to end, or None. One that is only planned counts."""
    if reason := _why_not_running(appointment, on):
        return reason
    if not any(s.ends_on is None or s.ends_on >= on for s in appointment.suspensions):
        return _l("This term is not suspended.")
    return None


def why_not_renew(appointment: Appointment, on: date) -> LazyString | None:
    """The reason why no renewal can be offered, or None."""
    if appointment.state(on) is not State.ACTIVE:
        return _l("Only a term that runs can be renewed. Offer a new one instead.")
    if appointment.ended_on is not None:
        return _l("This term ends early already.")
    return None


def _why_not_running(appointment: Appointment, on: date) -> LazyString | None:
    state = appointment.state(on)
    if state is State.OFFERED:
        return _l("This offer is not accepted yet.")
    if state not in RUNNING:
        return _l("This term is over.")
    return None
