"""What people want to be told: their own choice, which holds for everything sent from then on."""

from sqlalchemy import select

from hub.enums import MessageChoice
from hub.extensions import db
from hub.models import SignUp, SwitchedOff, User
from hub.policies import choices_of
from hub.services import audit


def choose_messages(user: User, wanted: set[MessageChoice], *, by: User | None) -> int:
    """Of what the person may choose, send ``wanted`` and nothing else; returns how many changed.

    ``by`` is None when the choice came through the link of a mail, without a log-in.
    """
    _lock(user)
    off = switched_off(user)
    changed = 0
    for choice in choices_of(user):
        if (choice in wanted) == (choice in off):
            _switch(user, choice, on=choice in wanted, by=by)
            changed += 1
    return changed


def switch_choice(user: User, choice: MessageChoice, *, on: bool, by: User | None) -> None:
    """Switch one kind on or off; what is so already stays so."""
    _lock(user)
    if on == (choice in switched_off(user)):
        _switch(user, choice, on=on, by=by)


def switch_reminders(sign_up_id: int, *, on: bool) -> None:
    """Whether the person of a sign-up is reminded of it, by their private link."""
    sign_up = db.session.get_one(SignUp, sign_up_id, populate_existing=True)
    if sign_up.reminders_off == (not on):
        return
    sign_up.reminders_off = not on
    db.session.flush()
    audit.record("switch_on" if on else "switch_off", "sign_up", sign_up_id, by=None)


def switched_off(user: User) -> set[MessageChoice]:
    """What the person does not want."""
    query = select(SwitchedOff.choice).where(SwitchedOff.user_id == user.id)
    return set(db.session.scalars(query))


def _switch(user: User, choice: MessageChoice, *, on: bool, by: User | None) -> None:
    row = db.session.get(SwitchedOff, (user.id, choice))
    if on and row is not None:
        db.session.delete(row)
    elif not on:
        db.session.add(SwitchedOff(user_id=user.id, choice=choice))
    db.session.flush()
    verb = "switch_on" if on else "switch_off"
    audit.record(verb, "user", user.id, by=by, after={"choice": choice})


def _lock(user: User) -> None:
    """Two sends of one form come one after the other: the second finds nothing to change."""
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())
