"""Signing up without an account, and the ticket behind its private link."""

from datetime import timedelta

from flask import Blueprint, Response, current_app, flash, url_for

from hub import clock
from hub.blueprints.signups.forms import PartySizeForm, SignUpForm
from hub.enums import ContactKind
from hub.exceptions import HubError
from hub.extensions import limiter
from hub.i18n import _
from hub.integrations import ical, sms
from hub.integrations.qr import to_svg
from hub.integrations.signing import survey_token, ticket_token
from hub.models import Event, SignUp
from hub.policies import why_not_change_sign_up, why_not_sign_up
from hub.queries.signups import last_move, queue_position
from hub.queries.surveys import open_surveys
from hub.services.signups import cancel_sign_up, change_party_size, sign_up
from hub.transaction import unit_of_work
from hub.web.access import ticket, visible_event
from hub.web.calendar_entries import calendar_info, download, event_entry
from hub.web.cards import foreign_tag
from hub.web.forms import ActionForm, HubForm
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.site import site

signups = Blueprint("signups", __name__)


@signups.after_request
def private(response: Response) -> Response:
    return keep_private(response)


def sign_up_rate() -> str:
    rate: str = current_app.config["SIGN_UP_RATE"]
    return rate


@signups.get("/events/<id:event_id>/sign-up")
def new(event_id: int) -> Response:
    event = visible_event(event_id)
    form = SignUpForm()
    return _sign_up_page(event, form, 200)


@signups.post("/events/<id:event_id>/sign-up")
@limiter.limit(sign_up_rate)
def create(event_id: int) -> Response:
    event = visible_event(event_id)
    form = SignUpForm()
    form.offer_languages()
    if not form.validate():
        return _sign_up_page(event, form, 422)
    try:
        with unit_of_work():
            booked = sign_up(event_id, form.person(), form.party_size.data)
            token = ticket_token(booked.code) if booked is not None else None
    except HubError as error:
        form.apply_error(error)
        return _sign_up_page(visible_event(event_id), form, error.status)
    if token is None:
        return _already_signed_up(event, form.parsed_contact.kind)
    return see_other(url_for(".show", token=token))


def _already_signed_up(event: Event, kind: ContactKind) -> Response:
    return render(
        "signups/already.html",
        "signups/_already.html",
        event=event,
        by_mail=kind is ContactKind.EMAIL,
        by_text=sms.gateway() is not None,
    )


@signups.get("/tickets/<token>")
def show(token: str) -> Response:
    return _ticket_page(ticket(token), token, PartySizeForm(), 200)


@signups.post("/tickets/<token>/party-size")
@limiter.limit(sign_up_rate)
def resize(token: str) -> Response:
    booked = ticket(token)
    form = PartySizeForm()
    if not form.validate():
        return _ticket_page(booked, token, form, 422)
    try:
        with unit_of_work():
            change_party_size(booked.id, form.party_size.data)
    except HubError as error:
        form.apply_error(error)
        return _ticket_page(ticket(token), token, form, error.status)
    flash(_("Your party has changed."), "success")
    return see_other(url_for(".show", token=token))


@signups.get("/tickets/<token>/cancel")
def confirm_cancel(token: str) -> Response:
    return _cancel_page(ticket(token), token, ActionForm(), 200)


@signups.post("/tickets/<token>/cancel")
@limiter.limit(sign_up_rate)
def cancel(token: str) -> Response:
    booked = ticket(token)
    form = ActionForm()
    if not form.validate():
        return _cancel_page(booked, token, form, 422)
    try:
        with unit_of_work():
            cancel_sign_up(booked.id)
    except HubError as error:
        form.apply_error(error)
        return _cancel_page(ticket(token), token, form, error.status)
    flash(_("You are not coming any more. Thank you for telling us."), "success")
    return see_other(url_for(".show", token=token))


@signups.get("/tickets/<token>/event.ics")
def calendar_file(token: str) -> Response:
    event = ticket(token).event
    body = ical.single(calendar_info(), event_entry(event))
    return download(body, event)


def _sign_up_page(event: Event, form: SignUpForm, status: int) -> Response:
    form.offer_languages()
    form.stamp()
    why_not = why_not_sign_up(event, clock.now())
    return render(
        "signups/new.html",
        "signups/_sign_up_form.html",
        # A visitor who comes while sign-up is closed is told so; that is no error of theirs.
        status,
        event=event,
        text=event.text(),
        text_tag=foreign_tag(event.text().language),
        form=form,
        why_not=why_not,
        fits=event.seats_left,
        limit=min(event.party_limit, event.capacity),
        deleted_on=event.ends_at + timedelta(days=site().retention_days),
    )


def _ticket_page(booked: SignUp, token: str, form: PartySizeForm, status: int) -> Response:
    event = booked.event
    if not form.is_submitted():
        form.party_size.data = booked.party_size
    link = current_app.config["BASE_URL"] + url_for(".show", token=token)
    return render(
        "signups/ticket.html",
        "signups/_ticket.html",
        status,
        sign_up=booked,
        event=event,
        text=event.text(),
        text_tag=foreign_tag(event.text().language),
        token=token,
        link=link,
        form=form,
        position=queue_position(booked),
        ended=event.has_ended(clock.now()),
        why_not_change=why_not_change_sign_up(booked, clock.now()),
        limit=min(event.party_limit, event.capacity),
        qr=to_svg(link, title=_("QR code of your ticket %(number)s", number=booked.number)),
        by_mail=booked.contact_kind is ContactKind.EMAIL,
        by_text=sms.gateway() is not None,
        move=last_move(booked),
        survey_url=_survey_url(booked),
    )


def _survey_url(booked: SignUp) -> str | None:
    """The way to the three questions, if somebody of the party can answer them now."""
    if booked.id not in open_surveys([booked]):
        return None
    return url_for("surveys.answer", token=survey_token(booked.code))


def _cancel_page(booked: SignUp, token: str, form: HubForm, status: int) -> Response:
    event = booked.event
    return render(
        "signups/cancel.html",
        None,
        status,
        sign_up=booked,
        event=event,
        text=event.text(),
        text_tag=foreign_tag(event.text().language),
        token=token,
        form=form,
        why_not=why_not_change_sign_up(booked, clock.now()),
    )
