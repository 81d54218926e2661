"""The service of assistants: my next duty, duties I can take, and each step with one tap."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, url_for

from hub import clock
from hub.enums import AssignmentStatus
from hub.exceptions import WrongState
from hub.extensions import db
from hub.i18n import _
from hub.models import Assignment, Duty, User
from hub.policies import Step, is_late, lectures, why_not_step
from hub.policies.suggestions import can_collect_suggestions
from hub.queries.availability import helper_of, helpers_of
from hub.queries.duties import (
    AHEAD,
    duties_ahead,
    duties_to_take_over,
    last_assignment,
    live_assignment,
    live_assignments,
    past_assignments,
    places_in_queues,
)
from hub.services import assignments, attendance
from hub.web.access import service_duty, service_only, the_actor
from hub.web.changes import try_change
from hub.web.duty_cards import DutyCard, own_card, public_event
from hub.web.forms import ActionForm
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.lecturer_talk import lecturer_talk
from hub.web.release_form import ReleaseForm

service = Blueprint("service", __name__)

S = AssignmentStatus
OWN_STEPS = (
    *(Step.ACCEPT, Step.DECLINE, Step.WITHDRAW_REQUEST, Step.RELEASE, Step.ASK_SWAP, Step.KEEP),
    *(Step.CHECK_IN, Step.CHECK_OUT),
)


@service.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@service.get("")
@service_only
def today() -> Response:
    user = _myself()
    rows, queues = [(a, _steps(a)) for a in live_assignments(user)], places_in_queues(user)
    held = [row for row in rows if row[0].status in (S.CONFIRMED, S.CHECKED_IN)]
    held.sort(key=lambda row: row[0].status is not S.CHECKED_IN)
    return render(
        "service/today.html",
        user=user,
        next_one=held[0] if held else None,
        others=held[1:],
        offers=[a for a, _steps in rows if a.status is S.OFFERED],
        waiting=[(a, queues[a.duty_id]) for a, _steps in rows if a.status is S.REQUESTED],
        past=past_assignments(user),
        today=clock.today(),
        why_no_check_in=_why_no_check_in(held[0][0]) if held else None,
        links=_links(user),
    )


def _links(user: User) -> list[tuple[str, str, str, str]]:
    """Endpoint, picture, title and words of each page of one's service."""
    lecturing = (
        "lecturing.index",
        "scales",
        _("My lecturing"),
        _("What I am qualified for, what is missing, trainings, days away."),
    )
    return [
        *([lecturing] if lectures(user) else []),
        (
            "service.duties",
            "search",
            _("Duties I can take"),
            _("Free places that fit you, and why others do not."),
        ),
        ("records.new", "pencil", _("Log what I did"), _("A minute, and it waits for approval.")),
        ("records.index", "clock", _("What I did"), _("My records, and how far each of them is.")),
        ("records.hours", "chart", _("My hours"), _("Approved hours, month by month.")),
        *([_collecting_link()] if can_collect_suggestions(user, clock.today()) else []),
        (
            "certificates.mine",
            "seal",
            _("My certificates"),
            _("Certificates of my service, to show and to print."),
        ),
        (
            "calendars.subscribe",
            "calendar",
            _("My calendars"),
            _("My duties in my own calendar program."),
        ),
    ]


def _collecting_link() -> tuple[str, str, str, str]:
    words = _("Write down what somebody says, and give them a slip.")
    return ("collecting.index", "speech", _("Collect a suggestion"), words)


@service.get("/duties")
@service_only
def duties() -> Response:
    user, moment = _myself(), clock.now()
    found = duties_ahead({a.programme for a in user.appointments if a.accepted_at is not None})
    helper = helpers_of([user], moment, moment + 2 * AHEAD)[0]
    mine = {a.duty_id: a for a in live_assignments(user)}
    swaps = duties_to_take_over([d.id for d in found], user)
    cards = [own_card(d, helper, mine.get(d.id), swap=d.id in swaps) for d in found]
    return render("service/duties.html", **_groups(cards))


@service.get("/duties/<id:duty_id>")
@service_only
def duty(duty_id: int) -> Response:
    return _duty_page(service_duty(duty_id), ActionForm(), 200)


@service.post(
    "/duties/<id:duty_id>/<any('take','take-over','accept','decline','withdraw','ask-swap','keep',"
    "'check-in','check-out'):step>"
)
@service_only
def act(duty_id: int, step: str) -> Response:
    found, form = service_duty(duty_id), ActionForm()
    user = _myself()
    done = try_change(form, lambda: ACTS[step](duty_id, user).status)
    if done.result is None:
        return _duty_page(found, form, done.status)
    flash(_said(step, done.result), "success")
    to_today = step in ("check-in", "check-out", "decline")
    return see_other(url_for(".today") if to_today else url_for(".duty", duty_id=duty_id))


