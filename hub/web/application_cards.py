"""Applications made ready to be read: a line of a list, the answers, the conversation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from hub import clock
from hub.enums import ApplicationStatus, Programme, QuestionKind
from hub.i18n import _, current_language, fallback_chain, language_name, ngettext
from hub.models import Application, ApplicationMessage, Profile, Question, User
from hub.web.filters import weekday_name

# The words of the addresses of the public pages.
SLUGS = {Programme.ASSISTANT: "assistants", Programme.LECTURER: "lecturers"}
# Which picture and colour of components/state_badge.html a state gets.
LOOKS = {
    ApplicationStatus.DRAFT: "draft",
    ApplicationStatus.SUBMITTED: "waiting",
    ApplicationStatus.UNDER_REVIEW: "open",
    ApplicationStatus.INFO_REQUESTED: "waiting",
    ApplicationStatus.APPROVED: "confirmed",
    ApplicationStatus.DECLINED: "cancelled",
    ApplicationStatus.WITHDRAWN: "closed",
}


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """One line of the desk's list."""

    id: int
    url: str
    name: str
    programme: str
    community: str
    look: str
    state: str
    waits: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A question as it was asked, and what was answered, in words."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a conversation. ``mine``: the reader's side wrote it."""

    who: str
    at: datetime
    body: str
    mine: bool


def application_row(application: Application) -> ApplicationRow:
    user = application.user
    return ApplicationRow(
        id=application.id,
        url=url_for("desk_applications.show", application_id=application.id),
        name=_("(deleted)") if user.erased_at else user.name,
        programme=str(application.programme.label),
        community=wished_community(application),
        look=LOOKS[application.status],
        state=str(application.status.label),
        waits=waits(application),
    )


def own_state(application: Application) -> str:
    """Where it stands, said to the applicant."""
    if application.status is ApplicationStatus.INFO_REQUESTED:
        return _("A question waits for you")
    return str(application.status.label)


def wished_community(application: Application) -> str:
    return application.community.name if application.community else _("Any community")


def waits(application: Application) -> str:
    """How long it has waited since it was sent; nothing once it is decided."""
    if application.submitted_at is None or not application.status.is_open:
        return ""
    days = (clock.today() - clock.to_local(application.submitted_at).date()).days
    if days == 0:
        return _("Since today")
    return ngettext("Waiting for %(num)d day", "Waiting for %(num)d days", days)


def answers_of(application: Application) -> list[Answer]:
    """The answers that were sent, the questions in the language of the page where they are."""
    return [_answer(entry) for entry in application.answers]


def draft_answers(application: Application, questions: list[Question]) -> list[Answer]:
    """The answers of a draft as they would be sent now."""
    return [
        Answer(q.text().label, answer_words(q.kind, application.draft.get(str(q.id), "")))
        for q in questions
    ]


def answer_words(kind: QuestionKind, answer: str) -> str:
    if kind is QuestionKind.YES_NO and answer:
        return _("Yes") if answer == "yes" else _("No")
    return answer


def conversation(messages: list[ApplicationMessage], *, from_staff: bool) -> list[Line]:
    """The conversation for the side that reads it; applicants read no names of staff."""
    return [
        Line(
            _writer(message, from_staff), message.at, message.body, message.from_staff is from_staff
        )
        for message in messages
    ]


def profile_facts(user: User, profile: Profile | None) -> list[tuple[str, str]]:
    """What an application shows of the profile: label and value, only what is filled in."""
    display = current_language()
    facts = [(_("Name"), user.name)]
    if profile is None:
        return facts
    spoken = ", ".join(
        language_name(row.language, display) + (f" ({row.oral.label})" if row.oral else "")
        for row in profile.languages
    )
    days = " · ".join(weekday_name(day) for day in range(7) if profile.weekdays >> day & 1)
    facts += [
        (_("Name as spoken"), profile.spoken_name),
        (_("School"), profile.school),
        (_("Languages"), spoken),
        (_("Free on"), days),
    ]
    return [(label, value) for label, value in facts if value]


def _writer(message: ApplicationMessage, for_staff: bool) -> str:
    if message.from_staff:
        return message.author.name if for_staff else _("The community")
    return message.author.name if for_staff else _("You")


def _answer(entry: dict[str, Any]) -> Answer:
    label = entry["label"]
    words = next((label[c] for c in fallback_chain(current_language()) if c in label), "")
    return Answer(words, answer_words(QuestionKind(entry["kind"]), entry["answer"]))
