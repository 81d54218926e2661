"""Writing a suggestion down for somebody, and the paper slip they take along (rule 16)."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, request, url_for
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from hub.enums import SuggestionIdentity
from hub.extensions import db
from hub.i18n import _, _l
from hub.integrations.signing import slip_token
from hub.models import User
from hub.queries.public_suggestions import collected_by
from hub.services.suggestions import MOST_NAME, Saying, Submitted, submit_suggestion
from hub.web.access import the_actor
from hub.web.changes import try_change
from hub.web.forms import HubForm, single_line
from hub.web.headers import keep_private
from hub.web.htmx import render, see_other
from hub.web.site import site
from hub.web.slip import read_slip, slip_words
from hub.web.suggestion_form import NOTICES, SuggestionFields, allow_photo
from hub.web.voice_access import collectors_only

collecting = Blueprint("collecting", __name__)


class CollectForm(SuggestionFields, HubForm):
    name = StringField(
        _l("What they want to be called"),
        filters=[single_line],
        validators=[
            DataRequired(_l("Enter the name, as they want to be called.")),
            Length(max=MOST_NAME, message=_l("At most 80 characters.")),
        ],
    )

    def validate_contact(self, field: Any) -> None:
        if field.data and not field.errors:
            self.read_contact(field)

    def saying(self) -> Saying:
        """What was written down; only after the form was found valid."""
        return Saying(
            identity=SuggestionIdentity.CODE,
            contact=self.parsed_contact,
            name=self.name.data or "",
            collected=True,
            **self.words(),
        )


@collecting.before_request
def photos() -> None:
    if request.endpoint == "collecting.new":
        allow_photo()


@collecting.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@collecting.get("")
@collectors_only
def index() -> Response:
    return render("collecting/index.html", rows=collected_by(the_actor()))


@collecting.route("/new", methods=["GET", "POST"])
@collectors_only
def new() -> Response:
    user = db.session.get_one(User, the_actor().id)
    form: Any = CollectForm()
    form.offer_choices()
    sent = try_change(form, lambda: _address(submit_suggestion(form.saying(), by=user)))
    if sent.done:
        return see_other(str(sent.result))
    return render(
        "collecting/new.html",
        None,
        sent.status,
        form=form,
        notices=NOTICES,
        days=site().retention_days,
    )


@collecting.get("/slip/<token>")
@collectors_only
def slip(token: str) -> Response:
    found = read_slip(token)
    if found.row.collected_by_id != the_actor().id:
        abort(404)
    if found.claim_code is None:
        flash(_("A slip is shown for an hour only: its code is kept nowhere."), "warning")
        return see_other(url_for(".index"))
    base: str = current_app.config["BASE_URL"]
    words = slip_words(found, base)
    return render("collecting/slip.html", slip=found, words=words, qr=words.qr)


def _address(made: Submitted) -> str:
    return url_for(".slip", token=slip_token(made.suggestion.code or "", made.seed or ""))
