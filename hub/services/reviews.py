"""Applications at the desk: looked at, asked about, approved or declined (rule 5)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from hub import clock
from hub.enums import ApplicationStatus, MessageKind
from hub.exceptions import NotAllowed, OwnCase
from hub.extensions import db
from hub.models import Application, ApplicationMessage, Appointment, User
from hub.policies import (
    can_see_application,
    why_not_ask,
    why_not_decide_application,
    why_not_decide_on,
    why_not_review,
    why_not_write,
)
from hub.services import audit
from hub.services.applications import add_message, lock_application, move, said_to
from hub.services.appointments import refuse, term_facts
from hub.services.messages import queue_note
from hub.services.offers import Term, make_offer
from hub.services.people import lock_user


@dataclass(frozen=True, slots=True)
class Approval:
    """Where and when the term that an approval offers is served; both days are included."""

    community_id: int | None
    starts_on: date
    ends_on: date


def start_review(application_id: int, *, by: User) -> Application:
    """Somebody at the desk looks into it. Raises NotAllowed, OwnCase or WrongState."""
    application = _handled(application_id, by)
    refuse(why_not_review(by, application))
    move(application, ApplicationStatus.UNDER_REVIEW, "start_review", by=by)
    return application


def write_to_applicant(
    application_id: int, body: str, *, asks: bool, by: User
) -> ApplicationMessage:
    """Write to the applicant; with ``asks`` the application waits for the answer.

    Raises NotAllowed, OwnCase, InvalidInput or WrongState.
    """
    application = _handled(application_id, by)
    refuse(why_not_ask(by, application) if asks else why_not_write(application))
    message = add_message(application, body, by=by, from_staff=True)
    if asks and application.status is ApplicationStatus.UNDER_REVIEW:
        move(application, ApplicationStatus.INFO_REQUESTED, "ask", by=by)
    applicant = application.user
    queue_note(
        MessageKind.APPLICATION_QUESTION,
        applicant,
        application.id,
        programme=said_to(applicant, application),
        asks="yes" if asks else "",
    )
    return message


def approve_application(application_id: int, approval: Approval, *, by: User) -> Appointment:
    """Approve it, and offer the term in the same transaction.

    Raises NotAllowed, OwnCase (rule 5), InvalidInput or WrongState.
    """
    application = _handled(application_id, by)
    refuse(why_not_decide_application(by, application))
    applicant = application.user
    term = Term(application.programme, approval.community_id, approval.starts_on, approval.ends_on)
    offer = make_offer(applicant, term, by=by, application_id=application.id)
    application.decided_at, application.decided_by_id = clock.now(), by.id
    move(application, ApplicationStatus.APPROVED, "approve", by=by)
    facts = term_facts(applicant, offer)
    queue_note(MessageKind.APPLICATION_APPROVED, applicant, application.id, **facts)
    return offer


def decline_application(application_id: int, reason: str, *, by: User) -> Application:
    """Decline it with a reason, which the applicant reads as it was written.

    Raises NotAllowed, OwnCase (rule 5), InvalidInput or WrongState.
    """
    application = _handled(application_id, by)
    refuse(why_not_decide_application(by, application))
    reason = audit.needed_reason(reason)
    application.reason = reason
    application.decided_at, application.decided_by_id = clock.now(), by.id
    move(application, ApplicationStatus.DECLINED, "decline", by=by, reason=reason)
    applicant = application.user
    queue_note(
        MessageKind.APPLICATION_DECLINED,
        applicant,
        application.id,
        programme=said_to(applicant, application),
        reason=reason,
    )
    return application


def _handled(application_id: int, by: User) -> Application:
    """Locks the person before the application, as deletion does: neither waits for ever."""
    of = select(User).join(Application, Application.user_id == User.id)
    lock_user(db.session.scalars(of.where(Application.id == application_id)).one())
    application = lock_application(application_id)
    if not can_see_application(by, application):
        raise NotAllowed
    if reason := why_not_decide_on(by, application.user):
        raise OwnCase(reason)
    return application
