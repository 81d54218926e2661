"""Emptying suggestions of their person: at their wish, with their account, or by the purge.

What the office counts stays: category, community, dates and what came of it (rule 18).
"""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, delete, literal, select, update
from sqlalchemy import String as SqlString
from sqlalchemy import cast as sql_cast

from hub import clock
from hub.enums import ContactKind, SuggestionEntryKind, SuggestionIdentity
from hub.extensions import db
from hub.integrations.files import SUGGESTIONS
from hub.integrations.workdays import add_working_days, working_days_between
from hub.models import Backer, Message, Suggestion, User
from hub.services.files import drop_file

BY_SUBMITTER = (
    SuggestionEntryKind.ANSWER,
    SuggestionEntryKind.REOPENED,
    SuggestionEntryKind.VERDICT,
)


def empty_suggestion(row: Suggestion, *, with_original: bool) -> None:
    """Take the person out of ``row``; with their words it is not shown to anybody any more."""
    go_on(row)
    row.user_id, row.name, row.contact, row.contact_kind = None, "", "", ContactKind.EMAIL
    row.code, row.claim_hash = None, None
    if row.photo_name is not None:
        drop_file(SUGGESTIONS, row.photo_name)
    row.photo_name, row.photo_public = None, False
    for entry in row.entries:
        if entry.kind in BY_SUBMITTER:
            entry.text = ""
    if with_original:
        row.original, row.place = "", ""
        row.text_digest = f"erased-{row.id}"
        row.texts.clear()
        row.public, row.may_publish = False, False
    row.erased_on = clock.today()
    db.session.flush()
    forget_mails([row.id])


def go_on(row: Suggestion) -> None:
    """The clock runs again: what is due moves by the working days for which it stood."""
    if row.paused_on is not None and row.due_on is not None:
        stood = working_days_between(row.paused_on, clock.today())
        row.due_on = add_working_days(row.due_on, stood)
    row.paused_on = None


def erase_suggestions_of(user: User) -> None:
    """With an account: its suggestions are nobody's then; their words stay, as the page that asks
    says. Somebody less stands behind none: the number stays, without the person."""
    own = select(Suggestion).where(Suggestion.user_id == user.id).order_by(Suggestion.id)
    for row in db.session.scalars(own.with_for_update(of=Suggestion)).unique():
        empty_suggestion(row, with_original=False)
    backing = Backer.user_id == user.id
    db.session.execute(delete(Backer).where(backing, Backer.me_too.is_(False)))
    number = literal("erased-").concat(sql_cast(Backer.id, SqlString))
    mails = delete(Message).where(Message.backer_id.in_(select(Backer.id).where(backing)))
    db.session.execute(mails.execution_options(synchronize_session=False))
    db.session.execute(
        update(Backer)
        .where(backing)
        .values(user_id=None, contact_key=number, email="", follows=False)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()


def forget_contacts(ids: Sequence[int]) -> int:
    """Empty names and contacts of suggestions that were concluded long ago; how many there were.
    Their claim code and private link still open them."""
    result = db.session.execute(
        update(Suggestion)
        .where(Suggestion.id.in_(ids), Suggestion.concluded_on.is_not(None))
        .values(
            name="",
            contact="",
            contact_kind=ContactKind.EMAIL,
            identity=SuggestionIdentity.CODE,
        )
        .execution_options(synchronize_session=False)
    )
    forget_mails(ids)
    return cast("CursorResult[Any]", result).rowcount


def forget_backers(ids: Sequence[int]) -> int:
    """Those that nobody confirmed go, and the addresses of those who only say "me too"; how many
    there were."""
    chosen = Backer.id.in_(ids)
    only_me_too = chosen & Backer.confirmed_on.is_not(None) & Backer.follows.is_(False)
    emptied = update(Backer).where(only_me_too).values(email="")
    gone = delete(Backer).where(chosen, Backer.confirmed_on.is_(None))
    done = 0
    for statement in (emptied, gone):
        unsynced = statement.execution_options(synchronize_session=False)
        done += cast("CursorResult[Any]", db.session.execute(unsynced)).rowcount
    return done


def forget_mails(ids: Sequence[int]) -> None:
    """Mails to whoever made these suggestions go, sent or not."""
    db.session.execute(
        delete(Message)
        .where(Message.suggestion_id.in_(ids))
        .execution_options(synchronize_session=False)
    )
