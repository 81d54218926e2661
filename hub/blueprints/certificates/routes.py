"""One's own certificates, and the page on which everybody can check one."""

from flask import Blueprint, Response, abort, request, url_for

from hub import clock
from hub.extensions import db, limiter
from hub.i18n import _
from hub.integrations.signing import read_certificate_code
from hub.models import Certificate
from hub.queries.certificates import certificate_of_code, certificates_of
from hub.web.access import account_only, the_actor
from hub.web.certificate_paper import day_words, hours_words, masked, paper, period_words
from hub.web.forms import search_words
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.site import said_in

certificates = Blueprint("certificates", __name__)

GUESSES = "20 per hour"


@certificates.after_request
def private(response: Response) -> Response:
    """Also what is public: kept by nobody, found by no search engine."""
    return keep_private(response)


def missed(response: Response) -> bool:
    """Only codes that lead nowhere count as guesses."""
    return response.status_code == 404


@certificates.get("/service/certificates")
@account_only
def mine() -> Response:
    found = certificates_of(the_actor().id)
    rows = [(c, hours_words(c.minutes), period_words(c.period_from, c.period_until)) for c in found]
    return render("certificates/mine.html", rows=rows)


@certificates.get("/service/certificates/<id:certificate_id>")
@account_only
def show(certificate_id: int) -> Response:
    certificate = db.session.get(Certificate, certificate_id)
    if certificate is None or certificate.user_id != the_actor().id:
        abort(404)
    return render("certificates/show.html", certificate=certificate, paper=paper(certificate))


@certificates.get("/certificates")
def verify() -> Response:
    typed = search_words(request.args.get("code", ""))
    if code := read_certificate_code(typed):
        return see_other(url_for(".public", code=code))
    error = _("A code has 16 letters and digits. Look at the paper again.") if typed else ""
    return render("certificates/verify.html", None, 422 if error else 200, typed=typed, error=error)


@certificates.get("/certificates/<code>")
@limiter.limit(GUESSES, deduct_when=missed)
def public(code: str) -> Response:
    certificate = certificate_of_code(code)
    if certificate is None:
        error = _("There is no certificate with this code. Look at the paper again.")
        return render("certificates/verify.html", None, 404, typed=code[:40], error=error)
    units: dict[str, str] = certificate.snapshot["recording_unit"]  # type: ignore[assignment]
    return render(
        "certificates/public.html",
        state=certificate.status,
        number=certificate.number,
        unit=said_in(units, ""),
        period=period_words(certificate.period_from, certificate.period_until),
        length=hours_words(certificate.minutes),
        name=masked(certificate.holder_name),
        issued=day_words(clock.to_local(certificate.issued_at).date()),
    )
