"""Mail: one SMTP conversation a message (smtplib)."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from hub import clock

TIMEOUT_SECONDS = 20


def compose(*, to: str, sender: str, subject: str, body: str, message_id: str) -> EmailMessage:
    """A plain text mail to one person. Header injection is refused by EmailMessage itself."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = " ".join(subject.split())
    mail["Message-ID"] = f"<{message_id}>"
    mail["Date"] = format_datetime(clock.now())
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body)
    return mail


def send(mail: EmailMessage, smtp_url: str) -> None:
    """Hand ``mail`` to the server at ``smtp_url`` (``smtp://``, ``smtps://``; user:password@).

    Raises OSError or smtplib.SMTPException when the server did not take it.
    """
    parts = urlsplit(smtp_url)
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_SECONDS)
    with server:
        if parts.username:
            if parts.scheme != "smtps":
                server.starttls(context=ssl.create_default_context())
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(mail)
