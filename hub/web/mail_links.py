"""Links in mails that need no log-in: off with such mails, and "I can't come".

They open a page that asks; only its button changes something, because mail scanners open links.
"""

from dataclasses import dataclass

from flask import current_app, url_for

from hub.enums import AssignmentStatus, MessageChoice, MessageKind
from hub.extensions import db
from hub.integrations.signing import mail_link_token, read_mail_link_token, ticket_token
from hub.models import Assignment, Message, SignUp, User
from hub.queries.duties import live_assignment
from hub.queries.settings import reader_language
from hub.queries.signups import sign_up_of_code
from hub.services.choices import switch_choice, switch_reminders, switched_off

K = MessageKind
TICKET_KINDS = (K.PROMOTED, K.REMINDER_DAY, K.REMINDER_HOURS)
DUTY_KINDS = (K.DUTY_CONFIRMED, K.DUTY_REMINDER_DAY, K.DUTY_REMINDER_HOURS)


@dataclass(frozen=True, slots=True)
class Switch:
    """One kind of message of one person: of an account, or of one sign-up without one."""

    choice: MessageChoice
    user: User | None = None
    sign_up: SignUp | None = None

    @property
    def is_on(self) -> bool:
        if self.user is not None:
            return self.choice not in switched_off(self.user)
        return self.sign_up is not None and not self.sign_up.reminders_off

    def turn(self, *, on: bool) -> None:
        """Write it. For a unit of work; turning it twice the same way changes nothing."""
        if self.user is not None:
            switch_choice(self.user, self.choice, on=on, by=None)
        elif self.sign_up is not None:
            switch_reminders(self.sign_up.id, on=on)


def unsubscribe_url(message: Message) -> str | None:
    """Where the reader of ``message`` switches its kind off; None if they must get it."""
    choice = message.kind.choice
    if choice is None:
        return None
    user_id = message.user_id or (message.sign_up.user_id if message.sign_up else None)
    if user_id is not None:
        purpose = f"off:user:{user_id}:{choice.value}"
    elif message.sign_up is not None and choice is MessageChoice.REMINDERS:
        purpose = f"off:ticket:{message.sign_up.code}"
    elif message.sign_up is not None and choice is MessageChoice.SURVEYS:
        purpose = f"off:surveys:{message.sign_up.code}"
    else:
        return None
    return _address("mail_links.unsubscribe", message, mail_link_token(purpose))


def cannot_come_url(message: Message) -> str | None:
    """Where the reader of ``message`` gives the place or the duty back that it tells of."""
    if message.sign_up is not None and message.kind in TICKET_KINDS:
        return _address("signups.confirm_cancel", message, ticket_token(message.sign_up.code))
    if message.user_id is None or message.subject_id is None or message.kind not in DUTY_KINDS:
        return None
    own = live_assignment(message.subject_id, message.user_id)
    if own is None or own.status is not AssignmentStatus.CONFIRMED:
        return None
    return _address("mail_links.cannot_come", message, mail_link_token(f"no:assignment:{own.id}"))


def switch_of(token: str) -> Switch | None:
    """What the link of a mail switches, or None: forged, for something else, or they are gone."""
    match (read_mail_link_token(token) or "").split(":"):
        case ["off", "user", number, named]:
            user = db.session.get(User, int(number))
            if user is None or user.erased_at is not None:
                return None
            return Switch(MessageChoice(named), user=user)
        case ["off", "ticket" | "surveys" as what, code]:
            sign_up = sign_up_of_code(code)
            if sign_up is None or sign_up.erased_at is not None:
                return None
            choice = MessageChoice.REMINDERS if what == "ticket" else MessageChoice.SURVEYS
            return Switch(choice, sign_up=sign_up)
    return None


def assignment_of(token: str) -> Assignment | None:
    """Whose place on which duty the link of a mail gives back, or None as above."""
    match (read_mail_link_token(token) or "").split(":"):
        case ["no", "assignment", number]:
            found = db.session.get(Assignment, int(number))
            return found if found is not None and found.user.erased_at is None else None
    return None


def _address(endpoint: str, message: Message, token: str) -> str:
    reader = message.sign_up or message.user
    language = reader_language(reader.language if reader is not None else "")
    path = url_for(endpoint, lang=language, token=token)
    return f"{current_app.config['BASE_URL']}{path}"
