"""The words of the audit trail: a sentence for each action, a label for each fact."""

from hub.enums import EventStatus
from hub.i18n import _
from hub.web.audit_messages import message_sentences
from hub.web.audit_talks import talk_actions, talk_facts, talk_sentences, talk_subjects
from hub.web.audit_voice import voice_actions, voice_facts, voice_subjects


def sentences() -> dict[tuple[str, str], str]:
    """By subject and action."""
    return {
        ("event", "create"): _("The draft was made."),
        ("event", "update"): _("The event was changed."),
        ("event", EventStatus.PUBLISHED.value): _("The event was published."),
        ("event", EventStatus.CANCELLED.value): _("The event was cancelled."),
        ("event", "remove_helper"): _("A helper was taken off the door."),
        ("series", "create"): _("A series of events was made."),
        ("sign_up", "sign_up"): _("A party signed up."),
        ("sign_up", "change_party_size"): _("A party changed its size."),
        ("sign_up", "promote"): _("A party moved up from the waiting list."),
        ("sign_up", "cancel"): _("A party cancelled."),
        ("sign_up", "release"): _("A party was released."),
        ("sign_up", "export"): _("A copy of a sign-up’s data was given out."),
        ("sign_up", "correct"): _("The data of a sign-up were corrected."),
        ("sign_up", "erase"): _("The data of a sign-up were deleted."),
        ("community", "create"): _("A community was made."),
        ("community", "update"): _("A community was changed."),
        ("community", "delete"): _("A community was deleted."),
        ("venue", "create"): _("A venue was made."),
        ("venue", "update"): _("A venue was changed."),
        ("appointment", "end"): _("An appointment ended early."),
        ("invitation", "invite"): _("An invitation was written."),
        ("invitation", "accept"): _("An invitation was taken up."),
        ("invitation", "revoke"): _("An invitation was revoked."),
        ("settings", "update"): _("The settings were changed."),
        **_about_duties(),
        ("audit", "export"): _("The audit trail was exported."),
        ("certificate", "issue"): _("A certificate was issued."),
        ("certificate", "superseded"): _("A certificate was replaced by a newer one."),
        ("certificate", "revoked"): _("A certificate was revoked."),
        ("inspection", "export"): _("An inspection pack was made."),
        ("site", "purge"): _("Data past their date were deleted."),
        **{("user", action): sentence for action, sentence in _about_people().items()},
        **{("service_record", action): said for action, said in _about_records().items()},
        ("activity", "create"): _("An activity was made."),
        ("activity", "update"): _("An activity was changed."),
        **_about_programmes(),
        **talk_sentences(),
        **message_sentences(),
    }


def _about_records() -> dict[str, str]:
    return {
        "measure": _("A record was made by check-in and check-out."),
        "submit": _("The record was sent for approval."),
        "back_enter": _("Staff entered the record."),
        "correct": _("A correction was sent for approval."),
        "approve": _("The record was approved."),
        "return": _("The record was returned for changes."),
        "reject": _("The record was rejected."),
        "void": _("The record was voided."),
        "supersede": _("The record was replaced by a correction."),
        "delete": _("A draft was deleted."),
    }


def _about_duties() -> dict[tuple[str, str], str]:
    return {
        ("duty", "create"): _("A duty was made."),
        ("duty", "update"): _("A duty was changed."),
        ("duty", "cancel"): _("A duty was cancelled."),
        ("assignment", "offer"): _("A duty was offered to somebody."),
        ("assignment", "take"): _("Somebody took a duty, or its waiting list."),
        ("assignment", "accept"): _("The offer of a duty was accepted."),
        ("assignment", "decline"): _("The offer of a duty was declined."),
        ("assignment", "withdraw_offer"): _("The offer of a duty was taken back."),
        ("assignment", "withdraw_request"): _("Somebody left the waiting list of a duty."),
        ("assignment", "promote"): _("Somebody moved up from the waiting list of a duty."),
        ("assignment", "release"): _("Somebody gave a duty back."),
        ("assignment", "take_off"): _("Somebody was taken off a duty."),
        ("assignment", "ask_swap"): _("Somebody looks for a person to take over a duty."),
        ("assignment", "keep"): _("Somebody keeps a duty after all."),
        ("assignment", "take_over"): _("A duty was taken over."),
        ("assignment", "check_in"): _("Somebody checked in to a duty."),
        ("assignment", "check_out"): _("Somebody checked out of a duty."),
        ("assignment", "confirm_end"): _("Staff entered when a duty ended."),
        ("assignment", "no_show"): _("Somebody did not come to a duty."),
    }