@service.route("/duties/<id:duty_id>/release", methods=["GET", "POST"])
@service_only
def release(duty_id: int) -> Response:
    found, user, form = service_duty(duty_id), _myself(), ReleaseForm()
    give_back = _own(assignments.release_duty, lambda: form.reason.data or "")
    done = try_change(form, lambda: give_back(duty_id, user).id)
    if done.done:
        flash(_("You gave the duty back. Thank you for saying so."), "success")
        return see_other(url_for(".today"))
    mine = live_assignment(duty_id, user.id)
    moment = clock.now()
    return render(
        "service/release.html",
        None,
        done.status,
        duty=found,
        form=form,
        late=is_late(found, moment),
        why_not=why_not_step(mine, Step.RELEASE, moment) if mine else WrongState.default,
    )


@service.route("/duties/<id:duty_id>/no", methods=["GET", "POST"])
@service_only
def decline(duty_id: int) -> Response:
    """Say no to an offer, with a reason if one likes."""
    found, user, form = service_duty(duty_id), _myself(), ReleaseForm()
    say_no = _own(assignments.decline_offer, lambda: form.reason.data or "")
    done = try_change(form, lambda: say_no(duty_id, user).id)
    if done.done:
        flash(_("You declined. Thank you for answering."), "success")
        return see_other(url_for(".today"))
    mine = live_assignment(duty_id, user.id)
    why_not = why_not_step(mine, Step.DECLINE, clock.now()) if mine else WrongState.default
    context = {"duty": found, "form": form, "why_not": why_not}
    return render("service/decline.html", None, done.status, **context)


def _own(verb: Callable[..., Assignment], *more: Callable[[], Any]) -> Callable[..., Assignment]:
    """``verb`` on the person's live assignment to a duty."""

    def act_on_mine(duty_id: int, user: User) -> Assignment:
        mine = live_assignment(duty_id, user.id)
        if mine is None:
            raise WrongState
        return verb(mine.id, *(value() for value in more), by=user)

    return act_on_mine


ACTS: dict[str, Callable[[int, User], Assignment]] = {
    "take": lambda duty_id, user: assignments.take_duty(duty_id, by=user),
    "take-over": lambda duty_id, user: assignments.take_over(duty_id, by=user),
    "accept": _own(assignments.accept_offer),
    "decline": _own(assignments.decline_offer),
    "withdraw": _own(assignments.withdraw_request),
    "ask-swap": _own(assignments.ask_swap),
    "keep": _own(assignments.keep_duty),
    "check-in": _own(attendance.check_in),
    "check-out": _own(attendance.check_out),
}


def _said(step: str, status: AssignmentStatus) -> str:
    """What the person is told after a step."""
    if step == "take" and status is S.REQUESTED:
        return _("All places are taken. You are on the waiting list.")
    return {
        "take": _("The duty is yours. Thank you!"),
        "take-over": _("You have taken over the duty. Thank you!"),
        "accept": _("The duty is yours. Thank you!"),
        "decline": _("You declined. Nobody will ask you why."),
        "withdraw": _("You are off the waiting list."),
        "ask-swap": _("Others can now take over. Until somebody does, the duty is yours."),
        "keep": _("You keep the duty."),
        "check-in": _("You are checked in. Have a good time!"),
        "check-out": _("You are checked out. Thank you! Your time waits for approval."),
    }[step]


def _duty_page(found: Duty, form: Any, status: int) -> Response:
    user = _myself()
    db.session.refresh(found)
    mine = last_assignment(found.id, user.id)
    live = mine if mine is not None and mine.status.is_live else None
    swap = found.id in duties_to_take_over([found.id], user)
    return render(
        "service/duty.html",
        None,
        status,
        duty=found,
        card=own_card(found, helper_of(user, found), live, swap=swap),
        form=form,
        mine=mine,
        live=live,
        steps=_steps(live) if live else set(),
        queue=places_in_queues(user).get(found.id, 0),
        over=found.ends_at <= clock.now(),
        event=public_event(found),
        talk=lecturer_talk(found),
    )


def _groups(cards: list[DutyCard]) -> dict[str, Any]:
    """What stands in which part of the page."""
    free = [c for c in cards if c.mine is None]
    fitting = [c for c in free if not c.obstacles]
    return {
        "offered": [c for c in cards if c.mine is not None and c.mine.status is S.OFFERED],
        "takeable": [c for c in fitting if c.missing > 0],
        "swaps": [c for c in fitting if c.missing < 1 and c.swap],
        "full": [c for c in fitting if c.missing < 1 and not c.swap],
        "not_now": [c for c in free if c.obstacles],
    }


def _steps(assignment: Assignment) -> set[str]:
    moment = clock.now()
    return {s.value for s in OWN_STEPS if why_not_step(assignment, s, moment) is None}


def _why_no_check_in(assignment: Assignment) -> Any:
    if assignment.status is not S.CONFIRMED:
        return None
    return why_not_step(assignment, Step.CHECK_IN, clock.now())


def _myself() -> User:
    """The account that is logged in, itself and not a stand-in for it."""
    return db.session.get_one(User, the_actor().id)
