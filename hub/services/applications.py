"""Applications to a programme, from the draft on: what the applicant does."""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import lazyload

from hub import clock
from hub.enums import ApplicationStatus, MessageKind, Programme, QuestionKind
from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.i18n import _l, in_language
from hub.models import Application, ApplicationMessage, Community, Question, User
from hub.policies import why_not_apply, why_not_submit, why_not_withdraw, why_not_write
from hub.queries.applications import asked_questions, open_application
from hub.queries.settings import reader_language, site_settings
from hub.services import audit
from hub.services.messages import queue_note
from hub.services.people import lock_user

MOST_WORDS = {QuestionKind.SHORT: 300, QuestionKind.LONG: 4000, QuestionKind.YES_NO: 3}
MESSAGE_LENGTH = 4000
YES_NO = ("yes", "no")


def save_draft(
    programme: Programme, community_id: int | None, language: str, *, by: User
) -> Application:
    """Begin an application of ``by``, or change where its draft wishes to serve.

    One that is sent already is given back as it is: a person has one open at a time. Raises
    InvalidInput or WrongState.
    """
    if community_id is not None and db.session.get(Community, community_id) is None:
        raise InvalidInput(_l("Choose one from the list."), field="community_id")
    lock_user(by)
    found = open_application(by, programme)
    if found is not None and found.status is not ApplicationStatus.DRAFT:
        return found
    if reason := why_not_apply(by, programme, site_settings().recruiting, clock.today()):
        raise WrongState(reason)
    application = found or _new_draft(programme, language, by)
    if application.status is ApplicationStatus.DRAFT:
        application.community_id, application.language = community_id, language
        application.changed_at = clock.now()
        db.session.flush()
        db.session.refresh(application, ["community"])
    return application


def save_answers(application_id: int, answers: Mapping[int, str], *, by: User) -> Application:
    """Keep what was typed so far; nothing is asked to be complete. ``answers`` by question.

    Raises NotAllowed, InvalidInput or WrongState.
    """
    application = _own(application_id, by)
    if reason := why_not_submit(application, site_settings().recruiting, clock.today()):
        raise WrongState(reason)
    draft = dict(application.draft)
    for question in asked_questions(application.programme):
        answer = answers.get(question.id, draft.get(str(question.id), "")).strip()
        if len(answer) > MOST_WORDS[question.kind]:
            raise InvalidInput(_l("This answer is too long."), field=f"question_{question.id}")
        if question.kind is QuestionKind.YES_NO and answer and answer not in YES_NO:
            raise InvalidInput(_l("Choose one from the list."), field=f"question_{question.id}")
        draft[str(question.id)] = answer
    application.draft, application.changed_at = draft, clock.now()
    db.session.flush()
    return application


def submit_application(application_id: int, *, by: User) -> Application:
    """Send the draft: the questions are kept as they were asked, with the answers.

    Raises NotAllowed, InvalidInput while something is missing, or WrongState.
    """
    application = _own(application_id, by)
    if reason := why_not_submit(application, site_settings().recruiting, clock.today()):
        raise WrongState(reason)
    questions = asked_questions(application.programme)
    if unanswered(application, questions):
        raise InvalidInput(_l("Answer every question that is not optional, then send it."))
    application.answers = [
        {
            "question_id": question.id,
            "kind": question.kind.value,
            "label": {code: text.label for code, text in question.texts.items()},
            "answer": application.draft.get(str(question.id), ""),
        }
        for question in questions
    ]
    application.draft = {}
    application.submitted_at = clock.now()
    move(application, ApplicationStatus.SUBMITTED, "submit", by=by)
    queue_note(
        MessageKind.APPLICATION_RECEIVED, by, application.id, programme=said_to(by, application)
    )
    return application


