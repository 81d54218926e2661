"""Messages in words: their kinds, what people may choose, what one must get, and why one failed."""

import re

from hub.enums import MessageChoice, MessageKind
from hub.i18n import _

K, C = MessageKind, MessageChoice


def kind_words() -> dict[MessageKind, str]:
    """What a message of each kind says, for the log and the preview, in groups that belong
    together."""
    return {**about_sign_ups(), **_about_terms(), **_about_service(), **_about_talks()} | {
        **_about_suggestions(),
        K.DIGEST: _("What waits at the desk"),
        K.ACCOUNT: _("About an account"),
    }


def about_sign_ups() -> dict[MessageKind, str]:
    return {
        K.CONFIRMED: _("Signed up"),
        K.WAITLISTED: _("On the waiting list"),
        K.PROMOTED: _("A place became free"),
        K.LINK_AGAIN: _("Link to the ticket, once more"),
        K.PARTY_CHANGED: _("Party changed"),
        K.WITHDRAWN: _("Sign-up cancelled by the person"),
        K.RELEASED: _("Place given free by the staff"),
        K.EVENT_CHANGED: _("Event changed"),
        K.EVENT_CANCELLED: _("Event cancelled"),
        K.REMINDER_DAY: _("Reminder, the day before"),
        K.REMINDER_HOURS: _("Reminder, two hours before"),
        K.EVENT_SURVEY: _("Three questions after an event"),
    }


def _about_terms() -> dict[MessageKind, str]:
    return {
        K.APPLICATION_RECEIVED: _("Application received"),
        K.APPLICATION_QUESTION: _("Question about an application"),
        K.APPLICATION_APPROVED: _("Application approved"),
        K.APPLICATION_DECLINED: _("Application declined"),
        K.TERM_OFFERED: _("Term offered"),
        K.TERM_SUSPENDED: _("Term suspended"),
        K.TERM_RESUMED: _("Term resumed"),
        K.TERM_REVOKED: _("Term revoked"),
        K.TERM_ENDING: _("Term ends soon"),
    }


def _about_service() -> dict[MessageKind, str]:
    return {
        K.DUTY_OFFERED: _("Duty offered"),
        K.DUTY_ACCEPTED: _("Duty accepted"),
        K.DUTY_CONFIRMED: _("Moved up to a duty"),
        K.DUTY_CHANGED: _("Duty changed"),
        K.DUTY_CANCELLED: _("Duty cancelled"),
        K.DUTY_SWAPPED: _("Duty taken over"),
        K.DUTY_RELEASED: _("Duty given back"),
        K.DUTY_REMINDER_DAY: _("Reminder of a duty, the day before"),
        K.DUTY_REMINDER_HOURS: _("Reminder of a duty, two hours before"),
        K.RECORDS_APPROVED: _("Hours approved"),
        K.RECORD_RETURNED: _("Record returned"),
        K.RECORD_REJECTED: _("Record rejected"),
        K.RECORD_VOIDED: _("Record voided"),
        K.CERTIFICATE_ISSUED: _("Certificate issued"),
        K.CERTIFICATE_REVOKED: _("Certificate revoked"),
    }


def _about_talks() -> dict[MessageKind, str]:
    return {
        K.TRAINING_INVITED: _("Invited to a training"),
        K.ASSESSMENT_ENTERED: _("Result of an assessment"),
        K.QUALIFICATION_GRANTED: _("Qualification granted"),
        K.QUALIFICATION_SUSPENDED: _("Qualification suspended"),
        K.QUALIFICATION_RESUMED: _("Qualification resumed"),
        K.QUALIFICATION_REVOKED: _("Qualification revoked"),
        K.QUALIFICATION_ENDING: _("Qualification ends soon"),
        K.TALK_LACKS_LECTURER: _("Talk without a lecturer"),
        K.TALK_REQUEST_RECEIVED: _("Request for a talk received"),
        K.TALK_REQUEST_PLANNED: _("Request for a talk planned"),
        K.TALK_REQUEST_DECLINED: _("Request for a talk declined"),
    }


