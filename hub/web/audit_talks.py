"""The words of the audit trail about lecturers and their talks (hub/web/audit_sentences.py)."""

from hub.i18n import _


def talk_sentences() -> dict[tuple[str, str], str]:
    return {
        ("topic", "create"): _("A topic of law talks was made."),
        ("topic", "update"): _("A topic of law talks was changed."),
        ("topic", "add_material"): _("A material was added."),
        ("topic", "replace_material"): _("A material was replaced by a new version."),
        ("topic", "change_material"): _("What stands about a material was changed."),
        ("topic", "withdraw_material"): _("A material was withdrawn."),
        ("talk_request", "ask"): _("Somebody asked for a talk."),
        ("talk_request", "plan"): _("A talk was planned for the request."),
        ("talk_request", "decline"): _("The request for a talk was declined."),
        ("talk_request", "withdraw"): _("The request for a talk was taken back."),
        ("talk_request", "correct"): _("The name on a request for a talk was corrected."),
        ("talk_request", "export"): _("A copy of a request for a talk was given out."),
        ("talk_request", "erase"): _("The data of a request for a talk were deleted."),
        ("training", "create"): _("It was said what a training teaches."),
        ("training", "update"): _("What a training teaches was changed."),
        ("training", "invite"): _("People were invited to a training."),
        ("training", "decline"): _("Somebody cannot come to a training."),
        ("sign_up", "came"): _("Somebody came to a training."),
        ("sign_up", "take_back_came"): _("That somebody came to a training was taken back."),
        ("assessment", "enter"): _("The result of an assessment was entered."),
        ("qualification", "grant"): _("A qualification was granted."),
        ("qualification", "suspend"): _("A qualification was suspended."),
        ("qualification", "resume"): _("A suspended qualification was resumed."),
        ("qualification", "revoke"): _("A qualification was revoked."),
        ("talk", "create"): _("A talk was planned."),
        ("talk", "update"): _("A talk was changed."),
        ("talk_plan", "create"): _("A series of talks was planned."),
        ("talk_plan", "update"): _("A series of talks was changed."),
        ("talk", "report"): _("A law talk was reported."),
        ("talk", "correct"): _("The report of a law talk was corrected."),
        ("talk_question", "settle"): _("A question from a talk was settled."),
        ("talk_question", "reopen"): _("A question from a talk was opened again."),
        ("coverage", "export"): _("A table of law talks was exported."),
        ("surveys", "export"): _("A table of survey results was exported."),
        ("assignment", "complete_by_report"): _("Somebody gave a talk, says its report."),
        ("service_record", "roster"): _("A record was made from the roster by a talk’s report."),
        ("service_record", "count"): _("The people served were taken from a talk’s report."),
    }


def talk_subjects() -> dict[str, str]:
    return {
        "topic": _("Topic"),
        "talk_request": _("Request for a talk"),
        "training": _("Training"),
        "assessment": _("Assessment"),
        "qualification": _("Qualification"),
        "talk": _("Law talk"),
        "talk_plan": _("Series of talks"),
        "talk_question": _("Question from a talk"),
        "coverage": _("Coverage of law talks"),
        "surveys": _("Survey results"),
    }


def talk_actions() -> dict[str, str]:
    return {
        "came": _("Came"),
        "enter": _("Result entered"),
        "grant": _("Granted"),
        "report": _("Reported"),
        "settle": _("Settled"),
        "reopen": _("Opened again"),
    }


def talk_facts() -> dict[str, str]:
    return {
        "result": _("Result"),
        "revoked_on": _("Does not hold from"),
        "school": _("School"),
        "expected": _("People expected"),
        "topics": _("Topics"),
        "target": _("People to reach"),
        "audience": _("For whom"),
        "version": _("Version"),
        "checked_on": _("Read through on"),
        "valid_until": _("Valid until"),
        "material": _("Material"),
        "language": _("Language"),
        "public": _("Public"),
        "people": _("How many people"),
        "reach": _("How many came, known by"),
        "reached": _("People reached"),
        "count_method": _("How it was counted"),
        "people_served": _("People served"),
        "format": _("Format"),
    }
