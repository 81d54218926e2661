"""Rights of people over their data (PIPL art. 44 to 50): copy, correct, erase.

Erasing keeps the numbers: a sign-up keeps its event, party, state and language, so every total
stays as it was (rule 18), and nothing in it leads to the person any more. What is erased carries
the day of it and no time, so that rows erased together are not told by it.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from flask import current_app
from sqlalchemy import CursorResult, String, delete, literal, or_, select, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import lazyload

from hub import clock
from hub.enums import ContactKind, EventStatus, RequestKind, SignUpStatus
from hub.exceptions import InvalidInput, WrongState
from hub.extensions import db
from hub.i18n import _l
from hub.models import (
    Absence,
    Assessment,
    Assignment,
    CalendarFeed,
    Consent,
    DataRequest,
    DoorHelper,
    Invitation,
    LogIn,
    Message,
    PaperSeen,
    Profile,
    Qualification,
    SignUp,
    SwitchedOff,
    TrainingInvitation,
    User,
)
from hub.policies import is_admin
from hub.services import audit
from hub.services.applications import erase_applications_of
from hub.services.appointments import end_terms_of
from hub.services.assignments import release_duties_of
from hub.services.certificates import erase_certificates_of
from hub.services.messages import forget_mails_to
from hub.services.people import ProfileData, active_administrators, lock_user, save_profile
from hub.services.record_removal import erase_records_of
from hub.services.seats import lock_event
from hub.services.signups import cancel_sign_up
from hub.services.suggestion_erasure import erase_suggestions_of


def note_request(kind: RequestKind, subject: str, subject_id: int) -> None:
    """Keep on record that a person used a right, and that it was fulfilled at once."""
    moment = clock.now()
    db.session.add(
        DataRequest(
            kind=kind,
            subject=subject,
            subject_id=subject_id,
            requested_at=moment,
            fulfilled_at=moment,
        )
    )


def note_export(subject: str, subject_id: int, *, by: User | None) -> None:
    """A person took a copy of their own data (rule 22: exports are logged with who and why)."""
    note_request(RequestKind.EXPORT, subject, subject_id)
    audit.record("export", subject, subject_id, by=by, after={"why": "own data"})


def correct_profile(user: User, data: ProfileData, *, by: User) -> Profile:
    """Write a person's own profile; changing what stood there is a correction on record.

    Raises NotAllowed or InvalidInput.
    """
    stood = db.session.get(Profile, user.id) is not None
    profile = save_profile(user, data, by=by)
    if stood:
        note_request(RequestKind.CORRECT, "user", user.id)
    return profile


def correct_sign_up(sign_up_id: int, name: str) -> SignUp:
    """Correct the name on a sign-up, through its private link. Raises InvalidInput or WrongState.

    The contact is not corrected: it decides who has signed up already (rule 2).
    """
    sign_up = db.session.execute(
        select(SignUp)
        .where(SignUp.id == sign_up_id)
        .options(lazyload("*"))
        .with_for_update(of=SignUp)
        .execution_options(populate_existing=True)
    ).scalar_one()
    if sign_up.erased_at is not None:
        raise WrongState(_l("This data has been deleted already."))
    if not name.strip():
        raise InvalidInput(_l("Enter your name."), field="name")
    sign_up.name = name.strip()
    note_request(RequestKind.CORRECT, "sign_up", sign_up_id)
    audit.record("correct", "sign_up", sign_up_id, by=None)
    db.session.flush()
    return sign_up


def erase_sign_up(sign_up_id: int) -> None:
    """Erase the person from a sign-up, at their wish; a place they cannot use goes to the queue.

    Raises WrongState if it was erased before.
    """
    event_id = db.session.scalars(select(SignUp.event_id).where(SignUp.id == sign_up_id)).one()
    lock_event(event_id)
    sign_up = db.session.get_one(SignUp, sign_up_id, populate_existing=True)
    if sign_up.erased_at is not None:
        raise WrongState(_l("This data has been deleted already."))
    _give_up_place(sign_up)
    erase_rows([sign_up_id])
    note_request(RequestKind.DELETE, "sign_up", sign_up_id)
    audit.record("erase", "sign_up", sign_up_id, by=None)
    db.session.flush()


def erase_user(user: User) -> None:
    """Delete an account at its owner's wish: the row stays as a number, empty of the person.

    Locks as sign-ups do, events before the account, so that neither waits for the other for
    ever. Raises WrongState for the last administrator, and when it was done already.
    """
    if is_admin(user) and active_administrators() <= 1:
        raise WrongState(_l("This is the last administrator. Make somebody else one first."))
    booked = _sign_ups_of(user.id)
    for event_id in dict.fromkeys(event_id for event_id, _sign_up_id in booked):
        lock_event(event_id)
    release_duties_of(user)
    lock_user(user)
    if user.erased_at is not None:
        raise WrongState(_l("This data has been deleted already."))
    if _sign_ups_of(user.id) != booked:
        raise WrongState
    for _event_id, sign_up_id in booked:
        _give_up_place(db.session.get_one(SignUp, sign_up_id))
    erase_rows([sign_up_id for _event_id, sign_up_id in booked])
    erase_applications_of(user)
    end_terms_of(user)
    erase_records_of(user)
    erase_suggestions_of(user)
    empty_account(user)
    audit.record("erase", "user", user.id, by=user)
    note_request(RequestKind.DELETE, "user", user.id)
    db.session.flush()


def erase_rows(sign_up_ids: Sequence[int]) -> int:
    """Empty sign-ups of the person, and the outbox of mails to them; how many there were.

    The code still opens the ticket, which says that it is empty.
    """
    db.session.flush()
    erased = update(SignUp).where(SignUp.id.in_(sign_up_ids), SignUp.erased_at.is_(None))
    result = db.session.execute(
        erased.values(
            name="",
            contact_kind=ContactKind.EMAIL,
            contact="",
            contact_key=literal("erased-").concat(sql_cast(SignUp.id, String)),
            release_reason="",
            reminders_off=False,
            user_id=None,
            erased_at=clock.day_start(clock.today()),
        ).execution_options(synchronize_session=False)
    )
    db.session.execute(
        delete(Message)
        .where(Message.sign_up_id.in_(sign_up_ids))
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()
    return cast("CursorResult[Any]", result).rowcount


def gives_up_place(sign_up: SignUp, now: datetime) -> bool:
    """Whether deleting the person cancels their place: what they will not use goes to the queue;
    nobody who is or was there disappears from the figures."""
    event = sign_up.event
    if event.status is EventStatus.CANCELLED or event.has_ended(now):
        return False
    if sign_up.status is SignUpStatus.WAITLISTED:
        return True
    return sign_up.status is SignUpStatus.CONFIRMED and not event.has_started(now)


def _give_up_place(sign_up: SignUp) -> None:
    if gives_up_place(sign_up, clock.now()):
        cancel_sign_up(sign_up.id, tell=False)


def _sign_ups_of(user_id: int) -> list[tuple[int, int]]:
    """(event, sign-up) of the account, in the order in which events are locked."""
    query = (
        select(SignUp.event_id, SignUp.id)
        .where(SignUp.user_id == user_id, SignUp.erased_at.is_(None))
        .order_by(SignUp.event_id, SignUp.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def empty_account(user: User) -> None:
    """Nothing of the person stays, and no device stays logged in."""
    # A study record stays for the totals: hours and a day, not a word about the person.
    lecturing = (Qualification, Assessment, TrainingInvitation, Absence)
    gone = (Consent, PaperSeen, LogIn, DoorHelper, SwitchedOff, CalendarFeed)
    for table in (*gone, *lecturing):
        db.session.execute(delete(table).where(table.user_id == user.id))
    forget_mails_to(user.email)
    db.session.execute(delete(Message).where(Message.user_id == user.id))
    words = update(Assignment).where(Assignment.user_id == user.id)
    db.session.execute(words.values(end_reason="", override_reason=""))
    own = or_(Invitation.email == user.email, Invitation.used_by_id == user.id)
    unused = Invitation.used_at.is_(None) & Invitation.revoked_at.is_(None)
    db.session.execute(update(Invitation).where(own, unused).values(revoked_at=clock.now()))
    db.session.execute(update(Invitation).where(own).values(email=""))
    if (profile := db.session.get(Profile, user.id)) is not None:
        db.session.delete(profile)
    erase_certificates_of(user)
    user.roles.clear()
    user.webauthn.clear()
    user.email = f"erased-{user.id}@erased.invalid"
    user.name, user.password, user.active = "", "", False
    user.language = current_app.config["LANGUAGE_CODES"][0]
    user.fs_uniquifier = uuid.uuid4().hex
    user.us_totp_secrets = user.tf_primary_method = user.tf_totp_secret = None
    user.mf_recovery_codes = user.fs_webauthn_user_handle = None
    user.erased_at = clock.day_start(clock.today())
