"""Loading a thing and checking that the visitor may see it: 404 for what may not be seen."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from flask import Response, abort, flash, request, url_for
from flask_login import current_user

from hub import clock
from hub.extensions import db
from hub.i18n import _
from hub.integrations.signing import read_ticket_token
from hub.models import (
    Application,
    Appointment,
    Assignment,
    Duty,
    Event,
    ServiceRecord,
    SignUp,
    User,
)
from hub.policies import (
    can_handle_programmes,
    can_manage_appointment,
    can_manage_duty,
    can_manage_event,
    can_manage_record,
    can_see_application,
    can_see_event,
    can_see_record,
    can_work_door,
    has_term,
    is_admin,
    is_staff,
    manages_communities,
    sees_all_people,
)
from hub.queries.people import helps_at_door
from hub.queries.signups import sign_up_of_code
from hub.web.htmx import see_other

View = TypeVar("View", bound=Callable[..., object])


def actor() -> User | None:
    """The account that is logged in, or None."""
    return current_user if current_user.is_authenticated else None


def the_actor() -> User:
    """The account that is logged in; for views behind ``staff_only``."""
    user = actor()
    if user is None:
        abort(401)
    return user


def account_only(view: View) -> View:
    """The view is for everybody with an account: about themselves."""
    return guarded(view, has_account)


def has_account(user: User | None) -> bool:
    return user is not None


def staff_only(view: View) -> View:
    """The view is for people with a desk: others are asked to log in, or told it is not there."""
    return guarded(view, is_staff)


def programmes_only(view: View) -> View:
    """The view is for staff of communities and the police unit."""
    return guarded(view, can_handle_programmes)


def admin_only(view: View) -> View:
    """The view is for administrators."""
    return guarded(view, is_admin)


def service_only(view: View) -> View:
    """The view is for people who have been appointed, now or once."""
    return guarded(view, has_term)


def community_staff_only(view: View) -> View:
    """The view is for staff of communities; the police unit has no records to decide."""
    return guarded(view, manages_communities)


def subdistrict_only(view: View) -> View:
    """The view is for staff of the subdistrict and administrators."""
    return guarded(view, sees_all_people)


def guarded(view: View, may: Callable[[User | None], bool]) -> View:
    """The view, for those who ``may`` open it: others get 404, or the way to log in."""

    @wraps(view)
    def page(*args: object, **kwargs: object) -> object:
        user = actor()
        if user is None:
            return log_in_first()
        if not may(user):
            abort(404)
        return view(*args, **kwargs)

    page.access = may.__name__  # type: ignore[attr-defined]  # read by the access matrix
    return page  # type: ignore[return-value]


def log_in_first() -> Response:
    """To the log-in page and back: 303, or for htmx 401 with the address."""
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    url = url_for("security.login", next=back)
    if request.headers.get("HX-Request") == "true":
        return Response(status=401, headers={"HX-Redirect": url})
    flash(_("Log in first."), "notice")
    return see_other(url)


def visible_event(event_id: int) -> Event:
    """The event, or 404."""
    event = db.session.get(Event, event_id)
    if event is None or not can_see_event(actor(), event):
        abort(404)
    return event


def managed_event(event_id: int) -> Event:
    """The event, if the visitor manages it, or 404 (rule 20)."""
    event = db.session.get(Event, event_id)
    if event is None or not can_manage_event(actor(), event):
        abort(404)
    return event


def door_event(event_id: int) -> Event:
    """The event at whose door the visitor may work, or 404 (rule 20)."""
    event, user = db.session.get(Event, event_id), the_actor()
    if event is None or not can_work_door(user, event, helps_at_door(user, event), clock.now()):
        abort(404)
    return event


def managed_sign_up(event_id: int, sign_up_id: int) -> SignUp:
    """The sign-up of that event, if the visitor manages it, or 404 (rule 20)."""
    event = managed_event(event_id)
    sign_up = db.session.get(SignUp, sign_up_id)
    if sign_up is None or sign_up.event_id != event.id:
        abort(404)
    return sign_up


def ticket(token: str) -> SignUp:
    """The sign-up that a private link opens, or 404; 410 once the person is deleted from it."""
    code = read_ticket_token(token)
    sign_up = sign_up_of_code(code) if code is not None else None
    if sign_up is None:
        abort(404)
    if sign_up.erased_at is not None:
        abort(410)
    return sign_up


def own_record(record_id: int) -> ServiceRecord:
    """The visitor's own record, or 404 (rule 20)."""
    record = db.session.get(ServiceRecord, record_id)
    if record is None or record.user_id != the_actor().id:
        abort(404)
    return record


def managed_record(record_id: int) -> ServiceRecord:
    """The record, if it is for the visitor's desk, or 404 (rule 20)."""
    record = db.session.get(ServiceRecord, record_id)
    if record is None or not can_manage_record(the_actor(), record):
        abort(404)
    return record


def visible_record(record_id: int) -> ServiceRecord:
    """The record, if the visitor may see it, or 404 (rule 20)."""
    record = db.session.get(ServiceRecord, record_id)
    if record is None or not can_see_record(actor(), record):
        abort(404)
    return record


def service_duty(duty_id: int) -> Duty:
    """The duty of a programme in which the visitor serves, or 404."""
    duty, user = db.session.get(Duty, duty_id), the_actor()
    serves = {a.programme for a in user.appointments if a.accepted_at is not None}
    if duty is None or duty.programme not in serves:
        abort(404)
    return duty


def managed_duty(duty_id: int) -> Duty:
    """The duty, if the visitor manages its community, or 404 (rule 20)."""
    duty = db.session.get(Duty, duty_id)
    if duty is None or not can_manage_duty(actor(), duty):
        abort(404)
    return duty


def managed_assignment(duty_id: int, assignment_id: int) -> Assignment:
    """Somebody on that duty, if the visitor manages it, or 404 (rule 20)."""
    managed_duty(duty_id)
    assignment = db.session.get(Assignment, assignment_id)
    if assignment is None or assignment.duty_id != duty_id:
        abort(404)
    return assignment


def own_application(application_id: int) -> Application:
    """The visitor's own application, or 404 (rule 20)."""
    application = db.session.get(Application, application_id)
    if application is None or application.user_id != the_actor().id:
        abort(404)
    return application


def handled_application(application_id: int) -> Application:
    """The application, if it is of the visitor's desk, or 404 (rule 20)."""
    application = db.session.get(Application, application_id)
    if application is None or not can_see_application(the_actor(), application):
        abort(404)
    return application


def own_appointment(appointment_id: int) -> Appointment:
    """The visitor's own term or offer, or 404 (rule 20)."""
    appointment = db.session.get(Appointment, appointment_id)
    if appointment is None or appointment.user_id != the_actor().id:
        abort(404)
    return appointment


def managed_appointment(appointment_id: int) -> Appointment:
    """The term, if it is of the visitor's desk, or 404 (rule 20)."""
    appointment = db.session.get(Appointment, appointment_id)
    if appointment is None or not can_manage_appointment(the_actor(), appointment):
        abort(404)
    return appointment
