"""From a form to a change: validated, in one unit of work, refusals shown in the form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import abort

from hub.exceptions import HubError, NotAllowed
from hub.transaction import unit_of_work
from hub.web.forms import HubForm, is_submitted

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Result]):
    """``result`` of the change if ``done``; else ``status`` is that of the page with the form."""

    done: bool
    status: int = 200
    result: Result | None = None


def try_change(form: HubForm, change: Callable[[], Result]) -> Outcome[Result]:
    """Run ``change`` if ``form`` was sent and is valid.

    Not sent: 200. Not valid: 422. Refused by a rule: its status, and the reason stands in the
    form. Things that are not the visitor's answer 404 (rule 20).
    """
    if not is_submitted():
        return Outcome(False)
    if not form.validate():
        return Outcome(False, 422)
    try:
        with unit_of_work():
            result = change()
    except NotAllowed:
        abort(404)
    except HubError as error:
        form.apply_error(error)
        return Outcome(False, error.status)
    return Outcome(True, 303, result)
