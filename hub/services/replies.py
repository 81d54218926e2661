"""What people answer from their calendar programs to an invitation to a duty or talk (rule 7)."""

from sqlalchemy import select

from hub.enums import AssignmentStatus
from hub.exceptions import NotAllowed, WrongState
from hub.extensions import db
from hub.i18n import _, _l, in_language
from hub.integrations.ical_replies import Reply
from hub.models import Assignment, User
from hub.queries.settings import reader_language
from hub.services.assignments import accept_offer, decline_offer, release_duty


def answer_by_calendar(reply: Reply, sender: str) -> None:
    """Do what the person could do by hand, and by the same rules.

    The UID is random and in nobody's hands but theirs; the address has to be their account's too,
    as attendee or as ``sender``. A yes to an older version of the duty is none.
    Raises NotAllowed or another HubError.
    """
    query = select(Assignment).where(Assignment.uid == reply.uid)
    assignment = db.session.scalars(query).first()
    if assignment is None:
        raise NotAllowed
    person = db.session.get_one(User, assignment.user_id)
    if person.email.casefold() not in (reply.attendee.casefold(), sender.casefold()):
        raise NotAllowed
    offered = assignment.status is AssignmentStatus.OFFERED
    if reply.answer == "ACCEPTED" and offered:
        if reply.sequence < assignment.sequence:
            raise WrongState(_l("The duty has changed since. Look at it before you accept."))
        accept_offer(assignment.id, by=person)
    elif reply.answer == "DECLINED":
        with in_language(reader_language(person.language)):
            reason = _("Declined in the calendar.")
        if offered:
            decline_offer(assignment.id, reason, by=person)
        elif assignment.status is AssignmentStatus.CONFIRMED:
            release_duty(assignment.id, reason, by=person)