def _about_programmes() -> dict[tuple[str, str], str]:
    return {
        ("application", "submit"): _("An application was sent."),
        ("application", "start_review"): _("The review of an application began."),
        ("application", "ask"): _("A question about an application was asked."),
        ("application", "answer"): _("A question about an application was answered."),
        ("application", "approve"): _("An application was approved."),
        ("application", "decline"): _("An application was declined."),
        ("application", "withdraw"): _("An application was withdrawn."),
        ("appointment", "offer"): _("A term was offered."),
        ("appointment", "accept"): _("The offer of a term was accepted."),
        ("appointment", "decline"): _("The offer of a term was declined."),
        ("appointment", "resigned"): _("A person left their term early."),
        ("appointment", "revoked"): _("A term was revoked."),
        ("appointment", "suspend"): _("A term was suspended."),
        ("appointment", "resume"): _("A suspended term was resumed."),
        ("question", "create"): _("A question of the application form was written."),
        ("question", "update"): _("A question of the application form was changed."),
    }


def _about_people() -> dict[str, str]:
    return {
        "create": _("The account was made."),
        "view": _("The page of a person was opened."),
        "update_profile": _("The profile was changed."),
        "paper_seen": _("A paper was seen."),
        "give_role": _("A role was given."),
        "take_role": _("A role was taken away."),
        "give_consent": _("A consent was given."),
        "withdraw_consent": _("A consent was withdrawn."),
        "end_log_in": _("A log-in was ended."),
        "register": _("An account was registered."),
        "confirm_address": _("The e-mail address was confirmed."),
        "change_address": _("The e-mail address was changed."),
        "change_password": _("The password was changed."),
        "reset_password": _("A new password was chosen by mail."),
        "set_second_factor": _("A second step was set up."),
        "remove_second_factor": _("The second step was removed."),
        "reset_second_factor": _("An administrator reset the second step."),
        "add_passkey": _("A passkey was added."),
        "remove_passkey": _("A passkey was removed."),
        "appoint": _("An appointment was made."),
        "export": _("A copy of the person’s data was given out."),
        "correct": _("The person’s data were corrected."),
        "erase": _("The account was deleted."),
        "switch_off": _("A kind of message was switched off."),
        "switch_on": _("A kind of message was switched on again."),
    }


def subject_labels() -> dict[str, str]:
    return {
        "event": _("Event"),
        "series": _("Series"),
        "sign_up": _("Sign-up"),
        "community": _("Community"),
        "venue": _("Venue"),
        "user": _("Person"),
        "appointment": _("Appointment"),
        "invitation": _("Invitation"),
        "certificate": _("Certificate"),
        "inspection": _("Inspection pack"),
        "duty": _("Duty"),
        "assignment": _("Person on a duty"),
        "application": _("Application"),
        "question": _("Question of the form"),
        "settings": _("Settings"),
        "audit": _("Audit trail"),
        "site": _("The whole site"),
        "service_record": _("Service record"),
        "activity": _("Activity"),
        "message": _("Message"),
        "calendar_feed": _("Private calendar"),
        **talk_subjects(),
        **voice_subjects(),
    }


