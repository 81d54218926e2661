"""The words of the audit trail about messages, calendars and the voice of residents
(hub/web/audit_sentences.py)."""

from hub.i18n import _
from hub.web.audit_voice import voice_sentences


def message_sentences() -> dict[tuple[str, str], str]:
    return {
        ("sign_up", "switch_off"): _("Reminders of a sign-up were switched off."),
        ("sign_up", "switch_on"): _("Reminders of a sign-up were switched on again."),
        ("message", "send_again"): _("A message that did not arrive was queued again."),
        ("calendar_feed", "create"): _("A private calendar was made."),
        ("calendar_feed", "rotate"): _("A private calendar got a new address."),
        ("calendar_feed", "revoke"): _("A private calendar was removed."),
        ("calendar_feed", "end"): _("A private calendar ended with the role of its person."),
        **voice_sentences(),
    }
