"""Facts that stop an action. Each carries a sentence for people and the HTTP status it means."""

from flask_babel import LazyString

from hub.i18n import _l


class HubError(Exception):
    """A rule refused the action; nothing was changed.

    ``message`` says what happened and what to do, in the reader's language. ``field`` names the
    form field it belongs to, if it belongs to one.
    """

    status = 409
    default: LazyString = _l("This is not possible now.")

    def __init__(
        self, message: LazyString | str | None = None, *, field: str | None = None
    ) -> None:
        self.message = message if message is not None else self.default
        self.field = field
        super().__init__(type(self).__name__)


class InvalidInput(HubError):
    """What was typed cannot be used; the message says why."""

    status = 422


class NotAllowed(HubError):
    """The actor may not do this to this thing."""

    status = 403
    default = _l("You are not allowed to do this.")


class OwnCase(HubError):
    """Nobody decides on their own case (rule 5)."""

    default = _l("Nobody decides on their own case. Ask a colleague.")


class EventFull(HubError):
    """No room for the party, and no waiting list to stand in."""

    default = _l("There are not enough free places for your party.")


class SignUpNotOpen(HubError):
    """The event takes no sign-ups now."""

    default = _l("Sign-up is not open for this event.")


class CapacityBelowSeatsTaken(HubError):
    """Capacity would drop below the seats taken (rule 4)."""


class AlreadySignedUp(HubError):
    """The contact already has a live sign-up for the event (rule 2)."""

    default = _l("This person is already signed up for this event.")


class WrongState(HubError):
    """The thing is in a state from which this step is not possible."""

    default = _l("This step is not possible any more: somebody else was faster. Look again.")


class EditConflict(HubError):
    """The thing changed while the form was open."""

    default = _l(
        "Somebody else changed this while you were editing. "
        "Your text is kept below; compare it with the present state, then save again."
    )


class TooManyTries(HubError):
    """Somebody tried too often; the message says when they may again."""

    status = 429


class LinkGone(HubError):
    """A link that once opened something, or never did."""

    status = 404
    default = _l("This link was used before, has expired or was taken back. Ask for a new one.")
