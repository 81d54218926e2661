"""The survey after an event: who may answer, until when, and from how many answers it shows."""

from datetime import datetime, timedelta

from flask_babel import LazyString

from hub.enums import EventStatus, SignUpStatus
from hub.i18n import _l
from hub.models import Event, SignUp

# So long after its end an event takes answers.
SURVEY_OPEN = timedelta(days=14)
# Answers are shown in lots of so many, and no group of fewer is ever shown (rule 17).
LOT = 5
# The mail leaves so long after the end, and not later than that.
SURVEY_MAIL_AFTER, SURVEY_MAIL_UNTIL = timedelta(hours=2), timedelta(days=3)
# So long after a survey has closed it is kept who has answered, and so long after the event what
# was written.
SPENT_KEPT = timedelta(days=30)
COMMENTS_KEPT = timedelta(days=730)


def survey_closes(event: Event) -> datetime:
    """The moment from which nobody answers any more."""
    return event.ends_at + SURVEY_OPEN


def why_not_answer(sign_up: SignUp, left: int, now: datetime) -> LazyString | None:
    """The reason why nobody of the party can answer at ``now``, or None. ``left``: how many of
    its places have not answered."""
    event = sign_up.event
    if event.status is EventStatus.CANCELLED:
        return _l("This event was cancelled.")
    if not event.has_started(now):
        return _l("The three questions open when the event begins.")
    if sign_up.status is not SignUpStatus.ATTENDED:
        return _l(
            "The three questions are for people who were checked in at the door. If you were "
            "there, ask somebody at the door or in the community office to check you in."
        )
    if now >= survey_closes(event):
        return _l("The time for answers is over. We hope to see you at another event.")
    if not left:
        return _l("Everybody on this ticket has answered.")
    return None
