"""The parts of a mail, for tests that read what people get."""

from email.message import EmailMessage

from icalendar import Calendar, Event


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def calendar_bytes(mail: EmailMessage) -> bytes | None:
    """The calendar part as it stands among the alternatives, which must be the file's too."""
    inline = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    files = list(mail.iter_attachments())
    if not inline:
        assert not files
        return None
    (part,), (file,) = inline, files
    content: bytes = part.get_payload(decode=True)
    assert file.get_filename() == "invite.ics"
    assert file.get_payload(decode=True) == content
    return content


def method_of(mail: EmailMessage) -> str | None:
    """The method that the mail's own headers give its calendar part."""
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            return str(part.get_param("method"))
    return None


def entry_of(mail: EmailMessage) -> tuple[Calendar, Event]:
    """The calendar part read back, and its only entry."""
    content = calendar_bytes(mail)
    assert content is not None
    calendar = Calendar.from_ical(content)
    assert calendar["METHOD"] == method_of(mail)
    (event,) = calendar.walk("VEVENT")
    return calendar, event
