"""The three questions after an event, behind a private link; and the page that the exit shows."""

import secrets
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, url_for

from hub import clock
from hub.blueprints.surveys.forms import LinkForm, SurveyForm
from hub.enums import EventStatus
from hub.extensions import limiter
from hub.integrations import sms
from hub.integrations.qr import to_svg
from hub.integrations.signing import read_survey_token
from hub.models import SignUp
from hub.policies.surveys import survey_closes, why_not_answer
from hub.queries.signups import sign_up_of_code
from hub.queries.surveys import places_left
from hub.services.signups import send_link_again
from hub.services.surveys import give_answer
from hub.web.access import visible_event
from hub.web.cards import foreign_tag
from hub.web.changes import Outcome, try_change
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.i18n import current_code

surveys = Blueprint("surveys", __name__)


@surveys.after_request
def private(response: Response) -> Response:
    return keep_private(response)


def survey_rate() -> str:
    rate: str = current_app.config["SIGN_UP_RATE"]
    return rate


def _one_link() -> str:
    """Many people answer through the one address of a hall: each link counts by itself."""
    return request.path


@surveys.route("/surveys/<token>", methods=["GET", "POST"])
@limiter.limit(survey_rate, key_func=_one_link, methods=["POST"])
def answer(token: str) -> Response:
    form, party = SurveyForm(), _party(token)
    form.offer_languages(current_code())
    place = form.chosen_place()
    given = try_change(form, lambda: give_answer(party.id, place, form.said()))
    if given.done:
        return see_other(url_for(".thanks", token=token))
    return _questions(token, form, given.status)


@surveys.get("/surveys/<token>/thanks")
def thanks(token: str) -> Response:
    party = _party(token)
    left = places_left(party)
    if len(left) == party.party_size:  # nobody has answered
        return see_other(url_for(".answer", token=token))
    why_not = why_not_answer(party, len(left), clock.now())
    return render("surveys/thanks.html", **_about(party, token, left, why_not))


@surveys.route("/events/<id:event_id>/survey", methods=["GET", "POST"])
@limiter.limit(survey_rate, methods=["POST"])
def of_event(event_id: int) -> Response:
    event, form = visible_event(event_id), LinkForm()
    if event.status is not EventStatus.PUBLISHED:
        abort(404)
    sent = try_change(form, lambda: send_link_again(event_id, form.parsed_contact))
    form.stamp()
    return _exit_page(event_id, form, sent)


def _exit_page(event_id: int, form: LinkForm, sent: Outcome[None]) -> Response:
    event = visible_event(event_id)
    link = current_app.config["BASE_URL"] + url_for(".of_event", event_id=event_id)
    return render(
        "surveys/of_event.html",
        None,
        200 if sent.done else sent.status,
        event=event,
        text=event.text(),
        text_tag=foreign_tag(event.text().language),
        closes_at=survey_closes(event),
        is_over=clock.now() >= survey_closes(event),
        form=form,
        sent=sent.done,
        by_text=sms.gateway() is not None,
        link=link,
        qr=to_svg(link, title=link),
    )


def _questions(token: str, form: SurveyForm, status: int) -> Response:
    party = _party(token)
    left = places_left(party)
    why_not = why_not_answer(party, len(left), clock.now())
    if why_not is not None:
        page = "surveys/thanks.html" if not left else "surveys/not_now.html"
        return render(page, None, status, **_about(party, token, left, why_not))
    if form.chosen_place() not in left:
        form.place.data = str(secrets.choice(left))
    form.stamp()
    return render(
        "surveys/answer.html", None, status, form=form, **_about(party, token, left, None)
    )


def _about(party: SignUp, token: str, left: list[int], why_not: Any) -> dict[str, Any]:
    event = party.event
    text = event.text()
    return {
        "event": event,
        "text": text,
        "text_tag": foreign_tag(text.language),
        "token": token,
        "left": len(left),
        "party_size": party.party_size,
        "why_not": why_not,
        "closes_at": survey_closes(event),
    }


def _party(token: str) -> SignUp:
    """The sign-up that a survey link opens, or 404; 410 once its person is deleted from it."""
    code = read_survey_token(token)
    party = sign_up_of_code(code) if code is not None else None
    if party is None:
        abort(404)
    if party.erased_at is not None:
        abort(410)
    return party
