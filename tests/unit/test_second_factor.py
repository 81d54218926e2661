"""An administrator takes a lost second step off an account."""

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import StaffRole
from hub.exceptions import InvalidInput, NotAllowed, OwnCase, WrongState
from hub.extensions import db
from hub.models import AuditEntry, LogIn, Passkey, User
from hub.services.log_ins import begin_log_in
from hub.services.second_factor import reset_second_factor
from hub.transaction import unit_of_work
from tests.accounts import account_mails, recovery_codes, set_up_app
from tests.factories import make_user
from tests.tables import dump


def add_passkey(user: User, name: str, usage: str) -> None:
    with unit_of_work():
        db.session.add(
            Passkey(
                user_id=user.id, credential_id=name.encode(), public_key=b"0", transports=[],
                backup_state=False, device_type="single_device", name=name, usage=usage,
                create_datetime=clock.now(), lastuse_datetime=clock.now(),
            )
        )  # fmt: skip


@pytest.fixture
def bob(db_session) -> User:
    """Has an app, codes, a passkey for each purpose, and two devices. Reads Chinese."""
    user = make_user("bob", role=None, language="zh")
    set_up_app(user)
    recovery_codes(user)
    for usage in ("first", "secondary"):
        add_passkey(user, usage, usage)
    with unit_of_work():
        begin_log_in(user, "Phone")
        begin_log_in(user, "Laptop")
    return user


def reset(user: User, by: User, reason: str = "The phone fell into the lake.") -> None:
    with unit_of_work():
        reset_second_factor(user, reason, by=by)


def test_everything_of_the_second_step_goes_and_the_rest_stays(bob, ada, now):
    password = bob.password
    reset(bob, ada)
    assert not (bob.tf_primary_method or bob.tf_totp_secret or bob.mf_recovery_codes)
    assert [p.usage for p in bob.webauthn] == ["first"]
    assert (bob.password, bob.active) == (password, True)
    ended = db.session.scalars(select(LogIn).where(LogIn.user_id == bob.id)).all()
    assert [row.ended_at for row in ended] == [now, now]


def test_passkey_of_the_second_step_alone_can_be_reset(ada):
    user = make_user(role=None)
    add_passkey(user, "key ring", "secondary")
    reset(user, ada)
    assert user.webauthn == []


def test_rule_06_who_and_why_stand_on_the_trail(bob, ada):
    reset(bob, ada)
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "reset_second_factor")
    ).one()
    assert (entry.subject_id, entry.actor_id) == (bob.id, ada.id)
    assert entry.reason == "The phone fell into the lake."


def test_rule_23_the_person_is_told_in_their_language(bob, ada):
    other = make_user(role=None)
    set_up_app(other)
    reset(bob, ada)
    reset(other, ada)
    (mail,), (english,) = account_mails(bob.email), account_mails(other.email)
    assert "second step" in english.subject and "second step" in english.body
    assert "lake" not in english.body
    assert mail.body.startswith("Bob，您好")


def test_rule_05_nobody_resets_their_own(ada):
    set_up_app(ada)
    before = dump()
    with pytest.raises(OwnCase):
        reset(ada, ada)
    assert dump() == before


def test_only_administrators_reset(bob, alice, sue):
    police = make_user(role=StaffRole.POLICE)
    before = dump()
    for user in (alice, sue, police):
        with pytest.raises(NotAllowed):
            reset(bob, user)
    assert dump() == before


@pytest.mark.parametrize("reason", ["", "  "])
def test_reason_is_required(bob, ada, reason):
    before = dump()
    with pytest.raises(InvalidInput) as error:
        reset(bob, ada, reason)
    assert error.value.field == "reason"
    assert dump() == before


def test_nothing_to_reset_is_refused_also_the_second_time(bob, ada):
    reset(bob, ada)
    for user in (bob, make_user(role=None)):
        before = dump()
        with pytest.raises(WrongState):
            reset(user, ada)
        assert dump() == before
