"""Accounts: the one-time link that makes the first administrator, and who belongs where."""

import unicodedata
import uuid
from datetime import timedelta
from typing import Any

from flask_security import hash_password
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from hub import clock
from hub.enums import ContactKind, StaffRole
from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.i18n import _l
from hub.integrations.contacts import fold
from hub.integrations.signing import new_token, token_hash
from hub.models import DoorHelper, Event, Invitation, Membership, SignUp, User
from hub.policies import can_manage_event, is_admin
from hub.services import audit

SET_UP_VALID = timedelta(hours=24)
INVITATION_VALID = timedelta(days=7)


def has_administrator() -> bool:
    """Whether anybody can run the site yet."""
    admins = select(Membership.id).where(Membership.role == StaffRole.ADMIN)
    return bool(db.session.scalar(select(admins.exists())))


def invite_administrator() -> str:
    """A one-time token for the set-up page, valid for 24 hours; earlier unused ones end.

    Raises WrongState when there is an administrator already.
    """
    if has_administrator():
        raise WrongState(_l("The site has an administrator already."))
    moment = clock.now()
    db.session.execute(
        update(Invitation)
        .where(Invitation.role == StaffRole.ADMIN, Invitation.used_at.is_(None))
        .values(expires_at=moment)
    )
    return _new_invitation(StaffRole.ADMIN, valid=SET_UP_VALID)[1]


def invite(
    role: StaffRole | None,
    *,
    by: User,
    community_id: int | None = None,
    event_id: int | None = None,
    email: str = "",
) -> tuple[Invitation, str]:
    """Invite somebody to a role, or with ``event_id`` to help at the door of one event.

    Returns the invitation and the token of its link, which is shown once and valid for a week.
    Administrators invite to every role, staff of a community to the doors of their events. Raises
    NotAllowed or InvalidInput.
    """
    if event_id is not None:
        event = db.session.get(Event, event_id)
        if role is not None or event is None or not can_manage_event(by, event):
            raise NotAllowed
    elif role is None or not is_admin(by):
        raise NotAllowed
    if role is not StaffRole.STAFF and community_id is not None:
        raise InvalidInput(_l("Only staff belong to one community."), field="community_id")
    invitation, token = _new_invitation(
        role, valid=INVITATION_VALID, community_id=community_id, event_id=event_id,
        email=fold(email), invited_by_id=by.id,
    )  # fmt: skip
    after: dict[str, object] = {"role": role, "community_id": community_id, "event_id": event_id}
    audit.record("invite", "invitation", invitation.id, by=by, after=after)
    return invitation, token


def revoke_invitation(invitation_id: int, *, by: User) -> None:
    """Make an unused link worthless. Raises NotAllowed or WrongState."""
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None:
        raise NotAllowed
    event = db.session.get(Event, invitation.event_id or 0)
    runs_event = event is not None and can_manage_event(by, event)
    if not (is_admin(by) or invitation.invited_by_id == by.id or runs_event):
        raise NotAllowed
    if invitation.used_at is not None or invitation.revoked_at is not None:
        raise WrongState(_l("This link has been used or has expired."))
    invitation.revoked_at = clock.now()
    audit.record("revoke", "invitation", invitation.id, by=by)


def open_invitation(token: str) -> Invitation | None:
    """The invitation that ``token`` opens, unless it is unknown, used, revoked or expired."""
    invitation = db.session.scalars(
        select(Invitation)
        .where(Invitation.token_hash == token_hash(token))
        .with_for_update(of=Invitation)
    ).first()
    if invitation is None or invitation.used_at or invitation.revoked_at:
        return None
    return invitation if invitation.expires_at > clock.now() else None


