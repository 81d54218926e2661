"""Who says "me too" to a suggestion, or follows it: once a person, confirmed (rules 16, 18, 20)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hub import clock
from hub.enums import MessageKind
from hub.exceptions import InvalidInput, NotAllowed, WrongState
from hub.extensions import db
from hub.integrations.contacts import parse_contact
from hub.models import Backer, Message
from hub.queries.public_suggestions import me_too_count
from hub.queries.retention import past_their_date
from hub.services.backers import ask_to_back, back_suggestion, confirm_backing, tell_followers
from hub.services.privacy import erase_user
from hub.services.purge import purge_rows
from hub.transaction import unit_of_work
from tests.factories import make_user
from tests.voice_factories import make_public, make_suggestion

MINA = parse_contact("mina@example.com")


@pytest.fixture
def suggestion(alice):
    return make_public(make_suggestion(), alice)


@pytest.fixture
def rita(db_session):
    return make_user("rita", role=None)


def ask(suggestion, contact=MINA, **wishes):
    wanted = {"me_too": True, "follows": False} | wishes
    with unit_of_work():
        ask_to_back(suggestion.id, contact, language="en", **wanted)
    return backers()[-1]


def backers() -> list[Backer]:
    return list(db.session.scalars(select(Backer).order_by(Backer.id)))


def mails() -> list[MessageKind]:
    return list(db.session.scalars(select(Message.kind).order_by(Message.id)))


def test_account_counts_at_once_and_once(suggestion, rita):
    for _time in range(2):
        with unit_of_work():
            back_suggestion(suggestion.id, by=rita, me_too=True)
    assert me_too_count(suggestion.id) == 1
    with unit_of_work():
        back_suggestion(suggestion.id, by=rita, follows=True)
    with unit_of_work():
        back_suggestion(suggestion.id, by=rita, me_too=False)
    (row,) = backers()
    assert (row.me_too, row.follows) == (False, True)
    with unit_of_work():
        back_suggestion(suggestion.id, by=rita, follows=False)
    assert backers() == []


def test_rule_05_nobody_says_me_too_to_their_own(alice, rita):
    own = make_public(make_suggestion(user_id=rita.id, contact=""), alice)
    with pytest.raises(WrongState), unit_of_work():
        back_suggestion(own.id, by=rita, me_too=True)


def test_address_counts_once_it_is_confirmed_and_goes_if_only_me_too(suggestion):
    row = ask(suggestion)
    assert me_too_count(suggestion.id) == 0
    assert mails() == [MessageKind.SUGGESTION_CONFIRM]
    with unit_of_work():
        confirm_backing(row.id, me_too=True, follows=False)
    assert (me_too_count(suggestion.id), row.email) == (1, "")
    assert "mina" not in row.contact_key


def test_same_address_is_one_person_and_gets_one_mail_a_day(suggestion):
    ask(suggestion)
    ask(suggestion, parse_contact("MINA@Example.com"), follows=True)
    (row,) = backers()
    assert (row.me_too, row.follows) == (True, True)
    assert len(mails()) == 1
    with clock.fixed_at(clock.now() + timedelta(days=1)):
        ask(suggestion)
    assert len(mails()) == 2


def test_follower_hears_of_it_and_can_stop(suggestion, rita):
    row = ask(suggestion, follows=True)
    with unit_of_work():
        tell_followers(suggestion)
    assert MessageKind.SUGGESTION_NEWS not in mails()
    with unit_of_work():
        confirm_backing(row.id, me_too=True, follows=True)
        back_suggestion(suggestion.id, by=rita, follows=True)
    with unit_of_work():
        tell_followers(suggestion)
    assert mails().count(MessageKind.SUGGESTION_NEWS) == 2
    with unit_of_work():
        confirm_backing(row.id, me_too=False, follows=False)
    assert [b.user_id for b in backers()] == [rita.id]
    with pytest.raises(NotAllowed), unit_of_work():
        confirm_backing(row.id, me_too=True, follows=True)


def test_phone_or_no_wish_is_refused(suggestion):
    for contact, wishes, field in (
        (parse_contact("138 1234 5678"), {}, "contact"),
        (MINA, {"me_too": False}, "wishes"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            ask(suggestion, contact, **wishes)
        assert refusal.value.field == field


def test_rule_20_what_is_not_public_has_no_backers(db_session, rita):
    hidden = make_suggestion()
    with pytest.raises(NotAllowed):
        ask(hidden)
    with pytest.raises(NotAllowed), unit_of_work():
        back_suggestion(hidden.id, by=rita, me_too=True)


def test_rule_18_unconfirmed_go_after_a_week_and_addresses_with_them(suggestion):
    unconfirmed = ask(suggestion)
    confirmed = ask(suggestion, parse_contact("omar@example.com"))
    with unit_of_work():
        confirm_backing(confirmed.id, me_too=True, follows=False)
    asked_again = ask(suggestion, parse_contact("omar@example.com"))
    assert asked_again.email == "omar@example.com"
    with clock.fixed_at(clock.now() + timedelta(days=8)):
        ids = list(db.session.scalars(past_their_date()["backers"]))
        assert sorted(ids) == [unconfirmed.id, confirmed.id]
        with unit_of_work():
            assert purge_rows("backers", ids) == 2
    (row,) = backers()
    assert (row.id, row.email, me_too_count(suggestion.id)) == (confirmed.id, "", 1)


def test_rule_18_deleted_account_leaves_the_number(suggestion, rita, alice):
    other = make_public(make_suggestion(), alice)
    with unit_of_work():
        back_suggestion(suggestion.id, by=rita, me_too=True, follows=True)
        back_suggestion(other.id, by=rita, follows=True)
    with unit_of_work():
        erase_user(rita)
    (row,) = backers()
    assert (row.user_id, row.follows, me_too_count(suggestion.id)) == (None, False, 1)
