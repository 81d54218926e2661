"""Accounts: the one-time link that makes the first administrator, and who belongs where."""

import uuid
from datetime import timedelta

from flask_security import hash_password
from sqlalchemy import select, update

from hub import clock
from hub.enums import StaffRole
from hub.exceptions import InvalidInput, WrongState
from hub.extensions import db
from hub.i18n import _l
from hub.integrations.contacts import fold
from hub.integrations.signing import new_token, token_hash
from hub.models import Invitation, Membership, User
from hub.services import audit

SET_UP_VALID = timedelta(hours=24)


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
    token = new_token()
    db.session.add(
        Invitation(
            token_hash=token_hash(token),
            role=StaffRole.ADMIN,
            created_at=moment,
            expires_at=moment + SET_UP_VALID,
        )
    )
    return token


def open_invitation(token: str) -> Invitation | None:
    """The invitation that ``token`` opens, unless it is unknown, used or expired."""
    invitation = db.session.scalars(
        select(Invitation).where(Invitation.token_hash == token_hash(token)).with_for_update()
    ).first()
    if invitation is None or invitation.used_at is not None:
        return None
    return invitation if invitation.expires_at > clock.now() else None


def accept_invitation(token: str, *, email: str, name: str, password: str, language: str) -> User:
    """Make the account that the invitation promises. Raises WrongState or InvalidInput."""
    invitation = open_invitation(token)
    if invitation is None:
        raise WrongState(_l("This link has been used or has expired."))
    if invitation.role is StaffRole.ADMIN and has_administrator():
        raise WrongState(_l("The site has an administrator already."))
    user = create_user(
        email=email, name=name, password=password, language=language,
        role=invitation.role, community_id=invitation.community_id,
    )  # fmt: skip
    invitation.used_at = clock.now()
    invitation.used_by_id = user.id
    return user


def create_user(
    *,
    email: str,
    name: str,
    password: str,
    language: str,
    role: StaffRole,
    community_id: int | None = None,
) -> User:
    """A person with an account and one role. Raises InvalidInput when the address has one."""
    address = fold(email)
    if db.session.scalars(select(User.id).where(User.email == address)).first() is not None:
        raise InvalidInput(_l("There is an account with this address."), field="email")
    user = User(
        email=address,
        name=name.strip(),
        password=hash_password(password),
        active=True,
        language=language,
        fs_uniquifier=uuid.uuid4().hex,
        created_at=clock.now(),
        roles=[Membership(role=role, community_id=community_id)],
    )
    db.session.add(user)
    db.session.flush()
    audit.record(
        "create", "user", user.id, by=None, after={"role": role, "community_id": community_id}
    )
    return user
