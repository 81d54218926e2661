"""Certificates at the desk: issue, look, revoke."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for

from hub import clock
from hub.blueprints.desk_certificates.forms import IssueForm, RevokeForm, this_year
from hub.extensions import db
from hub.i18n import _
from hub.models import Certificate, User
from hub.policies import can_certify, why_not_certify, why_not_revoke_certificate
from hub.queries.certificates import (
    PAGE_SIZE,
    approved_records,
    certificates,
    open_records,
    overlapping,
    record_communities,
)
from hub.services.certificates import issue_certificate, revoke_certificate
from hub.web.access import staff_only, the_actor
from hub.web.certificate_paper import (
    hours_words,
    paper,
    period_words,
    record_row,
)
from hub.web.changes import try_change
from hub.web.forms import is_submitted, read_day, read_id, search_words
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other

desk_certificates = Blueprint("desk_certificates", __name__)


@desk_certificates.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_certificates.get("/certificates")
@staff_only
def index() -> Response:
    q, before = search_words(request.args.get("q", "")), read_id("before")
    found = certificates(the_actor(), q=q, before=before)
    more = found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None
    return render(
        "desk/certificates/index.html",
        "desk/certificates/_list.html",
        rows=[_line(certificate) for certificate in found[:PAGE_SIZE]],
        q=q,
        next_url=url_for(".index", q=q or None, before=more) if more else None,
        first_url=url_for(".index", q=q or None) if before else None,
    )


@desk_certificates.route("/certificates/new/<id:user_id>", methods=["GET", "POST"])
@staff_only
def new(user_id: int) -> Response:
    user, person = the_actor(), _person(user_id)
    form = _issue_form(person)
    issued: Any = try_change(
        form,
        lambda: (
            issue_certificate(
                person, form.since.data, form.until.data, by=user, supersedes=form.supersedes.data
            ).id
        ),
    )
    if issued.done:
        flash(_("The certificate is issued. The person is told by mail."), "success")
        return see_other(url_for(".show", certificate_id=issued.result))
    return _issue_page(person, form, issued.status)


@desk_certificates.get("/certificates/<id:certificate_id>")
@staff_only
def show(certificate_id: int) -> Response:
    user, certificate = the_actor(), _certificate(certificate_id)
    newer_id = certificate.superseded_by_id
    return render(
        "desk/certificates/show.html",
        certificate=certificate,
        paper=paper(certificate),
        issuer=db.session.get_one(User, certificate.issued_by_id),
        newer=db.session.get(Certificate, newer_id) if newer_id else None,
        why_not=why_not_revoke_certificate(user, certificate),
    )


@desk_certificates.route("/certificates/<id:certificate_id>/revoke", methods=["GET", "POST"])
@staff_only
def revoke(certificate_id: int) -> Response:
    user, certificate = the_actor(), _certificate(certificate_id)
    form = RevokeForm()
    revoked = try_change(
        form, lambda: revoke_certificate(certificate_id, form.reason.data, by=user).id
    )
    if revoked.done:
        flash(_("The certificate is revoked. The person is told by mail."), "success")
        return see_other(url_for(".show", certificate_id=certificate_id))
    return render(
        "desk/certificates/revoke.html",
        None,
        revoked.status,
        certificate=certificate,
        length=hours_words(certificate.minutes),
        period=period_words(certificate.period_from, certificate.period_until),
        form=form,
        why_not=why_not_revoke_certificate(user, _certificate(certificate_id)),
    )


def _person(user_id: int) -> User:
    """The person whose service the visitor may certify, or 404 (rule 20)."""
    person = db.session.get(User, user_id)
    if person is None or person.erased_at is not None:
        abort(404)
    if not can_certify(the_actor(), record_communities(user_id)):
        abort(404)
    return person


def _certificate(certificate_id: int) -> Certificate:
    """The certificate, if the visitor may see it, or 404 (rule 20)."""
    certificate = db.session.get(Certificate, certificate_id)
    if certificate is None:
        abort(404)
    if not can_certify(the_actor(), record_communities(certificate.user_id)):
        abort(404)
    return certificate


def _line(certificate: Certificate) -> dict[str, Any]:
    return {
        "certificate": certificate,
        "length": hours_words(certificate.minutes),
        "period": period_words(certificate.period_from, certificate.period_until),
    }


def _issue_form(person: User) -> Any:
    """The period that the address asks for, this year's without one; what it would replace."""
    since, until = this_year()
    form: Any = IssueForm(
        since=read_day(request.args.get("since", "")) or since,
        until=read_day(request.args.get("until", "")) or until,
    )
    old: list[Certificate] = []
    if form.since.data and form.until.data:
        old = list(db.session.scalars(overlapping(person.id, form.since.data, form.until.data)))
    form.supersedes.choices = [
        (c.id, f"{period_words(c.period_from, c.period_until)} · {hours_words(c.minutes)}")
        for c in old
    ]
    if not is_submitted():
        form.supersedes.data = [certificate.id for certificate in old]
    return form


def _issue_page(person: User, form: Any, status: int) -> Response:
    since, until = form.since.data, form.until.data
    counted, waiting = [], []
    if since and until:
        counted = list(db.session.scalars(approved_records(person.id, since, until)))
        waiting = open_records(person.id, since, until)
    return render(
        "desk/certificates/new.html",
        None,
        status,
        person=person,
        form=form,
        counted=[record_row(record) for record in counted],
        waiting=[record_row(record) for record in waiting],
        total=hours_words(sum(record.minutes for record in counted)),
        presets=_presets(person),
        why_not=why_not_certify(the_actor(), person),
    )


def _presets(person: User) -> list[tuple[str, date, date]]:
    """This year, and the person's last term as far as it has gone."""
    today = clock.today()
    found = [(_("This year"), *this_year())]
    terms = [a for a in person.appointments if a.accepted_at and a.starts_on <= today]
    if terms:
        last = max(terms, key=lambda a: (a.starts_on, a.id))
        found.append((_("Last term"), last.starts_on, min(last.last_day, today)))
    return found