def write_to_staff(application_id: int, body: str, *, by: User) -> ApplicationMessage:
    """Say something about one's own application; what staff asked is answered with it.

    Raises NotAllowed, InvalidInput or WrongState.
    """
    application = _own(application_id, by)
    if reason := why_not_write(application):
        raise WrongState(reason)
    message = add_message(application, body, by=by, from_staff=False)
    if application.status is ApplicationStatus.INFO_REQUESTED:
        move(application, ApplicationStatus.UNDER_REVIEW, "answer", by=by)
    return message


def withdraw_application(application_id: int, *, by: User) -> Application:
    """Take one's own application back, sent or not. Raises NotAllowed or WrongState."""
    application = _own(application_id, by)
    if reason := why_not_withdraw(application):
        raise WrongState(reason)
    application.decided_at = clock.now()
    move(application, ApplicationStatus.WITHDRAWN, "withdraw", by=by)
    return application


def erase_applications_of(user: User) -> None:
    """Empty the applications of a person who is deleted: answers, drafts, conversations, reasons.

    What was open is withdrawn; the rows stay as numbers of the programme (rule 18).
    """
    own = select(Application).where(Application.user_id == user.id).options(lazyload("*"))
    for application in db.session.scalars(own.with_for_update(of=Application)).all():
        if application.status.is_open:
            application.decided_at = clock.day_start(clock.today())
            move(application, ApplicationStatus.WITHDRAWN, "withdraw", by=user)
        application.draft, application.answers, application.reason = {}, [], ""
        db.session.execute(
            delete(ApplicationMessage).where(ApplicationMessage.application_id == application.id)
        )
    db.session.flush()


# --- for this module and that of the staff ----------------------------------------------------


def unanswered(application: Application, questions: list[Question]) -> list[Question]:
    """The questions that must be answered before the draft can be sent."""
    return [q for q in questions if q.required and not application.draft.get(str(q.id))]


def lock_application(application_id: int) -> Application:
    """The application, read anew under a lock of its row."""
    return db.session.execute(
        select(Application)
        .where(Application.id == application_id)
        .options(lazyload("*"))
        .with_for_update(of=Application)
        .execution_options(populate_existing=True)
    ).scalar_one()


def add_message(
    application: Application, body: str, *, by: User, from_staff: bool
) -> ApplicationMessage:
    body = body.strip()
    if not body:
        raise InvalidInput(_l("Write your message first."), field="body")
    if len(body) > MESSAGE_LENGTH:
        raise InvalidInput(_l("At most 4,000 characters."), field="body")
    message = ApplicationMessage(
        application_id=application.id,
        author_id=by.id,
        from_staff=from_staff,
        body=body,
        at=clock.now(),
    )
    db.session.add(message)
    application.changed_at = clock.now()
    db.session.flush()
    return message


def move(
    application: Application, status: ApplicationStatus, action: str, *, by: User, reason: str = ""
) -> None:
    """Write the new state and the line of the audit trail (rule 6)."""
    before: dict[str, object] = {"status": application.status}
    application.status, application.changed_at = status, clock.now()
    db.session.flush()
    after: dict[str, object] = {"status": status}
    audit.record(
        action, "application", application.id, by=by, before=before, after=after, reason=reason
    )


def said_to(user: User, application: Application) -> str:
    """The name of the programme in the person's language."""
    with in_language(reader_language(user.language)):
        return str(application.programme.label)


def _own(application_id: int, by: User) -> Application:
    application = lock_application(application_id)
    if application.user_id != by.id:
        raise NotAllowed
    return application


def _new_draft(programme: Programme, language: str, by: User) -> Application:
    moment = clock.now()
    application = Application(
        user_id=by.id,
        programme=programme,
        status=ApplicationStatus.DRAFT,
        language=language,
        draft={},
        answers=[],
        created_at=moment,
        changed_at=moment,
    )
    try:
        with db.session.begin_nested():
            db.session.add(application)
    except IntegrityError:  # the index, behind the lock: somebody else was faster
        found = open_application(by, programme)
        if found is None:
            raise
        return found
    return application
