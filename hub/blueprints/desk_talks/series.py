"""Series of law talks: made and changed, how far they are, and the planner for all their talks."""

from typing import Any

from flask import Response, flash, url_for

from hub.blueprints.desk_talks.forms import OfferAllForm, plan_data, plan_form
from hub.blueprints.desk_talks.routes import desk_talks
from hub.i18n import _, ngettext
from hub.models import Event, TalkPlan
from hub.policies import can_manage_event
from hub.queries.places import usable_communities
from hub.queries.series import sessions_of_series
from hub.services.assignments import offer_duty
from hub.services.talk_plans import plan_series, update_series
from hub.web.access import staff_only, the_actor
from hub.web.changes import try_change
from hub.web.forms import language_rows
from hub.web.htmx import render, see_other
from hub.web.talk_access import managed_plan
from hub.web.talk_cards import PlannedTalk, TalkCard, planned_talks, talk_cards


@desk_talks.route("/series/new", methods=["GET", "POST"])
@staff_only
def new_series() -> Response:
    user = the_actor()
    form = plan_form(user)
    made = try_change(
        form, lambda: plan_series(plan_data(form, form.community_id.data), by=user).series_id
    )
    if made.result is not None:
        flash(_("The series is made. Add its talks."), "success")
        return see_other(url_for(".series", series_id=made.result))
    return _form_page(None, form, made.status)


@desk_talks.get("/series/<id:series_id>")
@staff_only
def series(series_id: int) -> Response:
    plan, user = managed_plan(series_id), the_actor()
    cards = talk_cards(_own_sessions(series_id))
    counted = [card for card in cards if card.state != "cancelled"]
    last = cards[-1].id if cards else None
    return render(
        "desk/talks/series.html",
        plan=plan,
        title=plan.series.text().title,
        cards=cards,
        people=sum(card.expected for card in counted),
        schools=_schools(plan, counted),
        planned=planned_talks(cards, user),
        new_url=url_for(".new", series=series_id, after=last),
    )


@desk_talks.route("/series/<id:series_id>/edit", methods=["GET", "POST"])
@staff_only
def edit_series(series_id: int) -> Response:
    plan, user = managed_plan(series_id), the_actor()
    form, community_id = plan_form(user, plan), plan.series.community_id
    saved = try_change(
        form, lambda: update_series(series_id, plan_data(form, community_id), by=user).series_id
    )
    if saved.done:
        flash(_("The series is saved."), "success")
        return see_other(url_for(".series", series_id=series_id))
    return _form_page(managed_plan(series_id), form, saved.status)


@desk_talks.route("/series/<id:series_id>/offer", methods=["GET", "POST"])
@staff_only
def offer_all(series_id: int) -> Response:
    """What the planner proposes now, to be looked at and offered in one go."""
    plan, user, form = managed_plan(series_id), the_actor(), OfferAllForm()
    planned = planned_talks(talk_cards(_own_sessions(series_id)), user)
    form.pairs.choices = _pairs(planned)
    if form.pairs.data is None or not form.is_submitted():
        form.pairs.data = [value for value, _label in form.pairs.choices]

    def offer() -> int:
        for pair in form.pairs.data:
            duty_id, _dash, user_id = pair.partition("-")
            offer_duty(int(duty_id), int(user_id), by=user)
        return len(form.pairs.data)

    offered = try_change(form, offer)
    if offered.result is not None:
        words = ngettext("%(num)d offer is sent.", "%(num)d offers are sent.", offered.result)
        flash(words, "success")
        return see_other(url_for(".series", series_id=series_id))
    title = managed_plan(series_id).series.text().title
    context = {"plan": plan, "title": title, "form": form, "planned": planned}
    return render("desk/talks/offer_all.html", None, offered.status, **context)


def _own_sessions(series_id: int) -> list[Event]:
    """The sessions that the visitor manages: a series may reach into other communities."""
    user = the_actor()
    return [e for e in sessions_of_series(series_id) if can_manage_event(user, e)]


def _pairs(planned: list[PlannedTalk]) -> list[tuple[str, str]]:
    found = []
    for talk in planned:
        where = f"{talk.card.when}, {talk.card.place}"
        for one in talk.proposals:
            words = _("%(name)s: %(talk)s", name=one.user.name, talk=where)
            found.append((f"{one.duty.id}-{one.user.id}", words))
    return found


def _schools(plan: TalkPlan, cards: list[TalkCard]) -> list[tuple[str, int | None, int]]:
    """School, people to reach (if that is set), people planned."""
    planned: dict[str, int] = {}
    for card in cards:
        planned[card.school] = planned.get(card.school, 0) + card.expected
    targets: dict[str, int | None] = {row.school: row.people for row in plan.targets}
    names = [*targets, *(name for name in sorted(planned) if name not in targets)]
    return [(name or _("For everybody"), targets.get(name), planned.get(name, 0)) for name in names]


def _form_page(plan: TalkPlan | None, form: Any, status: int) -> Response:
    return render(
        "desk/talks/series_form.html",
        None,
        status,
        plan=plan,
        title=plan.series.text().title if plan is not None else "",
        form=form,
        rows=language_rows(form),
        lacks="" if usable_communities(the_actor()) else "community",
    )
