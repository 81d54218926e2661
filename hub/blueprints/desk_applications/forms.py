"""The filter of the list of applications, and the forms of one."""

from typing import Any

from flask import request
from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired, Length

from hub.enums import ApplicationStatus, Programme
from hub.i18n import _l
from hub.queries.applications import ApplicationFilter
from hub.web.forms import paragraphs
from hub.web.programme_forms import MessageForm, ReasonForm

# A draft is nobody's but its writer's.
STATUSES = tuple(s for s in ApplicationStatus if s is not ApplicationStatus.DRAFT)


class StaffMessageForm(MessageForm):
    """A message to the applicant, or a question for which the application waits."""

    asks = BooleanField(_l("This is a question: the application waits for the answer"))


class DeclineForm(ReasonForm):
    """Why an application is declined."""

    reason = TextAreaField(
        _l("Reason"),
        description=_l("The applicant reads this as you write it, in a mail and on their page."),
        filters=[paragraphs],
        validators=[
            DataRequired(_l("Say why.")),
            Length(max=1000, message=_l("At most 1,000 characters.")),
        ],
    )


def wanted_applications() -> tuple[ApplicationFilter, dict[str, Any]]:
    """What the address asks for, and the same as its query; what cannot be read is left out."""
    status, programme = request.args.get("status", ""), request.args.get("programme", "")
    wanted = ApplicationFilter(
        status=ApplicationStatus(status) if status in STATUSES else None,
        programme=Programme(programme) if programme in list(Programme) else None,
    )
    args = {
        "status": wanted.status.value if wanted.status else "",
        "programme": wanted.programme.value if wanted.programme else "",
    }
    return wanted, {name: value for name, value in args.items() if value}
