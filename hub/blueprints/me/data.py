"""One's own data: see, take a copy, delete."""

from typing import Any

from flask import Response, flash, session, url_for
from flask_security import auth_required, logout_user

from hub.blueprints.me.routes import me, myself
from hub.i18n import _, _l
from hub.integrations.files import EVIDENCE, SUGGESTIONS, read
from hub.queries.privacy import data_of_user, evidence_of, requests_about
from hub.queries.public_suggestions import suggestions_of
from hub.queries.signups import coming_sign_ups
from hub.services.privacy import erase_user, note_export
from hub.web.access import account_only
from hub.web.changes import try_change
from hub.web.forms import ActionForm
from hub.web.htmx import render, see_other
from hub.web.own_data import zip_file

FRESH_MINUTES = 15

# Each table of the export in words, and what it is held for.
WORDS = {
    "account": (_l("Account"), _l("Your e-mail address, name and language, to log you in.")),
    "profile": (_l("Profile"), _l("What you told about yourself, to find duties that fit you.")),
    "languages": (_l("Languages"), _l("What you speak and write, and how well.")),
    "roles": (_l("Roles"), _l("What you may do on this site as staff.")),
    "appointments": (_l("Appointments"), _l("Your terms as an assistant or a lecturer.")),
    "skills": (_l("Skills"), _l("What you can do besides languages, to find fitting duties.")),
    "duties": (_l("Duties"), _l("Duties you were offered, asked for or took, and when you came.")),
    "suspensions": (_l("Suspensions"), _l("Days on which a term of yours did not hold, and why.")),
    "applications": (
        _l("Applications"),
        _l("What you wrote to become an assistant or a lecturer."),
    ),
    "application_messages": (
        _l("Conversations"),
        _l("What you and the staff wrote about your applications."),
    ),
    "qualifications": (_l("Qualifications"), _l("The topics you may speak about as a lecturer.")),
    "qualification_suspensions": (
        _l("Suspended qualifications"),
        _l("Days on which a qualification of yours did not hold, and why."),
    ),
    "assessments": (_l("Assessments"), _l("Your results after trainings, and who examined you.")),
    "study_records": (_l("Study hours"), _l("Trainings you came to. They never count as service.")),
    "training_invitations": (
        _l("Invitations to trainings"),
        _l("Trainings you were asked to come to, and whether you said no."),
    ),
    "absences": (_l("Days away"), _l("Days on which you cannot serve. No reason is kept.")),
    "certificates": (
        _l("Certificates"),
        _l("Certificates of your service, with the records that they count."),
    ),
    "consents": (_l("Consents"), _l("What you allowed or took back, when, and the text you read.")),
    "sign_ups": (_l("Sign-ups"), _l("Events you signed up for with your e-mail address.")),
    "log_ins": (_l("Log-ins"), _l("Devices that logged in, so that you can end them.")),
    "passkeys": (_l("Passkeys"), _l("The names of the passkeys you log in with.")),
    "papers_seen": (
        _l("Papers seen"),
        _l("That the desk saw a paper, who and when. No number and no copy is kept."),
    ),
    "service_records": (
        _l("Service records"),
        _l("What you did as a volunteer, to count your hours and to certify them."),
    ),
    "evidence": (_l("Pictures"), _l("Pictures that you sent with your service records.")),
    "talk_reports": (
        _l("Reports of talks"),
        _l("What you said after a law talk: how many came, who counted, your note."),
    ),
    "messages": (_l("Mails"), _l("That we wrote to you, and when; for 90 days, about what.")),
    "messages_off": (_l("Messages that you switched off"), _l("What you do not want to get.")),
    "suggestions": (
        _l("Suggestions"),
        _l("What you suggested with your account, to answer you."),
    ),
    "suggestion_entries": (
        _l("Conversations about suggestions"),
        _l("What the office asked about your suggestions, and what you wrote."),
    ),
    "backed_suggestions": (
        _l("Suggestions you stand behind"),
        _l("Where you said “me too” or which you follow."),
    ),
    "collected_suggestions": (
        _l("Suggestions you collected"),
        _l("Which suggestions you wrote down for somebody, and when. The words are theirs."),
    ),
    "calendars": (_l("Private calendars"), _l("Calendars that you subscribed to, by your names.")),
    "requests": (_l("Requests"), _l("When you copied or corrected your data here.")),
}


@me.get("/data")
@account_only
def data() -> Response:
    user = myself()
    held = [(*WORDS[table.name], len(table.rows)) for table in data_of_user(user)]
    return render(
        "me/data.html",
        user=user,
        held=held,
        requests=requests_about("user", user.id),
        form=ActionForm(),
    )


@me.post("/data/export")
@account_only
def export() -> Response:
    form, user = ActionForm(), myself()
    noted = try_change(form, lambda: note_export("user", user.id, by=user))
    if not noted.done:
        flash(_("This page was open for too long. Press the button again."), "warning")
        return see_other(url_for(".data"))
    user = myself()
    pictures = evidence_of(user)
    files = {f"evidence/{p.stored_name}": read(EVIDENCE, p.stored_name) for p in pictures}
    photos = [s.photo_name for s in suggestions_of(user) if s.photo_name is not None]
    files |= {f"suggestions/{name}": read(SUGGESTIONS, name) for name in photos}
    return zip_file(data_of_user(user), {n: body for n, body in files.items() if body is not None})


@me.route("/data/delete", methods=["GET", "POST"])
@account_only
@auth_required("session", within=FRESH_MINUTES, grace=0)
def delete() -> Response:
    user, form = myself(), ActionForm()
    gone: Any = try_change(form, lambda: erase_user(user))
    if gone.done:
        logout_user()
        session.clear()
        flash(_("Your account and what it held are deleted."), "success")
        return see_other(url_for("site.home"))
    coming = coming_sign_ups(user.id)
    return render("me/delete.html", None, gone.status, user=user, form=form, coming=coming)
