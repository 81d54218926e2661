"""The words of the audit trail about suggestions and surveys (hub/web/audit_sentences.py)."""

from hub.i18n import _


def voice_sentences() -> dict[tuple[str, str], str]:
    return {
        **{("suggestion", action): said for action, said in _about_suggestions().items()},
        ("response_template", "create"): _("Words for responses were made."),
        ("response_template", "update"): _("Words for responses were changed."),
        ("response_template", "delete"): _("Words for responses were deleted."),
    }


def _about_suggestions() -> dict[str, str]:
    return {
        "suggest": _("A suggestion was made."),
        "view": _("The page of a suggestion was opened."),
        "acknowledge": _("The suggestion was acknowledged."),
        "triage": _("The suggestion was assigned."),
        "start": _("Work on the suggestion began."),
        "ask": _("Its submitter was asked something."),
        "answer": _("Its submitter answered the question."),
        "refer": _("The suggestion was handed over."),
        "join": _("The suggestion was joined with another one."),
        "take_apart": _("The suggestion was taken apart from another one."),
        "write": _("A response was drafted."),
        "publish": _("The response was published."),
        "conclude": _("The suggestion was concluded."),
        "reopen": _("Its submitter opened the suggestion again."),
        "judge": _("Its submitter said whether it is done."),
        "translate": _("The texts of the suggestion were written."),
        "show": _("The suggestion was shown to all."),
        "hide": _("The suggestion was hidden."),
        "moderate": _("It was noted whether the suggestion may be shown."),
        "correct": _("The contact on the suggestion was corrected."),
        "allow_publishing": _("Its submitter allowed that it is shown."),
        "forbid_publishing": _("Its submitter does not want it to be shown any more."),
        "erase": _("The data of the suggestion were deleted."),
        "export": _("A copy of suggestions was given out."),
    }


def voice_subjects() -> dict[str, str]:
    return {
        "suggestion": _("Suggestion"),
        "response_template": _("Words for responses"),
    }


def voice_actions() -> dict[str, str]:
    return {
        "suggest": _("Suggestion made"),
        "acknowledge": _("Acknowledged"),
        "triage": _("Assigned"),
        "start": _("Work begun"),
        "refer": _("Handed over"),
        "join": _("Joined"),
        "take_apart": _("Taken apart"),
        "publish": _("Response published"),
        "conclude": _("Concluded"),
        "show": _("Shown to all"),
        "hide": _("Hidden"),
    }


def voice_facts() -> dict[str, str]:
    return {
        "category": _("Category"),
        "due_on": _("Answer due"),
        "outcome": _("Outcome"),
        "moderation": _("Fit to be shown"),
        "referred_to": _("Handed over to"),
        "verdict": _("Is it done?"),
    }
