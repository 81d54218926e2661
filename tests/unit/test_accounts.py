"""Accounts and the one-time link to the first administrator."""

from datetime import timedelta

import pytest
from flask_security import verify_password
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub import clock
from hub.enums import StaffRole
from hub.exceptions import InvalidInput, WrongState
from hub.extensions import db
from hub.models import Invitation, Membership, User
from hub.policies import is_admin
from hub.services.accounts import (
    accept_invitation,
    create_user,
    has_administrator,
    invite_administrator,
    open_invitation,
)
from hub.transaction import unit_of_work
from tests.factories import PASSWORD, make_user

ADA = {"email": "ada@example.com", "name": " Ada ", "password": PASSWORD, "language": "zh"}


def invite() -> str:
    with unit_of_work():
        return invite_administrator()


def accept(token: str, **changes: str) -> User:
    with unit_of_work():
        return accept_invitation(token, **(ADA | changes))


def test_invitation_makes_the_first_administrator(db_session, now):
    assert not has_administrator()
    user = accept(invite())
    assert has_administrator()
    assert is_admin(user)
    assert (user.email, user.name, user.language, user.active) == (
        "ada@example.com",
        "Ada",
        "zh",
        True,
    )
    invitation = db.session.scalars(select(Invitation)).one()
    assert (invitation.used_at, invitation.used_by_id) == (now, user.id)


def test_only_a_hash_of_the_token_and_of_the_password_is_kept(db_session):
    token = invite()
    user = accept(token)
    kept = db.session.scalars(select(Invitation.token_hash)).one()
    assert token not in kept
    assert PASSWORD not in user.password
    assert verify_password(PASSWORD, user.password)
    assert not verify_password(PASSWORD + "!", user.password)


def test_invitation_opens_once(db_session):
    token = invite()
    assert open_invitation(token) is not None
    accept(token)
    assert open_invitation(token) is None
    with pytest.raises(WrongState):
        accept(token, email="eve@example.com")


@pytest.mark.parametrize("token", ["", "guess", "ä" * 24])
def test_unknown_token_opens_nothing(db_session, token):
    invite()
    assert open_invitation(token) is None
    with pytest.raises(WrongState):
        accept(token)


@pytest.mark.parametrize(("hours", "opens"), [(23.99, True), (24, False), (48, False)])
def test_invitation_expires_after_a_day(db_session, now, hours, opens):
    token = invite()
    with clock.fixed_at(now + timedelta(hours=hours)):
        assert (open_invitation(token) is not None) is opens


def test_new_invitation_ends_the_earlier_one(db_session):
    first, second = invite(), invite()
    assert open_invitation(first) is None
    assert open_invitation(second) is not None


def test_second_administrator_is_not_invited_this_way(db_session):
    accept(invite())
    with pytest.raises(WrongState):
        invite()


def test_invitation_is_void_once_there_is_an_administrator(db_session):
    token = invite()
    make_user("grace", role=StaffRole.ADMIN)
    with pytest.raises(WrongState):
        accept(token)


def test_refused_acceptance_leaves_the_invitation_open(db_session):
    make_user("ada")
    token = invite()
    with pytest.raises(InvalidInput) as refused:
        accept(token, email="ada@staff.example.com")
    assert refused.value.field == "email"
    assert accept(token).id


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@Example.com", "ａｄａ@example.com"])
def test_address_belongs_to_one_account(db_session, email):
    accept(invite())
    with pytest.raises(InvalidInput), unit_of_work():
        create_user(**(ADA | {"email": email}), role=StaffRole.STAFF)


def test_staff_belong_to_one_community_or_to_all(community):
    alice, sue = make_user("alice", community=community), make_user("sue")
    assert [m.community_id for m in alice.roles] == [community.id]
    assert [m.community_id for m in sue.roles] == [None]
    assert not is_admin(sue)
    assert [m.name for m in alice.roles] == ["staff"]


def test_database_refuses_an_administrator_of_one_community(community, alice):
    with pytest.raises(IntegrityError), unit_of_work():
        db.session.add(
            Membership(user_id=alice.id, role=StaffRole.ADMIN, community_id=community.id)
        )
