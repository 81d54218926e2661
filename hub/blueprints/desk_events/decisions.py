"""Decisions about an event, each with its own page: copy, publish, cancel, number of places."""

from typing import Any

from flask import Response, abort, flash, url_for

from hub import clock
from hub.blueprints.desk_events.forms import (
    CancelEventForm,
    CapacityForm,
    ReasonRow,
    cancel_reasons,
    seen_at,
)
from hub.blueprints.desk_events.routes import desk_events, offer_release, release_context
from hub.extensions import db
from hub.i18n import LANGUAGES, _, ngettext
from hub.integrations import sms
from hub.models import Event, Series, User
from hub.policies import (
    can_manage_community,
    can_manage_event,
    why_not_cancel,
    why_not_edit,
    why_not_publish,
)
from hub.queries.messages import audience_of
from hub.queries.series import sessions_of_series
from hub.services.event_data import data_of
from hub.services.events import cancel_event, copy_event, publish_event, update_event
from hub.web.access import managed_event, staff_only, the_actor
from hub.web.changes import try_change
from hub.web.desk_cards import desk_cards, places_words
from hub.web.forms import ActionForm, language_rows, with_languages
from hub.web.htmx import render, see_other
from hub.web.site import language_codes


@desk_events.post("/<id:event_id>/copy")
@staff_only
def copy(event_id: int) -> Response:
    managed_event(event_id)
    user = the_actor()
    copied = try_change(ActionForm(), lambda: copy_event(event_id, by=user).id)
    if copied.result is None:
        flash(_("This page was open for too long. Try again."), "error")
        return see_other(url_for(".show", event_id=event_id))
    flash(_("This is the copy. Check its date, then save and publish it."), "success")
    return see_other(url_for(".edit", event_id=copied.result))


@desk_events.route("/<id:event_id>/publish", methods=["GET", "POST"])
@staff_only
def publish(event_id: int) -> Response:
    event, form, user = managed_event(event_id), ActionForm(), the_actor()
    published = try_change(form, lambda: publish_event(event_id, by=user))
    if published.done:
        flash(_("The event is published. People can see it now."), "success")
        return see_other(url_for(".show", event_id=event_id))
    return render(
        "desk/events/publish.html",
        None,
        published.status,
        event=event,
        form=form,
        untranslated=_languages_without_title(event),
        why_not=why_not_publish(event, clock.now()),
    )


@desk_events.route("/<id:event_id>/cancel", methods=["GET", "POST"])
@staff_only
def cancel(event_id: int) -> Response:
    event, user = managed_event(event_id), the_actor()
    form = with_languages(CancelEventForm, ReasonRow)()
    cancelled = try_change(form, lambda: cancel_event(event_id, cancel_reasons(form), by=user))
    if cancelled.done:
        flash(_("The event is cancelled. Everybody who is signed up is being told."), "success")
        return see_other(url_for(".show", event_id=event_id))
    return render(
        "desk/events/cancel.html",
        None,
        cancelled.status,
        event=event,
        form=form,
        rows=language_rows(form),
        audience=audience_of(event_id),
        by_text=sms.gateway() is not None,
        why_not=why_not_cancel(event, clock.now()),
    )


@desk_events.route("/<id:event_id>/capacity", methods=["GET", "POST"])
@staff_only
def capacity(event_id: int) -> Response:
    event, user = managed_event(event_id), the_actor()
    form = CapacityForm(data={"capacity": event.capacity, "seen": event.changed_at.isoformat()})
    offer_release(form, event)
    saved = try_change(form, lambda: _set_capacity(event_id, form, by=user))
    if saved.done:
        flash(_("The number of places is saved."), "success")
        return see_other(url_for("desk_signups.index", event_id=event_id))
    if seen_at(form) != event.changed_at:
        form.seen.raw_data, form.seen.data = None, event.changed_at.isoformat()
    return render(
        "desk/events/capacity.html",
        None,
        saved.status,
        event=event,
        form=form,
        places_words=places_words(event),
        why_not=why_not_edit(event, clock.now()),
        **release_context(event, form),
    )


@desk_events.get("/series/<id:series_id>")
@staff_only
def series(series_id: int) -> Response:
    found = _managed_series(series_id)
    sessions = _own_sessions(series_id)
    return render(
        "desk/events/series.html",
        series=found,
        cards=desk_cards(sessions),
        form=ActionForm(),
        publishable=len(_publishable(sessions)),
    )


@desk_events.post("/series/<id:series_id>/publish")
@staff_only
def publish_series(series_id: int) -> Response:
    _managed_series(series_id)
    user = the_actor()

    def publish_all() -> int:
        drafts = _publishable(sessions_of_series(series_id))
        for event in drafts:
            publish_event(event.id, by=user)
        return len(drafts)

    done = try_change(ActionForm(), publish_all)
    if done.result:
        words = ngettext(
            "%(num)d event is published.", "%(num)d events are published.", done.result
        )
        flash(words, "success")
    else:
        flash(_("There was nothing to publish, or the page was open for too long."), "warning")
    return see_other(url_for(".series", series_id=series_id))


def _set_capacity(event_id: int, form: Any, *, by: User) -> None:
    data = data_of(db.session.get_one(Event, event_id))
    data.capacity = form.capacity.data
    update_event(
        event_id,
        data,
        by=by,
        seen=seen_at(form),
        release=form.release.data or (),
        release_reason=form.reason.data or "",
    )


def _managed_series(series_id: int) -> Series:
    found, user = db.session.get(Series, series_id), the_actor()
    if found is None:
        abort(404)
    if not can_manage_community(user, found.community_id) and not _own_sessions(series_id):
        abort(404)
    return found


def _own_sessions(series_id: int) -> list[Event]:
    """The sessions that the visitor manages: the police unit runs only some kinds."""
    user = the_actor()
    return [event for event in sessions_of_series(series_id) if can_manage_event(user, event)]


def _publishable(sessions: list[Event]) -> list[Event]:
    user, moment = the_actor(), clock.now()
    return [
        event
        for event in sessions
        if can_manage_event(user, event) and why_not_publish(event, moment) is None
    ]


def _languages_without_title(event: Event) -> list[str]:
    return [LANGUAGES[code].name for code in language_codes() if code not in event.texts]
