"""The forms that answer a request for a talk."""

from typing import Any

from hub.i18n import _l
from hub.models import User
from hub.queries.talk_requests import talks_to_answer_with
from hub.web.filters import period
from hub.web.forms import ChoiceField, HubForm
from hub.web.reason_field import reason_field


class DeclineForm(HubForm):
    reason = reason_field(
        _l("Reason"),
        _l("Who asked reads this as you write it, in a mail and on their page."),
    )


class PlanForm(HubForm):
    event_id = ChoiceField(
        _l("Talk"),
        description=_l("Law talks to come that you manage, drafts included."),
        coerce=int,
        choices=[],
    )


def plan_form(user: User, event_id: int | None = None) -> Any:
    """``event_id``: the talk that was just planned for it."""
    form: Any = PlanForm(data={"event_id": event_id})
    form.event_id.choices = [
        (e.id, f"{period(e.starts_at, e.ends_at)} · {e.title} · {e.venue.name}")
        for e in talks_to_answer_with(user)
    ]
    return form
