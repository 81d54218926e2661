"""The log of messages, and what each kind looks like."""

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, request, url_for

from hub.enums import MessageKind, MessageState
from hub.extensions import db
from hub.i18n import LANGUAGES, _
from hub.models import Message
from hub.policies import can_see_message
from hub.queries.message_log import PAGE_SIZE, LogFilter, logged
from hub.services.outbox import queue_again
from hub.web.access import staff_only, the_actor
from hub.web.changes import try_change
from hub.web.forms import ActionForm, read_id, search_words
from hub.web.headers import keep_private, letter, show_frames
from hub.web.htmx import render, see_other
from hub.web.i18n import current_code
from hub.web.message_log import TROUBLE, log_lines
from hub.web.message_preview import html_of, plain_of, preview_mail
from hub.web.message_words import kind_groups, kind_words
from hub.web.site import built_languages

desk_messages = Blueprint("desk_messages", __name__)
# One word in the address for all that did not arrive.
STATES = {"trouble": TROUBLE} | {state.value: (state,) for state in MessageState}
NO_PREVIEW = (MessageKind.ACCOUNT,)


@desk_messages.after_request
def private(response: Response) -> Response:
    return keep_private(response)


@desk_messages.get("")
@staff_only
def index() -> Response:
    wanted, args = _wanted()
    before = read_id("before")
    found = logged(the_actor(), wanted, before=before)
    more = found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None
    return render(
        "desk/messages/index.html",
        "desk/messages/_list.html",
        lines=log_lines(found[:PAGE_SIZE]),
        wanted=wanted,
        args=args,
        states=_states(),
        kinds=kind_words(),
        next_url=url_for(".index", **args, before=more) if more else None,
        first_url=url_for(".index", **args) if before else None,
    )


@desk_messages.post("/<id:message_id>/again")
@staff_only
def again(message_id: int) -> Response:
    """Queue what did not arrive once more; back to the list as it was."""
    user, form = the_actor(), ActionForm()
    message = db.session.get(Message, message_id)
    if message is None or not can_see_message(user, message):
        abort(404)
    _filter, args = _wanted()
    queued = try_change(form, lambda: queue_again(message_id, by=user).id)
    if queued.done:
        flash(_("The message waits to be sent again."), "success")
    else:
        flash(" ".join(str(error) for error in form.form_errors), "warning")
    return see_other(url_for(".index", **args))


@desk_messages.get("/preview")
@staff_only
def previews() -> Response:
    return render("desk/messages/previews.html", groups=kind_groups())


@desk_messages.get("/preview/<kind>")
@staff_only
def preview(kind: str) -> Response:
    found, text = _kind(kind), _language()
    mail = preview_mail(found, the_actor(), text)
    page = render(
        "desk/messages/preview.html",
        kind=found,
        name=kind_words()[found],
        text=LANGUAGES[text],
        languages=[LANGUAGES[code] for code in built_languages()],
        subject=mail["Subject"] if mail is not None else None,
        plain=plain_of(mail) if mail is not None else "",
    )
    return show_frames(page)


@desk_messages.get("/preview/<kind>/html")
@staff_only
def preview_html(kind: str) -> Response:
    """The HTML of the mail alone, for the frame on the page of the preview."""
    mail = preview_mail(_kind(kind), the_actor(), _language())
    if mail is None:
        abort(404)
    return letter(make_response(html_of(mail)))


def _wanted() -> tuple[LogFilter, dict[str, Any]]:
    """What the address asks for; what it cannot mean does not count."""
    typed = {name: search_words(request.args.get(name, "")) for name in ("q", "state", "kind")}
    if typed["state"] not in STATES:
        typed["state"] = ""
    if typed["kind"] not in set(MessageKind):
        typed["kind"] = ""
    kind = MessageKind(typed["kind"]) if typed["kind"] else None
    wanted = LogFilter(typed["q"], STATES.get(typed["state"], ()), kind)
    return wanted, {name: value for name, value in typed.items() if value}


def _states() -> list[tuple[str, str]]:
    own = [(state.value, str(state.label)) for state in MessageState]
    return [("trouble", _("Did not arrive")), *own]


def _kind(written: str) -> MessageKind:
    if written not in set(MessageKind) or written in NO_PREVIEW:
        abort(404)
    return MessageKind(written)


def _language() -> str:
    """The language of the mail: any that this installation has, switched on or not."""
    wanted = request.args.get("text", "")
    return wanted if wanted in built_languages() else current_code()
