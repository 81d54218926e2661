"""What a mail of each kind looks like, for the staff: from real rows, without private links."""

from datetime import timedelta
from email.message import EmailMessage

from markupsafe import escape
from sqlalchemy import and_, or_, select

from hub import clock
from hub.enums import AssessmentResult, ContactKind, MessageKind, MessageState, Programme
from hub.extensions import db
from hub.i18n import _, in_language, language_name
from hub.models import (
    Activity,
    Backer,
    Duty,
    Event,
    Message,
    SignUp,
    Suggestion,
    TalkRequest,
    Topic,
    User,
)
from hub.models.types import new_uid
from hub.policies import WORDS_KEPT
from hub.queries.duties import duties_managed_by
from hub.queries.events import managed_by
from hub.queries.message_log import newest_message
from hub.queries.settings import reader_language
from hub.queries.still_true import SUGGESTION_STATES
from hub.queries.suggestions import managed_suggestions
from hub.queries.talk_requests import handled_requests
from hub.web.mails import NothingToSay, write_mail
from hub.web.message_words import about_sign_ups
from hub.web.suggestion_mails import ABOUT_SUGGESTIONS, TO_BACKERS, TO_STAFF

K = MessageKind
DAY = timedelta(days=1)


def preview_mail(kind: MessageKind, user: User, language: str) -> EmailMessage | None:
    """The newest mail of ``kind`` that ``user`` may see, in ``language``; else one made of a row
    that fits. None if there is nothing to show yet. Nothing is written to the database."""
    message = _newest(kind, user, language) or _made_up(kind, user, language)
    if message is None:
        return None
    try:
        return write_mail(message, language=language, preview=True)
    except NothingToSay:
        return None


def html_of(mail: EmailMessage) -> str:
    """The mail as most programs show it: its HTML, or its text if it has none."""
    part = mail.get_body(("html",))
    if part is not None:
        return str(part.get_content())
    return f'<pre style="white-space: pre-wrap">{escape(plain_of(mail))}</pre>'


def plain_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()).strip() if part is not None else ""


def _newest(kind: MessageKind, user: User, language: str) -> Message | None:
    """What was sent to an account holds words in its reader's language: it serves only for that."""
    found = newest_message(user, kind)
    if found is None or found.state is MessageState.DROPPED:
        return None
    if found.created_at < clock.now() - WORDS_KEPT:
        return None
    if found.user is not None and reader_language(found.user.language) != language:
        return None
    return found


def _made_up(kind: MessageKind, user: User, language: str) -> Message | None:
    """A message that is never stored, to the staff themselves where it goes to an account."""
    now = clock.now()
    message = Message(kind=kind, facts={}, message_id=new_uid(), created_at=now, due_at=now)
    if kind in about_sign_ups():
        return _about_sign_up(message, user)
    if kind.value.startswith("talk_request"):
        query = select(TalkRequest).where(handled_requests(user), TalkRequest.erased_at.is_(None))
        asked = db.session.scalars(query.order_by(TalkRequest.id.desc()).limit(1)).first()
        if asked is None:
            return None
        message.talk_request, message.talk_request_id = asked, asked.id
        return message
    if kind in ABOUT_SUGGESTIONS:
        return _about_suggestion(message, user)
    return _to_account(message, user, language)


def _about_suggestion(message: Message, user: User) -> Message | None:
    """About the newest suggestion of the desk of which it can be said, and to somebody who gets
    mails."""
    here = select(Suggestion).where(managed_suggestions(user))
    if message.kind not in (*TO_STAFF, *TO_BACKERS):
        by_mail = and_(Suggestion.contact != "", Suggestion.contact_kind == ContactKind.EMAIL)
        here = here.where(or_(Suggestion.user_id.is_not(None), by_mail))
    states = SUGGESTION_STATES.get(message.kind)
    if states is not None:
        here = here.where(Suggestion.status.in_(states))
    if message.kind in TO_BACKERS:
        here = here.where(Suggestion.public)
    newest = here.where(Suggestion.erased_on.is_(None)).order_by(
        Suggestion.received_on.desc(), Suggestion.id
    )
    row = db.session.scalars(newest.limit(1)).first()
    if row is None:
        return None
    if message.kind in TO_STAFF:
        message.user, message.user_id, message.subject_id = user, user.id, row.id
    elif message.kind in TO_BACKERS:
        message.backer = Backer(id=0, suggestion=row, user=user, language=user.language)
    else:
        message.suggestion, message.suggestion_id = row, row.id
    return message


def _about_sign_up(message: Message, user: User) -> Message | None:
    query = select(SignUp).join(Event, Event.id == SignUp.event_id)
    query = query.where(managed_by(user), SignUp.erased_at.is_(None))
    sign_up = db.session.scalars(query.order_by(SignUp.id.desc()).limit(1)).first()
    if sign_up is None:
        return None
    message.sign_up, message.sign_up_id = sign_up, sign_up.id
    if message.kind is K.EVENT_CHANGED:
        start, end = sign_up.event.starts_at - DAY, sign_up.event.ends_at - DAY
        message.facts = {"old_start": start.isoformat(), "old_end": end.isoformat()}
    return message


def _to_account(message: Message, user: User, language: str) -> Message | None:
    """About the newest duty of the desk; for trainings and talks, about its newest event."""
    of_event = message.kind.value.startswith(("training_", "assessment_", "talk_"))
    duties = select(Duty).where(duties_managed_by(user)).order_by(Duty.id.desc())
    events = select(Event).where(managed_by(user)).order_by(Event.id.desc())
    thing: Duty | Event | None = (
        db.session.scalars(events.limit(1)).first()
        if of_event
        else db.session.scalars(duties.limit(1)).first()
    )
    if thing is None:
        return None
    message.user, message.user_id, message.subject_id = user, user.id, thing.id
    with in_language(language):
        message.facts = _facts(thing, language)
    return message


def _facts(thing: Duty | Event, language: str) -> dict[str, str]:
    """Whatever a template may ask for (hub/services), in ``language``."""
    start, end = clock.to_local(thing.starts_at), clock.to_local(thing.ends_at)
    today, later = clock.today(), clock.today() + 365 * DAY
    days = {
        **dict.fromkeys(("starts_on", "from_day", "since", "valid_from", "day"), today.isoformat()),
        **dict.fromkeys(("ends_on", "to_day", "until", "valid_until"), later.isoformat()),
    }
    activity = db.session.scalars(select(Activity).order_by(Activity.id).limit(1)).first()
    topic = db.session.scalars(select(Topic).order_by(Topic.id).limit(1)).first()
    return days | {
        "title": thing.text(language).title,
        "place": thing.venue.text(language).name,
        "community": thing.community.text(language).name,
        "starts_at": thing.starts_at.isoformat(),
        "ends_at": thing.ends_at.isoformat(),
        "old_starts_at": (thing.starts_at - DAY).isoformat(),
        "old_ends_at": (thing.ends_at - DAY).isoformat(),
        "when": f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}",
        "activity": activity.text(language).name if activity is not None else "–",
        "topic": topic.text(language).name if topic is not None else "–",
        "language": language_name(language, language),
        "programme": str(Programme.ASSISTANT.label),
        "result": str(AssessmentResult.PASSED.label),
        "reason": _("Here stands the reason that was given."),
        "minutes": "150",
        "records": "2",
        "asks": "yes",
        "why": "near",
        "note": "",
        "only_you": "",
    }