def _about_suggestions() -> dict[MessageKind, str]:
    return {
        K.SUGGESTION_RECEIVED: _("Suggestion received"),
        K.SUGGESTION_ACKNOWLEDGED: _("Suggestion acknowledged"),
        K.SUGGESTION_QUESTION: _("Question about a suggestion"),
        K.SUGGESTION_ANSWERED: _("Suggestion answered"),
        K.SUGGESTION_DONE: _("Suggestion done"),
        K.SUGGESTION_REFERRED: _("Suggestion referred"),
        K.SUGGESTION_JOINED: _("Suggestion joined with another one"),
        K.SUGGESTION_STILL_DONE: _("Is it really done? Four weeks after"),
        K.SUGGESTION_CONFIRM: _("Confirm “me too” or following"),
        K.SUGGESTION_NEWS: _("News of a suggestion that is followed"),
        K.SUGGESTION_OWNED: _("Suggestion assigned to a colleague"),
        K.SUGGESTION_BACK: _("Suggestion came back from its submitter"),
        K.SUGGESTION_OVERDUE: _("Suggestion overdue"),
    }


def kind_groups() -> list[tuple[str, dict[MessageKind, str]]]:
    """All kinds but ACCOUNT, under headings."""
    return [
        (_("Sign-ups"), about_sign_ups()),
        (_("Applications and terms"), _about_terms()),
        (_("Duties, hours and certificates"), _about_service()),
        (_("Talks and trainings"), _about_talks()),
        (_("Suggestions"), _about_suggestions()),
        (_("For the staff"), {K.DIGEST: kind_words()[K.DIGEST]}),
    ]


def choice_words() -> dict[MessageChoice, str]:
    """What each choice is about, said to the person who chooses."""
    return {
        C.REMINDERS: _(
            "Of events and duties that you said you come to, each with a way to say that you can’t."
        ),
        C.OFFERS: _(
            "When the staff ask whether you would like to help. Offers also stand on your own page."
        ),
        C.GOOD_NEWS: _("When your hours are approved and when a certificate is ready."),
        C.DIGEST: _("Applications, records and talks that wait for an answer, in one short mail."),
        C.SURVEYS: _(
            "Once after each event that you came to: three taps, and nobody sees who answered what."
        ),
        C.CALENDAR_FILES: _(
            "They put what you signed up for into your calendar. Switch them off if you subscribe "
            "to your calendar here, or everything stands there twice."
        ),
    }


def must_words() -> list[tuple[str, str]]:
    """What cannot be switched off, and why."""
    return [
        (
            _("What you signed up for"),
            _(
                "Your confirmation and your place on the waiting list, and when an event moves or "
                "is cancelled: nobody should stand before a closed door."
            ),
        ),
        (
            _("Duties and talks that you accepted"),
            _("When they change or are cancelled: people count on you, and you on them."),
        ),
        (
            _("Your applications and terms"),
            _("Decisions, questions and dates: some run out if you do not answer."),
        ),
        (
            _("Your service records and qualifications"),
            _("What is returned, rejected or taken back: you may object, so you must know."),
        ),
        (
            _("Your suggestions"),
            _("The answer, and questions that it waits for: that is what you asked for."),
        ),
        (
            _("The safety of your account"),
            _("New passwords and addresses: so that you notice if it was not you."),
        ),
    ]


def trouble_words(error: str) -> str:
    """Why a message did not arrive, from what the server said. No address is in it."""
    for signs, words in (
        (("5.1.1", "5.1.2", "unknown user", "no such user"), _("There is no such address.")),
        (("5.2.2", "4.2.2", "quota", "mailbox full"), _("The mailbox is full.")),
        (("SMTPRecipientsRefused", "5.1."), _("The mail server refused the address.")),
        (("5.7.",), _("The reader’s mail server refuses our mails.")),
        (("SMTPAuthentication",), _("The mail server did not accept our password.")),
        (("Timeout", "timed out"), _("The server did not answer in time.")),
        (
            ("ConnectionRefused", "gaierror", "SMTPServerDisconnected", "SMTPConnect", "SmsAway",
             "OSError", "ConnectionReset"),
            _("The server could not be reached."),
        ),
        (("worker stopped",), _("Sending was interrupted each time.")),
        (("SmsRefused",), _("The SMS gateway refused it.")),
        (("SmsOff",), _("No SMS gateway is set any more.")),
    ):  # fmt: skip
        if any(sign.lower() in error.lower() for sign in signs):
            return words
    name = re.match(r"[A-Za-z]+(?=:)", error)
    if name is None:
        return _("It could not be delivered.")
    return _("It could not be delivered (%(error)s).", error=name.group())
