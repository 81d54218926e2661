"""The mailbox to which mails come back: by IMAP (imaplib), or a folder (mailbox.Maildir).

Each mail is handed over and marked as seen after that: a crash in between hands it over again.
"""

import imaplib
import mailbox
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT_SECONDS = 20
MOST_AT_ONCE = 200
MOST_BYTES = 2_000_000  # what is longer is cut: reports and answers are short

Handle = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail of ours that its reader's server refused for good (RFC 3464). ``message_id`` is
    without its angle brackets; ``reason`` is what was said, such as ``5.1.1 no such user``."""

    message_id: str
    reason: str


def read_new(url: str, handle: Handle) -> int:
    """Hand each new mail of the mailbox at ``url`` over, the oldest first; returns how many.

    ``imaps://user:password@host/INBOX``, ``imap://`` (without TLS), ``maildir:///path``. Raises
    OSError or imaplib.IMAP4.error if the mailbox cannot be read; what ``handle`` raises goes
    through, and that mail stays new.
    """
    parts = urlsplit(url)
    if parts.scheme == "maildir":
        return _read_folder(unquote(parts.path), handle)
    return _read_imap(parts, handle)


def _read_folder(path: str, handle: Handle) -> int:
    folder = mailbox.Maildir(path, create=True)
    new = sorted(key for key, mail in folder.iteritems() if mail.get_subdir() == "new")
    for key in new[:MOST_AT_ONCE]:
        handle(folder.get_bytes(key)[:MOST_BYTES])
        seen = folder[key]
        seen.set_subdir("cur")
        seen.add_flag("S")
        folder[key] = seen
    return min(len(new), MOST_AT_ONCE)


def _read_imap(parts: SplitResult, handle: Handle) -> int:
    host = parts.hostname or "localhost"
    if parts.scheme == "imaps":
        server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            host,
            parts.port or 993,
            ssl_context=ssl.create_default_context(),
            timeout=TIMEOUT_SECONDS,
        )
    else:
        server = imaplib.IMAP4(host, parts.port or 143, timeout=TIMEOUT_SECONDS)
    with server:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        name = unquote(parts.path.strip("/")) or "INBOX"
        kind, answer = server.select('"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"')
        if kind != "OK":
            raise imaplib.IMAP4.error(f"no mailbox {name}: {answer!r}")
        _kind, (found,) = server.uid("SEARCH", "UNSEEN")
        new = (found or b"").split()[:MOST_AT_ONCE]
        for uid in new:
            _kind, fetched = server.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
            handle(b"".join(part[1] for part in fetched if isinstance(part, tuple)))
            server.uid("STORE", uid.decode(), "+FLAGS.SILENT", r"(\Seen)")
    return len(new)


def parse_mail(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def sender_of(mail: EmailMessage) -> str:
    """The bare address of its author; empty if there is none."""
    return parseaddr(str(mail.get("From", "")))[1]


def calendar_parts(mail: EmailMessage) -> list[bytes]:
    """Its parts of type text/calendar."""
    return [_content(part) for part in mail.walk() if part.get_content_type() == "text/calendar"]


def read_bounce(mail: EmailMessage) -> Bounce | None:
    """The refusal for good that ``mail`` reports, or None: it is no report, or one of a delay, of
    a fault that may pass (4.x.x), or of a delivery."""
    if mail.get_content_type() != "multipart/report":
        return None
    reasons = [
        reason
        for part in mail.walk()
        if part.get_content_type() == "message/delivery-status"
        for block in _blocks(part)
        if (reason := _refusal(block))
    ]
    message_id = next(filter(None, map(_original_id, mail.walk())), "")
    return Bounce(message_id, reasons[0]) if reasons and message_id else None


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _blocks(part: Message) -> list[Message]:
    """Header blocks of a status: one about the mail, one for each recipient (RFC 3464 §2.1)."""
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if payload else []


def _refusal(block: Message) -> str:
    action, status = (str(block.get(name, "")).strip() for name in ("Action", "Status"))
    if action.lower() != "failed" or not status.startswith("5."):
        return ""
    said = str(block.get("Diagnostic-Code", "")).partition(";")[2]
    return " ".join(f"{status} {said}".split())


def _original_id(part: Message) -> str:
    """The Message-ID of the mail that is sent back whole, or by its headers alone."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        inside = part.get_payload()
        original = inside[0] if isinstance(inside, list) and inside else None
        found = original.get("Message-ID", "") if isinstance(original, Message) else ""
    elif kind == "text/rfc822-headers":
        found = parse_mail(_content(part)).get("Message-ID", "")
    else:
        return ""
    return str(found).strip().strip("<>")
