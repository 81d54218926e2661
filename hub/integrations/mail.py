"""Mail: what one is made of (RFC 5322, RFC 6047), and how it leaves: by SMTP, or into a folder."""

import mailbox
import re
import smtplib
import ssl
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import SplitResult, unquote, urlsplit

from hub import clock

TIMEOUT_SECONDS = 20
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """An iCalendar object that travels with a mail; ``method`` is its METHOD (RFC 6047 §2.4)."""

    method: str
    content: bytes


def compose(
    *,
    to: str,
    sender: str,
    subject: str,
    body: str,
    message_id: str,
    html: str = "",
    language: str = "",
    thread: str = "",
    unsubscribe: str = "",
    calendar: CalendarPart | None = None,
) -> EmailMessage:
    """A mail to one person: the text and, if there is one, the same as ``html``.

    ``language`` is a BCP 47 tag. ``thread`` is an id that all mails about one thing refer to
    (RFC 5322 §3.6.4); no mail has it as its own. ``unsubscribe`` is an address that takes a POST
    (RFC 8058). A calendar part stands last among the alternatives, and once more as a file.
    Line breaks and other controls in a subject become blanks; in an address EmailMessage refuses
    them with ValueError.
    """
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = " ".join(_CONTROLS.sub(" ", subject).split())
    mail["Message-ID"] = f"<{message_id}>"
    mail["Date"] = format_datetime(clock.now())
    mail["Auto-Submitted"] = "auto-generated"
    if thread:
        mail["In-Reply-To"] = mail["References"] = f"<{thread}>"
    if unsubscribe:
        mail["List-Unsubscribe"] = f"<{unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(body)
    if html:
        mail.add_alternative(html, subtype="html")
    if calendar is not None:
        kind = {"charset": "utf-8", "method": calendar.method}
        mail.add_alternative(calendar.content, maintype="text", subtype="calendar", params=kind)
        mail.add_attachment(
            calendar.content, maintype="application", subtype="ics", filename="invite.ics"
        )
    if language:  # last: parts that are added take such headers along
        mail["Content-Language"] = language
    return mail


class AddressRefused(OSError):
    """The server says for good that nobody can be reached under this address."""


class ServerAway(OSError):
    """There is no server to talk to, or it stopped answering: no fault of the mail."""


def send(mail: EmailMessage, smtp_url: str) -> None:
    """Hand ``mail`` to the server at ``smtp_url`` (``smtp://``, ``smtps://``; user:password@), or
    lay it into the folder at ``maildir:///path``.

    Raises AddressRefused, ServerAway, or another OSError when the server did not take it.
    """
    parts = urlsplit(smtp_url)
    if parts.scheme == "maildir":
        folder = mailbox.Maildir(unquote(parts.path), create=True)
        folder.add(mail.as_bytes(policy=policy.SMTPUTF8.clone(linesep="\n")))
        return
    try:
        with _conversation(parts) as server:
            server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        answers = list(error.recipients.values())
        words = "; ".join(f"{code} {text.decode(errors='replace')}" for code, text in answers)
        if answers and all(_is_final(code, text) for code, text in answers):
            raise AddressRefused(words) from None
        raise OSError(words) from None
    except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused, smtplib.SMTPNotSupportedError):
        raise
    except OSError as error:
        raise ServerAway(f"{type(error).__name__}: {error}") from error


def _conversation(parts: SplitResult) -> smtplib.SMTP:
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_SECONDS)
    try:
        if parts.username:
            if parts.scheme != "smtps":
                server.starttls(context=ssl.create_default_context())
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _is_final(code: int, text: bytes) -> bool:
    """Whether the answer to RCPT speaks of the address (RFC 5321 §4.2.3, RFC 3463 §3.2): 5.7 is a
    policy, often a setting of ours that is wrong, and may pass."""
    return code in (550, 551, 553) and not text.startswith(b"5.7.")
