"""Which messages one gets: what may be chosen, and what must come."""

from typing import Any

from flask import Response, flash, url_for
from wtforms import BooleanField

from hub.blueprints.me.routes import me, myself
from hub.enums import MessageChoice
from hub.i18n import _
from hub.models import User
from hub.policies import choices_of
from hub.services.choices import choose_messages, switched_off
from hub.web.access import account_only
from hub.web.changes import try_change
from hub.web.forms import HubForm, is_submitted
from hub.web.htmx import render, see_other
from hub.web.message_words import choice_words, must_words


class MessagesForm(HubForm):
    """``messages_form`` adds a box for each kind that the person may choose about."""

    def wanted(self) -> set[MessageChoice]:
        return {c for c in MessageChoice if c.value in self._fields and self[c.value].data}


@me.route("/messages", methods=["GET", "POST"])
@account_only
def messages() -> Response:
    user = myself()
    form = messages_form(user)
    saved = try_change(form, lambda: choose_messages(user, form.wanted(), by=user))
    if saved.done:
        flash(
            _("Saved. It holds from now on.") if saved.result else _("Nothing changed."), "success"
        )
        return see_other(url_for(".messages"))
    return render(
        "me/messages.html",
        None,
        saved.status,
        form=form,
        boxes=[form[choice.value] for choice in choices_of(user)],
        musts=must_words(),
        address=user.email,
    )


def messages_form(user: User) -> Any:
    """A ticked box is a message that comes."""
    words, off = choice_words(), switched_off(user)
    boxes = {c.value: BooleanField(c.label, description=words[c]) for c in choices_of(user)}
    form: type[MessagesForm] = type("MessagesForm", (MessagesForm,), boxes)
    if is_submitted():
        return form()
    return form(data={c.value: c not in off for c in choices_of(user)})