def action_labels() -> dict[str, str]:
    """What can be looked for, in the order of the menu."""
    return {
        "view": _("Looked at"),
        "create": _("Made"),
        "update": _("Changed"),
        "delete": _("Deleted"),
        EventStatus.PUBLISHED.value: _("Published"),
        EventStatus.CANCELLED.value: _("Cancelled"),
        "sign_up": _("Signed up"),
        "release": _("Released"),
        "issue": _("Issued"),
        "superseded": _("Replaced"),
        "revoked": _("Taken back"),
        "promote": _("Moved up"),
        "cancel": _("Withdrawn"),
        "invite": _("Invited"),
        "accept": _("Taken up"),
        "revoke": _("Revoked"),
        "give_role": _("Role given"),
        "take_role": _("Role taken away"),
        "remove_helper": _("Helper taken off"),
        "reset_second_factor": _("Second step reset"),
        "paper_seen": _("Paper seen"),
        "update_profile": _("Profile changed"),
        "give_consent": _("Consent given"),
        "withdraw_consent": _("Consent withdrawn"),
        "export": _("Exported"),
        "correct": _("Corrected"),
        "erase": _("Erased"),
        "purge": _("Purged"),
        "switch_off": _("Messages switched off"),
        "switch_on": _("Messages switched on"),
        "send_again": _("Message sent again"),
        **_labels_of_service(),
    }


def _labels_of_service() -> dict[str, str]:
    return {
        "offer": _("Offered"),
        "take": _("Duty taken"),
        "take_off": _("Taken off a duty"),
        "take_over": _("Duty taken over"),
        "no_show": _("Did not come"),
        "back_enter": _("Entered by staff"),
        "return": _("Returned"),
        "reject": _("Rejected"),
        "void": _("Voided"),
        "supersede": _("Replaced"),
        "submit": _("Sent"),
        "approve": _("Approved"),
        "decline": _("Declined"),
        "withdraw": _("Taken back"),
        "suspend": _("Suspended"),
        "resume": _("Resumed"),
        **talk_actions(),
        **voice_actions(),
    }


def papers() -> dict[str, str]:
    """The papers that the desk looks at (hub/services/people.py)."""
    return {
        "passport": _("Passport"),
        "student_card": _("Student card"),
        "residence_permit": _("Residence permit"),
        "work_permission": _("Permission to work or take part"),
    }


def fact_labels() -> dict[str, str]:
    """The facts that are shown; all others stay in the table."""
    return {
        "kind": _("Kind"),
        "community_id": _("Community"),
        "venue_id": _("Venue"),
        "event_id": _("Event"),
        "user_id": _("Person"),
        "starts_at": _("Starts"),
        "ends_at": _("Ends"),
        "capacity": _("Places"),
        "party_limit": _("Most people under one name"),
        "party_size": _("How many"),
        "has_waiting_list": _("Waiting list"),
        "visibility": _("Who sees it"),
        "titles": _("Title"),
        "status": _("State"),
        "slug": _("Short name"),
        "sessions": _("Sessions"),
        "role": _("Role"),
        "purpose": _("Consent"),
        "choice": _("Kind of message"),
        "paper": _("Paper"),
        "rows": _("Lines"),
        "since": _("From"),
        "until": _("Until"),
        "site_name": _("Name of the site"),
        "recording_unit": _("Recording unit"),
        "certificate_wording": _("Wording of the certificate"),
        "retention_days": _("Days until deletion"),
        "languages": _("Languages"),
        "second_factor_required": _("Second factor required"),
        "active": _("In use"),
        **talk_facts(),
        **voice_facts(),
        **_facts_of_service(),
    }


def _facts_of_service() -> dict[str, str]:
    return {
        "people_needed": _("People needed"),
        "minutes": _("Minutes"),
        "provenance": _("How the time is known"),
        "counts": _("Counts as service"),
        "recruiting": _("Programmes that take applications"),
        "programme": _("Programme"),
        "first_day": _("First day"),
        "last_day": _("Last day"),
        "ended_on": _("Last day"),
        "number": _("Number"),
    }