def accept_invitation(token: str, *, email: str, name: str, password: str, language: str) -> User:
    """Make the account that the invitation promises.

    Its address counts as confirmed if the invitation was written for it, or if it makes the
    first administrator. Raises WrongState or InvalidInput.
    """
    invitation = _usable(token)
    if invitation.email and fold(email) != invitation.email:
        raise InvalidInput(
            _l("This invitation was written for another e-mail address."), field="email"
        )
    if invitation.role is StaffRole.ADMIN and invitation.invited_by_id is None:
        if has_administrator():
            raise WrongState(_l("The site has an administrator already."))
        confirmed = True
    else:
        confirmed = bool(invitation.email)
    user = create_user(
        email=email, name=name, password=password, language=language, role=invitation.role,
        community_id=invitation.community_id, confirmed=confirmed,
    )  # fmt: skip
    _use(invitation, user)
    return user


def accept_invitation_as(token: str, user: User) -> None:
    """Take up an invitation with one's own account. Raises WrongState or InvalidInput."""
    invitation = _usable(token)
    if invitation.email and user.email != invitation.email:
        raise InvalidInput(_l("This invitation was written for another e-mail address."))
    if invitation.role is not None and not any(
        m.role is invitation.role and m.community_id == invitation.community_id for m in user.roles
    ):
        user.roles.append(Membership(role=invitation.role, community_id=invitation.community_id))
    _use(invitation, user)


def _usable(token: str) -> Invitation:
    invitation = open_invitation(token)
    if invitation is None:
        raise WrongState(_l("This link has been used or has expired."))
    return invitation


def _use(invitation: Invitation, user: User) -> None:
    moment = clock.now()
    invitation.used_at = moment
    invitation.used_by_id = user.id
    if invitation.event_id is not None:
        key = {"event_id": invitation.event_id, "user_id": user.id}
        if db.session.get(DoorHelper, key) is None:
            db.session.add(DoorHelper(**key, created_at=moment))
    db.session.flush()
    audit.record(
        "accept", "invitation", invitation.id, by=user,
        after={"role": invitation.role, "event_id": invitation.event_id},
    )  # fmt: skip


def _new_invitation(
    role: StaffRole | None, *, valid: timedelta, **values: Any
) -> tuple[Invitation, str]:
    token = new_token()
    moment = clock.now()
    invitation = Invitation(
        token_hash=token_hash(token),
        role=role,
        created_at=moment,
        expires_at=moment + valid,
        **values,
    )
    db.session.add(invitation)
    db.session.flush()
    return invitation, token


def create_user(
    *,
    email: str,
    name: str,
    password: str,
    language: str,
    role: StaffRole | None = None,
    community_id: int | None = None,
    confirmed: bool = True,
) -> User:
    """A person with an account, and a role if one is given.

    Raises InvalidInput when the address has an account.
    """
    address = fold(email)
    taken = InvalidInput(_l("There is an account with this address."), field="email")
    if db.session.scalars(select(User.id).where(User.email == address)).first() is not None:
        raise taken
    user = User(
        email=address,
        name=name.strip(),
        password=hash_password(unicodedata.normalize("NFKD", password)),  # as log-in reads it
        active=True,
        language=language,
        fs_uniquifier=uuid.uuid4().hex,
        created_at=clock.now(),
        confirmed_at=clock.now() if confirmed else None,
        roles=[Membership(role=role, community_id=community_id)] if role is not None else [],
    )
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError:  # somebody took it in the same moment
        raise taken from None
    if confirmed:
        join_sign_ups(user)
    audit.record(
        "create", "user", user.id, by=None, after={"role": role, "community_id": community_id}
    )
    return user


def join_sign_ups(user: User) -> None:
    """Bring sign-ups made with the account's confirmed address into it."""
    if user.confirmed_at is None:
        return
    db.session.execute(
        update(SignUp)
        .where(
            SignUp.contact_key == fold(user.email),
            SignUp.contact_kind == ContactKind.EMAIL,
            SignUp.user_id.is_(None),
            SignUp.erased_at.is_(None),
        )
        .values(user_id=user.id)
        .execution_options(synchronize_session=False)
    )
